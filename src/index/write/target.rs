//! Destination of index entries: a local index, a remote index, or none in a dry run.

use std::{
    collections::HashSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tantivy::{
    Searcher, SegmentReader, TantivyDocument, TantivyError,
    indexer::{IndexWriterOptions, LogMergePolicy, UserOperation},
};

use super::{
    MemoryBudget,
    batch::{BatchEntry, BatchQueue},
    entry::Entry,
};
use crate::{
    analysis::Analyzer,
    error::{Error, Result},
    index::{
        IndexOptions, schema,
        statistics::IndexStats,
        storage::{
            GenerationHandle, IndexHandle,
            checksum::ChecksummedDirectory,
            engine_error,
            generation::{self, WriteLock},
        },
    },
};

/// Maximum number of entries of a small index. A commit merges all segments of a small index into one segment, so that
/// a query opens only one set of files.
const MAX_SMALL_INDEX_ENTRIES: u64 = 50_000;
/// Maximum number of threads that build segments.
const MAX_WRITING_THREADS: usize = 4;
/// Share of deleted entries above which a segment is merged. Until the merge, deleted entries take space.
const MAX_DELETED_SHARE: f32 = 0.25;

/// Addition or deletion of entries by the tantivy writer.
pub(super) type WriteOperation = UserOperation<BatchEntry>;

/// Destination of the entries of a writer.
pub(super) enum WriteTarget {
    /// An index in a folder or in memory.
    Local(Box<LocalTarget>),
    /// No destination: a dry run discards all entries.
    DryRun,
    /// A remote index.
    Remote(Arc<dyn EntrySink>),
}

/// Receives entries and stores them in a remote index. A method may block while too many entries wait to be sent.
pub(crate) trait EntrySink: Send + Sync {
    /// Adds the document `id`, or replaces the existing document with this id. The last of `entries` is the document
    /// record; the entries before the document record are the passages.
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()>;
    /// Removes the document `id`.
    fn remove(&self, id: &str) -> Result<()>;
    /// Adds or replaces the record of the source file `path`. Writes the record after all documents that were added
    /// before.
    fn add_source(&self, path: &str, entry: Entry) -> Result<()>;
    /// Removes the record of the source file `path`.
    fn remove_source(&self, path: &str) -> Result<()>;
    /// Waits until all changes are written and visible.
    fn checkpoint(&self) -> Result<()>;
    /// Waits until all changes are written and visible, and puts the index into use.
    fn commit(&self) -> Result<IndexStats>;
}

/// Tantivy writer with the lock of the index, the queue of waiting entries and the ids of documents added since the
/// last commit.
pub(super) struct LocalTarget {
    tantivy_writer: tantivy::IndexWriter<BatchEntry>,
    queue: BatchQueue,
    /// Hashes of the ids of the documents that were added since the last commit.
    added_ids: Mutex<HashSet<u64>>,
    /// Index folder and number of a new generation, which [`finish`](Self::finish) puts into use; `None` if the writer
    /// changes the generation in use.
    new_generation: Option<(PathBuf, u64)>,
    /// Lock of the index. This must be the last field: fields are dropped in order, and tantivy must close its files
    /// before the lock is released.
    lock: Option<WriteLock>,
}

impl LocalTarget {
    /// Creates a new generation in `dir`, and opens it for writing.
    pub(super) fn create(dir: &Path, options: IndexOptions) -> Result<(IndexHandle, Self)> {
        fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
        if !generation::contains_sound_or_damaged_index(dir)? && !generation::may_become_index(dir)?
        {
            return Err(Error::NotAnIndex(dir.to_owned()));
        }
        let lock = WriteLock::acquire(dir)?;
        generation::repair_current_file(dir)?;
        let generation_number = generation::create_generation(dir)?;
        let to_error = |error| engine_error(dir, error);
        let folder = generation::folder(dir, generation_number);
        let directory = ChecksummedDirectory::open(&folder).map_err(to_error)?;
        let (schema, _) = schema::schema();
        let tantivy_index =
            tantivy::Index::create(directory.clone(), schema, schema::index_settings())
                .map_err(to_error)?;
        let analyzer = Analyzer::new(options.chinese);
        let fields = options.fields.into();
        let generation = GenerationHandle::new(
            dir,
            generation_number,
            tantivy_index,
            directory,
            analyzer,
            fields,
        )?;
        let handle = IndexHandle::new(Some(dir.to_owned()), generation);
        let new_generation = Some((dir.to_owned(), generation_number));
        let local = Self::open(&handle, MemoryBudget::default(), new_generation, Some(lock))?;
        Ok((handle, local))
    }

    /// Locks the index of `handle`, reloads its last commit, and opens it for writing.
    pub(super) fn lock_and_open(handle: &IndexHandle) -> Result<Self> {
        let lock = handle.dir().map(WriteLock::acquire).transpose()?;
        handle.dir().map(generation::remove_unused_generations_and_files).transpose()?;
        handle.reload()?;
        Self::open(handle, MemoryBudget::default(), None, lock)
    }

    /// Opens a tantivy writer on the generation of `handle`.
    fn open(
        handle: &IndexHandle,
        memory: MemoryBudget,
        new_generation: Option<(PathBuf, u64)>,
        lock: Option<WriteLock>,
    ) -> Result<Self> {
        let tantivy_writer = open_tantivy_writer(handle, memory)?;
        let queue = BatchQueue::new(memory.max_queue_bytes());
        Ok(Self { tantivy_writer, queue, added_ids: Mutex::default(), new_generation, lock })
    }

    /// Opens the tantivy writer again, with another memory budget. Documents added since the last commit are lost.
    pub(super) fn reopen(self, handle: &IndexHandle, memory: MemoryBudget) -> Result<Self> {
        let Self { tantivy_writer, new_generation, lock, .. } = self;
        // Tantivy allows only one writer at a time.
        drop(tantivy_writer);
        Self::open(handle, memory, new_generation, lock)
    }

    /// Returns whether the writer fills a new generation that is not in use yet.
    pub(super) const fn is_new_generation(&self) -> bool {
        self.new_generation.is_some()
    }

    /// Records that the document `id` is being added. Returns whether this document was already added since the last
    /// commit.
    pub(super) fn record_added_id(&self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let mut added_ids = self.added_ids.lock().unwrap_or_else(PoisonError::into_inner);
        !added_ids.insert(hasher.finish())
    }

    /// Returns the operations that add a batch of `entry_count` entries, which `build` builds in a writing thread.
    /// `memory_bytes` is the memory that the batch takes until it is written.
    pub(super) fn add_operations(
        &self,
        entry_count: usize,
        memory_bytes: usize,
        build: impl FnOnce() -> Result<Vec<TantivyDocument>> + Send + 'static,
    ) -> impl Iterator<Item = WriteOperation> {
        self.queue.push(entry_count, memory_bytes, build).map(UserOperation::Add)
    }

    /// Passes a batch of operations to tantivy, then waits until the queue has room. All entries of a batch go into one
    /// segment, so a commit contains all of them or none.
    pub(super) fn run_batch(
        &self,
        operations: Vec<WriteOperation>,
        to_error: impl FnOnce(TantivyError) -> Error,
    ) -> Result<()> {
        self.queue.check_for_error()?;
        self.tantivy_writer.run(operations).map_err(to_error)?;
        // The wait comes after the batch, not before, so that at most one document is outside the queue.
        self.queue.wait_for_room();
        Ok(())
    }

    /// Commits all operations. `payload` is stored in the commit: it describes the format and the analyzer of this
    /// program. If the entries of a document could not be built, discards all operations and returns the error.
    pub(super) fn commit(
        &mut self,
        payload: &str,
        to_error: impl Fn(TantivyError) -> Error,
    ) -> Result<()> {
        let mut commit = self.tantivy_writer.prepare_commit().map_err(&to_error)?;
        if let Err(error) = self.queue.check_for_error() {
            commit.abort().map_err(to_error)?;
            return Err(error);
        }
        commit.set_payload(payload);
        commit.commit().map_err(to_error)?;
        Ok(())
    }

    /// Clears the ids of the documents that were added since the last commit. Call this method once a new commit is
    /// visible.
    pub(super) fn clear_added_ids(&self) {
        self.added_ids.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Merges the segments of a small index into one segment, and removes files that no commit lists.
    pub(super) fn merge_segments_of_small_index(
        &mut self,
        last_commit: &Searcher,
    ) -> tantivy::Result<()> {
        let segments = last_commit.segment_readers();
        let has_deletes = segments.iter().any(SegmentReader::has_deletes);
        if last_commit.num_docs() <= MAX_SMALL_INDEX_ENTRIES && (segments.len() > 1 || has_deletes)
        {
            let ids: Vec<_> = segments.iter().map(SegmentReader::segment_id).collect();
            // The merge fails if tantivy is already merging some of the segments. This failure is harmless.
            drop(self.tantivy_writer.merge(&ids).wait());
        }
        self.tantivy_writer.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Waits until tantivy has finished its merges, and returns the lock. If the writer filled a new generation, puts
    /// this generation into use.
    pub(super) fn finish(self, handle: &IndexHandle) -> Result<Option<WriteLock>> {
        let Self { tantivy_writer, new_generation, lock, .. } = self;
        tantivy_writer.wait_merging_threads().map_err(|error| handle.engine_error(error))?;
        if let Some((dir, number)) = new_generation {
            generation::switch_to_generation(&dir, number)?;
            generation::remove_unused_generations_and_files(&dir)?;
        }
        Ok(lock)
    }
}

/// Opens a tantivy writer whose threads and buffers fit into the memory budget.
fn open_tantivy_writer(
    handle: &IndexHandle,
    memory: MemoryBudget,
) -> Result<tantivy::IndexWriter<BatchEntry>> {
    let threads =
        thread::available_parallelism().map_or(1, |count| count.get().min(MAX_WRITING_THREADS));
    let options = IndexWriterOptions::builder()
        .memory_budget_per_thread(memory.buffer_bytes(threads))
        .num_worker_threads(threads)
        .num_merge_threads(1)
        .build();
    let writer = handle.generation().tantivy_index.writer_with_options(options);
    let writer = writer.map_err(|error| handle.engine_error(error))?;
    let mut merge_policy = LogMergePolicy::default();
    merge_policy.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
    writer.set_merge_policy(Box::new(merge_policy));
    Ok(writer)
}
