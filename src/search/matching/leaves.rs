//! Reads the posting lists of query leaves as lists of passages.

use std::{collections::BTreeMap, rc::Rc};

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
    /// Posting list of each query leaf (a word or phrase).
    lists: Vec<Rc<PostingList>>,
    /// Postings of each query leaf in titles and headings. `None` if no title or heading contains the leaf, the leaf is
    /// not searched in the body, or the leaf adds no score.
    headings: Vec<Rc<Option<HeadingMatches>>>,
    /// Posting list of each query leaf that is a single word, in exactly the form typed. The lists are read from the
    /// field `exact_terms`.
    typed_words: BTreeMap<String, Rc<PostingList>>,
    /// For each query leaf that extends a leaf of another plan, by leaf index: the posting list of the terms that the
    /// other leaf lacks.
    added_lists: BTreeMap<usize, Rc<PostingList>>,
    /// List that is returned for the index of a query leaf that does not exist.
    empty_list: PostingList,
}

/// The postings of the query leaves of another, stricter plan in the same segment, for reuse. A leaf of a looser plan
/// often has all terms of a leaf of the stricter plan and further terms. Then only the postings of the further terms
/// are read.
#[derive(Clone, Copy)]
pub(in crate::search) struct ReusableLeaves<'a> {
    pub(in crate::search) query: &'a QueryPlan,
    pub(in crate::search) postings: &'a LeafPostings,
}

impl LeafPostings {
    /// Reads the postings of every query leaf, also from titles and headings. If a leaf extends the leaf with the same
    /// index in `reusable_leaves`, reads only the further terms of the leaf.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes before all posting lists are read, or the index cannot be read.
    pub(in crate::search) fn read(
        segment: SegmentView<'_>,
        query: &QueryPlan,
        reusable_leaves: Option<ReusableLeaves<'_>>,
        deadline: Deadline,
    ) -> Result<Self> {
        let mut typed_words =
            reusable_leaves.map(|leaves| leaves.postings.typed_words.clone()).unwrap_or_default();
        let base_leaf =
            |index, leaf| reusable_leaves.and_then(|leaves| leaves.base_leaf(index, leaf));
        let leaves: Vec<(usize, &Leaf)> = query.leaves.iter().enumerate().collect();
        let same_leaf = |(_, a): &(usize, &Leaf), (_, b): &(usize, &Leaf)| {
            (a.field, &a.alternatives) == (b.field, &b.alternatives)
        };
        let mut added_lists = BTreeMap::new();
        let lists = map_memoized(&leaves, same_leaf, |&(index, leaf)| {
            deadline.check()?;
            match base_leaf(index, leaf) {
                Some(base) => {
                    let added_postings = base.read_added_alternatives(segment, leaf)?;
                    added_lists.insert(index, Rc::clone(&added_postings));
                    PostingList::union(vec![base.posting_list, added_postings], deadline)
                }
                None => read_leaf_postings(segment, leaf, &mut typed_words),
            }
        })?;
        let same_leaf = |a: &(usize, &Leaf), b: &(usize, &Leaf)| {
            same_leaf(a, b) && a.1.adds_score() == b.1.adds_score()
        };
        let headings = map_memoized(&leaves, same_leaf, |&(index, leaf)| {
            deadline.check()?;
            match base_leaf(index, leaf) {
                Some(base) => base.read_heading_matches(segment, leaf, deadline),
                None => HeadingMatches::matches_of_leaf(segment, leaf).map(Rc::new),
            }
        })?;
        Ok(Self { lists, headings, typed_words, added_lists, empty_list: PostingList::default() })
    }

    /// Returns the posting list of the terms by which the query leaf with this index extends a leaf of the stricter
    /// plan. `None` if the leaf does not extend a leaf of a stricter plan.
    pub(in crate::search) fn postings_of_added_terms(&self, leaf: usize) -> Option<&PostingList> {
        self.added_lists.get(&leaf).map(Rc::as_ref)
    }

    /// Returns the posting list of a word in exactly the form typed, in the field `exact_terms`. `None` if no query
    /// leaf is this word.
    pub(in crate::search) fn postings_of_typed_word(&self, word: &str) -> Option<&Rc<PostingList>> {
        self.typed_words.get(word)
    }

    /// Returns the posting list of the query leaf with this index: the passages with the leaf in their text, or in a
    /// title or heading that is indexed directly before the text.
    pub(in crate::search) fn leaf_list(&self, leaf: usize) -> &PostingList {
        self.lists.get(leaf).map_or(&self.empty_list, Rc::as_ref)
    }

