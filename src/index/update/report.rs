//! The report of an update, and the trait that follows its progress.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
};

/// Counts for the files of one format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct FormatStats {
    /// Number of files that were read.
    pub files: u64,
    /// Number of their documents that were added or updated.
    pub documents: u64,
    /// Number of passages of these documents.
    pub passages: u64,
    /// Number of files and documents that could not be read.
    pub failed: u64,
}

/// File, or document of a file, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Path of the file, or id of the document.
    pub source: String,
    /// Why it could not be read.
    pub reason: String,
}

impl Failure {
    pub(super) fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { source: source.into(), reason: reason.into() }
    }
}

/// Report of an update, counted in documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Update {
    /// Number of new documents.
    pub added: u64,
    /// Number of changed documents.
    pub updated: u64,
    /// Number of unchanged documents.
    pub unchanged: u64,
    /// Number of removed documents.
    pub removed: u64,
    /// Files, and documents of files, that could not be read.
    pub failures: Vec<Failure>,
    /// Counts for the files that were read, by name of the format. An unchanged file is not read.
    pub formats: BTreeMap<String, FormatStats>,
    /// Number of files that are skipped because of their kind, by kind. Includes files inside archives.
    pub skipped: BTreeMap<String, u64>,
    /// Total bytes of the files that were read.
    pub source_bytes: u64,
    /// Whether the progress observer stopped the update before its end.
    pub stopped: bool,
    /// Number of passages of the documents that were added or updated.
    pub(super) passages: u64,
    /// Whether the record of a source file changed.
    pub(super) touched: bool,
}

impl Update {
    /// Returns whether the index must be committed.
    pub const fn has_changes(&self) -> bool {
        self.added + self.updated + self.removed > 0 || self.touched
    }
}

/// Change of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The document is new.
    Added,
    /// The document has changed.
    Updated,
    /// The document is gone.
    Removed,
}

/// Follows the progress of an update, and may stop it.
pub trait Progress {
    /// Called when `done` of `all` files are done.
    fn advanced(&self, done: usize, all: usize);
    /// Called for each change of a document.
    fn changed(&self, _change: Change, _id: &str) {}
    /// Returns whether the update shall stop after the current file.
    fn is_stopped(&self) -> bool;
}

impl Progress for AtomicBool {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}
