//! The fields of the inverted index, and what each is for.
//!
//! One tantivy index holds three kinds of entries, so that one commit carries everything: passages,
//! a record of each document, and a record of each source file.

use tantivy::{
    schema::{
        Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
    },
    store::{Compressor, ZstdCompressor},
};

use super::{IndexedSubset, write::tokens::TERMS};

/// Bump it when an index written before cannot be read any more.
pub(super) const FORMAT: u32 = 7;

/// Passages compress better together; one block is decompressed for each hit of a page.
const STORE_BLOCK_BYTES: usize = 32 * 1024;

/// Handles to the fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Words unstemmed and single Han characters, with positions; where a sentence ends,
    /// [`SENTENCE_END`](super::SENTENCE_END) shares the position of its last token.
    pub(crate) exact: Field,
    /// Han pairs and dictionary words, with frequencies only: they rank, and pairs match. And the
    /// abbreviations that the passage defines.
    pub(crate) words: Field,
    /// On passages and document records: the document's id; a column too, for ties and counts.
    pub(crate) document: Field,
    /// On passages: the ordinal, a column.
    pub(crate) ordinal: Field,
    /// On passages: how many positions it has, a column.
    pub(crate) length: Field,
    /// On passages: its term vector, a column of many values.
    pub(crate) vector: Field,
    /// On passages: what those that say nearly the same have in common.
    pub(crate) near: Field,
    /// On passages: the signature that tells whether they do, a column of one value or two.
    pub(crate) signature: Field,
    /// On document records: the words of the title, as in `exact`.
    pub(crate) title: Field,
    /// On passages: the words of the headings above it, as in `exact`.
    pub(crate) heading: Field,
    /// On passages: the words of the body that announces it, as in `exact`.
    pub(crate) issuer: Field,
    /// On passages: the words of who speaks, as in `exact`.
    pub(crate) speaker: Field,
    /// On passages: the body that announces it, whole, a column.
    pub(crate) issuer_name: Field,
    /// On passages: who speaks, whole, a column.
    pub(crate) speaker_name: Field,
    /// On passages: the language of the document; a column too.
    pub(crate) lang: Field,
    /// On passages of documents with a date: the number of that day, a column.
    pub(crate) date: Field,
    /// On document records: the document's id.
    pub(crate) record: Field,
    /// On document records: how many passages it has, a column.
    pub(crate) passages: Field,
    /// On document records: how many positions its passages have together, a column.
    pub(crate) positions: Field,
    /// On everything that came from a file: that file's path.
    pub(crate) source: Field,
    /// On source records: the file's path.
    pub(crate) origin: Field,
    /// On records of files that hold one document: what it says, in short.
    pub(crate) said: Field,
    /// On records: what kind of record it is, to list them.
    pub(crate) kind: Field,
    /// The entry itself, as JSON.
    pub(crate) stored: Field,
}

/// Name of the column of document ids.
pub(crate) const DOCUMENT: &str = "document";
/// Name of the column of ordinals; only passages have one.
pub(crate) const ORDINAL: &str = "ordinal";
/// Name of the column of passage lengths.
pub(crate) const LENGTH: &str = "length";
/// Name of the column of the numbers of passages.
pub(crate) const PASSAGES: &str = "passages";
/// Name of the column of the sums of their lengths.
pub(crate) const POSITIONS: &str = "positions";
/// Name of the column of term vectors.
pub(crate) const VECTOR: &str = "vector";
/// Name of the column of issuers.
pub(crate) const ISSUER: &str = "issuer_name";
/// Name of the column of speakers.
pub(crate) const SPEAKER: &str = "speaker_name";
/// Name of the column of signatures.
pub(crate) const SIGNATURE: &str = "signature";
/// Name of the column of languages.
pub(crate) const LANG: &str = "lang";
/// Name of the column of days.
pub(crate) const DATE: &str = "date";
/// Name of the column of source files.
pub(crate) const SOURCE: &str = "source";
/// Value of `kind` on document records.
pub(crate) const KIND_DOCUMENT: &str = "document";
/// Value of `kind` on source records.
pub(crate) const KIND_SOURCE: &str = "source";

/// The schema and its handles.
pub(super) fn schema() -> (Schema, Fields) {
    schema_of(&IndexedSubset::everything())
}

/// The same, with the same handles, for an index in which only what is needed can be looked up.
pub(super) fn schema_of(needed: &IndexedSubset) -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let terms = |option| {
        // Lengths are a column of their own: tantivy's count overlapping tokens and are rounded.
        TextFieldIndexing::default()
            .set_tokenizer(TERMS)
            .set_fieldnorms(false)
            .set_index_option(option)
    };
    let text = |option| TextOptions::default().set_indexing_options(terms(option));
    let positions = || text(IndexRecordOption::WithFreqsAndPositions);
    let voice = || if_needed(needed.voices, positions());
    let key = || if_needed(needed.keys, raw());
    let facet = || if_needed(needed.facets, column());
    let all = needed.terms.is_none();
    let record = || if_needed(all, raw());
    let number = || NumericOptions::default().set_fast();
    let near = NumericOptions::default();
    let fields = Fields {
        exact: builder.add_text_field("exact", positions()),
        words: builder.add_text_field("words", text(IndexRecordOption::WithFreqs)),
        document: builder.add_text_field(DOCUMENT, key() | column()),
        ordinal: builder.add_u64_field(ORDINAL, number()),
        length: builder.add_u64_field(LENGTH, number()),
        vector: builder.add_u64_field(VECTOR, number()),
        near: builder.add_u64_field("near", if all { near.set_indexed() } else { near }),
        signature: builder.add_u64_field(SIGNATURE, number()),
        title: builder.add_text_field("title", positions()),
        heading: builder.add_text_field("heading", positions()),
        issuer: builder.add_text_field("issuer", voice()),
        speaker: builder.add_text_field("speaker", voice()),
        issuer_name: builder.add_text_field(ISSUER, facet()),
        speaker_name: builder.add_text_field(SPEAKER, facet()),
        lang: builder.add_text_field(LANG, key() | facet()),
        date: builder.add_u64_field(DATE, number()),
        record: builder.add_text_field("record", record()),
        passages: builder.add_u64_field(PASSAGES, number()),
        positions: builder.add_u64_field(POSITIONS, number()),
        source: builder.add_text_field(SOURCE, key() | facet()),
        origin: builder.add_text_field("origin", record()),
        said: builder.add_text_field("said", record()),
        kind: builder.add_text_field("kind", record()),
        // Bytes are read one by one there, a text is copied.
        stored: builder.add_text_field("stored", STORED),
    };
    (builder.build(), fields)
}

/// Texts that are looked up as a whole.
fn raw() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing)
}

/// Texts that are read entry by entry.
fn column() -> TextOptions {
    TextOptions::default().set_fast("raw")
}

fn if_needed(needed: bool, options: TextOptions) -> TextOptions {
    if needed { options } else { TextOptions::default() }
}

/// How tantivy keeps what is stored.
pub(super) fn settings() -> tantivy::IndexSettings {
    let zstd = ZstdCompressor { compression_level: Some(3) };
    tantivy::IndexSettings {
        docstore_compression: Compressor::Zstd(zstd),
        docstore_blocksize: STORE_BLOCK_BYTES,
        ..tantivy::IndexSettings::default()
    }
}
