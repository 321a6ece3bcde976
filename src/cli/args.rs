//! What may stand on the command line.

use std::{convert::Infallible, ffi::OsString, num::NonZero, path::PathBuf};

use clap::{Args as Arguments, Parser, Subcommand, ValueEnum};

use crate::query::{Facet, Ranking};

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
pub(super) struct Index {
    /// Files and folders of text, Markdown, HTML, PDF, Word (.docx, .odt), EPUB, JSON, JSON Lines and feeds,
    /// also in .gz and .zip; `-` reads JSON Lines from standard input [default: seeds]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Build a new index beside the old one and replace it when it is complete
    #[arg(long)]
    pub(super) rebuild: bool,
    /// Tell what would be done, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print what was done as one JSON object
    #[arg(long)]
    pub(super) json: bool,
    /// Tell Chinese words apart for ranking, or use characters only
    #[arg(long, value_enum)]
    pub(super) chinese: Option<Chinese>,
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) given: Given,
}

#[cfg(feature = "watch")]
#[derive(Debug, Arguments)]
pub(super) struct Watch {
    /// Files and folders, as for `index` [default: seeds]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Look at all files so often, for folders whose changes the system does not tell, such as network
    /// shares
    #[arg(long, value_name = "SECONDS")]
    pub(super) poll: Option<NonZero<u32>>,
    /// Print what was done as one JSON object for each update
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) given: Given,
}

/// Which files are read.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Files (globs as in .gitignore: *.html, drafts/, /top/*.md)")]
pub(super) struct Files {
    /// Read only files that match; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) include: Vec<String>,
    /// Leave out files that match, as those that a file .gzsearchignore lists; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
    /// Leave out what .gitignore files list as well
    #[arg(long)]
    pub(super) gitignore: bool,
    /// Follow symbolic links
    #[arg(long)]
    pub(super) follow: bool,
    /// In JSON take the value of KEY (details.body: of body in details) for FIELD: id, title, text, date,
    /// issuer, number, url or lang; may be repeated
    #[arg(long, value_name = "FIELD=KEY", value_parser = pair)]
    pub(super) map: Vec<(String, String)>,
}

/// What is known of documents beforehand.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Known of all documents of this run, whatever they say themselves")]
pub(super) struct Given {
    /// The body that announced them
    #[arg(long, value_name = "TEXT")]
    pub(super) issuer: Option<String>,
    /// The day they were published: 2025-12-17
    #[arg(long, value_name = "DATE")]
    pub(super) date: Option<String>,
    /// Their language: en, zh-Hans, zh-Hant
    #[arg(long, value_name = "CODE")]
    pub(super) lang: Option<String>,
    /// Their address
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Anything else; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) meta: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) = pair.ok_or("KEY=VALUE is needed, as in desk=trade")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Chinese {
    /// Words by dictionary
    Auto,
    /// Characters only
    Off,
}

#[derive(Debug, Arguments)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Query {
    /// Words, "phrases" and operators; * finds everything, - reads one query a line from standard
    /// input and prints one JSON object for each
    #[arg(value_name = "QUERY", required_unless_present = "help_syntax", value_parser = unmarked)]
    pub(super) words: Vec<String>,
    /// How many passages to print, one for each of what is collapsed; 0 only counts
    #[arg(short = 'n', long, default_value_t = 10)]
    pub(super) limit: usize,
    /// How many of the best to leave out
    #[arg(long, default_value_t = 0)]
    pub(super) offset: usize,
    /// Continue after the page whose `next` this is
    #[arg(long, conflicts_with = "offset")]
    pub(super) cursor: Option<String>,
    /// One passage, the best, of each; without it near where text goes to a terminal, none elsewhere
    #[arg(long, value_enum)]
    pub(super) collapse: Option<Collapse>,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Sort::Score)]
    pub(super) sort: Sort,
    /// Find nothing rather than what has less than was asked for, or is spelled otherwise
    #[arg(long)]
    pub(super) strict: bool,
    /// Print only how many passages there are, or how many after --collapse
    #[arg(long)]
    pub(super) count: bool,
    #[command(flatten)]
    pub(super) filters: Filters,
    #[command(flatten)]
    pub(super) shown: Shown,
    /// Print how the query is read, and search for nothing
    #[arg(long)]
    pub(super) parse: bool,
    /// Print the query language on one page
    #[arg(long)]
    pub(super) help_syntax: bool,
}

