//! [`Passage`](crate::passage::Passage)s → inverted index: schema, writer, generations.

mod lookup;
mod recovery;
mod remote;
mod schema;
mod statistics;
mod storage;
mod stored;
mod update;
mod write;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tantivy::{TantivyError, index::SegmentId};

#[cfg(feature = "cluster")]
pub use self::remote::Copied;
#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) use self::storage::generation::patiently;
use self::storage::{Payload, State, checksum::Sealed, engine_error, generation::WriteLock};
#[cfg(feature = "watch")]
pub use self::update::{Happening, Observer, watch};
#[cfg(feature = "cluster")]
pub(crate) use self::{
    lookup::root_of,
    remote::{Sink, Whole},
    write::tokens::{is_definition, stretches},
};
pub(crate) use self::{
    lookup::{document, entries, passages, paths_of, root, sources, stored},
    remote::{Entry, IndexedSubset, IndexedTerms, part},
    schema::{
        DATE, DOCUMENT, Fields, ISSUER, LANG, LENGTH, ORDINAL, PASSAGES, POSITIONS, SIGNATURE,
        SOURCE, SPEAKER, VECTOR,
    },
    stored::{DocumentRecord, PassageRecord, content_hash, document_hash},
    update::copies,
    write::{
        MinHash, entry as vector_entry,
        tokens::{
            GAP_POSITIONS, SENTENCE_END, begun_with, long_forms_of, short_forms_of, words_of,
        },
    },
};
pub use self::{
    recovery::{ChangedSource, Check, Corruption, Repair},
    statistics::Overview,
    stored::{SoleDocument, Source},
    update::{
        Change, FileFilter, FormatStats, Progress, Update, UpdateOptions, update, update_from,
    },
    write::{IndexStats, IndexWriter, MemoryBudget},
};
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result, catch_panic},
};

/// An index of passages, in a folder or in memory. Cheap to clone: clones share the index.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query};
///
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&Document::new("release", "The city opened its first flying car factory."))?;
/// writer.commit()?;
/// let results = index.searcher()?.search(&Query::new("flying cars"))?;
/// assert_eq!(results.hits[0].passage.id, "release#0");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Index {
    dir: Option<PathBuf>,
    fields: Fields,
    state: Arc<Mutex<State>>,
}

/// One commit, with the handles and the analysis to search it.
pub(crate) struct Snapshot {
    pub(crate) inner: tantivy::Searcher,
    pub(crate) fields: Fields,
    pub(crate) analyzer: Analyzer,
    pub(crate) version: Arc<str>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Index {
    /// Makes an empty index in `dir`, with Chinese words told apart.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, Query};
    ///
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let dir = folder.path().join("index");
    /// let index = Index::create(&dir)?;
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("release", "Exports grew by 5 %."))?;
    /// assert_eq!(writer.commit()?.documents, 1);
    /// // Later, or in another process:
    /// let index = Index::open(&dir)?;
    /// assert_eq!(index.searcher()?.search(&Query::new("exports"))?.total, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::IndexExists`] if `dir` holds an index already, [`Error::NotAnIndex`] where it holds
    /// other files, [`Error::Io`] where it cannot be written.
    pub fn create(dir: impl AsRef<Path>) -> Result<Self> {
        Self::create_with(dir, Chinese::Auto)
    }

    /// Makes an empty index in `dir`.
    ///
    /// # Errors
    ///
    /// As [`Index::create`].
    pub fn create_with(dir: impl AsRef<Path>, chinese: Chinese) -> Result<Self> {
        let dir = dir.as_ref();
        if Self::exists(dir)? {
            return Err(Error::IndexExists(dir.to_owned()));
        }
        Self::rebuild(dir, chinese)?.commit()?;
        Self::open(dir)
    }

