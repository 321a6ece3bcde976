//! Builds a small index in memory from fetched entries, so that the search code reads local and remote passages alike.

use std::{
    hint::black_box,
    path::Path,
    sync::{Arc, Once},
};

use tantivy::{
    IndexSettings, directory::RamDirectory, store::Compressor, tokenizer::TokenizerManager,
};

use crate::{
    analysis::Analyzer,
    error::Result,
    index::{
        schema::{self, IndexedSubset, tokenizer},
        statistics::{self, Overview},
        storage::{GenerationHandle, IndexHandle, Snapshot, engine},
        write::{Entry, IndexWriter, Sink},
    },
};

/// Memory budget of the writer, in bytes. Tantivy uses a third of the budget for a hash table of terms. Clearing a
/// larger table would take
/// longer than indexing one page of passages.
const WRITER_BYTES: usize = 3 << 20;
/// Bytes of freed memory that the allocator should keep for the next index: the writer allocates and frees a few
/// megabytes.
const KEPT_FREE_BYTES: usize = 32 << 20;

/// Builds an in-memory index of one segment from `entries`, in which only the subset `needed` is indexed, and returns
/// its snapshot. As in
/// every index, the passages of a document come directly before its record.
pub(crate) fn snapshot_of(
    entries: Vec<Entry>,
    needed: IndexedSubset,
    analyzer: Analyzer,
) -> Result<Snapshot> {
    let (_, fields) = schema::schema();
    keep_freed_memory();
    let GenerationHandle { reader, analyzer, .. } = build(entries, needed, analyzer)?;
    Ok(Snapshot { inner: reader.searcher(), fields, analyzer, version: "".into() })
}

/// Returns a writer that sends entries to `sink`, a remote index whose document and source records are `records`.
pub(crate) fn remote_writer(
    records: Vec<Entry>,
    analyzer: Analyzer,
    sink: Arc<dyn Sink>,
) -> Result<IndexWriter> {
    let generation = build(records, IndexedSubset::everything(), analyzer)?;
    Ok(IndexWriter::remote(IndexHandle::new(None, generation), sink))
}

/// Returns the statistics of an index whose document and source records are `records`.
pub(crate) fn overview_of(records: Vec<Entry>, analyzer: Analyzer) -> Result<Overview> {
    let generation = build(records, IndexedSubset::everything(), analyzer)?;
    statistics::overview(&IndexHandle::new(None, generation))
}

/// Makes the allocator keep freed memory. The allocator of glibc returns free memory to the system when it exceeds
/// twice the size of the
/// largest block freed so far. Without this call, a search spends a fifth of its time on fetching memory pages again.
/// The allocated block
/// is never written, so it uses no physical memory.
fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(black_box(Vec::<u8>::with_capacity(KEPT_FREE_BYTES / 2))));
}

fn build(
    mut entries: Vec<Entry>,
    needed: IndexedSubset,
    analyzer: Analyzer,
) -> Result<GenerationHandle> {
    entries.sort_by(|a, b| {
        let order = |entry: &Entry| (entry.ordinal.is_empty(), entry.ordinal.first().copied());
        a.document.cmp(&b.document).then_with(|| order(a).cmp(&order(b)))
    });
    let (schema, fields) = schema::schema_of(&needed);
    let tokenizers = TokenizerManager::default();
    let terms = needed.terms.map(Arc::new);
    tokenizers.register(tokenizer::NAME, tokenizer::EncodedTerms::new(terms));
    let settings = IndexSettings { docstore_compression: Compressor::None, ..schema::settings() };
    let builder =
        tantivy::Index::builder().schema(schema).settings(settings).tokenizers(tokenizers);
    let writer = builder.single_segment_index_writer(RamDirectory::create(), WRITER_BYTES);
    let mut writer = writer.map_err(engine)?;
    for entry in &mut entries {
        writer.add_document(entry.engine_entry(fields)).map_err(engine)?;
    }
    let index = writer.finalize().map_err(engine)?;
    GenerationHandle::new(Path::new(""), 0, index, analyzer)
}
