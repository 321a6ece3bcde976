//! Reads the posting lists of a query from one segment, each list only once.

use std::rc::Rc;

use tantivy::DocId;

use super::scoring_terms::{ScoringTerm, ScoringTermKind, scoring_term_postings};
use crate::{
    error::Result,
    query::{Alternative, Deadline, PhraseSlot, TextField},
    search::{
        matching::{LeafPostings, map_memoized},
        reader::{PostingList, SegmentView},
    },
};

/// The postings of a query in one segment.
pub(in crate::search) struct QueryPostings {
    pub(in crate::search) leaves: LeafPostings,
    /// Posting list of each scoring term. The list is empty for a term that is a query leaf (a word or phrase), because
    /// `leaves` contains the postings of this term.
    term_lists: Vec<Rc<PostingList>>,
    /// List that is returned for a scoring term without a list.
    empty_list: PostingList,
}

impl QueryPostings {
    /// Returns the postings of a query with the postings of its leaves (words and phrases) only.
    pub(in crate::search) fn of_leaves_only(leaves: LeafPostings) -> Self {
        Self { leaves, term_lists: Vec::new(), empty_list: PostingList::default() }
    }

    /// Reads the postings of every scoring term, given the postings of the query leaves. `reusable_postings` contains
    /// scoring terms of another plan with their postings in this segment; these postings are not read again.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes before all posting lists are read, or the index cannot be read.
    pub(in crate::search) fn read(
        segment: SegmentView<'_>,
        leaves: LeafPostings,
        terms: &[ScoringTerm<'_>],
        reusable_postings: Option<(&[ScoringTerm<'_>], &Self)>,
        deadline: Deadline,
    ) -> Result<Self> {
        let same_kind = |a: &ScoringTerm<'_>, b: &ScoringTerm<'_>| a.kind == b.kind;
        let term_lists = map_memoized(terms, same_kind, |term| {
            deadline.check()?;
            if let Some((reusable_terms, postings)) = reusable_postings {
                let reusable_lists = reusable_terms.iter().zip(&postings.term_lists);
                for (reusable_term, reusable_list) in reusable_lists {
                    if same_kind(reusable_term, term) {
                        return Ok(Rc::clone(reusable_list));
                    }
                    if let Some(pair) = ExtendedPair::of(&term.kind, &reusable_term.kind) {
                        return pair.postings(segment, &leaves, reusable_list);
                    }
                }
            }
            scoring_term_postings(segment, &term.kind, &leaves)
        })?;
        Ok(Self { leaves, term_lists, empty_list: PostingList::default() })
    }

    /// Returns the postings of `term`, which is the scoring term at `index`.
    pub(in crate::search) fn postings(&self, term: &ScoringTerm<'_>, index: usize) -> &PostingList {
        match term.kind {
            ScoringTermKind::Leaf(leaf) => self.leaves.leaf_list(leaf),
            _ => self.term_lists.get(index).map_or(&self.empty_list, Rc::as_ref),
        }
    }
}

/// The phrase of two adjacent query leaves (words or phrases). The phrase extends a *base phrase*: a phrase of the same
/// leaves in which some slots have fewer terms.
struct ExtendedPair<'a> {
    /// Index of the first of the two leaves in [`QueryPlan::leaves`](crate::query::QueryPlan::leaves).
    first_leaf: usize,
    phrase: &'a Alternative,
}

impl<'a> ExtendedPair<'a> {
    /// Returns the phrase of `pair` if it extends the phrase of `base`. `None` if it does not, or if `pair` and `base`
    /// are not phrases of the same two query leaves.
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

    /// Returns the posting list of the phrase, given the posting list `base_list` of the base phrase. Positions are
    /// read only in some passages: in passages that contain both query leaves, one of them with a term that the base
    /// phrase lacks.
    fn postings(
        &self,
        segment: SegmentView<'_>,
        leaves: &LeafPostings,
        base_list: &Rc<PostingList>,
    ) -> Result<Rc<PostingList>> {
        let (first, second) = (self.first_leaf, self.first_leaf + 1);
        let (Some(first_added), Some(second_added)) =
            (leaves.postings_of_added_terms(first), leaves.postings_of_added_terms(second))
        else {
            let common_docs = leaves.leaf_list(first).intersection(leaves.leaf_list(second));
            return segment
                .phrase_postings_in_docs(TextField::Body, self.phrase, &common_docs)
                .map(Rc::new);
        };
        let mut docs: Vec<DocId> = first_added.intersection(leaves.leaf_list(second));
        docs.extend(second_added.intersection(leaves.leaf_list(first)));
        docs.sort_unstable();
        docs.dedup();
        if docs.is_empty() {
            return Ok(Rc::clone(base_list));
        }
        let postings = segment.phrase_postings_in_docs(TextField::Body, self.phrase, &docs)?;
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
            context::SearchContext, expansion::add_derivations, matching::ReusableLeaves,
            ranking::scoring_terms, relaxation::prepare_query,
        },
    };

    #[test]
    fn postings_of_a_looser_plan_do_not_depend_on_reusable_postings() {
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
        let context = SearchContext::of_local_index(index.last_commit().unwrap()).unwrap();
        let deadline = Deadline::never();
        for text in ["nation import", "national import nation", "author nation", "nation nation"] {
            let query = Query::new(text);
            let plan = prepare_query(&context, &Clause::parse(text).0, &query).unwrap().plan;
            let mut loose = plan.to_loose_plan();
            add_derivations(&mut loose, &*context.statistics).unwrap();
            let (terms, loose_terms) =
                (scoring_terms(&plan, &query.ranking), scoring_terms(&loose, &query.ranking));
            for segment in context.segments() {
                let leaves = LeafPostings::read(segment, &plan, None, deadline).unwrap();
                let postings =
                    QueryPostings::read(segment, leaves, &terms, None, deadline).unwrap();
                let reusable_leaves = ReusableLeaves { query: &plan, postings: &postings.leaves };
                let [extended, from_scratch] =
                    [Some((&terms[..], &postings)), None].map(|reusable_postings| {
                        let reusable_leaves = reusable_postings.map(|_| reusable_leaves);
                        let leaves =
                            LeafPostings::read(segment, &loose, reusable_leaves, deadline).unwrap();
                        QueryPostings::read(
                            segment,
                            leaves,
                            &loose_terms,
                            reusable_postings,
                            deadline,
                        )
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