/// Which documents are looked at.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Filters (of several values of one, any may hold)")]
pub(super) struct Filters {
    /// Words of the announcing body, in this order
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(super) issuer: Vec<String>,
    /// Words of who speaks, in this order
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(super) speaker: Vec<String>,
    /// Language code or its beginning: zh is zh-Hans and zh-Hant
    #[arg(long, value_name = "CODE", value_parser = unmarked)]
    pub(super) lang: Vec<String>,
    /// Any part of the path of the file
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(super) source: Vec<String>,
    /// Published on this day, month or year (2025-12-17, 2025-12, 2025) or later
    #[arg(long, value_name = "DATE", value_parser = unmarked)]
    pub(super) after: Option<String>,
    /// Published before this day, month or year
    #[arg(long, value_name = "DATE", value_parser = unmarked)]
    pub(super) before: Option<String>,
    /// Exactly this value of a facet, as --facets prints it: year=2025
    #[arg(long, value_name = "FACET=VALUE", value_parser = chosen)]
    pub(super) only: Vec<(Facet, String)>,
}

fn chosen(text: &str) -> Result<(Facet, String), String> {
    let (name, value) = text.split_once('=').ok_or("FACET=VALUE is needed, as in year=2025")?;
    Ok((facet(name)?, value.to_owned()))
}

/// How hits are printed.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Output")]
pub(super) struct Shown {
    /// How to print passages
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Count how many passages and documents there are of each issuer, speaker, year, language and source,
    /// or of some of these: --facets=issuer,year (text, json)
    #[arg(long, value_name = "FACETS", num_args = 0.., require_equals = true,
        value_delimiter = ',', default_missing_value = "issuer,speaker,year,lang,source",
        value_parser = facet)]
    pub(super) facets: Vec<Facet>,
    /// How many values of each, years excepted
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) facet_limit: usize,
    /// Print passages as citations: quote, speaker, issuer, title, date, paragraph, page, address, id;
    /// with json and jsonl, beside the rest
    #[arg(long, value_enum, value_name = "STYLE")]
    pub(super) cite: Option<Cite>,
    /// How many neighbours of each passage to print on each side (text, json, jsonl, markdown, html)
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) context: usize,
    /// Print what the score of each passage is made of (text, json, jsonl)
    #[arg(long)]
    pub(super) explain: bool,
    /// How many stretches of a passage to print
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) fragments: usize,
    /// How wide they may be together, in columns of a terminal
    #[arg(long, value_name = "COLUMNS", default_value_t = 320)]
    pub(super) width: usize,
    /// What spans in JSON count in
    #[arg(long, value_enum, default_value_t = Offsets::Utf8)]
    pub(super) offsets: Offsets,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Collapse {
    /// Passage
    None,
    /// Release
    Document,
    /// Group of passages that say nearly the same, with the number of other releases they stand in
    Near,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// What answers the query best
    Score,
    /// What was published last; what has no date is last
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// One passage a line
    Jsonl,
    /// One passage a row, below a row of names
    Csv,
    /// A numbered list
    Markdown,
    /// A page for a browser
    Html,
}

