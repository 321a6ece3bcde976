//! Fields of the inverted index, and how each is indexed and tokenized.
//!
//! One index contains three kinds of entries, so that one commit covers all of them: passages, a record of each
//! document, and a record of each source file. Read this file first for the fields, then `tokenizer.rs` for the
//! encoding in which analyzed terms are passed to tantivy. `declared_value.rs` encodes the values of declared fields.
//! `indexed_subset.rs` selects the fields that a small temporary index fills.

pub(super) mod declared_value;
mod indexed_subset;
pub(super) mod tokenizer;

use tantivy::{
    schema::{
        Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
    },
    store::Compressor,
};

pub(crate) use self::indexed_subset::{IndexedSubset, IndexedTerms};

/// Version of the index format on disk. Increase the version when the program can no longer read older indexes.
pub(super) const FORMAT_VERSION: u32 = 11;

/// Size in bytes of a block of the document store. Tantivy does not compress the blocks, because the stored records are
/// already compressed.
const STORE_BLOCK_BYTES: usize = 8 * 1024;

/// Handles to the fields of the schema. A fast field maps a document number to values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Body of a passage: unstemmed words and single Han characters, with positions. The term
    /// [`SENTENCE_END_TERM`](super::SENTENCE_END_TERM) is indexed at the position of the last token of each sentence.
    pub(crate) exact_terms: Field,
    /// Terms for ranking, with frequencies and without positions: Han bigrams, Han dictionary words, and the
    /// abbreviations that the passage defines.
    pub(crate) ranking_terms: Field,
    /// Id of the document, on passages and document records; also a fast field, for breaking ties in the ranking and
    /// for counting documents.
    pub(crate) document: Field,
    /// Position of a passage in its document, from 0; a fast field.
    pub(crate) ordinal: Field,
    /// Number of token positions in a passage; a fast field.
    pub(crate) length: Field,
    /// Position of the first token of the text of a passage, if a title or headings are indexed before the text; a fast
    /// field.
    pub(crate) text_start: Field,
    /// Term vector of a passage: hashes of its words with their frequencies. A fast field with several values.
    pub(crate) term_vector: Field,
    /// Bands of the `MinHash` of a passage, for locality-sensitive hashing (LSH). Near-duplicates have a band in
    /// common.
    pub(crate) lsh_bands: Field,
    /// `MinHash` of a passage; a fast field with one or two values.
    pub(crate) min_hash: Field,
    /// Words of the title, analyzed like `exact_terms`, on document records.
    pub(crate) title: Field,
    /// Words of the headings above a passage, analyzed like `exact_terms`.
    pub(crate) heading: Field,
    /// Words of the name of the issuer of a passage, analyzed like `exact_terms`.
    pub(crate) issuer: Field,
    /// Words of the name of the speaker of a passage, analyzed like `exact_terms`.
    pub(crate) speaker: Field,
    /// Full names of the issuers of a passage; a fast field with several values for a joint statement.
    pub(crate) issuer_name: Field,
    /// Full name of the speaker of a passage; a fast field.
    pub(crate) speaker_name: Field,
    /// Language of the document, on passages; also a fast field.
    pub(crate) lang: Field,
    /// Julian day number of the date of publication, on passages of dated documents; a fast field.
    pub(crate) date: Field,
    /// Id of the document, on document records only.
    pub(crate) record_id: Field,
    /// Values of the declared fields of a document, on document records, as [`declared_value`] encodes them; a fast
    /// field with several values. Text values are in `declared_words` instead.
    pub(crate) declared_values: Field,
    /// Words of the declared text fields of a document, with positions, on document records. The name of the field
    /// precedes each word, as [`declared_value`] encodes it.
    pub(crate) declared_words: Field,
    /// Number of passages of the document, on document records; a fast field.
    pub(crate) passage_count: Field,
    /// Total number of token positions in the passages of the document, on document records; a fast field.
    pub(crate) position_count: Field,
    /// Path of the source file, on every entry of a document that was read from a file; also a fast field.
    pub(crate) source: Field,
    /// Path of the source file, on source records only.
    pub(crate) record_path: Field,
    /// Digest of the content of a source file, on source records of files with a single document.
    pub(crate) content_digest: Field,
    /// Kind of a record: [`DOCUMENT_RECORD_KIND`] or [`SOURCE_RECORD_KIND`].
    pub(crate) record_kind: Field,
    /// Record of the entry, encoded as [`record_group`](super::record_group) describes.
    pub(crate) stored_record: Field,
}

