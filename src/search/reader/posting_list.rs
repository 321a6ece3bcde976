//! Where terms occur → the passages in which something occurs, ascending, and how often: lists that are merged,
//! leapt over and summed up.
//!
//! Numbers of passages and frequencies lie apart, as they come out of the index: they are copied by the block, and
//! what needs the numbers only, as most does, reads nothing else.

use std::ops::Range;

use tantivy::DocId;

/// A passage in which something occurs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::search) struct Posting {
    pub(in crate::search) doc: DocId,
    /// How often, as it was asked for.
    pub(in crate::search) freq: u32,
    /// What the closest other spelling counts; many of them count no more than one.
    pub(in crate::search) near: f32,
}

impl Posting {
    /// How often it counts.
    pub(in crate::search) fn weight(&self) -> f64 {
        f64::from(self.freq) + f64::from(self.near)
    }
}

/// The passages in which something occurs, ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::search) struct PostingList {
    docs: Vec<DocId>,
    freqs: Vec<u32>,
    /// Empty where nothing is spelled otherwise.
    nears: Vec<f32>,
}

impl PostingList {
    pub(in crate::search) fn with_capacity(capacity: usize) -> Self {
        let (docs, freqs) = (Vec::with_capacity(capacity), Vec::with_capacity(capacity));
        Self { docs, freqs, nears: Vec::new() }
    }

    pub(in crate::search) fn len(&self) -> usize {
        self.docs.len()
    }

    pub(in crate::search) fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// The passages, ascending.
    pub(in crate::search) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// The posting at a place of the list.
    pub(in crate::search) fn get(&self, place: usize) -> Option<Posting> {
        let (doc, freq) = (*self.docs.get(place)?, *self.freqs.get(place)?);
        Some(Posting { doc, freq, near: self.nears.get(place).copied().unwrap_or_default() })
    }

    /// How often the passage at a place of the list counts.
    pub(in crate::search) fn times(&self, place: usize) -> f64 {
        // As of the whole posting, without a look at its passage.
        let near = self.nears.get(place).copied().unwrap_or_default();
        f64::from(self.freqs.get(place).copied().unwrap_or_default()) + f64::from(near)
    }

    pub(in crate::search) fn iter(&self) -> impl Iterator<Item = Posting> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Hands on the postings at some places, each with its passage and how often it counts.
    pub(in crate::search) fn each(&self, places: Range<usize>, mut done: impl FnMut(DocId, f64)) {
        let docs = self.docs.get(places.clone()).unwrap_or_default();
        let freqs = self.freqs.get(places.clone()).unwrap_or_default();
        if self.nears.is_empty() {
            docs.iter().zip(freqs).for_each(|(&doc, &freq)| done(doc, f64::from(freq)));
        } else {
            places.filter_map(|place| self.get(place)).for_each(|p| done(p.doc, p.weight()));
        }
    }

    /// The first place, at `place` or after it, of a passage at or after `doc`; near `place` as a rule.
    pub(in crate::search) fn seek(&self, place: usize, doc: DocId) -> usize {
        let rest = self.docs.get(place..).unwrap_or_default();
        let before = |place: usize| rest.get(place).is_some_and(|&other| other < doc);
        // Those at `reached` and in front of it are before it.
        let (mut reached, mut step) = (0, 1);
        if !before(0) {
            return place;
        }
        while before(reached + step) {
            reached += step;
            step *= 2;
        }
        let end = rest.len().min(reached + step);
        let between = rest.get(reached + 1..end).unwrap_or_default();
        place + reached + 1 + between.partition_point(|&other| other < doc)
    }

    /// The passages that stand in another list too.
    pub(in crate::search) fn common(&self, other: &Self) -> Vec<DocId> {
        let (short, long) = if self.len() < other.len() { (self, other) } else { (other, self) };
        let mut common = short.docs.clone();
        long.keep_common(&mut common, |_| false);
        common
    }

    /// Of ascending `docs` those that stand in the list or are right.
    pub(in crate::search) fn keep_common(
        &self,
        docs: &mut Vec<DocId>,
        right: impl Fn(DocId) -> bool,
    ) {
        let mut place = 0;
        docs.retain(|&doc| {
            place = self.seek(place, doc);
            self.docs.get(place) == Some(&doc) || right(doc)
        });
    }

    pub(in crate::search) fn push(&mut self, Posting { doc, freq, near }: Posting) {
        if near > 0.0 && self.nears.is_empty() {
            self.nears.resize(self.docs.len(), 0.0);
        }
        if near > 0.0 || !self.nears.is_empty() {
            self.nears.push(near);
        }
        self.docs.push(doc);
        self.freqs.push(freq);
    }

    /// Adds a block of passages after all others.
    pub(in crate::search) fn extend_by(&mut self, docs: &[DocId], freqs: &[u32]) {
        self.docs.extend_from_slice(docs);
        self.freqs.extend_from_slice(freqs);
        if !self.nears.is_empty() {
            self.nears.resize(self.docs.len(), 0.0);
        }
    }

