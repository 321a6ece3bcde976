//! Empty replacements of the cluster options, for a build without the feature `cluster`.

use clap::Args;

use crate::{
    cluster::{Address, Layout},
    error::Result,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct ClusterAddressArgs {}

impl ClusterAddressArgs {
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "signature of a build with `cluster`"
    )]
    pub(in crate::cli) fn cluster_address(self) -> Result<Option<Address>> {
        Ok(None)
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShardLayoutArgs {}

impl From<&ShardLayoutArgs> for Layout {
    fn from(_: &ShardLayoutArgs) -> Self {
        Self
    }
}
