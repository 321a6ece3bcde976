//! Several indexes that are searched as one.
//!
//! The segments of all indexes become the segments of one index, which lives in memory as a list of files. A search
//! therefore has the statistics, the scores and the order of one index with all documents. `hidden_entries.rs` finds
//! the documents that an earlier index also contains. Read `open_union` first.

mod hidden_entries;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize as _;
use serde_json::{Value, json};
use tantivy::{
    BitSet, Directory, DocId, Searcher, SegmentOrdinal,
    directory::{ManagedDirectory, RamDirectory, TerminatingWrite},
    fastfield::write_alive_bitset,
    index::SegmentId,
};

use self::hidden_entries::entries_to_hide;
use super::{
    Index, IndexStats, IndexWriter, schema, statistics,
    storage::{
        Commit, GenerationHandle, Snapshot, engine_error, meta_file::META_FILE,
        union_directory::UnionDirectory, wrap_engine_error,
    },
    stored::content_hash,
};
use crate::{
    analysis::Analyzer,
    error::{Error, Result, catch_panic},
};

/// Maximum number of attempts to open the files of all indexes while writers replace files.
const MAX_OPEN_ATTEMPTS: usize = 5;
/// Number of hexadecimal digits in the version of a union of indexes.
const VERSION_DIGIT_COUNT: usize = 16;

/// Several indexes that are searched as one, as if one index had all their documents: scores, order and totals are the
/// same. If several indexes have a document with the same id, a search finds only the document of the first of these
/// indexes. Clones are cheap.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query, index::Indexes};
///
/// let (ports, rails) = (Index::in_memory(), Index::in_memory());
/// for (index, id, text) in [
///     (&ports, "port", "The port grew."),
///     (&rails, "rail", "Rails to the port grew."),
///     (&rails, "port", "Another text with the id of the first."),
/// ] {
///     let writer = index.writer()?;
///     writer.add(&Document::new(id, text))?;
///     writer.commit()?;
/// }
/// let searcher = Indexes::new([ports, rails])?.searcher()?;
/// let hits = searcher.search(&Query::new("port"))?.hits;
/// let ids: Vec<&str> = hits.iter().map(|hit| hit.document.id.as_str()).collect();
/// assert_eq!(ids, ["port", "rail"]);
/// assert_eq!(searcher.search(&Query::new("another").strict(true))?.total, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Indexes {
    /// The indexes, at least one, in order of precedence.
    indexes: Vec<Index>,
}

impl Indexes {
    /// Opens the indexes in the folders.
    ///
    /// # Errors
    ///
    /// The errors of [`Index::open`] and of [`Indexes::new`].
    pub fn open(dirs: impl IntoIterator<Item: AsRef<Path>>) -> Result<Self> {
        Self::new(dirs.into_iter().map(Index::open).collect::<Result<Vec<_>>>()?)
    }

    /// Returns the union of the indexes. If several indexes contain a document with the same id, a search finds only
    /// the document of the first of these indexes. If several indexes contain a record of the same source file, the
    /// first record counts. The word lists of the first index apply to queries.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if there is no index, if an index occurs twice, and if the indexes analyze Chinese
    /// text differently or declare different fields.
    pub fn new(indexes: impl IntoIterator<Item = Index>) -> Result<Self> {
        let indexes: Vec<Index> = indexes.into_iter().collect();
        let Some((first, others)) = indexes.split_first() else {
            return Err(Error::invalid("index", "at least one index is needed"));
        };
        for other in others {
            let problem = if other.chinese() != first.chinese() {
                "were created with other settings for Chinese text"
            } else if other.declared_fields() != first.declared_fields() {
                "declare different fields"
            } else {
                continue;
            };
            return Err(Error::invalid(
                "index",
                format!("{}: the indexes {problem}", joined_folder_paths(&indexes)),
            ));
        }
        let folders: Vec<_> =
            indexes.iter().filter_map(Index::dir).map(Path::canonicalize).collect();
        let distinct: BTreeSet<_> = folders.iter().flatten().collect();
        if distinct.len() < folders.iter().flatten().count() {
            let problem = format!("{}: one index is given twice", joined_folder_paths(&indexes));
            return Err(Error::invalid("index", problem));
        }
        Ok(Self { indexes })
    }

