//! Reads the sheets of an Excel 97 workbook.

use super::{
    OleContainer,
    bytes::{f64_at, u16_at, u32_at, usize_at},
    properties,
    records::{CONTINUATION_RECORD, Record, records},
    strings::{shared_strings, string_with_one_byte_length, string_with_two_byte_length},
    text_boxes::TextBoxReader,
};
use crate::document::{
    format::{
        number_format::{code_of_built_in_format, format_number},
        sheet::{
            Cell, CellBudget, CellKind, MergedArea, Row, Sheet, Workbook, apply_merged_areas,
            on_one_line,
        },
    },
    limits::ReadLimits,
    model::Document,
};

/// Types of the records of a workbook stream that this module reads, with their names in MS-XLS.
mod record_type {
    /// `BOF`: beginning of a sheet or another substream.
    pub(super) const SUBSTREAM_BEGIN_RECORD: u16 = 0x0809;
    /// `EOF`: end of a substream.
    pub(super) const SUBSTREAM_END_RECORD: u16 = 0x000A;
    /// `FilePass`: the file is encrypted.
    pub(super) const ENCRYPTION_RECORD: u16 = 0x002F;
    /// `BoundSheet8`: name and offset of a sheet.
    pub(super) const SHEET_RECORD: u16 = 0x0085;
    /// `SST`: the strings that cells share.
    pub(super) const SHARED_STRINGS_RECORD: u16 = 0x00FC;
    /// `Format`: code of a number format.
    pub(super) const NUMBER_FORMAT_RECORD: u16 = 0x041E;
    /// `XF`: font and number format of cells.
    pub(super) const CELL_FORMAT_RECORD: u16 = 0x00E0;
    /// `Font`: properties of a font.
    pub(super) const FONT_RECORD: u16 = 0x0031;
    /// `Date1904`: whether days count from 1904.
    pub(super) const DATE_MODE_RECORD: u16 = 0x0022;
    /// `LabelSst`: cell with a shared string.
    pub(super) const SHARED_STRING_CELL_RECORD: u16 = 0x00FD;
    /// `Number`: cell with a floating-point number.
    pub(super) const NUMBER_CELL_RECORD: u16 = 0x0203;
    /// `RK`: cell with a number in 32 bits.
    pub(super) const SHORT_NUMBER_CELL_RECORD: u16 = 0x027E;
    /// `MulRk`: adjacent cells with numbers in 32 bits.
    pub(super) const SHORT_NUMBER_CELLS_RECORD: u16 = 0x00BD;
    /// `Formula`: cell with a formula and its value.
    pub(super) const FORMULA_CELL_RECORD: u16 = 0x0006;
    /// `String`: text that the formula before it gives.
    pub(super) const FORMULA_STRING_RECORD: u16 = 0x0207;
    /// `Label`: cell with a text of its own.
    pub(super) const STRING_CELL_RECORD: u16 = 0x0204;
    /// `BoolErr`: cell with a truth value or an error.
    pub(super) const BOOLEAN_CELL_RECORD: u16 = 0x0205;
    /// `MergeCells`: areas of merged cells.
    pub(super) const MERGED_AREAS_RECORD: u16 = 0x00E5;
    /// `Pane`: rows and columns above and left of a split.
    pub(super) const PANES_RECORD: u16 = 0x0041;
    /// `Window2`: view settings of a sheet.
    pub(super) const SHEET_WINDOW_RECORD: u16 = 0x023E;
}

/// Minimum version of a file that is read: Excel 97, the first version with Unicode.
const MIN_WORKBOOK_VERSION: u16 = 0x0600;
/// Minimum weight of a bold font.
const MIN_BOLD_WEIGHT: u16 = 600;
/// Flag of a window with frozen panes.
const FROZEN_PANES_FLAG: u16 = 0x0008;

