//! Where an index is: the public interface of an index, and the operations that a [`Searcher`] passes on.

use std::{fmt::Debug, path::Path};

use super::{
    Searcher,
    deadline::Deadline,
    results::{DocumentInfo, PassageInfo, RankedPassage, SearchResults},
    suggest::Suggestion,
};
use crate::{
    error::Result,
    index::{Index, IndexStats, IndexWriter, Source},
    query::Query,
    span::Span,
};

/// An index in a folder, in memory or on a cluster: the operations that a service needs.
pub trait IndexBackend: Debug + Send + Sync {
    /// Returns a snapshot of the last commit.
    ///
    /// # Errors
    ///
    /// If the index cannot be read.
    fn searcher(&self) -> Result<Searcher>;

    /// Returns the name of the last commit, see [`Index::version`].
    ///
    /// # Errors
    ///
    /// If the index cannot be read.
    fn version(&self) -> Result<String>;

    /// Returns the size of the index.
    ///
    /// # Errors
    ///
    /// If the index cannot be read.
    fn stats(&self) -> Result<IndexStats>;

    /// Starts to write.
    ///
    /// # Errors
    ///
    /// If the index cannot be written, or another process writes to it.
    fn writer(&self) -> Result<IndexWriter>;

    /// Returns the folder of the index. `None` if it has none.
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

/// The operations of a [`Searcher`], whose methods say what they return.
pub(super) trait SearchBackend: Debug + Send + Sync {
    fn search(&self, query: &Query, deadline: Deadline) -> Result<SearchResults>;
    fn ranking(&self, query: &Query, deadline: Deadline) -> Result<Vec<RankedPassage>>;
    fn highlights(&self, query: &Query, text: &str) -> Result<Vec<Span>>;
    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>>;
    fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>>;
    fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>>;
    fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>>;
    fn document_text(&self, id: &str) -> Result<Option<String>>;
    fn passage(
        &self,
        id: &str,
        neighbours: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>>;
    fn sources(&self) -> Result<Vec<Source>>;
    fn relative_source<'p>(&self, path: &'p str) -> Result<&'p str>;
}
