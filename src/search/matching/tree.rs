//! Evaluates the match tree of a query on one segment, as operations on bit sets.

use std::rc::Rc;

use super::{
    filter::{filter_passages, live_passages},
    proximity::proximity_matches,
};
use crate::{
    error::Result,
    query::{MatchTree, QueryPlan},
    search::reader::{BitSet, PostingList, SegmentView},
};

/// Returns the live passages of a segment that match the tree of a query. `leaves` contains the posting list of each
/// query leaf, in the order of [`QueryPlan::leaves`].
pub(in crate::search) fn matching_passages(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    leaves: &[Rc<PostingList>],
) -> Result<BitSet> {
    Matcher { segment, query, leaves }.evaluate(&query.tree)
}

struct Matcher<'a> {
    segment: SegmentView<'a>,
    query: &'a QueryPlan,
    leaves: &'a [Rc<PostingList>],
}

impl Matcher<'_> {
    fn evaluate(&self, tree: &MatchTree) -> Result<BitSet> {
        let mut passages = BitSet::new(self.segment.reader.max_doc());
        self.add_matches(tree, &mut passages)?;
        Ok(passages)
    }

    fn add_matches(&self, tree: &MatchTree, passages: &mut BitSet) -> Result<()> {
        match tree {
            MatchTree::Everything => passages.union_with(live_passages(self.segment)),
            MatchTree::Leaf(leaf) => {
                if let Some(postings) = self.leaves.get(*leaf) {
                    passages.extend(postings.docs().iter().copied());
                }
            }
            MatchTree::Any(trees) => {
                for tree in trees {
                    self.add_matches(tree, passages)?;
                }
            }
            MatchTree::All(trees) => {
                let mut operands = trees.iter().map(|tree| self.evaluate(tree));
                let Some(first_operand) = operands.next() else {
                    passages.union_with(live_passages(self.segment));
                    return Ok(());
                };
                let mut intersection = first_operand?;
                for operand in operands {
                    intersection.intersect_with(&operand?);
                }
                passages.union_with(&intersection);
            }
            MatchTree::Not(tree) => {
                let mut complement = live_passages(self.segment).clone();
                complement.difference_with(&self.evaluate(tree)?);
                passages.union_with(&complement);
            }
            MatchTree::Prefer { required, .. } => self.add_matches(required, passages)?,
            MatchTree::Near { operands, distance } => {
                passages.union_with(&proximity_matches(
                    self.segment,
                    self.query,
                    operands,
                    *distance,
                )?);
            }
            MatchTree::Filter(filter) => {
                passages.union_with(&filter_passages(self.segment, filter)?);
            }
        }
        Ok(())
    }
}
