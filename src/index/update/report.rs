//! What an update is told, and what it tells.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
};

use super::walk::FileFilter;
use crate::{
    document::{FieldMapping, MetadataOverrides},
    index::content_hash,
};

/// How an update is made. A file that is as it was is read again where other things are given of its
/// documents than before, so that a run always leaves what its own options say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateOptions {
    /// Which files are read. What is left out now goes from the index, if it came from the same
    /// folder.
    pub selection: FileFilter,
    /// What is known of their documents beforehand.
    pub given: MetadataOverrides,
    /// Keys of JSON that are named for fields.
    pub mapping: FieldMapping,
}

impl UpdateOptions {
    /// Tells apart what documents come of the same file; empty where nothing is said of them.
    pub(in crate::index) fn fingerprint(&self) -> String {
        let Self { given, mapping, .. } = self;
        let said = *given != MetadataOverrides::default() || !mapping.is_empty();
        if said { content_hash(format!("{given:?} {mapping:?}").as_bytes()) } else { String::new() }
    }
}

/// What was read of the files of one format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct FormatStats {
    /// Files that were read.
    pub files: u64,
    /// Documents of them that were added or updated.
    pub documents: u64,
    /// Passages of these documents.
    pub passages: u64,
    /// Files and documents that could not be read.
    pub failed: u64,
}

/// What an update did, counted in documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Update {
    /// Documents that were not there before.
    pub added: u64,
    /// Documents that had changed.
    pub updated: u64,
    /// Documents that are as they were.
    pub unchanged: u64,
    /// Documents that are gone.
    pub removed: u64,
    /// What could not be read, and why; a file or a line of one each.
    pub failures: Vec<(String, String)>,
    /// What was read, by the names of formats. A file that is as it was is not read.
    pub kinds: BTreeMap<String, FormatStats>,
    /// Files of kinds that are not read, by kind; those in the archives that were read too.
    pub skipped: BTreeMap<String, u64>,
    /// Bytes of the files that were read.
    pub source_bytes: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    pub(in crate::index) passages: u64,
    pub(in crate::index) touched: bool,
}

impl Update {
    /// Whether the index has to be committed.
    pub const fn has_changes(&self) -> bool {
        self.added + self.updated + self.removed > 0 || self.touched
    }
}

/// What happens to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there before.
    Added,
    /// It is there in another form.
    Updated,
    /// It is gone.
    Removed,
}

/// Who is told how far an update is, and may stop it.
pub trait Progress {
    /// `done` of `all` files are dealt with.
    fn advanced(&self, done: usize, all: usize);
    /// What became of the document `id`.
    fn changed(&self, _change: Change, _id: &str) {}
    /// Whether to end after the file at hand.
    fn is_stopped(&self) -> bool;
}

impl Progress for AtomicBool {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}
