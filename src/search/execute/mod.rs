//! Runs the stages of a search in order: parse, retrieve with relaxation, count facets, select the hits of the page,
//! read their texts.
//!
//! A query comes in, a page of results goes out. Open this file first. `more_like_this.rs` builds a query from a
//! passage and runs the same stages.

mod more_like_this;

use std::{collections::HashSet, time::Duration};

pub(super) use self::more_like_this::similar;
use super::{
    context::SearchContext,
    page::{self, Cursor, PageRequest, RankedDoc, TopHits},
    relaxation::{PreparedQuery, prepare, search_with_relaxation},
    results::{FacetCounts, RankedPassage, SearchResults},
    retrieval::{Depth, Matches, ScoredHit, explain, facet_counts},
};
use crate::{
    error::Result,
    highlight::Highlighter,
    query::{self, Collapse, Deadline, Note, NoteKind, Query, QueryPlan},
    span::Span,
};

/// A page of hits whose texts are not read yet, with the query plan, notes and facet counts.
pub(super) struct SearchOutcome {
    notes: Vec<Note>,
    plan: QueryPlan,
    page: TopHits,
    facets: Vec<FacetCounts>,
    /// Whether another page follows this page.
    has_next: bool,
    /// Whether the page has fewer hits than requested although the cluster has more matches. Always `false` for a local
    /// index.
    pub(super) is_short: bool,
}

/// Runs a query, and returns a page of hits with their texts and snippets.
pub(super) fn search(
    context: &SearchContext,
    query: &Query,
    deadline: Deadline,
) -> Result<SearchResults> {
    let outcome = find_page(context, query, true, deadline)?;
    read_page(context, query, outcome, deadline)
}

/// Runs a query, and returns a page of hits as document ids, passage ordinals and scores. Reads no texts.
pub(super) fn ranking(
    context: &SearchContext,
    query: &Query,
    deadline: Deadline,
) -> Result<Vec<RankedPassage>> {
    Ok(find_page(context, query, false, deadline)?.into_ranking())
}

/// Returns the spans of `text` that match a clause of the query.
pub(super) fn highlights(context: &SearchContext, query: &Query, text: &str) -> Result<Vec<Span>> {
    let PreparedQuery { plan, .. } = prepare(context, &query::Clause::parse(&query.text).0, query)?;
    Ok(Highlighter::new(&plan, &context.analyzer).highlights(text))
}

/// Selects the hits of a page, without reading their texts. If `counts_documents` is set, also counts the documents
/// with a match, which takes a pass over all matches.
pub(super) fn find_page(
    context: &SearchContext,
    query: &Query,
    counts_documents: bool,
    deadline: Deadline,
) -> Result<SearchOutcome> {
    let (clause, mut notes) = query::Clause::parse(&query.text);
    let page_cursor = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    if page_cursor.as_ref().is_some_and(|cursor| !cursor.has_size_of(&context.collection())) {
        let message = "the index has changed since the previous page: passages may be missing or appear twice";
        notes.push(Note::new(NoteKind::Changed, message));
    }
    let depth = Depth::of(query, page::COMPARED_HITS);
    let (prepared, matches) = search_with_relaxation(context, &clause, query, depth, deadline)?;
    deadline.check()?;
    let facets = facet_counts(context, &matches, query)?;
    notes.extend(missing_shards_note(&matches));
    notes.extend(prepared.notes);
    let request = PageRequest {
        offset: query.offset,
        limit: query.limit,
        after: page_cursor.as_ref(),
        collapse: query.collapse == Collapse::Document,
        sort: query.sort,
        count_documents: counts_documents,
    };
    // Regularization is off for Chinese queries, because term vectors contain no Chinese words.
    let is_chinese = prepared.plan.tokens.iter().any(|token| token.is_han);
    let regularization = if is_chinese { 0.0 } else { query.ranking.regularization };
    let (page, has_next) = if query.collapse == Collapse::Near {
        page::grouped_page(context, &matches, request, regularization, deadline)?
    } else {
        let page = page::ranked_page(context, &matches, request, regularization)?;
        let has_next = page.has_next(request);
        (page, has_next)
    };
    let is_short =
        page.hits.len() < query.limit && page.has_next(request) && matches.totals.is_some();
    Ok(SearchOutcome { notes, plan: prepared.plan, page, facets, has_next, is_short })
}

/// Reads the texts of the hits on a page, and makes their snippets. If the deadline passes first, returns only the hits
/// that are ready, and adds a note.
pub(super) fn read_page(
    context: &SearchContext,
    query: &Query,
    outcome: SearchOutcome,
    deadline: Deadline,
) -> Result<SearchResults> {
    let SearchOutcome { mut notes, plan, mut page, facets, has_next, .. } = outcome;
    let mut components = Vec::new();
    if query.explain {
        let hits = page.hits.iter().map(to_scored_hit);
        components = explain(context, hits, &plan, &query.ranking)?;
    }
    let mut hits = page::fetch_hits(context, &page, &plan, query, deadline)?;
    for (hit, components) in hits.iter_mut().zip(components) {
        hit.explanation = components;
    }
    let is_cut = hits.len() < page.hits.len();
    if is_cut {
        let message = format!("the time was over after {} of {} hits", hits.len(), page.hits.len());
        notes.push(Note::new(NoteKind::Cut, message));
        page.hits.truncate(hits.len());
    }
    let last_hit = page.hits.last().filter(|_| has_next || is_cut);
    Ok(SearchResults {
        query: query.text.clone(),
        notes: remove_repeated_notes(notes),
        total: page.total,
        total_documents: page.total_documents,
        hits,
        facets,
        cut: is_cut,
        elapsed: Duration::ZERO,
        next: last_hit.map(|hit| hit.cursor(&context.collection()).to_string()),
    })
}

impl SearchOutcome {
    /// Returns the document ids, passage ordinals and scores of the hits on the page.
    pub(super) fn into_ranking(self) -> Vec<RankedPassage> {
        self.page.hits.into_iter().map(RankedPassage::from).collect()
    }
}

const fn to_scored_hit(hit: &RankedDoc) -> ScoredHit {
    let &RankedDoc { address, ordinal, score, raw_score, .. } = hit;
    ScoredHit { address, ordinal, score, raw_score }
}

/// Returns a note if some shards did not answer.
fn missing_shards_note(matches: &Matches) -> Option<Note> {
    let (missing_shards, total_shards) = matches.totals.as_ref()?.missing_shards?;
    let message = format!(
        "{missing_shards} of {total_shards} parts of the index did not answer: passages are missing"
    );
    Some(Note::new(NoteKind::Partial, message))
}

fn remove_repeated_notes(mut notes: Vec<Note>) -> Vec<Note> {
    let mut seen_notes = HashSet::new();
    notes.retain(|note| seen_notes.insert(note.clone()));
    notes
}
