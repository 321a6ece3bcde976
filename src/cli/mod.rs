//! Arguments → results on standard output and an exit code: one file per subcommand.

mod args;
mod check;
#[cfg(feature = "cluster")]
mod cluster;
mod config;
mod evaluate;
mod index;
#[cfg(feature = "server")]
mod keys;
#[cfg(feature = "mcp")]
mod mcp;
mod place;
mod query;
mod report;
mod request;
#[cfg(feature = "server")]
mod serve;
mod shell;
mod show;
mod stats;
mod suggest;
#[cfg(feature = "watch")]
mod watch;

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use self::{
    args::{Args, Command},
    place::Place,
};
use crate::{
    error::{Error, Result, catch_panic},
    hints,
};

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let args = Args::read();
    let done = catch_panic(|| run(args));
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&message(&error));
            ExitCode::from(2)
        }
    }
}

fn run(args: Args) -> Result<u8> {
    let Args { config, command, .. } = args;
    let place = Place {
        dir: args.index,
        #[cfg(feature = "cluster")]
        engine: args.engine.address()?,
    };
    match command {
        Command::Index(args) => index::run(&place, config.as_deref(), &args),
        #[cfg(feature = "watch")]
        Command::Watch(args) => watch::run(place.folder()?, config.as_deref(), &args),
        Command::Query(args) => query::run(&place, &args),
        Command::Show(args) => show::run(&place, &args),
        Command::Suggest(args) => suggest::run(&place, &args),
        Command::Stats(args) => stats::run(&place, &args),
        Command::Check(args) => check::run(place.folder()?, &args),
        Command::Snapshot { out } => check::snapshot(place.folder()?, &out),
        #[cfg(feature = "cluster")]
        Command::Cluster(args) => cluster::run(&place, &args),
        Command::Evaluate(args) => evaluate::run(&place, &args),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(&place, config.as_deref(), &args),
        #[cfg(feature = "server")]
        Command::Keys(args) => keys::run(place.folder()?, &args),
        #[cfg(feature = "mcp")]
        Command::Mcp => mcp::run(&place),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { command } => shell::man(command.as_deref()),
    }
}

/// An error with all its causes, and what to do.
fn message(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let said = source.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = source.source();
    }
    if let Some(hint) = hints::hint(error) {
        text.push_str(": ");
        text.push_str(&hint);
    }
    text
}

/// One line on standard error; there is nobody to tell if that fails.
fn complain(text: &str) {
    drop(writeln!(io::stderr(), "gz-search: {}", crate::render::visible(text)));
}

/// `count` things, in words.
fn counted(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// Results, on standard output.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::io("write to", Path::new("standard output")))
}

/// A reader that had enough, such as `head`, is no failure.
fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}
