//! Matches a query plan against every segment, and scores the passages that can be on the page.
//!
//! [`retrieve_full_matches`] turns a plan and the number of needed hits into the matches of each segment. Read this
//! file first: it finds the full matches. `other_matches.rs` adds passages that lack a word, `release_score.rs` scores
//! their whole documents. `facets.rs` counts matches by facet value, `explanation.rs` lists the components of a score.

mod cover;
mod explanation;
mod facets;
mod other_matches;
mod release_score;

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

pub(super) use self::{
    explanation::{ScoredHit, explain},
    facets::facet_counts,
    other_matches::add_other_matches,
};
use super::{
    context::SearchContext,
    matching::{FacetSelection, LeafPostings, matching_passages},
    ranking::{
        Bm25Weight, MatchesToScore, MatchesWithEveryLeafInText, QueryPostings, ScoreWindow,
        ScoredDoc, Scorer, ScoringTerm, TopKThreshold, scoring_terms,
    },
    reader::{BitSet, SegmentView},
    statistics::{MatchTotals, Statistics, TermGroup},
};
use crate::{
    error::Result,
    query::{Collapse, Deadline, Facet, Query, QueryPlan, Ranking, Sort},
};

/// The matches of a query in all segments.
pub(super) struct Matches {
    /// Matches of each segment, in the order of segment ordinals.
    pub(super) segments: Vec<SegmentMatches>,
    /// Numbers of full matches in the whole collection. `None` if `segments` are the whole collection.
    pub(super) totals: Option<Arc<MatchTotals>>,
    /// Postings of the query in each segment. The scoring terms have no postings if no match was scored.
    pub(super) postings: Vec<QueryPostings>,
    /// Number of other matches (passages that lack a word of the query) with the chosen facet values. `None` if other
    /// matches were not searched.
    pub(super) other_match_count: Option<u64>,
    /// Whether there are other matches, with or without the chosen facet values.
    pub(super) has_passages_lacking_a_word: bool,
}

/// The matches of a query in one segment.
#[derive(Debug)]
pub(super) struct SegmentMatches {
    /// The full matches, including passages without the chosen facet values.
    pub(super) facet_selection: FacetSelection,
    /// The full matches that have the chosen facet values.
    pub(super) full_matches: Rc<BitSet>,
    /// The passages that can be on the page, with their scores: full matches, and other matches if other matches were
    /// searched.
    pub(super) scored_passages: Vec<ScoredDoc>,
}

impl Matches {
    /// Returns the number of full matches: documents with a full match if hits are grouped by document, passages if
    /// not.
    pub(super) fn count_full_matches(&self, collapse: Collapse, context: &SearchContext) -> u64 {
        match (&self.totals, collapse) {
            (Some(totals), Collapse::Document) => totals.document_count,
            (Some(totals), _) => totals.chosen_count,
            (None, Collapse::Document) => {
                let columns = context.reader.fast_fields.iter().zip(&self.segments);
                columns
                    .map(|(columns, segment)| columns.count_documents(&segment.full_matches))
                    .sum()
            }
            (None, _) => self.segments.iter().map(|segment| segment.full_matches.len()).sum(),
        }
    }

    /// Returns whether any passage matches the query in full, with or without the chosen facet values.
    pub(super) fn has_full_match(&self) -> bool {
        match &self.totals {
            Some(totals) => totals.match_count > 0,
            None => self
                .segments
                .iter()
                .any(|segment| !segment.facet_selection.all_matches().is_empty()),
        }
    }
}

/// Numbers of best passages that a search must find, to fill the page and to compare passages.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchDepth {
    /// Number of hits up to the end of the page: passages, or groups if the page is grouped. `usize::MAX` if the page
    /// begins at a cursor.
    pub(super) page_end: usize,
    /// Number of best passages that the page needs. `usize::MAX` for all.
    pub(super) needed_passage_count: usize,
    /// Number of best passages that are compared with each other if no passage contains every word of the query.
    pub(super) compared_passage_count: usize,
}

impl SearchDepth {
    /// Returns the depth of a query. All passages are needed if the page is grouped, begins at a cursor or is not
    /// sorted by score.
    pub(super) fn of(query: &Query, compared_passage_count: usize) -> Self {
        let needs_all_passages =
            query.collapse != Collapse::None || query.cursor.is_some() || query.sort != Sort::Score;
        let needed_passage_count = match query.limit {
            _ if needs_all_passages => usize::MAX,
            0 => 0,
            limit => query.offset.saturating_add(limit),
        };
        let page_end = match query.cursor {
            Some(_) => usize::MAX,
            None => query.offset.saturating_add(query.limit),
        };
        Self { page_end, needed_passage_count, compared_passage_count }
    }
}

