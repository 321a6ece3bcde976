//! Adds, replaces and removes documents with [`IndexWriter`], and commits the changes.

use std::{path::Path, sync::Arc};

use tantivy::{Term, indexer::UserOperation};

use super::{
    MemoryBudget,
    entries::{
        EntryBuilder, document_entries, document_json, passage_json, source_entry, source_json,
    },
    entry::Entry,
    memory_budget::{peak_passage_bytes, peak_record_bytes},
    target::{EntrySink, LocalTarget, WriteOperation, WriteTarget},
};
use crate::{
    analysis::Analyzer,
    document::{DeclaredFields, Document, ReadLimits},
    error::{Error, Result},
    index::{
        IndexOptions, lookup,
        record_group::encode_group,
        statistics::{self, IndexStats},
        storage::{GenerationHandle, IndexHandle},
        stored::{DocumentRecord, PassageRecord, Source},
    },
    passage::passages_while,
    span::Offset,
};

/// Adds, replaces and removes documents. A change becomes visible and durable with the next [`commit`](Self::commit) or
/// [`checkpoint`](Self::checkpoint). Dropping a writer discards all changes that are not visible yet. At most one
/// writer exists at a time. Readers never wait for a writer.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query};
///
/// let index = Index::in_memory();
/// let mut writer = index.writer()?;
/// writer.add(&Document::new("exports", "Exports grew."))?;
/// writer.add(&Document::new("rails", "Rails grew."))?;
/// writer.checkpoint()?; // Both documents are visible now.
/// writer.add(&Document::new("exports", "Exports shrank."))?; // Replaces the document.
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
    handle: IndexHandle,
    target: WriteTarget,
    memory: MemoryBudget,
    analyzer: Analyzer,
    declared_fields: Arc<DeclaredFields>,
    /// Searcher of the last commit.
    last_commit: tantivy::Searcher,
}

impl std::fmt::Debug for IndexWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndexWriter").field("dir", &self.dir()).finish_non_exhaustive()
    }
}

impl IndexWriter {
    /// Returns a writer that builds a new, empty index in `dir` with these [options](crate::Index::create_with). An
    /// existing index in `dir` stays in use until [`commit`](Self::commit) replaces it atomically.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another writer exists, in this or another process, [`Error::NotAnIndex`] if `dir` holds
    /// other files, [`Error::Io`] if `dir` cannot be written.
    pub fn rebuild(dir: impl AsRef<Path>, options: impl Into<IndexOptions>) -> Result<Self> {
        let (handle, local) = LocalTarget::create(dir.as_ref(), options.into())?;
        Ok(Self::new(handle, WriteTarget::Local(Box::new(local))))
    }

    /// Returns a writer that changes the index of `handle`.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another writer exists, in this or another process.
    pub(in crate::index) fn open(handle: &IndexHandle) -> Result<Self> {
        let local = LocalTarget::lock_and_open(handle)?;
        Ok(Self::new(handle.clone(), WriteTarget::Local(Box::new(local))))
    }

    /// Returns a writer for a dry run, which reads the index and writes nothing.
    pub(in crate::index) fn dry_run(handle: &IndexHandle) -> Result<Self> {
        handle.reload()?;
        Ok(Self::new(handle.clone(), WriteTarget::DryRun))
    }

    /// Returns a writer to a remote index. `records` is a local index of the document and source records of the remote
    /// index.
    pub(in crate::index) fn remote(records: IndexHandle, sink: Arc<dyn EntrySink>) -> Self {
        Self::new(records, WriteTarget::Remote(sink))
    }

    fn new(handle: IndexHandle, target: WriteTarget) -> Self {
        let GenerationHandle { analyzer, reader, declared_fields, .. } = handle.generation();
        let (memory, last_commit) = (MemoryBudget::default(), reader.searcher());
        Self { handle, target, memory, analyzer, declared_fields, last_commit }
    }

    /// Limits the memory of the process to `memory`. Call this method before the first change, because this method
    /// discards the changes since the last commit.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if tantivy fails.
    pub fn with_memory_limit(self, memory: MemoryBudget) -> Result<Self> {
        let target = match self.target {
            WriteTarget::Local(local) => {
                WriteTarget::Local(Box::new(local.reopen(&self.handle, memory)?))
            }
            other => other,
        };
        Ok(Self { target, memory, ..self })
    }

    /// Returns the maximum sizes of the files to read.
    pub(in crate::index) fn read_limits(&self) -> ReadLimits {
        self.memory.read_limits()
    }

    /// Returns the declared fields of the index.
    pub(in crate::index) fn declared_fields(&self) -> &DeclaredFields {
        &self.declared_fields
    }

    /// Returns the folder of the index; `None` for an index in memory.
    pub(in crate::index) fn dir(&self) -> Option<&Path> {
        self.handle.dir()
    }

