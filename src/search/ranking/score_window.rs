//! The accumulators of MaxScore: sums and length norms of a window of consecutive passages.
//!
//! Evaluation is term at a time within a window, so that the accumulators stay in the cache. The inner loops have no branch
//! that the processor cannot predict.

use std::ops::Range;

use tantivy::DocId;

use super::{
    bm25::{Bm25Weight, LengthNorms},
    top_k::CandidateList,
};
use crate::search::reader::{BitSet, PostingList, U32Column};

/// Entries of the segment in a window, a multiple of 64.
pub(super) const WINDOW: DocId = if cfg!(test) { 64 } else { 2048 };
/// A posting list at least this many times longer than the list of passages is searched, not scanned.
const SEARCH_RATIO: usize = 6;

/// The posting list of a scoring term in one segment.
pub(in crate::search) struct ScoredList<'a> {
    pub(in crate::search) postings: &'a PostingList,
    pub(in crate::search) weight: Bm25Weight,
    /// Whether the length of the passage normalizes the score, as it does for terms of the body.
    pub(in crate::search) uses_length: bool,
}

/// The part of a [`ScoredList`] that lies in the current window.
pub(super) struct ListWindow<'a> {
    pub(super) list: &'a ScoredList<'a>,
    /// Indexes of its postings in the list.
    pub(super) range: Range<usize>,
    /// Upper bound of the score of this list and all lists after it.
    pub(super) remaining_max_score: f64,
}

impl ListWindow<'_> {
    pub(super) fn docs(&self) -> &[DocId] {
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
    /// Creates a window at the first entry.
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

    /// Moves the window to the entries from `start` on. All accumulators must have been [taken](Self::take).
    pub(super) fn move_to(&mut self, start: DocId) {
        self.start = start;
    }

    /// Returns the entries of the window.
    pub(super) fn docs(&self) -> Range<DocId> {
        self.start..self.start + WINDOW
    }

    fn index_of(&self, doc: DocId) -> usize {
        (doc - self.start) as usize
    }

    /// Loads which passages of the window have heading gain.
    pub(super) fn load_heading_gain(&mut self, candidates: &CandidateList<'_>) {
        let docs = self.docs();
        self.with_heading_gain.clear();
        if let Some(passages) = candidates.passages_with_heading_gain() {
            self.with_heading_gain.union_with_range(passages, docs);
        }
    }

    /// Returns whether any passage of the window has heading gain.
    pub(super) fn has_heading_gain(&self) -> bool {
        !self.with_heading_gain.is_empty()
    }

    /// Fills `windows` with the lists that have postings in this window. `next` holds, per list, the index of the
    /// first posting after the previous windows, and is moved on.
    pub(super) fn load_lists<'a>(
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
    pub(super) fn select(
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

    /// Sets the norms of the passages that are summed.
    pub(super) fn load_norms(
        &mut self,
        length_norms: &LengthNorms<'_>,
        lengths: &U32Column,
        docs: &[DocId],
    ) {
        let Self { start, norms, .. } = self;
        lengths.for_each(docs, |doc, length| {
            if let Some(norm) = norms.get_mut((doc - *start) as usize) {
                *norm = length_norms.of_length(length);
            }
        });
    }

    /// Adds the scores of one list to the sums of `docs`, which ascend.
    ///
    /// A list that is not much longer than `docs` is scanned: postings of other passages meet an infinite norm and
    /// add 0, which is cheaper than a branch.
    pub(super) fn add_list(
        &mut self,
        length_norms: &LengthNorms<'_>,
        list: &ListWindow<'_>,
        docs: &[DocId],
    ) {
        let Self { start, sums, norms, .. } = self;
        let &ScoredList { postings, weight, uses_length } = list.list;
        let mut add = |doc: DocId, term_freq: f64| {
            let index = (doc - *start) as usize;
            if let (Some(sum), Some(&norm)) = (sums.get_mut(index), norms.get(index)) {
                let ignores_length = !uses_length && norm.is_finite();
                let norm = if ignores_length { length_norms.without_length() } else { norm };
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

    /// Removes the passages that stay below the threshold even if they gain `remaining_max_score`.
    ///
    /// The loop is free of branches that depend on the sums: which passages stay is unpredictable, and a
    /// mispredicted branch costs more than the writes that it would save. Every passage is written to the next
    /// free index of `docs`; the index moves on only if the passage stays.
    pub(super) fn prune(
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
    pub(super) fn take(&mut self, doc: DocId) -> f64 {
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

#[cfg(test)]
impl ScoreWindow {
    /// Returns whether no passage is summed.
    pub(super) fn is_reset(&self) -> bool {
        self.sums.iter().all(|&sum| sum == 0.0) && self.norms.iter().all(|norm| norm.is_infinite())
    }
}
