//! One segment + a query → which of its passages match, and their scores.

use std::rc::Rc;

use super::{
    beside::Beside,
    bits::Bits,
    engine,
    postings::{Posting, Segment},
    rank::{self, Feature, Kind, feature_postings, features},
    scope::{everything, filtered, together},
    score::{Collection, TermWeight, lead},
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
    /// By entry number; meaningful where `matched` says so.
    pub(super) scores: Vec<f64>,
    /// Which share of the query each has, by idf.
    pub(super) covered: Vec<f32>,
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
        .map(|(segment, found)| found.scored(*segment, query, ranking, (&features, &weights)))
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
    ) -> Result<Matches> {
        let matched = self.matched(segment, query, &query.tree)?;
        let lengths = segment.reader.fast_fields().u64(LENGTH).map_err(engine)?;
        let mut scores = vec![0.0; segment.reader.max_doc() as usize];
        for (index, (feature, weight)) in features.iter().zip(weights).enumerate() {
            let body = match feature.kind {
                Kind::Leaf(leaf) => query.leaves.get(leaf).is_some_and(|l| l.scope == Scope::Body),
                _ => true,
            };
            // What is found in a title or a name says nothing about the length of the passage.
            let length = |doc| body.then(|| lengths.first(doc).unwrap_or_default());
            for posting in self.postings(feature, index).iter().filter(|p| matched.contains(p.doc))
            {
                if let Some(sum) = scores.get_mut(posting.doc as usize) {
                    *sum += weight.score(posting.weight(), length(posting.doc));
                }
            }
        }
        let covered =
            self.add_above(segment, query, ranking, (features, weights), &matched, &mut scores)?;
        let ordinals = segment.reader.fast_fields().u64(ORDINAL).map_err(engine)?;
        for doc in matched.iter() {
            if let Some(score) = scores.get_mut(doc as usize) {
                *score *= lead(ranking, ordinals.first(doc).unwrap_or_default());
            }
        }
        Ok(Matches { matched, scores, covered })
    }

    /// Adds what stands in the title and headings of each passage; and to those that have every leaf,
    /// there or in their text, as much as any other can reach, so that they come first. Returns which
    /// share of the query each has.
    fn add_above(
        &self,
        segment: Segment<'_>,
        query: &Lowered,
        ranking: &Ranking,
        (features, weights): (&[Feature<'_>], &[TermWeight]),
        matched: &Bits,
        scores: &mut [f64],
    ) -> Result<Vec<f32>> {
        let beside = Beside::new(segment, &query.leaves)?;
        let leaves: Vec<(usize, f64, Bits)> = features
            .iter()
            .zip(weights)
            .filter_map(|(feature, weight)| match feature.kind {
                Kind::Leaf(leaf) => Some((leaf, weight.ceiling, self.bits(segment, leaf))),
                _ => None,
            })
            .collect();
        let in_text: f64 = weights.iter().map(TermWeight::most).sum();
        let in_titles: f64 = leaves.iter().map(|(_, ceiling, _)| ceiling * ranking.above).sum();
        let whole: f64 = leaves.iter().map(|(_, ceiling, _)| ceiling).sum();
        let mut covered = vec![0.0; scores.len()];
        let most = ranking.complete * lead(ranking, 0) * (in_text + in_titles);
        for doc in matched.iter() {
            let document = beside.document(doc);
            let (mut above, mut found, mut has_all) = (0.0, 0.0, leaves.len() > 1);
            for (leaf, ceiling, bits) in &leaves {
                let stands_above = beside.holds(*leaf, doc, document);
                above += if stands_above { ceiling * ranking.above } else { 0.0 };
                let here = stands_above || bits.contains(doc);
                found += if here { *ceiling } else { 0.0 };
                has_all &= here;
            }
            if let Some(score) = scores.get_mut(doc as usize) {
                *score += above + if has_all { most } else { 0.0 };
            }
            if let Some(share) = covered.get_mut(doc as usize) {
                *share = if whole > 0.0 { (found / whole) as f32 } else { 1.0 };
            }
        }
        Ok(covered)
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