/// Reads the document of a workbook.
pub(in crate::document::format) fn read(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
) -> Result<Document, String> {
    let mut container = OleContainer::open(bytes, "Excel")?;
    let stream = match container.stream("Workbook")? {
        Some(stream) => stream,
        None if container.file.is_stream("Book") => {
            return Err("is in the format of Excel 95 or older: save it as .xlsx".to_owned());
        }
        None => return Err("holds no workbook of Excel".to_owned()),
    };
    let globals = WorkbookGlobals::read(&stream)?;
    let mut workbook = Workbook::default();
    let mut budget = CellBudget::new(limits);
    for (name, offset, is_hidden) in &globals.sheets {
        if *is_hidden {
            workbook.hidden_sheets.push(name.clone());
            continue;
        }
        match read_sheet(&stream, name, *offset, &globals, &mut budget) {
            Ok(sheet) => workbook.sheets.push(sheet),
            Err(reason) => workbook.unread_parts.push(format!("sheet “{name}”: {reason}")),
        }
    }
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty())
        && !workbook.unread_parts.is_empty()
    {
        return Err(workbook.unread_parts.join("; "));
    }
    let mut metadata = Vec::new();
    for (key, value) in properties::read(&mut container) {
        if key == "title" { workbook.title = Some(value) } else { metadata.push((key, value)) }
    }
    let mut document = workbook.into_document(id, limits)?;
    document.metadata.extend(metadata);
    Ok(document)
}

/// Strings and formats that all sheets of a workbook use, and the list of its sheets.
#[derive(Debug, Default)]
struct WorkbookGlobals {
    /// For each sheet: its name, its offset in the stream in bytes, and whether it is hidden.
    sheets: Vec<(String, usize, bool)>,
    /// Strings that cells share, by index.
    strings: Vec<String>,
    /// Codes of number formats that the file defines, by id.
    number_format_codes: std::collections::BTreeMap<u16, String>,
    /// For each cell format: the index of its font, and the id of its number format.
    cell_formats: Vec<(u16, u16)>,
    /// For each font: whether it is bold.
    bold_fonts: Vec<bool>,
    /// Whether days count from 1904.
    is_1904: bool,
}

impl WorkbookGlobals {
    fn read(stream: &[u8]) -> Result<Self, String> {
        let mut globals = Self::default();
        let mut string_records: Vec<&[u8]> = Vec::new();
        let mut is_in_strings = false;
        let mut records = records(stream, 0);
        let is_workbook =
            records.next().is_some_and(|record| record.kind == record_type::SUBSTREAM_BEGIN_RECORD);
        if !is_workbook || u16_at(stream, 4).is_none_or(|version| version < MIN_WORKBOOK_VERSION) {
            return Err(
                "is in the format of Excel 95 or older, or damaged: save it as .xlsx".to_owned()
            );
        }
        for Record { kind, data } in records {
            if kind == CONTINUATION_RECORD && is_in_strings {
                string_records.push(data);
                continue;
            }
            is_in_strings = kind == record_type::SHARED_STRINGS_RECORD;
            match kind {
                record_type::ENCRYPTION_RECORD => {
                    return Err("is protected by a password: save it without one".to_owned());
                }
                record_type::SHARED_STRINGS_RECORD => string_records.push(data),
                record_type::SUBSTREAM_END_RECORD => break,
                _ => drop(globals.read_record(kind, data)),
            }
        }
        globals.strings = shared_strings(&string_records);
        Ok(globals)
    }

    fn read_record(&mut self, kind: u16, data: &[u8]) -> Option<()> {
        match kind {
            // Sheets of charts and macros have another type and no cells.
            record_type::SHEET_RECORD if *data.get(5)? == 0 => {
                let name = string_with_one_byte_length(data, 6)?;
                self.sheets.push((name, usize_at(data, 0)?, *data.get(4)? & 3 != 0));
            }
            record_type::NUMBER_FORMAT_RECORD => {
                self.number_format_codes
                    .insert(u16_at(data, 0)?, string_with_two_byte_length(data, 2)?);
            }
            record_type::CELL_FORMAT_RECORD => {
                self.cell_formats.push((u16_at(data, 0)?, u16_at(data, 2)?));
            }
            record_type::FONT_RECORD => self.bold_fonts.push(u16_at(data, 6)? >= MIN_BOLD_WEIGHT),
            record_type::DATE_MODE_RECORD => self.is_1904 = u16_at(data, 0)? == 1,
            _ => {}
        }
        Some(())
    }

    fn number_format(&self, format: u16) -> &str {
        let id = self.cell_formats.get(usize::from(format)).map_or(0, |(_, id)| *id);
        self.number_format_codes
            .get(&id)
            .map_or_else(|| code_of_built_in_format(u32::from(id)), String::as_str)
    }

