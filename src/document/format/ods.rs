//! Reads an OpenDocument spreadsheet (.ods, .fods) as a document. The module `sheet` converts the rows to blocks.
//!
//! The file stores the text that each cell shows. Hidden sheets are left out.

use std::collections::BTreeSet;

use super::{
    odf_package::{content_xml, read_properties},
    sheet::{
        Cell, CellBudget, CellKind, MergedArea, Row, Sheet, TextBox, Workbook, apply_merged_areas,
        on_one_line,
    },
    xml::{Attributes, XmlEvent, for_each_event},
};
use crate::document::{limits::ReadLimits, model::Document};

/// Number of columns of the largest sheet of LibreOffice.
const MAX_COLUMNS: u32 = 16_384;
/// Maximum number of copies of one row or of one cell with content.
const MAX_REPEATED_COPIES: u32 = 10_000;
/// Elements whose content is skipped: comments, pictures and their descriptions, charts, and the dialogs of the program.
const SKIPPED_ELEMENTS: [&str; 8] =
    ["annotation", "image", "object", "object-ole", "title", "desc", "tracked-changes", "forms"];

/// Reads a spreadsheet. The document consists of the visible sheets. The properties of the file, such as title and
/// author, become the title and metadata of the document.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let content = content_xml(bytes, limits, "spreadsheet")?;
    let mut reader = SheetReader::new(limits);
    for_each_event(&content, |event| reader.handle_event(&event))
        .map_err(|reason| format!("content.xml: {reason}"))?;
    if let Some(reason) = reader.failure {
        return Err(reason);
    }
    let mut properties = read_properties(bytes, limits);
    reader.workbook.title = properties.remove("title");
    let mut document = reader.workbook.into_document(id, limits)?;
    document.metadata.append(&mut properties);
    Ok(document)
}

/// The cell whose end has not been read yet.
#[derive(Debug, Default)]
struct OpenCell {
    text: String,
    /// Whether the file states that the cell holds a value other than text, such as a number or a date.
    holds_value: bool,
    is_bold: bool,
    /// Number of adjacent cells with the same content that the element represents.
    copy_count: u32,
    /// Number of columns that the cell covers.
    column_span: u32,
    /// Number of rows that the cell covers.
    row_span: u32,
}

/// Converts the events of `content.xml` to sheets.
#[derive(Debug)]
struct SheetReader {
    workbook: Workbook,
    budget: CellBudget,
    /// Names of the styles of hidden sheets.
    hidden_styles: BTreeSet<String>,
    /// Names of the styles of bold cells.
    bold_styles: BTreeSet<String>,
    /// Name of the style whose definition is open.
    style_name: String,
    /// Nesting depth inside skipped elements: 0 outside of all skipped elements.
    skip_depth: usize,
    /// Number of open tables. A table in a cell is not read.
    table_depth: usize,
    sheet: Sheet,
    /// Whether the open sheet is hidden.
    is_hidden: bool,
    merged_areas: Vec<MergedArea>,
    /// Row whose end has not been read yet.
    row: Row,
    /// Number of consecutive rows with the same content that the open row element represents.
    row_copy_count: u32,
    /// Column of the next cell of the open row, from 0.
    next_column: u32,
    cell: Option<OpenCell>,
    /// Whether a paragraph of a cell is open.
    is_in_paragraph: bool,
    /// Text of the open text box. `None` outside of text boxes.
    text_box: Option<String>,
    /// Reason why the file is not read, once a limit is exceeded.
    failure: Option<String>,
}

impl SheetReader {
    fn new(limits: ReadLimits) -> Self {
        Self {
            workbook: Workbook::default(),
            budget: CellBudget::new(limits),
            hidden_styles: BTreeSet::new(),
            bold_styles: BTreeSet::new(),
            style_name: String::new(),
            skip_depth: 0,
            table_depth: 0,
            sheet: Sheet::default(),
            is_hidden: false,
            merged_areas: Vec::new(),
            row: Row { number: 1, ..Row::default() },
            row_copy_count: 1,
            next_column: 0,
            cell: None,
            is_in_paragraph: false,
            text_box: None,
            failure: None,
        }
    }

    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            _ if self.failure.is_some() => {}
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => self.skip_depth -= 1,
            XmlEvent::Text(_) if self.skip_depth > 0 => {}
            XmlEvent::Open(name, attributes) => self.open_element(name, attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) => self.add_text(text),
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        let number = |name: &str| {
            attributes.get(name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(1)
        };
        match name {
            _ if SKIPPED_ELEMENTS.contains(&name) => self.skip_depth = 1,
            "style" => self.style_name = attributes.get("name").unwrap_or_default(),
            "table-properties" if attributes.get("display").as_deref() == Some("false") => {
                self.hidden_styles.insert(self.style_name.clone());
            }
            "text-properties" if attributes.get("font-weight").as_deref() == Some("bold") => {
                self.bold_styles.insert(self.style_name.clone());
            }
            "table" => {
                self.table_depth += 1;
                if self.table_depth == 1 {
                    self.open_sheet(attributes);
                }
            }
            _ if self.table_depth != 1 => {}
            "table-header-rows" => self.sheet.header_row = Some(self.row.number),
            "table-row" => {
                self.row_copy_count = number("number-rows-repeated").max(1);
                self.next_column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                let style = attributes.get("style-name").unwrap_or_default();
                let value_type = attributes.get("value-type").unwrap_or_default();
                self.cell = Some(OpenCell {
                    holds_value: !matches!(value_type.as_str(), "" | "string"),
                    is_bold: self.bold_styles.contains(&style),
                    copy_count: number("number-columns-repeated").max(1),
                    column_span: number("number-columns-spanned").max(1),
                    row_span: number("number-rows-spanned").max(1),
                    ..OpenCell::default()
                });
            }
            "custom-shape" | "text-box" => self.text_box = Some(String::new()),
            "p" => {
                self.is_in_paragraph = true;
                self.add_text(" ");
            }
            "s" | "tab" | "line-break" => self.add_text(" "),
            _ => {}
        }
    }

