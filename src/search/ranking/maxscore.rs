//! MaxScore: sums the term scores of the candidates of one segment, without those that cannot reach the top k.
//!
//! Turtle and Flood, "Query evaluation: strategies and optimizations" (1995). The lists are sorted by their
//! upper bound. The last ones, whose upper bounds together stay below the threshold, are *non-essential*: a
//! passage in none of the other, *essential* lists cannot reach the top k. So only passages of essential lists are
//! summed, and they are pruned again while the non-essential lists are added.
//!
//! Evaluation is term at a time within a window of passages: the sums of a window stay in the cache, and the
//! inner loops have no branch that the processor cannot predict. The order of the lists is fixed and no sum of a
//! passage depends on what was pruned: the floating point result is always the same.

use std::ops::Range;

use tantivy::DocId;

use super::{
    bm25::{Bm25Weight, CollectionStats, length_norm},
    top_k::CandidateList,
};
use crate::{
    query::Ranking,
    search::reader::{BitSet, PostingList, U32Column},
};

/// Entries of the segment in a window, a multiple of 64.
const WINDOW: DocId = if cfg!(test) { 64 } else { 2048 };
/// A posting list at least this many times longer than the list of passages is searched, not scanned.
const SEARCH_RATIO: usize = 6;
/// Number of non-essential lists that are added between two prunings.
const PRUNE_INTERVAL: usize = 4;

/// The posting list of a scoring term in one segment.
pub(in crate::search) struct ScoredList<'a> {
    pub(in crate::search) postings: &'a PostingList,
    pub(in crate::search) weight: Bm25Weight,
    /// Whether the length of the passage normalizes the score, as it does for terms of the body.
    pub(in crate::search) uses_length: bool,
}

/// The part of a [`ScoredList`] that lies in the current window.
struct ListWindow<'a> {
    list: &'a ScoredList<'a>,
    /// Indexes of its postings in the list.
    range: Range<usize>,
    /// Upper bound of the score of this list and all lists after it.
    remaining_max_score: f64,
}

impl ListWindow<'_> {
    fn docs(&self) -> &[DocId] {
        self.list.postings.docs().get(self.range.clone()).unwrap_or_default()
    }
}

/// The accumulators of a window. One serves all windows of all segments.
pub(in crate::search) struct ScoreWindow {
    /// The first entry of the window.
    start: DocId,
    /// Per entry: the sum so far.
    sums: Vec<f64>,
    /// Per entry: the length norm. It is infinite for entries that are not summed: every term scores 0 there, which
    /// saves a branch per posting.
    norms: Vec<f64>,
    /// The entries that are summed, counted from `start`.
    selected: BitSet,
    /// The entries with heading gain, counted from `start`.
    with_heading_gain: BitSet,
}

impl ScoreWindow {
    pub(in crate::search) fn new() -> Self {
        let entries = WINDOW as usize;
        Self {
            start: 0,
            sums: vec![0.0; entries],
            norms: vec![f64::INFINITY; entries],
            selected: BitSet::new(WINDOW),
            with_heading_gain: BitSet::new(WINDOW),
        }
    }

    fn docs(&self) -> Range<DocId> {
        self.start..self.start + WINDOW
    }

    fn index_of(&self, doc: DocId) -> usize {
        (doc - self.start) as usize
    }

    fn load_heading_gain(&mut self, candidates: &CandidateList<'_>) {
        let docs = self.docs();
        self.with_heading_gain.clear();
        if let Some(passages) = candidates.passages_with_heading_gain() {
            self.with_heading_gain.union_with_range(passages, docs);
        }
    }

