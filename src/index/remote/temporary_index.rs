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
        storage::{IndexHandle, OpenGeneration, Snapshot, engine},
        write::{Entry, IndexWriter, Sink},
    },
};

/// Memory budget of the writer, in bytes. The engine spends a third of it on a hash table of terms, and to clear a larger table takes
/// longer than to index one page of passages.
const WRITER_BYTES: usize = 3 << 20;
/// Bytes of freed memory that the allocator shall keep for the next index: the writer takes some megabytes and frees them.
const KEPT_FREE_BYTES: usize = 32 << 20;

/// Returns a snapshot of an index of these entries, in memory and in one segment, which indexes only `needed`. As in every index, the
/// entries of a document are neighbours and its record is the last of them.
pub(crate) fn snapshot_of(
    entries: Vec<Entry>,
    needed: IndexedSubset,
    analyzer: Analyzer,
) -> Result<Snapshot> {
    let (_, fields) = schema::schema();
    keep_freed_memory();
    let OpenGeneration { reader, analyzer, .. } = build(entries, needed, analyzer)?;
    Ok(Snapshot { inner: reader.searcher(), fields, analyzer, version: "".into() })
}

/// Returns a writer that sends entries to `sink`, an index with these records of documents and source files.
pub(crate) fn remote_writer(
    records: Vec<Entry>,
    analyzer: Analyzer,
    sink: Arc<dyn Sink>,
) -> Result<IndexWriter> {
    let generation = build(records, IndexedSubset::everything(), analyzer)?;
    Ok(IndexWriter::remote(IndexHandle::new(None, generation), sink))
}

/// Counts what an index with these records of documents and source files holds.
pub(crate) fn overview_of(records: Vec<Entry>, analyzer: Analyzer) -> Result<Overview> {
    let generation = build(records, IndexedSubset::everything(), analyzer)?;
    statistics::overview(&IndexHandle::new(None, generation))
}

/// Makes the allocator keep freed memory. That of glibc returns memory to the system beyond twice the largest block that was freed at
/// once; without this call, a fifth of a search is spent on fetching the same pages again. The block is never touched, so it takes no
/// physical memory.
fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(black_box(Vec::<u8>::with_capacity(KEPT_FREE_BYTES / 2))));
}

fn build(
    mut entries: Vec<Entry>,
    needed: IndexedSubset,
    analyzer: Analyzer,
) -> Result<OpenGeneration> {
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
    OpenGeneration::new(Path::new(""), 0, index, analyzer)
}
