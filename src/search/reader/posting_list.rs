//! Posting lists in memory: the passages in which a term occurs, in ascending order, with term frequencies.
//!
//! Document numbers and frequencies are separate arrays, because tantivy decodes them separately. The arrays are copied
//! block by block, and most operations read only the document numbers.

use std::{ops::Range, rc::Rc};

use tantivy::DocId;

use super::bitset::BitSet;
use crate::{error::Result, query::Deadline};

/// Entry of a posting list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::search) struct Posting {
    pub(in crate::search) doc: DocId,
    /// Number of occurrences in the spelling of the query.
    pub(in crate::search) freq: u32,
    /// Weight of the occurrences in other spellings than that of the query: the highest weight of such a spelling in
    /// the passage. Repeated occurrences do not increase this weight. 0 if only the spelling of the query occurs.
    pub(in crate::search) inexact_weight: f32,
}

impl Posting {
    /// Returns the term frequency for scoring: the occurrences in the spelling of the query, plus the weight of other
    /// spellings.
    pub(in crate::search) fn term_freq(&self) -> f64 {
        f64::from(self.freq) + f64::from(self.inexact_weight)
    }
}

/// Passages of one segment in which a term, or at least one of several terms, occurs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::search) struct PostingList {
    /// Passages, as ascending entry numbers of the segment.
    docs: Vec<DocId>,
    /// [`Posting::freq`] of each passage.
    freqs: Vec<u32>,
    /// [`Posting::inexact_weight`] of each passage. Empty if every occurrence is in the spelling of the query.
    inexact_weights: Vec<f32>,
}

impl PostingList {
    pub(in crate::search) fn with_capacity(capacity: usize) -> Self {
        let (docs, freqs) = (Vec::with_capacity(capacity), Vec::with_capacity(capacity));
        Self { docs, freqs, inexact_weights: Vec::new() }
    }

    pub(in crate::search) fn len(&self) -> usize {
        self.docs.len()
    }

    pub(in crate::search) fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// Returns the passages, as ascending entry numbers of the segment.
    pub(in crate::search) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// Returns the posting at `index`. `None` if `index` is past the end of the list.
    pub(in crate::search) fn get(&self, index: usize) -> Option<Posting> {
        let (doc, freq) = (*self.docs.get(index)?, *self.freqs.get(index)?);
        let inexact_weight = self.inexact_weights.get(index).copied().unwrap_or_default();
        Some(Posting { doc, freq, inexact_weight })
    }

    /// Returns the [`Posting::term_freq`] of the posting at `index`, without reading its passage.
    pub(in crate::search) fn term_freq(&self, index: usize) -> f64 {
        let inexact_weight = self.inexact_weights.get(index).copied().unwrap_or_default();
        f64::from(self.freqs.get(index).copied().unwrap_or_default()) + f64::from(inexact_weight)
    }

    /// Returns the [`Posting::term_freq`] of each posting in a range of indexes, rounded up.
    pub(in crate::search) fn term_freqs_rounded_up(
        &self,
        indexes: Range<usize>,
    ) -> impl Iterator<Item = u32> {
        let weights = self.inexact_weights.get(indexes.clone()).unwrap_or_default();
        let inexact = weights.iter().map(|weight| u32::from(*weight > 0.0));
        let freqs = self.freqs.get(indexes).unwrap_or_default();
        freqs.iter().zip(inexact.chain(std::iter::repeat(0))).map(|(freq, inexact)| freq + inexact)
    }

    pub(in crate::search) fn iter(&self) -> impl Iterator<Item = Posting> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Calls `visit` with the passage and the [`Posting::term_freq`] of each posting in a range of indexes.
    pub(in crate::search) fn for_each(
        &self,
        indexes: Range<usize>,
        mut visit: impl FnMut(DocId, f64),
    ) {
        let docs = self.docs.get(indexes.clone()).unwrap_or_default();
        let freqs = self.freqs.get(indexes.clone()).unwrap_or_default();
        if self.inexact_weights.is_empty() {
            docs.iter().zip(freqs).for_each(|(&doc, &freq)| visit(doc, f64::from(freq)));
        } else {
            let postings = indexes.filter_map(|index| self.get(index));
            postings.for_each(|posting| visit(posting.doc, posting.term_freq()));
        }
    }