    /// Fills `windows` with the lists that have postings in this window. `next` holds, per list, the index of the
    /// first posting after the previous windows, and is moved on.
    fn load_lists<'a>(
        &self,
        lists: &'a [ScoredList<'a>],
        next: &mut [usize],
        windows: &mut Vec<ListWindow<'a>>,
    ) {
        let Range { start, end } = self.docs();
        windows.clear();
        for (list, next) in lists.iter().zip(next) {
            let first = list.postings.seek(*next, start);
            *next = list.postings.seek(first, end);
            if first < *next {
                windows.push(ListWindow { list, range: first..*next, remaining_max_score: 0.0 });
            }
        }
        let mut remaining_max_score = 0.0;
        for window in windows.iter_mut().rev() {
            remaining_max_score += window.list.weight.max_score();
            window.remaining_max_score = remaining_max_score;
        }
    }

    /// Fills `docs` with the matches to sum: those in an essential list or with heading gain. Takes all matches
    /// of the window instead if that is not fewer, or if nothing can be pruned yet.
    fn select(
        &mut self,
        matches: &BitSet,
        essential: &[ListWindow<'_>],
        candidates: &CandidateList<'_>,
        docs: &mut Vec<DocId>,
    ) {
        docs.clear();
        let (start, window) = (self.start, self.docs());
        let postings: usize = essential.iter().map(|list| list.range.len()).sum();
        if candidates.threshold() <= 0.0 || postings >= matches.count_in(window.clone()) {
            matches.append_range(window, docs);
            return;
        }
        self.selected.clear();
        self.selected.union_with(&self.with_heading_gain);
        for list in essential {
            self.selected.extend(list.docs().iter().map(|doc| doc - start));
        }
        self.selected.intersect_with_range(matches, window);
        self.selected.iter().for_each(|index| docs.push(start + index));
    }

    /// Removes the passages that stay below the threshold even if they gain `remaining_max_score`.
    ///
    /// The loop is free of branches that depend on the sums: which passages stay is unpredictable, and a
    /// mispredicted branch costs more than the writes that it would save. Every passage is written to the next
    /// free index of `docs`; the index moves on only if the passage stays.
    fn prune(
        &mut self,
        docs: &mut Vec<DocId>,
        remaining_max_score: f64,
        candidates: &CandidateList<'_>,
    ) {
        let min_sum = candidates.threshold() - remaining_max_score;
        let min_sum_with_heading_gain =
            candidates.threshold_with_heading_gain() - remaining_max_score;
        let mut remaining = 0;
        for read in 0..docs.len() {
            let Some(&doc) = docs.get(read) else { continue };
            let index = self.index_of(doc);
            let (Some(sum), Some(norm)) = (self.sums.get_mut(index), self.norms.get_mut(index))
            else {
                continue;
            };
            let has_heading_gain = self.with_heading_gain.contains(doc - self.start);
            let min_sum = if has_heading_gain { min_sum_with_heading_gain } else { min_sum };
            let stays = *sum >= min_sum;
            *sum = if stays { *sum } else { 0.0 };
            *norm = if stays { *norm } else { f64::INFINITY };
            if let Some(write) = docs.get_mut(remaining) {
                *write = doc;
            }
            remaining += usize::from(stays);
        }
        docs.truncate(remaining);
    }

    /// Resets the accumulator of a passage and returns its sum.
    fn take(&mut self, doc: DocId) -> f64 {
        let index = self.index_of(doc);
        match (self.sums.get_mut(index), self.norms.get_mut(index)) {
            (Some(sum), Some(norm)) => {
                *norm = f64::INFINITY;
                std::mem::take(sum)
            }
            _ => 0.0,
        }
    }
}

/// The [`length_norm`] of every length, and the loops that use it.
pub(in crate::search) struct LengthNorms<'a> {
    ranking: &'a Ranking,
    collection: CollectionStats,
    /// Norms of the shortest lengths, computed once.
    cached: Vec<f64>,
}

impl<'a> LengthNorms<'a> {
    const CACHED: u32 = 256;

    pub(in crate::search) fn new(ranking: &'a Ranking, collection: CollectionStats) -> Self {
        let cached =
            (0..Self::CACHED).map(|length| length_norm(ranking, collection, length)).collect();
        Self { ranking, collection, cached }
    }

