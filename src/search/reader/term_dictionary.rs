//! Lookups in the term dictionary of one segment that return several terms: by prefix, by stem, by edit distance.

use std::sync::Arc;

use tantivy::{
    DocSet, TERMINATED, Term,
    query::FuzzyTermQuery,
    schema::{Field, IndexRecordOption},
    termdict::TermStreamer,
};
use tantivy_fst::Automaton;

use super::{
    error::{engine_error, read_error},
    inflections::common_prefix_of_inflections,
    segment::SegmentView,
    term_cache::TermFrequencies,
};
use crate::{analysis::stem, error::Result, fact::FACT_PREFIXES, index::SENTENCE_END_TERM};

/// Work of reading one term of the dictionary, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline. Each byte of the term is one unit more.
const WORK_UNITS_PER_DICTIONARY_TERM: usize = 16;

impl SegmentView<'_> {
    /// Adds to `terms` the terms that begin with `prefix` and for which `accepts` returns true. The time is
    /// proportional to the number of terms with the prefix.
    pub(in crate::search) fn add_terms_with_prefix(
        &self,
        field: Field,
        prefix: &str,
        accepts: impl Fn(&str) -> bool,
        terms: &mut TermFrequencies,
    ) -> Result<()> {
        let mut range_end = prefix.as_bytes().to_vec();
        if let Some(last_byte) = range_end.last_mut() {
            *last_byte += 1;
        }
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        let range = inverted_index.terms().range().ge(prefix);
        let range = if range_end.is_empty() { range } else { range.lt(&range_end) };
        self.add_word_terms_of_stream(
            range.into_stream().map_err(read_error)?,
            field,
            accepts,
            terms,
        )
    }

    /// Adds to `terms` the terms from `from`, inclusive, to `to`, exclusive, for which `accepts` returns true. The time
    /// is proportional to the number of terms between `from` and `to`.
    pub(in crate::search) fn add_terms_between(
        &self,
        field: Field,
        (from, to): (&str, &str),
        accepts: impl Fn(&str) -> bool,
        terms: &mut TermFrequencies,
    ) -> Result<()> {
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        let range = inverted_index.terms().range().ge(from).lt(to);
        self.add_accepted_terms_of_stream(
            range.into_stream().map_err(read_error)?,
            field,
            accepts,
            terms,
        )
    }

    /// Adds to `terms` the terms within edit distance `edits` of `term` for which `accepts` returns true. Swapping two
    /// adjacent characters counts as one edit.
    pub(in crate::search) fn add_terms_within_edits(
        &self,
        field: Field,
        (term, edits): (&str, u8),
        accepts: impl Fn(&str) -> bool,
        terms: &mut TermFrequencies,
    ) -> Result<()> {
        let query = FuzzyTermQuery::new(Term::from_field_text(field, term), edits, true);
        let automaton = query.automaton().map_err(engine_error)?;
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        let stream = inverted_index.terms().search(automaton).into_stream().map_err(read_error)?;
        self.add_word_terms_of_stream(stream, field, accepts, terms)
    }

    /// Returns the terms that have the stem `target_stem`. The segment caches the result, because users often search
    /// for the same words.
    pub(in crate::search) fn terms_with_stem(
        &self,
        field: Field,
        target_stem: &str,
    ) -> Result<Arc<TermFrequencies>> {
        self.columns.term_cache.terms_with_stem(field, target_stem, || {
            let mut terms = TermFrequencies::new();
            let has_stem = |term: &str| stem(term) == target_stem;
            self.add_terms_with_prefix(
                field,
                common_prefix_of_inflections(target_stem),
                has_stem,
                &mut terms,
            )?;
            Ok(terms)
        })
    }

    /// Adds to `terms` the words of a stream of terms for which `accepts` returns true. Leaves out the terms of
    /// quantities and periods, which are not words.
    fn add_word_terms_of_stream<A: Automaton>(
        &self,
        stream: TermStreamer<'_, A>,
        field: Field,
        accepts: impl Fn(&str) -> bool,
        terms: &mut TermFrequencies,
    ) -> Result<()>
    where
        A::State: Clone,
    {
        let is_word = |term: &str| !term.starts_with(FACT_PREFIXES);
        self.add_accepted_terms_of_stream(
            stream,
            field,
            |term| is_word(term) && accepts(term),
            terms,
        )
    }

    /// Adds to `terms` the terms of a stream for which `accepts` returns true, each with its document frequency.
    fn add_accepted_terms_of_stream<A: Automaton>(
        &self,
        mut stream: TermStreamer<'_, A>,
        field: Field,
        accepts: impl Fn(&str) -> bool,
        terms: &mut TermFrequencies,
    ) -> Result<()>
    where
        A::State: Clone,
    {
        let mut meter = self.deadline.work_meter();
        while stream.advance() {
            meter.add(WORK_UNITS_PER_DICTIONARY_TERM + stream.key().len())?;
            let term = std::str::from_utf8(stream.key()).unwrap_or_default();
            if term == SENTENCE_END_TERM || !accepts(term) {
                continue;
            }
            let doc_freq = self.live_doc_freq(field, term, stream.value().doc_freq)?;
            if doc_freq > 0 {
                *terms.entry(term.to_owned()).or_default() += doc_freq;
            }
        }
        Ok(())
    }

    /// Returns the number of live entries that contain a term. `doc_freq` is the document frequency in the term
    /// dictionary, which is the result if the segment has no deleted entries.
    fn live_doc_freq(&self, field: Field, term: &str, doc_freq: u32) -> Result<u64> {
        if !self.reader.has_deletes() {
            return Ok(u64::from(doc_freq));
        }
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        let term = Term::from_field_text(field, term);
        let cursor =
            inverted_index.read_postings(&term, IndexRecordOption::Basic).map_err(read_error)?;
        let Some(mut cursor) = cursor else { return Ok(0) };
        let mut live_count = 0;
        while cursor.doc() != TERMINATED {
            live_count += u64::from(!self.reader.is_deleted(cursor.doc()));
            cursor.advance();
        }
        Ok(live_count)
    }
}
