//! A beginning → the terms of the index that have it, most frequent first.

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

/// So many terms are looked at; only a single letter in a huge index begins more.
const MAX_SCANNED: usize = 200_000;

/// A term of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frequent {
    pub(super) term: String,
    /// In how many live passages it occurs.
    pub(super) passages: u64,
}

/// The `most` most frequent terms of `field` that begin with `prefix`, are not just that, and are
/// `wanted`. Those in equally many passages come in the order of their characters.
pub(super) fn most_frequent(
    context: &SearchContext,
    field: Field,
    prefix: &str,
    most: usize,
    mut wanted: impl FnMut(&str) -> bool,
) -> Result<Vec<Frequent>> {
    let mut best = BinaryHeap::new();
    let mut end = prefix.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    each(context, field, (prefix.as_bytes(), &end), |term, entries| {
        let full = best.len() >= most;
        // Terms come in order, so among equals the one that is there already stays.
        let better = best.peek().is_none_or(|Reverse((least, _))| entries > *least);
        if (!full || better) && term != prefix && wanted(term) {
            best.push(Reverse((entries, Reverse(term.to_owned()))));
            if full {
                best.pop();
            }
        }
    })?;
    let mut found = Vec::with_capacity(best.len());
    for Reverse((_, Reverse(term))) in best {
        let passages = passages(context, field, &term)?;
        found.push(Frequent { term, passages });
    }
    found.retain(|frequent| frequent.passages > 0);
    found.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.term.cmp(&b.term)));
    Ok(found)
}

/// In how many live passages `term` occurs.
pub(super) fn passages(context: &SearchContext, field: Field, term: &str) -> Result<u64> {
    let mut count = 0;
    for (ord, reader) in context.reader.searcher.segment_readers().iter().enumerate() {
        if let Some(cursor) = cursor(context, ord, field, term, IndexRecordOption::Basic)? {
            let alive = reader.alive_bitset();
            count +=
                u64::from(alive.map_or_else(
                    || cursor.doc_freq(),
                    |alive| cursor.doc_freq_given_deletes(alive),
                ));
        }
    }
    Ok(count)
}

/// The postings of `term` in the segment with number `ord`.
pub(super) fn cursor(
    context: &SearchContext,
    ord: usize,
    field: Field,
    term: &str,
    option: IndexRecordOption,
) -> Result<Option<SegmentPostings>> {
    let Some(reader) = context.reader.searcher.segment_readers().get(ord) else { return Ok(None) };
    let inverted = reader.inverted_index(field).map_err(engine_error)?;
    let term = Term::from_field_text(field, term);
    inverted.read_postings(&term, option).map_err(read_error)
}

/// Every Han character that occurs in the index.
#[cfg(feature = "chinese")]
pub(super) fn han_characters(context: &SearchContext) -> Result<Vec<char>> {
    let mut found = Vec::new();
    let range = ("\u{3005}".as_bytes(), "\u{323B0}".as_bytes());
    each(context, context.reader.fields.exact, range, |term, _| {
        let mut characters = term.chars();
        if let (Some(c), None) = (characters.next(), characters.next())
            && is_han(c)
        {
            found.push(c);
        }
    })?;
    Ok(found)
}

/// Calls `seen` with every term of `field` from `start` to before `end`, in order, and in how many
/// entries it occurs, deleted ones too.
fn each(
    context: &SearchContext,
    field: Field,
    (start, end): (&[u8], &[u8]),
    mut seen: impl FnMut(&str, u64),
) -> Result<()> {
    let readers = context.reader.searcher.segment_readers();
    let inverted: Vec<_> = readers
        .iter()
        .map(|reader| reader.inverted_index(field))
        .collect::<tantivy::Result<_>>()
        .map_err(engine_error)?;
    let mut streams = Vec::with_capacity(inverted.len());
    for inverted in &inverted {
        let range = inverted.terms().range().ge(start).lt(end);
        let mut stream = range.into_stream().map_err(read_error)?;
        if stream.advance() {
            streams.push(stream);
        }
    }
    let mut key = Vec::new();
    for _ in 0..MAX_SCANNED {
        let Some(first) = streams.iter().map(TermStreamer::key).min() else { break };
        key.clear();
        key.extend_from_slice(first);
        let mut entries = 0;
        streams.retain_mut(|stream| {
            if stream.key() != key {
                return true;
            }
            entries += u64::from(stream.value().doc_freq);
            stream.advance()
        });
        seen(std::str::from_utf8(&key).unwrap_or_default(), entries);
    }
    Ok(())
}
