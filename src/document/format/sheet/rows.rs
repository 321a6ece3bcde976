//! Writes the rows of a sheet as blocks: text rows above a table as paragraphs, merged rows inside it as headings, and
//! each other row with the names of its columns.

use std::slice;

use super::{
    Row, Sheet, column_letters,
    header::{self, TableHeader},
    text_size_error,
};
use crate::document::{
    blocks::BlockBuilder,
    heading,
    limits::ReadLimits,
    metadata::fields::{LabelledValue, field_of_label},
    model::BlockKind,
    place::{Place, PlaceStart},
};

/// Separator between the cells of a row below a header row.
const CELL_SEPARATOR_BELOW_HEADER: &str = " · ";
/// Separator between the names of the columns that a merged cell covers.
const NAME_SEPARATOR: &str = " / ";
/// Separator between the cells of a row without a header row.
const CELL_SEPARATOR_WITHOUT_HEADER: &str = " | ";
/// Names that programs give to new sheets, in lower case and without the number at the end.
const GENERIC_SHEET_NAMES: [&str; 8] =
    ["sheet", "tabelle", "feuille", "feuil", "hoja", "工作表", "表格", "table"];

/// Writes the sheets of a workbook as blocks.
#[derive(Debug, Default)]
pub(super) struct SheetWriter {
    pub(super) blocks: BlockBuilder,
    pub(super) places: Vec<PlaceStart>,
    /// Title of the document: the title in the properties of the file, or else the text of the first row with one cell.
    pub(super) title: Option<String>,
    /// Labels of metadata fields in the rows above tables, with their values.
    pub(super) labels: Vec<LabelledValue>,
    /// Name of the current sheet, if it becomes a heading before the next block.
    pub(super) pending_sheet_heading: Option<String>,
}

impl SheetWriter {
    /// Writes a sheet. Its name becomes a heading, unless the file has only this sheet and the name is generic.
    ///
    /// # Errors
    ///
    /// The reason, if the text becomes too large.
    pub(super) fn write_sheet(
        &mut self,
        sheet: &Sheet,
        has_several_sheets: bool,
        limits: ReadLimits,
    ) -> Result<(), String> {
        let has_heading = has_several_sheets || !is_generic_sheet_name(&sheet.name);
        self.pending_sheet_heading = has_heading.then(|| sheet.name.clone());
        let mut header: Option<TableHeader> = None;
        for rows in sheet.rows.chunk_by(|row, next| next.number == row.number + 1) {
            let found_header = header::find_header(rows, sheet.header_row);
            let (text_rows, table_rows) = match &found_header {
                Some((_, index, row_count)) => {
                    (rows.get(..*index), rows.get(index + row_count..).unwrap_or_default())
                }
                None => (None, rows),
            };
            self.write_rows_as_paragraphs(sheet, text_rows.unwrap_or_default());
            header = match found_header {
                Some((table_header, index, row_count)) if table_rows.is_empty() => {
                    let header_rows = rows.get(index..index + row_count).unwrap_or_default();
                    for row in header_rows {
                        self.write_row(sheet, row, None);
                    }
                    Some(table_header)
                }
                Some((table_header, ..)) => Some(table_header),
                None => header.filter(|header| header.is_continued_by_rows(rows)),
            };
            if header.is_none() {
                self.write_rows_as_paragraphs(sheet, table_rows);
                continue;
            }
            for row in table_rows {
                self.write_row(sheet, row, header.as_ref());
                if self.blocks.text.len() as u64 > limits.max_text_bytes() {
                    return Err(text_size_error(limits));
                }
            }
        }
        for text_box in &sheet.text_boxes {
            let range = match text_box.anchor {
                Some((row, column)) => format!("{}{row}", column_letters(column)),
                None => cell_range_of_rows(&sheet.rows),
            };
            self.add_block_at(sheet, range, BlockKind::Paragraph, &text_box.text);
            if self.blocks.text.len() as u64 > limits.max_text_bytes() {
                return Err(text_size_error(limits));
            }
        }
        Ok(())
    }

