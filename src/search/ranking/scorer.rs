//! What a segment holds of a query, and its candidates → their scores.

use std::rc::Rc;

use tantivy::DocId;

use super::{
    bm25::{Bm25Weight, CollectionStats, PositionBoost},
    features::{ScoringTerm, ScoringTermKind},
    maxscore::{Addend, Norms, ScoreWindow},
    query_postings::QueryPostings,
    top_k::{Above, Margin, Shortlist, TopKThreshold},
};
use crate::{
    error::Result,
    query::{QueryPlan, Ranking},
    search::{
        matching::above,
        reader::{BitSet, PostingList, SegmentView},
    },
};

/// The one score function, for one query: sums over its features, what stands above a passage, a bonus for those
/// that have every leaf, times what the first passages of a release gain.
pub(in crate::search) struct Scorer<'a> {
    query: &'a QueryPlan,
    ranking: &'a Ranking,
    norms: Norms<'a>,
    lead: PositionBoost,
    features: &'a [ScoringTerm<'a>],
    weights: &'a [Bm25Weight],
    /// The leaves that rank, with what each counts.
    leaves: Vec<(usize, f64)>,
}

/// A passage that matches, with its score.
#[derive(Debug, Clone, Copy)]
pub(in crate::search) struct ScoredDoc {
    pub(in crate::search) doc: DocId,
    pub(in crate::search) score: f64,
    /// Ordinal of the passage in its document.
    pub(in crate::search) ordinal: u32,
    /// Share of the query that the passage has, weighted by idf, from 0 to 1.
    pub(in crate::search) covered: f32,
}

