//! `gz-search mcp`: a client on standard input and output → answers for its model.

use std::{
    io::{self, IsTerminal},
    path::Path,
};

use super::complain;
use crate::{error::Result, mcp};

pub(super) fn run(dir: &Path) -> Result<u8> {
    if io::stdin().is_terminal() {
        complain(
            "waiting for a client of the Model Context Protocol on standard input: `gz-search help mcp` says how to register it",
        );
    }
    mcp::serve(dir)?;
    Ok(0)
}
