//! Builds a small index in memory from fetched entries, so that the search code reads local and remote passages alike.

use std::{
    hint::black_box,
    path::Path,
    sync::{Arc, Once},
};

use tantivy::{directory::RamDirectory, tokenizer::TokenizerManager};

use crate::{
    analysis::Analyzer,
    error::Result,
    index::{
        schema::{self, IndexedSubset, tokenizer},
        statistics::{self, Overview},
        storage::{GenerationHandle, IndexHandle, Snapshot, wrap_engine_error},
        write::{Entry, EntrySink, IndexWriter},
    },
};

/// Memory budget of the tantivy writer, in bytes. Tantivy uses a third of the budget for a hash table of terms.
/// Clearing a larger table would take longer than indexing one page of passages.
const WRITER_MEMORY_BYTES: usize = 3 << 20;
/// Number of bytes of freed memory that the allocator keeps for the next temporary index. The writer of each index
/// allocates and frees a few megabytes.
const RETAINED_FREE_BYTES: usize = 32 << 20;

/// Builds an index in memory from `entries`, and returns a snapshot of this index. The index has one segment and
/// contains only `subset`, a part of the schema. As in every index, the passages of a document come directly before
/// its document record.
pub(crate) fn build_temporary_snapshot(
    entries: Vec<Entry>,
    subset: IndexedSubset,
    analyzer: Analyzer,
) -> Result<Snapshot> {
    let (_, fields) = schema::schema();
    keep_freed_memory();
    let GenerationHandle { reader, analyzer, .. } =
        build_index_in_memory(entries, subset, analyzer)?;
    Ok(Snapshot {
        searcher: reader.searcher(),
        fields,
        analyzer,
        declared_fields: Arc::default(),
        version: "".into(),
    })
}

/// Returns a writer that sends entries to the remote index `sink`. `records` contains all document records and source
/// records of the remote index.
pub(crate) fn remote_writer(
    records: Vec<Entry>,
    analyzer: Analyzer,
    sink: Arc<dyn EntrySink>,
) -> Result<IndexWriter> {
    let generation = build_index_in_memory(records, IndexedSubset::whole_schema(), analyzer)?;
    Ok(IndexWriter::remote(IndexHandle::new(None, generation), sink))
}

/// Returns the statistics of a remote index. `records` contains all document records and source records of the remote
/// index.
pub(crate) fn overview_of(records: Vec<Entry>, analyzer: Analyzer) -> Result<Overview> {
    let generation = build_index_in_memory(records, IndexedSubset::whole_schema(), analyzer)?;
    statistics::overview(&IndexHandle::new(None, generation))
}

/// Makes the allocator of glibc keep freed memory, by allocating and freeing one large block. The allocator returns
/// free memory to the system when the free memory exceeds twice the size of the largest block freed so far. Without
/// this call, a search spends a fifth of its time on fetching memory pages again. Nothing is written to the large
/// block, so the block uses no physical memory.
fn keep_freed_memory() {
    static KEEP_MEMORY_ONCE: Once = Once::new();
    KEEP_MEMORY_ONCE
        .call_once(|| drop(black_box(Vec::<u8>::with_capacity(RETAINED_FREE_BYTES / 2))));
}

/// Builds an index in memory from `entries`. The index has one segment, in which the entries are sorted by document id
/// and then by position in the document.
fn build_index_in_memory(
    mut entries: Vec<Entry>,
    subset: IndexedSubset,
    analyzer: Analyzer,
) -> Result<GenerationHandle> {
    entries.sort_by(|a, b| {
        let sort_key = |entry: &Entry| (entry.ordinal.is_empty(), entry.ordinal.first().copied());
        a.document.cmp(&b.document).then_with(|| sort_key(a).cmp(&sort_key(b)))
    });
    let (schema, fields) = schema::subset_schema(&subset);
    let tokenizers = TokenizerManager::default();
    let terms = subset.terms.map(Arc::new);
    tokenizers.register(tokenizer::TOKENIZER_NAME, tokenizer::EncodedTermTokenizer::new(terms));
    let builder = tantivy::Index::builder()
        .schema(schema)
        .settings(schema::index_settings())
        .tokenizers(tokenizers);
    let directory = RamDirectory::create();
    let writer = builder.single_segment_index_writer(directory.clone(), WRITER_MEMORY_BYTES);
    let mut writer = writer.map_err(wrap_engine_error)?;
    for entry in &mut entries {
        writer.add_document(entry.take_tantivy_document(fields)).map_err(wrap_engine_error)?;
    }
    let index = writer.finalize().map_err(wrap_engine_error)?;
    GenerationHandle::new(Path::new(""), 0, index, directory, analyzer, Arc::default())
}
