//! Documents → entries of the inverted index, made visible and durable by a commit.

mod entries;
mod memory_budget;
mod minhash;
mod queue;
mod term_vector;
pub(super) mod tokens;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use tantivy::{
    TantivyDocument, Term,
    indexer::{IndexWriterOptions, LogMergePolicy, UserOperation},
};

pub use self::memory_budget::MemoryBudget;
use self::{
    entries::{Entries, source_entry},
    queue::{Queue, Queued},
};
pub(crate) use self::{minhash::MinHash, term_vector::entry};
use super::{
    DocumentRecord, Index, PassageRecord, Source, lookup,
    recovery::joined,
    storage::generation::{self, WriteLock},
};
use crate::{
    analysis::Analyzer,
    document::{Document, ReadLimits},
    error::{Error, Result},
    passage::passages,
    span::Offset,
};

/// An index of at most so many entries is kept in one segment: one file set to open per query.
const ONE_SEGMENT_ENTRIES: u64 = 50_000;

/// How much an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct IndexStats {
    /// Documents.
    pub documents: u64,
    /// Passages of them.
    pub passages: u64,
    /// Files that say what another one says: they are indexed once.
    pub copies: u64,
    /// Bytes on disk; 0 for an index in memory.
    pub index_bytes: u64,
}

/// Adds, replaces and removes documents. Nothing is visible to a searcher or survives the process
/// before [`commit`](Self::commit) or [`checkpoint`](Self::checkpoint); without either, nothing has
/// happened. One writer at a time; readers never wait for it.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query};
///
/// let index = Index::in_memory();
/// let mut writer = index.writer()?;
/// writer.add(&Document::new("exports", "Exports grew."))?;
/// writer.add(&Document::new("rails", "Rails grew."))?;
/// writer.checkpoint()?; // visible, and the writing goes on
/// writer.add(&Document::new("exports", "Exports shrank."))?; // replaces
/// writer.remove("rails")?;
/// let stats = writer.commit()?;
/// assert_eq!((stats.documents, stats.passages), (1, 1));
/// let searcher = index.searcher()?;
/// assert_eq!(searcher.search(&Query::new("shrank"))?.hits[0].document.id, "exports");
/// assert_eq!(searcher.search(&Query::new("grew"))?.total, 0);
/// # Ok(())
/// # }
/// ```
pub struct IndexWriter {
    index: Index,
    /// None in a rehearsal.
    inner: Option<tantivy::IndexWriter<Queued>>,
    queue: Queue,
    memory: MemoryBudget,
    analyzer: Analyzer,
    /// What the last commit holds, to replace only what is there.
    committed: tantivy::Searcher,
    /// Hashes of the ids added since then.
    added: Mutex<HashSet<u64>>,
    /// Where entries go that are not kept here.
    #[cfg(feature = "cluster")]
    sink: Option<std::sync::Arc<dyn super::Sink>>,
    /// The generation that the first commit makes the one in use.
    fresh: Option<(PathBuf, u64)>,
    _lock: Option<WriteLock>,
}

impl std::fmt::Debug for IndexWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexWriter").field("index", &self.index).finish_non_exhaustive()
    }
}

impl IndexWriter {
    pub(super) fn new(
        index: Index,
        fresh: Option<(PathBuf, u64)>,
        lock: Option<WriteLock>,
    ) -> Result<Self> {
        let memory = MemoryBudget::default();
        let inner = engine_writer(&index, memory)?;
        let state = index.state();
        let committed = state.reader.searcher();
        Ok(Self {
            index,
            inner: Some(inner),
            queue: Queue::new(memory.waiting()),
            memory,
            analyzer: state.analyzer,
            committed,
            added: Mutex::default(),
            #[cfg(feature = "cluster")]
            sink: None,
            fresh,
            _lock: lock,
        })
    }

    /// A writer that knows what is there and writes nothing.
    pub(super) fn rehearsal(index: Index) -> Self {
        let state = index.state();
        let (analyzer, committed) = (state.analyzer, state.reader.searcher());
        let (added, memory) = (Mutex::default(), MemoryBudget::default());
        Self {
            index,
            inner: None,
            queue: Queue::new(memory.waiting()),
            memory,
            analyzer,
            committed,
            added,
            #[cfg(feature = "cluster")]
            sink: None,
            fresh: None,
            _lock: None,
        }
    }

    /// A writer to an index that is kept elsewhere and holds these records.
    #[cfg(feature = "cluster")]
    pub(crate) fn elsewhere(
        records: Vec<super::Entry>,
        analyzer: Analyzer,
        sink: std::sync::Arc<dyn super::Sink>,
    ) -> Result<Self> {
        let index = Index::of_records(records, analyzer)?;
        Ok(Self { sink: Some(sink), ..Self::rehearsal(index) })
    }

