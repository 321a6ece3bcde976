//! An index on an existing cluster of `OpenSearch` or Elasticsearch, for archives that are too large for one machine.
//! Every command gives the same answers, snippets and notes as with an *embedded index* (an index in a local folder).
//!
//! This program analyzes the texts. The cluster stores the terms of each field of an embedded index, finds candidate
//! passages, and counts terms. This program then scores the candidates with the statistics of the whole index.
//!
//! ```text
//! writer   documents → entries of an embedded index → JSON documents (wire) → bulk requests
//! search   questions of a search → query DSL → one multi-search request
//!          responses → entries → a small embedded index in memory → hits
//! copy     an embedded index → the index on the cluster, and back
//! ```
//!
//! [`Cluster`] in this file is the entry point.

mod address;
mod client;
mod copy;
mod count_cache;
mod management;
mod mapping;
mod query_dsl;
mod search;
mod search_response;
#[cfg(test)]
mod tests;
mod wire;
mod writer;

use std::{
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

pub use self::{address::Address, mapping::Layout};
use self::{
    client::{Client, Method},
    management::IndexState,
    search::ClusterSearch,
    search_response::SearchResponse,
    wire::{DOCUMENT_KIND, PASSAGE_KIND, SOURCE_KIND},
    writer::ClusterWriter,
};
pub use crate::index::remote::CopyReport;
use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
    index::{
        Entry, IndexStats, IndexWriter, Overview, Source,
        remote::{common_source_root, duplicate_file_count, overview_of, remote_writer},
    },
    search::{IndexBackend, Searcher, remote},
};

/// Index on a cluster. All clones share one client, so cloning is cheap.
#[derive(Debug, Clone)]
pub struct Cluster {
    client: Arc<Client>,
}

impl IndexBackend for Cluster {
    fn searcher(&self) -> Result<Searcher> {
        self.searcher()
    }

    fn version(&self) -> Result<String> {
        self.version()
    }

    fn stats(&self) -> Result<IndexStats> {
        self.stats()
    }

    fn writer(&self) -> Result<IndexWriter> {
        self.writer(false, Layout::default(), None)
    }

    fn dirs(&self) -> Vec<&Path> {
        Vec::new()
    }
}

impl Cluster {
    /// Connects to a cluster. Does not check whether the index exists.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster cannot be reached, rejects the credentials, or is neither `OpenSearch` nor
    /// Elasticsearch.
    pub fn connect(address: Address) -> Result<Self> {
        let client = Client::new(address)?;
        let cluster_info = client.send_expecting_success(Method::Get, "/", "")?.body_as_json();
        let version_number =
            cluster_info.pointer("/version/number").and_then(Value::as_str).unwrap_or_default();
        let major_version: Option<u32> =
            version_number.split('.').next().and_then(|digits| digits.parse().ok());
        let distribution = cluster_info.pointer("/version/distribution").and_then(Value::as_str);
        if !matches!(
            (distribution, major_version),
            (Some("opensearch"), Some(1..)) | (_, Some(7..))
        ) {
            let version = if version_number.is_empty() { "unknown" } else { version_number };
            return Err(Error::cluster(format!(
                "has an unsupported version ({version}): OpenSearch 1, Elasticsearch 7 or newer is needed"
            )));
        }
        Ok(Self { client: Arc::new(client) })
    }

    /// Returns a searcher. The searcher is not a snapshot: each search sees the current content of the cluster.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the index does not exist, or if another program created the index.
    pub fn searcher(&self) -> Result<Searcher> {
        self.searcher_of(self.client.index_state()?)
    }

    /// Connects to a cluster and opens the index. If an indexing run of the index was ever completed, sends only one
    /// request.
    ///
    /// # Errors
    ///
    /// The errors of [`connect`](Self::connect) and [`searcher`](Self::searcher).
    pub fn open(address: Address) -> Result<Searcher> {
        let client = Client::new(address.clone())?;
        let state = client.index_state()?;
        if state.creator_info.is_null() {
            return Self::connect(address)?.searcher();
        }
        Self { client: Arc::new(client) }.searcher_of(state)
    }

    /// Returns a searcher of the index whose state is `state`. Fails if another program created the index.
    fn searcher_of(&self, state: IndexState) -> Result<Searcher> {
        let IndexState { version, root, creator_info } = state;
        let creator_info = if creator_info.is_null() {
            self.client.creator_info(self.client.index_name())?
        } else {
            creator_info
        };
        let analyzer = mapping::analyzer_from_stored_info(&creator_info)?;
        remote::searcher(Arc::new(ClusterSearch::new(self.clone())), analyzer, version, root)
    }

