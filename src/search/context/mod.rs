//! Snapshot of an index, with the data that all stages of a search use.
//!
//! [`SearchContext`] holds the segment readers, the analyzer, the statistics and the root folder of one commit. Read
//! this file first; `source_paths.rs` converts between full paths and paths relative to the root folder,
//! `document_numbers.rs` finds documents by their official number.

mod document_numbers;
mod source_paths;

use std::sync::{Arc, OnceLock};

/// Maximum mean number of passages per document at which an index counts as an index of short documents. In such an
/// index, a passage is nearly the whole document, so scores are regularized by similar hits. In other indexes, the
/// score of the whole document is used instead.
const MAX_MEAN_PASSAGES_OF_SHORT_DOCUMENTS: f64 = 2.0;

pub(super) use self::document_numbers::add_numbered_documents;
pub(super) use self::source_paths::{chosen_facet_values, relative_path, set_root_of_path_filters};
use super::{
    ranking::CollectionStats,
    reader::{FastFields, IndexReader, SegmentView},
    statistics::{LocalStatistics, Statistics},
};
use crate::{
    analysis::Analyzer,
    document::DeclaredFields,
    error::Result,
    index::{self, Snapshot},
    query::Deadline,
};

/// A snapshot of an index with its analyzer and the statistics of the collection. A clone is cheap.
#[derive(Clone)]
pub(super) struct SearchContext {
    /// Segments on this machine: the complete index, or a small index of the passages fetched from a remote
    /// index.
    pub(super) reader: IndexReader,
    pub(super) analyzer: Analyzer,
    /// Statistics of the whole collection.
    pub(super) statistics: Arc<dyn Statistics>,
    /// Innermost folder that contains all source files, with a separator at its end. Set at the first use.
    pub(super) root_folder: Arc<OnceLock<String>>,
}

impl SearchContext {
    /// Creates the context of searches in a snapshot of a local index.
    pub(super) fn of_local_index(snapshot: Snapshot) -> Result<Self> {
        let Snapshot { searcher, fields, analyzer, declared_fields, .. } = snapshot;
        let reader = IndexReader::open(searcher, fields, declared_fields)?;
        let statistics = Arc::new(LocalStatistics::new(reader.clone())?);
        Ok(Self { reader, analyzer, statistics, root_folder: Arc::default() })
    }

    /// Returns the context of one request to a local index, in which every read after `deadline` fails.
    pub(super) fn with_deadline(&self, deadline: Deadline) -> Self {
        let reader = self.reader.with_deadline(deadline);
        let statistics = Arc::new(LocalStatistics::from_counted(reader.clone(), self.collection()));
        Self { reader, statistics, ..self.clone() }
    }

    /// Returns the declared fields of the index. An index on a cluster has none.
    pub(super) fn declared_fields(&self) -> &DeclaredFields {
        &self.reader.declared_fields
    }

    /// Returns a copy of the context without the word lists of the user, such as the list of synonyms.
    pub(super) fn without_word_lists(&self) -> Self {
        let context = self.clone();
        Self { analyzer: context.analyzer.with_word_lists(None), ..context }
    }

    /// Returns the deadline of the request.
    pub(super) const fn deadline(&self) -> Deadline {
        self.reader.deadline
    }

    /// Returns a view of each segment on this machine.
    pub(super) fn segments(&self) -> Vec<SegmentView<'_>> {
        self.reader.segments().collect()
    }

    /// Returns the number of passages and the number of token positions in the whole collection.
    pub(super) fn collection(&self) -> CollectionStats {
        self.statistics.collection()
    }

    /// Returns whether documents have more than [`MAX_MEAN_PASSAGES_OF_SHORT_DOCUMENTS`] passages on average. False if
    /// the segments on this machine are not the complete index.
    pub(super) fn has_long_documents(&self) -> bool {
        self.mean_passages_per_document() > MAX_MEAN_PASSAGES_OF_SHORT_DOCUMENTS
    }

    /// Returns the mean number of passages of a document. 1 if the segments on this machine are not the complete index.
    fn mean_passages_per_document(&self) -> f64 {
        let segments = self.reader.segments();
        let document_counts = segments
            .map(|segment| segment.columns.live_document_count_and_total_length(segment.reader).0);
        let document_count: u64 = document_counts.sum();
        if document_count == 0 || self.reader.fast_fields.iter().any(FastFields::is_partial) {
            return 1.0;
        }
        self.collection().passage_count as f64 / document_count as f64
    }

    /// Returns the innermost folder that contains all source files, with a separator at its end. Results show paths
    /// relative to this folder.
    pub(super) fn root_folder(&self) -> Result<&str> {
        if let Some(root) = self.root_folder.get() {
            return Ok(root);
        }
        let root = index::common_root_folder(&self.reader.searcher, self.reader.fields)?;
        Ok(self.root_folder.get_or_init(|| root))
    }
}
