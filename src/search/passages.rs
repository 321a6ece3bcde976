//! The passages of a segment that are scored → what the columns say of each, in the same order.

use tantivy::DocId;

use super::{
    bits::{Bits, Ranks},
    postings::Segment,
};

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
}
