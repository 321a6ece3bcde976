//! The input of every format: a page of results with optional neighbours and citations of its hits.

use super::CitationStyle;
use crate::{
    error::Result,
    search::{Hit, PassageInfo, SearchResults, Searcher},
};

/// Neighbouring passages of a hit, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Passages before the hit.
    pub before: Vec<PassageInfo>,
    /// Passages after the hit.
    pub after: Vec<PassageInfo>,
}

/// A page of results to render, with or without the neighbours of its hits.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub(super) results: &'a SearchResults,
    /// Neighbours of each hit in hit order; empty if none are shown.
    contexts: &'a [Context],
    /// Style of the citation of each hit; `None` for no citations.
    pub(super) cite: Option<CitationStyle>,
}

impl<'a> Page<'a> {
    /// Returns a page of `results`. `contexts` holds the neighbours of each hit in hit order, or is empty.
    pub const fn new(results: &'a SearchResults, contexts: &'a [Context]) -> Self {
        Self { results, contexts, cite: None }
    }

    /// Adds a citation of each hit to JSON and JSON Lines. Other formats ignore it.
    #[must_use]
    pub const fn cite(self, style: CitationStyle) -> Self {
        Self { cite: Some(style), ..self }
    }

    /// Returns the hits, each with its neighbours if the page has them.
    pub(super) fn hits(self) -> impl Iterator<Item = (&'a Hit, Option<&'a Context>)> {
        let hits = self.results.hits.iter().enumerate();
        hits.map(move |(index, hit)| (hit, self.contexts.get(index)))
    }
}

impl<'a> From<&'a SearchResults> for Page<'a> {
    fn from(results: &'a SearchResults) -> Self {
        Self::new(results, &[])
    }
}

/// Returns the neighbours of each hit, up to `count` on each side. The result is empty if `count` is 0.
///
/// # Errors
///
/// [`Error::Engine`](crate::Error::Engine) if the index cannot be read.
pub fn contexts(
    searcher: &Searcher,
    results: &SearchResults,
    count: usize,
) -> Result<Vec<Context>> {
    let neighbours = |hit: &Hit| {
        let document_and_passages = searcher.passage(&hit.passage.id, count)?;
        let passages = document_and_passages.map(|(_, passages)| passages).unwrap_or_default();
        let (before, rest): (Vec<_>, Vec<_>) =
            passages.into_iter().partition(|passage| passage.ordinal < hit.passage.ordinal);
        let after = rest.into_iter().filter(|passage| passage.ordinal > hit.passage.ordinal);
        Ok(Context { before, after: after.collect() })
    };
    if count == 0 { Ok(Vec::new()) } else { results.hits.iter().map(neighbours).collect() }
}
