//! Finds other matches: passages that lack a word of the query, for pages that the full matches do not fill.
//!
//! Other matches rank below all full matches. First come passages of the documents that have every word: for each
//! document, the few passages that together contain as many of the words as possible. Then come the other passages that
//! lack a word. The score orders them, with one exception: for a query of two words, the passages with the more important
//! word come first, and among these, passages with the word in their text come before passages with the word only in
//! their title or headings.

use std::{collections::BTreeMap, ops::Range};

use tantivy::DocId;

use super::{
    Matches, SearchDepth, bm25_weights_of_terms,
    cover::PassageCoverFinder,
    read_postings,
    release_score::{Candidate, MAX_CANDIDATES_WITH_DOCUMENT_SCORE, add_release_scores},
};
use crate::{
    error::Result,
    query::{Deadline, Facet, Query, QueryPlan},
    search::{
        context::SearchContext,
        matching::{
            FacetSelection, LeafPostings, ReusableLeaves, passages_matching_with_headings_as_text,
            retain_docs_with_any_leaf_in_text,
        },
        ranking::{QueryPostings, ScoreWindow, ScoredDoc, Scorer, TopKThreshold, scoring_terms},
        reader::{BitSet, PostingList, SegmentView},
        results::MatchKind,
    },
};

/// Maximum number of words of a query whose other matches are ordered by the words that they lack.
const MAX_WORDS_FOR_ORDER_BY_MISSING_WORDS: usize = 2;

/// Adds to `matches` the best other matches: passages that match `loose` and are not among the full matches. `loose` is
/// the plan of the query in which words that a match should contain are optional. The first leaves (words or phrases)
/// of `loose` correspond to the leaves of `plan`, which is the plan of `matches`.
pub(in crate::search) fn add_other_matches(
    context: &SearchContext,
    matches: &mut Matches,
    (plan, loose): (&QueryPlan, &QueryPlan),
    chosen: &BTreeMap<Facet, Vec<String>>,
    query: &Query,
    depth: SearchDepth,
    deadline: Deadline,
) -> Result<()> {
    // This call makes a remote index fetch the best of the other matches.
    context.statistics.match_totals(loose, chosen, query);
    let segments = context.segments();
    let (full_match_terms, terms) =
        (scoring_terms(plan, &query.ranking), scoring_terms(loose, &query.ranking));
    let loose_leaves = segments.iter().zip(&matches.postings).map(|(&segment, postings)| {
        let reusable_leaves = ReusableLeaves { query: plan, postings: &postings.leaves };
        LeafPostings::read(segment, loose, Some(reusable_leaves), deadline)
    });
    let loose_leaves = loose_leaves.collect::<Result<Vec<_>>>()?;
    let reusable_postings = Some((&full_match_terms[..], &matches.postings[..]));
    let postings = read_postings(&segments, loose_leaves, &terms, reusable_postings, deadline)?;
    let weights =
        bm25_weights_of_terms(&*context.statistics, &postings, loose, &terms, &query.ranking);
    let scorer = Scorer::new(loose, &query.ranking, context.collection(), &terms, &weights);
    let mut unscored_passages = Vec::with_capacity(segments.len());
    let mut has_passages_lacking_a_word = false;
    for ((&segment, postings), full) in segments.iter().zip(&postings).zip(&matches.segments) {
        deadline.check()?;
        let facet_selection = {
            let matching =
                passages_matching_with_headings_as_text(segment, loose, &postings.leaves)?;
            FacetSelection::new(segment, matching, chosen)?
        };
        let mut all_others = facet_selection.all_matches().clone();
        all_others.difference_with(full.facet_selection.all_matches());
        has_passages_lacking_a_word |= !all_others.is_empty();
        let mut passages = facet_selection.matches_chosen_in_every_facet().as_ref().clone();
        passages.difference_with(&full.full_matches);
        unscored_passages.push(passages);
    }
    if matches.has_full_match() {
        // A passage that contains only derivations of the query words counts as having none of them.
        let postings = matches.postings.iter().zip(&postings);
        for (unscored_passages, (postings, loose_postings)) in
            unscored_passages.iter_mut().zip(postings)
        {
            unscored_passages.intersect_with(&passages_with_any_leaf(
                unscored_passages,
                &postings.leaves,
                &loose_postings.leaves,
                loose,
            ));
        }
    }
    matches.has_passages_lacking_a_word = has_passages_lacking_a_word;
    matches.other_match_count = Some(unscored_passages.iter().map(BitSet::len).sum());
    if depth.needed_passage_count == 0 {
        return Ok(());
    }
    let mut ranked = OtherMatchCollector {
        segments: &segments,
        postings: &postings,
        full_match_postings: &matches.postings,
        loose,
        scorer: &scorer,
        window: ScoreWindow::new(),
        unscored_passages,
        candidates: Vec::new(),
    };
    let release_count = match depth.needed_passage_count {
        usize::MAX => usize::MAX,
        needed_passage_count => needed_passage_count.max(MAX_CANDIDATES_WITH_DOCUMENT_SCORE),
    };
    ranked.add_passages_of_complete_documents(release_count, deadline)?;
    ranked.add_passages_lacking_a_word(
        depth.needed_passage_count.max(depth.compared_passage_count),
        deadline,
    )?;
    let OtherMatchCollector { mut candidates, .. } = ranked;
    if context.has_long_documents() {
        add_release_scores(&segments, &postings, &scorer, &query.ranking, &mut candidates);
    }
    for Candidate { segment_ord, scored_doc } in candidates {
        if let Some(matches) = matches.segments.get_mut(segment_ord) {
            matches.scored_passages.push(scored_doc);
        }
    }
    Ok(())
}

