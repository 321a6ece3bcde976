//! Searches an index whose segments are all on this machine: each operation is one call.

use std::fmt;

use super::{
    backend::SearchBackend,
    context::SearchContext,
    deadline::Deadline,
    execute, lookup, more_like_this,
    results::{DocumentInfo, PassageInfo, RankedPassage, SearchResults},
    source_paths,
    suggest::{self, Suggestion},
};
use crate::{error::Result, index::Source, query::Query, span::Span};

/// A snapshot of a local index.
pub(super) struct LocalBackend(pub(super) SearchContext);

impl fmt::Debug for LocalBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalBackend").field(&self.0.statistics).finish()
    }
}

impl SearchBackend for LocalBackend {
    fn search(&self, query: &Query, deadline: Deadline) -> Result<SearchResults> {
        execute::search(&self.0, query, deadline)
    }

    fn ranking(&self, query: &Query, deadline: Deadline) -> Result<Vec<RankedPassage>> {
        execute::ranking(&self.0, query, deadline)
    }

    fn highlights(&self, query: &Query, text: &str) -> Result<Vec<Span>> {
        execute::highlights(&self.0, query, text)
    }

    fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>> {
        suggest::suggestions(&self.0, text, limit)
    }

    fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        more_like_this::similar(&self.0, id, limit)
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
        neighbours: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        lookup::passage(&self.0, id, neighbours)
    }

    fn sources(&self) -> Result<Vec<Source>> {
        lookup::sources(&self.0)
    }

    fn relative_source<'p>(&self, path: &'p str) -> Result<&'p str> {
        source_paths::relative(&self.0, path)
    }
}
