//! Arguments of the commands `query`, `show` and `suggest`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use super::unescape_leading_hyphen;
use crate::{
    named::ParseNameError,
    query::{Facet, Sort},
};

#[derive(Debug, Args)]
#[command(after_long_help = include_str!("../matching.txt"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(in crate::cli) struct QueryArgs {
    /// Words, "phrases" and operators; `*` finds all passages, `-` reads queries from standard input
    ///
    /// With `-`, each line of standard input is one query: a text, or a JSON object with the parameters of a search
    /// over HTTP, such as `{"q": "port", "issuer": "Finance", "limit": 3}`. The answer to each is one JSON object on
    /// one line, with the key `error` if the line cannot be read.
    #[arg(
        value_name = "QUERY",
        required_unless_present_any = ["help_syntax", "batch"],
        value_parser = unescape_leading_hyphen
    )]
    pub(in crate::cli) words: Vec<String>,
    /// Answer the queries of a file in one report: for each the counts, and the best passages with citations
    ///
    /// The file is CSV or TSV with the column query, and optional columns: name, filters (from, to, after, before,
    /// issuer, speaker, lang, source, filter, only, declared fields; A|B allows both values), limit and sort. Without
    /// such a header, each line is one query: a text, or a JSON object as for `-`. `--batch -` reads standard input.
    /// Options of the command line apply to every query. --limit counts passages for each query, 0 prints only counts.
    ///
    /// --format is csv (in a pipe or file), markdown (at a terminal), xlsx or jsonl. Answers have the order of the
    /// queries, and a repeated query is answered again. The column other counts passages that lack a word of the query;
    /// an empty cell means that they were not counted. The column error states why a line cannot be read or answered.
    /// Exit code 0: a query has matches, 1: none has, 2: a line failed.
    #[arg(long, value_name = "FILE",
        conflicts_with_all = ["words", "offset", "cursor", "count", "files", "parse", "facets", "explain", "context"])]
    pub(in crate::cli) batch: Option<PathBuf>,
    /// Maximum number of hits to print; 0 prints only the number of matches
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub(in crate::cli) limit: usize,
    /// Number of best hits to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) offset: usize,
    /// Print the next page of results: give the value of `next` in the previous page
    #[arg(long, conflicts_with = "offset")]
    pub(in crate::cli) cursor: Option<String>,
    /// Show each release once with its best passages, at most three [default: release on a terminal, none elsewhere]
    ///
    /// --limit, --offset and --cursor then count releases, and JSON has `groups` in place of `hits`.
    #[arg(long, value_enum, value_name = "GROUPS", conflicts_with = "collapse")]
    pub(in crate::cli) group: Option<GroupArg>,
    /// Print only the best passage of each group
    #[arg(long, value_enum, value_name = "GROUPS")]
    pub(in crate::cli) collapse: Option<CollapseArg>,
    /// Order of the hits: score, date (latest first), or a declared field, as in amount or amount:desc
    ///
    /// Passages of documents without a value come last.
    #[arg(long, value_name = "ORDER", default_value = "score", value_parser = parse_sort)]
    pub(in crate::cli) sort: Sort,
    /// Return only exact matches: do not drop words or correct spelling if nothing matches
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Do not search the synonyms of words, which synonyms.txt in the folder of the index lists; --strict and --count
    /// never do
    #[arg(long)]
    pub(in crate::cli) no_synonyms: bool,
    /// Stop the search after this time, and print the hits found by then with a note
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, default_value = "30")]
    pub(in crate::cli) timeout: Duration,
    /// Print only the number of matching passages, or with --group or --collapse the number of groups
    #[arg(long)]
    pub(in crate::cli) count: bool,
    /// Print the files of all matching documents, each once, the best first; --limit does not apply
    ///
    /// A document that was not read from a file is printed by its id.
    #[arg(short = 'l', long, conflicts_with_all = ["count", "offset", "cursor", "format", "cite"])]
    pub(in crate::cli) files: bool,
    #[command(flatten)]
    pub(in crate::cli) filters: FilterArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
    /// Print the parsed form of the query, without searching
    #[arg(long)]
    pub(in crate::cli) parse: bool,
    /// Print the query language on one page
    #[arg(long)]
    pub(in crate::cli) help_syntax: bool,
}

