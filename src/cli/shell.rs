//! `gz-search completions` and `man`: the arguments themselves → what a shell and a manual know of them.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{args::Args, print};
use crate::error::{Error, Result};

/// Prints the script by which a shell completes the command line.
pub(super) fn completions(shell: Shell) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "gz-search", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Prints the manual page of the command, or of one of its subcommands.
pub(super) fn man(subcommand: Option<&str>) -> Result<u8> {
    let mut command = Args::command();
    command.build();
    if let Some(name) = subcommand {
        let found = command.get_subcommands().find(|known| known.get_name() == name);
        command = found.cloned().ok_or_else(|| {
            Error::invalid(
                "command",
                format!("there is no command {name}: `gz-search help` lists them"),
            )
        })?;
    }
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(Error::io("write", Path::new("the manual page")))?;
    print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}
