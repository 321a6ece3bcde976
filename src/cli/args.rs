//! What may stand on the command line.

use std::{convert::Infallible, ffi::OsString, path::PathBuf};

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
    /// Complete what is being typed, from the words, phrases and titles of the index
    Suggest(Suggest),
    /// Count what the index holds
    Stats,
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

#[derive(Debug, Arguments)]
pub(super) struct Suggest {
    /// The beginning of a query: its last word is completed or, after a space, the next one; Latin
    /// letters also as pinyin
    #[arg(value_name = "TEXT", required = true, value_parser = unmarked)]
    pub(super) words: Vec<String>,
    /// How many suggestions to print, at most 100
    #[arg(short = 'n', long, default_value_t = 10)]
    pub(super) limit: usize,
    /// How to print them
    #[arg(long, value_enum, default_value_t = SuggestFormat::Text)]
    pub(super) format: SuggestFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SuggestFormat {
    /// One a line
    Text,
    /// One object
    Json,
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
