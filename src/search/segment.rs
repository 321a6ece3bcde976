//! One segment + a query → which of its passages match, and their scores.

use std::rc::Rc;

use tantivy::DocId;

use super::{
    beside::above,
    bits::Bits,
    engine,
    passages::Passages,
    postings::{Posting, Segment},
    rank::{self, Feature, Kind, feature_postings, features},
    scope::{everything, filtered, together},
    score::{Collection, Lead, TermWeight, norm},
};
use crate::{
    error::Result,
    index::{LENGTH, ORDINAL},
    query::{Leaf, Lowered, Ranking, Scope, Tree},
};

/// The passages of one segment that match.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) matched: Bits,
    /// One for each of them, in the same order.
    pub(super) scored: Vec<Scored>,
}

/// A passage that matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    pub(super) doc: DocId,
    pub(super) score: f64,
    /// Its place in its document.
    pub(super) ordinal: u64,
    /// Which share of the query it has, by idf.
    pub(super) covered: f32,
}

/// Counts the live passages and their positions.
pub(super) fn collection(searcher: &tantivy::Searcher) -> Result<Collection> {
    let mut collection = Collection::default();
    for reader in searcher.segment_readers() {
        let lengths = reader.fast_fields().u64(LENGTH).map_err(engine)?;
        for length in reader.doc_ids_alive().filter_map(|doc| lengths.first(doc)) {
            collection.passages += 1;
            collection.positions += length;
        }
    }
    Ok(collection)
}

