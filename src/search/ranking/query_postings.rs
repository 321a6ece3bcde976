//! Reads the posting lists of a query from one segment, each list only once.

use std::rc::Rc;

use super::scoring_terms::{ScoringTerm, ScoringTermKind, scoring_term_postings};
use crate::{
    error::Result,
    query::Deadline,
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
            let read_list = read_postings.and_then(|(read_terms, postings)| {
                let index = read_terms.iter().position(|other| same_kind(other, term))?;
                postings.terms.get(index).cloned()
            });
            match read_list {
                Some(list) => Ok(list),
                None => scoring_term_postings(segment, &term.kind, &leaves),
            }
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
