//! Candidates of a segment + what features count → their sums, passage by passage.
//!
//! Of a window of passages at a time those are summed up that may be among the best: once the features that
//! count least cannot bring one there by themselves, the others say which passages are worth it (the rule of
//! Turtle and Flood, "Query evaluation: strategies and optimizations", 1995). What is summed up is always summed
//! up in the same order, so that no score depends on what was left out.

use std::ops::Range;

use tantivy::DocId;

use super::{
    bm25::{Bm25Weight, CollectionStats, length_norm},
    top_k::Shortlist,
};
use crate::{
    query::Ranking,
    search::reader::{BitSet, PostingList, U32Column},
};

/// So many entries are summed up at a time, a multiple of 64: what is known of them stays in the cache.
const WINDOW: DocId = if cfg!(test) { 64 } else { 2048 };
/// A list that is so many times longer is searched, not gone through.
const SEARCHED: usize = 6;
/// After so many addends it is looked which passages are still worth it.
const CHECKED: usize = 4;

/// A feature in one segment.
pub(in crate::search) struct Addend<'a> {
    pub(in crate::search) postings: &'a PostingList,
    pub(in crate::search) weight: Bm25Weight,
    /// Whether the length of the passage matters: it does for what stands in its text.
    pub(in crate::search) of_text: bool,
}

/// What is known of the entries that are summed up; one is enough for all segments.
pub(in crate::search) struct ScoreWindow {
    start: DocId,
    sums: Vec<f64>,
    /// Of what is not summed up infinite, so that it gets nothing.
    norms: Vec<f64>,
    /// Those that are worth a look.
    here: BitSet,
    /// Those that gain by what stands above them.
    gaining: BitSet,
}

/// An addend in a window.
struct Part<'a> {
    addend: &'a Addend<'a>,
    /// Of its postings.
    places: Range<usize>,
    /// What it and those after it add at most.
    most: f64,
}

impl Part<'_> {
    fn docs(&self) -> &[DocId] {
        self.addend.postings.docs().get(self.places.clone()).unwrap_or_default()
    }
}

impl ScoreWindow {
    pub(in crate::search) fn new() -> Self {
        let entries = WINDOW as usize;
        let (sums, norms) = (vec![0.0; entries], vec![f64::INFINITY; entries]);
        Self { start: 0, sums, norms, here: BitSet::new(WINDOW), gaining: BitSet::new(WINDOW) }
    }

    fn docs(&self) -> Range<DocId> {
        self.start..self.start + WINDOW
    }

    fn place(&self, doc: DocId) -> usize {
        (doc - self.start) as usize
    }

    fn learn_gaining(&mut self, shortlist: &Shortlist<'_>) {
        let docs = self.docs();
        self.gaining.clear();
        if let Some(gaining) = shortlist.gaining() {
            self.gaining.unite_at(gaining, docs);
        }
    }

    /// Puts those of the addends that have postings here in place of others. The `next` of each is the place of the
    /// first posting after the windows before.
    fn take_parts<'a>(
        &self,
        addends: &'a [Addend<'a>],
        next: &mut [usize],
        parts: &mut Vec<Part<'a>>,
    ) {
        let Range { start, end } = self.docs();
        parts.clear();
        for (addend, next) in addends.iter().zip(next) {
            let first = addend.postings.seek(*next, start);
            *next = addend.postings.seek(first, end);
            if first < *next {
                parts.push(Part { addend, places: first..*next, most: 0.0 });
            }
        }
        let mut most = 0.0;
        for part in parts.iter_mut().rev() {
            most += part.addend.weight.most();
            part.most = most;
        }
    }

    /// Puts the candidates that are worth a look in place of others: those that have one of the `needed` addends or
    /// gain something, if these are fewer than all.
    fn choose(
        &mut self,
        candidates: &BitSet,
        needed: Option<&[Part<'_>]>,
        shortlist: &Shortlist<'_>,
        docs: &mut Vec<DocId>,
    ) {
        docs.clear();
        let (start, here) = (self.start, self.docs());
        let needed = needed.filter(|needed| {
            let postings: usize = needed.iter().map(|part| part.places.len()).sum();
            shortlist.least() > 0.0 && postings < candidates.count_within(here.clone())
        });
        let Some(needed) = needed else { return candidates.push_within(here, docs) };
        self.here.clear();
        self.here.unite(&self.gaining);
        for part in needed {
            self.here.extend(part.docs().iter().map(|doc| doc - start));
        }
        self.here.intersect_at(candidates, here);
        self.here.iter().for_each(|place| docs.push(start + place));
    }

    /// Takes those passages out that are not kept if they get so much more; without a branch, as it cannot be
    /// foreseen which they are.
    fn keep_hopeful(&mut self, docs: &mut Vec<DocId>, more: f64, shortlist: &Shortlist<'_>) {
        let (alone, gaining) = (shortlist.least() - more, shortlist.least_gaining() - more);
        let mut hopeful = 0;
        for at in 0..docs.len() {
            let Some(&doc) = docs.get(at) else { continue };
            let place = self.place(doc);
            let (Some(sum), Some(length_norm)) =
                (self.sums.get_mut(place), self.norms.get_mut(place))
            else {
                continue;
            };
            let least = if self.gaining.contains(doc - self.start) { gaining } else { alone };
            let hopes = *sum >= least;
            *sum = if hopes { *sum } else { 0.0 };
            *length_norm = if hopes { *length_norm } else { f64::INFINITY };
            if let Some(next) = docs.get_mut(hopeful) {
                *next = doc;
            }
            hopeful += usize::from(hopes);
        }
        docs.truncate(hopeful);
    }

    /// Takes a passage out, and returns what it has.
    fn take(&mut self, doc: DocId) -> f64 {
        let place = self.place(doc);
        match (self.sums.get_mut(place), self.norms.get_mut(place)) {
            (Some(sum), Some(length_norm)) => {
                *length_norm = f64::INFINITY;
                std::mem::take(sum)
            }
            _ => 0.0,
        }
    }
}