    /// Returns an opaque name of the last commits of all indexes, as [`Index::version`] does for one index. Reads one
    /// small file of each index.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] if an index has been removed, [`Error::Damaged`] if an index cannot be read.
    pub fn version(&self) -> Result<String> {
        let versions = self.indexes.iter().map(Index::version).collect::<Result<Vec<_>>>()?;
        Ok(joined_version(&versions))
    }

    /// Returns the size of all indexes after the last commit of each. If several indexes have a document with the same
    /// id, the document counts once.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if a commit cannot be read.
    pub fn stats(&self) -> Result<IndexStats> {
        statistics::snapshot_stats(&self.last_commits()?, self.dirs())
    }

    /// Returns a writer of the only index.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for several indexes, [`Error::Locked`] if another writer exists.
    pub(crate) fn writer(&self) -> Result<IndexWriter> {
        match self.indexes.as_slice() {
            [index] => index.writer(),
            _ => Err(Error::invalid(
                "index",
                "several indexes that are searched as one cannot be changed",
            )),
        }
    }

    /// Returns whether there are several indexes, so that [`writer`](Self::writer) fails.
    pub(crate) fn is_read_only(&self) -> bool {
        self.indexes.len() > 1
    }

    /// Returns the folders of the indexes, without indexes in memory.
    pub(crate) fn dirs(&self) -> impl Iterator<Item = &Path> {
        self.indexes.iter().filter_map(Index::dir)
    }

    /// Returns a snapshot of the last commit of each index.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if an index cannot be read, [`Error::InvalidArgument`] if one index is a copy of another.
    pub(crate) fn last_commits(&self) -> Result<Snapshot> {
        if let [index] = self.indexes.as_slice() {
            return index.last_commit();
        }
        let mut attempt = 1;
        loop {
            match catch_panic(|| open_union(&self.indexes)) {
                Err(Error::InvalidArgument { argument, reason }) => {
                    return Err(Error::InvalidArgument { argument, reason });
                }
                // A writer may have removed files after the lists of files were read and before the files were opened.
                Err(_) if attempt < MAX_OPEN_ATTEMPTS => attempt += 1,
                snapshot => return snapshot,
            }
        }
    }
}

/// Returns the paths of the folders of the indexes, separated by commas, for messages.
fn joined_folder_paths(indexes: &[Index]) -> String {
    let folders = indexes.iter().filter_map(Index::dir).map(|dir| dir.display().to_string());
    folders.collect::<Vec<_>>().join(", ")
}

/// Opens the last commits of all indexes as one index, without the documents and source files that an earlier index
/// contains.
fn open_union(indexes: &[Index]) -> Result<Snapshot> {
    let commits =
        indexes.iter().map(|index| index.handle.read_last_commit()).collect::<Result<Vec<_>>>()?;
    let Some(Commit { generation, .. }) = commits.first() else {
        return Err(Error::invalid("index", "at least one index is needed"));
    };
    let index_numbers_by_segment = index_numbers_by_segment(indexes, &commits)?;
    let union = UnionIndex {
        path: joined_folder_paths(indexes).into(),
        directory: UnionDirectory {
            own_files: RamDirectory::create(),
            index_directories: commits
                .iter()
                .map(|commit| commit.generation.directory.clone())
                .collect(),
        },
        analyzer: generation.analyzer.clone(),
    };
    let mut segment_list = joined_segment_list(&commits)?;
    let (_, fields) = schema::schema();
    let mut searcher = union.open_segments(&segment_list)?;
    let hidden = entries_to_hide(&searcher, fields, &index_numbers_by_segment)?;
    if !hidden.is_empty() {
        union.hide_entries(&hidden, &searcher, &mut segment_list)?;
        searcher = union.open_segments(&segment_list)?;
    }
    let word_lists = indexes.first().and_then(Index::word_lists);
    let versions: Vec<String> = commits.iter().map(|commit| commit.version.clone()).collect();
    Ok(Snapshot {
        searcher,
        fields,
        analyzer: union.analyzer.with_word_lists(word_lists),
        declared_fields: Arc::clone(&generation.declared_fields),
        version: joined_version(&versions).into(),
    })
}

/// Returns the version of several indexes together: a hash of `versions`, the versions of the indexes. For one index,
/// returns its version.
fn joined_version(versions: &[String]) -> String {
    if let [version] = versions {
        return version.clone();
    }
    let mut joined = content_hash(versions.join(" ").as_bytes());
    joined.truncate(VERSION_DIGIT_COUNT);
    joined
}

