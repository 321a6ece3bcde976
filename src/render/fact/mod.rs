//! Renders the quantities of passages as a table: CSV, JSON, Markdown or a workbook.
//!
//! Each format is one file with a function from [`FactRow`](crate::fact_table::FactRow)s to a text or a file;
//! `check.rs` renders the questions about the quantities. Read `columns.rs` first.

mod check;
mod columns;
mod csv;
mod json;
mod markdown;
#[cfg(feature = "archive")]
mod xlsx;

#[cfg(feature = "server")]
pub(crate) use self::json::FactObject;
#[cfg(feature = "archive")]
pub use self::xlsx::facts_xlsx;
pub use self::{
    check::{check_json, check_markdown},
    csv::facts_csv,
    json::facts_json,
    markdown::facts_markdown,
};

#[cfg(test)]
mod tests {
    use super::{columns::cells, *};
    use crate::{
        fact_table::FactRow,
        render::sample,
        search::{DocumentInfo, PassageInfo},
    };

    /// Returns a document, and a passage with the text `text`.
    fn passage_with(text: &str) -> (DocumentInfo, PassageInfo) {
        let hit = sample::results_with_markup().hits.remove(0);
        (hit.document, PassageInfo { text: text.to_owned(), ..hit.passage })
    }

    #[test]
    fn rows_are_sorted_by_measure_and_period() {
        let (document, passage) = passage_with(
            "Exports reached $6 million in 2023. Exports reached $5 million in 2022. It held 3 fairs.",
        );
        let rows = FactRow::rows([(&document, &passage)]);
        let printed: Vec<String> = rows.iter().map(|row| cells(row)[..6].join(",")).collect();
        assert_eq!(
            printed,
            [
                "Exports,5000000,$,equal,,2022-01-01",
                "Exports,6000000,$,equal,,2023-01-01",
                "fairs,3,,equal,,"
            ]
        );
        assert_eq!(cells(&rows[0])[15], "Exports reached $5 million in 2022.");
    }

    #[cfg(feature = "docx")]
    #[test]
    fn the_reader_of_workbooks_reads_the_written_values() {
        use crate::document::{Format, read_all};

        let (document, passage) = passage_with("Exports reached $5 million in 2022 <&>.");
        let rows = FactRow::rows([(&document, &passage)]);
        let workbook = facts_xlsx(&rows);
        assert_eq!(workbook, facts_xlsx(&rows));
        let sheets = read_all(Format::Xlsx, "a.xlsx", &workbook);
        let text = &sheets[0].as_ref().unwrap().text;
        for expected in ["Exports", "5000000", "2022-01-01", "<&>"] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn cells_are_escaped_in_every_format() {
        let (document, passage) = passage_with("=SUM(A1) | it fell to -3.5% on <b>.");
        let rows = FactRow::rows([(&document, &passage)]);
        let csv = facts_csv(&rows);
        assert!(csv.contains(",-3.5,%,equal,"), "{csv}");
        assert!(csv.contains("'=SUM(A1) | it fell to -3.5%"), "{csv}");
        let json: serde_json::Value = serde_json::from_str(&facts_json(&rows)).unwrap();
        assert_eq!(json[0]["value"], "-3.5");
        assert_eq!(json[0]["from"], serde_json::Value::Null);
        assert_eq!(json[0]["span"].as_array().map(Vec::len), Some(2));
        let markdown = facts_markdown(&rows);
        assert_eq!(markdown.lines().count(), 3, "{markdown}");
        assert!(markdown.contains("\\|") && !markdown.contains("<b>"), "{markdown}");
    }
}
