//! Location of the index on which a command works: a folder, or an address on a cluster.

use std::path::{Path, PathBuf};

use crate::{
    cluster::{Address, Cluster},
    document::DeclaredFields,
    error::Result,
    index::Index,
    search::Searcher,
};

/// Location of the index on which a command works.
#[derive(Debug)]
pub(super) struct IndexLocation {
    pub(super) dir: PathBuf,
    /// Address of an index on a cluster. `None` for an index in a folder. If the index is on a cluster, `dir` only
    /// serves to find the configuration file, and as the folder of `cluster copy`.
    pub(super) cluster_address: Option<Address>,
}

impl IndexLocation {
    /// Opens the index and returns a searcher of its last commit.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        if let Some(address) = &self.cluster_address {
            return Cluster::open(address.clone());
        }
        Index::open(&self.dir)?.searcher()
    }

    /// Returns the declared fields of the index. None if there is no index, or if it is on a cluster.
    pub(super) fn declared_fields(&self) -> DeclaredFields {
        let index = self.cluster_address.is_none().then(|| Index::open(&self.dir));
        index.and_then(Result::ok).map(|index| index.declared_fields()).unwrap_or_default()
    }

    /// Connects to the cluster. Returns `None` if the index is in a folder.
    pub(super) fn cluster(&self) -> Result<Option<Cluster>> {
        self.cluster_address.clone().map(Cluster::connect).transpose()
    }

    /// Returns the folder that contains the index.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument) if the index is on a cluster.
    pub(super) fn folder(&self) -> Result<&Path> {
        if self.cluster_address.is_some() {
            return Err(crate::error::Error::invalid(
                "engine",
                "this command needs an index in a folder: omit --engine and unset GZ_SEARCH_ENGINE",
            ));
        }
        Ok(&self.dir)
    }
}
