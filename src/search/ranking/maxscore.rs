//! Implements MaxScore: sums the term scores of the matches of one segment, and skips matches that cannot reach the top
//! k.
//!
//! The method is described in Turtle and Flood, "Query evaluation: strategies and optimizations" (1995). The posting
//! lists are sorted by their upper bounds, in descending order. The last lists, whose upper bounds add up to less than
//! the threshold, are *non-essential*: a passage that is only in non-essential lists cannot reach the top k. So only
//! passages of the other, *essential* lists are scored, and these passages are pruned again while the non-essential
//! lists are added.
//!
//! The order of the lists is fixed, and the score of a passage does not depend on which other passages were pruned, so
//! the floating-point result is always the same.

use super::{
    bm25::LengthNorms,
    score_window::{PostingsInWindow, ScoreWindow, ScoredList, WINDOW_ENTRY_COUNT},
    top_k::CandidateList,
};
use crate::{
    error::Result,
    query::Deadline,
    search::reader::{BitSet, U32Column},
};

/// Number of non-essential posting lists that are added before the passages are pruned again.
const LISTS_BETWEEN_PRUNINGS: usize = 4;

/// The posting lists of a query in one segment, with the length norms and the passage lengths that the scores need.
pub(in crate::search) struct MaxScore<'a> {
    pub(in crate::search) norms: &'a LengthNorms<'a>,
    /// Length of each passage in token positions.
    pub(in crate::search) passage_lengths: &'a U32Column,
    /// The posting lists, sorted by [`max_score`](super::Bm25Weight::max_score), the highest first.
    pub(in crate::search) scored_lists: &'a [ScoredList<'a>],
    /// Deadline of the scoring.
    pub(in crate::search) deadline: Deadline,
}

