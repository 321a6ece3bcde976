//! Substitutes for `Address`, `Cluster` and `Layout` in a build without the feature `cluster`. No value of `Address` or
//! `Cluster` can exist, so the front ends need no conditional code for an index on a cluster.

use std::{convert::Infallible, fmt, path::Path};

use crate::{
    analysis::Chinese,
    error::Result,
    index::{IndexStats, IndexWriter, Overview},
    search::{IndexBackend, Searcher},
};

/// Address of an index on a cluster.
#[derive(Debug, Clone)]
pub(crate) struct Address(Infallible);

/// Connection to an index on a cluster.
#[derive(Debug)]
pub(crate) struct Cluster(Infallible);

/// Number of shards and replicas of a new index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout;

impl fmt::Display for Address {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signatures of the real type")]
impl Cluster {
    pub(crate) fn connect(address: Address) -> Result<Self> {
        match address.0 {}
    }

    pub(crate) fn open(address: Address) -> Result<Searcher> {
        match address.0 {}
    }

    pub(crate) fn writer(&self, _: bool, _: Layout, _: Option<Chinese>) -> Result<IndexWriter> {
        match self.0 {}
    }

    pub(crate) fn overview(&self) -> Result<Overview> {
        match self.0 {}
    }
}

impl IndexBackend for Cluster {
    fn searcher(&self) -> Result<Searcher> {
        match self.0 {}
    }

    fn version(&self) -> Result<String> {
        match self.0 {}
    }

    fn stats(&self) -> Result<IndexStats> {
        match self.0 {}
    }

    fn writer(&self) -> Result<IndexWriter> {
        match self.0 {}
    }

    fn dirs(&self) -> Vec<&Path> {
        match self.0 {}
    }
}
