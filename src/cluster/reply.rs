//! What a cluster answers to a search, as far as it is read: straight from its bytes, for most of them are entries.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    index::Entry,
};

/// The answer to one search.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Found {
    #[serde(rename = "_shards")]
    shards: Shards,
    hits: Hits,
    pub(super) aggregations: Value,
    /// Why there is none, with the status of the answer.
    pub(super) error: Option<Value>,
    pub(super) status: u16,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shards {
    total: u64,
    successful: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hits {
    total: Total,
    hits: Vec<Hit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Total {
    value: u64,
}

/// A document of the cluster that was found.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Hit {
    #[serde(rename = "_source")]
    pub(super) source: Source,
    /// Where it stands in the order that was asked for.
    pub(super) sort: Value,
}

/// What is shown of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Source {
    pub(super) entry: Option<Entry>,
    /// The record of the document that a passage is of.
    pub(super) head: Option<Entry>,
    pub(super) term: Option<String>,
}

impl Found {
    /// How much was found, whatever of it is here.
    pub(super) const fn total(&self) -> u64 {
        self.hits.total.value
    }

    pub(super) fn hits(&self) -> &[Hit] {
        &self.hits.hits
    }

    pub(super) fn into_hits(self) -> Vec<Hit> {
        self.hits.hits
    }

    /// How many shards did not answer, of how many.
    pub(super) fn missing(&self) -> Option<(u64, u64)> {
        let Shards { total, successful } = self.shards;
        (successful < total).then(|| (total - successful, total))
    }

    /// An error where shards did not answer.
    pub(super) fn whole(&self) -> Result<()> {
        self.missing().map_or(Ok(()), |(failed, all)| {
            Err(Error::Cluster(format!(
                "lacks {failed} of {all} shards: wait until its nodes are back"
            )))
        })
    }
}