/// Name of the fast field with the id of the document.
pub(crate) const DOCUMENT_FIELD: &str = "document";
/// Name of the fast field with the position of a passage in its document. Only passages have a value in this field.
pub(crate) const ORDINAL_FIELD: &str = "ordinal";
/// Name of the fast field with the length of a passage in token positions.
pub(crate) const LENGTH_FIELD: &str = "length";
/// Name of the fast field with the position of the first token of the text of a passage.
pub(crate) const TEXT_START_FIELD: &str = "text_start";
/// Name of the fast field with the number of passages of a document.
pub(crate) const PASSAGE_COUNT_FIELD: &str = "passages";
/// Name of the fast field with the total length of the passages of a document, in token positions.
pub(crate) const POSITION_COUNT_FIELD: &str = "positions";
/// Name of the fast field with the term vector of a passage.
pub(crate) const TERM_VECTOR_FIELD: &str = "vector";
/// Name of the fast field with the full name of the issuer.
pub(crate) const ISSUER_FIELD: &str = "issuer_name";
/// Name of the fast field with the full name of the speaker.
pub(crate) const SPEAKER_FIELD: &str = "speaker_name";
/// Name of the fast field with the `MinHash` values of a passage.
pub(crate) const MINHASH_FIELD: &str = "signature";
/// Name of the fast field with the language.
pub(crate) const LANG_FIELD: &str = "lang";
/// Name of the fast field with the Julian day number of the date of publication.
pub(crate) const DATE_FIELD: &str = "date";
/// Name of the fast field with the path of the source file.
pub(crate) const SOURCE_FIELD: &str = "source";
/// Name of the fast field with the values of declared fields.
pub(crate) const DECLARED_VALUES_FIELD: &str = "values";
/// Value of the field `record_kind` on document records.
pub(crate) const DOCUMENT_RECORD_KIND: &str = "document";
/// Value of the field `record_kind` on source records.
pub(crate) const SOURCE_RECORD_KIND: &str = "source";

/// Returns the schema of an index on disk, and the handles to its fields.
pub(super) fn schema() -> (Schema, Fields) {
    subset_schema(&IndexedSubset::whole_schema())
}

/// Returns a schema that indexes only `subset`, and the handles to its fields. The handles equal the handles
/// that [`schema`] returns.
pub(super) fn subset_schema(subset: &IndexedSubset) -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let term_indexing = |option| {
        // Tantivy's field norms are rounded and count every token at a shared position, so the fast field `length`
        // stores exact lengths.
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer::TOKENIZER_NAME)
            .set_fieldnorms(false)
            .set_index_option(option)
    };
    let text_options = |option| TextOptions::default().set_indexing_options(term_indexing(option));
    let text_with_positions = || text_options(IndexRecordOption::WithFreqsAndPositions);
    let name_options =
        || options_if_needed(subset.indexes_issuer_and_speaker_names, text_with_positions());
    let key_options =
        || options_if_needed(subset.indexes_ids_languages_and_paths, single_term_text_options());
    let facet_options = || options_if_needed(subset.has_facet_fields, fast_text_options());
    let has_all_terms = subset.terms.is_none();
    let record_options = || options_if_needed(has_all_terms, single_term_text_options());
    let number_options = || NumericOptions::default().set_fast();
    let band_options = NumericOptions::default();
    let fields = Fields {
        exact_terms: builder.add_text_field("exact", text_with_positions()),
        ranking_terms: builder.add_text_field("words", text_options(IndexRecordOption::WithFreqs)),
        document: builder.add_text_field(DOCUMENT_FIELD, key_options() | fast_text_options()),
        ordinal: builder.add_u64_field(ORDINAL_FIELD, number_options()),
        length: builder.add_u64_field(LENGTH_FIELD, number_options()),
        text_start: builder.add_u64_field(TEXT_START_FIELD, number_options()),
        term_vector: builder.add_u64_field(TERM_VECTOR_FIELD, number_options()),
        lsh_bands: builder.add_u64_field(
            "near",
            if has_all_terms { band_options.set_indexed() } else { band_options },
        ),
        min_hash: builder.add_u64_field(MINHASH_FIELD, number_options()),
        title: builder.add_text_field("title", text_with_positions()),
        heading: builder.add_text_field("heading", text_with_positions()),
        issuer: builder.add_text_field("issuer", name_options()),
        speaker: builder.add_text_field("speaker", name_options()),
        issuer_name: builder.add_text_field(ISSUER_FIELD, facet_options()),
        speaker_name: builder.add_text_field(SPEAKER_FIELD, facet_options()),
        lang: builder.add_text_field(LANG_FIELD, key_options() | facet_options()),
        date: builder.add_u64_field(DATE_FIELD, number_options()),
        record_id: builder.add_text_field("record", record_options()),
        declared_values: builder.add_text_field(
            DECLARED_VALUES_FIELD,
            options_if_needed(has_all_terms, fast_text_options()),
        ),
        declared_words: builder
            .add_text_field("value_words", options_if_needed(has_all_terms, text_with_positions())),
        passage_count: builder.add_u64_field(PASSAGE_COUNT_FIELD, number_options()),
        position_count: builder.add_u64_field(POSITION_COUNT_FIELD, number_options()),
        source: builder.add_text_field(SOURCE_FIELD, key_options() | facet_options()),
        record_path: builder.add_text_field("origin", record_options()),
        content_digest: builder.add_text_field("said", record_options()),
        record_kind: builder.add_text_field("kind", record_options()),
        stored_record: builder.add_bytes_field("stored", STORED),
    };
    (builder.build(), fields)
}

/// Returns the options of a text field that indexes the whole text as one term.
fn single_term_text_options() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing)
}

/// Returns the options of a text field that is a fast field.
fn fast_text_options() -> TextOptions {
    TextOptions::default().set_fast("raw")
}

/// Returns `options` if `is_needed` is true, and otherwise the options of a field that is not indexed.
fn options_if_needed(is_needed: bool, options: TextOptions) -> TextOptions {
    if is_needed { options } else { TextOptions::default() }
}

/// Returns the settings of an index: the defaults of tantivy, but with smaller, uncompressed blocks in the document
/// store.
pub(super) fn index_settings() -> tantivy::IndexSettings {
    tantivy::IndexSettings {
        docstore_compression: Compressor::None,
        docstore_blocksize: STORE_BLOCK_BYTES,
        ..tantivy::IndexSettings::default()
    }
}
