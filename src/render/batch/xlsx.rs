//! Renders the answers to several queries as a workbook of Excel 2007 and later.

use super::{
    BatchAnswer,
    columns::{NUMBER_COLUMNS, PASSAGE_COLUMNS, QUERY_COLUMNS, passage_values, query_values},
};
use crate::{
    render::workbook::{Cell, Column, Table, workbook},
    search::Hit,
};

/// Widths of the columns that describe a query, in characters.
const QUERY_WIDTHS: [u8; QUERY_COLUMNS.len()] = [6, 24, 48, 10, 10, 10, 40, 40];
/// Widths of the columns that describe a passage, in characters.
const PASSAGE_WIDTHS: [u8; PASSAGE_COLUMNS.len()] = [6, 10, 36, 12, 28, 20, 80, 60, 28, 32, 36, 32];
/// Number of leading columns of the sheet of queries that the sheet of passages repeats: line, name and query.
const REPEATED_QUERY_COLUMN_COUNT: usize = 3;

/// Renders the answers as a workbook with two sheets: `Queries` has one row for each query with its counts, `Passages`
/// one row for each passage. Numbers are numbers, dates are dates, and everything else is text, so that nothing is a
/// formula.
pub(crate) fn batch_xlsx(answers: &[BatchAnswer]) -> Vec<u8> {
    let query_columns: Vec<Column> = QUERY_COLUMNS.into_iter().zip(QUERY_WIDTHS).collect();
    let passage_columns = PASSAGE_COLUMNS.into_iter().zip(PASSAGE_WIDTHS);
    let repeated_columns = query_columns.iter().copied().take(REPEATED_QUERY_COLUMN_COUNT);
    let passage_columns: Vec<Column> = repeated_columns.chain(passage_columns).collect();
    let query_rows: Vec<Vec<Cell>> = answers.iter().map(query_cells).collect();
    let passage_rows: Vec<Vec<Cell>> = answers.iter().flat_map(passage_rows).collect();
    workbook(&[
        Table { sheet_name: "Queries", columns: &query_columns, rows: &query_rows },
        Table { sheet_name: "Passages", columns: &passage_columns, rows: &passage_rows },
    ])
}

fn query_cells(answer: &BatchAnswer) -> Vec<Cell> {
    QUERY_COLUMNS.into_iter().zip(query_values(answer)).map(cell).collect()
}

/// Returns one row for each passage of the answer.
fn passage_rows(answer: &BatchAnswer) -> Vec<Vec<Cell>> {
    let Ok(answered) = &answer.results else { return Vec::new() };
    let row = |hit: &Hit| {
        let repeated_cells = query_cells(answer).into_iter().take(REPEATED_QUERY_COLUMN_COUNT);
        let values = PASSAGE_COLUMNS.into_iter().zip(passage_values(hit, answered.citation));
        let cells = values.map(|(column, value)| match hit.document.date {
            Some(day) if column == "date" => Cell::Day(day),
            _ => cell((column, value)),
        });
        repeated_cells.chain(cells).collect()
    };
    answered.results.shown_passages().map(row).collect()
}

fn cell((column, value): (&str, String)) -> Cell {
    if NUMBER_COLUMNS.contains(&column) { Cell::Number(value) } else { Cell::Text(value) }
}
