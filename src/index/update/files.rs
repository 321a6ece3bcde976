//! Compares source files with their records, and reads the files that differ.
//!
//! Compares the attributes of a file (size and times) first, then the hash of the file, then the hash of each document.
//! So only changed documents are written. If a file cannot be read, the update reports a failure and continues with the
//! next file.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
    time::{Instant, UNIX_EPOCH},
};

use super::{
    documents::OpenFile,
    duplicates::DuplicateCandidate,
    file::{self, Content, FileContent},
    file_report::{FileOutcome, FileReport},
    report::{Change, Progress, Update},
    source_path,
    updater::Updater,
    walk::{SourceFile, Walk},
};
use crate::{document::Format, error::Result, index::stored::Source, passage};

impl<P: Progress> Updater<'_, P> {
    /// Updates the documents of a source file, and reports the file to the progress observer.
    pub(super) fn update_file(&mut self, file: &SourceFile) -> Result<()> {
        let path = source_path::encode(&file.path);
        let start_time = Instant::now();
        let (failure_count, warning_count) =
            (self.report.failures.len(), self.report.warnings.len());
        self.file_report = FileReport { path: path.clone(), ..FileReport::default() };
        self.update_changed_file(file, path)?;
        self.file_report.elapsed = start_time.elapsed();
        self.finish_file_report(failure_count, warning_count);
        Ok(())
    }

    /// Updates the documents of a source file. Skips the file if its attributes equal those in its record.
    fn update_changed_file(&mut self, file: &SourceFile, path: String) -> Result<()> {
        let attributes = match FileAttributes::of_file(&file.path) {
            Ok(attributes) => attributes,
            Err(reason) => {
                self.add_failure(&path, reason);
                return Ok(());
            }
        };
        let recorded_source = self.sources.get(&path).cloned();
        // With other options or another version of the document readers, the file would yield other documents, so it
        // must be read.
        let comparable_record = recorded_source.as_ref().filter(|source| {
            source.options == self.options.fingerprint
                && source.reader_version == passage::READER_VERSION
        });
        let is_unchanged = |source: &&Source| {
            !self.options.update_options.reread && attributes.are_recorded_in(source)
        };
        if let Some(source) = comparable_record.filter(is_unchanged) {
            self.report_unchanged_file(source);
            return Ok(());
        }
        let FileAttributes { size, modified, changed, inode } = attributes;
        let max_size = self.writer.read_limits().max_file_bytes();
        let FileContent { content, format, hash } =
            match file::read_within_limit(&file.path, size, max_size) {
                Ok(content) => content,
                Err(reason) => {
                    self.add_failure(&path, reason);
                    return Ok(());
                }
            };
        self.report.source_bytes += size;
        let mut source = Source {
            path,
            root: source_path::encode(&file.root),
            size,
            modified,
            changed,
            inode,
            hash,
            documents: 0,
            format: format.name().to_owned(),
            options: self.options.fingerprint.clone(),
            reader_version: passage::READER_VERSION,
            given_root: self.given_root(&file.root, recorded_source.as_ref()),
            sole_document: None,
        };
        if let Some(recorded_source) =
            comparable_record.filter(|recorded_source| recorded_source.hash == source.hash)
        {
            // Only the attributes have changed: the new record saves the next run from reading the file.
            self.report_unchanged_file(recorded_source);
            (source.documents, source.sole_document) =
                (recorded_source.documents, recorded_source.sole_document.clone());
        } else {
            self.read_documents(file, format, content, &mut source)?;
        }
        if recorded_source.as_ref() == Some(&source) {
            return Ok(());
        }
        self.report.has_changed_source_records = true;
        self.writer.add_source(&source)
    }

    /// Updates the documents of a file, and writes its record.
    fn read_documents(
        &mut self,
        file: &SourceFile,
        format: Format,
        content: Content,
        source: &mut Source,
    ) -> Result<()> {
        let counts_before = self.total_counts();
        format.name().clone_into(&mut self.file_report.format);
        source.documents = self.update_documents(file, &source.path, format, content)?;
        source.sole_document = self.duplicates.sole_document(&source.path).cloned();
        self.add_file_to_format_counts(format, counts_before);
        self.file_report.passages = self.total_counts().passages - counts_before.passages;
        if self.report.stopped || self.total_counts().failed > counts_before.failed {
            // The file was not read in full. This record makes the next run read the file and report its failures
            // again.
            (source.modified, source.hash) = (0, String::new());
        }
        if self.report.stopped {
            // If another version of the document readers read the file, the next run writes the remaining documents
            // again.
            let recorded_source = self.sources.get(&source.path);
            source.reader_version =
                recorded_source.map_or(source.reader_version, |recorded| recorded.reader_version);
        }
        Ok(())
    }

    /// Updates the documents of a file. Returns the number of documents in the file.
    fn update_documents(
        &mut self,
        file: &SourceFile,
        path: &str,
        format: Format,
        content: Content,
    ) -> Result<u32> {
        let indexed_hashes: HashMap<String, String> =
            self.writer.document_hashes(path)?.into_iter().collect();
        let id = self.id_or_id_prefix_of_file(file, format, path, &indexed_hashes)?;
        let recorded_version = self.sources.get(path).map(|source| source.reader_version);
        let mut open_file = OpenFile {
            file: Some(file),
            path,
            id,
            indexed_hashes,
            rewrites_unchanged_documents: recorded_version
                .is_some_and(|version| version != passage::READER_VERSION),
            up_to_date_ids: BTreeSet::new(),
            invalid_lines: None,
            has_sole_document: false,
        };
        let failures_before = self.report.failures.len();
        let is_complete = self.update_content(&mut open_file, format, content)?;
        let has_failures = self.report.failures.len() > failures_before;
        if !is_complete || (has_failures && !self.remove_missing_records(&open_file)?) {
            // A document that cannot be read now, or after the stop, may still exist: do not remove indexed documents.
            let document_count = open_file.indexed_hashes.len().max(open_file.up_to_date_ids.len());
            return Ok(u32::try_from(document_count).unwrap_or(u32::MAX));
        }
        if !open_file.has_sole_document {
            self.duplicates.remove_file(path);
        }
        if self.report.failures.len() == failures_before {
            self.remove_outdated_documents(&open_file)?;
        }
        let document_count =
            open_file.up_to_date_ids.len() + usize::from(self.duplicates.is_duplicate(path));
        Ok(u32::try_from(document_count).unwrap_or(u32::MAX))
    }

    /// Returns the id of the single document of a file, or the prefix of the ids of its documents. The id is the path
    /// of the file below its root. If another file has this id, the name of the root precedes the path.
    fn id_or_id_prefix_of_file(
        &self,
        file: &SourceFile,
        format: Format,
        path: &str,
        indexed_hashes: &HashMap<String, String>,
    ) -> Result<String> {
        if indexed_hashes.len() == 1 && !format.may_hold_several_documents() {
            return Ok(indexed_hashes.keys().next().cloned().unwrap_or_default());
        }
        let path_in_root = path_below_root(file);
        let root_name = source_path::encode(Path::new(file.root.file_name().unwrap_or_default()));
        let id_with_root = format!("{root_name}/{path_in_root}");
        let numbered_ids = (2..).map(|number| format!("{root_name}-{number}/{path_in_root}"));
        for id in [path_in_root.clone(), id_with_root].into_iter().chain(numbered_ids) {
            let owner_path = self.source_of(&id)?;
            // If the file that owns the id is gone, this file may take the id.
            if owner_path
                .is_none_or(|owner| owner == path || source_path::is_certainly_missing(&owner))
            {
                return Ok(id);
            }
        }
        Ok(path.to_owned())
    }

    /// Returns the path of a root as the caller gave it, if this path differs from the path without symbolic links;
    /// otherwise an empty text. If this update does not walk the root, returns the path in `recorded_source`, the
    /// record of the file.
    fn given_root(&self, root: &Path, recorded_source: Option<&Source>) -> String {
        let given_root = self.given_roots.get(&source_path::encode(root)).cloned();
        given_root
            .or_else(|| recorded_source.map(|source| source.given_root.clone()))
            .unwrap_or_default()
    }

    /// Reports a file, and each of its documents, as unchanged.
    fn report_unchanged_file(&mut self, source: &Source) {
        self.file_report.outcome = FileOutcome::Unchanged;
        self.file_report.format.clone_from(&source.format);
        self.file_report.documents = u64::from(source.documents);
        if !self.duplicates.is_duplicate(&source.path) {
            self.report.unchanged += u64::from(source.documents);
        }
    }

    /// Reads each file that must be indexed now, because its indexed duplicate has disappeared or changed.
    fn read_missing_duplicates(&mut self) -> Result<()> {
        self.is_reading_missing_duplicates = true;
        while let Some(candidate) = self.duplicates.next_file_to_index().cloned() {
            // The file is unchanged, but its document is not in the index. Removing the record makes the update read
            // the file.
            self.sources.remove(&candidate.path);
            self.update_file(&SourceFile {
                path: source_path::decode(&candidate.path),
                root: source_path::decode(&candidate.root),
            })?;
            if self.duplicates.next_file_to_index() == Some(&candidate) {
                // The file cannot be read. Its next duplicate is indexed instead, and the next run tries to read this
                // file again.
                self.duplicates.remove_file(&candidate.path);
                let DuplicateCandidate { path, root, .. } = candidate;
                self.writer.add_source(&Source { path, root, ..Source::default() })?;
            }
        }
        self.is_reading_missing_duplicates = false;
        Ok(())
    }

    /// Removes the documents of files that no longer exist, or that the filter now excludes.
    pub(super) fn remove_missing_files(&mut self, walk: &Walk) -> Result<()> {
        let is_gone = |source: &&Source| walk.must_remove_from_index(source);
        let mut gone_sources: Vec<Source> =
            self.sources.values().filter(is_gone).cloned().collect();
        gone_sources.sort_by(|a, b| a.path.cmp(&b.path));
        for source in gone_sources {
            if !self.duplicates.is_duplicate(&source.path) {
                self.report.removed += u64::from(source.documents);
            }
            for (id, _) in self.writer.document_hashes(&source.path)? {
                self.progress.changed(Change::Removed, &id);
            }
            self.writer.remove_source(&source.path)?;
            self.duplicates.remove_file(&source.path);
            self.report.has_changed_source_records = true;
        }
        Ok(())
    }

    /// Commits the changes so far.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        self.read_missing_duplicates()?;
        self.writer.checkpoint()
    }

    /// Completes the update and returns the report.
    pub(super) fn finish(mut self) -> Result<Update> {
        self.read_missing_duplicates()?;
        Ok(self.report)
    }
}

