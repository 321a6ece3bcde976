//! The accumulators of MaxScore: partial scores and length norms of a window of consecutive passages.
//!
//! Within a window, evaluation is term at a time, so that the accumulators stay in the processor cache. The inner loops
//! have no unpredictable branches.

use std::ops::Range;

use tantivy::DocId;

use super::{
    bm25::{Bm25Weight, LengthNorms, MaxLengthsByTermFreq},
    top_k::CandidateList,
};
use crate::search::reader::{BitSet, PostingList, U32Column};

/// Number of consecutive entries of a segment in a window, a multiple of 64.
pub(super) const WINDOW_ENTRY_COUNT: DocId = if cfg!(test) { 64 } else { 8192 };
/// Minimum number of postings per passage to score at which the passages are looked up in a posting list one by one. A
/// shorter list is scanned as a whole.
const MIN_POSTINGS_PER_PASSAGE_FOR_LOOKUP: usize = 6;

/// Minimum number of postings in a window for a selection by passage length, which is made if a single list is
/// essential. For fewer postings, the selection would cost more than it saves.
const MIN_POSTINGS_TO_SELECT_BY_LENGTH: usize = if cfg!(test) { 1 } else { 32 };

/// The posting list of a scoring term in one segment, with the BM25 weight of the term.
pub(in crate::search) struct ScoredList<'a> {
    pub(in crate::search) postings: &'a PostingList,
    pub(in crate::search) weight: Bm25Weight,
    /// Whether the score is normalized by the length of the passage. True for terms of the body.
    pub(in crate::search) is_normalized_by_length: bool,
}

/// The postings of a [`ScoredList`] that are in the current window.
pub(super) struct PostingsInWindow<'a> {
    pub(super) list: &'a ScoredList<'a>,
    /// Indexes, in the posting list, of the postings in the window.
    pub(super) posting_range: Range<usize>,
    /// Upper bound of the total score that this list and all lists after it can add to a passage.
    pub(super) remaining_max_score: f64,
}

impl PostingsInWindow<'_> {
    /// Returns the passages of the list in the window.
    pub(super) fn docs(&self) -> &[DocId] {
        self.list.postings.docs().get(self.posting_range.clone()).unwrap_or_default()
    }
}

/// The accumulators of a window of consecutive entries. The same `ScoreWindow` is moved over all entries of all
/// segments.
pub(in crate::search) struct ScoreWindow {
    /// The first entry of the window.
    start: DocId,
    /// Partial score of each entry: the sum of the term scores added so far.
    partial_scores: Vec<f64>,
    /// Length norm of each entry. The norm of an entry that is not selected is infinite, so each term scores 0 without
    /// a branch per posting.
    norms: Vec<f64>,
    /// Entries to be scored, relative to `start`.
    selected_entries: BitSet,
    /// Entries that gain score from query words in their title or headings, relative to `start`: see
    /// [`HeadingGain`](super::top_k::HeadingGain).
    entries_with_heading_gain: BitSet,
}

impl ScoreWindow {
    /// Creates an empty window that begins at the first entry of a segment.
    pub(in crate::search) fn new() -> Self {
        let entries = WINDOW_ENTRY_COUNT as usize;
        Self {
            start: 0,
            partial_scores: vec![0.0; entries],
            norms: vec![f64::INFINITY; entries],
            selected_entries: BitSet::new(WINDOW_ENTRY_COUNT),
            entries_with_heading_gain: BitSet::new(WINDOW_ENTRY_COUNT),
        }
    }

    /// Moves the window so that it begins at the entry `start`. All accumulators must have been reset by
    /// [`take_partial_score`](Self::take_partial_score).
    pub(super) fn move_to_entry(&mut self, start: DocId) {
        self.start = start;
    }

    /// Returns the document numbers of the window.
    pub(super) fn docs(&self) -> Range<DocId> {
        self.start..self.start + WINDOW_ENTRY_COUNT
    }

    /// Returns the index of an entry in the accumulators.
    fn accumulator_index_of(&self, doc: DocId) -> usize {
        (doc - self.start) as usize
    }

    /// Loads the set of passages of the window that have a heading gain.
    pub(super) fn load_passages_with_heading_gain(&mut self, candidates: &CandidateList<'_>) {
        let docs = self.docs();
        self.entries_with_heading_gain.clear();
        if let Some(passages) = candidates.passages_with_heading_gain() {
            self.entries_with_heading_gain.union_with_range(passages, docs);
        }
    }

