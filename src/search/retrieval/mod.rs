//! Matches a query plan against every segment, and scores the passages that can be on the page.
//!
//! A plan and the number of wanted hits come in; the matches of each segment go out. Open this file first. `facets.rs`
//! counts matches by facet value, `explanation.rs` lists the components of a score.

mod explanation;
mod facets;

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

pub(super) use self::{
    explanation::{ScoredHit, explain},
    facets::facet_counts,
};
use super::{
    context::SearchContext,
    matching::{FacetSelection, matching_passages},
    ranking::{
        Bm25Weight, QueryPostings, ScoreWindow, ScoredDoc, Scorer, ScoringTerm, TopKThreshold,
        scoring_terms,
    },
    reader::{BitSet, SegmentView},
    statistics::{MatchTotals, Statistics, TermGroup},
};
use crate::{
    error::Result,
    query::{Collapse, Deadline, Facet, Query, QueryPlan, Ranking, Sort},
};

/// The matches of a query in all segments.
#[derive(Debug)]
pub(super) struct Matches {
    /// Matches of each segment, in the order of segment ordinals.
    pub(super) segments: Vec<SegmentMatches>,
    /// Numbers of matches in the whole collection. `None` if `segments` are the whole collection.
    pub(super) totals: Option<Arc<MatchTotals>>,
}

/// The matches of a query in one segment.
#[derive(Debug)]
pub(super) struct SegmentMatches {
    /// The passages that match, including those without the chosen facet values.
    pub(super) selection: FacetSelection,
    /// The passages that match and have the chosen facet values.
    pub(super) matched: Rc<BitSet>,
    /// Scores of the passages that can be on the page, in ascending order of document number.
    pub(super) scored: Vec<ScoredDoc>,
}

impl Matches {
    /// Returns whether any passage matches the query, with or without the chosen facet values.
    pub(super) fn has_any(&self) -> bool {
        match &self.totals {
            Some(totals) => totals.matching > 0,
            None => self.segments.iter().any(|segment| !segment.selection.matching().is_empty()),
        }
    }
}

/// The numbers of best passages that a search must find.
#[derive(Debug, Clone, Copy)]
pub(super) struct Depth {
    /// Number of best passages that the page needs. `usize::MAX` if the page needs all matches.
    pub(super) hits: usize,
    /// Number of best passages that are compared with each other if no passage contains every word of the query.
    pub(super) compared: usize,
}

impl Depth {
    /// Returns the depth of a query. All passages are needed if the page is grouped, begins at a cursor or is not
    /// sorted by score.
    pub(super) fn of(query: &Query, compared: usize) -> Self {
        let needs_all =
            query.collapse != Collapse::None || query.cursor.is_some() || query.sort != Sort::Score;
        let hits = match query.limit {
            _ if needs_all => usize::MAX,
            0 => 0,
            limit => query.offset.saturating_add(limit),
        };
        Self { hits, compared }
    }
}

/// Finds the matches of a plan that have the `chosen` facet values, and scores the best of these matches.
///
/// All segments are read before the first segment is scored, because the weight of a term depends on its document
/// frequency in the whole index.
pub(super) fn retrieve(
    context: &SearchContext,
    plan: &QueryPlan,
    chosen: &BTreeMap<Facet, Vec<String>>,
    query: &Query,
    depth: Depth,
    deadline: Deadline,
) -> Result<Matches> {
    let segments = context.segments();
    let ranking = &query.ranking;
    let terms = scoring_terms(plan, ranking);
    let postings = read_postings(&segments, plan, &terms, deadline)?;
    let weights = term_weights(&*context.statistics, &postings, plan, &terms, ranking);
    let scorer = Scorer::new(plan, ranking, context.collection(), &terms, &weights);
    let mut selections = Vec::with_capacity(segments.len());
    let mut candidates = Vec::with_capacity(segments.len());
    for (&segment, postings) in segments.iter().zip(&postings) {
        deadline.check()?;
        let matching = matching_passages(segment, plan, &postings.leaves)?;
        let selection = FacetSelection::new(segment, matching, chosen)?;
        candidates.push(scorer.prepare(segment, postings, selection.chosen())?);
        selections.push(selection);
    }
    let with_all_terms =
        candidates.iter().filter_map(|candidates| candidates.with_all_terms.as_ref());
    let complete_count: u64 = with_all_terms.map(BitSet::len).sum();
    // If enough passages contain every word, no other passage can be among the best.
    let only_all_terms = complete_count >= depth.hits as u64;
    // If no passage contains every word, the best hits may be compared with each other.
    let is_compared = scorer.has_several_leaves() && complete_count == 0;
    let best_count = if is_compared { depth.hits.max(depth.compared) } else { depth.hits };
    let mut top_k = TopKThreshold::new(best_count);
    let mut window = ScoreWindow::new();
    let mut segment_matches = Vec::with_capacity(segments.len());
    let candidates = candidates.into_iter().zip(selections);
    for ((&segment, postings), (candidates, selection)) in
        segments.iter().zip(&postings).zip(candidates)
    {
        deadline.check()?;
        let scored_docs = if depth.hits == 0 {
            Vec::new()
        } else {
            scorer.score_segment(
                segment,
                postings,
                &candidates,
                only_all_terms,
                &mut window,
                &mut top_k,
            )
        };
        segment_matches.push(SegmentMatches {
            selection,
            matched: candidates.passages,
            scored: scored_docs,
        });
    }
    let totals = context.statistics.match_totals(plan, chosen, query);
    Ok(Matches { segments: segment_matches, totals })
}

/// Reads the postings of a plan from every segment.
fn read_postings(
    segments: &[SegmentView<'_>],
    plan: &QueryPlan,
    terms: &[ScoringTerm<'_>],
    deadline: Deadline,
) -> Result<Vec<QueryPostings>> {
    let segments = segments.iter();
    segments.map(|&segment| QueryPostings::read(segment, plan, terms, deadline)).collect()
}

/// Returns the BM25 weight of every scoring term.
fn term_weights(
    statistics: &dyn Statistics,
    postings: &[QueryPostings],
    plan: &QueryPlan,
    terms: &[ScoringTerm<'_>],
    ranking: &Ranking,
) -> Vec<Bm25Weight> {
    let collection = statistics.collection();
    let weight = |(index, term): (usize, &ScoringTerm<'_>)| {
        let doc_freq = doc_freq(statistics, postings, plan, (index, term));
        Bm25Weight::new(collection, doc_freq, term.weight, ranking)
    };
    terms.iter().enumerate().map(weight).collect()
}

/// Returns the number of passages of the collection that contain a scoring term.
fn doc_freq(
    statistics: &dyn Statistics,
    postings: &[QueryPostings],
    plan: &QueryPlan,
    (index, term): (usize, &ScoringTerm<'_>),
) -> u64 {
    let local_count =
        postings.iter().map(|postings| postings.postings(term, index).len() as u64).sum();
    statistics.total_doc_freq(TermGroup::of_scoring_term(term, plan), local_count)
}
