//! Renders rows of figures as a workbook of Excel 2007 and later.

use super::columns::{self, COLUMN_NAMES, DAY_COLUMN_INDICES, VALUE_COLUMN_INDEX, days};
use crate::{
    fact_table::FactRow,
    render::workbook::{Cell, Column, Table, workbook},
};

/// Widths of the columns, in characters.
const COLUMN_WIDTHS: [u8; COLUMN_NAMES.len()] =
    [36, 18, 10, 12, 10, 12, 12, 9, 28, 20, 36, 12, 28, 32, 18, 60, 32, 32, 16];

/// Renders rows as a workbook with a header, one row for each quantity and a filter over each column. Values are
/// numbers if a spreadsheet keeps all their digits, days are dates, and everything else is text, so that nothing is a
/// formula. More than 1,048,575 rows continue on further sheets.
pub fn facts_xlsx(rows: &[FactRow<'_>]) -> Vec<u8> {
    let columns: Vec<Column> = COLUMN_NAMES.into_iter().zip(COLUMN_WIDTHS).collect();
    let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    workbook(&[Table { sheet_name: "Facts", columns: &columns, rows: &rows }])
}

fn cells(row: &FactRow<'_>) -> Vec<Cell> {
    let texts = columns::cells(row).into_iter().enumerate();
    texts
        .map(|(column, text)| {
            let day_column = DAY_COLUMN_INDICES.iter().position(|&other| other == column);
            match day_column.and_then(|index| days(row)[index]) {
                Some(day) => Cell::Day(day),
                None if column == VALUE_COLUMN_INDEX => Cell::Number(text),
                None => Cell::Text(text),
            }
        })
        .collect()
}
