//! Tests the recognition of header rows and the blocks of sheets.

use super::*;
use crate::document::model::BlockKind;

/// Returns a sheet from lines: the cells of a row are separated by `|`, an empty line is an empty row, `**` before a
/// text makes it bold, and `>>` after a text merges the cell with the three cells at its right.
fn sheet(name: &str, lines: &str) -> Sheet {
    let rows = lines.lines().zip(1..).map(|(line, number)| {
        let texts = line.split('|').zip(0..).filter(|(text, _)| !text.trim().is_empty());
        let cells = texts.map(|(text, column)| {
            let plain_text = text.trim().trim_start_matches("**").trim_end_matches(">>").to_owned();
            let is_bold = text.trim().starts_with("**");
            let column_span = if text.trim().ends_with(">>") { 4 } else { 1 };
            Cell { is_bold, column_span, ..Cell::of_text(column, plain_text) }
        });
        Row { number, cells: cells.collect() }
    });
    let rows = rows.filter(|row| !row.cells.is_empty()).collect();
    Sheet { name: name.to_owned(), rows, ..Sheet::default() }
}

fn read_sheets(sheets: Vec<Sheet>) -> Vec<String> {
    let workbook = Workbook { sheets, ..Workbook::default() };
    let document = workbook.into_document("x", ReadLimits::default()).unwrap();
    let blocks = document.blocks.iter().map(|block| {
        let text = block.span.of(&document.text);
        match block.kind {
            BlockKind::Title => format!("T {text}"),
            BlockKind::Heading(level) => format!("{level} {text}"),
            BlockKind::Paragraph => text.to_owned(),
        }
    });
    blocks.collect()
}

#[test]
fn header_rows_name_the_cells_below() {
    let cases: [(&str, &[&str]); 10] = [
        // A merged value belongs to each of its columns.
        (
            "Port|Ships|Crew|Day|Night\nNorth|12|30|5|6\nSouth|none>>\nWest|9|25|7|8",
            &[
                "Port: North · Ships: 12 · Crew: 30 · Day: 5 · Night: 6",
                "Port: South · Ships / Crew / Day / Night: none",
                "Port: West · Ships: 9 · Crew: 25 · Day: 7 · Night: 8",
            ],
        ),
        // Numbers below words, below a title and a remark.
        (
            "Budget of the city\nUnit|million\nMinistry|2024|2025|Remark\nTrade|11|12|new\nPorts|8|9|old",
            &[
                "T Budget of the city",
                "Unit | million",
                "Ministry: Trade · 2024: 11 · 2025: 12 · Remark: new",
                "Ministry: Ports · 2024: 8 · 2025: 9 · Remark: old",
            ],
        ),
        // Bold cells.
        (
            "**Minister|**Ministry\nLi Wei|Trade\nZhang San|Ports",
            &["Minister: Li Wei · Ministry: Trade", "Minister: Zhang San · Ministry: Ports"],
        ),
        // Usual names.
        ("姓名|单位\n李伟|商务局", &["姓名: 李伟 · 单位: 商务局"]),
        // Words below words, without evidence.
        ("Li Wei|Trade\nZhang San|Ports", &["Li Wei | Trade", "Zhang San | Ports"]),
        // A form with labels in its first column.
        (
            "Ministry|Trade\nBudget|12 million\nPhone|555 0171",
            &["Ministry | Trade", "Budget | 12 million", "Phone | 555 0171"],
        ),
        // A table that goes on after an empty row, and a table of another shape.
        (
            "Port|Ships|Crew\nNorth|12|30\n\nSouth|9|25\n\nEast|none|A|B\nWest|none|C|D",
            &[
                "Port: North · Ships: 12 · Crew: 30",
                "Port: South · Ships: 9 · Crew: 25",
                "East | none | A | B",
                "West | none | C | D",
            ],
        ),
        // A merged row inside the table.
        (
            "Port|Ships|Crew\nRiver ports>>\nNorth|12|30\nSouth|9|25",
            &[
                "2 River ports",
                "Port: North · Ships: 12 · Crew: 30",
                "Port: South · Ships: 9 · Crew: 25",
            ],
        ),
        // Two rows of names.
        (
            "Port|Budget>>\n|2024|2025\nNorth|12|30\nSouth|9|25",
            &[
                "Port: North · Budget 2024: 12 · Budget 2025: 30",
                "Port: South · Budget 2024: 9 · Budget 2025: 25",
            ],
        ),
        // A header row alone.
        ("Title|Date", &["Title | Date"]),
    ];
    for (lines, expected) in cases {
        assert_eq!(read_sheets(vec![sheet("Sheet1", lines)]), expected, "{lines}");
    }
}

