//! What the commands may be told that find, show and complete.

use std::time::Duration;

use clap::{Args as Arguments, ValueEnum};

use super::unmarked;
use crate::{named::ParseNameError, query::Facet};

#[derive(Debug, Arguments)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(in crate::cli) struct Query {
    /// Words, "phrases" and operators; * finds everything, - reads one query a line from standard
    /// input and prints one JSON object for each
    #[arg(value_name = "QUERY", required_unless_present = "help_syntax", value_parser = unmarked)]
    pub(in crate::cli) words: Vec<String>,
    /// How many passages to print, one for each of what is collapsed; 0 only counts
    #[arg(short = 'n', long, default_value_t = 10)]
    pub(in crate::cli) limit: usize,
    /// How many of the best to leave out
    #[arg(long, default_value_t = 0)]
    pub(in crate::cli) offset: usize,
    /// Continue after the page whose `next` this is
    #[arg(long, conflicts_with = "offset")]
    pub(in crate::cli) cursor: Option<String>,
    /// One passage, the best, of each; without it near where text goes to a terminal, none elsewhere
    #[arg(long, value_enum)]
    pub(in crate::cli) collapse: Option<Collapse>,
    /// What comes first
    #[arg(long, value_enum, default_value_t = Sort::Score)]
    pub(in crate::cli) sort: Sort,
    /// Find nothing rather than what has less than was asked for, or is spelled otherwise
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Give up after so long: a note says what is missing
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(in crate::cli) timeout: Option<Duration>,
    /// Print only how many passages there are, or how many after --collapse
    #[arg(long)]
    pub(in crate::cli) count: bool,
    #[command(flatten)]
    pub(in crate::cli) filters: Filters,
    #[command(flatten)]
    pub(in crate::cli) shown: Shown,
    /// Print how the query is read, and search for nothing
    #[arg(long)]
    pub(in crate::cli) parse: bool,
    /// Print the query language on one page
    #[arg(long)]
    pub(in crate::cli) help_syntax: bool,
}

/// Which documents are looked at.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Filters (of several values of one, any may hold)")]
pub(in crate::cli) struct Filters {
    /// Words of the announcing body, in this order
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(in crate::cli) issuer: Vec<String>,
    /// Words of who speaks, in this order
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(in crate::cli) speaker: Vec<String>,
    /// Language code or its beginning: zh is zh-Hans and zh-Hant
    #[arg(long, value_name = "CODE", value_parser = unmarked)]
    pub(in crate::cli) lang: Vec<String>,
    /// Any part of the path of the file
    #[arg(long, value_name = "TEXT", value_parser = unmarked)]
    pub(in crate::cli) source: Vec<String>,
    /// Published on this day, month or year (2025-12-17, 2025-12, 2025) or later
    #[arg(long, value_name = "DATE", value_parser = unmarked)]
    pub(in crate::cli) after: Option<String>,
    /// Published before this day, month or year
    #[arg(long, value_name = "DATE", value_parser = unmarked)]
    pub(in crate::cli) before: Option<String>,
    /// Exactly this value of a facet, as --facets prints it: year=2025
    #[arg(long, value_name = "FACET=VALUE", value_parser = chosen)]
    pub(in crate::cli) only: Vec<(Facet, String)>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|time| !time.is_zero())
        .ok_or("a number of seconds is needed, as in 0.5".to_owned())
}

fn chosen(text: &str) -> Result<(Facet, String), String> {
    let (name, value) = text.split_once('=').ok_or("FACET=VALUE is needed, as in year=2025")?;
    Ok((facet(name)?, value.to_owned()))
}

/// How hits are printed.
#[derive(Debug, Arguments)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct Shown {
    /// How to print passages
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// Count how many passages and documents there are of each issuer, speaker, year, language and source,
    /// or of some of these: --facets=issuer,year (text, json)
    #[arg(long, value_name = "FACETS", num_args = 0.., require_equals = true,
        value_delimiter = ',', default_missing_value = "issuer,speaker,year,lang,source",
        value_parser = facet)]
    pub(in crate::cli) facets: Vec<Facet>,
    /// How many values of each, years excepted
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(in crate::cli) facet_limit: usize,
    /// Print passages as citations: quote, speaker, issuer, title, date, paragraph, page, address, id;
    /// with json and jsonl, beside the rest
    #[arg(long, value_enum, value_name = "STYLE")]
    pub(in crate::cli) cite: Option<Cite>,
    /// How many neighbours of each passage to print on each side (text, json, jsonl, markdown, html)
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) context: usize,
    /// Print what the score of each passage is made of (text, json, jsonl)
    #[arg(long)]
    pub(in crate::cli) explain: bool,
    /// How many stretches of a passage to print
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(in crate::cli) fragments: usize,
    /// How wide they may be together, in columns of a terminal
    #[arg(long, value_name = "COLUMNS", default_value_t = 320)]
    pub(in crate::cli) width: usize,
    /// What spans in JSON count in
    #[arg(long, value_enum, default_value_t = Offsets::Utf8)]
    pub(in crate::cli) offsets: Offsets,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::cli) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Collapse {
    /// Passage
    None,
    /// Release
    Document,
    /// Group of passages that say nearly the same, with the number of other releases they stand in
    Near,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Sort {
    /// What answers the query best
    Score,
    /// What was published last; what has no date is last
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
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
    name.parse().map_err(|_: ParseNameError| {
        format!("there is no facet {name}, only {}", Facet::ALL.map(Facet::name).join(", "))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Cite {
    /// Plain text
    Text,
    /// A quote and the line below it
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Offsets {
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
pub(in crate::cli) enum Color {
    /// At a terminal, unless `NO_COLOR` is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

#[derive(Debug, Arguments)]
pub(in crate::cli) struct Show {
    /// Id of a document, or of a passage: DOCUMENT#ORDINAL
    #[arg(value_name = "ID")]
    pub(in crate::cli) id: String,
    /// How many neighbours of a passage to show on each side
    #[arg(long, default_value_t = 1)]
    pub(in crate::cli) context: usize,
    /// Highlight what satisfies this query
    #[arg(long, value_name = "QUERY", value_parser = unmarked)]
    pub(in crate::cli) query: Option<String>,
    /// Print so many passages of other documents that resemble this one most instead
    #[arg(long, value_name = "N", conflicts_with_all = ["context", "query", "cite"])]
    pub(in crate::cli) similar: Option<usize>,
    /// Print a citation of the passage, or of every passage of the document, instead
    #[arg(long, value_enum, value_name = "STYLE", conflicts_with_all = ["context", "query"])]
    pub(in crate::cli) cite: Option<Cite>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(in crate::cli) color: Color,
}

#[derive(Debug, Arguments)]
pub(in crate::cli) struct Suggest {
    /// The beginning of a query: its last word is completed or, after a space, the next one; Latin
    /// letters also as pinyin
    #[arg(value_name = "TEXT", required = true, value_parser = unmarked)]
    pub(in crate::cli) words: Vec<String>,
    /// How many suggestions to print, at most 100
    #[arg(short = 'n', long, default_value_t = 10)]
    pub(in crate::cli) limit: usize,
    /// How to print them
    #[arg(long, value_enum, default_value_t = SuggestFormat::Text)]
    pub(in crate::cli) format: SuggestFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SuggestFormat {
    /// One a line
    Text,
    /// One object
    Json,
}
