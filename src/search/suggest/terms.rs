//! Finds terms of the index by their prefix, the most frequent first.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    Term,
    postings::SegmentPostings,
    schema::{Field, IndexRecordOption},
    termdict::TermStreamer,
};

#[cfg(feature = "chinese")]
use crate::script::is_han;
use crate::{
    error::Result,
    search::{
        context::SearchContext,
        reader::{engine_error, read_error},
    },
};

/// Work of reading one term of the dictionary, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline.
const WORK_UNITS_PER_DICTIONARY_TERM: usize = 16;

/// Maximum number of terms that one scan of the term dictionary reads. Fewer terms begin with a prefix of more than
/// one letter, even in a huge index.
const MAX_SCANNED_TERMS: usize = 200_000;

/// Term of the index, with its document frequency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexTerm {
    pub(super) term: String,
    /// Number of live passages that contain the term.
    pub(super) doc_freq: u64,
}

/// Returns the `max` most frequent terms of `field` that begin with `prefix`, are longer than `prefix`, and for which
/// `accepts` returns true. Terms of equal frequency are in alphabetical order.
pub(super) fn most_frequent_terms(
    context: &SearchContext,
    field: Field,
    prefix: &str,
    max: usize,
    mut accepts: impl FnMut(&str) -> bool,
) -> Result<Vec<IndexTerm>> {
    let mut best_terms = BinaryHeap::new();
    let mut range_end = prefix.as_bytes().to_vec();
    if let Some(last_byte) = range_end.last_mut() {
        *last_byte += 1;
    }
    for_each_term(context, field, (prefix.as_bytes(), &range_end), |term, entry_count| {
        let is_full = best_terms.len() >= max;
        // The terms are visited in alphabetical order, so the heap keeps the alphabetically first of several terms of
        // equal frequency.
        let is_better = best_terms.peek().is_none_or(|Reverse((lowest, _))| entry_count > *lowest);
        if (!is_full || is_better) && term != prefix && accepts(term) {
            best_terms.push(Reverse((entry_count, Reverse(term.to_owned()))));
            if is_full {
                best_terms.pop();
            }
        }
    })?;
    let mut terms = Vec::with_capacity(best_terms.len());
    for Reverse((_, Reverse(term))) in best_terms {
        let doc_freq = doc_freq(context, field, &term)?;
        terms.push(IndexTerm { term, doc_freq });
    }
    terms.retain(|term| term.doc_freq > 0);
    terms.sort_by(|a, b| b.doc_freq.cmp(&a.doc_freq).then_with(|| a.term.cmp(&b.term)));
    Ok(terms)
}

/// Returns the number of live passages that contain `term` in `field`.
pub(super) fn doc_freq(context: &SearchContext, field: Field, term: &str) -> Result<u64> {
    let mut doc_freq = 0;
    for (segment_ord, reader) in context.reader.searcher.segment_readers().iter().enumerate() {
        let postings = open_postings(context, segment_ord, field, term, IndexRecordOption::Basic)?;
        if let Some(postings) = postings {
            doc_freq += u64::from(match reader.alive_bitset() {
                Some(alive) => postings.doc_freq_given_deletes(alive),
                None => postings.doc_freq(),
            });
        }
    }
    Ok(doc_freq)
}

/// Opens the postings of `term` in the segment with the ordinal `segment_ord`. Returns `None` if the segment lacks the
/// term.
pub(super) fn open_postings(
    context: &SearchContext,
    segment_ord: usize,
    field: Field,
    term: &str,
    option: IndexRecordOption,
) -> Result<Option<SegmentPostings>> {
    context.deadline().check()?;
    let Some(reader) = context.reader.searcher.segment_readers().get(segment_ord) else {
        return Ok(None);
    };
    let inverted_index = reader.inverted_index(field).map_err(engine_error)?;
    let term = Term::from_field_text(field, term);
    inverted_index.read_postings(&term, option).map_err(read_error)
}

/// Returns every Han character that occurs in the index.
#[cfg(feature = "chinese")]
pub(super) fn han_characters_of_index(context: &SearchContext) -> Result<Vec<char>> {
    let mut characters = Vec::new();
    let range = ("\u{3005}".as_bytes(), "\u{323B0}".as_bytes());
    for_each_term(context, context.reader.fields.exact_terms, range, |term, _| {
        let mut chars = term.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && is_han(c)
        {
            characters.push(c);
        }
    })?;
    Ok(characters)
}

/// Calls `visit` with each term of `field` from `start` (inclusive) to `end` (exclusive), in alphabetical order. Also
/// passes the number of entries that contain the term, including deleted entries. Merges the term dictionaries of all
/// segments. Reads at most [`MAX_SCANNED_TERMS`] terms.
fn for_each_term(
    context: &SearchContext,
    field: Field,
    (start, end): (&[u8], &[u8]),
    mut visit: impl FnMut(&str, u64),
) -> Result<()> {
    let readers = context.reader.searcher.segment_readers();
    let inverted_indexes: Vec<_> = readers
        .iter()
        .map(|reader| reader.inverted_index(field))
        .collect::<tantivy::Result<_>>()
        .map_err(engine_error)?;
    let mut streams = Vec::with_capacity(inverted_indexes.len());
    for inverted_index in &inverted_indexes {
        let range = inverted_index.terms().range().ge(start).lt(end);
        let mut stream = range.into_stream().map_err(read_error)?;
        if stream.advance() {
            streams.push(stream);
        }
    }
    let mut term_bytes = Vec::new();
    let mut meter = context.deadline().work_meter();
    for _ in 0..MAX_SCANNED_TERMS {
        meter.add(WORK_UNITS_PER_DICTIONARY_TERM)?;
        let Some(smallest_key) = streams.iter().map(TermStreamer::key).min() else { break };
        term_bytes.clear();
        term_bytes.extend_from_slice(smallest_key);
        let mut entry_count = 0;
        streams.retain_mut(|stream| {
            if stream.key() != term_bytes {
                return true;
            }
            entry_count += u64::from(stream.value().doc_freq);
            stream.advance()
        });
        visit(std::str::from_utf8(&term_bytes).unwrap_or_default(), entry_count);
    }
    Ok(())
}
