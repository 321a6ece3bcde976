//! What a segment holds of a query, and its candidates → their scores.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::DocId;

use super::{
    beside::above,
    bits::Bits,
    postings::{Posting, Segment, from},
    rank::{Feature, Kind},
    score::{Collection, Lead, TermWeight},
    segment::{Found, Scored},
    sums::{Addend, Norms},
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
    norms: Norms<'a>,
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
        let norms = Norms::new(ranking, collection);
        Self { query, ranking, norms, features, weights, leaves: leaves.collect() }
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
        let mut complete = matched.clone();
        for (list, above) in leaves {
            let mut with_leaf = above.cloned().unwrap_or_else(|| matched.none());
            with_leaf.extend(list.iter().map(|posting| posting.doc));
            complete.intersect(&with_leaf);
            if complete.is_empty() {
                break;
            }
        }
        complete
    }

    /// The scores of those `candidates` of a segment that may be among the best of all.
    pub(super) fn scored(
        &self,
        segment: Segment<'_>,
        found: &Found,
        matched: &Matched,
        candidates: &Bits,
        best: &mut Best,
    ) -> Vec<Scored> {
        let complete = |doc| matched.complete.as_ref().is_some_and(|bits| bits.contains(doc));
        let margin = self.margin(matched);
        let mut kept: Vec<(DocId, f64)> = Vec::new();
        self.norms.sums(segment, candidates, self.addends(found), |doc, sum| {
            best.add(sum);
            if sum >= margin.below(best.least()) || complete(doc) {
                kept.push((doc, sum));
            }
        });
        let least = margin.below(best.least());
        kept.retain(|&(doc, sum)| sum >= least || complete(doc));
        let docs: Vec<DocId> = kept.iter().map(|(doc, _)| *doc).collect();
        let has = self.has(found, &docs, matched);
        let in_text: f64 = self.weights.iter().map(TermWeight::most).sum();
        let whole: f64 = self.leaves.iter().map(|(_, ceiling)| ceiling).sum();
        let most = (1.0 + self.ranking.lead) * (in_text + whole * self.ranking.above);
        let lead = Lead::new(self.ranking);
        let hits = kept.into_iter().zip(segment.columns.ordinals.of(&docs)).zip(has);
        let scored = hits.map(|(((doc, sum), ordinal), has)| {
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

    /// What the sum of a passage may gain, if it does not have every leaf.
    fn margin(&self, matched: &Matched) -> Margin {
        let &Ranking { above, lead, complete, .. } = self.ranking;
        if [above, lead, complete].iter().any(|&parameter| parameter < 0.0) {
            return Margin { added: f64::INFINITY, lead: 0.0 };
        }
        let others = self.leaves.iter().zip(&matched.above).filter(|(_, bits)| bits.is_some());
        let added: f64 = others.map(|((_, ceiling), _)| ceiling * above).sum();
        let bonus =
            if self.leaves.len() > 1 && matched.complete.is_none() { f64::INFINITY } else { 0.0 };
        Margin { added: added + bonus, lead }
    }

    fn addends<'f>(&self, found: &'f Found) -> Vec<Addend<'f>> {
        let features = self.features.iter().zip(self.weights).enumerate();
        let addends = features.map(|(index, (feature, &weight))| Addend {
            postings: found.postings(feature, index),
            weight,
            of_text: feature.is_of_text(self.query),
        });
        addends.collect()
    }

    /// Which leaves passages have, in the text and above it.
    fn has(&self, found: &Found, docs: &[DocId], matched: &Matched) -> Vec<Has> {
        let mut all = vec![Has::default(); docs.len()];
        for (number, (&(leaf, ceiling), above)) in
            self.leaves.iter().zip(&matched.above).enumerate()
        {
            let mut rest = found.leaf(leaf);
            for (has, &doc) in all.iter_mut().zip(docs) {
                rest = from(rest, doc);
                if rest.first().is_some_and(|posting| posting.doc == doc) {
                    has.add(number, ceiling);
                }
                if above.as_ref().is_some_and(|above| above.contains(doc)) {
                    has.above += ceiling * self.ranking.above;
                    has.add(number, ceiling);
                }
            }
        }
        all
    }
}

/// What a sum may gain at most.
struct Margin {
    added: f64,
    lead: f64,
}

impl Margin {
    /// What a sum must be at least, if with all that it may gain it is to reach `score`.
    fn below(&self, score: f64) -> f64 {
        // Rounding must not cost a place.
        (score / (1.0 + self.lead) - self.added) * (1.0 - 1e-9)
    }
}

/// The best sums so far, of all segments.
pub(super) struct Best {
    keep: usize,
    /// The bits of numbers that are not negative have their order.
    sums: BinaryHeap<Reverse<u64>>,
}

impl Best {
    /// None of them, where so many will stand on the page.
    pub(super) fn new(keep: usize) -> Self {
        Self { keep, sums: BinaryHeap::new() }
    }

    fn add(&mut self, sum: f64) {
        let bits = Reverse(sum.max(0.0).to_bits());
        if self.sums.len() < self.keep {
            // All are kept: none is too low.
            if self.keep < usize::MAX {
                self.sums.push(bits);
            }
        } else if let Some(mut least) = self.sums.peek_mut()
            && bits < *least
        {
            *least = bits;
        }
    }

    /// The last that stands on the page; 0 while there is room on it.
    fn least(&self) -> f64 {
        let last = self.sums.peek().filter(|_| self.sums.len() == self.keep);
        last.map_or(0.0, |last| f64::from_bits(last.0))
    }
}
