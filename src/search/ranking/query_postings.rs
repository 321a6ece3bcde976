//! Reads the posting lists of a query from one segment, each list only once.

use std::rc::Rc;

use tantivy::DocId;

use super::scoring_terms::{ScoringTerm, ScoringTermKind, scoring_term_postings};
use crate::{
    error::Result,
    query::{Alternative, Deadline, PhraseSlot, TextField},
    search::{
        matching::{LeafPostings, each_once},
        reader::{PostingList, SegmentView},
    },
};

/// The postings of a query in one segment.
pub(in crate::search) struct QueryPostings {
    pub(in crate::search) leaves: LeafPostings,
    /// Posting list of each scoring term. The list of a term that is a leaf is empty, because `leaves` contains its
    /// postings.
    terms: Vec<Rc<PostingList>>,
    empty: PostingList,
}

impl QueryPostings {
    /// Returns the postings of a query whose scoring terms are not read.
    pub(in crate::search) fn of_leaves(leaves: LeafPostings) -> Self {
        Self { leaves, terms: Vec::new(), empty: PostingList::default() }
    }

    /// Reads the postings of every scoring term, given the postings of the leaves. `read_postings` contains scoring
    /// terms with their postings in this segment, which are not read again.
    ///
    /// # Errors
    ///
    /// If the deadline passes before all posting lists are read, or the index cannot be read.
    pub(in crate::search) fn read(
        segment: SegmentView<'_>,
        leaves: LeafPostings,
        terms: &[ScoringTerm<'_>],
        read_postings: Option<(&[ScoringTerm<'_>], &Self)>,
        deadline: Deadline,
    ) -> Result<Self> {
        let same_kind = |a: &ScoringTerm<'_>, b: &ScoringTerm<'_>| a.kind == b.kind;
        let terms = each_once(terms, same_kind, |term| {
            deadline.check()?;
            if let Some((read_terms, postings)) = read_postings {
                let read_lists = read_terms.iter().zip(&postings.terms);
                for (read_term, read_list) in read_lists {
                    if same_kind(read_term, term) {
                        return Ok(Rc::clone(read_list));
                    }
                    if let Some(pair) = ExtendedPair::of(&term.kind, &read_term.kind) {
                        return pair.postings(segment, &leaves, read_list);
                    }
                }
            }
            scoring_term_postings(segment, &term.kind, &leaves)
        })?;
        Ok(Self { leaves, terms, empty: PostingList::default() })
    }

    /// Returns the postings of `term`, which is the scoring term at `index`.
    pub(in crate::search) fn postings(&self, term: &ScoringTerm<'_>, index: usize) -> &PostingList {
        match term.kind {
            ScoringTermKind::Leaf(leaf) => self.leaves.leaf(leaf),
            _ => self.terms.get(index).map_or(&self.empty, Rc::as_ref),
        }
    }
}

/// The phrase of two adjacent leaves. It has all terms of another phrase of the same leaves, and further terms.
struct ExtendedPair<'a> {
    first_leaf: usize,
    phrase: &'a Alternative,
}

impl<'a> ExtendedPair<'a> {
    /// Returns the pair of leaves `pair`. `None` if `pair` is no pair of leaves that extends `base`.
    fn of(pair: &'a ScoringTermKind<'_>, base: &ScoringTermKind<'_>) -> Option<Self> {
        let (
            ScoringTermKind::AdjacentPair(first_leaf, phrase),
            ScoringTermKind::AdjacentPair(base_leaf, base),
        ) = (pair, base)
        else {
            return None;
        };
        let extends = |slot: &PhraseSlot, base: &PhraseSlot| {
            slot.offset == base.offset && slot.terms.starts_with(&base.terms)
        };
        let slots = phrase.slots.iter().zip(&base.slots);
        let is_extension = first_leaf == base_leaf
            && phrase.slots.len() == base.slots.len()
            && slots.into_iter().all(|(slot, base)| extends(slot, base));
        is_extension.then_some(Self { first_leaf: *first_leaf, phrase })
    }

    /// Returns the postings of the phrase, given the postings of the phrase that it extends. Reads positions only in the
    /// passages that have a further term of one leaf, and the other leaf.
    fn postings(
        &self,
        segment: SegmentView<'_>,
        leaves: &LeafPostings,
        base_list: &Rc<PostingList>,
    ) -> Result<Rc<PostingList>> {
        let (first, second) = (self.first_leaf, self.first_leaf + 1);
        let (Some(first_added), Some(second_added)) = (leaves.added(first), leaves.added(second))
        else {
            let common_docs = leaves.leaf(first).intersection(leaves.leaf(second));
            return segment
                .phrase_postings_in(TextField::Body, self.phrase, &common_docs)
                .map(Rc::new);
        };
        let mut docs: Vec<DocId> = first_added.intersection(leaves.leaf(second));
        docs.extend(second_added.intersection(leaves.leaf(first)));
        docs.sort_unstable();
        docs.dedup();
        if docs.is_empty() {
            return Ok(Rc::clone(base_list));
        }
        let postings = segment.phrase_postings_in(TextField::Body, self.phrase, &docs)?;
        let other_postings =
            base_list.iter().filter(|posting| docs.binary_search(&posting.doc).is_err());
        let other_postings = other_postings.collect();
        PostingList::union(vec![Rc::new(postings), Rc::new(other_postings)], segment.deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::Document,
        index::Index,
        query::{Clause, Query},
        search::{
            context::SearchContext, expansion::add_derivations, matching::ReadLeaves,
            ranking::scoring_terms, relaxation::prepare,
        },
    };

    #[test]
    fn postings_of_a_looser_plan_do_not_depend_on_what_is_read_before() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (number, text) in [
            "The nation's import rose. National imports and a national importance.",
            "An important national authority, the author of nations.",
            "Nations import, nations important, national import.",
            "Authors of the nation. Import of nations.",
        ]
        .into_iter()
        .enumerate()
        {
            writer.add(&Document::new(format!("d{number}"), text)).unwrap();
        }
        writer.commit().unwrap();
        let context = SearchContext::local(index.last_commit().unwrap()).unwrap();
        let deadline = Deadline::never();
        for text in ["nation import", "national import nation", "author nation", "nation nation"] {
            let query = Query::new(text);
            let plan = prepare(&context, &Clause::parse(text).0, &query).unwrap().plan;
            let mut loose = plan.loosened();
            add_derivations(&mut loose, &*context.statistics).unwrap();
            let (terms, loose_terms) =
                (scoring_terms(&plan, &query.ranking), scoring_terms(&loose, &query.ranking));
            for segment in context.segments() {
                let leaves = LeafPostings::read(segment, &plan, None, deadline).unwrap();
                let postings =
                    QueryPostings::read(segment, leaves, &terms, None, deadline).unwrap();
                let read_leaves = ReadLeaves { query: &plan, postings: &postings.leaves };
                let [extended, from_scratch] =
                    [Some((&terms[..], &postings)), None].map(|read_postings| {
                        let read_leaves = read_postings.map(|_| read_leaves);
                        let leaves =
                            LeafPostings::read(segment, &loose, read_leaves, deadline).unwrap();
                        QueryPostings::read(segment, leaves, &loose_terms, read_postings, deadline)
                            .unwrap()
                    });
                for (index, term) in loose_terms.iter().enumerate() {
                    let (extended, from_scratch) =
                        (extended.postings(term, index), from_scratch.postings(term, index));
                    assert_eq!(extended, from_scratch, "{text}: {:?}", term.kind);
                    if text == "nation import" {
                        assert!(!from_scratch.is_empty(), "{:?}", term.kind);
                    }
                }
            }
        }
    }
}