    /// Adds a document. If the index contains a document with this id, replaces that document.
    ///
    /// # Errors
    ///
    /// [`Error::Document`] if the document has no id or no text; the index is unchanged then.
    pub fn add(&self, document: &Document) -> Result<()> {
        self.add_with_digest(document, None).map(drop)
    }

    /// Adds a document, and returns the number of its passages. `content_digest` is the digest of the content of the
    /// document, or `None` if the source file contains other documents.
    ///
    /// # Errors
    ///
    /// [`Error::Document`] if the document has no id or no text; the index is unchanged then.
    pub(in crate::index) fn add_with_digest(
        &self,
        document: &Document,
        content_digest: Option<&str>,
    ) -> Result<usize> {
        let document_error = |reason: &str| {
            Err(Error::Document { id: document.id.clone(), reason: reason.to_owned() })
        };
        if document.id.is_empty() {
            return document_error("has no id");
        }
        let mut free_bytes = Some(self.memory.max_document_memory_bytes());
        let passages = passages_while(document, |passage| {
            free_bytes =
                free_bytes.and_then(|bytes| bytes.checked_sub(peak_passage_bytes(passage)));
            free_bytes.is_some()
        });
        let Some(passages) = passages else {
            let mib = self.memory.max_document_memory_bytes() >> 20;
            return document_error(&format!(
                "has so many paragraphs and headings that it takes more than {mib} MiB of memory: split it, or allow more memory"
            ));
        };
        if passages.is_empty() {
            return document_error("holds no text");
        }
        if matches!(self.target, WriteTarget::DryRun) {
            return Ok(passages.len());
        }
        let mut previous_end = Offset::default();
        let records: Vec<_> = passages
            .iter()
            .map(|passage| {
                let record = PassageRecord::new(document, passage, previous_end);
                previous_end = record.start.advanced_by(&record.text);
                record
            })
            .collect();
        let record = DocumentRecord::new(document, &passages, content_digest);
        self.add_records(record, records)?;
        Ok(passages.len())
    }

    /// Copies a document from its records in another index.
    pub(in crate::index) fn copy_document(
        &self,
        record: &DocumentRecord,
        passages: &[PassageRecord],
    ) -> Result<()> {
        self.add_records(record.clone(), passages.to_vec())
    }

    /// Adds a document, given as its record and the records of its passages.
    fn add_records(&self, record: DocumentRecord, passages: Vec<PassageRecord>) -> Result<()> {
        match &self.target {
            WriteTarget::Local(local) => self.add_to_local(local, record, passages),
            WriteTarget::DryRun => Ok(()),
            WriteTarget::Remote(sink) => {
                let fields = self.handle.fields();
                let mut entry_builder =
                    EntryBuilder::new(fields, &self.analyzer, &record, &self.declared_fields);
                let mut batch = Vec::with_capacity(passages.len() + 1);
                for passage in &passages {
                    let entry = entry_builder.passage_entry(passage);
                    batch.push(Entry::new(&entry, passage_json(passage)?, fields));
                }
                let entry = entry_builder.document_entry();
                batch.push(Entry::new(&entry, document_json(&record)?, fields));
                sink.add(&record.id, batch)
            }
        }
    }

    /// Adds a document to a local index in one batch, so that a commit contains all entries of the document or none of
    /// them. A writing thread builds the entries later.
    fn add_to_local(
        &self,
        local: &LocalTarget,
        record: DocumentRecord,
        passages: Vec<PassageRecord>,
    ) -> Result<()> {
        let fields = self.handle.fields();
        let mut operations = Vec::with_capacity(passages.len() + 2);
        if local.record_added_id(&record.id)
            || lookup::document_record(&self.last_commit, fields, &record.id)?.is_some()
        {
            operations
                .push(new_delete_operation(Term::from_field_text(fields.document, &record.id)));
        }
        let (analyzer, declared) = (self.analyzer.clone(), Arc::clone(&self.declared_fields));
        let bytes = passages.iter().map(peak_record_bytes).sum();
        operations.extend(local.add_operations(passages.len() + 1, bytes, move || {
            document_entries(fields, &analyzer, &declared, &record, &passages)
        }));
        self.run_operations(local, operations)
    }

    /// Passes the operations of one document to tantivy. An error names the folder of the index.
    fn run_operations(&self, local: &LocalTarget, operations: Vec<WriteOperation>) -> Result<()> {
        local.run_batch(operations, |error| self.handle.engine_error(error))
    }

    /// Removes the document `id`. Does nothing if the index contains no document with this id.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if tantivy fails.
    pub fn remove(&self, id: &str) -> Result<()> {
        match &self.target {
            WriteTarget::Local(local) => {
                let term = Term::from_field_text(self.handle.fields().document, id);
                self.run_operations(local, vec![new_delete_operation(term)])
            }
            WriteTarget::DryRun => Ok(()),
            WriteTarget::Remote(sink) => sink.remove(id),
        }
    }