    /// The same passages, in which it is spelled otherwise: there it counts so much.
    pub(in crate::search) fn inexact(mut self, near: f32) -> Self {
        self.freqs.fill(0);
        self.nears.clear();
        self.nears.resize(self.docs.len(), near);
        self
    }

    /// Those of the passages that are right.
    pub(in crate::search) fn only(self, right: impl Fn(DocId) -> bool) -> Self {
        if self.docs.iter().all(|&doc| right(doc)) {
            return self;
        }
        self.iter().filter(|posting| right(posting.doc)).collect()
    }

    /// Several lists as one: what is exact adds up, of what is not the closest counts.
    pub(in crate::search) fn merged(mut lists: Vec<Self>) -> Self {
        lists.retain(|list| !list.is_empty());
        // The shortest two first: a long list is gone through as seldom as can be.
        lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
        while lists.len() > 1
            && let (Some(short), Some(long)) = (lists.pop(), lists.pop())
        {
            let both = merged_two(&long, &short);
            let place = lists.partition_point(|list| list.len() > both.len());
            lists.insert(place, both);
        }
        lists.pop().unwrap_or_default()
    }

    /// Adds what stands at some places of another list.
    fn extend_from(&mut self, other: &Self, places: Range<usize>) {
        if !self.nears.is_empty() || !other.nears.is_empty() {
            places.filter_map(|place| other.get(place)).for_each(|posting| self.push(posting));
            return;
        }
        self.docs.extend_from_slice(other.docs.get(places.clone()).unwrap_or_default());
        self.freqs.extend_from_slice(other.freqs.get(places).unwrap_or_default());
    }
}

impl FromIterator<Posting> for PostingList {
    fn from_iter<T: IntoIterator<Item = Posting>>(postings: T) -> Self {
        let mut list = Self::default();
        postings.into_iter().for_each(|posting| list.push(posting));
        list
    }
}

/// A list that is so many times longer is leapt over, not gone through.
const LEAPT: usize = 16;

fn merged_two(long: &PostingList, short: &PostingList) -> PostingList {
    let leaps = long.len() / LEAPT > short.len();
    if !leaps && long.nears.is_empty() && short.nears.is_empty() {
        return merged_evenly(long, short);
    }
    let mut both = PostingList::with_capacity(long.len() + short.len());
    let mut place = 0;
    for mut posting in short.iter() {
        let next = long.seek(place, posting.doc);
        both.extend_from(long, place..next);
        place = next;
        if let Some(same) = long.get(place).filter(|same| same.doc == posting.doc) {
            posting.freq += same.freq;
            posting.near = posting.near.max(same.near);
            place += 1;
        }
        both.push(posting);
    }
    both.extend_from(long, place..long.len());
    both
}

/// Two lists of much the same length as one. Which of them goes on is added, not branched on: it cannot be
/// foreseen.
fn merged_evenly(a: &PostingList, b: &PostingList) -> PostingList {
    let mut both = PostingList::with_capacity(a.len() + b.len());
    let (mut of_a, mut of_b) = (0, 0);
    while let (Some(&doc_a), Some(&doc_b)) = (a.docs.get(of_a), b.docs.get(of_b)) {
        let (has_a, has_b) = (doc_a <= doc_b, doc_b <= doc_a);
        let freq = |list: &PostingList, place: usize, has: bool| {
            list.freqs.get(place).copied().unwrap_or_default() * u32::from(has)
        };
        both.docs.push(doc_a.min(doc_b));
        both.freqs.push(freq(a, of_a, has_a) + freq(b, of_b, has_b));
        of_a += usize::from(has_a);
        of_b += usize::from(has_b);
    }
    both.extend_from(a, of_a..a.len());
    both.extend_from(b, of_b..b.len());
    both
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
    };

    use super::*;

    fn list(entries: &BTreeMap<DocId, (u32, f32)>) -> PostingList {
        entries.iter().map(|(&doc, &(freq, near))| Posting { doc, freq, near }).collect()
    }

    proptest! {
        #[test]
        fn merged_lists_add_up(
            lists in vec(btree_map(0_u32..400, (1_u32..4, prop_oneof![9 => Just(0.0_f32), 1 => Just(0.5)]), 0..120), 0..5),
        ) {
            let mut all = BTreeMap::<DocId, (u32, f32)>::new();
            for (&doc, &(freq, near)) in lists.iter().flatten() {
                let sum = all.entry(doc).or_default();
                *sum = (sum.0 + freq, sum.1.max(near));
            }
            let merged = PostingList::merged(lists.iter().map(list).collect());
            let merged: Vec<Posting> = merged.iter().collect();
            let all: Vec<Posting> = list(&all).iter().collect();
            prop_assert_eq!(merged, all);
        }

        #[test]
        fn seeks_the_first_that_is_not_before(
            docs in btree_map(0_u32..400, Just((1, 0.0)), 0..120), start in 0_usize..120, doc in 0_u32..420,
        ) {
            let list = list(&docs);
            let start = start.min(list.len());
            let after = list.docs().iter().skip(start).position(|&other| other >= doc);
            prop_assert_eq!(list.seek(start, doc), after.map_or(list.len(), |after| start + after));
        }
    }
}