    /// Returns the index of the first posting, at or after index `start`, whose passage is at or after `doc`. Uses
    /// galloping (exponential) search: the time grows with the logarithm of the distance.
    pub(in crate::search) fn seek(&self, start: usize, doc: DocId) -> usize {
        let docs_from_start = self.docs.get(start..).unwrap_or_default();
        let is_before = |index: usize| docs_from_start.get(index).is_some_and(|&other| other < doc);
        // The passage of the posting at `reached` is before `doc`.
        let (mut reached, mut step) = (0, 1);
        if !is_before(0) {
            return start;
        }
        while is_before(reached + step) {
            reached += step;
            step *= 2;
        }
        let search_end = docs_from_start.len().min(reached + step);
        let candidates = docs_from_start.get(reached + 1..search_end).unwrap_or_default();
        start + reached + 1 + candidates.partition_point(|&other| other < doc)
    }

    /// Returns the passages that occur in both lists.
    pub(in crate::search) fn intersection(&self, other: &Self) -> Vec<DocId> {
        let (short, long) = if self.len() < other.len() { (self, other) } else { (other, self) };
        let mut common_docs = short.docs.clone();
        long.retain_docs_in_list(&mut common_docs, |_| false);
        common_docs
    }

    /// Retains the passages `docs` that the list contains or for which `accepts` returns true. `docs` must be
    /// ascending.
    pub(in crate::search) fn retain_docs_in_list(
        &self,
        docs: &mut Vec<DocId>,
        accepts: impl Fn(DocId) -> bool,
    ) {
        let mut index = 0;
        docs.retain(|&doc| {
            index = self.seek(index, doc);
            self.docs.get(index) == Some(&doc) || accepts(doc)
        });
    }

    /// Appends a posting. The passage of the posting must be after all passages of the list.
    pub(in crate::search) fn push(&mut self, posting: Posting) {
        let Posting { doc, freq, inexact_weight } = posting;
        if inexact_weight > 0.0 && self.inexact_weights.is_empty() {
            self.inexact_weights.resize(self.docs.len(), 0.0);
        }
        if inexact_weight > 0.0 || !self.inexact_weights.is_empty() {
            self.inexact_weights.push(inexact_weight);
        }
        self.docs.push(doc);
        self.freqs.push(freq);
    }

    /// Appends a block of postings. The passages of the block must be after all passages of the list.
    pub(in crate::search) fn push_block(&mut self, docs: &[DocId], freqs: &[u32]) {
        self.docs.extend_from_slice(docs);
        self.freqs.extend_from_slice(freqs);
        if !self.inexact_weights.is_empty() {
            self.inexact_weights.resize(self.docs.len(), 0.0);
        }
    }

    /// Turns these postings into postings of another spelling than that of the query. Each posting gets the frequency 0
    /// and the inexact weight `weight`.
    pub(in crate::search) fn into_postings_of_other_spelling(mut self, weight: f32) -> Self {
        self.freqs.fill(0);
        self.inexact_weights.clear();
        self.inexact_weights.resize(self.docs.len(), weight);
        self
    }

    /// Returns the postings for whose passages `accepts` returns true.
    pub(in crate::search) fn filter(self, accepts: impl Fn(DocId) -> bool) -> Self {
        if self.docs.iter().all(|&doc| accepts(doc)) {
            return self;
        }
        self.iter().filter(|posting| accepts(posting.doc)).collect()
    }

    /// Returns the union of several lists. For a passage in several lists, adds the frequencies and takes the highest
    /// inexact weight. The union of a single list is that list.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes.
    pub(in crate::search) fn union(
        mut posting_lists: Vec<Rc<Self>>,
        deadline: Deadline,
    ) -> Result<Rc<Self>> {
        posting_lists.retain(|list| !list.is_empty());
        if let Some(union) = union_of_dense_lists(&posting_lists) {
            deadline.check()?;
            return Ok(Rc::new(union));
        }
        // Merges the two shortest lists first, so that a long list is copied as seldom as possible.
        posting_lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
        while posting_lists.len() > 1
            && let (Some(short), Some(long)) = (posting_lists.pop(), posting_lists.pop())
        {
            deadline.check()?;
            let union = union_of_two_lists(&long, &short);
            let position = posting_lists.partition_point(|list| list.len() > union.len());
            posting_lists.insert(position, Rc::new(union));
        }
        Ok(posting_lists.pop().unwrap_or_default())
    }

