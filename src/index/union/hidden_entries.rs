//! Finds the entries to hide in a union of indexes: entries of documents and source files that an earlier index also
//! contains.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::{
    DocId, DocSet, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term,
    index::SegmentId,
    schema::{Field, IndexRecordOption},
};

use crate::{
    error::Result,
    index::{Fields, lookup::addresses_with_term, storage::wrap_engine_error},
};

/// Returns the entries to hide, by segment. `index_numbers_by_segment` holds the number of the index that contains each
/// segment. Numbers start at 0.
///
/// Hides all entries of a document if an index with a smaller number has a document with the same id, and the record of
/// a source file if an index with a smaller number has a record of the same file.
pub(super) fn entries_to_hide(
    searcher: &Searcher,
    fields: Fields,
    index_numbers_by_segment: &BTreeMap<SegmentId, usize>,
) -> Result<BTreeMap<SegmentOrdinal, BTreeSet<DocId>>> {
    let owner_of =
        |segment: &SegmentReader| index_numbers_by_segment.get(&segment.segment_id()).copied();
    let mut hidden: BTreeMap<SegmentOrdinal, BTreeSet<DocId>> = BTreeMap::new();
    for (key_field, entry_field) in
        [(fields.record_id, fields.document), (fields.record_path, fields.record_path)]
    {
        for segment in searcher.segment_readers() {
            let owner = owner_of(segment);
            let is_before = |other: &&SegmentReader| owner_of(other) < owner;
            for key in keys_also_in_other_segments(
                segment,
                searcher.segment_readers().iter().filter(is_before),
                key_field,
            )? {
                let term = Term::from_field_text(entry_field, &key);
                for address in addresses_with_term(searcher, &term)? {
                    if owner_of(searcher.segment_reader(address.segment_ord)) == owner {
                        hidden.entry(address.segment_ord).or_default().insert(address.doc_id);
                    }
                }
            }
        }
    }
    Ok(hidden)
}

/// Returns the terms of `field` that occur in `segment`, and also in an undeleted entry of one of `other_segments`.
fn keys_also_in_other_segments<'a>(
    segment: &SegmentReader,
    other_segments: impl Iterator<Item = &'a SegmentReader>,
    field: Field,
) -> Result<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    for other in other_segments {
        for key in common_terms(segment, other, field)? {
            if term_occurs(other, field, &key)? {
                keys.insert(key);
            }
        }
    }
    Ok(keys)
}

/// Returns the terms of a field that both segments have. Reads both term dictionaries in order.
fn common_terms(
    segment: &SegmentReader,
    other: &SegmentReader,
    field: Field,
) -> Result<Vec<String>> {
    let index = segment.inverted_index(field).map_err(wrap_engine_error)?;
    let other_index = other.inverted_index(field).map_err(wrap_engine_error)?;
    let mut terms = index.terms().stream().map_err(wrap_engine_error)?;
    let mut other_terms = other_index.terms().stream().map_err(wrap_engine_error)?;
    let mut common_terms = Vec::new();
    let (mut has_term, mut has_other_term) = (terms.advance(), other_terms.advance());
    while has_term && has_other_term {
        let order = terms.key().cmp(other_terms.key());
        if order.is_eq() {
            common_terms.push(String::from_utf8_lossy(terms.key()).into_owned());
        }
        if order.is_le() {
            has_term = terms.advance();
        }
        if order.is_ge() {
            has_other_term = other_terms.advance();
        }
    }
    Ok(common_terms)
}

/// Returns whether an undeleted entry of `segment` has the term `key` in `field`.
fn term_occurs(segment: &SegmentReader, field: Field, key: &str) -> Result<bool> {
    let index = segment.inverted_index(field).map_err(wrap_engine_error)?;
    let term = Term::from_field_text(field, key);
    let postings =
        index.read_postings(&term, IndexRecordOption::Basic).map_err(wrap_engine_error)?;
    let Some(mut postings) = postings else { return Ok(false) };
    let mut entry = postings.doc();
    while entry != TERMINATED {
        if !segment.is_deleted(entry) {
            return Ok(true);
        }
        entry = postings.advance();
    }
    Ok(false)
}
