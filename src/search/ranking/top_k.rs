//! Sums of passages → those of them that may be among the best of all segments.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::DocId;

use crate::search::reader::BitSet;

/// The best sums so far, of all segments.
pub(in crate::search) struct TopKThreshold {
    keep: usize,
    /// The bits of numbers that are not negative have their order.
    sums: BinaryHeap<Reverse<u64>>,
    /// The last that stands on the page; 0 while there is room on it.
    least: f64,
}

impl TopKThreshold {
    /// None of them, where so many will stand on the page.
    pub(in crate::search) fn new(keep: usize) -> Self {
        Self { keep, sums: BinaryHeap::new(), least: 0.0 }
    }

    /// Returns whether another is the last now.
    fn add(&mut self, sum: f64) -> bool {
        // Where all are kept, none is too low.
        let full = self.sums.len() == self.keep;
        if self.keep == usize::MAX || full && sum <= self.least {
            return false;
        }
        if full {
            self.sums.pop();
        }
        self.sums.push(Reverse(sum.max(0.0).to_bits()));
        let last = self.sums.peek().filter(|_| self.sums.len() == self.keep);
        last.map(|last| self.least = f64::from_bits(last.0)).is_some()
    }
}

/// What the sum of a passage may still gain.
#[derive(Clone, Copy)]
pub(in crate::search) struct Margin {
    /// As a share of all of it.
    pub(in crate::search) lead: f64,
    /// Every one of the passages.
    pub(in crate::search) bonus: f64,
    /// Whether it gains no more than that, and none loses.
    pub(in crate::search) holds: bool,
}

impl Margin {
    /// What a sum must be at least, if with all that it may gain it is to reach `sum`.
    fn below(self, sum: f64) -> f64 {
        if !self.holds {
            return f64::NEG_INFINITY;
        }
        let reached = sum + self.bonus;
        // Rounding must not cost a place.
        reached / (1.0 + self.lead) - self.bonus - reached * 1e-9
    }
}

/// What passages gain by what stands above them, leaf by leaf.
#[derive(Default)]
pub(in crate::search) struct Above<'a> {
    gains: Vec<(&'a BitSet, f64)>,
    any: Option<BitSet>,
    /// What one gains at most.
    most: f64,
}

impl<'a> Above<'a> {
    pub(in crate::search) fn add(&mut self, passages: &'a BitSet, gain: f64) {
        match &mut self.any {
            Some(any) => any.unite(passages),
            None => self.any = Some(passages.clone()),
        }
        self.gains.push((passages, gain));
        self.most += gain;
    }

    fn gain(&self, doc: DocId) -> f64 {
        if !self.any.as_ref().is_some_and(|any| any.contains(doc)) {
            return 0.0;
        }
        let gains = self.gains.iter().filter(|(passages, _)| passages.contains(doc));
        gains.map(|(_, gain)| gain).sum()
    }
}

/// The passages of one segment that may be among the best.
pub(in crate::search) struct Shortlist<'a> {
    best: &'a mut TopKThreshold,
    margin: Margin,
    above: Above<'a>,
    least: f64,
    passages: Vec<(DocId, f64)>,
}

impl<'a> Shortlist<'a> {
    pub(in crate::search) fn new(
        best: &'a mut TopKThreshold,
        margin: Margin,
        above: Above<'a>,
    ) -> Self {
        let least = margin.below(best.least);
        Self { best, margin, above, least, passages: Vec::new() }
    }

    /// What a passage must have in its text at least if it gains nothing by what stands above it.
    pub(in crate::search) fn least(&self) -> f64 {
        self.least
    }

    /// What a passage must have in its text at least if it gains the most.
    pub(in crate::search) fn least_gaining(&self) -> f64 {
        self.least - self.above.most
    }

    /// The passages that gain something by what stands above them.
    pub(in crate::search) fn gaining(&self) -> Option<&BitSet> {
        self.above.any.as_ref()
    }

    /// Takes a passage with what it has in its text.
    pub(in crate::search) fn add(&mut self, doc: DocId, sum: f64) {
        // Most are far below.
        if sum < self.least_gaining() {
            return;
        }
        let all = sum + self.above.gain(doc);
        if self.best.add(all) {
            self.least = self.margin.below(self.best.least);
        }
        if all >= self.least {
            self.passages.push((doc, sum));
        }
    }

    /// What is on it, ascending, with what is in its text.
    pub(in crate::search) fn into_vec(mut self) -> Vec<(DocId, f64)> {
        // Most of them are below what came later.
        self.passages.retain(|&(doc, sum)| sum + self.above.gain(doc) >= self.least);
        self.passages
    }
}
