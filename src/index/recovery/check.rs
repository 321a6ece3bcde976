//! Finds damage: compares files with their checksums, documents with their hashes, and records with each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Serialize;
use tantivy::DocAddress;

use crate::{
    error::{Error, Result, catch_panic},
    index::{
        lookup::{self, RecordReader},
        schema,
        storage::{
            IndexHandle, Snapshot, checksum, generation, pinned_commit::PinnedCommit,
            wrap_engine_error,
        },
        stored::{DocumentRecord, PassageRecord, Source, content_hash},
    },
};

/// Result of a check of an index for damage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// Number of files that the check read. All of these files belong to the last commit.
    pub files: u64,
    /// Total size in bytes of the files that the check read.
    pub bytes: u64,
    /// Number of documents that the check read.
    pub documents: u64,
    /// Number of passages of the documents that the check read.
    pub passages: u64,
    /// Damage that the check found; empty if the index is sound.
    pub damage: Vec<Corruption>,
}

/// Damaged component of an index, with a description of the damage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Corruption {
    /// Damaged item: name of a file, id of a document, or path of a source file with a damaged record.
    #[serde(rename = "what")]
    pub item: String,
    /// Description of the damage.
    pub detail: String,
}

/// Source file whose content has changed since it was indexed, or that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangedSource {
    /// Path of the file.
    pub path: String,
    /// The words `has changed`, or the reason why the file cannot be read.
    pub detail: String,
}

impl Check {
    /// Returns whether the index is undamaged.
    pub const fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    fn add_damage(&mut self, item: impl Into<String>, detail: impl Into<String>) {
        self.damage.push(Corruption { item: item.into(), detail: detail.into() });
    }
}

/// Checks the index in `dir`: compares every file of the last commit with its checksum, and every document with its
/// hash.
///
/// # Errors
///
/// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
/// analyzer than this program, [`Error::Io`] if a file cannot be read. Damage is not an error but part of the result.
pub(in crate::index) fn check(dir: &Path) -> Result<Check> {
    if let Err(error @ Error::Incompatible { .. }) = IndexHandle::open(dir) {
        return Err(error);
    }
    let mut check = Check::default();
    match catch_panic(|| check_files(dir, &mut check)) {
        Err(Error::Damaged { detail, .. }) => check.add_damage("generation", detail),
        result => result?,
    }
    if check.is_sound() {
        match catch_panic(|| check_records(dir, &mut check)) {
            Err(Error::Damaged { detail, .. }) => check.add_damage("records", detail),
            Err(Error::Engine(error)) => check.add_damage("records", error.to_string()),
            result => result?,
        }
    }
    Ok(check)
}

/// Reads every source file of a snapshot. Returns the files that have changed since they were indexed or that cannot be
/// read, sorted by path. Does not compare a file that could not be read in full when it was indexed.
pub(in crate::index) fn changed_sources(snapshot: &Snapshot) -> Result<Vec<ChangedSource>> {
    let sources = lookup::source_records(&snapshot.searcher, snapshot.fields)?;
    let changed_sources = sources.into_iter().filter_map(|source| {
        let detail = match fs::read(&source.path) {
            Ok(bytes) if source.hash.is_empty() || content_hash(&bytes) == source.hash => {
                return None;
            }
            Ok(_) => "has changed".to_owned(),
            Err(error) => error.to_string(),
        };
        Some(ChangedSource { path: source.path, detail })
    });
    Ok(changed_sources.collect())
}

/// Compares every file of the last commit with its checksums, and adds damaged and missing files to `check`.
fn check_files(dir: &Path, check: &mut Check) -> Result<()> {
    let commit = PinnedCommit::open(dir)?;
    let folder = generation::folder(dir, commit.generation);
    for name in commit.missing_files {
        check.add_damage(folder.join(name).to_string_lossy(), "is missing");
    }
    for (name, mut file) in commit.files {
        let path = folder.join(name);
        let file_size = file.metadata().map_err(Error::io("read", &path))?.len();
        if !checksum::is_intact(&mut file).map_err(Error::io("read", &path))? {
            check.add_damage(path.to_string_lossy(), "its checksum is wrong");
        }
        check.files += 1;
        check.bytes += file_size;
    }
    Ok(())
}

/// Reads every record of the last commit, and adds damaged and missing records to `check`. In index order, the passages
/// of a document come directly before the document record.
fn check_records(dir: &Path, check: &mut Check) -> Result<()> {
    let Snapshot { searcher, fields, .. } = IndexHandle::open(dir)?.last_commit()?;
    let mut records = CheckedRecords::default();
    let mut reader = RecordReader::new(&searcher, fields);
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let ordinals =
            segment.fast_fields().u64(schema::ORDINAL_FIELD).map_err(wrap_engine_error)?;
        for doc in segment.doc_ids_alive() {
            let address = DocAddress::new(ord as u32, doc);
            if ordinals.first(doc).is_some() {
                records.passages.push(reader.read(address)?);
            } else if let Ok(document) = reader.read::<DocumentRecord>(address) {
                records.check_document(&document, check);
            } else {
                let source: Source = reader.read(address)?;
                if !records.recorded_sources.insert(source.path.clone()) {
                    check.add_damage(source.path, "it has two records");
                }
            }
        }
        for passage in records.passages.drain(..) {
            check.add_damage(passage.document, "one of its passages has no document record");
        }
    }
    records.check_document_sources(check);
    if lookup::document_count(&searcher, fields)? != records.source_by_document.len() as u64 {
        check.add_damage(
            "documents",
            "the number of documents in the inverted index differs from the number of records",
        );
    }
    Ok(())
}

/// Records that the check has read so far.
#[derive(Default)]
struct CheckedRecords {
    /// Passages whose document record has not been read yet.
    passages: Vec<PassageRecord>,
    /// Paths of the source files, by document id.
    source_by_document: BTreeMap<String, String>,
    /// Paths of the source files that have a record.
    recorded_sources: BTreeSet<String>,
}

impl CheckedRecords {
    /// Checks a document record against the passages that were read directly before it.
    fn check_document(&mut self, record: &DocumentRecord, check: &mut Check) {
        let passages = std::mem::take(&mut self.passages);
        let is_ordered = passages.iter().enumerate().all(|(ordinal, passage)| {
            passage.document == record.id && passage.ordinal as usize == ordinal
        });
        if !is_ordered || passages.len() != record.passages as usize {
            check.add_damage(&record.id, "its passages differ from the indexed ones");
        } else if !record.is_intact(&passages) {
            check.add_damage(&record.id, "its text or metadata differs from the indexed content");
        }
        check.documents += 1;
        check.passages += passages.len() as u64;
        if self.source_by_document.insert(record.id.clone(), record.source.clone()).is_some() {
            check.add_damage(&record.id, "exists twice");
        }
    }

    /// Reports to `check` each document whose source file has no record.
    fn check_document_sources(&self, check: &mut Check) {
        let documents_from_files =
            self.source_by_document.iter().filter(|(_, source)| !source.is_empty());
        for (id, source) in
            documents_from_files.filter(|(_, source)| !self.recorded_sources.contains(*source))
        {
            // A program that adds documents through the API may name any source, but only an update writes source
            // records.
            if !self.recorded_sources.is_empty() && Path::new(source).is_absolute() {
                check.add_damage(id, format!("the record of {source} is missing"));
            }
        }
    }
}
