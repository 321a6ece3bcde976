//! A hit → the parts that its score is the sum of, in words.

use super::{
    Searcher,
    deadline::Deadline,
    execute::{QueryPostings, looked_up, weights},
    matching::heading_matches,
    page::RankedDoc,
    ranking::{
        Bm25Weight, CollectionStats, PositionBoost, ScoringTerm, ScoringTermKind, length_norm,
        scoring_terms,
    },
    reader::{BitSet, Posting, PostingList, SegmentView},
    remote::{CountedTerms, RemoteStatistics},
    results::ScoreComponent,
};
use crate::{
    error::Result,
    query::{Alternative, Leaf, QueryPlan, Ranking},
};

impl Searcher {
    /// Why each place has its score, the parts in query order; they add up to it.
    pub(super) fn explained(
        &self,
        places: &[RankedDoc],
        query: &QueryPlan,
        ranking: &Ranking,
    ) -> Result<Vec<Vec<ScoreComponent>>> {
        let segments = self.segments();
        let features = scoring_terms(query, ranking);
        let found = looked_up(&segments, query, &features, Deadline::never())?;
        let weights = weights(&segments, &found, query, &features, ranking, self.collection);
        let explained = places.iter().map(|place| {
            let ord = place.address.segment_ord as usize;
            let at = segments.get(ord).zip(found.get(ord));
            let collection = self.collection;
            let weighed =
                Weighed { query, ranking, features: &features, weights: &weights, collection };
            at.map_or(Ok(Vec::new()), |(segment, here)| {
                weighed.reasons(place, *segment, here, &found)
            })
        });
        explained.collect()
    }
}

/// A query with what its features count.
struct Weighed<'a> {
    query: &'a QueryPlan,
    ranking: &'a Ranking,
    features: &'a [ScoringTerm<'a>],
    weights: &'a [Bm25Weight],
    collection: CollectionStats,
}

impl Weighed<'_> {
    fn reasons(
        &self,
        place: &RankedDoc,
        segment: SegmentView<'_>,
        here: &QueryPostings,
        all: &[QueryPostings],
    ) -> Result<Vec<ScoreComponent>> {
        let doc = place.address.doc_id;
        let length = segment.columns.lengths.first(doc).unwrap_or_default() as u32;
        let ordinal = place.ordinal as u32;
        let length_norm = length_norm(self.ranking, self.collection, length);
        let mut reasons = Vec::new();
        for (index, (feature, weight)) in self.features.iter().zip(self.weights).enumerate() {
            let Some(posting) = at(here.postings(feature, index), doc) else { continue };
            let here = all.iter().map(|f| f.postings(feature, index).len() as u64).sum();
            let counted = |whole: &RemoteStatistics| {
                whole.passages(CountedTerms::counted(feature, self.query), 1)
            };
            let passages = segment.whole.map_or(here, counted);
            reasons.push(ScoreComponent {
                what: format!(
                    "{}: {} here, in {passages} of the passages",
                    self.named(&feature.kind),
                    times(&posting)
                ),
                score: weight.score(
                    posting.weight(),
                    if feature.is_in_body(self.query) { length_norm } else { self.ranking.k1 },
                ),
            });
        }
        self.add_above(segment, doc, &mut reasons)?;
        let sum: f64 = reasons.iter().map(|reason| reason.score).sum();
        reasons.push(ScoreComponent {
            what: format!("stands early: paragraph {} of its release", ordinal + 1),
            score: sum * (PositionBoost::new(self.ranking).factor(ordinal) - 1.0),
        });
        let so_far: f64 = reasons.iter().map(|reason| reason.score).sum();
        // What is left is the bonus: nothing else is added to the plain score.
        reasons.push(ScoreComponent {
            what: "has every word".to_owned(),
            score: place.raw_score - so_far,
        });
        reasons.push(ScoreComponent {
            what: "resembles other good hits".to_owned(),
            score: place.score - place.raw_score,
        });
        reasons.retain(|reason| reason.score.abs() > 1e-9 * place.score.abs());
        Ok(reasons)
    }

    /// Adds what stands in the title and headings.
    fn add_above(
        &self,
        segment: SegmentView<'_>,
        doc: u32,
        reasons: &mut Vec<ScoreComponent>,
    ) -> Result<()> {
        let mut bits = BitSet::new(segment.reader.max_doc());
        bits.insert(doc);
        for (feature, weight) in self.features.iter().zip(self.weights) {
            if let ScoringTermKind::Leaf(leaf) = feature.kind
                && let Some(leaf) = self.leaf(leaf)
                && heading_matches(segment, leaf, &bits)?.is_some_and(|above| above.contains(doc))
            {
                let what = format!("{}: in the title or a heading", self.named(&feature.kind));
                reasons.push(ScoreComponent {
                    what,
                    score: weight.idf_weight * self.ranking.heading_weight,
                });
            }
        }
        Ok(())
    }

    fn leaf(&self, index: usize) -> Option<&Leaf> {
        self.query.leaves.get(index)
    }

    fn named(&self, kind: &ScoringTermKind<'_>) -> String {
        match kind {
            ScoringTermKind::Leaf(leaf) => {
                let written = self.leaf(*leaf).and_then(|leaf| leaf.alternatives.first());
                written.map(spelled_out).unwrap_or_default()
            }
            ScoringTermKind::Unstemmed(term) => format!("{term} as it is written"),
            ScoringTermKind::Bigram(pair) => format!("{pair} together"),
            ScoringTermKind::AdjacentPair(_, variant) => {
                format!("{} in a row", spelled_out(variant))
            }
        }
    }
}

/// The words of a variant as they were asked for.
fn spelled_out(variant: &Alternative) -> String {
    let terms: Vec<&str> = variant.slots.iter().map(|slot| slot.pattern.text()).collect();
    terms.join(if variant.contiguous { "" } else { " " })
}

fn at(postings: &PostingList, doc: u32) -> Option<Posting> {
    postings.get(postings.docs().binary_search(&doc).ok()?)
}

fn times(posting: &Posting) -> String {
    match posting.freq {
        0 => "in another spelling".to_owned(),
        1 => "once".to_owned(),
        freq => format!("{freq} times"),
    }
}
