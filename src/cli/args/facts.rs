//! Arguments of the command `facts`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{FilterArgs, query::parse_seconds, unescape_leading_hyphen};

#[derive(Debug, Args)]
pub(in crate::cli) struct FactsArgs {
    /// Words, "phrases" and operators; without a query, the figures of all passages are printed
    #[arg(value_name = "QUERY", value_parser = unescape_leading_hyphen)]
    pub(in crate::cli) words: Vec<String>,
    /// Maximum number of passages to read, the best first
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10_000)]
    pub(in crate::cli) limit: usize,
    /// Stop the search after this time
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, default_value = "30")]
    pub(in crate::cli) timeout: Duration,
    #[command(flatten)]
    pub(in crate::cli) filters: FilterArgs,
    /// Compute derived figures again, and list figures of two releases that differ
    ///
    /// Growth rates, differences, multiples and shares are computed from the other figures of the passage. Figures of
    /// two releases are compared if one issuer states them in similar sentences for the same thing, unit and period.
    /// The answers are questions for a person, with the quotes. Exit code 0: no questions, 1: questions, 2: error.
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) check: bool,
    /// Output format [default: csv, with --check: markdown]
    #[arg(long, value_enum, help_heading = "Output")]
    pub(in crate::cli) format: Option<FactsFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FactsFormat {
    /// CSV: a header and one quantity per row; an apostrophe precedes a text that looks like a formula
    Csv,
    /// A JSON array with one object for each quantity
    Json,
    /// A table in Markdown
    Markdown,
    /// A workbook of Excel 2007 and later; needs a file: --format xlsx >facts.xlsx
    #[cfg(feature = "archive")]
    Xlsx,
}
