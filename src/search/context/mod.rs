//! Everything that a search reads, as one value that is handed from stage to stage.
//!
//! An opened commit comes in; readers, analyzer, statistics and the root of source paths go out. Open this file first;
//! `source_paths.rs` translates between full paths and paths below the root.

mod source_paths;

use std::sync::{Arc, OnceLock};

pub(super) use self::source_paths::{chosen_facets, relative_path, resolve_filters};
use super::{
    ranking::CollectionStats,
    reader::{IndexReader, SegmentView},
    statistics::{LocalStatistics, Statistics},
};
use crate::{
    analysis::Analyzer,
    error::Result,
    index::{self, Snapshot},
};

/// A snapshot of an index with its analyzer and the statistics of the collection. A clone is cheap.
#[derive(Clone)]
pub(super) struct SearchContext {
    /// Segments of this machine: all of the index, or the passages fetched from a remote one.
    pub(super) reader: IndexReader,
    pub(super) analyzer: Analyzer,
    /// Answers for the whole collection.
    pub(super) statistics: Arc<dyn Statistics>,
    /// Folder that paths of source files begin with; looked up on first use.
    pub(super) root: Arc<OnceLock<String>>,
}

impl SearchContext {
    /// Opens a snapshot of which every segment is on this machine.
    pub(super) fn local(snapshot: Snapshot) -> Result<Self> {
        let Snapshot { inner, fields, analyzer, .. } = snapshot;
        let reader = IndexReader::open(inner, fields)?;
        let statistics = Arc::new(LocalStatistics::new(reader.clone())?);
        Ok(Self { reader, analyzer, statistics, root: Arc::default() })
    }

    /// Returns a view of every segment.
    pub(super) fn segments(&self) -> Vec<SegmentView<'_>> {
        self.reader.segments().collect()
    }

    /// Returns the size of the whole collection.
    pub(super) fn collection(&self) -> CollectionStats {
        self.statistics.collection()
    }

    /// Returns the folder that the paths of all source files begin with and that is not shown.
    pub(super) fn root(&self) -> Result<&str> {
        if let Some(root) = self.root.get() {
            return Ok(root);
        }
        let root = index::root(&self.reader.searcher, self.reader.fields)?;
        Ok(self.root.get_or_init(|| root))
    }
}
