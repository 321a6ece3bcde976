//! What may stand on the command line.

#[cfg(feature = "cluster")]
mod cluster;
mod evaluate;
mod index;
mod query;
#[cfg(feature = "server")]
mod serve;

use std::{convert::Infallible, ffi::OsString, path::PathBuf};

use clap::{Args as Arguments, Parser, Subcommand};

#[cfg(feature = "cluster")]
pub(super) use self::cluster::{Cluster, ClusterAction, Engine, Layout};
#[cfg(feature = "watch")]
pub(super) use self::index::Watch;
#[cfg(feature = "server")]
pub(super) use self::serve::{KeyScope, Keys, KeysAction, Log, Serve};
pub(super) use self::{
    evaluate::{Evaluate, Unit},
    index::{Chinese, Files, Given, Index},
    query::{
        Cite, Collapse, Color, Filters, Format, Offsets, Query, Show, Shown, Sort, Suggest,
        SuggestFormat,
    },
};

/// Search policy press releases, English and Chinese, by passage
#[derive(Debug, Parser)]
#[command(name = "gz-search", version, arg_required_else_help = true)]
pub(super) struct Args {
    /// Folder of the index
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "index",
        env = "GZ_SEARCH_INDEX"
    )]
    pub(super) index: PathBuf,
    /// File of options that are always given [default: gz-search.toml beside the index, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "GZ_SEARCH_CONFIG")]
    pub(super) config: Option<PathBuf>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub(super) engine: Engine,
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Args {
    /// Reads the arguments of the process; ends it with a message where they are none.
    pub(super) fn read() -> Self {
        Self::parse_from(std::env::args_os().map(marked))
    }
}

/// Stands before a word of a query that begins with a hyphen, so that it is not taken for an option.
const MARK: char = '\u{FDD0}';

/// Marks `-flying`, `-5 %` and `--help me`: no option looks like them. `--limt` stays, to be refused.
fn marked(argument: OsString) -> OsString {
    let Some(text) = argument.to_str() else { return argument };
    let option = match text.strip_prefix('-') {
        None | Some("" | "h" | "V") => true,
        Some(rest) if rest.starts_with('-') => !rest.contains(char::is_whitespace),
        Some(rest) => rest
            .strip_prefix('n')
            .is_some_and(|limit| limit.trim_start_matches('=').bytes().all(|b| b.is_ascii_digit())),
    };
    if option { argument } else { format!("{MARK}{text}").into() }
}

#[expect(clippy::unnecessary_wraps, reason = "the form that clap asks for")]
fn unmarked(word: &str) -> Result<String, Infallible> {
    Ok(word.strip_prefix(MARK).unwrap_or(word).to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the index up to date with files and folders
    Index(Index),
    /// Keep the index up to date while files change, until Ctrl-C
    #[cfg(feature = "watch")]
    Watch(Watch),
    /// Find passages
    Query(Query),
    /// Show a document, or a passage with its neighbours
    Show(Show),
    /// Complete what is being typed, from the words, phrases and titles of the index
    Suggest(Suggest),
    /// Count what the index holds
    Stats(Stats),
    /// Read the whole index and say what is damaged in it
    Check(Check),
    /// Copy the index while it is in use
    Snapshot {
        /// Folder of the copy: new or empty
        #[arg(value_name = "OUT")]
        out: PathBuf,
    },
    /// Work on an index on a cluster as a whole
    #[cfg(feature = "cluster")]
    Cluster(Cluster),
    /// Measure rankings against judgments
    Evaluate(Evaluate),
    /// Answer over HTTP
    #[cfg(feature = "server")]
    Serve(Serve),
    /// Make, list and revoke the keys that requests over HTTP come with
    #[cfg(feature = "server")]
    Keys(Keys),
    /// Answer an agent over the Model Context Protocol, on standard input and output
    ///
    /// Tools: `search`, `read_passage`, `similar_passages`, `document_outline`, `list_sources`. Each answer keeps
    /// to `max_tokens` and says what it left out. The index is only read, and may be built or changed meanwhile.
    ///
    /// To register it, name the program and the folder of the index in the settings of the agent:
    /// `{"mcpServers": {"gz-search": {"command": "gz-search", "args": ["mcp", "--index", "/path/to/index"]}}}`
    #[cfg(feature = "mcp")]
    #[command(verbatim_doc_comment)]
    Mcp,
    /// Print the script by which a shell completes the command line
    Completions {
        /// bash, zsh, fish, elvish or powershell
        #[arg(value_enum, hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man {
        /// The command that it is of; without one, of all
        command: Option<String>,
    },
}

#[derive(Debug, Arguments)]
pub(super) struct Stats {
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// Compares every file of the index with its checksum and every document with its hash. Exit code 0: sound,
/// 1: damaged, 2: it cannot be checked.
#[derive(Debug, Arguments)]
pub(super) struct Check {
    /// Read the source files as well, and say which have changed
    #[arg(long)]
    pub(super) deep: bool,
    /// Print what was found as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_may_begin_with_a_hyphen() {
        for (argument, is_query) in [
            ("-flying", true),
            ("-nuclear", true),
            ("-5 %", true),
            ("--help me", true),
            ("-n", false),
            ("-n5", false),
            ("-h", false),
            ("-", false),
            ("--", false),
            ("--limit", false),
            ("flying", false),
        ] {
            let marked = marked(argument.into()).into_string().unwrap();
            assert_eq!(marked.starts_with(MARK), is_query, "{argument}");
            assert_eq!(unmarked(&marked).unwrap(), argument);
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
