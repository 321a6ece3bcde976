//! Shared handle to the open generation (the complete set of files in use) of one index.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{IndexMeta, TantivyError, index::SegmentId};

use super::{error::engine_error, generation, open::GenerationHandle, word_lists::WordListSource};
use crate::{
    analysis::{Analyzer, WordLists},
    document::DeclaredFields,
    error::{Error, Result, catch_panic},
    index::{
        schema::{self, Fields},
        stored::content_hash,
    },
};

/// Number of hexadecimal digits in the name of a commit.
const VERSION_DIGIT_COUNT: usize = 16;

/// Shared handle to the current generation of an index, in a folder or in memory. Clones share the generation. After
/// another process has rebuilt the index, the handle opens the new generation.
#[derive(Clone)]
pub(in crate::index) struct IndexHandle {
    dir: Option<PathBuf>,
    fields: Fields,
    current_generation: Arc<Mutex<GenerationHandle>>,
    /// Word lists of the user, as last read.
    word_lists: Arc<Mutex<WordListSource>>,
}

/// Searcher of one commit, with the field handles, the analyzer and the declared fields that a search needs.
pub(crate) struct Snapshot {
    pub(crate) searcher: tantivy::Searcher,
    pub(crate) fields: Fields,
    pub(crate) analyzer: Analyzer,
    pub(crate) declared_fields: Arc<DeclaredFields>,
    /// Name of the commit; empty for a temporary index that was built from entries.
    pub(crate) version: Arc<str>,
}

/// Last commit of an index: its files, and the list of its segments.
pub(in crate::index) struct Commit {
    pub(in crate::index) generation: GenerationHandle,
    /// List of the segments, as tantivy stores it.
    pub(in crate::index) index_meta: IndexMeta,
    /// Opaque name of the commit, which also depends on the word lists of the user.
    pub(in crate::index) version: String,
}

impl IndexHandle {
    /// Opens the index in `dir`.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if `dir` holds no index, [`Error::Incompatible`] if the index has another format or another
    /// analyzer than this program, [`Error::Damaged`] or [`Error::Io`] if the index cannot be read.
    pub(in crate::index) fn open(dir: &Path) -> Result<Self> {
        Ok(Self::new(Some(dir.to_owned()), catch_panic(|| GenerationHandle::open(dir))?))
    }

    pub(in crate::index) fn new(dir: Option<PathBuf>, generation: GenerationHandle) -> Self {
        let (_, fields) = schema::schema();
        let current_generation = Arc::new(Mutex::new(generation));
        Self { dir, fields, current_generation, word_lists: Arc::default() }
    }

    /// Returns the folder of the index; `None` for an index in memory.
    pub(in crate::index) fn dir(&self) -> Option<&Path> {
        self.dir.as_deref()
    }

    pub(in crate::index) const fn fields(&self) -> Fields {
        self.fields
    }

