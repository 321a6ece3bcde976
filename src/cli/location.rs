//! Location of the index on which a command works: a folder, several folders, or an address on a cluster.

use std::path::{Path, PathBuf};

use crate::{
    cluster::{Address, Cluster},
    document::DeclaredFields,
    error::{Error, Result},
    index::{Index, Indexes},
    search::Searcher,
};

/// Location of the index on which a command works.
#[derive(Debug)]
pub(super) struct IndexLocation {
    /// Folder of the index, or of the first of several indexes.
    pub(super) dir: PathBuf,
    /// Folders of the other indexes, which are searched together with the first.
    further_dirs: Vec<PathBuf>,
    /// Address of an index on a cluster. `None` for an index in a folder. If the index is on a cluster, `dir` only
    /// determines the configuration file and the folder of the command `cluster copy`.
    pub(super) cluster_address: Option<Address>,
}

impl IndexLocation {
    /// Returns the location of the index in `dirs`, or at the address on a cluster.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for several folders together with an address on a cluster.
    pub(super) fn new(dirs: Vec<PathBuf>, cluster_address: Option<Address>) -> Result<Self> {
        let mut dirs = dirs.into_iter();
        let dir = dirs.next().unwrap_or_default();
        let further_dirs: Vec<PathBuf> = dirs.collect();
        if cluster_address.is_some() && !further_dirs.is_empty() {
            let reason = "an index on a cluster is searched alone: give --index once";
            return Err(Error::invalid("index", reason));
        }
        Ok(Self { dir, further_dirs, cluster_address })
    }

    /// Opens the index, or all indexes as one, and returns a searcher of the last commit.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        if let Some(address) = &self.cluster_address {
            return Cluster::open(address.clone());
        }
        Indexes::open(self.folders())?.searcher()
    }

    /// Returns the folders of the indexes that are searched as one.
    pub(super) fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.dir).chain(&self.further_dirs)
    }

    /// Returns whether the command works on a single index in a folder.
    pub(super) fn is_one_folder(&self) -> bool {
        self.cluster_address.is_none() && self.further_dirs.is_empty()
    }

    /// Returns the declared fields of the index, or of the first of several indexes. No fields if there is no index, or
    /// if the index is on a cluster.
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
    /// [`Error::InvalidArgument`] if the index is on a cluster, and for several indexes.
    pub(super) fn folder(&self) -> Result<&Path> {
        if self.cluster_address.is_some() {
            return Err(Error::invalid(
                "engine",
                "this command needs an index in a folder: omit --engine and unset GZ_SEARCH_ENGINE",
            ));
        }
        if !self.further_dirs.is_empty() {
            let reason = "this command works on one index: give --index once";
            return Err(Error::invalid("index", reason));
        }
        Ok(&self.dir)
    }
}
