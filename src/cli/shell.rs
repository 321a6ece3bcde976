//! The commands `gz-search completions` and `gz-search man`. They generate shell completions and manual pages from the
//! definitions of the arguments.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{args::Cli, output::print};
use crate::error::{Error, Result};

/// Prints the completion script for `shell`.
pub(super) fn print_completions(shell: Shell) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "gz-search", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Prints the manual page of the program, or of `subcommand`.
pub(super) fn print_manual_page(subcommand: Option<&str>) -> Result<u8> {
    let mut command = Cli::command();
    command.build();
    if let Some(name) = subcommand {
        let named_command =
            command.get_subcommands().find(|subcommand| subcommand.get_name() == name);
        command = named_command.cloned().ok_or_else(|| {
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
