//! Inverted index of passages, with a stored record of each document and of each source file.
//!
//! A caller adds documents with an [`IndexWriter`], and a search reads a `Snapshot` of one commit. This file defines
//! the public type [`Index`]. Read `schema/mod.rs` next for the indexed fields. Each module imports only modules that
//! are listed before it:
//!
//! ```text
//! schema      fields, tokenizer of encoded terms      stored      records as JSON
//! storage     files, checksums, generations           record_group  records ↔ compressed groups
//! lookup      records by id, path or kind             statistics  size, counts by field
//! union       several indexes → one index
//! write       documents → entries → commits           update      files and folders → documents
//! recovery    check, salvage, repair                  remote      indexes on other machines
//! ```

mod lookup;
mod options;
mod record_group;
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
mod union;
mod update;
mod write;

use std::{path::Path, sync::Arc};

#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) use self::storage::generation::wait_for_lock;
use self::storage::{GenerationHandle, IndexHandle, generation};
#[cfg(feature = "watch")]
pub use self::update::{Observer, WatchEvent, watch};
#[cfg(feature = "cli")]
pub(crate) use self::update::{files_have_changed, roots_contain_files};
pub(crate) use self::{
    lookup::{
        RecordReader, common_root_folder, document_record, entry_addresses_of_document,
        for_each_passage, passage_records, paths_with_digest, read_record, source_records,
    },
    schema::{
        DATE_FIELD, DECLARED_VALUES_FIELD, DOCUMENT_FIELD, Fields, ISSUER_FIELD, IndexedSubset,
        IndexedTerms, LANG_FIELD, LENGTH_FIELD, MINHASH_FIELD, ORDINAL_FIELD, PASSAGE_COUNT_FIELD,
        POSITION_COUNT_FIELD, SOURCE_FIELD, SPEAKER_FIELD, TERM_VECTOR_FIELD, TEXT_START_FIELD,
        declared_value::{
            decode_value, encode_sortable_date, encode_sortable_number, end_of_field_values,
            value_prefix,
        },
        tokenizer::{
            GAP_POSITIONS, SENTENCE_END_TERM, definition_prefix_of_long_form,
            definition_prefix_of_long_form_start, definition_prefix_of_short_form, long_form_words,
        },
    },
    storage::Snapshot,
    stored::{DocumentRecord, PassageRecord, content_hash},
    write::{Entry, MinHash, decode_term_vector_value},
};
pub use self::{
    options::IndexOptions,
    recovery::{ChangedSource, Check, Corruption, Repair},
    statistics::{IndexStats, Overview},
    stored::{SoleDocument, Source},
    union::Indexes,
    update::{
        Change, Failure, FileFilter, FileOutcome, FileReport, FormatStats, LeftOutCount,
        LeftOutCounts, Progress, Update, UpdateOptions, update, update_from,
    },
    write::{IndexWriter, MemoryBudget},
};
use crate::{
    analysis::{Analyzer, Chinese, WordLists},
    document::DeclaredFields,
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
    /// [`Error::IndexExists`] if `dir` holds an index, [`Error::NotAnIndex`] if `dir` holds other files, [`Error::Io`]
    /// if `dir` cannot be written.
    pub fn create(dir: impl AsRef<Path>) -> Result<Self> {
        Self::create_with(dir, IndexOptions::default())
    }

    /// Creates an empty index in `dir` with these options: an [`IndexOptions`], a setting for Chinese text, or the
    /// declared fields of the metadata.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{
    ///     Document, Index, Query,
    ///     document::{DeclaredFields, FieldType},
    /// };
    ///
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let dir = folder.path().join("index");
    /// let mut fields = DeclaredFields::default();
    /// fields.declare("desk", FieldType::Keyword)?;
    /// fields.declare("amount", FieldType::Number)?;
    /// let index = Index::create_with(&dir, fields)?;
    /// let writer = index.writer()?;
    /// let mut grant = Document::new("grant", "The port receives a grant.");
    /// grant.metadata.insert("desk".to_owned(), "Trade".to_owned());
    /// grant.metadata.insert("amount".to_owned(), "1,250".to_owned());
    /// writer.add(&grant)?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// assert_eq!(searcher.search(&Query::new("port desk:trade amount:>=1000"))?.total, 1);
    /// assert_eq!(searcher.search(&Query::new("port amount:<1000"))?.total, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::IndexExists`] if `dir` holds an index, [`Error::NotAnIndex`] if `dir` holds other files, [`Error::Io`]
    /// if `dir` cannot be written.
    pub fn create_with(dir: impl AsRef<Path>, options: impl Into<IndexOptions>) -> Result<Self> {
        let dir = dir.as_ref();
        if Self::exists(dir)? {
            return Err(Error::IndexExists(dir.to_owned()));
        }
        IndexWriter::rebuild(dir, options)?.commit()?;
        Self::open(dir)
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
    /// analyzer than this program, [`Error::Damaged`] if the index cannot be read.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        Ok(Self { handle: IndexHandle::open(dir.as_ref())? })
    }

    /// Returns an empty index in memory. The index lives as long as this value and its clones.
    ///
    /// # Panics
    ///
    /// Panics if tantivy cannot create an index in memory. No input and no state of the machine leads to this failure.
    pub fn in_memory() -> Self {
        Self::in_memory_with(IndexOptions::default())
    }

    /// Returns an empty index in memory with these options.
    ///
    /// # Panics
    /// Panics if tantivy cannot create an index in memory, see [`Index::in_memory`].
    #[expect(clippy::expect_used, reason = "an index in memory has no files that could be missing")]
    pub fn in_memory_with(options: impl Into<IndexOptions>) -> Self {
        let IndexOptions { chinese, fields } = options.into();
        let (schema, _) = schema::schema();
        let directory = tantivy::directory::RamDirectory::create();
        let settings = schema::index_settings();
        let tantivy_index = tantivy::Index::create(directory.clone(), schema, settings);
        let tantivy_index = tantivy_index.expect("an index in memory can always be created");
        let analyzer = Analyzer::new(chinese);
        let fields = fields.into();
        let generation =
            GenerationHandle::new(Path::new(""), 0, tantivy_index, directory, analyzer, fields);
        let generation = generation.expect("an empty index can always be read");
        Self { handle: IndexHandle::new(None, generation) }
    }

    /// Returns whether `dir` holds an index.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if `dir` cannot be read, [`Error::Damaged`] if `CURRENT` is damaged.
    pub fn exists(dir: impl AsRef<Path>) -> Result<bool> {
        Ok(generation::current_number(dir.as_ref())?.is_some())
    }

    /// Returns a writer that changes this index. At most one writer exists at a time. Searches continue to read the
    /// last commit.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another writer exists, in this or another process.
    pub fn writer(&self) -> Result<IndexWriter> {
        IndexWriter::open(&self.handle)
    }

    /// Returns a writer for a dry run. An update with this writer reports the changes, but writes nothing and takes no
    /// lock.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn dry_run(&self) -> Result<IndexWriter> {
        IndexWriter::dry_run(&self.handle)
    }

    /// Returns the option for the analysis of Chinese text with which the index was created.
    pub fn chinese(&self) -> Chinese {
        self.handle.generation().analyzer.chinese()
    }

    /// Returns the declared fields with which the index was created.
    pub fn declared_fields(&self) -> DeclaredFields {
        (*self.handle.generation().declared_fields).clone()
    }

    /// Sets the word lists that new searchers of this index and its clones use, instead of the word lists in the folder
    /// of the index.
    pub fn set_word_lists(&self, word_lists: WordLists) {
        self.handle.set_word_lists(word_lists);
    }

    /// Returns the word lists that new searchers use: the lists of [`set_word_lists`](Self::set_word_lists), or the
    /// lists in the folder of the index. The lists in the folder are read again when a file changes. `None` if there
    /// are no word lists.
    pub fn word_lists(&self) -> Option<Arc<WordLists>> {
        self.handle.word_lists()
    }

    /// Returns an opaque name of the last commit of this or any other process. Two commits never have equal names, even
    /// if a rebuild takes place between the two commits. The name also changes when the word lists change. This method
    /// reads only one small file, so a program may call it before every search.
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
    /// // A searcher reads the commit that was the last one when the searcher was created.
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
    /// [`Error::NoIndex`] if the index has been removed, [`Error::Damaged`] if the index cannot be read.
    pub fn version(&self) -> Result<String> {
        self.handle.version()
    }

    /// Returns the size of the index after the last commit of this or any other process.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the commit cannot be read.
    pub fn stats(&self) -> Result<IndexStats> {
        statistics::stats(&self.handle)
    }

    /// Returns statistics of the documents and source files in the last commit. Takes time proportional to the number
    /// of documents, because this method reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the commit cannot be read.
    pub fn overview(&self) -> Result<Overview> {
        statistics::overview(&self.handle)
    }

    /// Returns the folder of the index; `None` for an index in memory.
    pub fn dir(&self) -> Option<&Path> {
        self.handle.dir()
    }

    /// Copies the last commit into the new or empty folder `out`, as an independent index. To restore the index, copy
    /// `out` back.
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
    /// [`Error::InvalidArgument`] if `out` is not empty or the index is in memory, [`Error::Damaged`] if files of the
    /// index are missing, [`Error::Io`] if `out` cannot be written. After an error, the incomplete copy is removed.
    pub fn snapshot(&self, out: impl AsRef<Path>) -> Result<()> {
        let Some(dir) = self.dir() else {
            return Err(Error::invalid("index", "an index in memory has no files to copy"));
        };
        storage::backup::copy_last_commit(dir, out.as_ref())
    }

    /// Checks the index in `dir` for damage: compares every file of the last commit with its checksum, and every
    /// document with its hash. Other processes may write and read the index during the check.
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
    /// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
    /// analyzer than this program, [`Error::Io`] if a file cannot be read. Damage is not an error but part of the
    /// result.
    pub fn check(dir: impl AsRef<Path>) -> Result<Check> {
        recovery::check(dir.as_ref())
    }

    /// Reads every source file. Returns the files that have changed since they were indexed or that cannot be read,
    /// sorted by path. Does not compare a file that could not be read in full when it was indexed.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the index cannot be read.
    pub fn changed_sources(&self) -> Result<Vec<ChangedSource>> {
        recovery::changed_sources(&self.last_commit()?)
    }

    /// Repairs the index in `dir`: copies the undamaged documents into a new index, and reads all other documents again
    /// from their source files. The damaged index stays in use until the new index is complete. If the index is
    /// undamaged, changes nothing and returns `None`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
    /// analyzer than this program, [`Error::Locked`] if a writer exists, in this or another process, [`Error::Damaged`]
    /// if nothing can be read, [`Error::Stopped`] if `progress` stops the repair. After an error, the damaged index
    /// stays in use.
    pub fn repair(
        dir: impl AsRef<Path>,
        options: &UpdateOptions,
        progress: &impl Progress,
    ) -> Result<Option<Repair>> {
        recovery::repair(dir.as_ref(), options, progress)
    }

    /// Returns a snapshot of the last commit of this or any other process.
    pub(crate) fn last_commit(&self) -> Result<Snapshot> {
        self.handle.last_commit()
    }
}