    /// Writes rows that belong to no table header, as paragraphs. If the first row of the file has only one cell, the
    /// row may become the title. A row of a metadata label and its value is also added to `labels`.
    fn write_rows_as_paragraphs(&mut self, sheet: &Sheet, rows: &[Row]) {
        for row in rows {
            if let [label, value] = row.cells.as_slice()
                && field_of_label(&label.text).is_some()
            {
                self.labels.push((label.text.clone(), value.text.clone()));
            }
            let is_first =
                !self.blocks.blocks.iter().any(|block| block.kind == BlockKind::Paragraph);
            if let [cell] = row.cells.as_slice()
                && self.title.as_ref().is_none_or(|title| *title == cell.text)
                && is_first
                && heading::title_in_first_line(&cell.text).is_some()
            {
                self.title = Some(cell.text.clone());
                self.add_block(sheet, row, BlockKind::Title, &cell.text);
                continue;
            }
            self.write_row(sheet, row, None);
        }
    }

    /// Writes a row, with the names of its columns if it has a header.
    fn write_row(&mut self, sheet: &Sheet, row: &Row, header: Option<&TableHeader>) {
        let Some(header) = header else {
            let texts: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            return self.add_block(
                sheet,
                row,
                BlockKind::Paragraph,
                &texts.join(CELL_SEPARATOR_WITHOUT_HEADER),
            );
        };
        if let [cell] = row.cells.as_slice()
            && cell.column_span > 1
            && cell.column_span as usize * 2 > header.names().len()
        {
            return self.add_block(sheet, row, BlockKind::Heading(2), &cell.text);
        }
        let texts = row.cells.iter().map(|cell| {
            let names = header.names_above(cell);
            if names.is_empty() || names == [&cell.text] {
                return cell.text.clone();
            }
            let names = names.iter().map(|name| name.trim_end_matches([':', '：']));
            format!("{}: {}", names.collect::<Vec<_>>().join(NAME_SEPARATOR), cell.text)
        });
        let text = texts.collect::<Vec<_>>().join(CELL_SEPARATOR_BELOW_HEADER);
        self.add_block(sheet, row, BlockKind::Paragraph, &text);
    }

    fn add_block(&mut self, sheet: &Sheet, row: &Row, kind: BlockKind, text: &str) {
        self.add_block_at(sheet, cell_range_of_rows(slice::from_ref(row)), kind, text);
    }

    /// Adds a block with the text of the cells in `range`.
    fn add_block_at(&mut self, sheet: &Sheet, range: String, kind: BlockKind, text: &str) {
        // The title of the document precedes the name of the first sheet.
        let heading = self.pending_sheet_heading.take_if(|_| kind != BlockKind::Title);
        let place = Place::Cells { sheet: sheet.name.clone(), range };
        for (kind, text) in
            heading.iter().map(|name| (BlockKind::Heading(1), name.as_str())).chain([(kind, text)])
        {
            let offset = self.blocks.text.len();
            self.blocks.push(text);
            if self.blocks.finish_block(kind) {
                self.places.push(PlaceStart { offset, place: place.clone() });
            }
        }
    }
}

/// Returns the range of the cells of rows: `A5:D9`, or `A5` for one cell.
fn cell_range_of_rows(rows: &[Row]) -> String {
    let columns = || rows.iter().flat_map(|row| &row.cells).map(|cell| cell.column);
    let first_column = column_letters(columns().min().unwrap_or_default());
    let last_column = column_letters(columns().max().unwrap_or_default());
    let first_row = rows.first().map_or(1, |row| row.number);
    let last_row = rows.last().map_or(1, |row| row.number);
    let (first, last) = (format!("{first_column}{first_row}"), format!("{last_column}{last_row}"));
    if first == last { first } else { format!("{first}:{last}") }
}

/// Returns whether the name of a sheet is empty, or was given by a program, such as `Sheet1`.
fn is_generic_sheet_name(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '_');
    stem.is_empty() || GENERIC_SHEET_NAMES.contains(&stem)
}
