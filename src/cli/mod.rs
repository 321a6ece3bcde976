//! Runs the command line: parses arguments, runs a subcommand, and returns an exit code.
//!
//! Each subcommand is one file with a function `run`, and [`args`] contains the arguments of all subcommands. Results
//! go to standard output, and all other text goes to standard error. Read `query.rs` first.

mod args;
mod batch;
mod check;
#[cfg(feature = "cluster")]
mod cluster;
mod config;
mod default_index;
mod evaluate;
mod explain;
mod facts;
mod file_table;
mod index;
#[cfg(feature = "server")]
mod keys;
mod location;
#[cfg(feature = "mcp")]
mod mcp;
mod output;
mod progress;
mod query;
mod query_parameters;
mod report;
mod request;
mod resolve;
#[cfg(feature = "server")]
mod serve;
mod shell;
mod show;
mod stats;
mod suggest;
#[cfg(feature = "watch")]
mod watch;

use std::{ffi::OsString, process::ExitCode};

use self::{
    args::{Command, arguments_of_process},
    config::parse_arguments,
    location::IndexLocation,
    output::{is_closed_pipe, print_status},
};
use crate::{
    error::{Error, Result, catch_panic},
    hints,
};

/// Runs the command in the arguments of the process, and returns its exit code.
pub fn main() -> ExitCode {
    let arguments = arguments_of_process();
    match catch_panic(|| run(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            print_status(&hints::message_with_causes(&error));
            let is_interrupted = matches!(error, Error::Stopped(_));
            ExitCode::from(if is_interrupted { progress::INTERRUPTED_EXIT_CODE } else { 2 })
        }
    }
}

/// Runs the command and returns its exit code.
fn run(arguments: Vec<OsString>) -> Result<u8> {
    let (cli, configuration) = parse_arguments(arguments)?;
    let command = cli.command;
    let location = IndexLocation::new(cli.index, cli.engine.cluster_address()?)?;
    match command {
        Command::Index(args) => index::run(&location, &configuration, &args),
        #[cfg(feature = "watch")]
        Command::Watch(args) => watch::run(location.folder()?, &configuration, &args),
        Command::Query(args) => query::run(&location, &configuration, &args),
        Command::Show(args) => show::run(&location, &args),
        Command::Resolve(args) => resolve::run(&location, &args),
        Command::Facts(args) => facts::run(&location, &args),
        Command::Suggest(args) => suggest::run(&location, &args),
        Command::Stats(args) => stats::run(&location, &args),
        Command::Check(args) => check::run(location.folder()?, &args),
        Command::Snapshot { out } => check::write_snapshot(location.folder()?, &out),
        #[cfg(feature = "cluster")]
        Command::Cluster(args) => cluster::run(&location, &args),
        Command::Evaluate(args) => evaluate::run(&location, &args),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(&location, &configuration, &args),
        #[cfg(feature = "server")]
        Command::Keys(args) => keys::run(location.folder()?, &args),
        #[cfg(feature = "mcp")]
        Command::Mcp => mcp::run(&location),
        Command::Config => {
            output::print(&configuration.to_toml())?;
            Ok(0)
        }
        Command::Completions { shell } => shell::print_completions(shell),
        Command::Man { command } => shell::print_manual_page(command.as_deref()),
    }
}
