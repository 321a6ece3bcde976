//! Reads an Excel workbook (.xlsx) as a document. `worksheet.rs` reads the cells of a sheet, `styles.rs` the number
//! formats, and the module `sheet` converts the rows to blocks.
//!
//! Element names are from ECMA-376 (Office Open XML). Hidden sheets are left out. A sheet that cannot be read does not
//! prevent the reading of the others.

mod drawing;
mod shared_strings;
mod styles;
#[cfg(test)]
mod tests;
mod worksheet;

use self::styles::CellStyles;
use super::{
    archive::Package,
    expansion::ArchiveLimits,
    office_package::{
        Relationships, main_part_path, read_chart, read_comments, read_member, read_properties,
        reject_ole_container, relationships,
    },
    sheet::{CellBudget, TextBox, Workbook},
    xml::{XmlEvent, for_each_event},
};
use crate::document::{left_out::LeftOut, limits::ReadLimits, model::Document};

/// Maximum number of sheets.
const MAX_SHEETS: usize = 2_000;

/// Properties of a workbook that its sheets need.
#[derive(Debug, Default)]
struct WorkbookPart {
    /// For each sheet: its name, the id of its relationship, and whether it is hidden.
    sheets: Vec<(String, String, bool)>,
    /// Whether days count from 1904.
    is_1904: bool,
}

/// Reads the document of a workbook.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    reject_ole_container(bytes, "Excel", ".xlsx")?;
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let workbook_path = main_part_path(&mut package, "xl/workbook.xml")?;
    let part = read_member(&mut package, &workbook_path, read_workbook_part)?
        .ok_or("holds no workbook of Excel")?;
    let relationships = relationships(&mut package, &workbook_path)?;
    let part_of_type = |kind: &str| relationships.target_of_type(kind).map(str::to_owned);
    let styles = match part_of_type("/styles") {
        Some(path) => read_member(&mut package, &path, CellStyles::read)?.unwrap_or_default(),
        None => CellStyles::default(),
    };
    let strings = match part_of_type("/sharedStrings") {
        Some(path) => read_member(&mut package, &path, shared_strings::read)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let workbook = read_sheets(&mut package, &part, &relationships, &styles, &strings, limits)?;
    let mut properties = read_properties(&mut package);
    let workbook = Workbook { title: properties.remove("title"), ..workbook };
    let mut document = workbook.into_document(id, limits)?;
    document.metadata.append(&mut properties);
    Ok(document)
}

/// Reads all sheets that are not hidden. A sheet that cannot be read is listed in the unread parts of the workbook.
fn read_sheets(
    package: &mut Package<'_>,
    part: &WorkbookPart,
    relationships: &Relationships,
    styles: &CellStyles,
    strings: &[String],
    limits: ReadLimits,
) -> Result<Workbook, String> {
    if part.sheets.len() > MAX_SHEETS {
        return Err(format!("has more than {MAX_SHEETS} sheets"));
    }
    let mut workbook = Workbook::default();
    let mut budget = CellBudget::new(limits);
    for (name, relationship, is_hidden) in &part.sheets {
        if *is_hidden {
            workbook.hidden_sheets.push(name.clone());
            continue;
        }
        let Some(path) = relationships.target(relationship) else {
            workbook.unread_parts.push(format!("sheet “{name}”: the file has no such part"));
            continue;
        };
        // Sheets of charts have no cells.
        if !path.contains("worksheets/") {
            continue;
        }
        workbook.left_out.extend(left_out_parts(package, path).unwrap_or_default());
        let context = worksheet::WorkbookContext { styles, strings, is_1904: part.is_1904 };
        let sheet =
            read_member(package, path, |xml| worksheet::read(name, xml, &context, &mut budget));
        match sheet {
            Ok(Some((mut sheet, unread_formula_count))) => {
                sheet.text_boxes = read_text_boxes(package, path).unwrap_or_default();
                workbook.sheets.push(sheet);
                if unread_formula_count > 0 {
                    workbook.unread_parts.push(format!(
                        "sheet “{name}”: {unread_formula_count} formulas have no stored value: open and \
                         save the file in a spreadsheet program"
                    ));
                }
            }
            Ok(None) => {
                workbook.unread_parts.push(format!("sheet “{name}”: the file has no part {path}"));
            }
            Err(reason) => workbook.unread_parts.push(format!("sheet “{name}”: {reason}")),
        }
    }
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty())
        && !workbook.unread_parts.is_empty()
    {
        return Err(workbook.unread_parts.join("; "));
    }
    Ok(workbook)
}

/// Returns the text boxes that lie on the cells of a sheet.
fn read_text_boxes(package: &mut Package<'_>, sheet_path: &str) -> Result<Vec<TextBox>, String> {
    let mut text_boxes = Vec::new();
    for drawing in relationships(package, sheet_path)?.targets_of_type("/drawing") {
        text_boxes.extend(read_member(package, drawing, drawing::read)?.unwrap_or_default());
    }
    Ok(text_boxes)
}

/// Returns the comments of a sheet and the words of its charts.
fn left_out_parts(package: &mut Package<'_>, sheet_path: &str) -> Result<Vec<LeftOut>, String> {
    let mut left_out = Vec::new();
    let of_sheet = relationships(package, sheet_path)?;
    for path in of_sheet.targets_of_type("/comments") {
        left_out.extend(read_member(package, path, read_comments)?.unwrap_or_default());
    }
    for drawing in of_sheet.targets_of_type("/drawing") {
        for path in relationships(package, drawing)?.targets_of_type("/chart") {
            left_out.extend(read_member(package, path, read_chart)?.unwrap_or_default());
        }
    }
    Ok(left_out)
}

fn read_workbook_part(xml: &[u8]) -> Result<WorkbookPart, String> {
    let mut part = WorkbookPart::default();
    for_each_event(xml, |event| match event {
        XmlEvent::Open("sheet", attributes) => {
            let is_hidden = attributes.get("state").is_some_and(|state| state != "visible");
            let name = attributes.get("name").unwrap_or_default();
            part.sheets.push((
                name,
                attributes.value_of_prefixed_attribute("id").unwrap_or_default(),
                is_hidden,
            ));
        }
        XmlEvent::Open("workbookPr", attributes) => {
            part.is_1904 =
                attributes.get("date1904").is_some_and(|value| value == "1" || value == "true");
        }
        _ => {}
    })?;
    Ok(part)
}
