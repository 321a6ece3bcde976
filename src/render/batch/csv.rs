//! Renders the answers to several queries as CSV.

use ::csv::Writer;

use super::{
    BatchAnswer,
    columns::{PASSAGE_COLUMNS, QUERY_COLUMNS, passage_values, query_values},
};
use crate::render::csv::{BYTE_ORDER_MARK, text_cell};

/// Returns a byte order mark and the header row of the report.
pub(crate) fn batch_csv_header() -> String {
    let names = QUERY_COLUMNS.into_iter().chain(PASSAGE_COLUMNS).map(str::to_owned);
    format!("{BYTE_ORDER_MARK}{}", csv_rows([names.collect()]))
}

/// Renders the answer to one query as rows of CSV: one row for each passage, or one row without a passage. Each row
/// repeats the columns of the query. A spreadsheet evaluates no text as a formula.
pub(crate) fn batch_csv(answer: &BatchAnswer) -> String {
    let query_cells = query_values(answer).map(|value| text_cell(&value));
    let answered = answer.results.as_ref().ok();
    let mut rows: Vec<Vec<String>> = answered
        .into_iter()
        .flat_map(|answered| {
            answered.results.shown_passages().map(|hit| {
                let cells = passage_values(hit, answered.citation);
                let cells = cells.map(|value| text_cell(&value));
                query_cells.iter().cloned().chain(cells).collect()
            })
        })
        .collect();
    if rows.is_empty() {
        let empty_cells = std::iter::repeat_n(String::new(), PASSAGE_COLUMNS.len());
        rows.push(query_cells.into_iter().chain(empty_cells).collect());
    }
    csv_rows(rows)
}

fn csv_rows(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail, and all rows have the same number of columns.
        drop(writer.write_record(&row));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