    /// Returns whether any passage of the window has a heading gain.
    pub(super) fn has_heading_gain(&self) -> bool {
        !self.entries_with_heading_gain.is_empty()
    }

    /// Fills `windows` with the lists that have postings in this window. For each list, `next_postings` contains the
    /// index of the first posting after the previous windows. Moves this index past the current window.
    pub(super) fn load_lists_in_window<'a>(
        &self,
        lists: &'a [ScoredList<'a>],
        next_postings: &mut [usize],
        windows: &mut Vec<PostingsInWindow<'a>>,
    ) {
        let Range { start, end } = self.docs();
        windows.clear();
        for (list, next) in lists.iter().zip(next_postings) {
            let first_posting = list.postings.seek(*next, start);
            *next = list.postings.seek(first_posting, end);
            if first_posting < *next {
                windows.push(PostingsInWindow {
                    list,
                    posting_range: first_posting..*next,
                    remaining_max_score: 0.0,
                });
            }
        }
        let mut remaining_max_score = 0.0;
        for window in windows.iter_mut().rev() {
            remaining_max_score += window.list.weight.max_score();
            window.remaining_max_score = remaining_max_score;
        }
    }

    /// Fills `docs` with the matches to score: the matches that are in an essential posting list or have a heading gain
    /// (score from query words in their title or headings). Selects all matches of the window if nothing can be pruned
    /// yet, or if the essential lists have at least as many postings as the window has matches. If a single list is
    /// essential, leaves out its passages that are too long for their term frequency. `other_max_score` is an upper
    /// bound of the score that all other lists can add.
    pub(super) fn select_matches_to_score(
        &mut self,
        matches: &BitSet,
        (essential, other_max_score): (&[PostingsInWindow<'_>], f64),
        (norms, lengths): (&LengthNorms<'_>, &U32Column),
        candidates: &CandidateList<'_>,
        docs: &mut Vec<DocId>,
    ) {
        docs.clear();
        let (start, window) = (self.start, self.docs());
        if let [list] = essential
            && candidates.threshold() > 0.0
            && list.list.is_normalized_by_length
            && list.posting_range.len() >= MIN_POSTINGS_TO_SELECT_BY_LENGTH
        {
            self.selected_entries.clear();
            let min_score_with_heading_gain =
                candidates.threshold_with_heading_gain() - other_max_score;
            if min_score_with_heading_gain <= 0.0 {
                self.selected_entries.union_with(&self.entries_with_heading_gain);
            }
            let min_score = candidates.threshold() - other_max_score;
            let max_lengths = [min_score, min_score_with_heading_gain]
                .map(|min_score| list.list.weight.max_lengths(min_score, norms));
            self.select_passages_by_length(list, &max_lengths, lengths);
            self.selected_entries.intersect_with_range(matches, window);
            self.selected_entries.iter().for_each(|index| docs.push(start + index));
            return;
        }
        let essential_postings: usize = essential.iter().map(|list| list.posting_range.len()).sum();
        if candidates.threshold() <= 0.0 || essential_postings >= matches.count_in(window.clone()) {
            matches.append_range(window, docs);
            return;
        }
        self.selected_entries.clear();
        self.selected_entries.union_with(&self.entries_with_heading_gain);
        for list in essential {
            self.selected_entries.extend(list.docs().iter().map(|doc| doc - start));
        }
        self.selected_entries.intersect_with_range(matches, window);
        self.selected_entries.iter().for_each(|index| docs.push(start + index));
    }

    /// Selects the passages of a list that are not too long for their term frequency. The first element of
    /// `max_lengths` is for passages without score from their title and headings, the second for passages with such
    /// score.
    fn select_passages_by_length(
        &mut self,
        list: &PostingsInWindow<'_>,
        [max_lengths, max_lengths_with_gain]: &[MaxLengthsByTermFreq; 2],
        lengths: &U32Column,
    ) {
        let Self { start, selected_entries, entries_with_heading_gain, .. } = self;
        let mut term_freqs = list.list.postings.term_freqs_rounded_up(list.posting_range.clone());
        if entries_with_heading_gain.is_empty() {
            return lengths.for_each(list.docs(), |doc, length| {
                let term_freq = term_freqs.next().unwrap_or_default();
                let is_short = f64::from(length) <= max_lengths.max_length_of_term_freq(term_freq);
                selected_entries.insert_if(doc - *start, is_short);
            });
        }
        lengths.for_each(list.docs(), |doc, length| {
            let (entry, term_freq) = (doc - *start, term_freqs.next().unwrap_or_default());
            let has_gain = entries_with_heading_gain.contains(entry);
            let max_lengths = if has_gain { max_lengths_with_gain } else { max_lengths };
            let is_short = f64::from(length) <= max_lengths.max_length_of_term_freq(term_freq);
            selected_entries.insert_if(entry, is_short);
        });
    }

    /// Sets the length norms of the selected passages `docs`.
    pub(super) fn load_length_norms(
        &mut self,
        length_norms: &LengthNorms<'_>,
        lengths: &U32Column,
        docs: &[DocId],
    ) {
        let Self { start, norms, .. } = self;
        lengths.for_each(docs, |doc, length| {
            if let Some(norm) = norms.get_mut((doc - *start) as usize) {
                *norm = length_norms.norm_of_length(length);
            }
        });
    }

    /// Adds the term scores of one list to the partial scores of `docs`, which must be in ascending order.
    ///
    /// A list that is not much longer than `docs` is scanned. Passages outside `docs` have an infinite norm, so their
    /// postings add 0, which is cheaper than a branch.
    pub(super) fn add_list_scores(
        &mut self,
        length_norms: &LengthNorms<'_>,
        list: &PostingsInWindow<'_>,
        docs: &[DocId],
    ) {
        let Self { start, partial_scores, norms, .. } = self;
        let &ScoredList { postings, weight, is_normalized_by_length } = list.list;
        let mut add = |doc: DocId, term_freq: f64| {
            let index = (doc - *start) as usize;
            if let (Some(sum), Some(&norm)) = (partial_scores.get_mut(index), norms.get(index)) {
                let ignores_length = !is_normalized_by_length && norm.is_finite();
                let norm =
                    if ignores_length { length_norms.length_independent_norm() } else { norm };
                *sum += weight.score(term_freq, norm);
            }
        };
        if list.posting_range.len() < docs.len().saturating_mul(MIN_POSTINGS_PER_PASSAGE_FOR_LOOKUP)
        {
            return postings.for_each(list.posting_range.clone(), add);
        }
        let mut next_posting = list.posting_range.start;
        for &doc in docs {
            next_posting = postings.seek(next_posting, doc);
            if postings.docs().get(next_posting) == Some(&doc) {
                add(doc, postings.term_freq(next_posting));
            }
        }
    }

    /// Removes from `docs` the passages whose partial score stays below the threshold of `candidates` even if
    /// `remaining_max_score` is added.
    ///
    /// The loop has no branches that depend on the partial scores. Such branches would be unpredictable, and a
    /// mispredicted branch costs more than the writes that it saves. Every passage is written to the next free index of
    /// `docs`, and the index is incremented only if the passage is kept.
    pub(super) fn prune_docs_below_threshold(
        &mut self,
        docs: &mut Vec<DocId>,
        remaining_max_score: f64,
        candidates: &CandidateList<'_>,
    ) {
        let min_sum = candidates.threshold() - remaining_max_score;
        let min_sum_with_heading_gain =
            candidates.threshold_with_heading_gain() - remaining_max_score;
        let mut write_index = 0;
        for read_index in 0..docs.len() {
            let Some(&doc) = docs.get(read_index) else { continue };
            let index = self.accumulator_index_of(doc);
            let (Some(sum), Some(norm)) =
                (self.partial_scores.get_mut(index), self.norms.get_mut(index))
            else {
                continue;
            };
            let has_heading_gain = self.entries_with_heading_gain.contains(doc - self.start);
            let min_sum = if has_heading_gain { min_sum_with_heading_gain } else { min_sum };
            let is_kept = *sum >= min_sum;
            *sum = if is_kept { *sum } else { 0.0 };
            *norm = if is_kept { *norm } else { f64::INFINITY };
            if let Some(target) = docs.get_mut(write_index) {
                *target = doc;
            }
            write_index += usize::from(is_kept);
        }
        docs.truncate(write_index);
    }

    /// Resets the accumulators of a passage, and returns its partial score.
    pub(super) fn take_partial_score(&mut self, doc: DocId) -> f64 {
        let index = self.accumulator_index_of(doc);
        match (self.partial_scores.get_mut(index), self.norms.get_mut(index)) {
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
    /// Returns whether all accumulators are reset.
    pub(super) fn are_accumulators_reset(&self) -> bool {
        self.partial_scores.iter().all(|&sum| sum == 0.0)
            && self.norms.iter().all(|norm| norm.is_infinite())
    }
}