/// Options that restrict which passages a query finds.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters (repeat an option to allow several values)")]
pub(in crate::cli) struct FilterArgs {
    /// Only passages whose issuer has a name with these words in this order
    #[arg(long, value_name = "TEXT", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) issuer: Vec<String>,
    /// Only passages whose speaker has a name with these words in this order
    #[arg(long, value_name = "TEXT", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) speaker: Vec<String>,
    /// Only passages in this language; zh includes zh-Hans and zh-Hant
    #[arg(long, value_name = "CODE", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) lang: Vec<String>,
    /// Only passages from files whose path contains this text
    #[arg(long, value_name = "TEXT", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) source: Vec<String>,
    /// Only passages published on or after this day, month or year (2025-12-17, 2025-12, 2025)
    #[arg(long, value_name = "DATE", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) after: Option<String>,
    /// Only passages published before this day, month or year (2025-12-17, 2025-12, 2025)
    #[arg(long, value_name = "DATE", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) before: Option<String>,
    /// Only documents with this value of a declared field: desk=trade, amount=5..10, 'amount>=5', received=2024
    #[arg(long, value_name = "FIELD=VALUE", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) filter: Vec<String>,
    /// Only passages with exactly this value of a facet, as --facets prints it: year=2025
    #[arg(long, value_name = "FACET=VALUE", value_parser = parse_facet_value)]
    pub(in crate::cli) only: Vec<(Facet, String)>,
}

pub(super) fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|time| !time.is_zero())
        .ok_or("a number of seconds is needed, as in 0.5".to_owned())
}

pub(in crate::cli) fn parse_facet_value(text: &str) -> Result<(Facet, String), String> {
    let (name, value) = text.split_once('=').ok_or("FACET=VALUE is needed, as in year=2025")?;
    Ok((parse_facet(name)?, value.to_owned()))
}

/// Facets that are counted by `--facets` without a value.
pub(in crate::cli) const DEFAULT_FACETS: &str = "issuer,speaker,year,lang,source";

