//! Defines the command-line arguments, which clap parses. Read [`Command`] first, which lists the subcommands.

#[cfg_attr(not(feature = "cluster"), path = "no_cluster.rs")]
pub(super) mod cluster;
mod evaluate;
mod facts;
mod index;
mod query;
mod sections;
#[cfg(feature = "server")]
mod serve;

use std::{convert::Infallible, ffi::OsString, path::PathBuf};

use clap::{
    Args, CommandFactory, Parser, Subcommand,
    error::{ContextKind, ContextValue},
};

#[cfg(feature = "watch")]
pub(super) use self::index::WatchArgs;
#[cfg(feature = "server")]
pub(super) use self::serve::{KeyScopeArg, KeysAction, KeysArgs, LogFormatArg, ServeArgs};
pub(super) use self::{
    cluster::{ClusterAddressArgs, ShardLayoutArgs},
    evaluate::{EvaluateArgs, JudgedUnitArg},
    facts::{FactsArgs, FactsFormat},
    index::{ChineseSegmentationArg, FileArgs, IndexArgs, MetadataOverrideArgs},
    query::{
        CitationStyleArg, CollapseArg, ColorArg, DEFAULT_FACETS, FilterArgs, GroupArg,
        OffsetUnitArg, OutputArgs, OutputFormat, QueryArgs, ResolveArgs, ShowArgs, SuggestArgs,
        SuggestFormat, parse_facet_value,
    },
    sections::{CONFIGURATION_SECTIONS, KEY_VALUE_OPTIONS, PATH_OPTIONS, Section},
};

/// Search policy press releases, English and Chinese, by passage
#[derive(Debug, Parser)]
#[command(name = "gz-search", version, arg_required_else_help = true)]
pub(super) struct Cli {
    /// Folder of the index; query, suggest, show, resolve, facts, evaluate, serve and mcp read several as one:
    /// --index A --index B
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "index",
        env = "GZ_SEARCH_INDEX"
    )]
    pub(super) index: Vec<PathBuf>,
    /// Configuration file [default: gz-search.toml next to the index folder, if present]
    #[arg(long, global = true, value_name = "FILE", env = "GZ_SEARCH_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true)]
    pub(super) no_config: bool,
    #[command(flatten)]
    pub(super) engine: ClusterAddressArgs,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Returns the arguments of the process for parsing as [`Cli`]. Query words with a leading hyphen are escaped.
pub(super) fn arguments_of_process() -> Vec<OsString> {
    escape_leading_hyphens(std::env::args_os()).collect()
}

/// Inserts the command `query` before a text that is not a command, so that `gz-search "flying car"` searches. `error`
/// is the error of parsing `arguments`. A word that is similar to a command counts as a misspelled command, and remains
/// an error.
pub(super) fn with_implied_query_command(
    mut arguments: Vec<OsString>,
    error: &clap::Error,
) -> Vec<OsString> {
    let is_misspelled = error.get(ContextKind::SuggestedSubcommand).is_some();
    let Some(ContextValue::String(text)) =
        error.get(ContextKind::InvalidSubcommand).filter(|_| !is_misspelled)
    else {
        return arguments;
    };
    let position = arguments.iter().skip(1).position(|argument| *argument == **text);
    let is_command = |argument: &OsString| {
        argument
            .to_str()
            .is_some_and(|name| name == "help" || Cli::command().find_subcommand(name).is_some())
    };
    if let Some(position) = position.map(|position| position + 1)
        && !arguments.iter().take(position).any(is_command)
    {
        arguments.insert(position, "query".into());
    }
    arguments
}

/// Character that is inserted before a query word with a leading hyphen, so that clap does not read the word as an
/// option.
const HYPHEN_ESCAPE: char = '\u{FDD0}';

/// Escapes the arguments before `--`, as [`escape_leading_hyphen`] does. clap takes the arguments after `--` as they
/// are.
fn escape_leading_hyphens(
    arguments: impl Iterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    let mut is_escaping = true;
    arguments.map(move |argument| {
        is_escaping &= argument != "--";
        if is_escaping { escape_leading_hyphen(argument) } else { argument }
    })
}

/// Escapes an argument with a leading hyphen that cannot be an option, such as `-flying`, `-5 %` or `--help me`. Does
/// not escape an unknown option such as `--limt` or `-o`, so that clap rejects the option.
fn escape_leading_hyphen(argument: OsString) -> OsString {
    let Some(text) = argument.to_str() else { return argument };
    let may_be_option = match text.strip_prefix('-') {
        None | Some("") => true,
        Some(letter)
            if letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_alphabetic()) =>
        {
            true
        }
        Some(after_hyphen) if after_hyphen.starts_with('-') => {
            !after_hyphen.contains(char::is_whitespace)
        }
        Some(after_hyphen) => after_hyphen.strip_prefix('n').is_some_and(|limit_value| {
            limit_value.trim_start_matches('=').bytes().all(|b| b.is_ascii_digit())
        }),
    };
    if may_be_option { argument } else { format!("{HYPHEN_ESCAPE}{text}").into() }
}

