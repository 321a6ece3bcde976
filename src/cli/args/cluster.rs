//! Arguments of the commands that work on an index on a cluster.

use std::{num::NonZero, path::PathBuf};

use clap::{Args, Subcommand};

use crate::{cluster::Address, error::Result};

/// Location of an index on a cluster.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cluster (OpenSearch, Elasticsearch)")]
pub(in crate::cli) struct ClusterAddressArgs {
    /// Use the index at this cluster address instead of a folder: `http://HOST:PORT,…/NAME`
    ///
    /// Commas separate the hosts of one cluster, and the name of the index follows the last host, as in
    /// `http://10.0.0.1:9200,http://10.0.0.2:9200/news`. The environment variables `GZ_SEARCH_ENGINE_USER` and
    /// `GZ_SEARCH_ENGINE_PASSWORD`, or `GZ_SEARCH_ENGINE_API_KEY`, hold the credentials.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "GZ_SEARCH_ENGINE",
        hide_env_values = true
    )]
    pub(in crate::cli) engine: Option<String>,
    /// Trust the certificates in this PEM file instead of the certificates of the system
    #[arg(long, global = true, value_name = "FILE", env = "GZ_SEARCH_ENGINE_CA")]
    pub(in crate::cli) engine_ca: Option<PathBuf>,
}

impl ClusterAddressArgs {
    /// Returns the address of the cluster, with the credentials from the environment. `None` without `--engine`.
    pub(in crate::cli) fn cluster_address(self) -> Result<Option<Address>> {
        let Some(text) = self.engine.filter(|text| !text.is_empty()) else { return Ok(None) };
        let mut address = Address::parse(&text)?;
        let read_variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(key) = read_variable("GZ_SEARCH_ENGINE_API_KEY") {
            address = address.api_key(&key);
        } else if let Some(user) = read_variable("GZ_SEARCH_ENGINE_USER") {
            let password = read_variable("GZ_SEARCH_ENGINE_PASSWORD").unwrap_or_default();
            address = address.user(&user, &password);
        }
        if let Some(file) = self.engine_ca {
            address = address.certificate_file(file);
        }
        Ok(Some(address))
    }
}

/// Number of shards and replicas of a new index.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShardLayoutArgs {
    /// With --engine: number of shards of a new index
    #[arg(long, value_name = "N", default_value = "3")]
    shards: NonZero<u32>,
    /// With --engine: number of replicas of each shard of a new index
    #[arg(long, value_name = "N", default_value = "1")]
    replicas: u32,
}

impl From<&ShardLayoutArgs> for crate::cluster::Layout {
    fn from(ShardLayoutArgs { shards, replicas }: &ShardLayoutArgs) -> Self {
        Self { shards: shards.get(), replicas: *replicas }
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ClusterArgs {
    #[command(subcommand)]
    pub(in crate::cli) action: ClusterAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ClusterAction {
    /// Copy the index in the folder to the cluster, or the index on the cluster to the folder
    ///
    /// Copies stored documents, so the source files are not needed. The old index at the destination stays in use until
    /// the copy is complete. Exit code 0: everything was copied, 1: incomplete documents were skipped, 2: error, and
    /// nothing changed.
    Copy(ClusterCopyArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ClusterCopyArgs {
    /// Copy from the cluster to the folder
    #[arg(long)]
    pub(in crate::cli) back: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) layout: ShardLayoutArgs,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::cli::args::Cli;

    /// File with the expected help texts. `GZ_SEARCH_UPDATE=1` rewrites the file.
    const HELP_SNAPSHOT_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/help.txt");

    #[test]
    fn cluster_help_matches_the_snapshot() {
        let mut command = Cli::command().term_width(100);
        let cluster = command.find_subcommand_mut("cluster").unwrap();
        let mut help = cluster.render_long_help().to_string();
        help.push_str(&cluster.find_subcommand_mut("copy").unwrap().render_long_help().to_string());
        let trimmed_help: String = help.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
            std::fs::write(HELP_SNAPSHOT_FILE, &trimmed_help).unwrap();
        }
        assert_eq!(trimmed_help, std::fs::read_to_string(HELP_SNAPSHOT_FILE).unwrap());
    }
}