/// Returns the path of a file below its root, with `/` as the separator. For a file that is a root itself, returns its
/// name.
pub(super) fn path_below_root(file: &SourceFile) -> String {
    let relative_path = file.path.strip_prefix(&file.root).ok();
    let relative_path = relative_path.filter(|relative_path| !relative_path.as_os_str().is_empty());
    let relative_path =
        relative_path.unwrap_or_else(|| Path::new(file.path.file_name().unwrap_or_default()));
    let components = relative_path.components().map(|part| source_path::encode(part.as_ref()));
    components.collect::<Vec<_>>().join("/")
}

/// Attributes of a file. At least one attribute changes when the content of the file changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileAttributes {
    /// Size in bytes.
    size: u64,
    /// Modification time in milliseconds since 1970; 0 if it is unknown.
    modified: u64,
    /// Time of the last change of the content or the attributes, in milliseconds since 1970; 0 if it is unknown.
    changed: u64,
    /// Number of the file in its file system; 0 if it is unknown.
    inode: u64,
}

impl FileAttributes {
    /// Returns the attributes of a file, or the reason why the file cannot be read.
    pub(super) fn of_file(path: &Path) -> Result<Self, String> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(Self::from_metadata(&metadata)),
            Ok(_) => Err("is no longer a file".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn from_metadata(metadata: &fs::Metadata) -> Self {
        let (changed, inode) = change_time_and_inode(metadata);
        Self { size: metadata.len(), modified: modification_time(metadata), changed, inode }
    }

    /// Returns whether the record of a source file has these attributes. Ignores attributes that are missing in the
    /// record.
    pub(super) fn are_recorded_in(self, source: &Source) -> bool {
        (self.size, self.modified) == (source.size, source.modified)
            && (source.changed == 0 || self.changed == source.changed)
            && (source.inode == 0 || self.inode == source.inode)
    }
}

/// Returns the time of the last change of the content or the attributes, in milliseconds since 1970, and the inode
/// number of the file.
#[cfg(unix)]
fn change_time_and_inode(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let milliseconds = metadata.ctime() * 1_000 + metadata.ctime_nsec() / 1_000_000;
    (u64::try_from(milliseconds).unwrap_or(0), metadata.ino())
}

/// Returns two zeros, because this system has no change times and no inode numbers.
#[cfg(not(unix))]
const fn change_time_and_inode(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// Returns the modification time in milliseconds since 1970; 0 if it is unknown.
fn modification_time(metadata: &fs::Metadata) -> u64 {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    time.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
