//! The score threshold of the top k hits, and the passages of a segment that can still reach the threshold.
//!
//! Pruning compares partial scores: sums of term scores and heading gains. [`UpperBound`] bounds the score that a
//! passage with a given partial score can reach.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::DocId;

use crate::search::reader::BitSet;

/// The k highest partial scores of all segments scored so far, in a min-heap.
pub(in crate::search) struct TopKThreshold {
    k: usize,
    /// Partial scores as bit patterns, because the bit patterns of non-negative floats sort like the floats.
    heap: BinaryHeap<Reverse<u64>>,
    /// The k-th highest partial score; 0 until k scores are inserted.
    threshold: f64,
}

impl TopKThreshold {
    /// Creates an empty heap for `k` partial scores. If `k` is `usize::MAX`, nothing is stored and the threshold stays
    /// 0.
    pub(in crate::search) fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::new(), threshold: 0.0 }
    }

    /// Inserts a partial score if it is among the k highest. Returns whether the heap was changed and is full, so that
    /// the threshold may have risen. Takes O(log k) time, or O(1) if the score is not above the threshold.
    fn insert(&mut self, partial_score: f64) -> bool {
        let is_full = self.heap.len() == self.k;
        if self.k == usize::MAX || is_full && partial_score <= self.threshold {
            return false;
        }
        if is_full {
            self.heap.pop();
        }
        self.heap.push(Reverse(partial_score.max(0.0).to_bits()));
        let lowest = self.heap.peek().filter(|_| self.heap.len() == self.k);
        lowest.map(|lowest| self.threshold = f64::from_bits(lowest.0)).is_some()
    }
}

/// Upper bound of the score of a passage, given its partial score `sum`: score = sum × factor, with a factor from 1 to
/// 1 + `position_boost`. A bonus that all compared passages get does not change their order.
#[derive(Clone, Copy)]
pub(in crate::search) struct UpperBound {
    pub(in crate::search) position_boost: f64,
    /// Whether the bound holds for the compared passages. If the bound does not hold, no passage is pruned.
    pub(in crate::search) is_valid: bool,
}

impl UpperBound {
    /// Returns the minimum partial score with which a passage can outrank a passage whose partial score is `threshold`.
    ///
    /// The outranked passage scores at least `threshold`. A passage with the partial score `sum` scores at most `sum` ×
    /// (1 + `position_boost`).
    fn min_partial_score(self, threshold: f64) -> f64 {
        if !self.is_valid {
            return f64::NEG_INFINITY;
        }
        // The last term compensates for rounding errors.
        threshold / (1.0 + self.position_boost) - threshold * 1e-9
    }
}

/// Score that passages gain from query words in their title and headings.
#[derive(Default)]
pub(in crate::search) struct HeadingGain<'a> {
    /// Passages that contain a query word in their title or headings, and the gain of each of these passages. One pair
    /// for each query word.
    gains_by_word: Vec<(&'a BitSet, f64)>,
    /// Passages with any gain. `None` if no query word was added.
    passages: Option<BitSet>,
    /// Upper bound of the total gain of one passage.
    max_gain: f64,
}

impl<'a> HeadingGain<'a> {
    /// Adds a query word that gives each of `passages` the same gain.
    pub(in crate::search) fn add_query_word(&mut self, passages: &'a BitSet, gain: f64) {
        match &mut self.passages {
            Some(union) => union.union_with(passages),
            None => self.passages = Some(passages.clone()),
        }
        self.gains_by_word.push((passages, gain));
        self.max_gain += gain;
    }

    /// Returns the gain of the passage `doc` from all query words in its title and headings.
    fn gain_of_passage(&self, doc: DocId) -> f64 {
        if !self.passages.as_ref().is_some_and(|passages| passages.contains(doc)) {
            return 0.0;
        }
        let gains = self.gains_by_word.iter().filter(|(passages, _)| passages.contains(doc));
        gains.map(|(_, gain)| gain).sum()
    }
}

/// The passages of one segment that can be among the top k, with their partial scores.
pub(in crate::search) struct CandidateList<'a> {
    top_k: &'a mut TopKThreshold,
    bound: UpperBound,
    heading_gain: HeadingGain<'a>,
    /// Minimum partial score with which a passage can reach the top k.
    threshold: f64,
    /// Passages, each with the sum of its term scores, without heading gain.
    candidates: Vec<(DocId, f64)>,
}

impl<'a> CandidateList<'a> {
    pub(in crate::search) fn new(
        top_k: &'a mut TopKThreshold,
        bound: UpperBound,
        heading_gain: HeadingGain<'a>,
    ) -> Self {
        let threshold = bound.min_partial_score(top_k.threshold);
        Self { top_k, bound, heading_gain, threshold, candidates: Vec::new() }
    }

    /// Returns the minimum sum of term scores with which a passage without heading gain can reach the top k.
    pub(in crate::search) fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Returns the minimum sum of term scores with which a passage with heading gain can reach the top k.
    pub(in crate::search) fn threshold_with_heading_gain(&self) -> f64 {
        self.threshold - self.heading_gain.max_gain
    }