    fn of_length(&self, length: u32) -> f64 {
        let cached = self.cached.get(length as usize).copied();
        cached.unwrap_or_else(|| length_norm(self.ranking, self.collection, length))
    }

    /// Sums the scores of `matches` over `lists` and adds those that can reach the top k to `candidates`,
    /// ascending.
    ///
    /// The lists must be sorted by [`Bm25Weight::max_score`], the highest first.
    pub(in crate::search) fn accumulate(
        &self,
        lengths: &U32Column,
        matches: &BitSet,
        lists: &[ScoredList<'_>],
        window: &mut ScoreWindow,
        candidates: &mut CandidateList<'_>,
    ) {
        let mut next = vec![0; lists.len()];
        let (mut list_windows, mut docs) = (Vec::with_capacity(lists.len()), Vec::new());
        for start in (0..matches.bound()).step_by(WINDOW as usize) {
            window.start = start;
            if matches.is_empty_in(window.docs()) {
                continue;
            }
            window.load_heading_gain(candidates);
            window.load_lists(lists, &mut next, &mut list_windows);
            if let [list] = &list_windows[..]
                && candidates.threshold() > 0.0
                && window.with_heading_gain.is_empty()
            {
                self.score_single_list(lengths, list, matches, candidates);
                continue;
            }
            let essential = list_windows
                .iter()
                .take_while(|list| list.remaining_max_score >= candidates.threshold())
                .count();
            let essential_lists = list_windows.get(..essential).unwrap_or_default();
            window.select(matches, essential_lists, candidates, &mut docs);
            self.load_norms(lengths, &docs, window);
            for (index, list) in list_windows.iter().enumerate() {
                if index.checked_sub(essential).is_some_and(|added| added % PRUNE_INTERVAL == 0) {
                    window.prune(&mut docs, list.remaining_max_score, candidates);
                }
                self.add_list(list, &docs, window);
            }
            for &doc in &docs {
                candidates.push(doc, window.take(doc));
            }
        }
    }

    /// Scores a window in which only one list has postings and no passage has heading gain: the matches in no
    /// list score 0, below any positive threshold.
    fn score_single_list(
        &self,
        lengths: &U32Column,
        window: &ListWindow<'_>,
        matches: &BitSet,
        candidates: &mut CandidateList<'_>,
    ) {
        let &ScoredList { postings, weight, uses_length } = window.list;
        let mut indexes = window.range.clone();
        lengths.for_each(window.docs(), |doc, length| {
            let term_freq = indexes.next().map_or(0.0, |index| postings.term_freq(index));
            let norm = if uses_length { self.of_length(length) } else { self.ranking.k1 };
            let sum = weight.score(term_freq, norm);
            if sum >= candidates.threshold() && matches.contains(doc) {
                candidates.push(doc, sum);
            }
        });
    }

    /// Sets the norms of the passages that are summed.
    fn load_norms(&self, lengths: &U32Column, docs: &[DocId], window: &mut ScoreWindow) {
        let ScoreWindow { start, norms, .. } = window;
        lengths.for_each(docs, |doc, length| {
            if let Some(norm) = norms.get_mut((doc - *start) as usize) {
                *norm = self.of_length(length);
            }
        });
    }

    /// Adds the scores of one list to the sums of `docs`, which ascend.
    ///
    /// A list that is not much longer than `docs` is scanned: postings of other passages meet an infinite norm and
    /// add 0, which is cheaper than a branch.
    fn add_list(&self, list: &ListWindow<'_>, docs: &[DocId], window: &mut ScoreWindow) {
        let ScoreWindow { start, sums, norms, .. } = window;
        let &ScoredList { postings, weight, uses_length } = list.list;
        let mut add = |doc: DocId, term_freq: f64| {
            let index = (doc - *start) as usize;
            if let (Some(sum), Some(&norm)) = (sums.get_mut(index), norms.get(index)) {
                let ignores_length = !uses_length && norm.is_finite();
                let norm = if ignores_length { self.ranking.k1 } else { norm };
                *sum += weight.score(term_freq, norm);
            }
        };
        if list.range.len() < docs.len().saturating_mul(SEARCH_RATIO) {
            return postings.for_each(list.range.clone(), add);
        }
        let mut next = list.range.start;
        for &doc in docs {
            next = postings.seek(next, doc);
            if postings.docs().get(next) == Some(&doc) {
                add(doc, postings.term_freq(next));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
    };
    use tantivy::columnar::{Column, ColumnIndex, column_values::VecColumn};

    use super::*;
    use crate::search::{
        ranking::top_k::{HeadingGain, TopKThreshold, UpperBound},
        reader::Posting,
    };

    const ENTRIES: DocId = 500;
    const HEADING_GAIN: f64 = 0.3;
    const POSITION_BOOST: f64 = 0.2;

    fn set(docs: impl Iterator<Item = DocId>) -> BitSet {
        let mut set = BitSet::new(ENTRIES);
        set.extend(docs);
        set
    }

    fn column(values: &[u64]) -> U32Column {
        U32Column::new(Column {
            index: ColumnIndex::Full,
            values: Arc::new(VecColumn::from(values.to_vec())),
        })
    }

    fn posting_list(term_freqs: &BTreeMap<DocId, u32>) -> PostingList {
        term_freqs.iter().map(|(&doc, &freq)| Posting { doc, freq, inexact_weight: 0.0 }).collect()
    }

    /// Lists of one segment with the matches of a query, to be scored in several ways.
    struct Segment {
        ranking: Ranking,
        collection: CollectionStats,
        matches: BitSet,
        /// Per query word: the passages with it in a heading.
        headings: Vec<BitSet>,
        lengths: Vec<u64>,
        lists: Vec<PostingList>,
        weights: Vec<f64>,
    }

    impl Segment {
        /// The lists, the highest upper bound first.
        fn scored_lists(&self) -> Vec<ScoredList<'_>> {
            let mut lists: Vec<ScoredList<'_>> = self
                .lists
                .iter()
                .zip(&self.weights)
                .map(|(postings, &weight)| {
                    let doc_freq = postings.len() as u64;
                    let weight = Bm25Weight::new(self.collection, doc_freq, weight, &self.ranking);
                    ScoredList { postings, weight, uses_length: true }
                })
                .collect();
            lists.sort_by(|a, b| b.weight.max_score().total_cmp(&a.weight.max_score()));
            lists
        }

        /// The candidates of MaxScore with their sums.
        fn max_score(&self, k: usize) -> BTreeMap<DocId, f64> {
            let mut heading_gain = HeadingGain::default();
            for passages in &self.headings {
                heading_gain.add(passages, HEADING_GAIN);
            }
            let bound = UpperBound { position_boost: POSITION_BOOST, bonus: 0.0, is_valid: true };
            let mut top_k = TopKThreshold::new(k);
            let mut candidates = CandidateList::new(&mut top_k, bound, heading_gain);
            LengthNorms::new(&self.ranking, self.collection).accumulate(
                &column(&self.lengths),
                &self.matches,
                &self.scored_lists(),
                &mut ScoreWindow::new(),
                &mut candidates,
            );
            candidates.into_vec().into_iter().collect()
        }

        /// The sums of all matches, passage by passage, without windows and without pruning.
        fn exhaustive(&self) -> BTreeMap<DocId, f64> {
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

    fn term_freqs(max_lists: usize) -> impl Strategy<Value = Vec<BTreeMap<DocId, u32>>> {
        let dense = btree_map(0..ENTRIES, 1_u32..6, 0..300);
        let sparse = btree_map(0..ENTRIES, 1_u32..6, 0..20);
        vec(prop_oneof![dense, sparse], 1..max_lists)
    }

    fn segment() -> impl Strategy<Value = Segment> {
        let lengths = vec(6_u64..90, ENTRIES as usize);
        let parts = (term_freqs(12), term_freqs(3), vec(0.1..2.0_f64, 12), lengths, 2..9_u32);
        parts.prop_map(|(lists, headings, weights, lengths, unmatched)| Segment {
            ranking: Ranking::default(),
            collection: CollectionStats {
                passages: u64::from(ENTRIES),
                positions: lengths.iter().sum(),
            },
            matches: set((0..ENTRIES).filter(|doc| doc % unmatched > 0)),
            headings: headings.iter().map(|docs| set(docs.keys().copied())).collect(),
            lengths,
            lists: lists.iter().map(posting_list).collect(),
            weights,
        })
    }

    impl std::fmt::Debug for Segment {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Segment").field("lists", &self.lists).finish_non_exhaustive()
        }
    }

    proptest! {
        /// Sums are equal to the bit, and pruning costs no passage its place in the top k, whatever the
        /// position boost of the passages is.
        #[test]
        fn max_score_equals_exhaustive_scoring(
            segment in segment(),
            boosts in vec(0.0..POSITION_BOOST, ENTRIES as usize),
            k in 1..9_usize,
        ) {
            let exhaustive = segment.exhaustive();
            let unpruned = segment.max_score(usize::MAX);
            prop_assert_eq!(unpruned.len(), exhaustive.len());
            for (doc, sum) in &exhaustive {
                prop_assert_eq!(unpruned[doc].to_bits(), sum.to_bits(), "{}", doc);
            }
            let score = |doc: DocId| {
                (exhaustive[&doc] + segment.heading_gain(doc)) * (1.0 + boosts[doc as usize])
            };
            let mut scores: Vec<f64> = exhaustive.keys().map(|&doc| score(doc)).collect();
            scores.sort_by(|a, b| b.total_cmp(a));
            let candidates = segment.max_score(k);
            for (&doc, sum) in &exhaustive {
                match candidates.get(&doc) {
                    Some(candidate) => prop_assert_eq!(candidate.to_bits(), sum.to_bits()),
                    None => prop_assert!(score(doc) < scores[k - 1], "{doc} {}", score(doc)),
                }
            }
        }
    }

    /// Returns lists over 200 passages of equal length: a heavy term in two of them, and a light term in all.
    fn heavy_and_light() -> Segment {
        let light = (0..200).map(|doc| (doc, 1)).collect();
        Segment {
            ranking: Ranking::default(),
            collection: CollectionStats { passages: 1_000, positions: 10_000 },
            matches: set(0..200),
            headings: Vec::new(),
            lengths: vec![10; ENTRIES as usize],
            lists: vec![posting_list(&BTreeMap::from([(3, 1), (150, 2)])), posting_list(&light)],
            weights: vec![1.0, 0.1],
        }
    }

    #[test]
    fn passages_of_non_essential_lists_alone_are_pruned() {
        let candidates = heavy_and_light().max_score(1);
        // After the first window passage 3 sets the threshold. Passages with the light term alone stay below it.
        assert_eq!(candidates.into_keys().collect::<Vec<_>>(), [150]);
    }

    #[test]
    fn accumulators_are_reset_after_each_segment() {
        let segment = heavy_and_light();
        let (lists, lengths) = (segment.scored_lists(), column(&segment.lengths));
        let norms = LengthNorms::new(&segment.ranking, segment.collection);
        let mut window = ScoreWindow::new();
        let bound = UpperBound { position_boost: 0.0, bonus: 0.0, is_valid: true };
        for _ in 0..2 {
            let mut top_k = TopKThreshold::new(1);
            let mut candidates = CandidateList::new(&mut top_k, bound, HeadingGain::default());
            norms.accumulate(&lengths, &segment.matches, &lists, &mut window, &mut candidates);
            assert_eq!(candidates.into_vec(), [(150, segment.exhaustive()[&150])]);
            assert!(window.sums.iter().all(|&sum| sum == 0.0));
            assert!(window.norms.iter().all(|&norm| norm == f64::INFINITY));
        }
    }
}
