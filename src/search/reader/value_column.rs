//! Values of one declared field in one segment.

use std::ops::{Bound, Range, RangeInclusive};

use tantivy::{DocId, columnar::StrColumn};

use super::{
    error::{engine_error, read_error},
    segment::SegmentView,
};
use crate::{
    document::{FieldName, FieldType, FieldValue},
    error::Result,
    index::{DECLARED_VALUES_FIELD, decode_value, end_of_field_values, value_prefix},
};

/// Values of one declared field in one segment. Each value is represented by its *value number*: its position, from 0,
/// in the ascending order of the values.
pub(in crate::search) struct ValueColumn<'a> {
    segment: SegmentView<'a>,
    /// Fast field of the values of all declared fields.
    column: StrColumn,
    field_type: FieldType,
    /// Prefix that all terms of the field have in the fast field.
    prefix: String,
    /// Ordinals that the terms of the field have in the fast field, which contains the terms of all declared fields.
    ords: Range<u64>,
}

impl<'a> ValueColumn<'a> {
    /// Opens the values of a field. `None` if the index does not declare the field, or if no document of the segment
    /// has a value.
    pub(in crate::search) fn open(
        segment: SegmentView<'a>,
        name: FieldName,
    ) -> Result<Option<Self>> {
        let Some(field_type) = segment.declared_fields.type_of(name) else { return Ok(None) };
        let column =
            segment.reader.fast_fields().str(DECLARED_VALUES_FIELD).map_err(engine_error)?;
        let Some(column) = column else { return Ok(None) };
        let (prefix, end) = (value_prefix(name), end_of_field_values(name));
        let ords = term_ordinal_range(&column, Bound::Included(&prefix), Bound::Excluded(&end))?;
        Ok((!ords.is_empty()).then_some(Self { segment, column, field_type, prefix, ords }))
    }

    /// Returns the number of different values.
    pub(in crate::search) fn value_count(&self) -> usize {
        (self.ords.end - self.ords.start) as usize
    }

    /// Returns the value numbers of the values that the document of a passage has, in ascending order.
    pub(in crate::search) fn value_numbers_of_passage(
        &self,
        passage: DocId,
    ) -> impl Iterator<Item = usize> {
        let record = self.segment.columns.record_of(passage);
        let ords = record.into_iter().flat_map(|record| self.column.term_ords(record));
        ords.filter(|ord| self.ords.contains(ord)).map(|ord| (ord - self.ords.start) as usize)
    }

    /// Returns all values in ascending order. The index of each value is its value number.
    pub(in crate::search) fn all_values(&self) -> Result<Vec<FieldValue>> {
        let (prefix, end) = (self.prefix.as_bytes(), &self.prefix);
        let range = self.column.dictionary().range().ge(prefix);
        let mut terms = range.into_stream().map_err(read_error)?;
        let mut meter = self.segment.deadline.work_meter();
        let mut values = Vec::with_capacity(self.value_count());
        while values.len() < self.value_count() && terms.advance() {
            meter.add(1 + terms.key().len())?;
            let encoded = terms.key().get(end.len()..).unwrap_or_default();
            let encoded = std::str::from_utf8(encoded).unwrap_or_default();
            // A term that cannot be decoded would shift the numbers of the terms after it.
            let value = decode_value(self.field_type, encoded);
            values.push(value.unwrap_or_else(|| FieldValue::Keyword(encoded.to_owned())));
        }
        Ok(values)
    }

    /// Returns the value with the value number `number`. `None` if the value cannot be decoded.
    pub(in crate::search) fn value_with_number(&self, number: usize) -> Result<Option<FieldValue>> {
        let mut term = String::new();
        let ord = self.ords.start + number as u64;
        self.column.ord_to_str(ord, &mut term).map_err(read_error)?;
        let encoded = term.get(self.prefix.len()..).unwrap_or_default();
        Ok(decode_value(self.field_type, encoded))
    }

    /// Returns the value numbers of the values from `low` to `high`. Both bounds are encoded values.
    pub(in crate::search) fn value_numbers_between(
        &self,
        low: Bound<String>,
        high: Bound<String>,
    ) -> Result<Range<usize>> {
        let term = |encoded: String| format!("{}{encoded}", self.prefix);
        let low = match low {
            Bound::Unbounded => Bound::Included(self.prefix.clone()),
            bound => bound.map(term),
        };
        let high = high.map(term);
        let mut ords = term_ordinal_range(&self.column, low.as_ref(), high.as_ref())?;
        ords.end = ords.end.min(self.ords.end);
        let to_number = |ord: u64| ord.saturating_sub(self.ords.start) as usize;
        Ok(to_number(ords.start)..to_number(ords.end))
    }

    /// Returns the document records that have a value whose value number is in `numbers`. May contain duplicates.
    pub(in crate::search) fn records_with_value_numbers(
        &self,
        numbers: RangeInclusive<usize>,
    ) -> Vec<DocId> {
        let to_ord = |number: usize| self.ords.start + number as u64;
        let ords = to_ord(*numbers.start())..=to_ord(*numbers.end());
        let mut records = Vec::new();
        let entries = 0..self.segment.reader.max_doc();
        self.column.ords().get_docids_for_value_range(ords, entries, &mut records);
        records
    }
}

/// Returns the ordinals of the terms from `low` to `high`.
fn term_ordinal_range(
    column: &StrColumn,
    low: Bound<&String>,
    high: Bound<&String>,
) -> Result<Range<u64>> {
    let term_count = column.num_terms() as u64;
    let bounds = column.dictionary().term_bounds_to_ord(low, high).map_err(read_error)?;
    let start = match bounds.0 {
        Bound::Included(ord) => ord,
        Bound::Excluded(ord) => ord.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match bounds.1 {
        Bound::Included(ord) => ord.saturating_add(1),
        Bound::Excluded(ord) => ord,
        Bound::Unbounded => term_count,
    };
    let end = end.min(term_count);
    Ok(start.min(end)..end)
}
