//! Documents, as they are kept → entries of the inverted index: terms of each field, columns, stored text.

use std::collections::HashMap;

use tantivy::{TantivyDocument, schema::Field};

use super::{
    minhash::MinHash,
    term_vector::{self, push_vector_words},
    tokens::{push_after_gap, push_definition, push_tokens, push_words},
};
use crate::{
    analysis::{Analysis, Analyzer},
    document::Document,
    error::{Error, Result},
    index::{DocumentRecord, Fields, PassageRecord, Source, schema},
    passage::{abbreviations, sentence_end_positions},
};

/// Builds the entries of one document, reusing its buffers from passage to passage.
pub(in crate::index) struct Entries<'a> {
    fields: Fields,
    analyzer: &'a Analyzer,
    analysis: Analysis,
    vector_words: Vec<u16>,
    /// The terms of what stands beside the body: passages of a document share most of it.
    beside: HashMap<String, String>,
    passages: u64,
    positions: u64,
}

impl<'a> Entries<'a> {
    pub(in crate::index) fn new(fields: Fields, analyzer: &'a Analyzer) -> Self {
        Self {
            fields,
            analyzer,
            analysis: Analysis::default(),
            vector_words: Vec::new(),
            beside: HashMap::new(),
            passages: 0,
            positions: 0,
        }
    }

    /// A passage is found by its own words and by those of the title and headings directly above
    /// it: so each heading is found once, and never drowns the paragraphs under it.
    pub(in crate::index) fn passage(
        &mut self,
        document: &Document,
        record: &PassageRecord,
    ) -> Result<TantivyDocument> {
        let (mut exact, mut words, mut length) = (buffer(record), String::new(), 0);
        for text in record.heads.iter().chain([&record.text]) {
            self.analyzer.tokens(text, &mut self.analysis);
            length += u64::from(self.analysis.positions());
            push_tokens(&self.analysis, &sentence_end_positions(text, &self.analysis), &mut exact);
            push_words(&self.analysis, &self.analyzer.words(&self.analysis), &mut words);
            for definition in abbreviations(text, &self.analysis) {
                push_definition(&definition, &mut words);
            }
        }
        // What was cut last is the text itself: what stands above it does not count here.
        push_vector_words(&self.analysis, &mut self.vector_words);
        let signature = MinHash::of(&self.analysis);
        let fields = self.fields;
        let mut entry = TantivyDocument::new();
        entry.add_text(fields.exact, exact);
        if !words.is_empty() {
            entry.add_text(fields.words, words);
        }
        self.add_words(&mut entry, fields.heading, record.headings.iter().map(String::as_str));
        self.add_words(&mut entry, fields.issuer, record.issuer.as_deref());
        self.add_words(&mut entry, fields.speaker, record.speaker.as_deref());
        let names = [(fields.issuer_name, &record.issuer), (fields.speaker_name, &record.speaker)];
        for (field, name) in names {
            if let Some(name) = name {
                entry.add_text(field, name);
            }
        }
        entry.add_text(fields.document, &document.id);
        entry.add_u64(fields.ordinal, u64::from(record.ordinal));
        entry.add_u64(fields.length, length);
        for value in term_vector::entries(&mut self.vector_words) {
            entry.add_u64(fields.vector, value);
        }
        if let Some(signature) = signature {
            signature.keys().for_each(|key| entry.add_u64(fields.near, key));
            signature.values().for_each(|value| entry.add_u64(fields.signature, value));
        }
        entry.add_text(fields.lang, &document.lang);
        if let Some(date) = document.date {
            entry.add_u64(fields.date, date.julian_day());
        }
        if !document.source.is_empty() {
            entry.add_text(fields.source, &document.source);
        }
        entry.add_text(fields.stored, json(record, buffer(record))?);
        self.passages += 1;
        self.positions += length;
        Ok(entry)
    }

    /// The record of the document, after its passages.
    pub(in crate::index) fn document(
        &mut self,
        record: &DocumentRecord,
    ) -> Result<TantivyDocument> {
        let fields = self.fields;
        let mut entry = TantivyDocument::new();
        self.add_words(&mut entry, fields.title, record.title.as_deref());
        entry.add_text(fields.document, &record.id);
        entry.add_text(fields.record, &record.id);
        entry.add_text(fields.kind, schema::KIND_DOCUMENT);
        if !record.source.is_empty() {
            entry.add_text(fields.source, &record.source);
        }
        entry.add_u64(fields.passages, self.passages);
        entry.add_u64(fields.positions, self.positions);
        entry.add_text(fields.stored, json(record, String::new())?);
        Ok(entry)
    }

    /// Hands a document to where it is kept.
    #[cfg(feature = "cluster")]
    pub(in crate::index) fn send(
        &mut self,
        document: &Document,
        record: &DocumentRecord,
        passages: &[PassageRecord],
        sink: &dyn crate::index::Sink,
    ) -> Result<()> {
        let mut all = Vec::with_capacity(passages.len() + 1);
        for passage in passages {
            all.push(crate::index::Entry::new(&self.passage(document, passage)?, self.fields));
        }
        all.push(crate::index::Entry::new(&self.document(record)?, self.fields));
        sink.add(&document.id, all)
    }

    /// Adds the tokens of `texts` to a field beside the body.
    fn add_words<'t>(
        &mut self,
        entry: &mut TantivyDocument,
        field: Field,
        texts: impl IntoIterator<Item = &'t str>,
    ) {
        let mut terms = String::new();
        for text in texts {
            if !self.beside.contains_key(text) {
                let mut own = String::new();
                self.analyzer.tokens(text, &mut self.analysis);
                push_tokens(
                    &self.analysis,
                    &sentence_end_positions(text, &self.analysis),
                    &mut own,
                );
                self.beside.insert(text.to_owned(), own);
            }
            push_after_gap(self.beside.get(text).map_or("", String::as_str), &mut terms);
        }
        if !terms.is_empty() {
            entry.add_text(field, terms);
        }
    }
}

/// The record of a source file.
pub(in crate::index) fn source_entry(fields: Fields, source: &Source) -> Result<TantivyDocument> {
    let mut entry = TantivyDocument::new();
    entry.add_text(fields.origin, &source.path);
    entry.add_text(fields.source, &source.path);
    entry.add_text(fields.kind, schema::KIND_SOURCE);
    if let Some(only) = &source.only {
        entry.add_text(fields.said, &only.text);
    }
    entry.add_text(fields.stored, json(source, String::new())?);
    Ok(entry)
}

/// Room for what is made of a passage, most of which is its text.
fn buffer(PassageRecord { heads, text, .. }: &PassageRecord) -> String {
    let text = text.len() + heads.iter().map(String::len).sum::<usize>();
    String::with_capacity(text + text / 4 + 256)
}

/// A value as JSON, in an empty `buffer`.
fn json(value: &impl serde::Serialize, buffer: String) -> Result<String> {
    let mut json = buffer.into_bytes();
    serde_json::to_writer(&mut json, value).map_err(|error| Error::Engine(Box::new(error)))?;
    String::from_utf8(json).map_err(|error| Error::Engine(Box::new(error)))
}