/// Returns the passages that contain a part of the query in their text, title or headings: a word, a pair of Han
/// characters, or the number of a quantity. `leaves` are the postings of the words without derived words, and
/// `loose_postings` are the postings of `loose`, the plan for other matches. The result has the same bound as
/// `unscored_passages`.
fn passages_with_any_leaf(
    unscored_passages: &BitSet,
    leaves: &LeafPostings,
    loose_postings: &LeafPostings,
    loose: &QueryPlan,
) -> BitSet {
    let mut passages = unscored_passages.empty_like();
    for (index, leaf) in loose.leaves.iter().enumerate() {
        let has_own_postings = leaf.adds_score() && leaf.bare_number().is_none();
        let postings = if has_own_postings { leaves } else { loose_postings };
        passages.extend(postings.leaf_list(index).docs().iter().copied());
        if let Some(headings) = leaves.passages_below_headings(index) {
            passages.union_with(headings);
        }
    }
    passages
}

/// Collects the other matches of a query. Scores the passages in sets, the best set first.
struct OtherMatchCollector<'a> {
    segments: &'a [SegmentView<'a>],
    postings: &'a [QueryPostings],
    /// Postings of the query without derivations, in each segment.
    full_match_postings: &'a [QueryPostings],
    /// Plan in which the words that a match should contain are optional.
    loose: &'a QueryPlan,
    scorer: &'a Scorer<'a>,
    window: ScoreWindow,
    /// The passages of each segment that are not scored yet.
    unscored_passages: Vec<BitSet>,
    /// The passages scored so far.
    candidates: Vec<Candidate>,
}

