//! Trait with the operations of a searcher, and its implementation for a local index, whose segments are all on this
//! machine.

use std::{fmt, sync::Arc};

use super::{
    context::{SearchContext, relative_path},
    execute, lookup,
    results::{DocumentInfo, PassageInfo, RankedPassage, SearchResults},
    suggest::{self, Suggestion},
};
use crate::{
    document::DeclaredFields,
    error::Result,
    index::Source,
    query::{Deadline, Query},
    span::Span,
};

/// Operations of a [`Searcher`](super::Searcher). Each method is documented at the `Searcher` method with the same
/// name.
pub(super) trait SearchBackend: fmt::Debug + Send + Sync {
    /// Returns a backend over the same snapshot whose operations fail after `deadline`.
    fn with_deadline(&self, deadline: Deadline) -> Arc<dyn SearchBackend>;
    fn search(&self, query: &Query) -> Result<SearchResults>;
    fn ranking(&self, query: &Query) -> Result<Vec<RankedPassage>>;
    fn highlights(&self, query: &Query, texts: &[&str]) -> Result<Vec<Vec<Span>>>;
    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>>;
    fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>>;
    fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>>;
    fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>>;
    fn document_text(&self, id: &str) -> Result<Option<String>>;
    fn passage(
        &self,
        id: &str,
        neighbour_count: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>>;
    /// Returns the id of the passage whose text has this hash. Of several such passages, returns the first by document
    /// id and ordinal. `None` if there is no such passage, or if the backend cannot read all passages.
    fn passage_id_with_hash(&self, hash: &str) -> Result<Option<String>>;
    fn sources(&self) -> Result<Vec<Source>>;
    fn declared_fields(&self) -> &DeclaredFields;
    fn relative_source<'p>(&self, path: &'p str) -> Result<&'p str>;
}

/// Backend of a searcher over a snapshot of a local index.
pub(super) struct LocalBackend(pub(super) SearchContext);

impl fmt::Debug for LocalBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalBackend").field(&self.0.statistics).finish()
    }
}

impl SearchBackend for LocalBackend {
    fn with_deadline(&self, deadline: Deadline) -> Arc<dyn SearchBackend> {
        Arc::new(Self(self.0.with_deadline(deadline)))
    }

    fn search(&self, query: &Query) -> Result<SearchResults> {
        execute::search(&self.0, query)
    }

    fn ranking(&self, query: &Query) -> Result<Vec<RankedPassage>> {
        execute::ranking(&self.0, query)
    }

    fn highlights(&self, query: &Query, texts: &[&str]) -> Result<Vec<Vec<Span>>> {
        execute::highlights(&self.0, query, texts)
    }

    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>> {
        suggest::suggestions(&self.0, text, limit)
    }

    fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        execute::similar(&self.0, id, limit)
    }

    fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        lookup::document(&self.0, id)
    }

    fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>> {
        lookup::document_info(&self.0, id)
    }

    fn document_text(&self, id: &str) -> Result<Option<String>> {
        lookup::document_text(&self.0, id)
    }

    fn passage(
        &self,
        id: &str,
        neighbour_count: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        lookup::passage(&self.0, id, neighbour_count)
    }

    fn passage_id_with_hash(&self, hash: &str) -> Result<Option<String>> {
        lookup::passage_id_with_hash(&self.0, hash)
    }

    fn sources(&self) -> Result<Vec<Source>> {
        lookup::sources(&self.0)
    }

    fn declared_fields(&self) -> &DeclaredFields {
        self.0.declared_fields()
    }

    fn relative_source<'p>(&self, path: &'p str) -> Result<&'p str> {
        relative_path(&self.0, path)
    }
}