    /// The same writer within so much memory; before anything is written.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the engine refuses.
    pub fn limited(mut self, memory: MemoryBudget) -> Result<Self> {
        self.memory = memory;
        self.queue = Queue::new(memory.waiting());
        // One at a time.
        if self.inner.take().is_some() {
            self.inner = Some(engine_writer(&self.index, memory)?);
        }
        Ok(self)
    }

    pub(super) fn bounds(&self) -> ReadLimits {
        self.memory.bounds()
    }

    pub(super) const fn is_rehearsal(&self) -> bool {
        #[cfg(feature = "cluster")]
        if self.sink.is_some() {
            return false;
        }
        self.inner.is_none()
    }

    /// The folder of the index; none for one in memory.
    pub(super) fn dir(&self) -> Option<&Path> {
        self.index.dir.as_deref()
    }

    fn run(&self, operations: Vec<UserOperation<Queued>>) -> Result<()> {
        if let Some(inner) = &self.inner {
            inner.run(operations).map_err(|e| self.index.engine_error(e))?;
            // Only now: what is made of the next document takes most.
            self.queue.make_room();
        }
        Ok(())
    }

    /// Adds a document, in place of the one that has the same id.
    ///
    /// # Errors
    ///
    /// [`Error::Document`] where it has no id or no text; nothing was changed then.
    pub fn add(&self, document: &Document) -> Result<()> {
        self.add_said(document, None).map(drop)
    }

    /// The same for the only document of a file, which says what `said` is short for. Returns of how many
    /// passages the document is.
    pub(super) fn add_said(&self, document: &Document, said: Option<&str>) -> Result<usize> {
        let refused = |reason: &str| {
            Err(Error::Document { id: document.id.clone(), reason: reason.to_owned() })
        };
        if document.id.is_empty() {
            return refused("has no id");
        }
        let passages = passages(document);
        if passages.is_empty() {
            return refused("holds no text");
        }
        if self.is_rehearsal() {
            return Ok(passages.len());
        }
        let mut end = Offset::default();
        let records: Vec<_> = passages
            .iter()
            .map(|passage| {
                let record = PassageRecord::new(document, passage, end);
                end = record.start.after(&record.text);
                record
            })
            .collect();
        self.add_records(document, &DocumentRecord::new(document, &passages, said), &records)?;
        Ok(passages.len())
    }

    /// Adds a document as another index has it.
    pub(super) fn copy(&self, record: &DocumentRecord, passages: &[PassageRecord]) -> Result<()> {
        self.add_records(&joined(record, passages), record, passages)
    }