    /// Returns the passages with a heading gain. `None` if no query word gives a heading gain.
    pub(in crate::search) fn passages_with_heading_gain(&self) -> Option<&BitSet> {
        self.heading_gain.passages.as_ref()
    }

    /// Adds a passage if it can reach the top k, and raises the threshold. `text_sum` is the sum of the term scores of
    /// the passage, without heading gain.
    pub(in crate::search) fn push(&mut self, doc: DocId, text_sum: f64) {
        // Fast path for most passages.
        if text_sum < self.threshold_with_heading_gain() {
            return;
        }
        let partial_score = text_sum + self.heading_gain.gain_of_passage(doc);
        if self.top_k.insert(partial_score) {
            self.threshold = self.bound.min_partial_score(self.top_k.threshold);
        }
        if partial_score >= self.threshold {
            self.candidates.push((doc, text_sum));
        }
    }

    /// Returns the passages that can reach the final threshold, in ascending order of document number. Each passage
    /// comes with the sum of its term scores, without heading gain.
    pub(in crate::search) fn into_vec(mut self) -> Vec<(DocId, f64)> {
        // The threshold may have risen after a candidate was added.
        self.candidates
            .retain(|&(doc, sum)| sum + self.heading_gain.gain_of_passage(doc) >= self.threshold);
        self.candidates
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Upper bound without a position boost: the score of a passage is its partial score, the sum of its term scores
    /// and heading gains.
    const WITHOUT_BOOST: UpperBound = UpperBound { position_boost: 0.0, is_valid: true };

    fn bit_set(docs: &[DocId]) -> BitSet {
        let mut bits = BitSet::new(64);
        bits.extend(docs.iter().copied());
        bits
    }

    proptest! {
        #[test]
        fn threshold_is_the_kth_of_the_sorted_sums(sums in vec(0.0..9.0_f64, 0..40), k in 1..9_usize) {
            let mut top_k = TopKThreshold::new(k);
            for (count, &sum) in (1..).zip(&sums) {
                top_k.insert(sum);
                let mut sorted = sums[..count].to_vec();
                sorted.sort_by(|a, b| b.total_cmp(a));
                let kth = sorted.get(k - 1).copied().unwrap_or(0.0);
                prop_assert_eq!(top_k.threshold.to_bits(), kth.to_bits());
            }
        }
    }

    #[test]
    fn threshold_stays_zero_without_a_limit_k() {
        let mut top_k = TopKThreshold::new(usize::MAX);
        assert!(!top_k.insert(3.0));
        assert_eq!((top_k.threshold, top_k.heap.len()), (0.0, 0));
    }

    #[test]
    fn min_partial_score_is_the_lowest_sum_that_the_position_boost_can_raise_to_the_threshold() {
        let bound = UpperBound { position_boost: 0.2, is_valid: true };
        // A passage with the sum 12 scores at least 12. Another passage reaches 12 with sum * 1.2 = 12, that is with
        // the sum 10.
        assert!((bound.min_partial_score(12.0) - 10.0).abs() < 1e-7);
        assert!(
            bound.min_partial_score(12.0) < 10.0,
            "a rounding error must not exclude a passage"
        );
        let invalid = UpperBound { is_valid: false, ..bound };
        assert!(invalid.min_partial_score(12.0).is_infinite());
    }

    #[test]
    fn candidates_below_the_final_threshold_are_removed() {
        let mut top_k = TopKThreshold::new(2);
        let mut candidates = CandidateList::new(&mut top_k, WITHOUT_BOOST, HeadingGain::default());
        for (doc, sum) in [(1, 1.0), (2, 2.0), (3, 0.5), (4, 3.0)] {
            candidates.push(doc, sum);
        }
        // Passage 3 is never added. Passage 1 is not among the two highest at the end.
        assert_eq!(candidates.into_vec(), [(2, 2.0), (4, 3.0)]);
        // The threshold of one segment also prunes the passages of the next segment.
        let mut candidates = CandidateList::new(&mut top_k, WITHOUT_BOOST, HeadingGain::default());
        candidates.push(7, 1.5);
        assert_eq!(candidates.into_vec(), []);
    }

    #[test]
    fn heading_gain_counts_towards_the_threshold() {
        let (first, second) = (bit_set(&[1, 5]), bit_set(&[5]));
        let mut gain = HeadingGain::default();
        gain.add_query_word(&first, 0.5);
        gain.add_query_word(&second, 0.25);
        let gains = [1, 5, 6].map(|doc| gain.gain_of_passage(doc).to_bits());
        assert_eq!(gains, [0.5_f64, 0.75, 0.0].map(f64::to_bits));
        let mut top_k = TopKThreshold::new(1);
        let mut candidates = CandidateList::new(&mut top_k, WITHOUT_BOOST, gain);
        candidates.push(1, 1.0); // 1.5 with its gain
        candidates.push(6, 1.4);
        candidates.push(5, 1.0); // 1.75 with its gain
        assert_eq!(candidates.into_vec(), [(5, 1.0)]);
    }
}
