//! One segment + a query → which of its passages match, and their scores.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use tantivy::{DocId, SegmentReader, columnar::Column};

use super::{
    deadline::Deadline,
    engine,
    facets::FacetSelection,
    matching::{everything, filtered, leaf_postings, together},
    page::COMPARED_HITS,
    ranking::{
        Bm25Weight, CollectionStats, ScoreWindow, Scorer, ScoringTerm, ScoringTermKind,
        TopKThreshold, scoring_term_postings, scoring_terms,
    },
    reader::{BitSet, FastFields, PostingList, SegmentView},
    remote::{CountedTerms, MatchTotals, whole_of},
};
use crate::{
    error::Result,
    index::POSITIONS,
    query::{Facet, Leaf, MatchTree, QueryPlan, Ranking},
};

/// The passages of one segment that match.
#[derive(Debug)]
pub(super) struct SegmentMatches {
    /// What the query finds, before some of it is chosen.
    pub(super) selection: FacetSelection,
    pub(super) matched: Rc<BitSet>,
    /// Those of them that may stand on the page, ascending.
    pub(super) scored: Vec<ScoredDoc>,
    /// How many match of the whole, where this is a part of one that lacks some of them.
    pub(super) totals: Option<Arc<MatchTotals>>,
}

/// A passage that matches.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScoredDoc {
    pub(super) doc: DocId,
    pub(super) score: f64,
    /// Its place in its document.
    pub(super) ordinal: u32,
    /// Which share of the query it has, by idf.
    pub(super) covered: f32,
}

/// Counts the live passages and their positions, by the records of their documents.
pub(super) fn collection(
    readers: &[SegmentReader],
    columns: &[FastFields],
) -> Result<CollectionStats> {
    let mut collection = CollectionStats::default();
    for (reader, columns) in readers.iter().zip(columns) {
        let positions = reader.fast_fields().u64(POSITIONS).map_err(engine)?;
        collection.passages += sum(reader, &columns.counts);
        collection.positions += sum(reader, &positions);
    }
    Ok(collection)
}

/// What the numbers of the live entries in a column add up to.
fn sum(reader: &SegmentReader, column: &Column<u64>) -> u64 {
    if !reader.has_deletes() {
        return column.values.iter().sum();
    }
    let mut with = Vec::new();
    column.get_docids_for_value_range(0..=u64::MAX, 0..reader.max_doc(), &mut with);
    let alive = with.into_iter().filter(|&doc| !reader.is_deleted(doc));
    alive.filter_map(|doc| column.first(doc)).sum()
}

