//! Renders rows of figures as a workbook of Excel 2007 and later (Office Open XML).

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::columns::{self, COLUMN_NAMES, DAY_COLUMN_INDICES, VALUE_COLUMN_INDEX, days};
use crate::{
    document::Date,
    fact_table::FactRow,
    render::{html::escape_html, sanitize::visible_text},
};

/// Maximum number of rows of a sheet, without the header.
const MAX_SHEET_ROWS: usize = (1 << 20) - 1;
/// Maximum number of characters of a cell.
const MAX_CELL_CHARS: usize = 32_767;
/// Maximum number of digits of a number that a spreadsheet stores without rounding.
const MAX_DIGITS: usize = 15;
/// Julian day number of December 30, 1899, the day with the serial number 0 in a spreadsheet.
const DAY_ZERO: u64 = 2_415_019;
/// Serial number of March 1, 1900, the first day to which all spreadsheet programs give the same number.
const FIRST_COMMON_DAY: u64 = 61;
/// Widths of the columns, in characters.
const COLUMN_WIDTHS: [u8; COLUMN_NAMES.len()] =
    [36, 18, 10, 12, 10, 12, 12, 9, 28, 20, 36, 12, 28, 32, 18, 60, 32, 32, 16];

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

/// Renders rows as a workbook with a header, one row for each quantity and a filter over each column. Values are
/// numbers if a spreadsheet keeps all their digits, days are dates, and everything else is text, so that nothing is a
/// formula. More than 1,048,575 rows continue on further sheets.
pub fn facts_xlsx(rows: &[FactRow<'_>]) -> Vec<u8> {
    // Writing to memory fails only for entries of several gigabytes.
    workbook(rows).unwrap_or_default()
}

fn workbook(rows: &[FactRow<'_>]) -> ZipResult<Vec<u8>> {
    let sheets: Vec<&[FactRow<'_>]> =
        if rows.is_empty() { vec![rows] } else { rows.chunks(MAX_SHEET_ROWS).collect() };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, xml: &str| -> ZipResult<()> {
        archive.start_file(path, SimpleFileOptions::default())?;
        Ok(archive
            .write_all(XML_HEADER.as_bytes())
            .and_then(|()| archive.write_all(xml.as_bytes()))?)
    };
    let (mut types, mut names, mut relations) = (String::new(), String::new(), String::new());
    for number in 1..=sheets.len() {
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{MEDIA_TYPE_PREFIX}.worksheet+xml\"/>"
        );
        let _ = write!(
            names,
            "<sheet name=\"Facts {number}\" sheetId=\"{number}\" r:id=\"r{number}\"/>"
        );
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
    for (index, rows) in sheets.iter().enumerate() {
        add(&format!("xl/worksheets/sheet{}.xml", index + 1), &sheet(rows))?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Returns a sheet with a fixed header row.
fn sheet(rows: &[FactRow<'_>]) -> String {
    let mut xml = format!(
        "<worksheet xmlns=\"{MAIN_NAMESPACE}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
    );
    for (column, width) in (1..).zip(COLUMN_WIDTHS) {
        let _ = write!(
            xml,
            "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" customWidth=\"1\"/>"
        );
    }
    xml.push_str("</cols><sheetData><row>");
    xml.extend(COLUMN_NAMES.map(|name| text_cell(name, " s=\"1\"")));
    xml.push_str("</row>");
    for row in rows {
        xml.push_str("<row>");
        xml.extend(cells(row));
        xml.push_str("</row>");
    }
    let last_column = (b'A'..=b'Z').nth(COLUMN_NAMES.len() - 1).map_or('A', char::from);
    let _ = write!(
        xml,
        "</sheetData><autoFilter ref=\"A1:{last_column}{}\"/></worksheet>",
        rows.len() + 1
    );
    xml
}

fn cells(row: &FactRow<'_>) -> [String; COLUMN_NAMES.len()] {
    let mut cells = columns::cells(row).map(|text| text_cell(&text, ""));
    let value = row.quantity.value.to_string();
    if value.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS && !value.contains('/') {
        cells[VALUE_COLUMN_INDEX] = format!("<c><v>{value}</v></c>");
    }
    for (column, day) in DAY_COLUMN_INDICES.into_iter().zip(days(row)) {
        let serial = day.map(Date::julian_day).and_then(|day| day.checked_sub(DAY_ZERO));
        if let Some(serial) = serial.filter(|&serial| serial >= FIRST_COMMON_DAY) {
            cells[column] = format!("<c s=\"2\"><v>{serial}</v></c>");
        }
    }
    cells
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