    fn close_element(&mut self, name: &str) {
        match name {
            "table" => {
                if self.table_depth == 1 {
                    self.close_sheet();
                }
                self.table_depth = self.table_depth.saturating_sub(1);
            }
            _ if self.table_depth != 1 => {}
            "p" => self.is_in_paragraph = false,
            "custom-shape" | "text-box" => self.close_text_box(),
            "table-cell" | "covered-table-cell" => self.close_cell(),
            "table-row" => self.close_row(),
            _ => {}
        }
    }

    fn open_sheet(&mut self, attributes: &Attributes<'_>) {
        let style = attributes.get("style-name").unwrap_or_default();
        self.is_hidden = self.hidden_styles.contains(&style);
        let name = attributes.get("name").unwrap_or_default();
        self.sheet = Sheet { name, ..Sheet::default() };
        self.row = Row { number: 1, ..Row::default() };
    }

    fn close_sheet(&mut self) {
        let mut sheet = std::mem::take(&mut self.sheet);
        let areas = std::mem::take(&mut self.merged_areas);
        if self.is_hidden {
            self.workbook.hidden_sheets.push(sheet.name);
            return;
        }
        if let Err(reason) = apply_merged_areas(&mut sheet.rows, &areas, &mut self.budget) {
            self.failure = Some(reason);
        }
        self.workbook.sheets.push(sheet);
    }

    fn close_text_box(&mut self) {
        let text = on_one_line(&self.text_box.take().unwrap_or_default());
        if !text.is_empty() {
            let anchor = self.cell.as_ref().map(|_| (self.row.number, self.next_column));
            self.sheet.text_boxes.push(TextBox { anchor, text });
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(text_box) = &mut self.text_box {
            text_box.push_str(text);
            return;
        }
        if let Some(cell) = self.cell.as_mut().filter(|_| self.is_in_paragraph) {
            cell.text.push_str(text);
        }
    }

    fn close_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let column = self.next_column;
        self.next_column = column.saturating_add(cell.copy_count);
        let text = on_one_line(&cell.text);
        if text.is_empty() || self.is_hidden {
            return;
        }
        if cell.column_span > 1 || cell.row_span > 1 {
            self.merged_areas.push(MergedArea {
                first_row: self.row.number,
                last_row: self.row.number.saturating_add(cell.row_span - 1),
                first_column: column,
                last_column: column.saturating_add(cell.column_span - 1),
            });
        }
        let kind = if cell.holds_value { CellKind::Value } else { CellKind::of_text(&text) };
        for column in (column..self.next_column).take(MAX_REPEATED_COPIES as usize) {
            if column >= MAX_COLUMNS {
                break;
            }
            if let Err(reason) = self.budget.deduct_cell(&text) {
                self.failure = Some(reason);
                return;
            }
            self.row.cells.push(Cell {
                column,
                text: text.clone(),
                kind,
                is_bold: cell.is_bold,
                column_span: 1,
            });
        }
    }

