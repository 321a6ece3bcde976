//! Tests of all formats of the report.

use super::*;
use crate::render::sample;

/// Returns three answers: one with a passage, one without matches, and an error.
fn answers() -> Vec<BatchAnswer> {
    let answered = |results: SearchResults| BatchResults {
        results,
        contexts: Vec::new(),
        groups_by_release: false,
        citation: None,
        unit: OffsetUnit::Utf8,
    };
    let mut empty = sample::results_with_markup();
    (empty.total, empty.total_documents, empty.total_other) = (0, 0, 0);
    empty.hits.clear();
    empty.notes.clear();
    let answer =
        |line, name: &str, query: &str, results: Result<SearchResults, &str>| BatchAnswer {
            line,
            name: name.to_owned(),
            query: query.to_owned(),
            results: results.map(answered).map_err(str::to_owned),
        };
    vec![
        answer(2, "=1+1", "<car>", Ok(sample::results_with_markup())),
        answer(3, "", "port | rail", Ok(empty)),
        answer(5, "third", "", Err("no query\ntext")),
    ]
}

#[test]
fn each_query_has_a_row_in_csv() {
    let csv = answers().iter().map(batch_csv).collect::<String>();
    let report = format!("{}{csv}", batch_csv_header());
    let report = report.strip_prefix('\u{FEFF}').unwrap();
    let mut reader = ::csv::Reader::from_reader(report.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let values = |columns: &[&str]| -> Vec<Vec<String>> {
        let index = |column: &&str| names.iter().position(|name| name == *column).unwrap();
        let indices: Vec<usize> = columns.iter().map(index).collect();
        let row_values = |row: &::csv::StringRecord| {
            indices.iter().map(|index| row[*index].to_owned()).collect()
        };
        rows.iter().map(row_values).collect()
    };
    assert_eq!(
        values(&["line", "name", "query", "releases", "passages", "other", "error", "rank"]),
        [
            ["2", "'=1+1", "<car>", "1", "3", "1", "", "1"],
            ["3", "", "port | rail", "0", "0", "0", "", ""],
            ["5", "third", "", "", "", "", "no query\ntext", ""],
        ]
    );
    let citation = &values(&["citation"])[0][0];
    assert!(citation.starts_with("Mr. *A*"), "{citation}");
    let passage = &values(&["matched", "date", "issuer", "passage", "link", "url"])[0];
    assert_eq!(passage[..4], ["some", "2025-12-17", "Bureau | _B_", "<i>\"#0"]);
    assert!(passage[4].starts_with("gz-search:"), "{passage:?}");
}

#[test]
fn uncounted_matches_are_empty_cells() {
    let mut answers = answers();
    if let Ok(answered) = &mut answers[0].results {
        answered.results.total_other_exact = false;
    }
    assert!(
        batch_csv(&answers[0]).starts_with("2,'=1+1,<car>,1,3,,"),
        "{}",
        batch_csv(&answers[0])
    );
}

#[test]
fn each_query_is_a_json_object() {
    let objects: Vec<serde_json::Value> =
        answers().iter().map(|answer| serde_json::from_str(&batch_json(answer)).unwrap()).collect();
    assert_eq!(objects[0]["line"], 2);
    assert_eq!(objects[0]["name"], "=1+1");
    assert_eq!(objects[0]["hits"][0]["passage"]["id"], "<i>\"#0");
    assert_eq!((&objects[1]["total"], objects[1].get("name")), (&0.into(), None));
    let error =
        serde_json::json!({"line": 5, "name": "third", "query": "", "error": "no query\ntext"});
    assert_eq!(objects[2], error);
}

#[test]
fn a_report_in_markdown_escapes_all_texts() {
    let report = batch_markdown(&answers());
    let rows: Vec<&str> = report.lines().take(5).collect();
    assert_eq!(rows[3], "| 3 |  | port \\| rail | 0 | 0 | 0 |  |  |");
    assert_eq!(rows[4], "| 5 | third |  |  |  |  |  | no query text |");
    assert!(report.contains("\n## 2. =1+1: \\<car\\>\n\n> \\<b\\>a"), "{report}");
    assert_eq!(report.matches("\n## ").count(), 1, "only queries with passages have a section");
}

#[test]
fn a_citation_in_another_style_is_a_block_of_code() {
    let mut answers = answers();
    if let Ok(answered) = &mut answers[0].results {
        answered.citation = Some(CitationStyle::Bibtex);
    }
    let report = batch_markdown(&answers);
    let section = report.split("\n## ").nth(1).unwrap();
    let is_code = |line: &str| line.is_empty() || line.starts_with("    ");
    assert!(section.lines().skip(1).all(is_code) && section.contains("    @misc{"), "{section}");
}

#[cfg(all(feature = "archive", feature = "docx"))]
#[test]
fn a_workbook_has_a_sheet_of_queries_and_a_sheet_of_passages() {
    use crate::document::{Format, read_all};

    let workbook = batch_xlsx(&answers());
    let document = read_all(Format::Xlsx, "a.xlsx", &workbook).remove(0).unwrap();
    for expected in ["third", "port | rail", "no query text", "=1+1", "<i>\"#0"] {
        assert!(document.text.contains(expected), "{expected}: {}", document.text);
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    let names = part("xl/workbook.xml");
    assert!(names.contains("\"Queries 1\"") && names.contains("\"Passages 1\""), "{names}");
    let (queries, passages) = (part("xl/worksheets/sheet1.xml"), part("xl/worksheets/sheet2.xml"));
    assert_eq!(queries.matches("<row>").count(), 4);
    assert_eq!(passages.matches("<row>").count(), 2);
    assert!(queries.contains("<c><v>0</v></c>") && !queries.contains("<f>"), "{queries}");
}