fn facet(name: &str) -> Result<Facet, String> {
    Facet::named(name).ok_or_else(|| {
        format!("there is no facet {name}, only {}", Facet::ALL.map(Facet::name).join(", "))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Cite {
    /// Plain text
    Text,
    /// A quote and the line below it
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Offsets {
    /// Bytes: Rust, Go, C
    #[value(name = "utf-8")]
    Utf8,
    /// Code units: JavaScript, Java, C#
    #[value(name = "utf-16")]
    Utf16,
    /// Code points: Python
    Codepoint,
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
    #[arg(long, value_name = "QUERY", value_parser = unmarked)]
    pub(super) query: Option<String>,
    /// Print so many passages of other documents that resemble this one most instead
    #[arg(long, value_name = "N", conflicts_with_all = ["context", "query", "cite"])]
    pub(super) similar: Option<usize>,
    /// Print a citation of the passage, or of every passage of the document, instead
    #[arg(long, value_enum, value_name = "STYLE", conflicts_with_all = ["context", "query"])]
    pub(super) cite: Option<Cite>,
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
    /// Give a parameter of the ranking another value; 0 turns it off. There are k1, b, exact, neighbours,
    /// character, pair, weak, above, complete, lead, quoted and
    /// smoothing
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub(super) set: Vec<(String, f64)>,
    /// Print one line a query instead, the worst first: ID, nDCG@10, reciprocal rank, text
    #[arg(long)]
    pub(super) per_query: bool,
}

/// Answers over HTTP until it is told to end (SIGINT, SIGTERM), and then finishes what has begun. What
/// may be asked is described at /openapi.json. A commit of another process is seen within a second.
#[cfg(feature = "server")]
#[derive(Debug, Arguments)]
pub(super) struct Serve {
    /// Where to listen; others reach it only at an address that is not this machine's own
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7700")]
    pub(super) listen: std::net::SocketAddr,
    /// Let anybody who reaches the address search and read without a key; writing always needs one
    #[arg(long)]
    pub(super) public: bool,
    /// Let pages of this origin, as in `https://example.org`, or `*` for any, ask from a browser; may be
    /// repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(super) cors: Vec<String>,
    /// How many searches run at the same time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    pub(super) searches: Option<NonZero<usize>>,
    /// How many requests of one client, by key or else by address, are worked on at the same time
    #[arg(long, value_name = "N", default_value = "64")]
    pub(super) per_client: NonZero<usize>,
    /// How many connections may be open
    #[arg(long, value_name = "N", default_value = "1024")]
    pub(super) connections: NonZero<usize>,
    /// How long an answer may take
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    pub(super) timeout: NonZero<u16>,
    /// How many MiB of documents may be posted at once
    #[arg(long, value_name = "MIB", default_value = "16")]
    pub(super) max_body: NonZero<u16>,
    /// How to write a line for each request to standard error; none of them holds a key, a body or a query
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub(super) log: Log,
}

#[cfg(feature = "server")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Log {
    /// For people
    Text,
    /// One object a line
    Json,
    /// Not at all
    Off,
}

#[cfg(feature = "server")]
#[derive(Debug, Arguments)]
pub(super) struct Keys {
    #[command(subcommand)]
    pub(super) action: KeysAction,
}

#[cfg(feature = "server")]
#[derive(Debug, Subcommand)]
pub(super) enum KeysAction {
    /// Make a key and print it: it can never be printed again. As soon as there is one, reading needs a
    /// key too, unless the service is started with --public
    Add {
        /// What to call it, in letters, digits, dots, - and _
        name: String,
        /// What it allows
        #[arg(long, value_enum, default_value_t = KeyScope::Read)]
        scope: KeyScope,
    },
    /// Print names, scopes and days of making
    List,
    /// Make a key worthless, also for a service that runs
    Revoke {
        /// What it is called
        name: String,
    },
}

#[cfg(feature = "server")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KeyScope {
    /// To search and to read
    Read,
    /// To add and remove documents as well
    Write,
}

fn parameter(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is needed, as in above=0.5")?;
    let value = value.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
    let value = value.ok_or_else(|| format!("{name} must be a number from 0 up"))?;
    if !Ranking::NAMES.contains(&name) {
        return Err(format!("there is no {name}, only {}", Ranking::NAMES.join(", ")));
    }
    Ok((name.to_owned(), value))
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
