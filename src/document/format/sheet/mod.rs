//! Converts the rows of a spreadsheet to a document. Each row below a header row is a block that names the header of
//! each cell: `Ministry: Trade · Budget: 12 million`.
//!
//! The readers of CSV, Excel and OpenDocument fill a [`Workbook`]. `header.rs` recognizes header rows, and `rows.rs`
//! writes the blocks.

mod header;
#[cfg(feature = "docx")]
mod merged;
mod rows;
#[cfg(test)]
mod tests;
mod value;

#[cfg(feature = "docx")]
pub(super) use self::merged::{MergedArea, apply_merged_areas};
use self::rows::SheetWriter;
pub(super) use self::value::{CellKind, is_column_name};
use crate::document::{
    left_out::LeftOut,
    limits::{ReadLimits, format_size},
    metadata::fields::MetadataField,
    model::Document,
};

/// Maximum number of cells with content in a file. Each cell takes about 60 bytes in addition to its text.
const MAX_CELLS: usize = 2_000_000;
/// Maximum number of characters of the name of a sheet. Excel allows 31.
const MAX_SHEET_NAME_CHARS: usize = 200;

/// A cell with content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// Column, from 0.
    pub(super) column: u32,
    /// Text as the spreadsheet shows it, on one line.
    pub(super) text: String,
    pub(super) kind: CellKind,
    pub(super) is_bold: bool,
    /// Number of columns that the cell covers: more than 1 if it is merged with cells to its right.
    pub(super) column_span: u32,
}

impl Cell {
    /// Returns a cell that covers one column and is not bold. Determines the kind from the text.
    pub(super) fn of_text(column: u32, text: String) -> Self {
        let kind = CellKind::of_text(&text);
        Self { column, text, kind, is_bold: false, column_span: 1 }
    }
}

/// A row with at least one cell with content. The cells are in the order of their columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Number of the row in the sheet, from 1.
    pub(super) number: u32,
    pub(super) cells: Vec<Cell>,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sheet {
    /// Name of the sheet; empty for CSV.
    pub(super) name: String,
    /// Rows with content, in order.
    pub(super) rows: Vec<Row>,
    /// Number of the row that the file marks as the header row: the last frozen row or the first row of a filter.
    pub(super) header_row: Option<u32>,
    /// Text boxes beside the cells.
    pub(super) text_boxes: Vec<TextBox>,
}

/// Text box that lies on the cells of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TextBox {
    /// Row, from 1, and column, from 0, of the cell below the upper left corner of the box. `None` if unknown.
    pub(super) anchor: Option<(u32, u32)>,
    /// Text on one line.
    pub(super) text: String,
}

/// Content of a spreadsheet file.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub(super) sheets: Vec<Sheet>,
    /// Title in the properties of the file.
    pub(super) title: Option<String>,
    /// Names of the sheets that the file hides. The reader skips the content of these sheets.
    #[cfg_attr(not(feature = "docx"), expect(dead_code, reason = "CSV has no hidden sheets"))]
    pub(super) hidden_sheets: Vec<String>,
    /// Parts of the file that could not be read, each with the reason.
    pub(super) unread_parts: Vec<String>,
    /// Comments and words of charts.
    pub(super) left_out: Vec<LeftOut>,
}

/// Remaining number of cells and bytes of text that the sheets of a file may have.
#[derive(Debug)]
pub(super) struct CellBudget {
    /// Number of cells that may still be added.
    cells_left: usize,
    /// Number of bytes of text that may still be added.
    bytes_left: u64,
    limits: ReadLimits,
}

impl CellBudget {
    pub(super) const fn new(limits: ReadLimits) -> Self {
        Self { cells_left: MAX_CELLS, bytes_left: limits.max_text_bytes(), limits }
    }

    /// Deducts a cell with the given text from the budget.
    ///
    /// # Errors
    ///
    /// Returns the reason if the file has too many cells or too much text.
    pub(super) fn deduct_cell(&mut self, text: &str) -> Result<(), String> {
        if self.cells_left == 0 {
            return Err(format!(
                "holds more than {MAX_CELLS} cells: split it, or save it as JSON Lines"
            ));
        }
        self.cells_left -= 1;
        self.bytes_left = self
            .bytes_left
            .checked_sub(text.len() as u64)
            .ok_or_else(|| text_size_error(self.limits))?;
        Ok(())
    }
}

/// Returns the error for sheets with too much text.
fn text_size_error(limits: ReadLimits) -> String {
    let size = format_size(limits.max_text_bytes());
    format!("holds text of more than {size}: split it, or save it as JSON Lines")
}

impl Workbook {
    /// Converts the workbook to a document with one block for each row.
    ///
    /// # Errors
    ///
    /// The reason, if the text is too large.
    pub(super) fn into_document(self, id: &str, limits: ReadLimits) -> Result<Document, String> {
        let has_several_sheets = self.sheets.len() > 1;
        let stated_title = self.title.filter(|title| !title.trim().is_empty());
        let mut writer = SheetWriter { title: stated_title.clone(), ..SheetWriter::default() };
        for mut sheet in self.sheets {
            sheet.name = sheet.name.chars().take(MAX_SHEET_NAME_CHARS).collect();
            writer.write_sheet(&sheet, has_several_sheets, limits)?;
        }
        let SheetWriter { blocks, places, title, labels, .. } = writer;
        let mut document = Document::new(id, blocks.text);
        (document.blocks, document.places) = (blocks.blocks, places);
        if let Some(title) = stated_title {
            document.fill_field(MetadataField::Title, &title, "file properties");
        } else if let Some(title) = title {
            document.infer_field(MetadataField::Title, &title, "first row");
        }
        document.fill_from_labels(&labels, "table");
        document.unread = self.unread_parts;
        document.left_out = self.left_out;
        #[cfg(feature = "docx")]
        if !self.hidden_sheets.is_empty() {
            document.metadata.insert("hidden_sheets".to_owned(), self.hidden_sheets.join("; "));
        }
        Ok(document)
    }
}

/// Returns the letters of the column with the index `column`: `A` for 0, `AA` for 26.
pub(super) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut remaining = column + 1;
    while remaining > 0 {
        let digit = u8::try_from((remaining - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        remaining = (remaining - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Returns `text` on one line: each run of white space becomes one space.
pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