/// What [`length_norm`] is for every length.
pub(in crate::search) struct Norms<'a> {
    ranking: &'a Ranking,
    collection: CollectionStats,
    by_length: Vec<f64>,
}

impl<'a> Norms<'a> {
    /// Of shorter passages it is worked out once.
    const KEPT: u32 = 256;

    pub(in crate::search) fn new(ranking: &'a Ranking, collection: CollectionStats) -> Self {
        let by_length =
            (0..Self::KEPT).map(|length| length_norm(ranking, collection, length)).collect();
        Self { ranking, collection, by_length }
    }

    fn of(&self, length: u32) -> f64 {
        let known = self.by_length.get(length as usize).copied();
        known.unwrap_or_else(|| length_norm(self.ranking, self.collection, length))
    }

    /// Hands those candidates to the shortlist that it may keep, ascending, with what the addends, the heaviest first,
    /// add up to in their order.
    pub(in crate::search) fn sums(
        &self,
        lengths: &U32Column,
        candidates: &BitSet,
        addends: &[Addend<'_>],
        window: &mut ScoreWindow,
        shortlist: &mut Shortlist<'_>,
    ) {
        let mut next = vec![0; addends.len()];
        let (mut parts, mut docs) = (Vec::with_capacity(addends.len()), Vec::new());
        for start in (0..candidates.bound()).step_by(WINDOW as usize) {
            window.start = start;
            if candidates.is_empty_within(window.docs()) {
                continue;
            }
            window.learn_gaining(shortlist);
            window.take_parts(addends, &mut next, &mut parts);
            if let [part] = &parts[..]
                && shortlist.least() > 0.0
                && window.gaining.is_empty()
            {
                self.sum_of_one(lengths, part, candidates, shortlist);
                continue;
            }
            let needed = parts.iter().take_while(|part| part.most >= shortlist.least()).count();
            window.choose(candidates, parts.get(..needed), shortlist, &mut docs);
            self.begin(lengths, &docs, window);
            for (place, part) in parts.iter().enumerate() {
                if place.checked_sub(needed).is_some_and(|after| after % CHECKED == 0) {
                    window.keep_hopeful(&mut docs, part.most, shortlist);
                }
                self.add(part, &docs, window);
            }
            for &doc in &docs {
                shortlist.add(doc, window.take(doc));
            }
        }
    }

    /// Hands those of the candidates on that have the one addend there is, and no others gain anything.
    fn sum_of_one(
        &self,
        lengths: &U32Column,
        part: &Part<'_>,
        candidates: &BitSet,
        shortlist: &mut Shortlist<'_>,
    ) {
        let &Addend { postings, weight, of_text } = part.addend;
        let mut places = part.places.clone();
        lengths.each(part.docs(), |doc, length| {
            let times = places.next().map_or(0.0, |place| postings.times(place));
            let length_norm = if of_text { self.of(length) } else { self.ranking.k1 };
            let sum = weight.score(times, length_norm);
            if sum >= shortlist.least() && candidates.contains(doc) {
                shortlist.add(doc, sum);
            }
        });
    }

    /// Begins to sum up some passages of a window.
    fn begin(&self, lengths: &U32Column, docs: &[DocId], window: &mut ScoreWindow) {
        let ScoreWindow { start, norms, .. } = window;
        lengths.each(docs, |doc, length| {
            if let Some(length_norm) = norms.get_mut((doc - *start) as usize) {
                *length_norm = self.of(length);
            }
        });
    }

    /// Adds what one addend is for some passages, ascending.
    fn add(&self, part: &Part<'_>, docs: &[DocId], window: &mut ScoreWindow) {
        let ScoreWindow { start, sums, norms, .. } = window;
        let &Addend { postings, weight, of_text } = part.addend;
        let mut add = |doc: DocId, times: f64| {
            let place = (doc - *start) as usize;
            if let (Some(sum), Some(&length_norm)) = (sums.get_mut(place), norms.get(place)) {
                let flat = !of_text && length_norm.is_finite();
                let length_norm = if flat { self.ranking.k1 } else { length_norm };
                *sum += weight.score(times, length_norm);
            }
        };
        if part.places.len() < docs.len().saturating_mul(SEARCHED) {
            return postings.each(part.places.clone(), add);
        }
        let mut next = part.places.start;
        for &doc in docs {
            next = postings.seek(next, doc);
            if postings.docs().get(next) == Some(&doc) {
                add(doc, postings.times(next));
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
        ranking::top_k::{Above, Margin, TopKThreshold},
        reader::Posting,
    };

    const ENTRIES: DocId = 500;

    fn lists(most: usize) -> impl Strategy<Value = Vec<BTreeMap<DocId, u32>>> {
        let dense = btree_map(0..ENTRIES, 1_u32..6, 0..300);
        let sparse = btree_map(0..ENTRIES, 1_u32..6, 0..20);
        vec(prop_oneof![dense, sparse], 1..most)
    }

    fn bits(docs: impl Iterator<Item = DocId>) -> BitSet {
        let mut bits = BitSet::new(ENTRIES);
        bits.extend(docs);
        bits
    }

    fn numbers(numbers: Vec<u64>) -> U32Column {
        U32Column::new(Column {
            index: ColumnIndex::Full,
            values: Arc::new(VecColumn::from(numbers)),
        })
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_that_may_be_among_the_best(
            lists in lists(12),
            above in lists(3),
            weights in vec(0.1..2.0_f64, 12),
            lengths in vec(6_u64..90, ENTRIES as usize),
            leads in vec(0.0..0.2_f64, ENTRIES as usize),
            but in 2..9_u32,
            keep in 1..9_usize,
        ) {
            let ranking = Ranking::default();
            let collection = CollectionStats { passages: u64::from(ENTRIES), positions: lengths.iter().sum() };
            let lists: Vec<PostingList> = lists.iter().map(|list| {
                list.iter().map(|(&doc, &freq)| Posting { doc, freq, near: 0.0 }).collect()
            }).collect();
            let mut addends: Vec<Addend<'_>> = lists.iter().zip(weights).map(|(postings, weight)| {
                let weight = Bm25Weight::new(collection, postings.len() as u64, weight, &ranking);
                Addend { postings, weight, of_text: true }
            }).collect();
            addends.sort_by(|a, b| b.weight.most().total_cmp(&a.weight.most()));
            let candidates = bits((0..ENTRIES).filter(|doc| doc % but > 0));
            let above: Vec<BitSet> = above.iter().map(|list| bits(list.keys().copied())).collect();
            let lengths = numbers(lengths);
            let norms = Norms::new(&ranking, collection);
            let mut window = ScoreWindow::new();
            let mut listed = |best: &mut TopKThreshold, holds: bool| {
                let mut gains = Above::default();
                for above in &above {
                    gains.add(above, 0.3);
                }
                let mut shortlist = Shortlist::new(best, Margin { lead: 0.2, bonus: 0.0, holds }, gains);
                norms.sums(&lengths, &candidates, &addends, &mut window, &mut shortlist);
                shortlist.into_vec().into_iter().collect::<BTreeMap<DocId, f64>>()
            };
            let all = listed(&mut TopKThreshold::new(usize::MAX), false);
            let some = listed(&mut TopKThreshold::new(keep), true);
            prop_assert_eq!(all.len() as u64, candidates.len());
            let score = |doc: DocId| {
                let gain: f64 = above.iter().filter(|above| above.contains(doc)).map(|_| 0.3).sum();
                (all[&doc] + gain) * (1.0 + leads[doc as usize])
            };
            let mut scores: Vec<f64> = all.keys().map(|&doc| score(doc)).collect();
            scores.sort_by(|a, b| b.total_cmp(a));
            for (&doc, sum) in &all {
                match some.get(&doc) {
                    Some(same) => prop_assert_eq!(same.to_bits(), sum.to_bits()),
                    None => prop_assert!(score(doc) < scores[keep - 1], "{doc} {}", score(doc)),
                }
            }
        }
    }
}
