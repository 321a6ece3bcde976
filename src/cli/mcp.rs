//! `gz-search mcp`: a client on standard input and output → answers for its model.

use std::io::{self, IsTerminal};

use super::{complain, place::Place};
use crate::{error::Result, mcp};

pub(super) fn run(place: &Place) -> Result<u8> {
    if io::stdin().is_terminal() {
        complain(
            "waiting for a client of the Model Context Protocol on standard input: `gz-search help mcp` says how to register it",
        );
    }
    #[cfg(feature = "cluster")]
    if let Some(address) = place.engine.clone() {
        let open = move || -> Result<Box<dyn crate::search::IndexBackend>> {
            Ok(Box::new(crate::cluster::Cluster::connect(address.clone())?))
        };
        return mcp::serve_from(open).map(|()| 0);
    }
    mcp::serve(place.folder()?)?;
    Ok(0)
}
