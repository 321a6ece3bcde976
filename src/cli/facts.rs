//! The command `gz-search facts`, which prints the quantities of the passages that match a query.

use super::{
    args::{FactsArgs, FactsFormat},
    default_index::open_or_build,
    location::IndexLocation,
    output::{pluralize, print, print_notes, print_status},
    request::filtered_query,
};
use crate::{
    error::{Error, Result},
    render::{FactRow, facts_csv, facts_json, facts_markdown},
};

/// Query that finds all passages.
const ALL_PASSAGES: &str = "*";

/// Prints one row for each quantity of the passages that match in full. Returns exit code 1 if there are none.
pub(super) fn run(location: &IndexLocation, args: &FactsArgs) -> Result<u8> {
    let words = args.words.join(" ");
    let text = if words.trim().is_empty() { ALL_PASSAGES } else { &words };
    let query = filtered_query(text, &args.filters)?
        .strict(true)
        .limit(args.limit)
        .fragments(1)
        .timeout(args.timeout);
    let searcher = match location.engine {
        Some(_) => location.searcher()?,
        None => open_or_build(&location.dir)?.searcher()?,
    };
    let results = searcher.search(&query)?;
    if results.cut && results.hits.is_empty() {
        return Err(Error::TimedOut(args.timeout));
    }
    print_notes(&results.notes);
    let rows = FactRow::rows(results.hits.iter().map(|hit| (&hit.document, &hit.passage)));
    print(&match args.format {
        FactsFormat::Csv => facts_csv(&rows),
        FactsFormat::Json => facts_json(&rows),
        FactsFormat::Markdown => facts_markdown(&rows),
    })?;
    let passages = results.hits.len() as u64;
    let unread = results.total.saturating_sub(passages);
    let note =
        if unread > 0 { format!("; {unread} more match, raise --limit") } else { String::new() };
    print_status(&format!(
        "{} in {}{note}",
        pluralize(rows.len() as u64, "figure"),
        pluralize(passages, "passage")
    ));
    Ok(u8::from(rows.is_empty()))
}
