//! An index, wherever it is kept.

use std::{fmt::Debug, path::Path};

use super::Searcher;
use crate::{
    error::Result,
    index::{Index, IndexStats, IndexWriter},
};

/// An index in a folder, in memory or on a cluster: what a service needs of it.
pub trait IndexBackend: Debug + Send + Sync {
    /// A snapshot of the last commit.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    fn searcher(&self) -> Result<Searcher>;

    /// The name of the last commit, see [`Index::version`].
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    fn version(&self) -> Result<String>;

    /// How much it holds.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    fn stats(&self) -> Result<IndexStats>;

    /// Starts to write.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or another process writes.
    fn writer(&self) -> Result<IndexWriter>;

    /// Its folder, where it has one.
    fn dir(&self) -> Option<&Path>;
}

impl IndexBackend for Index {
    fn searcher(&self) -> Result<Searcher> {
        self.searcher()
    }

    fn version(&self) -> Result<String> {
        self.version()
    }

    fn stats(&self) -> Result<IndexStats> {
        self.stats()
    }

    fn writer(&self) -> Result<IndexWriter> {
        self.writer()
    }

    fn dir(&self) -> Option<&Path> {
        self.dir()
    }
}