#[test]
fn text_boxes_follow_the_rows() {
    let text_box = |anchor, text: &str| TextBox { anchor, text: text.to_owned() };
    let text_boxes =
        vec![text_box(Some((7, 2)), "In million crowns."), text_box(None, "Without ferries.")];
    let sheet = Sheet { text_boxes, ..sheet("Fees", "Port|Ships\nNorth|12") };
    let workbook = Workbook { sheets: vec![sheet], ..Workbook::default() };
    let document = workbook.into_document("x", ReadLimits::default()).unwrap();
    let passages = crate::passage::passages(&document);
    let boxes = passages.iter().rev().take(2).map(|passage| {
        (passage.place.as_ref().unwrap().to_string(), passage.span.of(&document.text))
    });
    assert_eq!(
        boxes.collect::<Vec<_>>(),
        [
            ("Fees!A1:B2".to_owned(), "Without ferries."),
            ("Fees!C7".to_owned(), "In million crowns."),
        ]
    );
}

#[test]
fn names_of_sheets_are_headings() {
    let sheets = || vec![sheet("Ships", "Port|Ships\nNorth|12"), sheet("Sheet2", "One line")];
    assert_eq!(
        read_sheets(sheets()),
        ["1 Ships", "Port | Ships", "North | 12", "1 Sheet2", "One line"]
    );
    let document = Workbook { sheets: sheets(), ..Workbook::default() };
    let document = document.into_document("x", ReadLimits::default()).unwrap();
    let passages = crate::passage::passages(&document);
    let places: Vec<_> = passages.iter().map(|p| p.place.as_ref().unwrap().to_string()).collect();
    assert_eq!(places, ["Ships!A1:B1", "Ships!A2:B2", "Sheet2!A1"]);
    assert_eq!(passages[2].headings, ["Sheet2"]);
}

#[test]
fn labels_above_a_table_fill_fields() {
    let rows = "发布机构|商务局\n发布日期|2025-12-17\n\n港口|船只|船员\n北港|12|30\n南港|9|25";
    let workbook = Workbook { sheets: vec![sheet("Sheet1", rows)], ..Workbook::default() };
    let document = workbook.into_document("x", ReadLimits::default()).unwrap();
    assert_eq!(document.issuer.as_deref(), Some("商务局"));
    assert_eq!(document.date.unwrap().to_string(), "2025-12-17");
}

#[test]
fn column_indexes_become_letters() {
    for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")] {
        assert_eq!(column_letters(column), expected);
    }
}

#[test]
fn text_size_is_limited() {
    let mut budget = CellBudget::new(ReadLimits::for_max_file_size(60));
    assert!(budget.deduct_cell("ten bytes.").is_ok());
    assert!(budget.deduct_cell("x").unwrap_err().contains("more than 0 KiB"));
    let row = |number| Row {
        number,
        cells: vec![Cell::of_text(0, "x".repeat(50)), Cell::of_text(1, "1".into())],
    };
    let mut long = sheet("S", "Words|Number|Other\nx|1|2");
    long.rows.extend((3..40).map(row));
    let workbook = Workbook { sheets: vec![long], ..Workbook::default() };
    let error = workbook.into_document("x", ReadLimits::for_max_file_size(6_000)).unwrap_err();
    assert!(error.contains("holds text of more than"), "{error}");
}
