//! What a segment holds of a query, and its candidates → their scores.

use super::{
    beside::above,
    bits::Bits,
    passages::Passages,
    postings::Segment,
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

/// By ranking leaf: the passages with it in their title or in a heading.
pub(super) type Above = Vec<Option<Bits>>;

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

    /// What stands above the passages of one segment that match.
    pub(super) fn above(&self, segment: Segment<'_>, matched: &Bits) -> Result<Above> {
        let leaves = self.leaves.iter().filter_map(|&(leaf, _)| self.query.leaves.get(leaf));
        leaves.map(|leaf| above(segment, leaf, matched)).collect()
    }

    /// The passages that have every leaf, in their text or above it; none where that is no reason to come
    /// first.
    pub(super) fn complete(&self, found: &Found, matched: &Bits, above: &Above) -> Option<Bits> {
        if self.leaves.len() < 2 || self.ranking.complete < 1.0 {
            return None;
        }
        let mut complete = matched.clone();
        for (&(leaf, _), above) in self.leaves.iter().zip(above) {
            let mut with_leaf = above.clone().unwrap_or_else(|| matched.none());
            found.leaf(leaf).iter().for_each(|posting| with_leaf.insert(posting.doc));
            complete.intersect(&with_leaf);
        }
        Some(complete)
    }

    /// The scores of some passages that match.
    pub(super) fn scored(
        &self,
        segment: Segment<'_>,
        found: &Found,
        candidates: &Bits,
        above: &Above,
    ) -> Vec<Scored> {
        let passages = Passages::new(segment, candidates);
        let sums = self.sums(found, &passages);
        let has = self.has(found, &passages, above);
        let in_text: f64 = self.weights.iter().map(TermWeight::most).sum();
        let whole: f64 = self.leaves.iter().map(|(_, ceiling)| ceiling).sum();
        let most = (1.0 + self.ranking.lead) * (in_text + whole * self.ranking.above);
        let lead = Lead::new(self.ranking);
        let matches = passages.docs().iter().zip(passages.ordinals()).zip(sums.iter().zip(has));
        let scored = matches.map(|((&doc, ordinal), (sum, has))| {
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

    /// What the features add.
    fn sums(&self, found: &Found, passages: &Passages<'_>) -> Vec<f64> {
        let norm = |length| norm(self.ranking, self.collection, length);
        let norms: Vec<f64> = passages.lengths().into_iter().map(norm).collect();
        let mut sums = vec![0.0; norms.len()];
        for (index, (feature, weight)) in self.features.iter().zip(self.weights).enumerate() {
            // What is found in a title or a name says nothing about the length of the passage.
            let body = feature.is_of_text(self.query);
            for posting in found.postings(feature, index) {
                if let Some(place) = passages.place(posting.doc)
                    && let (Some(sum), Some(&norm)) = (sums.get_mut(place), norms.get(place))
                {
                    *sum +=
                        weight.score(posting.weight(), if body { norm } else { self.ranking.k1 });
                }
            }
        }
        sums
    }

    /// Which leaves there are, in the text and above it.
    fn has(&self, found: &Found, passages: &Passages<'_>, above: &Above) -> Vec<Has> {
        let mut all = vec![Has::default(); passages.docs().len()];
        for (number, (&(leaf, ceiling), above)) in self.leaves.iter().zip(above).enumerate() {
            for posting in found.leaf(leaf) {
                let place = passages.place(posting.doc);
                if let Some(has) = place.and_then(|place| all.get_mut(place)) {
                    has.add(number, ceiling);
                }
            }
            for doc in above.iter().flat_map(Bits::iter) {
                if let Some(has) = passages.place(doc).and_then(|place| all.get_mut(place)) {
                    has.above += ceiling * self.ranking.above;
                    has.add(number, ceiling);
                }
            }
        }
        all
    }
}