impl OtherMatchCollector<'_> {
    /// Scores the passages of `sets`, one set for each segment, and removes them from the passages that are not scored
    /// yet. Omits passages that are not among the `needed_count` best.
    fn score_passage_sets(
        &mut self,
        sets: Vec<BitSet>,
        needed_count: usize,
        match_kind: MatchKind,
        word_set_rank: u8,
    ) -> Result<()> {
        let mut top_k = TopKThreshold::new(needed_count);
        let inputs = self.segments.iter().zip(self.postings).zip(&mut self.unscored_passages);
        for (segment, (((&view, postings), unscored_passages), set)) in inputs.zip(sets).enumerate()
        {
            if set.is_empty() {
                continue;
            }
            unscored_passages.difference_with(&set);
            let buffers = (&mut self.window, &mut top_k);
            let scored = self.scorer.score_passages(
                view,
                postings,
                &set,
                needed_count < usize::MAX,
                buffers,
                |_| 0.0,
            )?;
            let candidates = scored.into_iter().map(|scored| Candidate {
                segment_ord: segment,
                scored_doc: ScoredDoc { match_kind, word_set_rank, ..scored },
            });
            self.candidates.extend(candidates);
        }
        Ok(())
    }

    /// Adds the `needed_count` best passages of the documents that have every word.
    fn add_passages_of_complete_documents(
        &mut self,
        needed_count: usize,
        deadline: Deadline,
    ) -> Result<()> {
        let leaves: Vec<(usize, f64)> = self.query_leaf_idfs();
        let mut sets = Vec::with_capacity(self.segments.len());
        for ((&segment, QueryPostings { leaves: leaf_postings, .. }), unscored_passages) in
            self.segments.iter().zip(self.full_match_postings).zip(&self.unscored_passages)
        {
            deadline.check()?;
            sets.push(covering_passages_of_complete_documents(
                segment,
                leaf_postings,
                &leaves,
                unscored_passages,
            )?);
        }
        self.score_passage_sets(sets, needed_count, MatchKind::Release, 0)
    }

    /// Adds passages that lack a word, until there are `needed_count` candidates.
    fn add_passages_lacking_a_word(
        &mut self,
        needed_count: usize,
        deadline: Deadline,
    ) -> Result<()> {
        let word_sets = word_sets_by_importance(&self.query_leaf_idfs());
        for (index, words) in word_sets.iter().enumerate() {
            let missing_count = needed_count.saturating_sub(self.candidates.len());
            if missing_count == 0 {
                return Ok(());
            }
            deadline.check()?;
            let (in_text, above_text) = self.passages_with_words_in_text_or_headings(words)?;
            let word_set_rank = 2 * (word_sets.len() - index) as u8;
            self.score_passage_sets(in_text, missing_count, MatchKind::Some, word_set_rank)?;
            let missing_count = needed_count.saturating_sub(self.candidates.len());
            if missing_count > 0 {
                self.score_passage_sets(
                    above_text,
                    missing_count,
                    MatchKind::Some,
                    word_set_rank - 1,
                )?;
            }
        }
        let missing_count = needed_count.saturating_sub(self.candidates.len());
        if missing_count > 0 {
            let sets = self.unscored_passages.clone();
            self.score_passage_sets(sets, missing_count, MatchKind::Some, 0)?;
        }
        Ok(())
    }

    /// Returns two sets of passages for each segment. The passages of both sets have every word of `words`. Passages of
    /// the first set have at least one of the words in their text. Passages of the second set have all of the words
    /// only in their title or headings.
    fn passages_with_words_in_text_or_headings(
        &self,
        words: &[usize],
    ) -> Result<(Vec<BitSet>, Vec<BitSet>)> {
        let (mut in_text, mut above_text) = (Vec::new(), Vec::new());
        for ((&segment, QueryPostings { leaves, .. }), unscored_passages) in
            self.segments.iter().zip(self.full_match_postings).zip(&self.unscored_passages)
        {
            let mut docs = leaves.passages_with_all_leaves(words, Some(unscored_passages));
            let mut without_text = unscored_passages.empty_like();
            without_text.extend(docs.iter().copied());
            retain_docs_with_any_leaf_in_text(segment, self.loose, leaves, words, &mut docs)?;
            let mut with_text = unscored_passages.empty_like();
            with_text.extend(docs);
            without_text.difference_with(&with_text);
            in_text.push(with_text);
            above_text.push(without_text);
        }
        Ok((in_text, above_text))
    }

    /// Returns the indexes of the query leaves (words or phrases) that add score, with their inverse document
    /// frequencies. Omits the leaves for parts of words, which only the plan for other matches has.
    fn query_leaf_idfs(&self) -> Vec<(usize, f64)> {
        self.scorer.ranked_leaves().collect()
    }
}

/// Returns the proper, nonempty subsets of the query words, as query leaf indexes, the most important subset first.
/// Returns no subsets if the query has more than [`MAX_WORDS_FOR_ORDER_BY_MISSING_WORDS`] words.
fn word_sets_by_importance(leaves: &[(usize, f64)]) -> Vec<Vec<usize>> {
    if leaves.len() > MAX_WORDS_FOR_ORDER_BY_MISSING_WORDS {
        return Vec::new();
    }
    let set_of_all_words = (1_u32 << leaves.len()) - 1;
    let words_of = |set: u32| {
        leaves.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1).map(|(_, leaf)| *leaf)
    };
    let weight = |set: u32| -> f64 { words_of(set).map(|(_, idf)| idf).sum() };
    let mut sets: Vec<u32> = (1..set_of_all_words).collect();
    sets.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then(a.cmp(&b)));
    sets.into_iter().map(|set| words_of(set).map(|(leaf, _)| leaf).collect()).collect()
}