    /// Returns a writer. Other searchers see each added document even before the commit.
    ///
    /// If `rebuild` is true, the writer fills a new index, which replaces the old index at the commit. If no index
    /// exists yet, the writer creates an index that is in use at once.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the index cannot be created, or if another program created the existing index, and
    /// [`Error::InvalidArgument`] if `chinese` differs from the setting of the index.
    pub fn writer(
        &self,
        rebuild: bool,
        layout: Layout,
        chinese: Option<Chinese>,
    ) -> Result<IndexWriter> {
        let indexes = self.client.indexes_of_alias()?;
        let newest_index = indexes.iter().max();
        if rebuild || newest_index.is_none() {
            let analyzer = Analyzer::new(chinese.unwrap_or_default());
            let index_number = newest_index.map_or(1, |(number, _)| number + 1);
            let index_name = format!("{}-{index_number:06}", self.client.index_name());
            self.client.create_index(&index_name, layout, &analyzer)?;
            // The first index is in use from the start, so that the next run can continue an interrupted run.
            if !rebuild {
                self.client.switch_alias(&index_name)?;
            }
            let writer = ClusterWriter::new(self.clone(), index_name, rebuild, &[]);
            return remote_writer(Vec::new(), analyzer, Arc::new(writer));
        }
        let analyzer = self.analyzer()?;
        if chinese.is_some_and(|chinese| chinese != analyzer.chinese()) {
            return Err(Error::invalid(
                "chinese",
                "the index was built with another setting for the segmentation of Chinese words",
            ));
        }
        // An interrupted run may have written entries that are not yet visible to searches.
        let index_name = self.client.index_name().to_owned();
        self.client.make_writes_visible(&index_name)?;
        let mut records = self.entries_of_kind(DOCUMENT_KIND)?;
        records.extend(self.entries_of_kind(SOURCE_KIND)?);
        let writer = ClusterWriter::new(self.clone(), index_name, false, &records);
        remote_writer(records, analyzer, Arc::new(writer))
    }

    /// Returns the numbers of documents, passages and duplicate files, and the size of the index. The size does not
    /// include replicas.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster does not answer.
    pub fn stats(&self) -> Result<IndexStats> {
        let count_search = |kind: &str| {
            (json!({}), search::count_search_body(&query_dsl::term_query("kind", kind)))
        };
        let responses =
            self.run_searches(&[count_search(DOCUMENT_KIND), count_search(PASSAGE_KIND)])?;
        let total_hits = |index: usize| responses.get(index).map_or(0, SearchResponse::total);
        let source_entries = self.entries_of_kind(SOURCE_KIND)?;
        let sources = source_entries
            .iter()
            .filter_map(|entry| serde_json::from_str(&entry.stored_record).ok());
        Ok(IndexStats {
            documents: total_hits(0),
            passages: total_hits(1),
            copies: duplicate_file_count(&sources.collect::<Vec<Source>>()),
            index_bytes: self.client.index_bytes()?,
        })
    }

    /// Returns the number of documents by format, language and issuer. Reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster does not answer.
    pub fn overview(&self) -> Result<Overview> {
        let analyzer = self.analyzer()?;
        let mut records = self.entries_of_kind(DOCUMENT_KIND)?;
        records.extend(self.entries_of_kind(SOURCE_KIND)?);
        let overview = overview_of(records, analyzer)?;
        Ok(Overview { stats: self.stats()?, ..overview })
    }

    /// Returns the version of the current content (see [`Index::version`](crate::Index::version)).
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster does not answer.
    pub fn version(&self) -> Result<String> {
        Ok(self.client.index_state()?.version)
    }

    /// Returns the analyzer with which the index was built.
    fn analyzer(&self) -> Result<Analyzer> {
        mapping::analyzer_from_stored_info(&self.client.creator_info(self.client.index_name())?)
    }

    /// Stores the state of an index: a new version, and the common root folder of `sources`. Then makes all written
    /// entries visible to searches.
    fn publish_state(&self, index: &str, sources: &[Entry]) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let sources =
            sources.iter().filter_map(|entry| serde_json::from_str(&entry.stored_record).ok());
        let sources: Vec<Source> = sources.collect();
        let version = format!("{:x}", now.as_nanos());
        let state =
            IndexState { version, root: common_source_root(&sources), ..IndexState::default() };
        self.client.store_index_state(index, &state)
    }
}

impl Error {
    /// Returns an [`Error::Cluster`] without a specific failure. The error message is "the cluster", followed by
    /// `message`.
    fn cluster(message: impl Into<String>) -> Self {
        Self::Cluster { failure: crate::error::ClusterFailure::Other, message: message.into() }
    }
}