/// What matches in one segment.
pub(in crate::search) struct Matched {
    pub(in crate::search) bits: Rc<BitSet>,
    /// By ranking leaf: those of them with it in their title or in a heading, where there are any.
    above: Vec<Option<BitSet>>,
    /// Those of them that have every leaf, in their text or above it; none where that is no reason to come
    /// first.
    pub(in crate::search) complete: Option<BitSet>,
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
    pub(in crate::search) fn new(
        query: &'a QueryPlan,
        ranking: &'a Ranking,
        collection: CollectionStats,
        features: &'a [ScoringTerm<'a>],
        weights: &'a [Bm25Weight],
    ) -> Self {
        let leaves =
            features.iter().zip(weights).filter_map(|(feature, weight)| match feature.kind {
                ScoringTermKind::Leaf(leaf) => Some((leaf, weight.ceiling)),
                _ => None,
            });
        let norms = Norms::new(ranking, collection);
        let lead = PositionBoost::new(ranking);
        Self { query, ranking, norms, lead, features, weights, leaves: leaves.collect() }
    }

    /// What is known of the passages of one segment that match, before they are scored.
    pub(in crate::search) fn matched(
        &self,
        segment: SegmentView<'_>,
        found: &QueryPostings,
        bits: Rc<BitSet>,
    ) -> Result<Matched> {
        let leaves = self.leaves.iter().filter_map(|&(leaf, _)| self.query.leaves.get(leaf));
        let above = leaves.map(|leaf| above(segment, leaf, &bits)).collect::<Result<Vec<_>>>()?;
        let first = self.leaves.len() > 1 && self.ranking.all_terms_bonus >= 1.0;
        let complete = first.then(|| self.complete(found, &bits, &above));
        Ok(Matched { bits, above, complete })
    }

    fn complete(
        &self,
        found: &QueryPostings,
        matched: &BitSet,
        above: &[Option<BitSet>],
    ) -> BitSet {
        let lists = self.leaves.iter().map(|&(leaf, _)| found.leaf(leaf));
        let mut leaves: Vec<(&PostingList, Option<&BitSet>)> =
            lists.zip(above.iter().map(Option::as_ref)).collect();
        // Those of the leaf in the fewest passages are looked for among the others.
        leaves.sort_by_cached_key(|(list, above)| list.len() as u64 + above.map_or(0, BitSet::len));
        let Some((&(first, above), others)) = leaves.split_first() else { return matched.none() };
        let mut docs = match above.cloned() {
            None => first.docs().to_vec(),
            Some(mut above) => {
                above.extend(first.docs().iter().copied());
                above.to_vec()
            }
        };
        docs.retain(|&doc| matched.contains(doc));
        for (list, above) in others {
            list.keep_common(&mut docs, |doc| above.is_some_and(|above| above.contains(doc)));
        }
        let mut complete = matched.none();
        complete.extend(docs);
        complete
    }

    /// Whether a passage that matches may lack a part of the query.
    pub(in crate::search) fn may_lack(&self) -> bool {
        self.leaves.len() > 1
    }

    /// The scores of those matches of a segment that may be among the best of all; of those alone that have every
    /// leaf where `only_complete`.
    pub(in crate::search) fn scored(
        &self,
        segment: SegmentView<'_>,
        found: &QueryPostings,
        matched: &Matched,
        only_complete: bool,
        window: &mut ScoreWindow,
        best: &mut TopKThreshold,
    ) -> Vec<ScoredDoc> {
        let addends = self.addends(found);
        let mut sums = |candidates: &BitSet, margin: Margin| {
            let mut shortlist = Shortlist::new(best, margin, self.above(matched));
            self.norms.sums(&segment.columns.lengths, candidates, &addends, window, &mut shortlist);
            shortlist.into_vec()
        };
        let margin = self.margin(matched, only_complete);
        let kept = match &matched.complete {
            Some(complete) if only_complete => sums(complete, margin),
            Some(complete) if !complete.is_empty() => {
                // They come first, whatever their sums.
                let mut kept = sums(complete, Margin { holds: false, ..margin });
                let mut others = matched.bits.as_ref().clone();
                others.remove(complete);
                kept.extend(sums(&others, margin));
                kept.sort_unstable_by_key(|&(doc, _)| doc);
                kept
            }
            _ => sums(&matched.bits, margin),
        };
        let docs: Vec<DocId> = kept.iter().map(|(doc, _)| *doc).collect();
        let has = self.has(found, &docs, matched);
        let (whole, bonus) = (self.whole(), self.bonus());
        let hits = kept.into_iter().zip(segment.columns.ordinals.of(&docs)).zip(has);
        let scored = hits.map(|(((doc, sum), ordinal), has)| {
            let complete = self.leaves.len() > 1 && has.leaves == self.leaves.len();
            let bonus = if complete { bonus } else { 0.0 };
            ScoredDoc {
                doc,
                score: (sum + has.above + bonus) * self.lead.of(ordinal),
                ordinal,
                covered: if whole > 0.0 { (has.ceilings / whole) as f32 } else { 1.0 },
            }
        });
        scored.collect()
    }

    /// What the leaves count together.
    fn whole(&self) -> f64 {
        self.leaves.iter().map(|(_, ceiling)| ceiling).sum()
    }

    /// What a passage gains that has every leaf.
    fn bonus(&self) -> f64 {
        let in_text: f64 = self.weights.iter().map(Bm25Weight::most).sum();
        let most = (1.0 + self.ranking.position_boost)
            * (in_text + self.whole() * self.ranking.heading_weight);
        self.ranking.all_terms_bonus * most
    }

    /// What the sum of a passage may gain: of one that has every leaf where `only_complete`, of another else.
    fn margin(&self, matched: &Matched, only_complete: bool) -> Margin {
        let &Ranking {
            k1,
            b,
            heading_weight: above,
            position_boost: lead,
            all_terms_bonus: complete,
            ..
        } = self.ranking;
        let bonus = if only_complete { self.bonus() } else { 0.0 };
        let usual = [k1, above, lead, complete].iter().all(|&parameter| parameter >= 0.0)
            && (0.0..=1.0).contains(&b);
        let holds = usual && (self.leaves.len() < 2 || matched.complete.is_some());
        Margin { lead, bonus, holds }
    }

    /// What passages gain by what stands above them.
    fn above<'m>(&self, matched: &'m Matched) -> Above<'m> {
        let mut above = Above::default();
        for ((_, ceiling), passages) in self.leaves.iter().zip(&matched.above) {
            if let Some(passages) = passages {
                above.add(passages, ceiling * self.ranking.heading_weight);
            }
        }
        above
    }

    /// Those that can add most first.
    fn addends<'f>(&self, found: &'f QueryPostings) -> Vec<Addend<'f>> {
        let features = self.features.iter().zip(self.weights).enumerate();
        let addends = features.map(|(index, (feature, &weight))| Addend {
            postings: found.postings(feature, index),
            weight,
            of_text: feature.is_of_text(self.query),
        });
        let mut addends: Vec<Addend<'_>> = addends.collect();
        addends.sort_by(|a, b| b.weight.most().total_cmp(&a.weight.most()));
        addends
    }

    /// Which leaves passages have, in the text and above it.
    fn has(&self, found: &QueryPostings, docs: &[DocId], matched: &Matched) -> Vec<Has> {
        let mut all = vec![Has::default(); docs.len()];
        for (number, (&(leaf, ceiling), above)) in
            self.leaves.iter().zip(&matched.above).enumerate()
        {
            let list = found.leaf(leaf);
            let mut place = 0;
            for (has, &doc) in all.iter_mut().zip(docs) {
                place = list.seek(place, doc);
                if list.docs().get(place) == Some(&doc) {
                    has.add(number, ceiling);
                }
                if above.as_ref().is_some_and(|above| above.contains(doc)) {
                    has.above += ceiling * self.ranking.heading_weight;
                    has.add(number, ceiling);
                }
            }
        }
        all
    }
}
