//! Writes a table as a workbook of Excel 2007 and later (Office Open XML). Texts are stored as texts, so that no cell
//! is a formula.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{highlighted_text::escape_html, sanitize::visible_text};
use crate::document::Date;

/// Maximum number of rows of a sheet, without the header.
const MAX_SHEET_ROWS: usize = (1 << 20) - 1;
/// Maximum number of characters of a cell.
const MAX_CELL_CHARS: usize = 32_767;
/// Maximum number of digits of a number that a spreadsheet stores without rounding.
const MAX_EXACT_DIGITS: usize = 15;
/// Julian day number of December 30, 1899, the day with the serial number 0 in a spreadsheet.
const JULIAN_DAY_OF_SERIAL_ZERO: u64 = 2_415_019;
/// Serial number of March 1, 1900, the first day to which all spreadsheet programs give the same number.
const FIRST_COMMON_SERIAL_DAY: u64 = 61;

const XML_HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN_NAMESPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS_NAMESPACE: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006";
const MEDIA_TYPE_PREFIX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Cell styles of the workbook: style 0 is plain, style 1 is bold, and style 2 formats a number as a date.
const CELL_STYLES: &str = "<fonts count=\"2\"><font/><font><b/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
    <cellXfs count=\"3\"><xf xfId=\"0\"/><xf xfId=\"0\" fontId=\"1\" applyFont=\"1\"/>\
    <xf xfId=\"0\" numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>";

/// Column of a table: its name, and its width in characters.
pub(super) type Column = (&'static str, u8);

/// Cell of a table.
#[derive(Debug)]
pub(super) enum Cell {
    Text(String),
    /// A number in decimal digits. A number with more than 15 digits becomes a text, because a spreadsheet would round
    /// it.
    Number(String),
    Day(Date),
}

/// Table of a workbook.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    /// Name of the sheet, without a number.
    pub(super) sheet_name: &'a str,
    pub(super) columns: &'a [Column],
    pub(super) rows: &'a [Vec<Cell>],
}

impl<'a> Table<'a> {
    /// Returns the sheets of the table, each with its name: `Facts 1`, `Facts 2`.
    fn sheets(self) -> Vec<(String, Self)> {
        let chunks: Vec<&'a [Vec<Cell>]> = match self.rows {
            [] => vec![self.rows],
            rows => rows.chunks(MAX_SHEET_ROWS).collect(),
        };
        let sheets = (1..).zip(chunks);
        sheets
            .map(|(number, rows)| (format!("{} {number}", self.sheet_name), Self { rows, ..self }))
            .collect()
    }
}

/// Returns a workbook with a sheet for each table: a header, the rows, and a filter over each column. More than
/// 1,048,575 rows continue on further sheets.
pub(super) fn workbook(tables: &[Table<'_>]) -> Vec<u8> {
    // Writing to memory fails only for entries of several gigabytes.
    try_workbook(tables).unwrap_or_default()
}

fn try_workbook(tables: &[Table<'_>]) -> ZipResult<Vec<u8>> {
    let sheets: Vec<(String, Table<'_>)> = tables.iter().flat_map(|table| table.sheets()).collect();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, xml: &str| -> ZipResult<()> {
        archive.start_file(path, SimpleFileOptions::default())?;
        Ok(archive
            .write_all(XML_HEADER.as_bytes())
            .and_then(|()| archive.write_all(xml.as_bytes()))?)
    };
    let (mut types, mut names, mut relations) = (String::new(), String::new(), String::new());
    for (number, (sheet_name, _)) in (1..).zip(&sheets) {
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{MEDIA_TYPE_PREFIX}.worksheet+xml\"/>"
        );
        let _ =
            write!(names, "<sheet name=\"{sheet_name}\" sheetId=\"{number}\" r:id=\"r{number}\"/>");
        let _ = write!(
            relations,
            "<Relationship Id=\"r{number}\" Type=\"{RELATIONSHIPS_NAMESPACE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
    }
    add(
        "[Content_Types].xml",
        &format!(
            "<Types xmlns=\"{PACKAGE_NAMESPACE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{MEDIA_TYPE_PREFIX}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{MEDIA_TYPE_PREFIX}.styles+xml\"/>{types}</Types>"
        ),
    )?;
    add(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE_NAMESPACE}/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONSHIPS_NAMESPACE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    )?;
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{MAIN_NAMESPACE}\" xmlns:r=\"{RELATIONSHIPS_NAMESPACE}\"><sheets>{names}</sheets></workbook>"
        ),
    )?;
    add(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"{PACKAGE_NAMESPACE}/relationships\">{relations}<Relationship Id=\"styles\" Type=\"{RELATIONSHIPS_NAMESPACE}/styles\" Target=\"styles.xml\"/></Relationships>"
        ),
    )?;
    add(
        "xl/styles.xml",
        &format!("<styleSheet xmlns=\"{MAIN_NAMESPACE}\">{CELL_STYLES}</styleSheet>"),
    )?;
    for (number, (_, table)) in (1..).zip(&sheets) {
        add(&format!("xl/worksheets/sheet{number}.xml"), &sheet(table))?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Returns a sheet with a fixed header row.
fn sheet(Table { columns, rows, .. }: &Table<'_>) -> String {
    let mut xml = format!(
        "<worksheet xmlns=\"{MAIN_NAMESPACE}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
    );
    for (column, (_, width)) in (1..).zip(*columns) {
        let _ = write!(
            xml,
            "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>"
        );
    }
    xml.push_str("</cols><sheetData><row>");
    xml.extend(columns.iter().map(|(name, _)| text_cell(name, " s=\"1\"")));
    xml.push_str("</row>");
    for row in *rows {
        xml.push_str("<row>");
        xml.extend(row.iter().map(Cell::xml));
        xml.push_str("</row>");
    }
    let last_column = (b'A'..=b'Z').nth(columns.len().saturating_sub(1)).map_or('A', char::from);
    let _ = write!(
        xml,
        "</sheetData><autoFilter ref=\"A1:{last_column}{}\"/></worksheet>",
        rows.len() + 1
    );
    xml
}

impl Cell {
    /// Returns the cell as an XML element of a sheet.
    fn xml(&self) -> String {
        match self {
            Self::Text(text) => text_cell(text, ""),
            Self::Number(digits) if is_stored_exactly(digits) => format!("<c><v>{digits}</v></c>"),
            Self::Number(digits) => text_cell(digits, ""),
            Self::Day(day) => {
                let serial = day.julian_day().checked_sub(JULIAN_DAY_OF_SERIAL_ZERO);
                match serial.filter(|&serial| serial >= FIRST_COMMON_SERIAL_DAY) {
                    Some(serial) => format!("<c s=\"2\"><v>{serial}</v></c>"),
                    None => text_cell(&day.to_string(), ""),
                }
            }
        }
    }
}

/// Returns whether a spreadsheet stores the number without rounding it.
fn is_stored_exactly(digits: &str) -> bool {
    let is_decimal = digits.parse::<f64>().is_ok_and(f64::is_finite);
    is_decimal && digits.bytes().filter(u8::is_ascii_digit).count() <= MAX_EXACT_DIGITS
}

/// Returns a cell with text. `attributes` are further attributes of the cell.
fn text_cell(text: &str, attributes: &str) -> String {
    if text.is_empty() {
        return "<c/>".to_owned();
    }
    let text: String = text.chars().take(MAX_CELL_CHARS).collect();
    let text = escape_html(&visible_text(&text));
    format!("<c t=\"inlineStr\"{attributes}><is><t xml:space=\"preserve\">{text}</t></is></c>")
}