/// Matches of every segment, and the scores of those that may be among the `keep` best.
///
/// All segments are looked up before any is scored: a term's weight depends on how many passages of the
/// whole index have it.
pub(super) fn matches(
    segments: &[SegmentView<'_>],
    query: &QueryPlan,
    only: &BTreeMap<Facet, Vec<String>>,
    ranking: &Ranking,
    collection: CollectionStats,
    keep: usize,
    deadline: Deadline,
) -> Result<Vec<SegmentMatches>> {
    let features = scoring_terms(query, ranking);
    let found = looked_up(segments, query, &features, deadline)?;
    let weights = weights(segments, &found, query, &features, ranking, collection);
    let scorer = Scorer::new(query, ranking, collection, &features, &weights);
    let mut selections = Vec::with_capacity(segments.len());
    let mut matched = Vec::with_capacity(segments.len());
    for (&segment, found) in segments.iter().zip(&found) {
        deadline.check()?;
        let bits = found.matched(segment, query, &query.tree)?;
        let selection = FacetSelection::new(segment, bits, only)?;
        matched.push(scorer.prepare(segment, found, selection.chosen())?);
        selections.push(selection);
    }
    // If enough passages have every word, no other can be among the best.
    let complete =
        matched.iter().map(|matched| matched.with_all_terms.as_ref().map_or(0, BitSet::len));
    let complete: u64 = complete.sum();
    let only_complete = complete >= keep as u64;
    // If none has, the first hits may be compared with each other.
    let compared = scorer.has_several_leaves() && complete == 0;
    let mut best = TopKThreshold::new(if compared { keep.max(COMPARED_HITS) } else { keep });
    let mut window = ScoreWindow::new();
    let mut all = Vec::with_capacity(segments.len());
    let matched = matched.into_iter().zip(selections);
    for ((&segment, found), (matched, selection)) in segments.iter().zip(&found).zip(matched) {
        deadline.check()?;
        let hits = match keep {
            0 => Vec::new(),
            _ => scorer.score_segment(
                segment,
                found,
                &matched,
                only_complete,
                &mut window,
                &mut best,
            ),
        };
        all.push(SegmentMatches {
            selection,
            matched: matched.passages,
            scored: hits,
            totals: None,
        });
    }
    Ok(all)
}

/// What each segment holds of a query.
pub(super) fn looked_up(
    segments: &[SegmentView<'_>],
    query: &QueryPlan,
    features: &[ScoringTerm<'_>],
    deadline: Deadline,
) -> Result<Vec<QueryPostings>> {
    segments.iter().map(|&segment| QueryPostings::new(segment, query, features, deadline)).collect()
}

/// What each feature counts, by how many passages of all segments have it.
pub(super) fn weights(
    segments: &[SegmentView<'_>],
    found: &[QueryPostings],
    query: &QueryPlan,
    features: &[ScoringTerm<'_>],
    ranking: &Ranking,
    collection: CollectionStats,
) -> Vec<Bm25Weight> {
    features
        .iter()
        .enumerate()
        .map(|(index, feature)| {
            let here = found.iter().map(|found| found.postings(feature, index).len() as u64).sum();
            let whole = whole_of(segments);
            let frequency = whole
                .map_or(here, |whole| whole.passages(CountedTerms::counted(feature, query), 1));
            Bm25Weight::new(collection, frequency, feature.weight, ranking)
        })
        .collect()
}

/// What one segment holds of a query.
pub(super) struct QueryPostings {
    /// By leaf.
    leaves: Vec<Rc<PostingList>>,
    /// By feature; empty for those that are leaves.
    features: Vec<Rc<PostingList>>,
    none: Rc<PostingList>,
}

impl QueryPostings {
    fn new(
        segment: SegmentView<'_>,
        query: &QueryPlan,
        features: &[ScoringTerm<'_>],
        deadline: Deadline,
    ) -> Result<Self> {
        let same_leaf =
            |a: &Leaf, b: &Leaf| (a.field, &a.alternatives) == (b.field, &b.alternatives);
        let leaves = each_once(&query.leaves, same_leaf, |leaf| {
            deadline.check()?;
            leaf_postings(segment, leaf.field, &leaf.alternatives)
        })?;
        let same_kind = |a: &ScoringTerm<'_>, b: &ScoringTerm<'_>| a.kind == b.kind;
        let features = each_once(features, same_kind, |feature| {
            deadline.check()?;
            scoring_term_postings(segment, &feature.kind, &leaves)
        })?;
        Ok(Self { leaves, features, none: Rc::default() })
    }

    pub(super) fn postings(&self, feature: &ScoringTerm<'_>, index: usize) -> &Rc<PostingList> {
        let list = match feature.kind {
            ScoringTermKind::Leaf(leaf) => self.leaves.get(leaf),
            _ => self.features.get(index),
        };
        list.unwrap_or(&self.none)
    }

    /// The passages that a leaf occurs in.
    pub(super) fn leaf(&self, leaf: usize) -> &PostingList {
        self.leaves.get(leaf).unwrap_or(&self.none)
    }

    fn matched(
        &self,
        segment: SegmentView<'_>,
        query: &QueryPlan,
        tree: &MatchTree,
    ) -> Result<BitSet> {
        let mut bits = BitSet::new(segment.reader.max_doc());
        self.add_matched(segment, query, tree, &mut bits)?;
        Ok(bits)
    }

    fn add_matched(
        &self,
        segment: SegmentView<'_>,
        query: &QueryPlan,
        tree: &MatchTree,
        bits: &mut BitSet,
    ) -> Result<()> {
        match tree {
            MatchTree::Everything => bits.unite(everything(segment)),
            MatchTree::Leaf(leaf) => bits.extend(self.leaf(*leaf).docs().iter().copied()),
            MatchTree::Any(trees) => {
                for tree in trees {
                    self.add_matched(segment, query, tree, bits)?;
                }
            }
            MatchTree::All(trees) => {
                let mut all = trees.iter().map(|tree| self.matched(segment, query, tree));
                let Some(first) = all.next() else {
                    bits.unite(everything(segment));
                    return Ok(());
                };
                let mut first = first?;
                for other in all {
                    first.intersect(&other?);
                }
                bits.unite(&first);
            }
            MatchTree::Not(tree) => {
                let mut others = everything(segment).clone();
                others.remove(&self.matched(segment, query, tree)?);
                bits.unite(&others);
            }
            MatchTree::Prefer { required, .. } => {
                self.add_matched(segment, query, required, bits)?
            }
            MatchTree::Near { operands, distance } => {
                bits.unite(&together(segment, query, operands, *distance)?);
            }
            MatchTree::Filter(filter) => bits.unite(&filtered(segment, filter)?),
        }
        Ok(())
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