/// Matches and scores of every segment. All segments are looked up before any is scored: a term's
/// weight depends on how many passages of the whole index have it.
pub(super) fn matches(
    segments: &[Segment<'_>],
    query: &Lowered,
    ranking: &Ranking,
    collection: Collection,
) -> Result<Vec<Matches>> {
    let features = features(query, ranking);
    let found = looked_up(segments, query, &features)?;
    let weights = weights(&found, &features, ranking, collection);
    segments
        .iter()
        .zip(found)
        .map(|(segment, found)| {
            found.scored(*segment, query, ranking, (&features, &weights), collection)
        })
        .collect()
}

/// What each segment holds of a query.
pub(super) fn looked_up(
    segments: &[Segment<'_>],
    query: &Lowered,
    features: &[Feature<'_>],
) -> Result<Vec<Found>> {
    segments.iter().map(|&segment| Found::new(segment, query, features)).collect()
}

/// What each feature counts, by how many passages of all segments have it.
pub(super) fn weights(
    found: &[Found],
    features: &[Feature<'_>],
    ranking: &Ranking,
    collection: Collection,
) -> Vec<TermWeight> {
    features
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            let frequency =
                found.iter().map(|found| found.postings(feature, index).len() as u64).sum();
            TermWeight::new(collection, frequency, feature.weight, ranking)
        })
        .collect()
}

/// What a match has beside the occurrences in its text.
struct Held {
    score: f64,
    covered: f32,
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

/// What one segment holds of a query.
pub(super) struct Found {
    /// By leaf.
    leaves: Vec<Rc<Vec<Posting>>>,
    /// By feature; empty for those that are leaves.
    features: Vec<Rc<Vec<Posting>>>,
}

impl Found {
    fn new(segment: Segment<'_>, query: &Lowered, features: &[Feature<'_>]) -> Result<Self> {
        let same_leaf = |a: &Leaf, b: &Leaf| (a.scope, &a.variants) == (b.scope, &b.variants);
        let leaves = each_once(&query.leaves, same_leaf, |leaf| rank::postings(segment, leaf))?;
        let same_kind = |a: &Feature<'_>, b: &Feature<'_>| a.kind == b.kind;
        let features =
            each_once(features, same_kind, |feature| feature_postings(segment, &feature.kind))?;
        Ok(Self { leaves, features })
    }

    pub(super) fn postings(&self, feature: &Feature<'_>, index: usize) -> &[Posting] {
        let list = match feature.kind {
            Kind::Leaf(leaf) => self.leaves.get(leaf),
            _ => self.features.get(index),
        };
        list.map(|list| list.as_slice()).unwrap_or_default()
    }

    fn scored(
        &self,
        segment: Segment<'_>,
        query: &Lowered,
        ranking: &Ranking,
        (features, weights): (&[Feature<'_>], &[TermWeight]),
        collection: Collection,
    ) -> Result<Matches> {
        let matched = self.matched(segment, query, &query.tree)?;
        let passages = Passages::new(segment, &matched);
        let lengths = passages.numbers(LENGTH)?.into_iter();
        let norms: Vec<f64> = lengths.map(|length| norm(ranking, collection, length)).collect();
        let mut sums = vec![0.0; norms.len()];
        for (index, (feature, weight)) in features.iter().zip(weights).enumerate() {
            let body = match feature.kind {
                Kind::Leaf(leaf) => query.leaves.get(leaf).is_some_and(|l| l.scope == Scope::Body),
                _ => true,
            };
            for posting in self.postings(feature, index) {
                if let Some(place) = passages.place(posting.doc)
                    && let (Some(sum), Some(&norm)) = (sums.get_mut(place), norms.get(place))
                {
                    // What is found in a title or a name says nothing about the length of the passage.
                    *sum += weight.score(posting.weight(), if body { norm } else { ranking.k1 });
                }
            }
        }
        let held = self.held(query, ranking, (features, weights), &passages)?;
        let lead = Lead::new(ranking);
        let ordinals = passages.numbers(ORDINAL)?;
        let scored = passages.docs().iter().zip(ordinals).zip(sums.iter().zip(held));
        let scored = scored.map(|((&doc, ordinal), (sum, held))| Scored {
            doc,
            score: (sum + held.score) * lead.of(ordinal),
            ordinal,
            covered: held.covered,
        });
        Ok(Matches { scored: scored.collect(), matched })
    }

    /// What stands in the title and headings of each passage adds to its score; and to those that have
    /// every leaf, there or in their text, as much is added as any other can reach, so that they come first.
    fn held(
        &self,
        query: &Lowered,
        ranking: &Ranking,
        (features, weights): (&[Feature<'_>], &[TermWeight]),
        passages: &Passages<'_>,
    ) -> Result<Vec<Held>> {
        let leaves: Vec<(usize, f64)> = features
            .iter()
            .zip(weights)
            .filter_map(|(feature, weight)| match feature.kind {
                Kind::Leaf(leaf) => Some((leaf, weight.ceiling)),
                _ => None,
            })
            .collect();
        let mut all = vec![Has::default(); passages.docs().len()];
        for (number, &(leaf, ceiling)) in leaves.iter().enumerate() {
            for posting in self.leaves.get(leaf).into_iter().flat_map(|list| list.iter()) {
                let place = passages.place(posting.doc);
                if let Some(has) = place.and_then(|place| all.get_mut(place)) {
                    has.add(number, ceiling);
                }
            }
            let Some(leaf) = query.leaves.get(leaf) else { continue };
            for place in above(leaf, passages)? {
                if let Some(has) = all.get_mut(place) {
                    has.above += ceiling * ranking.above;
                    has.add(number, ceiling);
                }
            }
        }
        let in_text: f64 = weights.iter().map(TermWeight::most).sum();
        let whole: f64 = leaves.iter().map(|(_, ceiling)| ceiling).sum();
        let most = ranking.complete * (1.0 + ranking.lead) * (in_text + whole * ranking.above);
        let held = all.into_iter().map(|has| {
            let complete = leaves.len() > 1 && has.leaves == leaves.len();
            Held {
                score: has.above + if complete { most } else { 0.0 },
                covered: if whole > 0.0 { (has.ceilings / whole) as f32 } else { 1.0 },
            }
        });
        Ok(held.collect())
    }

    /// The passages that a leaf occurs in.
    fn bits(&self, segment: Segment<'_>, leaf: usize) -> Bits {
        let mut bits = Bits::new(segment.reader.max_doc());
        let postings = self.leaves.get(leaf).into_iter().flat_map(|list| list.iter());
        postings.for_each(|posting| bits.insert(posting.doc));
        bits
    }

    fn matched(&self, segment: Segment<'_>, query: &Lowered, tree: &Tree) -> Result<Bits> {
        let each = |trees: &[Tree]| -> Result<Vec<Bits>> {
            trees.iter().map(|tree| self.matched(segment, query, tree)).collect()
        };
        match tree {
            Tree::Everything => everything(segment),
            Tree::Leaf(leaf) => Ok(self.bits(segment, *leaf)),
            Tree::Any(trees) => {
                let mut bits = Bits::new(segment.reader.max_doc());
                each(trees)?.iter().for_each(|other| bits.unite(other));
                Ok(bits)
            }
            Tree::All(trees) => {
                let mut all = each(trees)?.into_iter();
                let Some(mut bits) = all.next() else { return everything(segment) };
                all.for_each(|other| bits.intersect(&other));
                Ok(bits)
            }
            Tree::Not(tree) => {
                let mut bits = everything(segment)?;
                bits.remove(&self.matched(segment, query, tree)?);
                Ok(bits)
            }
            Tree::Prefer { required, .. } => self.matched(segment, query, required),
            Tree::Near { operands, distance } => together(segment, query, operands, *distance),
            Tree::Filter(filter) => filtered(segment, filter),
        }
    }
}

/// What `found` makes of each item, made once for those that are the same: people repeat words.
fn each_once<T, U>(
    items: &[T],
    same: impl Fn(&T, &T) -> bool,
    found: impl Fn(&T) -> Result<U>,
) -> Result<Vec<Rc<U>>> {
    let mut all: Vec<Rc<U>> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let before = items.iter().take(index).position(|other| same(other, item));
        let known = before.and_then(|before| all.get(before)).cloned();
        all.push(known.map_or_else(|| found(item).map(Rc::new), Ok)?);
    }
    Ok(all)
}