/// Removes the escape character that [`escape_leading_hyphen`] inserted. This function is the value parser of all
/// arguments with query text and of document ids.
#[expect(clippy::unnecessary_wraps, reason = "clap requires a Result")]
fn unescape_leading_hyphen(word: &str) -> Result<String, Infallible> {
    Ok(word.strip_prefix(HYPHEN_ESCAPE).unwrap_or(word).to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the index up to date with files and folders
    Index(IndexArgs),
    /// Update the index whenever files change, until Ctrl-C
    #[cfg(feature = "watch")]
    Watch(WatchArgs),
    /// Search for passages
    Query(QueryArgs),
    /// Print a document, or a passage with the passages before and after it
    Show(ShowArgs),
    /// Find the text that the link of a citation quotes: exact, moved, changed or gone
    ///
    /// Exit code 0: exact, the passage has the quoted text; 3: moved, another passage has the text; 4: changed, only
    /// the document is still there; 1: gone, neither is; 2: error.
    Resolve(ResolveArgs),
    /// Print the figures of the passages that match a query: what is measured, value, unit, period, source
    Facts(FactsArgs),
    /// Complete the beginning of a query with words, phrases and titles of the index
    Suggest(SuggestArgs),
    /// Print the size of the index and document counts by format, language and issuer
    Stats(StatsArgs),
    /// Verify the index and list its damaged files and documents
    Check(CheckArgs),
    /// Copy the index while it is in use
    Snapshot {
        /// Folder of the copy, which must be new or empty
        #[arg(value_name = "OUT")]
        out: PathBuf,
    },
    /// Manage an index on a cluster
    #[cfg(feature = "cluster")]
    Cluster(cluster::ClusterArgs),
    /// Measure the quality of rankings with relevance judgments
    Evaluate(EvaluateArgs),
    /// Serve a search page and a JSON API over HTTP
    #[cfg(feature = "server")]
    Serve(ServeArgs),
    /// Create, list and revoke the API keys of the HTTP service
    #[cfg(feature = "server")]
    Keys(KeysArgs),
    /// Serve an AI agent over the Model Context Protocol, on standard input and output
    ///
    /// Tools: `search`, `read_passage`, `similar_passages`, `facts`, `cite`, `resolve_link`,
    /// `document_outline`, `list_sources`. Each answer fits in `max_tokens` and states what it omits.
    /// Releases and passages are also resources, such as `gz-search://release/ID`. Prompts:
    /// `cite_statement`, `list_announcements`, `compare_figures`. The command only reads the index. Other
    /// processes may build or change the index meanwhile.
    ///
    /// To register it, name the program and the folder of the index in the settings of the agent:
    /// `{"mcpServers": {"gz-search": {"command": "gz-search", "args": ["mcp", "--index", "/path/to/index"]}}}`
    #[cfg(feature = "mcp")]
    #[command(verbatim_doc_comment)]
    Mcp,
    /// Print the options that the configuration files set, each with its file and line
    ///
    /// Two files are read: gz-search.toml beside the index folder (or the file of --config), and the file of the user,
    /// gz-search/config.toml in the folder for configuration (by default ~/.config). A section has the name of a
    /// command, and its keys are options of this command. The command line takes precedence over the file beside the
    /// index, and that file over the file of the user.
    #[command(after_long_help = sections::configuration_sections_help())]
    Config,
    /// Print a completion script for a shell
    Completions {
        /// Shell: bash, zsh, fish, elvish or powershell
        #[arg(value_enum, hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    /// Print a manual page
    Man {
        /// Command that the page describes [default: gz-search itself]
        command: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct StatsArgs {
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// Compares every file of the index with its checksum and every document with its hash. Exit code 0: the index is
/// sound, 1: the index is damaged, or a source file has changed, 2: the index cannot be checked.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Also read the source files, and list the files that have changed
    #[arg(long)]
    pub(super) deep: bool,
    /// Print the report as one JSON object
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
            ("-o", false),
            ("-5", true),
            ("-", false),
            ("--", false),
            ("--limit", false),
            ("flying", false),
        ] {
            let escaped = escape_leading_hyphen(argument.into()).into_string().unwrap();
            assert_eq!(escaped.starts_with(HYPHEN_ESCAPE), is_query, "{argument}");
            assert_eq!(unescape_leading_hyphen(&escaped).unwrap(), argument);
        }
    }

    #[test]
    fn arguments_after_two_hyphens_are_not_escaped() {
        let arguments = ["show", "-a.txt", "--", "-b.txt"].map(OsString::from);
        let escaped: Vec<OsString> = escape_leading_hyphens(arguments.into_iter()).collect();
        assert_eq!(escaped, ["show", "\u{FDD0}-a.txt", "--", "-b.txt"]);
        for arguments in
            [["gz-search", "show", "-a.txt"].as_slice(), &["gz-search", "show", "--", "-a.txt"]]
        {
            let arguments = arguments.iter().map(OsString::from);
            let command = Cli::parse_from(escape_leading_hyphens(arguments)).command;
            assert!(matches!(command, Command::Show(args) if args.id == "-a.txt"));
        }
    }

    #[test]
    fn clap_accepts_the_definitions_of_the_arguments() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn a_text_that_is_no_command_is_a_query() {
        for (arguments, expected) in [
            (vec!["flying car"], vec!["query", "flying car"]),
            (
                vec!["--index", "other", "port", "-n", "3"],
                vec!["--index", "other", "query", "port", "-n", "3"],
            ),
            (vec!["港口"], vec!["query", "港口"]),
            (vec!["query", "port"], vec!["query", "port"]),
            (vec!["stats"], vec!["stats"]),
            (vec!["indx", "seeds"], vec!["indx", "seeds"]),
            (vec!["help", "port"], vec!["help", "port"]),
            (vec!["--limt", "3"], vec!["--limt", "3"]),
            (vec![], vec![]),
        ] {
            let to_arguments = |words: &[&str]| -> Vec<OsString> {
                ["gz-search"].iter().chain(words).map(OsString::from).collect()
            };
            let arguments = to_arguments(&arguments);
            let arguments = match Cli::command().try_get_matches_from(&arguments) {
                Ok(_) => arguments,
                Err(error) => with_implied_query_command(arguments, &error),
            };
            assert_eq!(arguments, to_arguments(&expected));
        }
    }
}