    fn close_row(&mut self) {
        let first_number = self.row.number;
        let next_number = first_number.saturating_add(self.row_copy_count);
        let row = std::mem::replace(&mut self.row, Row { number: next_number, cells: Vec::new() });
        if row.cells.is_empty() {
            return;
        }
        for number in (first_number..next_number).take(MAX_REPEATED_COPIES as usize).skip(1) {
            for cell in &row.cells {
                if let Err(reason) = self.budget.deduct_cell(&cell.text) {
                    self.failure = Some(reason);
                    return;
                }
            }
            self.sheet.rows.push(Row { number, cells: row.cells.clone() });
        }
        let index = self.sheet.rows.partition_point(|other| other.number < first_number);
        self.sheet.rows.insert(index, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::archive::zip_archive;

    fn spreadsheet(tables: &str) -> Vec<u8> {
        let content = format!(
            "<o:document-content><o:automatic-styles><s:style s:name='h'><s:table-properties \
             t:display='false'/></s:style><s:style s:name='b'><s:text-properties f:font-weight='bold'/>\
             </s:style></o:automatic-styles><o:body><o:spreadsheet>{tables}</o:spreadsheet></o:body>\
             </o:document-content>"
        );
        zip_archive(&[("content.xml", content.as_bytes())])
    }

    fn bold_cell(text: &str) -> String {
        format!("<t:table-cell t:style-name='b'><x:p>{text}</x:p></t:table-cell>")
    }

    fn number_cell(text: &str) -> String {
        format!("<t:table-cell o:value-type='float'><x:p>{text}</x:p></t:table-cell>")
    }

    fn passages_of_tables(tables: &str) -> Vec<String> {
        let document = read("x", &spreadsheet(tables), ReadLimits::default()).unwrap();
        crate::passage::passages(&document)
            .iter()
            .map(|passage| {
                let place = passage.place.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{place} {}", passage.span.of(&document.text))
            })
            .collect()
    }

    #[test]
    fn rows_have_their_headers_and_coordinates() {
        let tables = format!(
            "<t:table t:name='Ports'><t:table-row t:number-rows-repeated='3'><t:table-cell \
             t:number-columns-repeated='16384'/></t:table-row>\
             <t:table-row><t:table-cell/>{}{}</t:table-row>\
             <t:table-row><t:table-cell/><t:table-cell t:number-rows-spanned='2'><x:p>North</x:p>\
             <o:annotation><x:p>note</x:p></o:annotation></t:table-cell>{}</t:table-row>\
             <t:table-row><t:table-cell/><t:covered-table-cell/>{}</t:table-row>\
             <t:table-row t:number-rows-repeated='1048000'><t:table-cell/></t:table-row></t:table>\
             <t:table t:name='Secret' t:style-name='h'><t:table-row>{}</t:table-row></t:table>",
            bold_cell("Port"),
            bold_cell("Ships"),
            number_cell("1,200"),
            number_cell("9 %"),
            bold_cell("hidden"),
        );
        assert_eq!(
            passages_of_tables(&tables),
            ["Ports!B5:C5 Port: North · Ships: 1,200", "Ports!B6:C6 Port: North · Ships: 9 %"]
        );
        let document = read("x", &spreadsheet(&tables), ReadLimits::default()).unwrap();
        assert_eq!(document.metadata["hidden_sheets"], "Secret");
    }

    #[test]
    fn text_boxes_are_read() {
        let tables = "<t:table t:name='Fees'><t:shapes><d:custom-shape><x:p>In crowns.</x:p></d:custom-shape>\
            <d:frame><d:image><x:p/></d:image></d:frame></t:shapes><t:table-row><t:table-cell/><t:table-cell><x:p>Fee</x:p>\
            <d:custom-shape><x:p>Two</x:p><x:p>lines</x:p></d:custom-shape></t:table-cell></t:table-row></t:table>";
        assert_eq!(passages_of_tables(tables), ["Fees!B1 In crowns.", "Fees!B1 Two lines"]);
    }

    #[test]
    fn repeated_cells_and_rows_are_bounded() {
        let tables = "<t:table t:name='A'><t:table-row t:number-rows-repeated='2'><t:table-cell \
            t:number-columns-repeated='2'><x:p>same</x:p></t:table-cell></t:table-row></t:table>";
        assert_eq!(passages_of_tables(tables), ["A!A1:B1 same | same", "A!A2:B2 same | same"]);
        let bomb = "<t:table t:name='A'><t:table-row t:number-rows-repeated='4000000000'>\
            <t:table-cell t:number-columns-repeated='4000000000'><x:p>same</x:p></t:table-cell>\
            </t:table-row></t:table>";
        let error = read("x", &spreadsheet(bomb), ReadLimits::default()).unwrap_err();
        assert!(error.contains("holds more than"), "{error}");
    }

    #[test]
    fn flat_xml_files_are_read() {
        let flat = "<?xml version='1.0'?><office:document xmlns:office='o'><office:meta><dc:title>Port \
            plan</dc:title></office:meta><office:body><office:spreadsheet><table:table \
            table:name='A'><table:table-row><table:table-cell><text:p>One</text:p></table:table-cell>\
            </table:table-row></table:table></office:spreadsheet></office:body></office:document>";
        let document = read("x", flat.as_bytes(), ReadLimits::default()).unwrap();
        assert_eq!(document.title.as_deref(), Some("Port plan"));
        assert_eq!(document.text.trim(), "A\n\nOne");
    }

    proptest::proptest! {
        #[test]
        fn broken_sheets_never_panic(xml in "(<t:table>|</t:table>|<t:table-row t:number-rows-repeated='9'>|</t:table-row>|<t:table-cell t:number-columns-spanned='3'>|</t:table-cell>|<x:p>|</x:p>|a|<x:s/>){0,30}") {
            drop(read("x", &spreadsheet(&xml), ReadLimits::default()));
        }
    }
}
