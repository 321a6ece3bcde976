//! What a segment holds of a query, and its candidates → their scores.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::DocId;

use super::{
    beside::above,
    bits::Bits,
    passages::Passages,
    postings::{Posting, Segment, from},
    rank::{Feature, Kind},
    score::{Collection, Lead, TermWeight, norm},
    segment::{Found, Scored},
};
use crate::{
    error::Result,
    query::{Lowered, Ranking},
};

/// The one score function, for one query: sums over its features in query order, what stands above a
/// passage, a bonus for those that have every leaf, times what the first passages of a release gain.
pub(super) struct Scorer<'a> {
    query: &'a Lowered,
    ranking: &'a Ranking,
    collection: Collection,
    features: &'a [Feature<'a>],
    weights: &'a [TermWeight],
    /// The leaves that rank, with what each counts.
    leaves: Vec<(usize, f64)>,
}

/// What matches in one segment.
pub(super) struct Matched {
    pub(super) bits: Bits,
    /// By ranking leaf: those of them with it in their title or in a heading, where there are any.
    above: Vec<Option<Bits>>,
    /// Those of them that have every leaf, in their text or above it; none where that is no reason to come
    /// first.
    pub(super) complete: Option<Bits>,
}

/// Which leaves a match has, in its text or above it, while they are gone through.
#[derive(Clone, Copy, Default)]
struct Has {
    above: f64,
    ceilings: f64,
    leaves: usize,
    /// One more than the number of the last.
    last: usize,
}

impl Has {
    fn add(&mut self, number: usize, ceiling: f64) {
        if self.last <= number {
            self.last = number + 1;
            self.leaves += 1;
            self.ceilings += ceiling;
        }
    }
}