impl MaxScore<'_> {
    /// Sums the term scores of `matches`, and adds the matches that can reach the top k to `candidates`, in ascending
    /// order of document number.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes.
    pub(in crate::search) fn accumulate_scores(
        &self,
        matches: &BitSet,
        window: &mut ScoreWindow,
        candidates: &mut CandidateList<'_>,
    ) -> Result<()> {
        let mut next_postings = vec![0; self.scored_lists.len()];
        let (mut list_windows, mut docs) =
            (Vec::with_capacity(self.scored_lists.len()), Vec::new());
        for window_start in (0..matches.bound()).step_by(WINDOW_ENTRY_COUNT as usize) {
            window.move_to_entry(window_start);
            if matches.is_empty_in(window.docs()) {
                continue;
            }
            self.deadline.check()?;
            window.load_passages_with_heading_gain(candidates);
            window.load_lists_in_window(self.scored_lists, &mut next_postings, &mut list_windows);
            if let [list] = &list_windows[..]
                && candidates.threshold() > 0.0
                && !window.has_heading_gain()
            {
                self.score_single_list(list, matches, candidates);
                continue;
            }
            let essential_count = list_windows
                .iter()
                .take_while(|list| list.remaining_max_score >= candidates.threshold())
                .count();
            let essential_lists = list_windows.get(..essential_count).unwrap_or_default();
            let other_max_score =
                list_windows.get(essential_count).map_or(0.0, |list| list.remaining_max_score);
            window.select_matches_to_score(
                matches,
                (essential_lists, other_max_score),
                (self.norms, self.passage_lengths),
                candidates,
                &mut docs,
            );
            window.load_length_norms(self.norms, self.passage_lengths, &docs);
            for (index, list) in list_windows.iter().enumerate() {
                if index
                    .checked_sub(essential_count)
                    .is_some_and(|added| added % LISTS_BETWEEN_PRUNINGS == 0)
                {
                    window.prune_docs_below_threshold(
                        &mut docs,
                        list.remaining_max_score,
                        candidates,
                    );
                }
                window.add_list_scores(self.norms, list, &docs);
            }
            for &doc in &docs {
                candidates.push(doc, window.take_partial_score(doc));
            }
        }
        Ok(())
    }

    /// Scores the matches of a window in which `list_window` is the only list with postings, and no passage gains score
    /// from its title or headings. The threshold must be positive. Matches outside the list score 0, which is below the
    /// threshold.
    fn score_single_list(
        &self,
        list_window: &PostingsInWindow<'_>,
        matches: &BitSet,
        candidates: &mut CandidateList<'_>,
    ) {
        let &ScoredList { postings, weight, is_normalized_by_length } = list_window.list;
        let mut posting_indexes = list_window.posting_range.clone();
        self.passage_lengths.for_each(list_window.docs(), |doc, length| {
            let term_freq = posting_indexes.next().map_or(0.0, |index| postings.term_freq(index));
            let norm = if is_normalized_by_length {
                self.norms.norm_of_length(length)
            } else {
                self.norms.length_independent_norm()
            };
            let term_score = weight.score(term_freq, norm);
            if term_score >= candidates.threshold() && matches.contains(doc) {
                candidates.push(doc, term_score);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
    };
    use tantivy::{
        DocId,
        columnar::{Column, ColumnIndex, column_values::VecColumn},
    };

    use super::*;
    use crate::{
        query::Ranking,
        search::{
            ranking::{
                bm25::{Bm25Weight, CollectionStats, length_norm},
                top_k::{HeadingGain, TopKThreshold, UpperBound},
            },
            reader::{Posting, PostingList},
        },
    };

    const ENTRY_COUNT: DocId = 500;
    const HEADING_GAIN: f64 = 0.3;
    const POSITION_BOOST: f64 = 0.2;

    fn bit_set(docs: impl Iterator<Item = DocId>) -> BitSet {
        let mut bits = BitSet::new(ENTRY_COUNT);
        bits.extend(docs);
        bits
    }

    fn u32_column(values: &[u64]) -> U32Column {
        U32Column::new(Column {
            index: ColumnIndex::Full,
            values: Arc::new(VecColumn::from(values.to_vec())),
        })
    }

    fn posting_list(term_freqs: &BTreeMap<DocId, u32>) -> PostingList {
        term_freqs.iter().map(|(&doc, &freq)| Posting { doc, freq, inexact_weight: 0.0 }).collect()
    }

    /// Posting lists of one segment and the matches of a query, to be scored with and without pruning.
    struct TestSegment {
        ranking: Ranking,
        collection: CollectionStats,
        matches: BitSet,
        /// For each query word: the passages with the word in a heading.
        headings: Vec<BitSet>,
        lengths: Vec<u64>,
        lists: Vec<PostingList>,
        weights: Vec<f64>,
    }

    impl TestSegment {
        /// Returns the posting lists, sorted by upper bound, the highest first.
        fn scored_lists(&self) -> Vec<ScoredList<'_>> {
            let mut lists: Vec<ScoredList<'_>> = self
                .lists
                .iter()
                .zip(&self.weights)
                .map(|(postings, &weight)| {
                    let doc_freq = postings.len() as u64;
                    let weight = Bm25Weight::new(self.collection, doc_freq, weight, &self.ranking);
                    ScoredList { postings, weight, is_normalized_by_length: true }
                })
                .collect();
            lists.sort_by(|a, b| b.weight.max_score().total_cmp(&a.weight.max_score()));
            lists
        }

        /// Returns the candidates that MaxScore finds, with their partial scores.
        fn candidates(&self, k: usize) -> BTreeMap<DocId, f64> {
            let mut heading_gain = HeadingGain::default();
            for passages in &self.headings {
                heading_gain.add_query_word(passages, HEADING_GAIN);
            }
            let bound = UpperBound { position_boost: POSITION_BOOST, is_valid: true };
            let mut top_k = TopKThreshold::new(k);
            let mut candidates = CandidateList::new(&mut top_k, bound, heading_gain);
            let norms = LengthNorms::new(&self.ranking, self.collection);
            let (lengths, lists) = (u32_column(&self.lengths), self.scored_lists());
            let max_score = MaxScore {
                norms: &norms,
                passage_lengths: &lengths,
                scored_lists: &lists,
                deadline: Deadline::never(),
            };
            max_score
                .accumulate_scores(&self.matches, &mut ScoreWindow::new(), &mut candidates)
                .unwrap();
            candidates.into_vec().into_iter().collect()
        }

        /// Returns the sum of the term scores of each match, computed passage by passage, without windows and without
        /// pruning.
        fn exhaustive_scores(&self) -> BTreeMap<DocId, f64> {
            let lists = self.scored_lists();
            let sum = |doc: DocId| {
                let length = self.lengths[doc as usize] as u32;
                let norm = length_norm(&self.ranking, self.collection, length);
                lists.iter().fold(0.0, |sum, list| {
                    let index = list.postings.docs().binary_search(&doc);
                    sum + index.map_or(0.0, |index| {
                        list.weight.score(list.postings.term_freq(index), norm)
                    })
                })
            };
            self.matches.iter().map(|doc| (doc, sum(doc))).collect()
        }

        fn heading_gain(&self, doc: DocId) -> f64 {
            self.headings.iter().filter(|passages| passages.contains(doc)).count() as f64
                * HEADING_GAIN
        }
    }

    fn any_term_freqs(max_lists: usize) -> impl Strategy<Value = Vec<BTreeMap<DocId, u32>>> {
        let dense_list = btree_map(0..ENTRY_COUNT, 1_u32..6, 0..300);
        let sparse_list = btree_map(0..ENTRY_COUNT, 1_u32..6, 0..20);
        vec(prop_oneof![dense_list, sparse_list], 1..max_lists)
    }

    fn any_segment() -> impl Strategy<Value = TestSegment> {
        let lengths = vec(6_u64..90, ENTRY_COUNT as usize);
        let strategies =
            (any_term_freqs(12), any_term_freqs(3), vec(0.1..2.0_f64, 12), lengths, 2..9_u32);
        strategies.prop_map(|(lists, headings, weights, lengths, unmatched_interval)| TestSegment {
            ranking: Ranking::default(),
            collection: CollectionStats {
                passage_count: u64::from(ENTRY_COUNT),
                position_count: lengths.iter().sum(),
            },
            matches: bit_set((0..ENTRY_COUNT).filter(|doc| doc % unmatched_interval > 0)),
            headings: headings.iter().map(|docs| bit_set(docs.keys().copied())).collect(),
            lengths,
            lists: lists.iter().map(posting_list).collect(),
            weights,
        })
    }

    impl std::fmt::Debug for TestSegment {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("TestSegment").field("lists", &self.lists).finish_non_exhaustive()
        }
    }

    proptest! {
        /// Scores with and without pruning are bit-identical, and pruning removes no passage of the top k, whatever the
        /// position boost of the passages is.
        #[test]
        fn max_score_equals_exhaustive_scoring(
            segment in any_segment(),
            boosts in vec(0.0..POSITION_BOOST, ENTRY_COUNT as usize),
            k in 1..9_usize,
        ) {
            let exhaustive = segment.exhaustive_scores();
            let unpruned = segment.candidates(usize::MAX);
            prop_assert_eq!(unpruned.len(), exhaustive.len());
            for (doc, sum) in &exhaustive {
                prop_assert_eq!(unpruned[doc].to_bits(), sum.to_bits(), "{}", doc);
            }
            let score = |doc: DocId| {
                (exhaustive[&doc] + segment.heading_gain(doc)) * (1.0 + boosts[doc as usize])
            };
            let mut scores: Vec<f64> = exhaustive.keys().map(|&doc| score(doc)).collect();
            scores.sort_by(|a, b| b.total_cmp(a));
            let candidates = segment.candidates(k);
            for (&doc, sum) in &exhaustive {
                match candidates.get(&doc) {
                    Some(candidate) => prop_assert_eq!(candidate.to_bits(), sum.to_bits()),
                    None => prop_assert!(score(doc) < scores[k - 1], "{doc} {}", score(doc)),
                }
            }
        }
    }

    /// Returns a segment with two posting lists over 200 passages of equal length: a term of high weight in two
    /// passages, and a term of low weight in all passages.
    fn segment_with_rare_and_common_term() -> TestSegment {
        let common_term = (0..200).map(|doc| (doc, 1)).collect();
        TestSegment {
            ranking: Ranking::default(),
            collection: CollectionStats { passage_count: 1_000, position_count: 10_000 },
            matches: bit_set(0..200),
            headings: Vec::new(),
            lengths: vec![10; ENTRY_COUNT as usize],
            lists: vec![
                posting_list(&BTreeMap::from([(3, 1), (150, 2)])),
                posting_list(&common_term),
            ],
            weights: vec![1.0, 0.1],
        }
    }

    #[test]
    fn passages_of_non_essential_lists_alone_are_pruned() {
        let candidates = segment_with_rare_and_common_term().candidates(1);
        // Passage 3 sets the threshold in the first window. Passages with only the common term stay below the
        // threshold.
        assert_eq!(candidates.into_keys().collect::<Vec<_>>(), [150]);
    }

    #[test]
    fn accumulators_are_reset_after_each_segment() {
        let segment = segment_with_rare_and_common_term();
        let (lists, lengths) = (segment.scored_lists(), u32_column(&segment.lengths));
        let norms = LengthNorms::new(&segment.ranking, segment.collection);
        let mut window = ScoreWindow::new();
        let bound = UpperBound { position_boost: 0.0, is_valid: true };
        for _ in 0..2 {
            let mut top_k = TopKThreshold::new(1);
            let mut candidates = CandidateList::new(&mut top_k, bound, HeadingGain::default());
            let max_score = MaxScore {
                norms: &norms,
                passage_lengths: &lengths,
                scored_lists: &lists,
                deadline: Deadline::never(),
            };
            max_score.accumulate_scores(&segment.matches, &mut window, &mut candidates).unwrap();
            assert_eq!(candidates.into_vec(), [(150, segment.exhaustive_scores()[&150])]);
            assert!(window.are_accumulators_reset());
        }
    }
}