/// Finds the documents that have every query leaf (word or phrase) in a passage or in their title. For each of these
/// documents, chooses a few passages in `unscored_passages` that together have as many of the leaves as possible.
fn covering_passages_of_complete_documents(
    segment: SegmentView<'_>,
    postings: &LeafPostings,
    leaves: &[(usize, f64)],
    unscored_passages: &BitSet,
) -> Result<BitSet> {
    let mut chosen = unscored_passages.empty_like();
    let mut meter = segment.deadline.work_meter();
    let mut cover = PassageCoverFinder::new(postings, leaves);
    for (_, passages) in documents_with_all_leaves(segment, postings, leaves) {
        meter.add(passages.len())?;
        chosen.extend(
            cover.passages_covering_leaves_of_document(passages, |doc| {
                unscored_passages.contains(doc)
            }),
        );
    }
    Ok(chosen)
}

/// Returns the documents that have every query leaf (word or phrase) in a passage or in their title, in ascending
/// order: the record of each document, and its passages.
///
/// Only the documents with the rarest leaf are looked up in the postings of the other leaves.
fn documents_with_all_leaves(
    segment: SegmentView<'_>,
    postings: &LeafPostings,
    leaves: &[(usize, f64)],
) -> Vec<(DocId, Range<DocId>)> {
    let mut leaves: Vec<usize> = leaves.iter().map(|(leaf, _)| *leaf).collect();
    leaves.sort_by_key(|&leaf| {
        let headings = postings.heading_matches(leaf);
        let in_headings = headings
            .map_or(0, |matches| matches.heading_postings.len() + matches.title_postings.len());
        postings.leaf_list(leaf).len() + in_headings
    });
    let Some((&rarest, others)) = leaves.split_first() else { return Vec::new() };
    let records = records_with_leaf(segment, postings, rarest).into_iter();
    let mut documents: Vec<(DocId, Range<DocId>)> =
        records.map(|record| (record, segment.columns.passages_of(record))).collect();
    for &leaf in others {
        let headings = postings.heading_matches(leaf);
        let mut in_text = PassageRangeChecker::new(postings.leaf_list(leaf));
        let mut in_headings =
            headings.map(|matches| PassageRangeChecker::new(&matches.heading_postings));
        documents.retain(|(record, passages)| {
            in_text.has_passage_in(passages)
                || in_headings.as_mut().is_some_and(|finder| finder.has_passage_in(passages))
                || headings.is_some_and(|matches| {
                    matches.title_postings.docs().binary_search(record).is_ok()
                })
        });
    }
    documents
}

/// Checks whether a posting list has a passage in a range. The calls must pass the ranges in ascending order.
struct PassageRangeChecker<'a> {
    postings: &'a PostingList,
    /// Index of the first posting that is not before the previous range.
    next_posting: usize,
}

impl<'a> PassageRangeChecker<'a> {
    const fn new(postings: &'a PostingList) -> Self {
        Self { postings, next_posting: 0 }
    }

    /// Returns whether the posting list has a posting of one of `passages`.
    fn has_passage_in(&mut self, passages: &Range<DocId>) -> bool {
        self.next_posting = self.postings.seek(self.next_posting, passages.start);
        self.postings.docs().get(self.next_posting).is_some_and(|&doc| doc < passages.end)
    }
}

/// Returns the records of the documents that have a query leaf in a passage or in their title, in ascending order.
fn records_with_leaf(segment: SegmentView<'_>, postings: &LeafPostings, leaf: usize) -> Vec<DocId> {
    let mut records: Vec<DocId> = Vec::new();
    let headings = postings.heading_matches(leaf);
    let in_headings = headings.map(|matches| matches.heading_postings.docs()).unwrap_or_default();
    for docs in [postings.leaf_list(leaf).docs(), in_headings] {
        let mut last_record = None;
        for &doc in docs {
            // The record of a document follows its passages.
            if last_record.is_none_or(|last| last < doc) {
                last_record = segment.columns.record_of(doc);
                records.extend(last_record);
            }
        }
    }
    records.extend(headings.map(|matches| matches.title_postings.docs()).unwrap_or_default());
    records.sort_unstable();
    records.dedup();
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_that_lack_the_least_important_word_come_first() {
        let leaves = [(0, 1.0), (1, 5.0)];
        let expected: [&[usize]; 2] = [&[1], &[0]];
        assert_eq!(word_sets_by_importance(&leaves), expected);
        assert!(word_sets_by_importance(&[(0, 1.0); 3]).is_empty());
    }
}
