//! The inverted index: stores passages, documents and source files, and keeps them up to date with the files they came from.
//!
//! Documents come in through an [`IndexWriter`]; a `Snapshot` of one commit goes out to the search. This file holds the facade,
//! [`Index`]; open `schema/mod.rs` next for what is indexed. Each folder imports only folders before it:
//!
//! ```text
//! schema      fields, tokenizer of encoded terms      stored      records as JSON
//! storage     files, checksums, generations           lookup      records by id, path or kind
//! statistics  what an index holds                     write       documents → entries → commits
//! update      files and folders → documents           recovery    check, salvage, repair
//! remote      indexes on other machines
//! ```

mod lookup;
mod recovery;
#[cfg_attr(
    not(feature = "cluster"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "only a cluster keeps an index elsewhere"
    )
)]
pub(crate) mod remote;
mod schema;
mod statistics;
mod storage;
mod stored;
mod update;
mod write;

use std::path::Path;

#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) use self::storage::generation::wait_for_lock;
use self::storage::{IndexHandle, OpenGeneration, generation};
#[cfg(feature = "watch")]
pub use self::update::{Observer, WatchEvent, watch};
#[cfg(feature = "cli")]
pub(crate) use self::update::{have_changed, holds_files};
pub(crate) use self::{
    lookup::{document, entries, passages, paths_of, root, sources, stored},
    schema::{
        DATE, DOCUMENT, Fields, ISSUER, IndexedSubset, IndexedTerms, LANG, LENGTH, MIN_HASH,
        ORDINAL, PASSAGES, POSITIONS, SOURCE, SPEAKER, TERM_VECTOR,
        tokenizer::{
            GAP_POSITIONS, SENTENCE_END, begun_with, long_forms_of, short_forms_of, words_of,
        },
    },
    storage::Snapshot,
    stored::{DocumentRecord, PassageRecord, content_hash},
    write::{Entry, MinHash, term_vector_entry},
};
pub use self::{
    recovery::{ChangedSource, Check, Corruption, Repair},
    statistics::{IndexStats, Overview},
    stored::{SoleDocument, Source},
    update::{
        Change, Failure, FileFilter, FormatStats, Progress, Update, UpdateOptions, update,
        update_from,
    },
    write::{IndexWriter, MemoryBudget},
};
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
};

/// An index of passages, in a folder or in memory. Clones are cheap and share the index.
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
    handle: IndexHandle,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir()).finish_non_exhaustive()
    }
}

impl Index {
    /// Creates an empty index in `dir` that segments Chinese text into words.
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
    /// [`Error::IndexExists`] if `dir` holds an index, [`Error::NotAnIndex`] if it holds other files, [`Error::Io`] if it cannot be
    /// written.
    pub fn create(dir: impl AsRef<Path>) -> Result<Self> {
        Self::create_with(dir, Chinese::Auto)
    }

    /// Creates an empty index in `dir`. `chinese` says how it analyzes Chinese text.
    ///
    /// # Errors
    ///
    /// As [`Index::create`].
    pub fn create_with(dir: impl AsRef<Path>, chinese: Chinese) -> Result<Self> {
        let dir = dir.as_ref();
        if Self::exists(dir)? {
            return Err(Error::IndexExists(dir.to_owned()));
        }
        IndexWriter::rebuild(dir, chinese)?.commit()?;
        Self::open(dir)
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if there is none, [`Error::Incompatible`] if another format or analyzer wrote it, [`Error::Damaged`] if it
    /// cannot be read.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        Ok(Self { handle: IndexHandle::open(dir.as_ref())? })
    }

    /// Returns an empty index in memory. It lives as long as this value and its clones.
    ///
    /// # Panics
    ///
    /// Never in practice: the result does not depend on the machine.
    #[expect(clippy::expect_used, reason = "an index in memory has no files that could be missing")]
    pub fn in_memory() -> Self {
        let (schema, _) = schema::schema();
        let directory = tantivy::directory::RamDirectory::create();
        let engine = tantivy::Index::create(directory, schema, schema::settings());
        let engine = engine.expect("an index in memory can always be created");
        let analyzer = Analyzer::new(Chinese::Auto);
        let generation = OpenGeneration::new(Path::new(""), 0, engine, analyzer);
        let generation = generation.expect("an empty index can always be read");
        Self { handle: IndexHandle::new(None, generation) }
    }