    /// Appends the postings of `other` in a range of indexes.
    fn append_postings_of(&mut self, other: &Self, indexes: Range<usize>) {
        let weights = other.inexact_weights.get(indexes.clone()).unwrap_or_default();
        let has_weights =
            !self.inexact_weights.is_empty() || weights.iter().any(|&weight| weight > 0.0);
        if has_weights {
            self.inexact_weights.resize(self.docs.len(), 0.0);
        }
        self.docs.extend_from_slice(other.docs.get(indexes.clone()).unwrap_or_default());
        self.freqs.extend_from_slice(other.freqs.get(indexes).unwrap_or_default());
        if has_weights {
            self.inexact_weights.extend_from_slice(weights);
            self.inexact_weights.resize(self.docs.len(), 0.0);
        }
    }
}

impl FromIterator<Posting> for PostingList {
    fn from_iter<T: IntoIterator<Item = Posting>>(postings: T) -> Self {
        let mut list = Self::default();
        postings.into_iter().for_each(|posting| list.push(posting));
        list
    }
}

/// Minimum number of lists that [`union_of_dense_lists`] merges.
const MIN_LISTS_OF_DENSE_UNION: usize = 3;
/// Maximum ratio of the number of entries of the segment to the number of postings at which [`union_of_dense_lists`]
/// merges the lists.
const MAX_ENTRIES_PER_POSTING_OF_DENSE_UNION: usize = 16;

/// Returns the union of several lists that together have postings for a large part of the segment. Merging such lists
/// two by two would copy a posting several times. `None` if the lists are few or short.
fn union_of_dense_lists(posting_lists: &[Rc<PostingList>]) -> Option<PostingList> {
    let last_doc = posting_lists.iter().filter_map(|list| list.docs.last()).max()?;
    let posting_count: usize = posting_lists.iter().map(|list| list.len()).sum();
    let is_dense = posting_lists.len() >= MIN_LISTS_OF_DENSE_UNION
        && posting_count >= (*last_doc as usize + 1) / MAX_ENTRIES_PER_POSTING_OF_DENSE_UNION;
    let lists = posting_lists.iter().map(Rc::as_ref);
    is_dense.then(|| union_by_windows(&lists.collect::<Vec<_>>()))
}

/// Number of entries for which [`union_by_windows`] adds up the postings at a time: a multiple of 64.
const UNION_WINDOW_ENTRY_COUNT: usize = if cfg!(test) { 64 } else { 4096 };

/// Returns the union of several lists. Adds up the postings of a window of entries, each list in turn, before those of
/// the next window. Takes time proportional to the number of postings and windows.
fn union_by_windows(posting_lists: &[&PostingList]) -> PostingList {
    let mut union =
        PostingList::with_capacity(posting_lists.iter().map(|list| list.len()).sum::<usize>());
    let has_weights = posting_lists.iter().any(|list| !list.inexact_weights.is_empty());
    let mut next_postings = vec![0; posting_lists.len()];
    let mut freqs = vec![0_u32; UNION_WINDOW_ENTRY_COUNT];
    let mut weights = vec![0.0_f32; if has_weights { UNION_WINDOW_ENTRY_COUNT } else { 0 }];
    let mut entries = BitSet::new(UNION_WINDOW_ENTRY_COUNT as DocId);
    let first_doc = |next_postings: &[usize]| {
        let lists = posting_lists.iter().zip(next_postings);
        lists.filter_map(|(list, &next)| list.docs.get(next).copied()).min()
    };
    while let Some(start) = first_doc(&next_postings) {
        let end = start.saturating_add(UNION_WINDOW_ENTRY_COUNT as DocId);
        for (list, next) in posting_lists.iter().zip(&mut next_postings) {
            let window_end = list.seek(*next, end);
            let docs = list.docs.get(*next..window_end).unwrap_or_default();
            for (&doc, freq) in docs.iter().zip(list.freqs.get(*next..).unwrap_or_default()) {
                entries.insert(doc - start);
                if let Some(sum) = freqs.get_mut((doc - start) as usize) {
                    *sum += freq;
                }
            }
            for (doc, weight) in
                docs.iter().zip(list.inexact_weights.get(*next..).unwrap_or_default())
            {
                if let Some(max) = weights.get_mut((doc - start) as usize) {
                    *max = max.max(*weight);
                }
            }
            *next = window_end;
        }
        for entry in entries.iter() {
            let freq = freqs.get_mut(entry as usize).map(std::mem::take).unwrap_or_default();
            let weight = weights.get_mut(entry as usize).map(std::mem::take).unwrap_or_default();
            union.push(Posting { doc: start + entry, freq, inexact_weight: weight });
        }
        entries.clear();
    }
    union
}