impl<'a> Scorer<'a> {
    pub(super) fn new(
        query: &'a Lowered,
        ranking: &'a Ranking,
        collection: Collection,
        features: &'a [Feature<'a>],
        weights: &'a [TermWeight],
    ) -> Self {
        let leaves =
            features.iter().zip(weights).filter_map(|(feature, weight)| match feature.kind {
                Kind::Leaf(leaf) => Some((leaf, weight.ceiling)),
                _ => None,
            });
        Self { query, ranking, collection, features, weights, leaves: leaves.collect() }
    }

    /// What is known of the passages of one segment that match, before they are scored.
    pub(super) fn matched(
        &self,
        segment: Segment<'_>,
        found: &Found,
        bits: Bits,
    ) -> Result<Matched> {
        let leaves = self.leaves.iter().filter_map(|&(leaf, _)| self.query.leaves.get(leaf));
        let above = leaves.map(|leaf| above(segment, leaf, &bits)).collect::<Result<Vec<_>>>()?;
        let first = self.leaves.len() > 1 && self.ranking.complete >= 1.0;
        let complete = first.then(|| self.complete(found, &bits, &above));
        Ok(Matched { bits, above, complete })
    }

    fn complete(&self, found: &Found, matched: &Bits, above: &[Option<Bits>]) -> Bits {
        let mut leaves: Vec<(&[Posting], Option<&Bits>)> = self
            .leaves
            .iter()
            .zip(above)
            .map(|(&(leaf, _), above)| (found.leaf(leaf), above.as_ref()))
            .collect();
        leaves.sort_by_key(|(list, above)| (above.is_some(), list.len()));
        let mut leaves = leaves.into_iter();
        let mut complete = matched.none();
        if let Some((list, above)) = leaves.next() {
            complete.extend(list.iter().map(|posting| posting.doc));
            if let Some(above) = above {
                complete.unite(above);
            }
            complete.intersect(matched);
        }
        let mut docs: Vec<DocId> = complete.iter().collect();
        for (mut list, above) in leaves {
            docs.retain(|&doc| {
                list = from(list, doc);
                list.first().is_some_and(|posting| posting.doc == doc)
                    || above.is_some_and(|above| above.contains(doc))
            });
        }
        let mut complete = matched.none();
        complete.extend(docs);
        complete
    }

    /// The scores of those `candidates` of a segment that may be among the `keep` best of them.
    pub(super) fn scored(
        &self,
        segment: Segment<'_>,
        found: &Found,
        matched: &Matched,
        candidates: &Bits,
        keep: usize,
    ) -> Vec<Scored> {
        let all = Passages::new(segment, candidates);
        let sums = self.sums(found, &all);
        let in_text: f64 = self.weights.iter().map(TermWeight::most).sum();
        let whole: f64 = self.leaves.iter().map(|(_, ceiling)| ceiling).sum();
        let least = self.least(&sums, matched, keep);
        let mut best = matched.complete.clone().unwrap_or_else(|| candidates.none());
        best.intersect(candidates);
        for (&doc, sum) in all.docs().iter().zip(&sums) {
            if *sum >= least {
                best.insert(doc);
            }
        }
        let most = (1.0 + self.ranking.lead) * (in_text + whole * self.ranking.above);
        let passages = Passages::new(segment, &best);
        let lead = Lead::new(self.ranking);
        let has = self.has(found, &passages, matched);
        let hits = passages.docs().iter().zip(passages.ordinals()).zip(has);
        let scored = hits.map(|((&doc, ordinal), has)| {
            let sum = all.place(doc).and_then(|place| sums.get(place)).copied().unwrap_or_default();
            let complete = self.leaves.len() > 1 && has.leaves == self.leaves.len();
            let bonus = if complete { self.ranking.complete * most } else { 0.0 };
            Scored {
                doc,
                score: (sum + has.above + bonus) * lead.of(ordinal),
                ordinal,
                covered: if whole > 0.0 { (has.ceilings / whole) as f32 } else { 1.0 },
            }
        });
        scored.collect()
    }

    /// What the features of a passage must add up to at least, if it is to be among the `keep` best without
    /// having every leaf: so much that, with all that may be added, it reaches the `keep`-th best sum.
    fn least(&self, sums: &[f64], matched: &Matched, keep: usize) -> f64 {
        let &Ranking { above, lead, complete, .. } = self.ranking;
        if sums.len() <= keep || [above, lead, complete].iter().any(|&parameter| parameter < 0.0) {
            return f64::NEG_INFINITY;
        }
        let others = self.leaves.iter().zip(&matched.above).filter(|(_, bits)| bits.is_some());
        let added: f64 = others.map(|((_, ceiling), _)| ceiling * above).sum();
        let bonus =
            if self.leaves.len() > 1 && matched.complete.is_none() { f64::INFINITY } else { 0.0 };
        // Rounding must not cost a place.
        (kth_best(sums, keep) / (1.0 + lead) - added) * (1.0 - 1e-9) - bonus
    }

    /// What the features add.
    fn sums(&self, found: &Found, passages: &Passages<'_>) -> Vec<f64> {
        let norm = |length| norm(self.ranking, self.collection, length);
        let norms: Vec<f64> = passages.lengths().into_iter().map(norm).collect();
        let mut sums = vec![0.0; norms.len()];
        for (index, (feature, weight)) in self.features.iter().zip(self.weights).enumerate() {
            // What is found in a title or a name says nothing about the length of the passage.
            let body = feature.is_of_text(self.query);
            passages.with(found.postings(feature, index), |place, posting| {
                if let (Some(sum), Some(&norm)) = (sums.get_mut(place), norms.get(place)) {
                    *sum +=
                        weight.score(posting.weight(), if body { norm } else { self.ranking.k1 });
                }
            });
        }
        sums
    }

    /// Which leaves there are, in the text and above it.
    fn has(&self, found: &Found, passages: &Passages<'_>, matched: &Matched) -> Vec<Has> {
        let mut all = vec![Has::default(); passages.docs().len()];
        for (number, (&(leaf, ceiling), above)) in
            self.leaves.iter().zip(&matched.above).enumerate()
        {
            passages.with(found.leaf(leaf), |place, _| {
                if let Some(has) = all.get_mut(place) {
                    has.add(number, ceiling);
                }
            });
            let Some(above) = above else { continue };
            for (has, &doc) in all.iter_mut().zip(passages.docs()) {
                if above.contains(doc) {
                    has.above += ceiling * self.ranking.above;
                    has.add(number, ceiling);
                }
            }
        }
        all
    }
}

/// The `keep`-th of some numbers that are not negative, from the largest on; 0 where there are fewer.
fn kth_best(numbers: &[f64], keep: usize) -> f64 {
    let mut best: BinaryHeap<Reverse<u64>> = BinaryHeap::with_capacity(keep + 1);
    for number in numbers {
        // The bits of such numbers have their order.
        let bits = Reverse(number.max(0.0).to_bits());
        if best.len() < keep {
            best.push(bits);
        } else if let Some(mut least) = best.peek_mut()
            && bits < *least
        {
            *least = bits;
        }
    }
    best.peek().filter(|_| best.len() == keep).map_or(0.0, |least| f64::from_bits(least.0))
}