    /// A writer into a new, empty generation of the index in `dir`. What was there stays in use
    /// until the commit.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] while another process writes, [`Error::NotAnIndex`] where `dir` holds
    /// other files, [`Error::Io`] where it cannot be written.
    pub fn rebuild(dir: impl AsRef<Path>, chinese: Chinese) -> Result<IndexWriter> {
        let dir = dir.as_ref();
        fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
        if !storage::generation::is_there(dir)? && !storage::generation::may_become_index(dir)? {
            return Err(Error::NotAnIndex(dir.to_owned()));
        }
        let lock = WriteLock::acquire(dir)?;
        storage::generation::mend(dir)?;
        let number = storage::generation::create(dir)?;
        let failed = |error| engine_error(dir, error);
        let directory = Sealed::open(&storage::generation::folder(dir, number)).map_err(failed)?;
        let (schema, fields) = schema::schema();
        let inner =
            tantivy::Index::create(directory, schema, schema::settings()).map_err(failed)?;
        let state = State::new(dir, number, inner, Analyzer::new(chinese))?;
        let index = Self::with(Some(dir.to_owned()), fields, state);
        IndexWriter::new(index, Some((dir.to_owned(), number)), Some(lock))
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] where there is none, [`Error::Incompatible`] where another format or
    /// analyzer made it, [`Error::Damaged`] where it cannot be read.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        let dir = dir.as_ref();
        let (_, fields) = schema::schema();
        Ok(Self::with(Some(dir.to_owned()), fields, catch_panic(|| State::open(dir))?))
    }

    /// An empty index that lives as long as this value and its clones.
    ///
    /// # Panics
    ///
    /// Never in practice: nothing here depends on the machine.
    #[expect(clippy::expect_used, reason = "memory has no files that could be missing")]
    pub fn in_memory() -> Self {
        let (schema, fields) = schema::schema();
        let directory = tantivy::directory::RamDirectory::create();
        let inner = tantivy::Index::create(directory, schema, schema::settings());
        let inner = inner.expect("an index in memory can always be made");
        let state = State::new(Path::new(""), 0, inner, Analyzer::new(Chinese::Auto));
        Self::with(None, fields, state.expect("an empty index can always be read"))
    }

    /// Whether `dir` holds an index.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where it cannot be told, [`Error::Damaged`] where `CURRENT` is broken.
    pub fn exists(dir: impl AsRef<Path>) -> Result<bool> {
        Ok(storage::generation::current(dir.as_ref())?.is_some())
    }

    /// Starts to write. One writer at a time; readers go on undisturbed.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] while another process writes.
    pub fn writer(&self) -> Result<IndexWriter> {
        let lock = self.dir.as_deref().map(WriteLock::acquire).transpose()?;
        self.dir.as_deref().map(storage::generation::remove_others).transpose()?;
        self.reload()?;
        IndexWriter::new(self.clone(), None, lock)
    }

    /// A writer that writes nothing: an update with it tells what it would do. Nobody waits for it.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn rehearsal(&self) -> Result<IndexWriter> {
        self.reload()?;
        Ok(IndexWriter::rehearsal(self.clone()))
    }

    /// Whether Chinese words are told apart in this index.
    pub fn chinese(&self) -> Chinese {
        self.state().analyzer.chinese()
    }

    /// The name of the last commit, whichever process made it: an opaque text that no other commit has,
    /// that of a rebuilt index neither. One small file is read, so it may be asked for before every
    /// search.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, Query};
    ///
    /// let index = Index::in_memory();
    /// let mut searcher = index.searcher()?;
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("release", "Exports grew."))?;
    /// writer.commit()?;
    /// // A searcher stays with its commit until it is replaced.
    /// assert_eq!(searcher.search(&Query::new("exports"))?.total, 0);
    /// if searcher.version() != index.version()? {
    ///     searcher = index.searcher()?;
    /// }
    /// assert_eq!(searcher.search(&Query::new("exports"))?.total, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] where the index is gone, [`Error::Damaged`] where it cannot be read.
    pub fn version(&self) -> Result<String> {
        let (State { generation, .. }, metas) = self.latest(|state| state.inner.load_metas())?;
        let segments =
            metas.segments.iter().map(|segment| (segment.id(), segment.delete_opstamp()));
        Ok(version(generation, &segments.collect()))
    }

    /// How much the last commit holds, whichever process made it.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where it cannot be read.
    pub fn stats(&self) -> Result<IndexStats> {
        self.reload()?;
        let searcher = self.state().reader.searcher();
        let index_bytes = self.dir.as_deref().map_or(0, write::folder_bytes);
        let documents = lookup::document_count(&searcher, self.fields)?;
        let sources = sources(&searcher, self.fields)?;
        Ok(IndexStats {
            documents,
            passages: lookup::passage_count(&searcher, documents, &sources),
            copies: copies(&sources),
            index_bytes,
        })
    }

    /// The folder it is kept in; none for an index in memory.
    pub fn dir(&self) -> Option<&Path> {
        self.dir.as_deref()
    }

    /// The last commit, whichever process made it.
    pub(crate) fn last(&self) -> Result<Snapshot> {
        self.reload()?;
        let State { generation, reader, analyzer, .. } = self.state();
        let inner = reader.searcher();
        let version = version(generation, inner.generation().segments()).into();
        Ok(Snapshot { inner, fields: self.fields, analyzer, version })
    }

    fn with(dir: Option<PathBuf>, fields: Fields, state: State) -> Self {
        Self { dir, fields, state: Arc::new(Mutex::new(state)) }
    }

    /// Goes to the last commit.
    fn reload(&self) -> Result<()> {
        self.latest(|state| state.reader.reload()).map(drop)
    }

    /// The generation in use, and what is read of it.
    fn latest<T>(&self, read: impl Fn(&State) -> tantivy::Result<T>) -> Result<(State, T)> {
        loop {
            self.follow()?;
            let state = self.state();
            match read(&state) {
                Ok(found) => return Ok((state, found)),
                // It was replaced just now: then its files are gone.
                Err(_) if self.is_replaced(state.generation)? => {}
                Err(error) => return Err(self.engine_error(error)),
            }
        }
    }

    /// Opens the generation in use, where that is another one by now.
    fn follow(&self) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dir) = &self.dir
            && self.is_replaced(state.generation)?
        {
            *state = State::open(dir)?;
        }
        Ok(())
    }

    fn is_replaced(&self, number: u64) -> Result<bool> {
        let current = self.dir.as_deref().map(storage::generation::current).transpose()?;
        Ok(current.is_some_and(|current| current != Some(number)))
    }

    fn state(&self) -> State {
        let state: MutexGuard<'_, State> =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clone()
    }

    const fn fields(&self) -> Fields {
        self.fields
    }

    fn payload(&self) -> String {
        let State { analyzer, .. } = self.state();
        let payload = Payload {
            format: schema::FORMAT,
            analyzer: analyzer.fingerprint(),
            chinese: analyzer.chinese() == Chinese::Auto,
            program: format!("gz-search {}", env!("CARGO_PKG_VERSION")),
        };
        serde_json::to_string(&payload).unwrap_or_default()
    }

    fn engine_error(&self, error: TantivyError) -> Error {
        engine_error(self.dir.as_deref().unwrap_or(Path::new("")), error)
    }
}

/// The name of what these segments of a generation hold.
fn version(generation: u64, segments: &BTreeMap<SegmentId, Option<u64>>) -> String {
    let parts = segments.iter().map(|(id, deletes)| (id.uuid_string(), deletes));
    let parts: Vec<_> = parts.collect();
    let mut name = content_hash(format!("{generation} {parts:?}").as_bytes());
    name.truncate(16);
    name
}