    fn is_bold(&self, format: u16) -> bool {
        let Some((font, _)) = self.cell_formats.get(usize::from(format)) else { return false };
        // No font has the number 4.
        let index = if *font > 4 { font - 1 } else { *font };
        self.bold_fonts.get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// Reads the sheet that begins at `offset` of the stream.
fn read_sheet(
    stream: &[u8],
    name: &str,
    offset: usize,
    globals: &WorkbookGlobals,
    budget: &mut CellBudget,
) -> Result<Sheet, String> {
    let mut records = records(stream, offset);
    if records.next().is_none_or(|record| record.kind != record_type::SUBSTREAM_BEGIN_RECORD) {
        return Err("its place in the file is wrong: the file is damaged".to_owned());
    }
    let mut reader = SheetReader {
        globals,
        budget,
        cells: Vec::new(),
        merged_areas: Vec::new(),
        header_row: None,
        is_frozen: false,
        formula_cell: None,
        failure: None,
    };
    let mut text_boxes = TextBoxReader::default();
    let mut depth = 0_usize;
    let mut is_complete = false;
    for record in records {
        match record.kind {
            record_type::SUBSTREAM_BEGIN_RECORD => depth += 1,
            record_type::SUBSTREAM_END_RECORD if depth == 0 => {
                is_complete = true;
                break;
            }
            record_type::SUBSTREAM_END_RECORD => depth -= 1,
            _ if depth > 0 => {}
            _ => {
                reader.read_record(record);
                text_boxes.read_record(record);
            }
        }
    }
    if let Some(reason) = reader.failure {
        return Err(reason);
    }
    if !is_complete && reader.cells.is_empty() {
        return Err("is damaged or cut off".to_owned());
    }
    let SheetReader { cells, merged_areas, header_row, is_frozen, budget, .. } = reader;
    let mut rows = rows_of_numbered_cells(cells);
    apply_merged_areas(&mut rows, &merged_areas, budget)?;
    let header_row = header_row.filter(|_| is_frozen);
    let text_boxes = text_boxes.into_text_boxes();
    Ok(Sheet { name: name.to_owned(), rows, header_row, text_boxes })
}

/// Groups cells by rows. Each cell has the number of its row. Of several cells with the same row and column, only the
/// first counts.
fn rows_of_numbered_cells(mut cells: Vec<(u32, Cell)>) -> Vec<Row> {
    cells.sort_by_key(|(row, cell)| (*row, cell.column));
    cells.dedup_by_key(|(row, cell)| (*row, cell.column));
    let mut rows: Vec<Row> = Vec::new();
    for (number, cell) in cells {
        match rows.last_mut() {
            Some(row) if row.number == number => row.cells.push(cell),
            _ => rows.push(Row { number, cells: vec![cell] }),
        }
    }
    rows
}

/// Collects the cells of a sheet.
struct SheetReader<'a> {
    globals: &'a WorkbookGlobals,
    budget: &'a mut CellBudget,
    /// Cells with the numbers of their rows, from 1.
    cells: Vec<(u32, Cell)>,
    merged_areas: Vec<MergedArea>,
    /// Number of the last row above the horizontal split of the sheet, from 1.
    header_row: Option<u32>,
    /// Whether the rows above the horizontal split of the sheet are frozen. If so, the last of these rows is a header
    /// row.
    is_frozen: bool,
    /// Row, column and format of a formula cell whose text follows in another record.
    formula_cell: Option<[u16; 3]>,
    /// Reason why the sheet is not read, once a limit is exceeded.
    failure: Option<String>,
}

impl SheetReader<'_> {
    /// Reads a record; `None` if it is cut off.
    fn read_record(&mut self, Record { kind, data }: Record<'_>) -> Option<()> {
        let row_column_format = || Some([u16_at(data, 0)?, u16_at(data, 2)?, u16_at(data, 4)?]);
        match kind {
            record_type::SHARED_STRING_CELL_RECORD => {
                let index = usize::try_from(u32_at(data, 6)?).ok()?;
                let text = self.globals.strings.get(index)?.clone();
                self.add_text(row_column_format()?, &text);
            }
            record_type::STRING_CELL_RECORD => {
                self.add_text(row_column_format()?, &string_with_two_byte_length(data, 6)?);
            }
            record_type::NUMBER_CELL_RECORD => {
                self.add_number(row_column_format()?, f64_at(data, 6)?);
            }
            record_type::SHORT_NUMBER_CELL_RECORD => {
                self.add_number(row_column_format()?, decode_short_number(u32_at(data, 6)?));
            }
            record_type::SHORT_NUMBER_CELLS_RECORD => {
                let [row, first_column, _] = row_column_format()?;
                for (index, column) in (first_column..=u16::MAX).enumerate() {
                    let offset = 4 + index * 6;
                    // The number of the last column ends the record.
                    if offset + 8 > data.len() {
                        break;
                    }
                    let format = u16_at(data, offset)?;
                    self.add_number(
                        [row, column, format],
                        decode_short_number(u32_at(data, offset + 2)?),
                    );
                }
            }
            record_type::BOOLEAN_CELL_RECORD if *data.get(7)? == 0 => {
                self.add_text(
                    row_column_format()?,
                    if *data.get(6)? == 0 { "FALSE" } else { "TRUE" },
                );
            }
            record_type::FORMULA_CELL_RECORD => self.read_formula(row_column_format()?, data)?,
            record_type::FORMULA_STRING_RECORD => {
                let row_column_format = self.formula_cell.take()?;
                self.add_text(row_column_format, &string_with_two_byte_length(data, 0)?);
            }
            record_type::MERGED_AREAS_RECORD => {
                for index in 0..usize::from(u16_at(data, 0)?) {
                    let bound =
                        |number: usize| u16_at(data, 2 + index * 8 + number * 2).map(u32::from);
                    let (first_row, last_row) = (bound(0)? + 1, bound(1)? + 1);
                    let (first_column, last_column) = (bound(2)?, bound(3)?);
                    if first_row <= last_row && first_column <= last_column {
                        self.merged_areas.push(MergedArea {
                            first_row,
                            last_row,
                            first_column,
                            last_column,
                        });
                    }
                }
            }
            record_type::PANES_RECORD => self.header_row = Some(u32::from(u16_at(data, 2)?)),
            record_type::SHEET_WINDOW_RECORD => {
                self.is_frozen = u16_at(data, 0)? & FROZEN_PANES_FLAG != 0;
            }
            _ => {}
        }
        Some(())
    }

