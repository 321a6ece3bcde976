//! Renders rows of figures as CSV.

use ::csv::Writer;

use super::columns::{COLUMN_NAMES, VALUE_COLUMN_INDEX, cells};
use crate::{
    fact_table::FactRow,
    render::csv::{BYTE_ORDER_MARK, text_cell},
};

/// Renders rows as CSV: a byte order mark, a header and one row for each quantity. A spreadsheet evaluates no text as a
/// formula.
pub fn facts_csv(rows: &[FactRow<'_>]) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let rows = rows.iter().map(|row| {
        let mut cells = cells(row).map(|cell| text_cell(&cell));
        // A negative number is not a formula.
        row.quantity.value.to_string().clone_into(&mut cells[VALUE_COLUMN_INDEX]);
        cells
    });
    for row in std::iter::once(COLUMN_NAMES.map(str::to_owned)).chain(rows) {
        // Writing to memory cannot fail, and all rows have the same number of columns.
        drop(writer.write_record(&row));
    }
    let csv_text = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    format!("{BYTE_ORDER_MARK}{csv_text}")
}
