//! Results and the neighbours of their hits → what every format prints.

use super::CitationStyle;
use crate::{
    error::Result,
    search::{Hit, PassageInfo, SearchResults, Searcher},
};

/// The passages around a hit, in the order of its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Those before it.
    pub before: Vec<PassageInfo>,
    /// Those after it.
    pub after: Vec<PassageInfo>,
}

/// A page of results as it is to be printed: with the neighbours of its hits, or without.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub(super) results: &'a SearchResults,
    /// As many as there are hits, or none.
    contexts: &'a [Context],
    /// How a citation of each hit is written, where there is to be one.
    pub(super) cite: Option<CitationStyle>,
}

impl<'a> Page<'a> {
    /// `results` with the neighbours of each hit, in the order of the hits.
    pub const fn new(results: &'a SearchResults, contexts: &'a [Context]) -> Self {
        Self { results, contexts, cite: None }
    }

    /// With a citation of each hit, in the formats that have a place for it: JSON and JSON Lines.
    #[must_use]
    pub const fn cite(self, style: CitationStyle) -> Self {
        Self { cite: Some(style), ..self }
    }

    /// The hits, each with its neighbours where they are known.
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

/// The neighbours of each hit, up to `count` on each side; none at all where none are wanted.
///
/// # Errors
///
/// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
pub fn contexts(
    searcher: &Searcher,
    results: &SearchResults,
    count: usize,
) -> Result<Vec<Context>> {
    let around = |hit: &Hit| {
        let found = searcher.passage(&hit.passage.id, count)?;
        let passages = found.map(|(_, passages)| passages).unwrap_or_default();
        let (before, rest): (Vec<_>, Vec<_>) =
            passages.into_iter().partition(|passage| passage.ordinal < hit.passage.ordinal);
        let after = rest.into_iter().filter(|passage| passage.ordinal > hit.passage.ordinal);
        Ok(Context { before, after: after.collect() })
    };
    if count == 0 { Ok(Vec::new()) } else { results.hits.iter().map(around).collect() }
}