/// Options that determine the form of the printed hits.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub(in crate::cli) format: OutputFormat,
    /// Count matches by issuer, speaker, year, lang and source, or only by the named facets and declared fields:
    /// --facets=issuer,year (text, json)
    #[arg(long, value_name = "FACETS", num_args = 0.., require_equals = true,
        value_delimiter = ',', default_missing_value = DEFAULT_FACETS,
        value_parser = parse_facet)]
    pub(in crate::cli) facets: Vec<Facet>,
    /// Maximum number of values to print for each facet; all years are printed
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(in crate::cli) facet_limit: usize,
    /// Print hits as citations (text); add a citation to each hit (json, jsonl)
    ///
    /// A citation consists of the quote, speaker, issuer, title, date, paragraph, page, web address, and a link with a
    /// hash of the quote. `gz-search resolve LINK` finds the quote again. Inferred values are marked.
    #[arg(long, value_enum, value_name = "STYLE")]
    pub(in crate::cli) cite: Option<CitationStyleArg>,
    /// Number of passages to print before and after each hit (not csv, xlsx)
    #[arg(long = "context", id = "context", value_name = "N", default_value_t = 0)]
    pub(in crate::cli) context_passages: usize,
    /// Print the components of each score (text, json, jsonl)
    #[arg(long)]
    pub(in crate::cli) explain: bool,
    /// Maximum number of fragments in a snippet
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(in crate::cli) fragments: usize,
    /// Maximum width of a snippet in terminal columns; a Chinese character takes two
    #[arg(long, value_name = "COLUMNS", default_value_t = 320)]
    pub(in crate::cli) width: usize,
    /// Unit of the offsets of highlight spans in JSON
    #[arg(long, value_enum, value_name = "UNIT", default_value_t = OffsetUnitArg::Utf8)]
    pub(in crate::cli) offsets: OffsetUnitArg,
    /// When to colour text output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto)]
    pub(in crate::cli) color: ColorArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GroupArg {
    /// One group for each release
    Release,
    /// No groups: print every matching passage
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CollapseArg {
    /// No groups: print every matching passage
    None,
    /// One group for each document
    Document,
    /// One group for each set of near-duplicate passages, with the number of other documents that contain a
    /// near-duplicate
    Near,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OutputFormat {
    /// Text for people
    Text,
    /// One JSON object
    Json,
    /// JSON Lines: one hit per line
    Jsonl,
    /// CSV: a header and one hit per row; an apostrophe precedes a text that looks like a formula
    Csv,
    /// A numbered list in Markdown
    Markdown,
    /// An HTML page
    Html,
    /// A workbook of Excel 2007 and later; needs a file: --format xlsx >hits.xlsx
    #[cfg(feature = "archive")]
    Xlsx,
}

fn parse_sort(text: &str) -> Result<Sort, String> {
    text.parse().map_err(|_: ParseNameError| {
        format!(
            "there is no order {text}: write score, date, or a declared field as in amount:desc"
        )
    })
}

fn parse_facet(name: &str) -> Result<Facet, String> {
    name.parse().map_err(|_: ParseNameError| {
        format!(
            "there is no facet {name}, only {}",
            Facet::ALL.each_ref().map(Facet::name).join(", ")
        )
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CitationStyleArg {
    /// Plain text
    Text,
    /// Markdown: a block quote and an attribution line
    Markdown,
    /// Entries for BibTeX and biblatex
    Bibtex,
    /// Records for reference managers
    Ris,
    /// A JSON array for citation processors
    CslJson,
    /// A quote and a reference in APA style
    Apa,
    /// A quote and a reference by the Chinese standard GB/T 7714-2015
    Gbt7714,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OffsetUnitArg {
    /// UTF-8 bytes: Rust, Go, C
    #[value(name = "utf-8")]
    Utf8,
    /// UTF-16 code units: JavaScript, Java, C#
    #[value(name = "utf-16")]
    Utf16,
    /// Unicode code points: Python
    Codepoint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ColorArg {
    /// Colour text and link titles to their files or web addresses if the terminal supports this and `NO_COLOR` is not
    /// set
    Auto,
    /// Always colour; links as with auto
    Always,
    /// Neither colour nor links
    Never,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Id of a document, or of a passage in the form DOCUMENT#ORDINAL
    #[arg(value_name = "ID", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) id: String,
    /// Number of passages to print before and after the passage
    #[arg(long = "context", id = "context", value_name = "N", default_value_t = 1)]
    pub(in crate::cli) context_passages: usize,
    /// Highlight the matches of this query
    #[arg(long, value_name = "QUERY", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) query: Option<String>,
    /// Print the N most similar passages of other documents instead of the passage
    #[arg(long, value_name = "N", conflicts_with_all = ["context", "query", "cite"])]
    pub(in crate::cli) similar: Option<usize>,
    /// Print a citation of the passage, or of every passage of the document, instead of the text
    #[arg(long, value_enum, value_name = "STYLE", conflicts_with_all = ["context", "query"])]
    pub(in crate::cli) cite: Option<CitationStyleArg>,
    /// When to colour text output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto)]
    pub(in crate::cli) color: ColorArg,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ResolveArgs {
    /// Link of a citation: gz-search:DOCUMENT#ORDINAL@HASH
    #[arg(value_name = "LINK", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) link: String,
    /// Print one JSON object
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// When to colour text output
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto)]
    pub(in crate::cli) color: ColorArg,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SuggestArgs {
    /// Beginning of a query, in words or pinyin
    ///
    /// The last word is completed. If the text ends with a space, the next word is suggested.
    #[arg(value_name = "TEXT", required = true, value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) words: Vec<String>,
    /// Maximum number of suggestions, at most 100
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub(in crate::cli) limit: usize,
    /// Output format
    #[arg(long, value_enum, default_value_t = SuggestFormat::Text)]
    pub(in crate::cli) format: SuggestFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SuggestFormat {
    /// One suggestion per line
    Text,
    /// One JSON object
    Json,
}
