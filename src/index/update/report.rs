//! Report of an update, and the trait of observers of its progress.

use super::file_report::{FileReport, LeftOutCounts};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
};

/// Counts of the files of one format, and of the documents and passages in these files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct FormatStats {
    /// Number of files that were read.
    pub files: u64,
    /// Number of documents that were added or updated.
    pub documents: u64,
    /// Number of passages of the documents that were added or updated.
    pub passages: u64,
    /// Number of files and documents that could not be read.
    pub failed: u64,
}

/// Source file, or document of a source file, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Path of the file, or id of the document.
    pub source: String,
    /// Reason why the file or document could not be read.
    pub reason: String,
}

impl Failure {
    pub(super) fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { source: source.into(), reason: reason.into() }
    }
}

/// Report of an update.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Update {
    /// Number of documents that were added.
    pub added: u64,
    /// Number of documents that were replaced because they have changed.
    pub updated: u64,
    /// Number of documents that have not changed.
    pub unchanged: u64,
    /// Number of documents that were removed.
    pub removed: u64,
    /// Files, and documents of files, that could not be read.
    pub failures: Vec<Failure>,
    /// Documents that were indexed although a part of them, such as an erroneous line of front matter, could not be
    /// read.
    pub warnings: Vec<Failure>,
    /// Counts of the files that were read, by name of the format. Excludes unchanged files, which are not read.
    pub formats: BTreeMap<String, FormatStats>,
    /// Number of files that were skipped because of their kind (an unsupported format, a link, a device), by name of
    /// the kind. Includes files inside archives.
    pub skipped: BTreeMap<String, u64>,
    /// Texts that were left out of the documents that were read, counted by reason.
    pub left_out: LeftOutCounts,
    /// Ids of the documents from which heuristic rules left out more than a fifth of the text.
    pub reduced_documents: Vec<String>,
    /// Total size in bytes of the files that were read.
    pub source_bytes: u64,
    /// Whether the progress observer stopped the update before its end. The index contains complete documents only.
    pub stopped: bool,
    /// Number of passages of the documents that were added or updated.
    pub(super) passages: u64,
    /// Whether the record of a source file was added, changed or removed.
    pub(super) has_changed_source_records: bool,
}

impl Update {
    /// Returns whether the update changed anything. If so, the caller must commit the changes.
    pub const fn has_changes(&self) -> bool {
        self.added + self.updated + self.removed > 0 || self.has_changed_source_records
    }
}

/// Kind of change of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The document was added.
    Added,
    /// The document was replaced because it has changed.
    Updated,
    /// The document was removed.
    Removed,
}

/// Observer of the progress of an update. The observer can stop the update.
pub trait Progress {
    /// Receives the progress after each file. `processed` is the number of files processed so far, and `total` is the
    /// total number of files.
    fn advanced(&self, processed: usize, total: usize);
    /// Receives each change of a document.
    fn changed(&self, _change: Change, _id: &str) {}
    /// Receives a report on each file after the file was processed. Files of unsupported kinds have no report.
    fn reported(&self, _file: &FileReport) {}
    /// Receives each page of a scan before its text is recognized. `number` counts the pages to recognize in the file
    /// `id`, from 1.
    fn recognizes_page(&self, _id: &str, _number: usize, _total: usize) {}
    /// Returns whether to stop the update after the current document, or after the current page of a scan.
    fn should_stop(&self) -> bool;
}

impl Progress for AtomicBool {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}
