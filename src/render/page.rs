//! Input of the renderers: a page of results, optionally with the passages around each hit and a citation of
//! each hit.

use super::CitationStyle;
use crate::{
    error::Result,
    search::{Hit, PassageInfo, SearchResults, Searcher},
};

/// Passages before and after a hit, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Passages before the hit.
    pub before: Vec<PassageInfo>,
    /// Passages after the hit.
    pub after: Vec<PassageInfo>,
}

/// A passage on a page of results, and its [`Context`] if the page has contexts.
pub(super) type HitWithContext<'a> = (&'a Hit, Option<&'a Context>);

/// Page of results to render, optionally with the passages before and after each hit.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub(super) results: &'a SearchResults,
    /// Passages before and after each shown passage, in order; empty if only the hits are rendered.
    contexts: &'a [Context],
    /// Whether the JSON output contains one object for each release, with several passages in it.
    pub(super) groups_by_release: bool,
    /// Style of the citation of each hit; `None` to render no citations.
    pub(super) cite: Option<CitationStyle>,
}

impl<'a> Page<'a> {
    /// Returns a page of `results`. `contexts` holds the passages before and after each of the
    /// [shown passages](SearchResults::shown_passages), in order, or is empty.
    pub const fn new(results: &'a SearchResults, contexts: &'a [Context]) -> Self {
        Self { results, contexts, groups_by_release: false, cite: None }
    }

    /// Returns the page with a citation of each hit in JSON and JSON Lines. Other formats ignore this setting.
    #[must_use]
    pub const fn cite(self, style: CitationStyle) -> Self {
        Self { cite: Some(style), ..self }
    }

    /// Returns the page with a list of releases instead of a list of hits in JSON if `by_release` is true. The key
    /// `groups` then holds the releases, each with its best passages. Other formats ignore this setting.
    #[must_use]
    pub const fn by_release(self, by_release: bool) -> Self {
        Self { groups_by_release: by_release, ..self }
    }

    /// Returns every passage that the page shows, each with its [`Context`] if the page has contexts.
    pub(super) fn passages(self) -> impl Iterator<Item = HitWithContext<'a>> {
        let shown_passages = self.results.shown_passages().enumerate();
        shown_passages.map(move |(index, hit)| (hit, self.contexts.get(index)))
    }

    /// Returns the passages of each hit: at least one passage, all of the same document.
    pub(super) fn hits(self) -> impl Iterator<Item = Vec<HitWithContext<'a>>> {
        let mut passages = self.passages();
        let hits = self.results.hits.iter();
        hits.map(move |hit| passages.by_ref().take(1 + hit.next_best.len()).collect())
    }
}

impl<'a> From<&'a SearchResults> for Page<'a> {
    fn from(results: &'a SearchResults) -> Self {
        Self::new(results, &[])
    }
}

/// Returns up to `count` passages before and after each [shown passage](SearchResults::shown_passages), in order.
/// Returns no contexts if `count` is 0.
///
/// # Errors
///
/// [`Error::Engine`](crate::Error::Engine) if the index cannot be read.
pub fn contexts(
    searcher: &Searcher,
    results: &SearchResults,
    count: usize,
) -> Result<Vec<Context>> {
    let context_of = |hit: &Hit| {
        let document_and_passages = searcher.passage(&hit.passage.id, count)?;
        let passages = document_and_passages.map(|(_, passages)| passages).unwrap_or_default();
        let (before, from_hit): (Vec<_>, Vec<_>) =
            passages.into_iter().partition(|passage| passage.ordinal < hit.passage.ordinal);
        let passages_after =
            from_hit.into_iter().filter(|passage| passage.ordinal > hit.passage.ordinal);
        Ok(Context { before, after: passages_after.collect() })
    };
    if count == 0 { Ok(Vec::new()) } else { results.shown_passages().map(context_of).collect() }
}