    /// Returns the generation that is open now. Does not check whether a rebuild has replaced this generation.
    pub(in crate::index) fn generation(&self) -> GenerationHandle {
        self.current_generation.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reloads the reader, so that searches read the last commit of this or any other process.
    pub(in crate::index) fn reload(&self) -> Result<()> {
        self.read_newest_generation(|generation| generation.reader.reload()).map(drop)
    }

    /// Returns a snapshot of the last commit of this or any other process.
    pub(in crate::index) fn last_commit(&self) -> Result<Snapshot> {
        self.reload()?;
        let GenerationHandle { number, reader, analyzer, declared_fields, .. } = self.generation();
        let searcher = reader.searcher();
        let mut word_lists = self.word_lists.lock().unwrap_or_else(PoisonError::into_inner);
        let (word_lists, word_list_version) = word_lists.read(self.dir());
        let commit = commit_name(number, searcher.generation().segments());
        let version = commit_name_with_word_lists(commit, word_list_version).into();
        let analyzer = analyzer.with_word_lists(word_lists);
        Ok(Snapshot { searcher, fields: self.fields, analyzer, declared_fields, version })
    }

    /// Sets the word lists of the user, instead of the word lists in the folder of the index.
    pub(in crate::index) fn set_word_lists(&self, word_lists: WordLists) {
        let mut source = self.word_lists.lock().unwrap_or_else(PoisonError::into_inner);
        *source = WordListSource::Memory(Arc::new(word_lists));
    }

    /// Returns the word lists of the user. `None` if there are no lists.
    pub(in crate::index) fn word_lists(&self) -> Option<Arc<WordLists>> {
        let mut source = self.word_lists.lock().unwrap_or_else(PoisonError::into_inner);
        source.read(self.dir()).0
    }

    /// Returns an opaque name of the last commit of this or any other process. The name also changes when the word
    /// lists of the user change. Reads one small file.
    pub(in crate::index) fn version(&self) -> Result<String> {
        Ok(self.read_last_commit()?.version)
    }

    /// Returns the files and the segments of the last commit of this or any other process. Reads one small file.
    pub(in crate::index) fn read_last_commit(&self) -> Result<Commit> {
        let (generation, index_meta) =
            self.read_newest_generation(|generation| generation.tantivy_index.load_metas())?;
        let segments =
            index_meta.segments.iter().map(|segment| (segment.id(), segment.delete_opstamp()));
        let word_lists = self.word_lists.lock().unwrap_or_else(PoisonError::into_inner);
        let word_list_version = word_lists.version(self.dir());
        let commit_name = commit_name(generation.number, &segments.collect());
        let version = commit_name_with_word_lists(commit_name, word_list_version);
        Ok(Commit { generation, index_meta, version })
    }

    /// Converts an error of tantivy to an error that names the folder of the index.
    pub(in crate::index) fn engine_error(&self, error: TantivyError) -> Error {
        engine_error(self.dir.as_deref().unwrap_or(Path::new("")), error)
    }

    /// Opens the generation in use and calls `read` on it. If `read` fails because a rebuild has just replaced the
    /// generation, calls `read` again on the new generation.
    fn read_newest_generation<T>(
        &self,
        read: impl Fn(&GenerationHandle) -> tantivy::Result<T>,
    ) -> Result<(GenerationHandle, T)> {
        loop {
            self.open_current_generation()?;
            let generation = self.generation();
            match read(&generation) {
                Ok(value) => return Ok((generation, value)),
                Err(_) if self.is_generation_replaced(generation.number)? => {}
                Err(error) => return Err(self.engine_error(error)),
            }
        }
    }

    /// Opens the generation that `CURRENT` names if this generation is not open yet.
    fn open_current_generation(&self) -> Result<()> {
        let mut current_generation =
            self.current_generation.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dir) = &self.dir
            && self.is_generation_replaced(current_generation.number)?
        {
            *current_generation = GenerationHandle::open(dir)?;
        }
        Ok(())
    }

    /// Returns whether `CURRENT` names another generation than `number`. Always `false` for an index in memory.
    fn is_generation_replaced(&self, number: u64) -> Result<bool> {
        let current_number = self.dir.as_deref().map(generation::current_number).transpose()?;
        Ok(current_number.is_some_and(|current_number| current_number != Some(number)))
    }
}

/// Returns a name that depends on the commit name `commit` and on the version of the word lists. Without word lists,
/// returns `commit`.
fn commit_name_with_word_lists(commit: String, word_list_version: Option<u64>) -> String {
    match word_list_version {
        Some(version) => short_hash(&format!("{commit} {version:x}")),
        None => commit,
    }
}

/// Returns the name of a commit: a hash of the generation number, of the ids of the segments, and of the number of the
/// last delete operation on each segment.
fn commit_name(generation: u64, segments: &BTreeMap<SegmentId, Option<u64>>) -> String {
    let segment_versions = segments.iter().map(|(id, deletes)| (id.uuid_string(), deletes));
    let segment_versions: Vec<_> = segment_versions.collect();
    short_hash(&format!("{generation} {segment_versions:?}"))
}

/// Returns the first [`VERSION_DIGIT_COUNT`] hexadecimal digits of the hash of `text`.
fn short_hash(text: &str) -> String {
    let mut hash = content_hash(text.as_bytes());
    hash.truncate(VERSION_DIGIT_COUNT);
    hash
}
