//! Where the index is that a command works on.

use std::path::PathBuf;

#[cfg(feature = "cluster")]
use crate::cluster::{Address, Cluster};
use crate::{error::Result, index::Index, search::Searcher};

/// A folder, or an index on a cluster.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) dir: PathBuf,
    #[cfg(feature = "cluster")]
    pub(super) engine: Option<Address>,
}

impl Place {
    /// The last commit.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        #[cfg(feature = "cluster")]
        if let Some(address) = &self.engine {
            return Cluster::open(address.clone());
        }
        Index::open(&self.dir)?.searcher()
    }

    /// The cluster, where the index is on one.
    #[cfg(feature = "cluster")]
    pub(super) fn cluster(&self) -> Result<Option<Cluster>> {
        self.engine.clone().map(Cluster::connect).transpose()
    }

    /// The folder; an error where the index is on a cluster.
    #[cfg_attr(
        not(feature = "cluster"),
        expect(clippy::unnecessary_wraps, reason = "with a cluster there may be no folder")
    )]
    pub(super) fn folder(&self) -> Result<&std::path::Path> {
        #[cfg(feature = "cluster")]
        if self.engine.is_some() {
            return Err(crate::error::Error::invalid("engine", 
                "this command works on an index of this machine: leave out --engine and GZ_SEARCH_ENGINE"
                    .to_owned(),
            ));
        }
        Ok(&self.dir)
    }
}
