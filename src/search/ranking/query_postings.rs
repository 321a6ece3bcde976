//! Reads the posting lists of a query from one segment, each list only once.

use std::rc::Rc;

use super::scoring_terms::{ScoringTerm, ScoringTermKind, scoring_term_postings};
use crate::{
    error::Result,
    query::{Deadline, Leaf, QueryPlan},
    search::{
        matching::leaf_postings,
        reader::{PostingList, SegmentView},
    },
};

/// The postings of a query in one segment.
pub(in crate::search) struct QueryPostings {
    /// Posting list of each leaf, in the order of [`QueryPlan::leaves`].
    pub(in crate::search) leaves: Vec<Rc<PostingList>>,
    /// Posting list of each scoring term. Empty for a scoring term that is a leaf, because its list is in `leaves`.
    terms: Vec<Rc<PostingList>>,
    empty: Rc<PostingList>,
}

impl QueryPostings {
    /// Reads the postings of every leaf and scoring term.
    ///
    /// # Errors
    ///
    /// If the deadline passes before all posting lists are read, or the index cannot be read.
    pub(in crate::search) fn read(
        segment: SegmentView<'_>,
        query: &QueryPlan,
        terms: &[ScoringTerm<'_>],
        deadline: Deadline,
    ) -> Result<Self> {
        let same_leaf =
            |a: &Leaf, b: &Leaf| (a.field, &a.alternatives) == (b.field, &b.alternatives);
        let leaves = map_distinct(&query.leaves, same_leaf, |leaf| {
            deadline.check()?;
            leaf_postings(segment, leaf.field, &leaf.alternatives)
        })?;
        let same_kind = |a: &ScoringTerm<'_>, b: &ScoringTerm<'_>| a.kind == b.kind;
        let terms = map_distinct(terms, same_kind, |term| {
            deadline.check()?;
            scoring_term_postings(segment, &term.kind, &leaves)
        })?;
        Ok(Self { leaves, terms, empty: Rc::default() })
    }

    /// Returns the postings of `term`, which is the scoring term at `index`.
    pub(in crate::search) fn postings(
        &self,
        term: &ScoringTerm<'_>,
        index: usize,
    ) -> &Rc<PostingList> {
        let list = match term.kind {
            ScoringTermKind::Leaf(leaf) => self.leaves.get(leaf),
            _ => self.terms.get(index),
        };
        list.unwrap_or(&self.empty)
    }

    /// Returns the postings of the leaf with this index.
    pub(in crate::search) fn leaf(&self, leaf: usize) -> &PostingList {
        self.leaves.get(leaf).unwrap_or(&self.empty)
    }
}

/// Returns the result of `make` for each item. Calls `make` once for equal items, which share the result, because users
/// repeat words in a query.
fn map_distinct<T, U>(
    items: &[T],
    are_equal: impl Fn(&T, &T) -> bool,
    make: impl Fn(&T) -> Result<U>,
) -> Result<Vec<Rc<U>>> {
    let mut results: Vec<Rc<U>> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let first_equal = items.iter().take(index).position(|other| are_equal(other, item));
        let shared_result = first_equal.and_then(|first_equal| results.get(first_equal)).cloned();
        results.push(shared_result.map_or_else(|| make(item).map(Rc::new), Ok)?);
    }
    Ok(results)
}
