//! What is said of an index on a cluster.

use std::{num::NonZero, path::PathBuf};

use clap::{Args as Arguments, Subcommand};

use crate::{cluster::Address, error::Result};

/// An index that is not in a folder.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Cluster (OpenSearch, Elasticsearch)")]
pub(in crate::cli) struct Engine {
    /// Address of a cluster that keeps the index, as in `http://10.0.0.1:9200,http://10.0.0.2:9200/news`: hosts,
    /// and the name of the index with the last
    ///
    /// `GZ_SEARCH_ENGINE_USER` and `GZ_SEARCH_ENGINE_PASSWORD`, or `GZ_SEARCH_ENGINE_API_KEY`, say who asks.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "GZ_SEARCH_ENGINE",
        hide_env_values = true
    )]
    pub(in crate::cli) engine: Option<String>,
    /// Certificates to trust instead of those of the system, as PEM
    #[arg(long, global = true, value_name = "FILE", env = "GZ_SEARCH_ENGINE_CA")]
    pub(in crate::cli) engine_ca: Option<PathBuf>,
}

impl Engine {
    /// The address, with the credentials of the environment.
    pub(in crate::cli) fn address(self) -> Result<Option<Address>> {
        let Some(text) = self.engine.filter(|text| !text.is_empty()) else { return Ok(None) };
        let mut address = Address::parse(&text)?;
        let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(key) = given("GZ_SEARCH_ENGINE_API_KEY") {
            address = address.api_key(&key);
        } else if let Some(user) = given("GZ_SEARCH_ENGINE_USER") {
            let password = given("GZ_SEARCH_ENGINE_PASSWORD").unwrap_or_default();
            address = address.user(&user, &password);
        }
        if let Some(file) = self.engine_ca {
            address = address.authority(file);
        }
        Ok(Some(address))
    }
}

/// How a new index is laid out.
#[derive(Debug, Arguments)]
pub(in crate::cli) struct Layout {
    /// With --engine: spread a new index over so many shards
    #[arg(long, value_name = "N", default_value = "3")]
    shards: NonZero<u32>,
    /// With --engine: keep so many copies of each shard of a new index
    #[arg(long, value_name = "N", default_value = "1")]
    replicas: u32,
}

impl From<&Layout> for crate::cluster::Layout {
    fn from(Layout { shards, replicas }: &Layout) -> Self {
        Self { shards: shards.get(), replicas: *replicas }
    }
}

#[derive(Debug, Arguments)]
pub(in crate::cli) struct Cluster {
    #[command(subcommand)]
    pub(in crate::cli) action: ClusterAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ClusterAction {
    /// Make the index on the cluster a copy of the one in the folder, or the other way round
    ///
    /// Documents are copied as they are kept: the files that they were read from are not needed. What was there
    /// before stays in use until the copy is complete. Exit code 0: all was copied, 1: documents that are not
    /// there as a whole were left out, 2: error, and nothing changed.
    Copy(Copy),
}

#[derive(Debug, Arguments)]
pub(in crate::cli) struct Copy {
    /// From the cluster to the folder
    #[arg(long)]
    pub(in crate::cli) back: bool,
    /// Print what was done as one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    #[command(flatten)]
    pub(in crate::cli) layout: Layout,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::cli::args::Args;

    /// `GZ_SEARCH_UPDATE=1` writes the file anew.
    const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/help.txt");

    #[test]
    fn help_is_as_it_was() {
        let mut command = Args::command().term_width(100);
        let cluster = command.find_subcommand_mut("cluster").unwrap();
        let mut shown = cluster.render_long_help().to_string();
        shown
            .push_str(&cluster.find_subcommand_mut("copy").unwrap().render_long_help().to_string());
        let shown: String = shown.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
            std::fs::write(SNAPSHOT, &shown).unwrap();
        }
        assert_eq!(shown, std::fs::read_to_string(SNAPSHOT).unwrap());
    }
}
