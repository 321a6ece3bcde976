//! Reads CSV and tab-separated values. If the column names are those of a document (`title`, `text`, `date`, …), each
//! row is a document, as in JSON Lines. All other files are one document with a block for each row.

use serde_json::{Map, Value};

use super::{
    delimited_rows::delimited_rows,
    field_mapping::FieldMapping,
    json,
    sheet::{Cell, CellBudget, Row, Sheet, Workbook, on_one_line},
};
use crate::{
    document::{
        limits::ReadLimits,
        model::{Document, unreadable},
    },
    error::Result,
};

/// Characters that may separate the cells of a row, in order of precedence.
const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];
/// Maximum number of rows from which the delimiter is detected.
const MAX_DELIMITER_SAMPLE_ROWS: usize = 50;
/// Maximum number of characters from which the delimiter is detected.
const MAX_DELIMITER_SAMPLE_CHARS: usize = 100_000;
/// Maximum number of columns. Further cells of a row are not read.
const MAX_COLUMNS: usize = 16_384;

/// Reads the documents of a CSV text.
pub(super) fn read(id: &str, text: &str, mapping: &FieldMapping) -> Vec<Result<Document>> {
    let (text, delimiter) = rows_text_and_delimiter(text);
    let mut rows = rows(text, delimiter);
    let first_row = rows.next().map(|(_, cells)| cells).unwrap_or_default();
    let column_names: Vec<String> = first_row.iter().map(|name| on_one_line(name)).collect();
    if are_names_of_document_fields(&column_names, mapping) {
        let records = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
        return records
            .map(|(number, cells)| document_of_row(id, number, &column_names, cells, mapping))
            .collect();
    }
    let document = read_rows_as_one_document(id, self::rows(text, delimiter));
    vec![document.map_err(|reason| unreadable(id, reason))]
}

/// Returns whether the column names are those of documents: all names differ, and a JSON object with these names as
/// keys would be a document.
fn are_names_of_document_fields(column_names: &[String], mapping: &FieldMapping) -> bool {
    let object: Map<String, Value> = column_names
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| (name.clone(), Value::from("x")))
        .collect();
    object.len() == column_names.iter().filter(|name| !name.is_empty()).count()
        && json::is_document(&Value::Object(object), mapping)
}

/// Reads a row as a document. The id of the document is the id of the file, a colon, and the id that the row states. If
/// the row states no id, `row_number` takes its place.
fn document_of_row(
    id: &str,
    row_number: u32,
    column_names: &[String],
    cells: Vec<String>,
    mapping: &FieldMapping,
) -> Result<Document> {
    let cells = column_names.iter().zip(cells);
    let filled_cells = cells.filter(|(name, cell)| !name.is_empty() && !cell.trim().is_empty());
    let object: Map<String, Value> =
        filled_cells.map(|(name, cell)| (name.clone(), Value::from(cell))).collect();
    let record_id = json::stated_id(&object, mapping).unwrap_or_else(|| row_number.to_string());
    let id = format!("{id}:{record_id}");
    json::read_object(&id, &object, mapping).map_err(|reason| unreadable(&id, reason))
}

/// Reads rows as one document with a block for each row.
fn read_rows_as_one_document(
    id: &str,
    rows: impl Iterator<Item = (u32, Vec<String>)>,
) -> Result<Document, String> {
    let limits = ReadLimits::default();
    let mut budget = CellBudget::new(limits);
    let mut sheet = Sheet::default();
    for (number, texts) in rows {
        let mut cells = Vec::new();
        for (column, text) in (0..).zip(texts) {
            let text = on_one_line(&text);
            if !text.is_empty() {
                budget.deduct_cell(&text)?;
                cells.push(Cell::of_text(column, text));
            }
        }
        if !cells.is_empty() {
            sheet.rows.push(Row { number, cells });
        }
    }
    Workbook { sheets: vec![sheet], ..Workbook::default() }.into_document(id, limits)
}

/// Returns the text of the rows, and the delimiter of their cells. Excel may state the delimiter in a first line
/// `sep=;`, which the text of the rows excludes. Otherwise, the delimiter is the one that gives most of the first rows
/// the same number of cells.
fn rows_text_and_delimiter(text: &str) -> (&str, char) {
    if let Some((stated, rows)) = text.strip_prefix("sep=").and_then(|text| text.split_once('\n'))
        && let Some(delimiter) = stated.chars().next()
    {
        return (rows, delimiter);
    }
    let beginning_end =
        text.char_indices().nth(MAX_DELIMITER_SAMPLE_CHARS).map_or(text.len(), |(end, _)| end);
    let beginning = text.get(..beginning_end).unwrap_or(text);
    let equal_row_count = |delimiter: char| {
        let widths: Vec<usize> = rows(beginning, delimiter)
            .take(MAX_DELIMITER_SAMPLE_ROWS)
            .map(|(_, cells)| cells.len())
            .filter(|width| *width > 1)
            .collect();
        let equal_count = |width: &usize| widths.iter().filter(|other| *other == width).count();
        widths.iter().map(equal_count).max().unwrap_or_default()
    };
    let best_delimiter =
        DELIMITERS.into_iter().rev().max_by_key(|delimiter| equal_row_count(*delimiter));
    (text, best_delimiter.unwrap_or(','))
}