/// Returns, for each segment, the number of the index that contains the segment. The number of an index is its position
/// in `indexes`, from 0.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if two indexes have a segment in common, because one is a copy of the other.
fn index_numbers_by_segment(
    indexes: &[Index],
    commits: &[Commit],
) -> Result<BTreeMap<SegmentId, usize>> {
    let mut index_numbers_by_segment = BTreeMap::new();
    for (number, commit) in commits.iter().enumerate() {
        for segment in &commit.index_meta.segments {
            if index_numbers_by_segment.insert(segment.id(), number).is_some() {
                let problem =
                    format!("{}: one index is a copy of another", joined_folder_paths(indexes));
                return Err(Error::invalid("index", problem));
            }
        }
    }
    Ok(index_numbers_by_segment)
}

/// Returns the list of the segments of all commits, in the form of the meta file of tantivy.
fn joined_segment_list(commits: &[Commit]) -> Result<Value> {
    let mut joined: Option<Value> = None;
    for commit in commits {
        let mut list = serde_json::to_value(&commit.index_meta).map_err(wrap_engine_error)?;
        match &mut joined {
            None => joined = Some(list),
            Some(joined) => {
                if let (Some(all), Some(further)) =
                    (joined["segments"].as_array_mut(), list["segments"].as_array_mut())
                {
                    all.append(further);
                }
            }
        }
    }
    Ok(joined.unwrap_or_default())
}

/// Index that joins the segments of several indexes.
struct UnionIndex {
    /// Folders of the indexes, for messages.
    path: PathBuf,
    directory: UnionDirectory,
    analyzer: Analyzer,
}

impl UnionIndex {
    /// Opens the segments in `segment_list`, and returns a searcher of these segments.
    fn open_segments(&self, segment_list: &Value) -> Result<Searcher> {
        let bytes = segment_list.to_string().into_bytes();
        let to_error = |error| engine_error(&self.path, error);
        let written = self.directory.atomic_write(Path::new(META_FILE), &bytes);
        written.map_err(|error| to_error(error.into()))?;
        let index = tantivy::Index::open(self.directory.clone()).map_err(to_error)?;
        let (analyzer, fields) = (self.analyzer.clone(), Arc::default());
        let generation =
            GenerationHandle::new(&self.path, 0, index, self.directory.clone(), analyzer, fields)?;
        Ok(generation.reader.searcher())
    }

    /// Marks the entries `hidden` of the opened segments as deleted, in files of the union and in `segment_list`.
    fn hide_entries(
        &self,
        hidden: &BTreeMap<SegmentOrdinal, BTreeSet<DocId>>,
        searcher: &Searcher,
        segment_list: &mut Value,
    ) -> Result<()> {
        let to_error = |error| engine_error(&self.path, error);
        let own_files = self.directory.own_files.clone();
        let files = ManagedDirectory::wrap(Box::new(own_files)).map_err(to_error)?;
        for (ordinal, entries) in hidden {
            let segment = searcher.segment_reader(*ordinal);
            let mut alive = BitSet::with_max_value_and_full(segment.max_doc());
            let is_deleted = |entry: &DocId| segment.is_deleted(*entry) || entries.contains(entry);
            (0..segment.max_doc()).filter(is_deleted).for_each(|entry| alive.remove(entry));
            let segment_id = segment.segment_id();
            let opstamp = segment.delete_opstamp().unwrap_or_default();
            let name = format!("{}.{opstamp}.del", segment_id.uuid_string());
            let write = || -> tantivy::Result<()> {
                let mut file = files.open_write(Path::new(&name))?;
                write_alive_bitset(&alive, &mut file)?;
                file.terminate().map_err(Into::into)
            };
            write().map_err(to_error)?;
            let deleted_count = segment.max_doc() as usize - alive.len();
            let deletes = json!({"num_deleted_docs": deleted_count, "opstamp": opstamp});
            for listed in segment_list["segments"].as_array_mut().into_iter().flatten() {
                if SegmentId::deserialize(&listed["segment_id"]).is_ok_and(|id| id == segment_id) {
                    listed["deletes"] = deletes.clone();
                }
            }
        }
        Ok(())
    }
}
