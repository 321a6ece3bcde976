//! Responses of a cluster to searches, deserialized directly from bytes to index entries, without a JSON tree.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    index::Entry,
};

/// Response of the cluster to one search.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SearchResponse {
    #[serde(rename = "_shards")]
    shards: ShardCounts,
    hits: Hits,
    /// Results of the aggregations (counts over all matches), by name of the aggregation.
    pub(super) aggregations: Value,
    /// Error object of a failed search.
    pub(super) error: Option<Value>,
    /// HTTP status of a failed search.
    pub(super) status: u16,
}

/// Number of shards that a search covers, and number of shards that answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShardCounts {
    total: u64,
    successful: u64,
}

/// Hits in a response, and the number of all matching cluster documents.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hits {
    total: TotalHits,
    hits: Vec<ClusterHit>,
}

/// Number of cluster documents that match a search, as the cluster nests it in a response.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TotalHits {
    value: u64,
}

/// Cluster document that matches a search.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClusterHit {
    #[serde(rename = "_source")]
    pub(super) source: HitSource,
    /// Sort values of the hit. A request for the next page passes these values as `search_after`.
    pub(super) sort: Value,
}

/// Stored fields of a hit. The response contains only the fields that the search requested.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HitSource {
    /// Entry of the index that the cluster document stores.
    pub(super) entry: Option<Entry>,
    /// Record of the document that contains the passage of the hit.
    #[serde(rename = "head")]
    pub(super) document_record: Option<Entry>,
    /// Term of a cluster document that holds a distinct term.
    pub(super) term: Option<String>,
}

impl SearchResponse {
    /// Returns the number of all matching cluster documents. The response may contain fewer hits.
    pub(super) const fn total(&self) -> u64 {
        self.hits.total.value
    }

    /// Returns the hits in the response. The response may contain fewer hits than there are matching cluster documents.
    pub(super) fn hits(&self) -> &[ClusterHit] {
        &self.hits.hits
    }

    pub(super) fn into_hits(self) -> Vec<ClusterHit> {
        self.hits.hits
    }

    /// Returns the number of shards that did not answer, and the number of all shards. `None` if all shards answered.
    pub(super) fn missing_shards(&self) -> Option<(u64, u64)> {
        let ShardCounts { total, successful } = self.shards;
        (successful < total).then(|| (total - successful, total))
    }

    /// Fails if any shard did not answer.
    pub(super) fn check_all_shards_answered(&self) -> Result<()> {
        match self.missing_shards() {
            None => Ok(()),
            Some((missing, all)) => Err(Error::cluster(format!(
                "lacks {missing} of {all} shards: wait until its nodes are back"
            ))),
        }
    }
}