/// Minimum ratio of the lengths of two posting lists at which [`union_of_two_lists`] searches the longer list by
/// galloping. At a lower ratio, the function steps through both lists.
const MIN_GALLOP_LENGTH_RATIO: usize = 16;

/// Returns the union of two lists. `short` should not be longer than `long`.
fn union_of_two_lists(long: &PostingList, short: &PostingList) -> PostingList {
    let uses_galloping = long.len() / MIN_GALLOP_LENGTH_RATIO > short.len();
    if !uses_galloping && long.inexact_weights.is_empty() && short.inexact_weights.is_empty() {
        return union_of_similar_lengths(long, short);
    }
    if !uses_galloping {
        return union_by_windows(&[long, short]);
    }
    let mut union = PostingList::with_capacity(long.len() + short.len());
    let mut index = 0;
    for mut posting in short.iter() {
        let next_index = long.seek(index, posting.doc);
        union.append_postings_of(long, index..next_index);
        index = next_index;
        if let Some(other) = long.get(index).filter(|other| other.doc == posting.doc) {
            posting.freq += other.freq;
            posting.inexact_weight = posting.inexact_weight.max(other.inexact_weight);
            index += 1;
        }
        union.push(posting);
    }
    union.append_postings_of(long, index..long.len());
    union
}

/// Returns the union of two lists of similar lengths, in which every occurrence is in the spelling of the query. Moves
/// forward in the lists without a branch, because the processor could not predict the branch.
fn union_of_similar_lengths(a: &PostingList, b: &PostingList) -> PostingList {
    let mut union = PostingList::with_capacity(a.len() + b.len());
    let (mut a_index, mut b_index) = (0, 0);
    while let (Some(&a_doc), Some(&b_doc)) = (a.docs.get(a_index), b.docs.get(b_index)) {
        let (advances_a, advances_b) = (a_doc <= b_doc, b_doc <= a_doc);
        let freq = |list: &PostingList, index: usize, advances: bool| {
            list.freqs.get(index).copied().unwrap_or_default() * u32::from(advances)
        };
        union.docs.push(a_doc.min(b_doc));
        union.freqs.push(freq(a, a_index, advances_a) + freq(b, b_index, advances_b));
        a_index += usize::from(advances_a);
        b_index += usize::from(advances_b);
    }
    union.append_postings_of(a, a_index..a.len());
    union.append_postings_of(b, b_index..b.len());
    union
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
    };

    use super::*;

    fn posting_list(entries: &BTreeMap<DocId, (u32, f32)>) -> PostingList {
        entries
            .iter()
            .map(|(&doc, &(freq, inexact_weight))| Posting { doc, freq, inexact_weight })
            .collect()
    }

    proptest! {
        #[test]
        fn the_union_adds_frequencies(
            lists in vec(btree_map(0_u32..400, (1_u32..4, prop_oneof![9 => Just(0.0_f32), 1 => Just(0.5)]), 0..120), 0..5),
        ) {
            let mut merged = BTreeMap::<DocId, (u32, f32)>::new();
            for (&doc, &(freq, inexact_weight)) in lists.iter().flatten() {
                let merged_posting = merged.entry(doc).or_default();
                *merged_posting = (merged_posting.0 + freq, merged_posting.1.max(inexact_weight));
            }
            let lists = lists.iter().map(|entries| Rc::new(posting_list(entries))).collect();
            let union = PostingList::union(lists, Deadline::never()).unwrap();
            let union: Vec<Posting> = union.iter().collect();
            let expected: Vec<Posting> = posting_list(&merged).iter().collect();
            prop_assert_eq!(union, expected);
        }

        #[test]
        fn seek_finds_the_first_posting_at_or_after_the_document(
            docs in btree_map(0_u32..400, Just((1, 0.0)), 0..120), start in 0_usize..120, doc in 0_u32..420,
        ) {
            let list = posting_list(&docs);
            let start = start.min(list.len());
            let distance = list.docs().iter().skip(start).position(|&other| other >= doc);
            prop_assert_eq!(list.seek(start, doc), distance.map_or(list.len(), |distance| start + distance));
        }
    }
}
