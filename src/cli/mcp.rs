//! The command `gz-search mcp`, which serves an AI agent over the Model Context Protocol.

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
};

use super::{location::IndexLocation, output::print_status};
use crate::{error::Result, mcp};

/// Answers the requests of one client on standard input and output, until the client closes both.
pub(super) fn run(location: &IndexLocation) -> Result<u8> {
    if io::stdin().is_terminal() {
        print_status(
            "waiting for a client of the Model Context Protocol on standard input: `gz-search help mcp` says how to register it",
        );
    }
    if let Some(address) = location.cluster_address.clone() {
        let open_cluster = move || -> Result<Box<dyn crate::search::IndexBackend>> {
            Ok(Box::new(crate::cluster::Cluster::connect(address.clone())?))
        };
        return mcp::serve_from(open_cluster).map(|()| 0);
    }
    let dirs: Vec<PathBuf> = location.folders().cloned().collect();
    mcp::serve_several(&dirs)?;
    Ok(0)
}
