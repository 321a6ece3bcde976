//! The passages of a segment that are scored → what columns and postings say of each, in the same order.

use tantivy::DocId;

use super::{
    bits::{Bits, Ranks},
    postings::{Posting, Segment, from},
};

/// A list that is so many times longer is searched, not gone through.
const SEARCHED: usize = 16;

/// Some passages of one segment. What is known of them is kept in lists that have their order.
pub(super) struct Passages<'a> {
    segment: Segment<'a>,
    docs: Vec<DocId>,
    ranks: Ranks<'a>,
}

impl<'a> Passages<'a> {
    pub(super) fn new(segment: Segment<'a>, bits: &'a Bits) -> Self {
        Self { segment, docs: bits.iter().collect(), ranks: bits.ranks() }
    }

    /// Their entry numbers, ascending.
    pub(super) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// The place in the list of a passage; none where it is not one of them.
    pub(super) fn place(&self, doc: DocId) -> Option<usize> {
        self.ranks.of(doc)
    }

    pub(super) fn lengths(&self) -> Vec<u32> {
        self.segment.columns.lengths.of(&self.docs)
    }

    pub(super) fn ordinals(&self) -> Vec<u32> {
        self.segment.columns.ordinals.of(&self.docs)
    }

    /// Does something with each of those that have a posting, by its place in the list, ascending.
    pub(super) fn with(&self, postings: &[Posting], mut done: impl FnMut(usize, &Posting)) {
        if self.docs.len() * SEARCHED > postings.len() {
            for posting in postings {
                if let Some(place) = self.ranks.of(posting.doc) {
                    done(place, posting);
                }
            }
            return;
        }
        let mut rest = postings;
        for (place, &doc) in self.docs.iter().enumerate() {
            rest = from(rest, doc);
            if let Some(posting) = rest.first().filter(|posting| posting.doc == doc) {
                done(place, posting);
            }
        }
    }
}