    /// Returns the postings of the query leaf with this index in titles and headings. `None` if the leaf has no such
    /// postings.
    pub(in crate::search) fn heading_matches(&self, leaf: usize) -> Option<&HeadingMatches> {
        self.headings.get(leaf).and_then(|matches| matches.as_ref().as_ref())
    }

    /// Returns the passages whose title, or a heading above the passage, contains the query leaf with this index.
    /// `None` if there is no such passage.
    pub(in crate::search) fn passages_below_headings(&self, leaf: usize) -> Option<&BitSet> {
        self.heading_matches(leaf).map(|matches| &matches.passages)
    }

    /// Returns the passages of `within` whose body contains every query leaf, in ascending order. `leaves` are the
    /// indexes of the leaves.
    pub(in crate::search) fn passages_with_all_leaves_in_body(
        &self,
        leaves: impl Iterator<Item = usize>,
        within: &BitSet,
    ) -> Vec<DocId> {
        let mut lists: Vec<&PostingList> = leaves.map(|leaf| self.leaf_list(leaf)).collect();
        lists.sort_by_key(|list| list.len());
        let Some((rarest, others)) = lists.split_first() else { return Vec::new() };
        let mut docs = rarest.docs().to_vec();
        docs.retain(|&doc| within.contains(doc));
        for list in others {
            list.retain_docs_in_list(&mut docs, |_| false);
        }
        docs
    }

    /// Returns the passages that have each of the query leaves in their body, title or headings, in ascending order. If
    /// `within` is given, returns only passages in `within`. If `leaves` is empty, returns all passages in `within`.
    pub(in crate::search) fn passages_with_all_leaves(
        &self,
        leaves: &[usize],
        within: Option<&BitSet>,
    ) -> Vec<DocId> {
        let mut lists: Vec<_> = leaves
            .iter()
            .map(|&leaf| (self.leaf_list(leaf), self.passages_below_headings(leaf)))
            .collect();
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
            list.retain_docs_in_list(&mut docs, |doc| {
                headings.is_some_and(|headings| headings.contains(doc))
            });
        }
        docs
    }
}

#[cfg(test)]
impl LeafPostings {
    /// Returns postings of query leaves that occur in no title or heading.
    pub(in crate::search) fn of_posting_lists(
        lists: impl IntoIterator<Item = PostingList>,
    ) -> Self {
        Self { lists: lists.into_iter().map(Rc::new).collect(), ..Self::default() }
    }
}

impl ReusableLeaves<'_> {
    /// Returns the postings of the reusable leaf (a query leaf of the stricter plan) with this index. `None` if `leaf`
    /// does not extend the reusable leaf.
    fn base_leaf(&self, index: usize, leaf: &Leaf) -> Option<BaseLeafPostings> {
        let base = self.query.leaves.get(index)?;
        if (base.field, base.adds_score()) != (leaf.field, leaf.adds_score()) {
            return None;
        }
        Some(BaseLeafPostings {
            posting_list: Rc::clone(self.postings.lists.get(index)?),
            headings: Rc::clone(self.postings.headings.get(index)?),
            added_alternatives: added_alternatives(&base.alternatives, &leaf.alternatives)?,
        })
    }
}

/// The postings of a query leaf, for the reading of another leaf that extends this leaf by further terms.
struct BaseLeafPostings {
    posting_list: Rc<PostingList>,
    headings: Rc<Option<HeadingMatches>>,
    /// The alternatives that the extending query leaf has in addition.
    added_alternatives: Vec<Alternative>,
}

impl BaseLeafPostings {
    /// Reads the posting list of the alternatives by which the query leaf `leaf` extends this leaf.
    fn read_added_alternatives(
        &self,
        segment: SegmentView<'_>,
        leaf: &Leaf,
    ) -> Result<Rc<PostingList>> {
        let added_postings = segment.read_union(leaf.field, &self.added_alternatives)?;
        Ok(to_passage_postings(segment, leaf.field, added_postings))
    }

    /// Returns the postings of the query leaf `leaf` in titles and headings. `leaf` extends this leaf.
    fn read_heading_matches(
        self,
        segment: SegmentView<'_>,
        leaf: &Leaf,
        deadline: Deadline,
    ) -> Result<Rc<Option<HeadingMatches>>> {
        if self.added_alternatives.is_empty() || leaf.field != TextField::Body || !leaf.adds_score()
        {
            return Ok(self.headings);
        }
        match (
            self.headings.as_ref(),
            HeadingMatches::matches_of_alternatives(segment, &self.added_alternatives)?,
        ) {
            (_, None) => Ok(self.headings),
            (None, Some(added)) => Ok(Rc::new(Some(added))),
            (Some(headings), Some(added)) => Ok(Rc::new(Some(headings.union(&added, deadline)?))),
        }
    }
}