    /// Returns whether `dir` holds an index.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if `dir` cannot be read, [`Error::Damaged`] if `CURRENT` is damaged.
    pub fn exists(dir: impl AsRef<Path>) -> Result<bool> {
        Ok(generation::current(dir.as_ref())?.is_some())
    }

    /// Returns a writer. At most one writer exists at a time; readers go on undisturbed.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] while another process writes.
    pub fn writer(&self) -> Result<IndexWriter> {
        IndexWriter::open(&self.handle)
    }

    /// Returns a dry-run writer: an update with it reports changes, but nothing is written and no lock is taken.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn dry_run(&self) -> Result<IndexWriter> {
        IndexWriter::dry_run(&self.handle)
    }

    /// Returns how this index analyzes Chinese text.
    pub fn chinese(&self) -> Chinese {
        self.handle.generation().analyzer.chinese()
    }

    /// Returns the name of the last commit, whichever process made it. The name is opaque, and no other commit has it, also not a
    /// commit of a rebuilt index. The call reads one small file, so it may precede every search.
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
    /// [`Error::NoIndex`] if the index is gone, [`Error::Damaged`] if it cannot be read.
    pub fn version(&self) -> Result<String> {
        self.handle.version()
    }

    /// Returns the size of the last commit, whichever process made it.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if it cannot be read.
    pub fn stats(&self) -> Result<IndexStats> {
        statistics::stats(&self.handle)
    }

    /// Counts what the last commit holds. Reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if it cannot be read.
    pub fn overview(&self) -> Result<Overview> {
        statistics::overview(&self.handle)
    }

    /// Returns the folder of the index; `None` for an index in memory.
    pub fn dir(&self) -> Option<&Path> {
        self.handle.dir()
    }

    /// Copies the last commit into the new or empty folder `out`, which is an index of its own then. To restore the index, copy that
    /// folder back.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let (dir, out) = (folder.path().join("index"), folder.path().join("copy"));
    /// let index = gz_search::Index::create(&dir)?;
    /// index.snapshot(&out)?;
    /// assert!(gz_search::Index::check(&out)?.is_sound());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if `out` is not empty or the index is in memory, [`Error::Damaged`] if files are missing, [`Error::Io`] if
    /// `out` cannot be written. The copy is removed then.
    pub fn snapshot(&self, out: impl AsRef<Path>) -> Result<()> {
        let Some(dir) = self.dir() else {
            return Err(Error::invalid("index", "an index in memory has no files to copy"));
        };
        storage::backup::copy_last_commit(dir, out.as_ref())
    }

    /// Compares every file of the last commit of the index in `dir` with its checksum, and then every document with its hash. Writers
    /// and readers may go on meanwhile.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let dir = folder.path().join("index");
    /// let index = gz_search::Index::create(&dir)?;
    /// assert!(gz_search::Index::check(&dir)?.is_sound());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if there is none, [`Error::Incompatible`] if another format or analyzer wrote it, [`Error::Io`] if a file
    /// cannot be read. Damage is no error.
    pub fn check(dir: impl AsRef<Path>) -> Result<Check> {
        recovery::check(dir.as_ref())
    }

    /// Reads every source file. Returns those that have changed since they were indexed or cannot be read, by path.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn changed_sources(&self) -> Result<Vec<ChangedSource>> {
        recovery::changed_sources(&self.last_commit()?)
    }

    /// Repairs the index in `dir`: copies the documents whose hashes are right, wherever they came from, and reads the others again
    /// from their files. The damaged index stays in use until the new one is complete. Returns `None`, and changes nothing, if the index
    /// is sound.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if there is none, [`Error::Incompatible`] if another format or analyzer wrote it, [`Error::Locked`] while
    /// another process writes, [`Error::Damaged`] if nothing can be read, [`Error::Stopped`] if `progress` stops the repair. The damaged
    /// index stays then.
    pub fn repair(
        dir: impl AsRef<Path>,
        options: &UpdateOptions,
        progress: &impl Progress,
    ) -> Result<Option<Repair>> {
        recovery::repair(dir.as_ref(), options, progress)
    }

    /// Returns the last commit, whichever process made it.
    pub(crate) fn last_commit(&self) -> Result<Snapshot> {
        self.handle.last_commit()
    }
}
