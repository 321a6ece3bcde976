//! A hit → the parts that its score is the sum of, in words.

use super::{
    Searcher,
    deadline::Deadline,
    execute::{Found, looked_up, weights},
    matching::above,
    page::Place,
    ranking::{Collection, Feature, Kind, Lead, TermWeight, features, norm},
    reader::{Bits, Posting, Postings, Segment},
    remote::{What, Whole},
    results::Reason,
};
use crate::{
    error::Result,
    query::{Leaf, Lowered, Ranking, Variant},
};

impl Searcher {
    /// Why each place has its score, the parts in query order; they add up to it.
    pub(super) fn explained(
        &self,
        places: &[Place],
        query: &Lowered,
        ranking: &Ranking,
    ) -> Result<Vec<Vec<Reason>>> {
        let segments = self.segments();
        let features = features(query, ranking);
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
    query: &'a Lowered,
    ranking: &'a Ranking,
    features: &'a [Feature<'a>],
    weights: &'a [TermWeight],
    collection: Collection,
}

impl Weighed<'_> {
    fn reasons(
        &self,
        place: &Place,
        segment: Segment<'_>,
        here: &Found,
        all: &[Found],
    ) -> Result<Vec<Reason>> {
        let doc = place.address.doc_id;
        let length = segment.columns.lengths.first(doc).unwrap_or_default() as u32;
        let ordinal = place.ordinal as u32;
        let norm = norm(self.ranking, self.collection, length);
        let mut reasons = Vec::new();
        for (index, (feature, weight)) in self.features.iter().zip(self.weights).enumerate() {
            let Some(posting) = at(here.postings(feature, index), doc) else { continue };
            let here = all.iter().map(|f| f.postings(feature, index).len() as u64).sum();
            let counted = |whole: &Whole| whole.passages(What::counted(feature, self.query), 1);
            let passages = segment.whole.map_or(here, counted);
            reasons.push(Reason {
                what: format!(
                    "{}: {} here, in {passages} of the passages",
                    self.named(&feature.kind),
                    times(&posting)
                ),
                score: weight.score(
                    posting.weight(),
                    if feature.is_of_text(self.query) { norm } else { self.ranking.k1 },
                ),
            });
        }
        self.add_above(segment, doc, &mut reasons)?;
        let sum: f64 = reasons.iter().map(|reason| reason.score).sum();
        reasons.push(Reason {
            what: format!("stands early: paragraph {} of its release", ordinal + 1),
            score: sum * (Lead::new(self.ranking).of(ordinal) - 1.0),
        });
        let so_far: f64 = reasons.iter().map(|reason| reason.score).sum();
        // What is left is the bonus: nothing else is added to the plain score.
        reasons.push(Reason { what: "has every word".to_owned(), score: place.plain - so_far });
        reasons.push(Reason {
            what: "resembles other good hits".to_owned(),
            score: place.score - place.plain,
        });
        reasons.retain(|reason| reason.score.abs() > 1e-9 * place.score.abs());
        Ok(reasons)
    }

    /// Adds what stands in the title and headings.
    fn add_above(&self, segment: Segment<'_>, doc: u32, reasons: &mut Vec<Reason>) -> Result<()> {
        let mut bits = Bits::new(segment.reader.max_doc());
        bits.insert(doc);
        for (feature, weight) in self.features.iter().zip(self.weights) {
            if let Kind::Leaf(leaf) = feature.kind
                && let Some(leaf) = self.leaf(leaf)
                && above(segment, leaf, &bits)?.is_some_and(|above| above.contains(doc))
            {
                let what = format!("{}: in the title or a heading", self.named(&feature.kind));
                reasons.push(Reason { what, score: weight.ceiling * self.ranking.above });
            }
        }
        Ok(())
    }

    fn leaf(&self, index: usize) -> Option<&Leaf> {
        self.query.leaves.get(index)
    }

    fn named(&self, kind: &Kind<'_>) -> String {
        match kind {
            Kind::Leaf(leaf) => {
                let written = self.leaf(*leaf).and_then(|leaf| leaf.variants.first());
                written.map(spelled_out).unwrap_or_default()
            }
            Kind::Exact(term) => format!("{term} as it is written"),
            Kind::Pair(pair) => format!("{pair} together"),
            Kind::Neighbours(_, variant) => format!("{} in a row", spelled_out(variant)),
        }
    }
}

/// The words of a variant as they were asked for.
fn spelled_out(variant: &Variant) -> String {
    let terms: Vec<&str> = variant.slots.iter().map(|slot| slot.wanted.shown()).collect();
    terms.join(if variant.joined { "" } else { " " })
}

fn at(postings: &Postings, doc: u32) -> Option<Posting> {
    postings.get(postings.docs().binary_search(&doc).ok()?)
}

fn times(posting: &Posting) -> String {
    match posting.freq {
        0 => "in another spelling".to_owned(),
        1 => "once".to_owned(),
        freq => format!("{freq} times"),
    }
}
