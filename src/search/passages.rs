//! The passages of a segment that match → what the columns say of each, in the same order.

use std::cell::OnceCell;

use tantivy::{DocId, columnar::Column};

use super::{
    bits::{Bits, Ranks},
    engine,
    postings::Segment,
};
use crate::{error::Result, index::DOCUMENT};

/// Some passages of one segment. What is known of them is kept in lists that have their order.
pub(super) struct Passages<'a> {
    segment: Segment<'a>,
    docs: Vec<DocId>,
    ranks: Ranks<'a>,
    documents: OnceCell<Vec<u64>>,
}

impl<'a> Passages<'a> {
    pub(super) fn new(segment: Segment<'a>, bits: &'a Bits) -> Self {
        let (docs, ranks) = (bits.iter().collect(), bits.ranks());
        Self { segment, docs, ranks, documents: OnceCell::new() }
    }

    pub(super) fn segment(&self) -> Segment<'a> {
        self.segment
    }

    /// Their entry numbers, ascending.
    pub(super) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// The place in the list of a passage; none where it is not one of them.
    pub(super) fn place(&self, doc: DocId) -> Option<usize> {
        self.ranks.of(doc)
    }

    /// What a column of numbers says of each.
    pub(super) fn numbers(&self, column: &str) -> Result<Vec<u64>> {
        let column = self.segment.reader.fast_fields().u64(column).map_err(engine)?;
        Ok(self.values(&column))
    }

    /// The numbers that their documents have in this segment.
    pub(super) fn documents(&self) -> Result<&[u64]> {
        if let Some(known) = self.documents.get() {
            return Ok(known);
        }
        let documents = self.segment.reader.fast_fields().str(DOCUMENT).map_err(engine)?;
        let values = documents.map_or(Vec::new(), |documents| self.values(documents.ords()));
        Ok(self.documents.get_or_init(|| values))
    }

    fn values(&self, column: &Column<u64>) -> Vec<u64> {
        let mut values = vec![None; self.docs.len()];
        column.first_vals(&self.docs, &mut values);
        values.into_iter().map(Option::unwrap_or_default).collect()
    }
}