    /// Reads the stored value of the formula cell at `row_column_format`. If the value is a text, the text follows in
    /// another record.
    fn read_formula(&mut self, row_column_format: [u16; 3], data: &[u8]) -> Option<()> {
        if u16_at(data, 12)? != 0xFFFF {
            self.add_number(row_column_format, f64_at(data, 6)?);
            return Some(());
        }
        match *data.get(6)? {
            0 => self.formula_cell = Some(row_column_format),
            1 => {
                self.add_text(row_column_format, if *data.get(8)? == 0 { "FALSE" } else { "TRUE" });
            }
            _ => {}
        }
        Some(())
    }

    fn add_number(&mut self, [row, column, format]: [u16; 3], value: f64) {
        let text = format_number(value, self.globals.number_format(format), self.globals.is_1904);
        self.add_cell([row, column, format], &text, CellKind::Value);
    }

    fn add_text(&mut self, row_column_format: [u16; 3], text: &str) {
        self.add_cell(row_column_format, text, CellKind::of_text(text.trim()));
    }

    fn add_cell(&mut self, [row, column, format]: [u16; 3], text: &str, kind: CellKind) {
        let text = on_one_line(text);
        if text.is_empty() || self.failure.is_some() {
            return;
        }
        if let Err(reason) = self.budget.deduct_cell(&text) {
            self.failure = Some(reason);
            return;
        }
        let is_bold = self.globals.is_bold(format);
        let cell = Cell { column: u32::from(column), text, kind, is_bold, column_span: 1 };
        self.cells.push((u32::from(row) + 1, cell));
    }
}

/// Returns a number that is stored in 32 bits. Bit 1 states that the upper 30 bits are an integer, not the upper part
/// of a floating-point number. Bit 0 states that the stored number is a hundred times the value.
fn decode_short_number(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}