/// Iterates over the rows of a CSV text that are not blank, each with its number from 1.
fn rows(text: &str, delimiter: char) -> impl Iterator<Item = (u32, Vec<String>)> {
    let numbered_cells = (1..).zip(delimited_rows(text, delimiter)).map(|(number, row)| {
        let mut cells = row.cells;
        cells.truncate(MAX_COLUMNS);
        (number, cells)
    });
    numbered_cells.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read_all};

    fn cells_of(text: &str) -> Vec<String> {
        let (text, delimiter) = rows_text_and_delimiter(text);
        rows(text, delimiter)
            .map(|(number, cells)| format!("{number}:{}", cells.join("|")))
            .collect()
    }

    #[test]
    fn delimiters_and_quotation_marks_bound_cells() {
        let cases: [(&str, &[&str]); 9] = [
            ("a,b\n1,2\n", &["1:a|b", "2:1|2"]),
            ("a;b\n1,5;2,5\n", &["1:a|b", "2:1,5|2,5"]),
            ("a\tb\tc\nx, y\tz\t1", &["1:a|b|c", "2:x, y|z|1"]),
            ("sep=|\na|b", &["1:a|b"]),
            ("\"a, b\",\"c \"\"d\"\"\"\n\"e\nf\",g", &["1:a, b|c \"d\"", "2:e\nf|g"]),
            ("a,b\n\n,\nc,d", &["1:a|b", "4:c|d"]),
            ("a,\"never closed\nb,c", &["1:a|\"never closed", "2:b|c"]),
            ("\"a\"x,b", &["1:ax|b"]),
            ("one\ntwo", &["1:one", "2:two"]),
        ];
        for (text, expected) in cases {
            assert_eq!(cells_of(text), expected, "{text:?}");
        }
    }

    #[test]
    fn rows_below_field_names_become_documents() {
        let text = "id,title,text,date,issuer,url,desk\n\
            n1,Port News,\"A port opened.\n\nIt is large.\",2025-12-17,Bureau of Ports,https://a.b/1,trade\n\
            ,港口,港口开放。,,,,\n,,,,,,\n";
        let documents = read_all(Format::Csv, "a.csv", text.as_bytes());
        let documents: Vec<_> = documents.into_iter().map(|document| document.unwrap()).collect();
        let ids: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
        assert_eq!(ids, ["a.csv:n1", "a.csv:3"]);
        let traditional = "標題,日期,發布機關,內文\n港口,2025-12-17,港務局,港口開放。\n";
        let documents_in_chinese = read_all(Format::Csv, "b.csv", traditional.as_bytes());
        let in_chinese = documents_in_chinese[0].as_ref().unwrap();
        assert_eq!(in_chinese.issuer.as_deref(), Some("港務局"));
        let first = &documents[0];
        assert_eq!(first.title.as_deref(), Some("Port News"));
        assert_eq!(first.issuer.as_deref(), Some("Bureau of Ports"));
        assert_eq!(first.date.unwrap().to_string(), "2025-12-17");
        assert_eq!(first.url.as_deref(), Some("https://a.b/1"));
        assert_eq!(first.metadata["desk"], "trade");
        assert_eq!(first.blocks.len(), 2);
        assert!(first.places.is_empty());
    }

    #[test]
    fn rows_below_other_column_names_become_blocks() {
        let text = "Ministry,Budget,Year\nTrade,12 million,2025\nPorts,9 million,2024\n";
        let document = read_all(Format::Csv, "b.csv", text.as_bytes()).remove(0).unwrap();
        let passages: Vec<_> = crate::passage::passages(&document)
            .iter()
            .map(|passage| {
                let place = passage.place.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{place} {}", passage.span.of(&document.text))
            })
            .collect();
        assert_eq!(
            passages,
            [
                "A2:C2 Ministry: Trade · Budget: 12 million · Year: 2025",
                "A3:C3 Ministry: Ports · Budget: 9 million · Year: 2024",
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn splitting_into_cells_loses_no_letter(text in "[a-c\",;\n]{0,40}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).count();
            let in_cells: usize = rows(&text, ',').flat_map(|(_, cells)| cells).map(|cell| letters(&cell)).sum();
            proptest::prop_assert_eq!(in_cells, letters(&text));
        }
    }
}
