//! Reads the posting lists of query leaves as lists of passages.

use std::rc::Rc;

use tantivy::DocId;

use super::headings::HeadingMatches;
use crate::{
    error::Result,
    query::{Alternative, Deadline, Leaf, QueryPlan, TextField},
    search::reader::{BitSet, Posting, PostingList, SegmentView},
};

/// The postings of the leaves of a query in one segment, in the order of [`QueryPlan::leaves`].
#[derive(Default)]
pub(in crate::search) struct LeafPostings {
    lists: Vec<Rc<PostingList>>,
    /// For each leaf, its postings in titles and headings. `None` if no title or heading contains the leaf, the leaf
    /// is not searched in the body, or the leaf adds no score.
    headings: Vec<Rc<Option<HeadingMatches>>>,
    empty: PostingList,
}

impl LeafPostings {
    /// Reads the postings of every leaf, also from titles and headings.
    ///
    /// # Errors
    ///
    /// If the deadline passes before all posting lists are read, or the index cannot be read.
    pub(in crate::search) fn read(
        segment: SegmentView<'_>,
        query: &QueryPlan,
        deadline: Deadline,
    ) -> Result<Self> {
        let same_leaf =
            |a: &Leaf, b: &Leaf| (a.field, &a.alternatives) == (b.field, &b.alternatives);
        let lists = each_once(&query.leaves, same_leaf, |leaf| {
            deadline.check()?;
            leaf_postings(segment, leaf.field, &leaf.alternatives)
        })?;
        let same_leaf = |a: &Leaf, b: &Leaf| same_leaf(a, b) && a.adds_score() == b.adds_score();
        let headings = each_once(&query.leaves, same_leaf, |leaf| {
            deadline.check()?;
            HeadingMatches::of_leaf(segment, leaf)
        })?;
        Ok(Self { lists, headings, empty: PostingList::default() })
    }

    /// Returns the posting list of every leaf.
    pub(in crate::search) fn lists(&self) -> &[Rc<PostingList>] {
        &self.lists
    }

    /// Returns the posting list of the leaf with this index: passages with the leaf in their text or in a title or
    /// heading directly above it.
    pub(in crate::search) fn leaf(&self, leaf: usize) -> &PostingList {
        self.lists.get(leaf).map_or(&self.empty, Rc::as_ref)
    }

    /// Returns the postings of the leaf with this index in titles and headings. `None` if the leaf has no such
    /// postings.
    pub(in crate::search) fn headings(&self, leaf: usize) -> Option<&HeadingMatches> {
        self.headings.get(leaf).and_then(|matches| matches.as_ref().as_ref())
    }

    /// Returns the passages with the leaf in their title or in a heading above them. `None` if there is no such
    /// passage.
    pub(in crate::search) fn below_headings(&self, leaf: usize) -> Option<&BitSet> {
        self.headings(leaf).map(|matches| &matches.passages)
    }

    /// Returns the passages of `within` whose field `body` contains every leaf, in ascending order. `leaves` are the
    /// indexes of the leaves.
    pub(in crate::search) fn passages_with_all_in_body(
        &self,
        leaves: impl Iterator<Item = usize>,
        within: &BitSet,
    ) -> Vec<DocId> {
        let mut lists: Vec<&PostingList> = leaves.map(|leaf| self.leaf(leaf)).collect();
        lists.sort_by_key(|list| list.len());
        let Some((rarest, others)) = lists.split_first() else { return Vec::new() };
        let mut docs = rarest.docs().to_vec();
        docs.retain(|&doc| within.contains(doc));
        for list in others {
            list.retain_common(&mut docs, |_| false);
        }
        docs
    }

    /// Returns the passages that have each of the leaves in their body, title or headings, in ascending order. If
    /// `within` is given, returns only passages in `within`. If `leaves` is empty, returns all passages in `within`.
    pub(in crate::search) fn passages_with_all(
        &self,
        leaves: &[usize],
        within: Option<&BitSet>,
    ) -> Vec<DocId> {
        let mut lists: Vec<_> =
            leaves.iter().map(|&leaf| (self.leaf(leaf), self.below_headings(leaf))).collect();
        // The rarest leaf comes first: its passages are searched in the lists of the other leaves.
        lists.sort_by_cached_key(|(list, headings)| {
            list.len() as u64 + headings.map_or(0, BitSet::len)
        });
        let Some((&(rarest, headings), others)) = lists.split_first() else {
            return within.map(BitSet::to_vec).unwrap_or_default();
        };
        let mut docs = match headings.cloned() {
            None => rarest.docs().to_vec(),
            Some(mut passages) => {
                passages.extend(rarest.docs().iter().copied());
                passages.to_vec()
            }
        };
        if let Some(within) = within {
            docs.retain(|&doc| within.contains(doc));
        }
        for (list, headings) in others {
            list.retain_common(&mut docs, |doc| {
                headings.is_some_and(|headings| headings.contains(doc))
            });
        }
        docs
    }
}

/// Returns the passages in which one of the alternatives of a leaf occurs.
fn leaf_postings(
    segment: SegmentView<'_>,
    field: TextField,
    alternatives: &[Alternative],
) -> Result<PostingList> {
    Ok(to_passages(segment, field, segment.read_union(field, alternatives)?))
}

/// Converts postings of a field to postings of passages. A title is indexed in the record of its document, so a match
/// in a title becomes a match in every passage of the document.
pub(super) fn to_passages(
    segment: SegmentView<'_>,
    field: TextField,
    postings: PostingList,
) -> PostingList {
    if field != TextField::Title {
        return postings;
    }
    let passages_of = |record: Posting| {
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    postings.iter().flat_map(passages_of).collect()
}

/// Returns the result of `make` for each item. Calls `make` only once for equal items, because a query may repeat a
/// word.
pub(in crate::search) fn each_once<T, U>(
    items: &[T],
    are_equal: impl Fn(&T, &T) -> bool,
    make: impl Fn(&T) -> Result<U>,
) -> Result<Vec<Rc<U>>> {
    let mut results: Vec<Rc<U>> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let equal_item = items.iter().take(index).position(|other| are_equal(other, item));
        let shared_result = equal_item.and_then(|equal_item| results.get(equal_item)).cloned();
        results.push(shared_result.map_or_else(|| make(item).map(Rc::new), Ok)?);
    }
    Ok(results)
}