    /// Adds the record of a source file. Replaces an existing record of the same path.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if tantivy fails.
    pub(in crate::index) fn add_source(&self, source: &Source) -> Result<()> {
        let fields = self.handle.fields();
        match &self.target {
            WriteTarget::Local(local) => {
                let mut entry = source_entry(fields, source);
                entry.add_bytes(fields.stored_record, &encode_group(&source_json(source)?)?);
                let replaced_term = Term::from_field_text(fields.record_path, &source.path);
                let mut operations = vec![new_delete_operation(replaced_term)];
                operations.extend(local.add_operations(1, 0, move || Ok(vec![entry])));
                self.run_operations(local, operations)
            }
            WriteTarget::DryRun => Ok(()),
            WriteTarget::Remote(sink) => {
                let entry = source_entry(fields, source);
                let entry = Entry::new(&entry, source_json(source)?, fields);
                sink.add_source(&source.path, entry)
            }
        }
    }

    /// Removes the record of the source file `path`, and every document from that file.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if tantivy fails.
    pub(in crate::index) fn remove_source(&self, path: &str) -> Result<()> {
        match &self.target {
            WriteTarget::Local(local) => {
                let term = Term::from_field_text(self.handle.fields().source, path);
                self.run_operations(local, vec![new_delete_operation(term)])
            }
            WriteTarget::DryRun => Ok(()),
            WriteTarget::Remote(sink) => {
                for (id, _) in self.document_hashes(path)? {
                    sink.remove(&id)?;
                }
                sink.remove_source(path)
            }
        }
    }

    /// Returns the record of the source file `path` in the last commit; `None` if there is no record.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn source(&self, path: &str) -> Result<Option<Source>> {
        lookup::source_record(&self.last_commit, self.handle.fields(), path)
    }

    /// Returns the records of all source files in the last commit, sorted by path.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>> {
        lookup::source_records(&self.last_commit, self.handle.fields())
    }

    /// Returns the id and [`DocumentRecord::hash`] of each document from the source file `source` in the last commit.
    pub(in crate::index) fn document_hashes(&self, source: &str) -> Result<Vec<(String, String)>> {
        let records = lookup::documents_of_file(&self.last_commit, self.handle.fields(), source)?;
        Ok(records.into_iter().map(|record| (record.id, record.hash)).collect())
    }

    /// Returns the path of the source file of the document `id` in the last commit. The path is empty if the document
    /// was not read from a file. Returns `None` if there is no document `id`.
    pub(crate) fn source_of(&self, id: &str) -> Result<Option<String>> {
        let record = lookup::document_record(&self.last_commit, self.handle.fields(), id)?;
        Ok(record.map(|record| record.source))
    }

    /// Commits the changes so far. Does nothing during a rebuild, because a new generation becomes visible only when it
    /// is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the commit cannot be written; the last commit stays in use.
    pub fn checkpoint(&mut self) -> Result<()> {
        match &self.target {
            WriteTarget::Local(local) if local.is_new_generation() => Ok(()),
            WriteTarget::Local(_) | WriteTarget::DryRun => self.commit_local_index(),
            WriteTarget::Remote(sink) => sink.checkpoint(),
        }
    }

    /// Commits the changes to a local index, even if they belong to a generation that is not in use yet. Does nothing
    /// for a remote index and for a dry run.
    pub(in crate::index) fn commit_local_index(&mut self) -> Result<()> {
        let WriteTarget::Local(local) = &mut self.target else { return Ok(()) };
        let generation = self.handle.generation();
        local.commit(&generation.payload(), |error| self.handle.engine_error(error))?;
        generation.reader.reload().map_err(|error| self.handle.engine_error(error))?;
        self.last_commit = generation.reader.searcher();
        local.clear_added_ids();
        Ok(())
    }

    /// Returns the number of entries in the last commit, without deleted entries.
    pub(in crate::index) fn entry_count(&self) -> u64 {
        self.last_commit.num_docs()
    }

    /// Commits the changes, and ends the writer.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the commit cannot be written; the last commit stays in use.
    pub fn commit(mut self) -> Result<IndexStats> {
        if let WriteTarget::Remote(sink) = &self.target {
            return sink.commit();
        }
        self.commit_local_index()?;
        let Self { handle, target, last_commit, .. } = self;
        let mut lock = None;
        if let WriteTarget::Local(mut local) = target {
            local
                .merge_segments_of_small_index(&last_commit)
                .map_err(|error| handle.engine_error(error))?;
            lock = local.finish(&handle)?;
        }
        handle.reload()?;
        let stats = statistics::stats(&handle);
        drop(lock);
        stats
    }
}

fn new_delete_operation(term: Term) -> WriteOperation {
    UserOperation::Delete(term)
}
