//! Evaluates filters: finds the live passages of documents with an accepted date, source path, language or id.
//!
//! Dates are read from a fast field, all other values from the term dictionary of their field.

use std::collections::BTreeSet;

use tantivy::{
    Term,
    schema::{Field, IndexRecordOption},
};

use super::declared_values::passages_with_declared_value;
use crate::{
    document::Date,
    error::Result,
    query::{self, Filter, Period, matches_glob, matches_path},
    search::reader::{BitSet, SegmentView, engine_error, read_error},
};

/// Work of reading one term of the dictionary, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline. Each byte of the term is one unit more.
const WORK_UNITS_PER_DICTIONARY_TERM: usize = 16;

/// Returns all live passages of a segment.
pub(super) fn live_passages(segment: SegmentView<'_>) -> &BitSet {
    segment.columns.live_passages(segment.reader)
}

/// Returns the live passages that a filter accepts.
pub(super) fn live_passages_accepted_by_filter(
    segment: SegmentView<'_>,
    filter: &Filter,
) -> Result<BitSet> {
    match filter {
        Filter::Dates(period) => Ok(passages_of_period(segment, *period)),
        Filter::Value { field: query::Field::Lang, glob } => {
            passages_with_accepted_term(segment, segment.fields.lang, |lang| {
                matches_glob(glob, lang)
            })
        }
        Filter::Path { glob, root } => {
            passages_with_accepted_term(segment, segment.fields.source, |path| {
                matches_path(glob, root, path)
            })
        }
        Filter::Documents(ids) => passages_of_documents(segment, ids),
        Filter::Declared { name, condition } => {
            passages_with_declared_value(segment, *name, condition)
        }
        Filter::Value { glob, .. } => passages_with_id_matching(segment, glob),
    }
}

/// Returns the live passages whose publication date is in a period.
fn passages_of_period(segment: SegmentView<'_>, period: Period) -> BitSet {
    let first_day = period.first.map_or(0, Date::julian_day);
    let last_day = period.last.map_or(u64::MAX, Date::julian_day);
    let mut passages = BitSet::new(segment.reader.max_doc());
    // Without this check, tantivy returns the entries with the minimum date for a range that ends before the minimum.
    let dates = segment.columns.dates.as_ref().filter(|dates| dates.min_value() <= last_day);
    if let Some(dates) = dates {
        let mut docs = Vec::new();
        dates.get_docids_for_value_range(
            first_day..=last_day,
            0..segment.reader.max_doc(),
            &mut docs,
        );
        passages.extend(docs);
    }
    passages.intersect_with(live_passages(segment));
    passages
}

/// Returns the live passages whose document id or passage id (`DOCUMENT#ORDINAL`) matches a glob pattern.
fn passages_with_id_matching(segment: SegmentView<'_>, glob: &str) -> Result<BitSet> {
    let id_field = segment.fields.document;
    let mut passages = passages_with_accepted_term(segment, id_field, |id| matches_glob(glob, id))?;
    if let Some((document, ordinal)) = glob.rsplit_once('#')
        && let Ok(ordinal) = ordinal.parse::<u64>()
    {
        let ordinals = &segment.columns.ordinals;
        let document_passages =
            passages_with_accepted_term(segment, id_field, |id| matches_glob(document, id))?;
        passages
            .extend(document_passages.iter().filter(|&doc| ordinals.first(doc) == Some(ordinal)));
    }
    Ok(passages)
}

/// Returns the live passages of the documents with these ids.
fn passages_of_documents(segment: SegmentView<'_>, ids: &BTreeSet<String>) -> Result<BitSet> {
    let mut passages = BitSet::new(segment.reader.max_doc());
    let field = segment.fields.document;
    let inverted_index = segment.reader.inverted_index(field).map_err(engine_error)?;
    for id in ids {
        let term = Term::from_field_text(field, id);
        let postings = inverted_index
            .read_block_postings(&term, IndexRecordOption::Basic)
            .map_err(read_error)?;
        let Some(mut postings) = postings else { continue };
        while !postings.docs().is_empty() {
            passages.extend(postings.docs().iter().copied());
            postings.advance();
        }
    }
    passages.intersect_with(live_passages(segment));
    Ok(passages)
}

/// Returns the live passages with at least one term in `field` for which `accepts` returns true. Reads the whole term
/// dictionary of the field.
fn passages_with_accepted_term(
    segment: SegmentView<'_>,
    field: Field,
    accepts: impl Fn(&str) -> bool,
) -> Result<BitSet> {
    let mut passages = BitSet::new(segment.reader.max_doc());
    let inverted_index = segment.reader.inverted_index(field).map_err(engine_error)?;
    let mut terms = inverted_index.terms().stream().map_err(read_error)?;
    let mut meter = segment.deadline.work_meter();
    while terms.advance() {
        meter.add(WORK_UNITS_PER_DICTIONARY_TERM + terms.key().len())?;
        if !accepts(std::str::from_utf8(terms.key()).unwrap_or_default()) {
            continue;
        }
        let mut postings = inverted_index
            .read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)
            .map_err(read_error)?;
        while !postings.docs().is_empty() {
            meter.add(postings.docs().len())?;
            passages.extend(postings.docs().iter().copied());
            postings.advance();
        }
    }
    passages.intersect_with(live_passages(segment));
    Ok(passages)
}
