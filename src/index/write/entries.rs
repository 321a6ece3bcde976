//! Builds the entries of a document: the terms of each field and the fast fields; and the JSON of the stored records.

use std::collections::HashMap;

use tantivy::{TantivyDocument, schema::Field};

use super::{
    minhash::MinHash,
    term_vector::{self, append_word_hashes},
};
use crate::{
    analysis::{Analysis, Analyzer},
    document::{DeclaredFields, FieldValue, issuer_names},
    error::Result,
    fact::{Publication, push_terms},
    index::{
        record_group::RecordGroupBuilder,
        schema::{
            self, Fields,
            declared_value::{encode_value, value_prefix},
            tokenizer::{
                GAP_POSITIONS, append_abbreviation_terms, append_after_gap, append_ranking_terms,
                append_tokens,
            },
        },
        storage::wrap_engine_error,
        stored::{DocumentRecord, PassageRecord, Source},
    },
    passage::{abbreviations, sentence_end_positions},
};

/// Builds the entries of one document. All passages share the buffers of this value.
pub(in crate::index) struct EntryBuilder<'a> {
    fields: Fields,
    analyzer: &'a Analyzer,
    document: &'a DocumentRecord,
    declared_fields: &'a DeclaredFields,
    /// Buffer for the tokens of the text that is being analyzed.
    analysis: Analysis,
    /// Buffer for the hashes of the words of a passage.
    word_hashes: Vec<u16>,
    /// Cache of the encoded terms of titles, headings and names, by text. The passages of one document share most of
    /// these texts.
    encoded_terms: HashMap<String, String>,
    /// Number of passages built so far.
    passage_count: u64,
    /// Total number of token positions in the passages built so far.
    position_count: u64,
}

impl<'a> EntryBuilder<'a> {
    pub(in crate::index) fn new(
        fields: Fields,
        analyzer: &'a Analyzer,
        document: &'a DocumentRecord,
        declared_fields: &'a DeclaredFields,
    ) -> Self {
        Self {
            fields,
            analyzer,
            document,
            declared_fields,
            analysis: Analysis::default(),
            word_hashes: Vec::new(),
            encoded_terms: HashMap::new(),
            passage_count: 0,
            position_count: 0,
        }
    }

    /// Returns the entry of a passage. The entry contains the words of the body, and of the title and headings directly
    /// above the passage. So each heading matches in one passage only, and never ranks above the paragraphs below the
    /// heading.
    pub(in crate::index) fn passage_entry(&mut self, record: &PassageRecord) -> TantivyDocument {
        let document = self.document;
        let publication = self.publication();
        let (mut exact, mut ranking_terms, mut length) =
            (buffer_for_passage(record), String::new(), 0);
        let (mut text_start, mut end_position) = (0, 0);
        for text in record.headings_directly_above.iter().chain([&record.text]) {
            let gap = if exact.is_empty() { 0 } else { u64::from(GAP_POSITIONS) };
            text_start = end_position + gap;
            self.analyzer.tokens(text, &mut self.analysis);
            push_terms(text, publication, &mut self.analysis);
            length += u64::from(self.analysis.position_count());
            end_position = text_start + u64::from(self.analysis.position_count());
            append_tokens(
                &self.analysis,
                &sentence_end_positions(text, &self.analysis),
                &mut exact,
            );
            let han_words = self.analyzer.words(&self.analysis);
            append_ranking_terms(&self.analysis, &han_words, &mut ranking_terms);
            for definition in abbreviations(text, &self.analysis) {
                append_abbreviation_terms(&definition, &mut ranking_terms);
            }
        }
        // From here on, `analysis` contains the tokens of the body, without the headings.
        append_word_hashes(&self.analysis, &mut self.word_hashes);
        let min_hash = MinHash::of_text(&self.analysis);
        let fields = self.fields;
        let mut entry = TantivyDocument::new();
        entry.add_text(fields.exact_terms, exact);
        if !ranking_terms.is_empty() {
            entry.add_text(fields.ranking_terms, ranking_terms);
        }
        self.add_words(&mut entry, fields.heading, record.headings.iter().map(String::as_str));
        self.add_words(&mut entry, fields.issuer, record.issuer.as_deref());
        let speakers = record.speaker_names();
        self.add_words(&mut entry, fields.speaker, speakers.iter().copied());
        let issuers = record.issuer.iter().flat_map(|issuer| issuer_names(issuer));
        let issuers = issuers.map(|name| (fields.issuer_name, name));
        let speakers = speakers.into_iter().map(|name| (fields.speaker_name, name));
        for (field, name) in issuers.chain(speakers) {
            entry.add_text(field, name);
        }
        entry.add_text(fields.document, &document.id);
        entry.add_u64(fields.ordinal, u64::from(record.ordinal));
        entry.add_u64(fields.length, length);
        if text_start > 0 {
            entry.add_u64(fields.text_start, text_start);
        }
        for value in term_vector::take_term_vector(&mut self.word_hashes) {
            entry.add_u64(fields.term_vector, value);
        }
        if let Some(min_hash) = min_hash {
            min_hash.lsh_bands().for_each(|band| entry.add_u64(fields.lsh_bands, band));
            min_hash.fast_field_values().for_each(|value| entry.add_u64(fields.min_hash, value));
        }
        entry.add_text(fields.lang, &document.lang);
        if let Some(date) = document.date {
            entry.add_u64(fields.date, date.julian_day());
        }
        if !document.source.is_empty() {
            entry.add_text(fields.source, &document.source);
        }
        self.passage_count += 1;
        self.position_count += length;
        entry
    }

