//! Builds a new generation from the intact documents of a damaged generation, and from the source files of the damaged
//! documents.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use super::{
    check::{Corruption, check},
    salvage::Salvage,
};
use crate::{
    error::{Error, Result},
    index::{
        IndexOptions, schema,
        statistics::IndexStats,
        storage::{IndexHandle, generation},
        stored::{DocumentRecord, Source},
        update::{
            PreparedOptions, Progress, SourceFile, Update, UpdateOptions, read_files_again,
            source_path,
        },
        write::IndexWriter,
    },
};

/// Result of a repair.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Repair {
    /// Number of documents that the repair copied from the damaged index.
    pub copied: u64,
    /// Report of the source files that the repair read again.
    pub update: Update,
    /// Documents, source files and entries of the damaged index that are missing from the new index.
    pub lost: Vec<Corruption>,
    /// Size of the new index.
    pub stats: IndexStats,
}

/// Repairs the index in `dir`: copies the intact documents, and reads the damaged documents again from their source
/// files. The damaged index stays in use until the new index is complete. Returns `None` if the index is sound.
///
/// # Errors
///
/// See [`Index::repair`](crate::Index::repair).
pub(in crate::index) fn repair(
    dir: &Path,
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Option<Repair>> {
    if check(dir)?.is_sound() {
        return Ok(None);
    }
    let damaged_generation = generation::folder(dir, generation::latest_generation_number(dir)?);
    let given_fields = || IndexOptions::from(options.fields.clone().unwrap_or_default());
    let index_options = IndexHandle::open(dir)
        .map_or_else(|_| given_fields(), |handle| handle.generation().options());
    let mut writer = IndexWriter::rebuild(dir, index_options)?;
    let (salvage, copied_documents) = copy_intact_documents(&damaged_generation, &writer)?;
    if salvage.readable_entry_count == 0 {
        return Err(Error::Damaged {
            path: dir.to_owned(),
            detail: "no entry of it can be read".to_owned(),
        });
    }
    let (complete_sources, incomplete_sources) =
        copied_documents.split_sources_by_completeness(&salvage);
    for source in complete_sources {
        writer.add_source(source)?;
    }
    writer.commit_local_index()?;
    let options = PreparedOptions::with_recognition(options, &writer)?;
    let (unread_files, mut lost) =
        files_to_read_again(incomplete_sources, &salvage, &options.fingerprint);
    let update = read_files_again(&mut writer, &unread_files, &options, progress)?;
    if update.stopped {
        return Err(Error::Stopped("before the new index was complete: the old one stays in use"));
    }
    writer.commit_local_index()?;
    lost.extend(lost_documents(&writer, &salvage)?);
    lost.extend(lost_entries(&writer, &salvage));
    let stats = writer.commit()?;
    Ok(Some(Repair { copied: copied_documents.ids.len() as u64, update, lost, stats }))
}

/// Copies the intact documents of a damaged generation. If several documents have the same id, copies only the first
/// document.
fn copy_intact_documents(
    folder: &Path,
    writer: &IndexWriter,
) -> Result<(Salvage, CopiedDocuments)> {
    let mut copied_documents = CopiedDocuments::default();
    let (_, fields) = schema::schema();
    let salvage = Salvage::read(folder, fields, |record, passages| {
        if copied_documents.add(record) { writer.copy_document(record, passages) } else { Ok(()) }
    })?;
    Ok((salvage, copied_documents))
}

/// Returns the source files to read again, and the lost source files. `fingerprint` identifies the current options. A
/// source file that was indexed with other options is lost, because reading it with the current options would give
/// different documents.
fn files_to_read_again(
    incomplete_sources: BTreeMap<String, Option<&Source>>,
    salvage: &Salvage,
    fingerprint: &str,
) -> (Vec<SourceFile>, Vec<Corruption>) {
    let (mut files_to_read_again, mut lost_files) = (Vec::new(), Vec::new());
    for (path, source) in incomplete_sources {
        match source {
            Some(source) if source.options != fingerprint => lost_files.push(Corruption {
                item: path,
                detail: "was indexed with different metadata options or a different field mapping: run the repair with the options of that run"
                    .to_owned(),
            }),
            _ => files_to_read_again.push(SourceFile {
                root: root_of_file(&path, source, salvage),
                path: source_path::decode(&path),
            }),
        }
    }
    for (id, _) in salvage.incomplete_documents.iter().filter(|(_, source)| source.is_empty()) {
        let file = file_of_document(id, salvage);
        files_to_read_again.extend(
            file.filter(|file| files_to_read_again.iter().all(|other| other.path != file.path)),
        );
    }
    (files_to_read_again, lost_files)
}

/// Returns the incomplete documents that the repair could not read again from a source file.
fn lost_documents(writer: &IndexWriter, salvage: &Salvage) -> Result<Vec<Corruption>> {
    let mut lost_documents = Vec::new();
    for (id, source) in &salvage.incomplete_documents {
        if writer.source_of(id)?.is_none() {
            let detail = match source.as_str() {
                "" => "is damaged, and its source file is unknown".to_owned(),
                source => format!("is damaged, and {source} no longer contains it"),
            };
            lost_documents.push(Corruption { item: id.clone(), detail });
        }
    }
    Ok(lost_documents)
}

/// Returns the losses that belong to no known document: the number of unreadable entries, and delete bitsets that could
/// not be read.
fn lost_entries(writer: &IndexWriter, salvage: &Salvage) -> Vec<Corruption> {
    let mut losses = Vec::new();
    let (old_entry_count, new_entry_count) =
        (salvage.readable_entry_count + salvage.unreadable_entry_count, writer.entry_count());
    if new_entry_count < old_entry_count {
        losses.push(Corruption {
            item: format!("{} of {old_entry_count} entries", old_entry_count - new_entry_count),
            detail:
                "could not be read: an update with the same folders indexes the missing files; \
                     documents from standard input or HTTP are lost"
                    .to_owned(),
        });
    }
    if salvage.has_unreadable_delete_bitset {
        losses.push(Corruption {
            item: "deletions".to_owned(),
            detail: "the list of deleted documents could not be read: deleted documents may have reappeared".to_owned(),
        });
    }
    losses
}

/// Documents that were copied from the damaged index.
#[derive(Default)]
struct CopiedDocuments {
    ids: BTreeSet<String>,
    /// Number of copied documents, by path of the source file.
    count_by_source: BTreeMap<String, u32>,
}

impl CopiedDocuments {
    /// Adds a document. Returns `false` if a document with this id was added before.
    fn add(&mut self, record: &DocumentRecord) -> bool {
        let is_new = self.ids.insert(record.id.clone());
        if is_new && !record.source.is_empty() {
            *self.count_by_source.entry(record.source.clone()).or_default() += 1;
        }
        is_new
    }

    /// Splits the source files into complete and incomplete files. All documents of a complete file were copied.
    /// Returns the records of the complete files, and the records of the incomplete files by path. A record is `None`
    /// if the damaged index contains no readable record of the file.
    fn split_sources_by_completeness<'a>(
        &self,
        salvage: &'a Salvage,
    ) -> (Vec<&'a Source>, BTreeMap<String, Option<&'a Source>>) {
        let is_complete = |source: &&Source| {
            self.count_by_source.get(&source.path).copied().unwrap_or(0) == source.documents
        };
        let (complete_sources, incomplete_sources): (Vec<_>, Vec<_>) =
            salvage.sources.iter().partition(is_complete);
        let mut incomplete_sources: BTreeMap<String, Option<&Source>> = incomplete_sources
            .into_iter()
            .map(|source| (source.path.clone(), Some(source)))
            .collect();
        let recorded_paths: BTreeSet<&str> =
            salvage.sources.iter().map(|source| source.path.as_str()).collect();
        let paths_in_documents =
            self.count_by_source.keys().chain(salvage.incomplete_documents.values());
        let unrecorded_paths = paths_in_documents
            .filter(|path| !path.is_empty() && !recorded_paths.contains(path.as_str()));
        incomplete_sources.extend(unrecorded_paths.map(|path| (path.clone(), None)));
        (complete_sources, incomplete_sources)
    }
}

