//! What may stand on the command line.

use std::{convert::Infallible, ffi::OsString, num::NonZero, path::PathBuf};

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

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
    /// Find passages
    Query(Query),
    /// Show a document, or a passage with its neighbours
    Show(Show),
    /// Count what the index holds
    Stats,
    /// Measure rankings against judgments
    Evaluate(Evaluate),
}

#[derive(Debug, Arguments)]
pub(super) struct Index {
    /// Files and folders of .txt, .md and .jsonl; `-` reads JSON Lines from standard input
    #[arg(value_name = "PATH", default_value = "seeds")]
    pub(super) paths: Vec<PathBuf>,
    /// Build a new index beside the old one and replace it when it is complete
    #[arg(long)]
    pub(super) rebuild: bool,
    /// Print what was done as one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// Tell Chinese words apart for ranking, or use characters only
    #[arg(long, value_enum)]
    pub(super) chinese: Option<Chinese>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Chinese {
    /// Words by dictionary
    Auto,
    /// Characters only
    Off,
}

#[derive(Debug, Arguments)]
pub(super) struct Query {
    /// Words and "phrases"; * finds everything
    #[arg(value_name = "QUERY", required = true, value_parser = unmarked)]
    pub(super) words: Vec<String>,
    /// How many passages to print; 0 only counts
    #[arg(short = 'n', long, default_value_t = 10)]
    pub(super) limit: usize,
    /// How many of the best passages to leave out
    #[arg(long, default_value_t = 0)]
    pub(super) offset: usize,
    /// Continue after the page whose `next` this is
    #[arg(long, conflicts_with = "offset")]
    pub(super) cursor: Option<String>,
    /// How to print passages
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One passage a line
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// At a terminal, unless `NO_COLOR` is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

#[derive(Debug, Arguments)]
pub(super) struct Show {
    /// Id of a document, or of a passage: DOCUMENT#ORDINAL
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// How many neighbours of a passage to show on each side
    #[arg(long, default_value_t = 1)]
    pub(super) context: usize,
    /// Highlight what satisfies this query
    #[arg(long, value_name = "QUERY")]
    pub(super) query: Option<String>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

/// Prints nDCG@10, MAP, MRR@10 and Recall@100, each the mean over the queries that have something
/// relevant (a grade of 1 or more); a query without hits is worth 0. Nothing is indexed.
#[derive(Debug, Arguments)]
pub(super) struct Evaluate {
    /// Queries, one a line: ID, a tab, the text
    #[arg(long, value_name = "FILE")]
    pub(super) queries: PathBuf,
    /// Judgments, one a line: QUERY 0 ID GRADE
    #[arg(long, value_name = "FILE")]
    pub(super) qrels: PathBuf,
    /// Write the rankings for all queries here, in TREC format: QUERY Q0 ID RANK SCORE gz-search.
    /// Scores are made to decrease strictly, so that other tools read the same order
    #[arg(long, value_name = "FILE")]
    pub(super) run: Option<PathBuf>,
    /// What the judgments speak of
    #[arg(long, value_enum, default_value_t = Unit::Document)]
    pub(super) unit: Unit,
    /// How many of the best to rank for each query
    #[arg(long, value_name = "N", default_value = "1000")]
    pub(super) depth: NonZero<usize>,
    /// Print one line a query instead, the worst first: ID, nDCG@10, reciprocal rank, text
    #[arg(long)]
    pub(super) per_query: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unit {
    /// Documents, each ranked by its best passage
    Document,
    /// Passages, as DOCUMENT#ORDINAL
    Passage,
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
