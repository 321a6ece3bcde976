//! Renders a workbook of Excel 2007 and later: a header row and one row for each passage.

use super::{
    Page,
    csv::{COLUMN_NAMES, hit_values},
    workbook::{Cell, Column, Table, workbook},
};
use crate::search::Hit;

/// Widths of the columns, in characters.
const COLUMN_WIDTHS: [u8; COLUMN_NAMES.len()] =
    [6, 8, 28, 36, 12, 28, 20, 36, 32, 6, 80, 60, 32, 8, 16, 16, 16];
/// Columns whose values are numbers.
const NUMBER_COLUMNS: [&str; 3] = ["rank", "score", "page"];

/// Renders the page as a workbook with the columns of [`csv`](super::csv()). Ranks, scores and pages are numbers, the
/// date is a date, and everything else is text, so that nothing is a formula.
pub fn xlsx<'a>(page: impl Into<Page<'a>>) -> Vec<u8> {
    let columns: Vec<Column> = COLUMN_NAMES.into_iter().zip(COLUMN_WIDTHS).collect();
    let rows: Vec<Vec<Cell>> = page.into().passages().map(|(hit, _)| hit_cells(hit)).collect();
    workbook(&[Table { sheet_name: "Passages", columns: &columns, rows: &rows }])
}

fn hit_cells(hit: &Hit) -> Vec<Cell> {
    let values = COLUMN_NAMES.into_iter().zip(hit_values(hit));
    let cell = |(column, text): (&str, String)| match hit.document.date {
        Some(day) if column == "date" => Cell::Day(day),
        _ if NUMBER_COLUMNS.contains(&column) => Cell::Number(text),
        _ => Cell::Text(text),
    };
    values.map(cell).collect()
}

#[cfg(all(test, feature = "docx"))]
mod tests {
    use super::*;
    use crate::{
        document::{Format, read_all},
        render::sample,
    };

    #[test]
    fn workbooks_of_hits_are_read_again_without_formulas() {
        let mut results = sample::results_with_markup();
        results.hits[0].passage.text = "=SUM(A1) & <b>".to_owned();
        let workbook = xlsx(&results);
        let sheets = read_all(Format::Xlsx, "a.xlsx", &workbook);
        let text = &sheets[0].as_ref().unwrap().text;
        let title = results.hits[0].document.title.clone().unwrap_or_default();
        for expected in ["rank", "=SUM(A1) & <b>", title.as_str()] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
        let sheet = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
        let sheet = std::io::read_to_string(sheet).unwrap();
        assert!(!sheet.contains("<f>") && sheet.contains("=SUM(A1) &amp; &lt;b&gt;"), "{sheet}");
        assert!(sheet.contains("<row><c><v>1</v></c>"), "the rank is a number: {sheet}");
    }
}