/// Returns the file from which the document `id` was probably read, for a document whose record and whose source record
/// are unreadable. The id of a document begins with the path of its file below a root. So this function looks for the
/// file below each root in a readable source record. `None` if no root contains such a file.
fn file_of_document(id: &str, salvage: &Salvage) -> Option<SourceFile> {
    let relative_path = Path::new(id);
    let is_below_root =
        relative_path.components().all(|component| matches!(component, Component::Normal(_)));
    if !is_below_root {
        return None;
    }
    let roots: BTreeSet<&str> = salvage.sources.iter().map(|source| source.root.as_str()).collect();
    roots.into_iter().map(source_path::decode).find_map(|root| {
        let path = relative_path
            .ancestors()
            .filter(|ancestor| !ancestor.as_os_str().is_empty())
            .map(|ancestor| root.join(ancestor))
            .find(|path| path.is_file())?;
        Some(SourceFile { path, root })
    })
}

/// Returns the root of the source file `path`. If the record `source` of the file is readable, the record states the
/// root. Otherwise, the root is the deepest root in the other source records that contains the file, or the file itself
/// if no root contains the file.
fn root_of_file(path: &str, source: Option<&Source>, salvage: &Salvage) -> PathBuf {
    if let Some(source) = source {
        return source_path::decode(&source.root);
    }
    let path = source_path::decode(path);
    let roots = salvage.sources.iter().map(|source| source_path::decode(&source.root));
    let deepest_root =
        roots.filter(|root| path.starts_with(root)).max_by_key(|root| root.as_os_str().len());
    deepest_root.unwrap_or(path)
}
