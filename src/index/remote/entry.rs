//! Entries of the inverted index ↔ plain data, for an index that is kept elsewhere: there the same entries
//! are found, and what was found is made a small index again.

use std::{
    hint::black_box,
    path::Path,
    sync::{Arc, Once},
};

use serde::{Deserialize, Serialize};
use tantivy::{
    IndexSettings, TantivyDocument, directory::RamDirectory, schema::Field, store::Compressor,
    tokenizer::TokenizerManager,
};

#[cfg(feature = "cluster")]
use crate::index::Index;
use crate::{
    analysis::Analyzer,
    error::{Error, Result},
    index::{Fields, IndexedSubset, Snapshot, schema, storage::State, write::tokens},
};

/// What the writer of an index of a page of passages begins with, in bytes: a third is a table of terms that
/// grows, and that takes longer to clear than a page takes to write where it is large.
const PART_BUDGET_BYTES: usize = 3 << 20;
/// The writer takes some megabytes and frees them; so much is kept for the next.
const KEPT_BYTES: usize = 32 << 20;

/// An entry: of a passage, of a document or of a source file. The texts are the terms as [`encode`] joins them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) exact: String,
    pub(crate) words: String,
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) issuer: String,
    pub(crate) speaker: String,
    pub(crate) document: String,
    pub(crate) record: String,
    pub(crate) issuer_name: String,
    pub(crate) speaker_name: String,
    pub(crate) lang: String,
    pub(crate) source: String,
    pub(crate) origin: String,
    pub(crate) said: String,
    pub(crate) kind: String,
    /// The JSON of what is shown of it.
    pub(crate) stored: String,
    pub(crate) ordinal: Vec<u64>,
    pub(crate) passages: Vec<u64>,
    pub(crate) positions: Vec<u64>,
    pub(crate) length: Vec<u64>,
    pub(crate) vector: Vec<u64>,
    pub(crate) near: Vec<u64>,
    pub(crate) signature: Vec<u64>,
    pub(crate) date: Vec<u64>,
}

impl Entry {
    /// What an entry of the inverted index holds.
    #[cfg(feature = "cluster")]
    pub(in crate::index) fn new(entry: &TantivyDocument, fields: Fields) -> Self {
        use tantivy::schema::Value as _;
        let mut found = Self::default();
        for (field, value) in entry.field_values() {
            if let Some(number) = value.as_u64() {
                let numbers = found.numbers(fields).into_iter();
                numbers.filter(|(own, _)| *own == field).for_each(|(_, all)| all.push(number));
            } else if let Some(text) = value.as_str() {
                let texts = found.texts(fields).into_iter();
                texts.filter(|(own, _)| *own == field).for_each(|(_, own)| text.clone_into(own));
            }
        }
        found
    }

    /// The same as an entry of the inverted index.
    fn indexed(&mut self, fields: Fields) -> TantivyDocument {
        let mut entry = TantivyDocument::new();
        for (field, text) in self.texts(fields) {
            if !text.is_empty() {
                entry.add_text(field, text);
            }
        }
        for (field, numbers) in self.numbers(fields) {
            for &number in numbers.iter() {
                entry.add_u64(field, number);
            }
        }
        entry
    }

    fn texts(&mut self, fields: Fields) -> [(Field, &mut String); 16] {
        [
            (fields.exact, &mut self.exact),
            (fields.words, &mut self.words),
            (fields.title, &mut self.title),
            (fields.heading, &mut self.heading),
            (fields.issuer, &mut self.issuer),
            (fields.speaker, &mut self.speaker),
            (fields.document, &mut self.document),
            (fields.record, &mut self.record),
            (fields.issuer_name, &mut self.issuer_name),
            (fields.speaker_name, &mut self.speaker_name),
            (fields.lang, &mut self.lang),
            (fields.source, &mut self.source),
            (fields.origin, &mut self.origin),
            (fields.said, &mut self.said),
            (fields.kind, &mut self.kind),
            (fields.stored, &mut self.stored),
        ]
    }

    fn numbers(&mut self, fields: Fields) -> [(Field, &mut Vec<u64>); 8] {
        [
            (fields.ordinal, &mut self.ordinal),
            (fields.passages, &mut self.passages),
            (fields.positions, &mut self.positions),
            (fields.length, &mut self.length),
            (fields.vector, &mut self.vector),
            (fields.near, &mut self.near),
            (fields.signature, &mut self.signature),
            (fields.date, &mut self.date),
        ]
    }
}

/// A small index of what is needed of some entries, in memory and in one segment. Those of a document stand together,
/// its record last, as everywhere.
pub(crate) fn part(
    entries: Vec<Entry>,
    needed: IndexedSubset,
    analyzer: Analyzer,
) -> Result<Snapshot> {
    let (_, fields) = schema::schema();
    keep_freed();
    let State { reader, analyzer, .. } = state(entries, needed, analyzer)?;
    Ok(Snapshot { inner: reader.searcher(), fields, analyzer, version: "".into() })
}

/// Has the allocator keep freed memory: that of glibc gives back what is more than twice the largest block that was
/// freed at once, and a fifth of a search would be to fetch its pages anew. No page of this block is ever touched.
fn keep_freed() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| drop(black_box(Vec::<u8>::with_capacity(KEPT_BYTES / 2))));
}

#[cfg(feature = "cluster")]
impl Index {
    /// An index of these records.
    pub(crate) fn of_records(entries: Vec<Entry>, analyzer: Analyzer) -> Result<Self> {
        let (_, fields) = schema::schema();
        Ok(Self::with(None, fields, state(entries, IndexedSubset::everything(), analyzer)?))
    }
}

fn state(mut entries: Vec<Entry>, needed: IndexedSubset, analyzer: Analyzer) -> Result<State> {
    entries.sort_by(|a, b| {
        let place = |entry: &Entry| (entry.ordinal.is_empty(), entry.ordinal.first().copied());
        a.document.cmp(&b.document).then_with(|| place(a).cmp(&place(b)))
    });
    let failed = |error| Error::Engine(Box::new(error));
    let (schema, fields) = schema::schema_of(&needed);
    let tokenizers = TokenizerManager::default();
    tokenizers.register(tokens::TERMS, tokens::Terms::new(needed.terms.map(Arc::new)));
    let settings = IndexSettings { docstore_compression: Compressor::None, ..schema::settings() };
    let builder =
        tantivy::Index::builder().schema(schema).settings(settings).tokenizers(tokenizers);
    let writer = builder.single_segment_index_writer(RamDirectory::create(), PART_BUDGET_BYTES);
    let mut writer = writer.map_err(failed)?;
    for entry in &mut entries {
        writer.add_document(entry.indexed(fields)).map_err(failed)?;
    }
    let index = writer.finalize().map_err(failed)?;
    State::new(Path::new(""), 0, index, analyzer)
}