/// Returns the alternatives, and the terms of single words, that `extended` has in addition to those of `base`. `None`
/// if `extended` lacks an alternative of `base`, or changes an alternative of `base` other than by adding terms.
fn added_alternatives(base: &[Alternative], extended: &[Alternative]) -> Option<Vec<Alternative>> {
    let mut added = extended.get(base.len()..)?.to_vec();
    for (base, extended) in base.iter().zip(extended) {
        let (mut common, mut rest) = (extended.clone(), extended.clone());
        if let ([base_slot], [common_slot], [rest_slot]) =
            (&base.slots[..], &mut common.slots[..], &mut rest.slots[..])
        {
            let base_count = base_slot.terms.len().min(common_slot.terms.len());
            common_slot.terms.truncate(base_count);
            rest_slot.terms.drain(..base_count);
            if !rest_slot.terms.is_empty() {
                added.push(rest);
            }
        }
        if common != *base {
            return None;
        }
    }
    Some(added)
}

/// Reads the posting list of the passages in which one of the alternatives of a query leaf occurs. If the leaf is a
/// single word of the body, adds the posting list of the form typed to `typed_words`.
fn read_leaf_postings(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    typed_words: &mut BTreeMap<String, Rc<PostingList>>,
) -> Result<Rc<PostingList>> {
    let typed_word = leaf.single_word().filter(|_| leaf.field == TextField::Body);
    let postings = segment.read_union_and_visit_terms(
        leaf.field,
        &leaf.alternatives,
        &mut |term, postings| {
            if typed_word == Some(term) {
                typed_words.insert(term.to_owned(), Rc::clone(postings));
            }
        },
    )?;
    Ok(to_passage_postings(segment, leaf.field, postings))
}

/// Converts postings of a field to postings of passages. A title is indexed in the record of its document, so a match
/// in a title becomes a match in every passage of the document.
pub(super) fn to_passage_postings(
    segment: SegmentView<'_>,
    field: TextField,
    postings: Rc<PostingList>,
) -> Rc<PostingList> {
    if field != TextField::Title {
        return postings;
    }
    let passages_of = |record: Posting| {
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    Rc::new(postings.iter().flat_map(passages_of).collect())
}

/// Returns the result of `make` for each item. Calls `make` only once for equal items, because a query may repeat a
/// word.
pub(in crate::search) fn map_memoized<T, U>(
    items: &[T],
    are_equal: impl Fn(&T, &T) -> bool,
    mut make: impl FnMut(&T) -> Result<Rc<U>>,
) -> Result<Vec<Rc<U>>> {
    let mut results: Vec<Rc<U>> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let equal_item = items.iter().take(index).position(|other| are_equal(other, item));
        let shared_result = equal_item.and_then(|equal_item| results.get(equal_item)).cloned();
        results.push(shared_result.map_or_else(|| make(item), Ok)?);
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{ExpandedTerm, PhraseSlot, TermPattern};

    /// Returns an alternative of one slot with these terms.
    fn word(terms: &[&str]) -> Alternative {
        let mut slot = PhraseSlot::pattern(0, TermPattern::Wildcard("pattern".to_owned()));
        slot.terms
            .extend(terms.iter().map(|&term| ExpandedTerm { term: term.to_owned(), weight: 1.0 }));
        Alternative::phrase(vec![slot])
    }

    /// Returns an alternative that matches the words as a phrase.
    fn phrase(words: &[&str]) -> Alternative {
        Alternative::phrase(
            (0..).zip(words).map(|(offset, word)| PhraseSlot::term(offset, word)).collect(),
        )
    }

    #[test]
    fn added_alternatives_are_the_further_terms_of_an_extended_leaf() {
        let base = [word(&["nation", "nations"]), phrase(&["city", "state"])];
        for (extended, expected) in [
            (base.to_vec(), Some(vec![])),
            (
                vec![word(&["nation", "nations", "national"]), base[1].clone()],
                Some(vec![word(&["national"])]),
            ),
            (vec![base[0].clone(), base[1].clone(), word(&["land"])], Some(vec![word(&["land"])])),
            (vec![word(&["nation", "national"]), base[1].clone()], None),
            (vec![word(&["nation"]), base[1].clone()], None),
            (vec![base[0].clone(), phrase(&["city", "states"])], None),
            (vec![base[0].clone()], None),
        ] {
            assert_eq!(added_alternatives(&base, &extended), expected, "{extended:?}");
        }
    }
}
