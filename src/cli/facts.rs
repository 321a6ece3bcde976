//! The command `gz-search facts`, which prints the quantities of the passages that match a query.

#[cfg(feature = "archive")]
use super::output::print_workbook;
use super::{
    args::{FactsArgs, FactsFormat},
    default_index::open_searcher,
    location::IndexLocation,
    output::{pluralize, print, print_notes, print_status},
    request::filtered_query,
};
use crate::{
    error::{Error, Result},
    fact_table::{FactCheck, FactRow},
    render::{check_json, check_markdown, facts_csv, facts_json, facts_markdown},
    search::SearchResults,
};

/// Query that finds all passages.
const ALL_PASSAGES_QUERY: &str = "*";

/// Prints one row for each quantity (number with a unit) in the passages that match the query. With `--check`, prints a
/// question about each doubtful quantity. Returns exit code 1 if there are no quantities, or with `--check` if there
/// are questions.
pub(super) fn run(location: &IndexLocation, args: &FactsArgs) -> Result<u8> {
    let words = args.words.join(" ");
    let text = if words.trim().is_empty() { ALL_PASSAGES_QUERY } else { &words };
    let query = filtered_query(text, &args.filters)?
        .strict(true)
        .limit(args.limit)
        .fragments(1)
        .timeout(args.timeout);
    let searcher = open_searcher(location)?;
    let results = searcher.search(&query)?;
    if results.cut && results.hits.is_empty() {
        return Err(Error::TimedOut(args.timeout));
    }
    print_notes(&results.notes);
    if args.check {
        return print_fact_check(&results, args);
    }
    let rows = FactRow::rows(results.hits.iter().map(|hit| (&hit.document, &hit.passage)));
    print_fact_rows(&rows, args.format.unwrap_or(FactsFormat::Csv))?;
    print_status(&format!(
        "{} in {}",
        pluralize(rows.len() as u64, "figure"),
        describe_read_passages(&results)
    ));
    if results.hits.is_empty() {
        print_status("no passage has every word: use fewer words, or `OR` between them");
    }
    Ok(u8::from(rows.is_empty()))
}

/// Describes how many passages were read, and how many more match.
fn describe_read_passages(results: &SearchResults) -> String {
    let passages = results.hits.len() as u64;
    let unread = results.total.saturating_sub(passages);
    let note =
        if unread > 0 { format!("; {unread} more match, raise --limit") } else { String::new() };
    format!("{}{note}", pluralize(passages, "passage"))
}

/// Prints a question about each doubtful figure of the passages. Returns exit code 1 if there are questions.
fn print_fact_check(results: &SearchResults, args: &FactsArgs) -> Result<u8> {
    let check = FactCheck::new(results.hits.iter().map(|hit| (&hit.document, &hit.passage)));
    print(&match args.format {
        None | Some(FactsFormat::Markdown) => check_markdown(&check),
        Some(FactsFormat::Json) => check_json(&check),
        Some(_) => {
            let reason = "--check needs --format markdown or json";
            return Err(Error::invalid("format", reason.to_owned()));
        }
    })?;
    let questions = check.question_count() as u64;
    print_status(&format!(
        "{} in {}",
        pluralize(questions, "question"),
        describe_read_passages(results)
    ));
    Ok(u8::from(questions > 0))
}

/// Prints the rows in the format `format`.
fn print_fact_rows(rows: &[FactRow<'_>], format: FactsFormat) -> Result<()> {
    match format {
        FactsFormat::Csv => print(&facts_csv(rows)),
        FactsFormat::Json => print(&facts_json(rows)),
        FactsFormat::Markdown => print(&facts_markdown(rows)),
        #[cfg(feature = "archive")]
        FactsFormat::Xlsx => print_workbook(&crate::render::facts_xlsx(rows)),
    }
}
