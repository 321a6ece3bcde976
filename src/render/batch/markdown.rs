//! Renders the answers to several queries as Markdown: a table of counts, then the passages of each query.

use super::{
    BatchAnswer,
    columns::{QUERY_COLUMNS, query_values},
};
use crate::{
    fact_table::one_line,
    render::{CitationStyle, citations, markdown::escape_inline},
};

/// Renders a table with one row for each query, then a section for each query with passages. Each passage is a
/// citation: a quote with its source, or a block of code in another style.
pub(crate) fn batch_markdown(answers: &[BatchAnswer]) -> String {
    let mut report = String::new();
    report.extend(["| ", &QUERY_COLUMNS.join(" | "), " |\n|--:|---|---|--:|--:|--:|---|---|\n"]);
    for answer in answers {
        let cells = query_values(answer).map(|cell| escape_inline(&one_line(&cell)));
        report.extend(["| ", &cells.join(" | "), " |\n"]);
    }
    report.extend(answers.iter().filter_map(section));
    report
}

/// Returns the heading of a query and its passages. `None` if the query has no passages.
fn section(answer: &BatchAnswer) -> Option<String> {
    let answered = answer.results.as_ref().ok()?;
    if answered.results.hits.is_empty() {
        return None;
    }
    let BatchAnswer { line, name, query, .. } = answer;
    let title = match (name.as_str(), query.as_str()) {
        ("", query) => query.to_owned(),
        (name, query) => format!("{name}: {query}"),
    };
    let style = answered.citation.unwrap_or(CitationStyle::Markdown);
    let passages = citations(answered.page(), style);
    let passages = match style {
        CitationStyle::Markdown => passages,
        _ => passages.lines().map(code_line).collect(),
    };
    Some(format!("\n## {line}. {}\n\n{passages}", escape_inline(&one_line(&title))))
}

/// Returns an indented line of a code block. Markup in an indented line cannot end the block.
fn code_line(line: &str) -> String {
    if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }
}
