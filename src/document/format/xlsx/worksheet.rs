//! Reads the cells of a worksheet of an Excel workbook.

use super::{
    shared_strings::{StringText, decode_character_escapes},
    styles::CellStyles,
};
use crate::document::format::{
    number_format::format_number,
    sheet::{Cell, CellBudget, CellKind, MergedArea, Row, Sheet, apply_merged_areas, on_one_line},
    xml::{Attributes, XmlEvent, for_each_event},
};

/// Number of columns of the largest sheet of Excel.
const MAX_COLUMNS: u32 = 16_384;
/// Maximum number of merged areas that are read.
const MAX_MERGED_AREAS: usize = 100_000;

/// Parts of the workbook that a worksheet refers to.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkbookContext<'a> {
    pub(super) styles: &'a CellStyles,
    /// Strings that the cells of the workbook share, by index.
    pub(super) strings: &'a [String],
    /// Whether days count from 1904.
    pub(super) is_1904: bool,
}

/// Reads a worksheet. Also returns the number of its formulas without a stored value.
pub(super) fn read(
    name: &str,
    xml: &[u8],
    context: &WorkbookContext<'_>,
    budget: &mut CellBudget,
) -> Result<(Sheet, usize), String> {
    let mut reader = WorksheetReader::new(*context, budget);
    for_each_event(xml, |event| reader.handle_event(&event))?;
    if let Some(reason) = reader.failure {
        return Err(reason);
    }
    let WorksheetReader {
        mut rows, merged_areas, header_row, unread_formula_count, budget, ..
    } = reader;
    rows.sort_by_key(|row| row.number);
    apply_merged_areas(&mut rows, &merged_areas, budget)?;
    Ok((
        Sheet { name: name.to_owned(), rows, header_row, ..Sheet::default() },
        unread_formula_count,
    ))
}

/// The cell whose end has not been read yet.
#[derive(Debug, Default)]
struct OpenCell {
    /// Column of the cell, from 0.
    column: u32,
    /// Type of the value: `s`, `str`, `inlineStr`, `b`, `e`, `d` or `n`.
    kind: String,
    /// Index of the cell style of the cell.
    style_index: usize,
    /// Stored value (`v`): a number, a text, or the index of a shared string.
    value: String,
    /// Text that the cell itself contains (`is`).
    inline_text: StringText,
    /// Whether the reader is inside of the element of the stored value (`v`).
    is_in_value: bool,
    has_formula: bool,
}

/// Converts the events of a worksheet to rows of cells.
#[derive(Debug)]
struct WorksheetReader<'a> {
    context: WorkbookContext<'a>,
    budget: &'a mut CellBudget,
    rows: Vec<Row>,
    merged_areas: Vec<MergedArea>,
    header_row: Option<u32>,
    /// Number of the current row, from 1.
    row_number: u32,
    /// Column of the next cell without a stated column, from 0.
    next_column: u32,
    cell: Option<OpenCell>,
    /// Number of formulas without a stored value.
    unread_formula_count: usize,
    /// Reason why the sheet is not read, once a limit is exceeded.
    failure: Option<String>,
}

