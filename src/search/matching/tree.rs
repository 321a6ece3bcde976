//! Evaluates the match tree of a query on one segment, as operations on bit sets and sorted lists.

use tantivy::DocId;

use super::{
    filter::{live_passages, live_passages_accepted_by_filter},
    leaves::LeafPostings,
    proximity::proximity_matches,
    text_start::{passages_with_leaf_in_text, retain_docs_with_leaf_in_text},
};
use crate::{
    error::Result,
    query::{MatchTree, QueryPlan},
    search::reader::{BitSet, SegmentView},
};

/// Returns the live passages of a segment that match the tree of a query.
pub(in crate::search) fn matching_passages(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    postings: &LeafPostings,
) -> Result<BitSet> {
    TreeMatcher { segment, query, postings, includes_headings: false }
        .matching_passages(&query.tree)
}

/// Returns the live passages of a segment that match the tree of a query. A title or heading directly above a passage
/// counts as a part of its text.
pub(in crate::search) fn passages_matching_with_headings_as_text(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    postings: &LeafPostings,
) -> Result<BitSet> {
    TreeMatcher { segment, query, postings, includes_headings: true }.matching_passages(&query.tree)
}

/// Retains the passages that have at least one of the query leaves in their text, not only in their title or headings.
/// Every passage in `docs` must contain each leaf; `docs` must be ascending.
pub(in crate::search) fn retain_docs_with_any_leaf_in_text(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    postings: &LeafPostings,
    leaves: &[usize],
    docs: &mut Vec<DocId>,
) -> Result<()> {
    let matcher = TreeMatcher { segment, query, postings, includes_headings: false };
    matcher.retain_docs_with_any_leaf(leaves, docs)
}

/// Evaluates match trees on one segment.
struct TreeMatcher<'a> {
    segment: SegmentView<'a>,
    query: &'a QueryPlan,
    postings: &'a LeafPostings,
    /// Whether a title or heading directly above a passage counts as its text.
    includes_headings: bool,
}

impl TreeMatcher<'_> {
    /// Returns the live passages that match a tree.
    fn matching_passages(&self, tree: &MatchTree) -> Result<BitSet> {
        let mut passages = self.empty_passage_set();
        self.add_matching_passages(tree, &mut passages)?;
        Ok(passages)
    }

    /// Returns an empty set of passages of the segment.
    fn empty_passage_set(&self) -> BitSet {
        BitSet::new(self.segment.reader.max_doc())
    }

    /// Adds to `passages` the live passages that match a tree.
    fn add_matching_passages(&self, tree: &MatchTree, passages: &mut BitSet) -> Result<()> {
        self.segment.deadline.check()?;
        match tree {
            MatchTree::Everything => passages.union_with(live_passages(self.segment)),
            MatchTree::Leaf(leaf) => passages.union_with(&self.passages_with_leaf(*leaf)?),
            MatchTree::Any(trees) => {
                for tree in trees {
                    self.add_matching_passages(tree, passages)?;
                }
            }
            MatchTree::All(trees) => {
                let mut operands = trees.iter().map(|tree| self.matching_passages(tree));
                let Some(first) = operands.next() else {
                    passages.union_with(live_passages(self.segment));
                    return Ok(());
                };
                let mut common_passages = first?;
                for operand in operands {
                    common_passages.intersect_with(&operand?);
                }
                passages.union_with(&common_passages);
            }
            MatchTree::AllWithHeadings(trees) => {
                passages.extend(self.passages_with_all_including_headings(trees)?);
            }
            MatchTree::Not(tree) => {
                let mut not_matching = live_passages(self.segment).clone();
                not_matching.difference_with(&self.matching_passages(tree)?);
                passages.union_with(&not_matching);
            }
            MatchTree::Prefer { required, .. } => self.add_matching_passages(required, passages)?,
            MatchTree::Near { operands, distance } => {
                passages.union_with(&proximity_matches(
                    self.segment,
                    self.query,
                    operands,
                    *distance,
                )?);
            }
            MatchTree::Filter(filter) => {
                passages.union_with(&live_passages_accepted_by_filter(self.segment, filter)?);
            }
        }
        Ok(())
    }

    /// Returns the passages that have the query leaf in their text. If titles and headings count as text, returns all
    /// passages of the leaf.
    fn passages_with_leaf(&self, leaf: usize) -> Result<BitSet> {
        let postings = self.postings.leaf_list(leaf);
        let headings = self.postings.heading_matches(leaf).filter(|_| !self.includes_headings);
        match self.query.leaves.get(leaf) {
            Some(query_leaf) => {
                passages_with_leaf_in_text(self.segment, query_leaf, postings, headings)
            }
            None => Ok(self.empty_passage_set()),
        }
    }

    /// Returns the passages that match every one of `trees`, the operands of [`MatchTree::AllWithHeadings`], in
    /// ascending order.
    fn passages_with_all_including_headings(&self, trees: &[MatchTree]) -> Result<Vec<DocId>> {
        let mut leaves = Vec::new();
        let mut tree_matches: Option<BitSet> = None;
        for tree in trees {
            if let MatchTree::Leaf(leaf) = tree {
                leaves.push(*leaf);
                continue;
            }
            let matching = self.matching_passages(tree)?;
            match &mut tree_matches {
                Some(common) => common.intersect_with(&matching),
                None => tree_matches = Some(matching),
            }
        }
        let mut docs = self.postings.passages_with_all_leaves(&leaves, tree_matches.as_ref());
        // A passage that matches a tree other than a leaf has the match in its text, so no further check is needed.
        if tree_matches.is_none() {
            self.retain_docs_with_any_leaf(&leaves, &mut docs)?;
        }
        Ok(docs)
    }

    /// Retains the passages that have at least one of the query leaves in their text. Every passage in `docs` must
    /// contain each leaf in its body, title or headings.
    fn retain_docs_with_any_leaf(&self, leaves: &[usize], docs: &mut Vec<DocId>) -> Result<()> {
        // A leaf that is in neither title nor headings is in the text.
        let must_be_checked = |doc: &DocId| {
            leaves.iter().all(|&leaf| {
                self.postings.heading_matches(leaf).is_some_and(|headings| headings.contains(*doc))
            })
        };
        let docs_to_check: Vec<DocId> = docs.iter().copied().filter(must_be_checked).collect();
        if docs_to_check.is_empty() {
            return Ok(());
        }
        let mut in_text = self.empty_passage_set();
        for &leaf in leaves {
            let mut with_leaf = docs_to_check.clone();
            self.postings.leaf_list(leaf).retain_docs_in_list(&mut with_leaf, |_| false);
            self.retain_docs_with_leaf_in_text(leaf, &mut with_leaf)?;
            in_text.extend(with_leaf);
        }
        docs.retain(|doc| in_text.contains(*doc) || docs_to_check.binary_search(doc).is_err());
        Ok(())
    }

    /// Removes the passages that have the query leaf only in the title or headings that are indexed before their text.
    /// Removes nothing if titles and headings count as text.
    fn retain_docs_with_leaf_in_text(&self, leaf: usize, docs: &mut Vec<DocId>) -> Result<()> {
        if self.includes_headings {
            return Ok(());
        }
        let (postings, headings) =
            (self.postings.leaf_list(leaf), self.postings.heading_matches(leaf));
        match self.query.leaves.get(leaf) {
            Some(leaf) => {
                retain_docs_with_leaf_in_text(self.segment, leaf, postings, headings, docs)
            }
            None => Ok(()),
        }
    }
}