/// Finds the full matches of a plan that have the `chosen` facet values, and scores the best of these matches.
///
/// All segments are read before the first segment is scored, because the weight of a term depends on its document
/// frequency in the whole index.
pub(super) fn retrieve_full_matches(
    context: &SearchContext,
    plan: &QueryPlan,
    chosen: &BTreeMap<Facet, Vec<String>>,
    query: &Query,
    depth: SearchDepth,
    deadline: Deadline,
) -> Result<Matches> {
    let segments = context.segments();
    let leaves = read_leaf_postings_of_segments(&segments, plan, deadline)?;
    let mut segment_matches = Vec::with_capacity(segments.len());
    for (&segment, leaves) in segments.iter().zip(&leaves) {
        deadline.check()?;
        let matching = matching_passages(segment, plan, leaves)?;
        let facet_selection = FacetSelection::new(segment, matching, chosen)?;
        let full_matches = facet_selection.matches_chosen_in_every_facet();
        segment_matches.push(SegmentMatches {
            facet_selection,
            full_matches,
            scored_passages: Vec::new(),
        });
    }
    let totals = context.statistics.match_totals(plan, chosen, query);
    let mut matches = Matches {
        segments: segment_matches,
        totals,
        postings: leaves.into_iter().map(QueryPostings::of_leaves_only).collect(),
        other_match_count: None,
        has_passages_lacking_a_word: false,
    };
    let has_matches = matches.segments.iter().any(|segment| !segment.full_matches.is_empty());
    if depth.needed_passage_count > 0 && has_matches {
        score_full_matches(context, plan, query, depth, &mut matches)?;
    }
    Ok(matches)
}

/// Scores the full matches that can be on the page.
fn score_full_matches(
    context: &SearchContext,
    plan: &QueryPlan,
    query: &Query,
    depth: SearchDepth,
    matches: &mut Matches,
) -> Result<()> {
    let (segments, deadline) = (context.segments(), context.deadline());
    let ranking = &query.ranking;
    let terms = scoring_terms(plan, ranking);
    let leaves = std::mem::take(&mut matches.postings).into_iter().map(|postings| postings.leaves);
    let postings = read_postings(&segments, leaves.collect(), &terms, None, deadline)?;
    let weights = bm25_weights_of_terms(&*context.statistics, &postings, plan, &terms, ranking);
    let scorer = Scorer::new(plan, ranking, context.collection(), &terms, &weights);
    let mut complete_matches = Vec::with_capacity(segments.len());
    for ((&segment, postings), matches) in segments.iter().zip(&postings).zip(&matches.segments) {
        deadline.check()?;
        complete_matches.push(scorer.complete_matches(segment, postings, &matches.full_matches)?);
    }
    let total = |count: fn(&MatchesWithEveryLeafInText) -> usize| -> usize {
        complete_matches.iter().map(count).sum()
    };
    let complete_count = total(MatchesWithEveryLeafInText::len);
    let selection_to_score =
        if total(MatchesWithEveryLeafInText::fully_adjacent_count) >= depth.needed_passage_count {
            MatchesToScore::Adjacent
        } else if complete_count >= depth.needed_passage_count {
            MatchesToScore::Complete
        } else {
            MatchesToScore::Every
        };
    // If no passage contains every word, regularization may compare the best hits with each other.
    let is_compared = scorer.has_several_ranked_leaves() && complete_count == 0;
    let best_count = if is_compared {
        depth.needed_passage_count.max(depth.compared_passage_count)
    } else {
        depth.needed_passage_count
    };
    let (mut best, mut window) = (TopKThreshold::new(best_count), ScoreWindow::new());
    let inputs = segments.iter().zip(&postings).zip(&complete_matches);
    for (((&segment, postings), complete), matches) in inputs.zip(&mut matches.segments) {
        deadline.check()?;
        matches.scored_passages = scorer.score_full_matches(
            segment,
            postings,
            (matches.full_matches.as_ref(), complete),
            selection_to_score,
            &mut window,
            &mut best,
        )?;
    }
    matches.postings = postings;
    Ok(())
}

/// Reads the postings of the query leaves (words and phrases) of a plan from every segment.
fn read_leaf_postings_of_segments(
    segments: &[SegmentView<'_>],
    plan: &QueryPlan,
    deadline: Deadline,
) -> Result<Vec<LeafPostings>> {
    let segments = segments.iter();
    segments.map(|&segment| LeafPostings::read(segment, plan, None, deadline)).collect()
}

/// Reads the postings of the scoring terms from every segment. `leaves` are the postings of the query leaves in each
/// segment. `reusable_postings` contains scoring terms of another plan with their postings in each segment; these
/// postings are not read again.
fn read_postings(
    segments: &[SegmentView<'_>],
    leaves: Vec<LeafPostings>,
    terms: &[ScoringTerm<'_>],
    reusable_postings: Option<(&[ScoringTerm<'_>], &[QueryPostings])>,
    deadline: Deadline,
) -> Result<Vec<QueryPostings>> {
    let inputs = segments.iter().zip(leaves).enumerate();
    let postings = inputs.map(|(ord, (&segment, leaves))| {
        let reusable_postings = reusable_postings
            .and_then(|(terms, postings)| postings.get(ord).map(|postings| (terms, postings)));
        QueryPostings::read(segment, leaves, terms, reusable_postings, deadline)
    });
    postings.collect()
}

/// Returns the BM25 weight of every scoring term.
fn bm25_weights_of_terms(
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