    fn add_records(
        &self,
        document: &Document,
        record: &DocumentRecord,
        passages: &[PassageRecord],
    ) -> Result<()> {
        let fields = self.index.fields();
        let mut operations = Vec::with_capacity(passages.len() + 2);
        if self.replaces(&document.id)? {
            operations
                .push(UserOperation::Delete(Term::from_field_text(fields.document, &document.id)));
        }
        let mut entries = Entries::new(fields, &self.analyzer);
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            return entries.send(document, record, passages, sink.as_ref());
        }
        for passage in passages {
            operations.push(self.added(entries.passage(document, passage)?));
        }
        operations.push(self.added(entries.document(record)?));
        // One batch goes to one segment: a document is there as a whole or not at all.
        self.run(operations)
    }

    fn added(&self, entry: TantivyDocument) -> UserOperation<Queued> {
        UserOperation::Add(self.queue.queued(entry))
    }

    /// Whether a document of this id was added before; remembers that it is now.
    fn replaces(&self, id: &str) -> Result<bool> {
        let hash = {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            hasher.finish()
        };
        let fresh = self.added.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        Ok(!fresh || lookup::document(&self.committed, self.index.fields(), id)?.is_some())
    }

    /// Removes a document; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the engine refuses.
    pub fn remove(&self, id: &str) -> Result<()> {
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            return sink.remove(id);
        }
        self.delete(Term::from_field_text(self.index.fields().document, id))
    }

    fn delete(&self, term: Term) -> Result<()> {
        self.run(vec![UserOperation::Delete(term)])
    }

    /// Remembers a source file, in place of what was known of it.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the engine refuses.
    pub fn add_source(&self, source: &Source) -> Result<()> {
        let fields = self.index.fields();
        let entry = source_entry(fields, source)?;
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            return sink.add_source(&source.path, super::Entry::new(&entry, fields));
        }
        let old = Term::from_field_text(fields.origin, &source.path);
        self.run(vec![UserOperation::Delete(old), self.added(entry)])
    }

    /// Removes a source file's record and every document that was read from it.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the engine refuses.
    pub fn remove_source(&self, path: &str) -> Result<()> {
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            for (id, _) in self.document_hashes(path)? {
                sink.remove(&id)?;
            }
            return sink.remove_source(path);
        }
        self.delete(Term::from_field_text(self.index.fields().source, path))
    }

    /// What the last commit knows of a source file.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn source(&self, path: &str) -> Result<Option<Source>> {
        lookup::source(&self.committed, self.index.fields(), path)
    }

    /// Every source file of the last commit, by path.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>> {
        lookup::sources(&self.committed, self.index.fields())
    }

    /// Ids and hashes of the documents that the last commit holds from a source file.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn document_hashes(&self, source: &str) -> Result<Vec<(String, String)>> {
        let records = lookup::documents_of(&self.committed, self.index.fields(), source)?;
        Ok(records.into_iter().map(|record| (record.id, record.hash)).collect())
    }

    /// The source file of the document that has this id in the last commit.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn holder(&self, id: &str) -> Result<Option<String>> {
        let record = lookup::document(&self.committed, self.index.fields(), id)?;
        Ok(record.map(|record| record.source))
    }

    /// Makes what was done so far visible and durable, and goes on. For a rebuild it does nothing:
    /// a new generation becomes visible only when it is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where it cannot be written; the last commit stays.
    pub fn checkpoint(&mut self) -> Result<()> {
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            return sink.settle();
        }
        if self.fresh.is_none() { self.publish() } else { Ok(()) }
    }

    pub(super) fn publish(&mut self) -> Result<()> {
        let Some(inner) = &mut self.inner else { return Ok(()) };
        let mut commit = inner.prepare_commit().map_err(|e| self.index.engine_error(e))?;
        commit.set_payload(&self.index.payload());
        commit.commit().map_err(|e| self.index.engine_error(e))?;
        let state = self.index.state();
        state.reader.reload().map_err(|e| self.index.engine_error(e))?;
        self.committed = state.reader.searcher();
        self.added.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// How many entries the last commit of this writer holds.
    pub(super) fn entries(&self) -> u64 {
        let segments = self.committed.segment_readers().iter();
        segments.map(|segment| u64::from(segment.num_docs())).sum()
    }

    /// Makes everything visible and durable, and ends the writing.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where it cannot be written; the last commit stays.
    pub fn commit(mut self) -> Result<IndexStats> {
        #[cfg(feature = "cluster")]
        if let Some(sink) = &self.sink {
            return sink.finish();
        }
        self.publish()?;
        self.compact()?;
        let Self { index, inner, fresh, _lock, .. } = self;
        if let Some(inner) = inner {
            inner.wait_merging_threads().map_err(|e| index.engine_error(e))?;
        }
        if let Some((dir, number)) = fresh {
            generation::switch(&dir, number)?;
            generation::remove_others(&dir)?;
        }
        index.reload()?;
        index.stats()
    }

    /// Brings a small index into one segment and lets go of files that no commit names.
    fn compact(&mut self) -> Result<()> {
        let Some(inner) = &mut self.inner else { return Ok(()) };
        let segments = self.committed.segment_readers();
        let entries: u64 = segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
        let deleted = segments.iter().any(tantivy::SegmentReader::has_deletes);
        if entries <= ONE_SEGMENT_ENTRIES && (segments.len() > 1 || deleted) {
            let ids: Vec<_> = segments.iter().map(tantivy::SegmentReader::segment_id).collect();
            // A merge of its own may have begun: then these segments are being merged already.
            drop(inner.merge(&ids).wait());
        }
        inner.garbage_collect_files().wait().map_err(|e| self.index.engine_error(e))?;
        Ok(())
    }
}

fn engine_writer(index: &Index, memory: MemoryBudget) -> Result<tantivy::IndexWriter<Queued>> {
    let threads = thread::available_parallelism().map_or(1, |n| n.get().min(4));
    let options = IndexWriterOptions::builder()
        .memory_budget_per_thread(memory.buffer(threads))
        .num_worker_threads(threads)
        .num_merge_threads(1)
        .build();
    let inner = index.state().inner.writer_with_options(options);
    let inner = inner.map_err(|e| index.engine_error(e))?;
    let mut policy = LogMergePolicy::default();
    // A quarter of deleted entries is worth a merge: their text stays in the store until then.
    policy.set_del_docs_ratio_before_merge(0.25);
    inner.set_merge_policy(Box::new(policy));
    Ok(inner)
}

/// Bytes of all files below `dir`.
pub(super) fn folder_bytes(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
