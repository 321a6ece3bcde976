//! Merged cells of a sheet.

use super::{Cell, CellBudget, Row};

/// Maximum number of rows that all merged areas of a sheet fill together.
const MAX_ROWS_FILLED_BY_MERGED_AREAS: usize = 200_000;

/// Area of cells that are shown as one cell. Rows count from 1 and columns from 0; the last row and column belong to
/// the area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document::format) struct MergedArea {
    pub(in crate::document::format) first_row: u32,
    pub(in crate::document::format) last_row: u32,
    pub(in crate::document::format) first_column: u32,
    pub(in crate::document::format) last_column: u32,
}

impl MergedArea {
    /// Parses a range such as `A1:C3` or `$A$1`. `None` if the range has no cell references.
    pub(in crate::document::format) fn parse(range: &str) -> Option<Self> {
        let range = range.replace('$', "");
        let (first, last) = range.split_once(':').unwrap_or((&range, &range));
        let ((first_column, first_row), (last_column, last_row)) =
            (column_and_row_of_reference(first)?, column_and_row_of_reference(last)?);
        let is_ordered = first_row <= last_row && first_column <= last_column;
        is_ordered.then_some(Self { first_row, last_row, first_column, last_column })
    }
}

/// Returns the column, from 0, and the row, from 1, of a cell reference such as `AB12`.
fn column_and_row_of_reference(reference: &str) -> Option<(u32, u32)> {
    let letter_count = reference.chars().take_while(char::is_ascii_alphabetic).count();
    let (letters, digits) = reference.split_at_checked(letter_count)?;
    if letters.is_empty() || letters.len() > 4 {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((column - 1, digits.parse().ok().filter(|row| *row > 0)?))
}

/// Sets the column span of the first cell of each merged area, and copies this cell to each lower row of the area, so
/// that a row can be understood alone.
///
/// # Errors
///
/// Returns the reason if the copies exceed the budget of cells.
pub(in crate::document::format) fn apply_merged_areas(
    rows: &mut [Row],
    areas: &[MergedArea],
    budget: &mut CellBudget,
) -> Result<(), String> {
    let mut filled_row_count = 0;
    for area in areas {
        let first_index = rows.partition_point(|row| row.number < area.first_row);
        let Some((first_row, lower_rows)) =
            rows.get_mut(first_index..).and_then(<[Row]>::split_first_mut)
        else {
            continue;
        };
        if first_row.number != area.first_row {
            continue;
        }
        let Some(cell) = first_row.cells.iter_mut().find(|cell| cell.column == area.first_column)
        else {
            continue;
        };
        cell.column_span = area.last_column - area.first_column + 1;
        let cell: Cell = cell.clone();
        let lower_rows = lower_rows.iter_mut().take_while(|row| row.number <= area.last_row);
        for row in lower_rows {
            filled_row_count += 1;
            if filled_row_count > MAX_ROWS_FILLED_BY_MERGED_AREAS {
                return Ok(());
            }
            let index = row.cells.partition_point(|other| other.column < cell.column);
            if row.cells.get(index).is_none_or(|other| other.column != cell.column) {
                budget.deduct_cell(&cell.text)?;
                row.cells.insert(index, cell.clone());
            }
        }
    }
    Ok(())
}