impl<'a> WorksheetReader<'a> {
    fn new(context: WorkbookContext<'a>, budget: &'a mut CellBudget) -> Self {
        Self {
            context,
            budget,
            rows: Vec::new(),
            merged_areas: Vec::new(),
            header_row: None,
            row_number: 0,
            next_column: 0,
            cell: None,
            unread_formula_count: 0,
            failure: None,
        }
    }

    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        if self.failure.is_some() {
            return;
        }
        match event {
            XmlEvent::Open("row", attributes) => {
                let number = attributes.get("r").and_then(|number| number.parse().ok());
                self.row_number = number.unwrap_or(self.row_number.saturating_add(1)).max(1);
                self.next_column = 0;
            }
            XmlEvent::Open("c", attributes) => self.open_cell(attributes),
            XmlEvent::Close("c") => self.close_cell(),
            XmlEvent::Open("mergeCell", attributes) => {
                let area = attributes.get("ref").and_then(|area| MergedArea::parse(&area));
                if self.merged_areas.len() < MAX_MERGED_AREAS {
                    self.merged_areas.extend(area);
                }
            }
            XmlEvent::Open("pane", attributes) => {
                let is_frozen =
                    attributes.get("state").is_some_and(|state| state.starts_with("frozen"));
                let rows = attributes.get("ySplit").and_then(|rows| rows.parse().ok());
                self.header_row = rows.filter(|_| is_frozen).or(self.header_row);
            }
            XmlEvent::Open("autoFilter", attributes) => {
                let area = attributes.get("ref").and_then(|area| MergedArea::parse(&area));
                self.header_row = area.map(|area| area.first_row).or(self.header_row);
            }
            _ => self.handle_cell_event(event),
        }
    }

    fn handle_cell_event(&mut self, event: &XmlEvent<'_>) {
        let Some(cell) = &mut self.cell else { return };
        match event {
            XmlEvent::Open("v", _) => cell.is_in_value = true,
            XmlEvent::Close("v") => cell.is_in_value = false,
            XmlEvent::Open("f", _) => cell.has_formula = true,
            XmlEvent::Text(text) if cell.is_in_value => cell.value.push_str(text),
            _ => cell.inline_text.handle_event(event),
        }
    }

    fn open_cell(&mut self, attributes: &Attributes<'_>) {
        let column = attributes.get("r").and_then(|reference| column_of_reference(&reference));
        let column = column.unwrap_or(self.next_column);
        self.next_column = column.saturating_add(1);
        self.cell = Some(OpenCell {
            column,
            kind: attributes.get("t").unwrap_or_default(),
            style_index: attributes
                .get("s")
                .and_then(|style| style.parse().ok())
                .unwrap_or_default(),
            ..OpenCell::default()
        });
    }

    fn close_cell(&mut self) {
        let Some(mut cell) = self.cell.take() else { return };
        let (text, kind) = self.displayed_text(&mut cell);
        let text = on_one_line(&text);
        if text.is_empty() {
            self.unread_formula_count +=
                usize::from(cell.has_formula && cell.value.is_empty() && cell.kind != "str");
        }
        if text.is_empty() || cell.column >= MAX_COLUMNS {
            return;
        }
        if let Err(reason) = self.budget.deduct_cell(&text) {
            self.failure = Some(reason);
            return;
        }
        let is_bold = self.context.styles.is_bold(cell.style_index);
        let cell = Cell { column: cell.column, text, kind, is_bold, column_span: 1 };
        match self.rows.last_mut() {
            Some(row) if row.number == self.row_number => {
                let index = row.cells.partition_point(|other| other.column < cell.column);
                if row.cells.get(index).is_none_or(|other| other.column != cell.column) {
                    row.cells.insert(index, cell);
                }
            }
            _ => self.rows.push(Row { number: self.row_number.max(1), cells: vec![cell] }),
        }
    }

    /// Returns the text that the sheet shows in a cell, and the kind of the content.
    fn displayed_text(&self, cell: &mut OpenCell) -> (String, CellKind) {
        let of_text = |text: String| {
            let kind = CellKind::of_text(text.trim());
            (text, kind)
        };
        match cell.kind.as_str() {
            "s" => {
                let index = cell.value.trim().parse::<usize>().ok();
                let text = index.and_then(|index| self.context.strings.get(index));
                of_text(text.cloned().unwrap_or_default())
            }
            "inlineStr" => of_text(cell.inline_text.take_collected_text()),
            "str" | "e" => of_text(decode_character_escapes(&cell.value)),
            "b" => {
                let text = if cell.value.trim() == "1" { "TRUE" } else { "FALSE" };
                (text.to_owned(), CellKind::Value)
            }
            "d" => (cell.value.replace("T00:00:00", ""), CellKind::Value),
            _ => {
                let code = self.context.styles.number_format(cell.style_index);
                let number = cell.value.trim().parse::<f64>().ok();
                let text = number.map(|number| format_number(number, code, self.context.is_1904));
                (text.unwrap_or_else(|| cell.value.clone()), CellKind::Value)
            }
        }
    }
}

/// Returns the column, from 0, of a cell reference such as `AB12`; `None` if the reference has no letters.
fn column_of_reference(reference: &str) -> Option<u32> {
    let letters = reference.trim_start_matches('$').chars().take_while(char::is_ascii_alphabetic);
    letters.take(4).fold(None, |column, letter| {
        let digit = u32::from(letter.to_ascii_uppercase()) - u32::from('A') + 1;
        Some(column.map_or(0, |column: u32| column + 1) * 26 + digit - 1)
    })
}