    /// Returns the entry of the document record. Call this method after [`passage_entry`](Self::passage_entry) was
    /// called for every passage, because the entry contains totals of all passages.
    pub(in crate::index) fn document_entry(&mut self) -> TantivyDocument {
        let (fields, record) = (self.fields, self.document);
        let mut entry = TantivyDocument::new();
        self.add_words(&mut entry, fields.title, record.title.as_deref());
        entry.add_text(fields.document, &record.id);
        entry.add_text(fields.record_id, &record.id);
        entry.add_text(fields.record_kind, schema::DOCUMENT_RECORD_KIND);
        if !record.source.is_empty() {
            entry.add_text(fields.source, &record.source);
        }
        self.add_declared_values(&mut entry);
        entry.add_u64(fields.passage_count, self.passage_count);
        entry.add_u64(fields.position_count, self.position_count);
        entry
    }

    /// Returns the day of publication of the document. A relative period in the text, such as `last year`, is counted
    /// from this day.
    const fn publication(&self) -> Publication {
        Publication { date: self.document.date, is_inferred: false }
    }

    /// Adds the values of the declared fields of a document. Leaves out values that do not have the type of their
    /// field.
    fn add_declared_values(&mut self, entry: &mut TantivyDocument) {
        let mut words = String::new();
        for (name, value) in self.declared_fields.values(&self.document.metadata, |_| {}) {
            let prefix = value_prefix(name);
            match (encode_value(&value), value) {
                (Some(encoded), _) => {
                    entry.add_text(self.fields.declared_values, format!("{prefix}{encoded}"));
                }
                (None, FieldValue::Text(text)) => {
                    self.analyzer.tokens(&text, &mut self.analysis);
                    let mut terms = String::new();
                    for token in &self.analysis.tokens {
                        terms.extend([prefix.as_str(), self.analysis.term(token), " "]);
                    }
                    append_after_gap(&terms, &mut words);
                }
                (None, _) => {}
            }
        }
        if !words.is_empty() {
            entry.add_text(self.fields.declared_words, words);
        }
    }

    /// Adds the terms of `texts` to `field`, with a gap of positions between every two texts. Caches the terms of each
    /// text, so this method is meant for short texts that many passages share, and not for the body of a passage.
    fn add_words<'t>(
        &mut self,
        entry: &mut TantivyDocument,
        field: Field,
        texts: impl IntoIterator<Item = &'t str>,
    ) {
        let publication = self.publication();
        let mut field_terms = String::new();
        for text in texts {
            if !self.encoded_terms.contains_key(text) {
                let mut encoded = String::new();
                self.analyzer.tokens(text, &mut self.analysis);
                push_terms(text, publication, &mut self.analysis);
                append_tokens(
                    &self.analysis,
                    &sentence_end_positions(text, &self.analysis),
                    &mut encoded,
                );
                self.encoded_terms.insert(text.to_owned(), encoded);
            }
            append_after_gap(
                self.encoded_terms.get(text).map_or("", String::as_str),
                &mut field_terms,
            );
        }
        if !field_terms.is_empty() {
            entry.add_text(field, field_terms);
        }
    }
}

/// Returns the entries of a document with their stored values: one entry for each passage, then the entry of the
/// document record.
pub(super) fn document_entries(
    fields: Fields,
    analyzer: &Analyzer,
    declared_fields: &DeclaredFields,
    record: &DocumentRecord,
    passages: &[PassageRecord],
) -> Result<Vec<TantivyDocument>> {
    let mut entry_builder = EntryBuilder::new(fields, analyzer, record, declared_fields);
    let mut groups = RecordGroupBuilder::new(fields);
    for passage in passages {
        let entry = entry_builder.passage_entry(passage);
        groups.push(entry, &passage_json(passage)?)?;
    }
    groups.push(entry_builder.document_entry(), &document_json(record)?)?;
    groups.finish()
}

/// Returns the entry of the record of a source file.
pub(in crate::index) fn source_entry(fields: Fields, source: &Source) -> TantivyDocument {
    let mut entry = TantivyDocument::new();
    entry.add_text(fields.record_path, &source.path);
    entry.add_text(fields.source, &source.path);
    entry.add_text(fields.record_kind, schema::SOURCE_RECORD_KIND);
    if let Some(document) = &source.sole_document {
        entry.add_text(fields.content_digest, &document.content_digest);
    }
    entry
}

/// Returns the JSON record of a passage.
pub(in crate::index) fn passage_json(record: &PassageRecord) -> Result<String> {
    to_json(record, buffer_for_passage(record))
}

/// Returns the JSON record of a document.
pub(in crate::index) fn document_json(record: &DocumentRecord) -> Result<String> {
    to_json(record, String::new())
}

/// Returns the JSON record of a source file.
pub(in crate::index) fn source_json(source: &Source) -> Result<String> {
    to_json(source, String::new())
}

/// Returns an empty buffer with room for the encoded terms or the JSON of a passage.
fn buffer_for_passage(
    PassageRecord { headings_directly_above, text, .. }: &PassageRecord,
) -> String {
    let text_bytes = text.len() + headings_directly_above.iter().map(String::len).sum::<usize>();
    String::with_capacity(text_bytes + text_bytes / 4 + 256)
}

/// Returns `value` as JSON, written into the empty string `buffer`.
fn to_json(value: &impl serde::Serialize, buffer: String) -> Result<String> {
    let mut json = buffer.into_bytes();
    serde_json::to_writer(&mut json, value).map_err(wrap_engine_error)?;
    String::from_utf8(json).map_err(wrap_engine_error)
}
