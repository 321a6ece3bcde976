//! Renders the quantities of passages as a table: CSV, JSON or Markdown.

use ::csv::Writer;
use serde_json::json;

use super::{
    csv::{BYTE_ORDER_MARK, text_cell},
    markdown::escape_inline,
    snippet::passage_issuer,
};
use crate::{
    fact::{Period, Publication, Quantity, facts},
    passage::sentences,
    search::{DocumentInfo, PassageInfo},
    span::Span,
};

/// Columns of the table, in order.
const COLUMN_NAMES: [&str; 18] = [
    "measure",
    "value",
    "unit",
    "comparator",
    "change",
    "from",
    "to",
    "relative",
    "issuer",
    "speaker",
    "title",
    "date",
    "document",
    "passage",
    "quantity",
    "sentence",
    "url",
    "inferred",
];

/// Index of the column `value` in [`COLUMN_NAMES`].
const VALUE_COLUMN_INDEX: usize = 1;

/// One row of the table: a quantity of a passage with its period, its sentence and its source.
#[derive(Debug)]
pub struct FactRow<'a> {
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
    quantity: Quantity,
    /// Period to which the sentence assigns the quantity.
    period: Option<Period>,
    /// Byte range, in the passage, of the sentence that contains the quantity.
    sentence: Span,
}

impl<'a> FactRow<'a> {
    /// Returns one row for each quantity of the passages. The rows are sorted by what is measured, unit, first day of
    /// the period, date of publication, passage and place, so that the values of one series follow each other in time.
    pub fn rows(
        passages: impl IntoIterator<Item = (&'a DocumentInfo, &'a PassageInfo)>,
    ) -> Vec<Self> {
        let mut rows: Vec<Self> = passages
            .into_iter()
            .flat_map(|(document, passage)| Self::of_passage(document, passage))
            .collect();
        rows.sort_by_cached_key(|row| {
            let period = row.period.as_ref().map(|period| (period.from, period.to));
            (
                row.measure().to_lowercase(),
                row.unit(),
                period,
                row.document.date,
                row.passage.id.clone(),
                row.quantity.span,
            )
        });
        rows
    }

    fn of_passage(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Vec<Self> {
        let is_inferred = document.inferred.iter().any(|field| field == "date");
        let facts = facts(&passage.text, Publication { date: document.date, is_inferred });
        let sentences = sentences(&passage.text);
        let periods: Vec<Option<Period>> = facts
            .periods_of_quantities(&passage.text)
            .into_iter()
            .map(Option::<&Period>::cloned)
            .collect();
        let rows = facts.quantities.into_iter().zip(periods).map(|(quantity, period)| {
            let sentence_index =
                sentences.partition_point(|sentence| sentence.end <= quantity.span.start);
            let sentence =
                sentences.get(sentence_index).copied().unwrap_or_default().trimmed(&passage.text);
            Self { document, passage, quantity, period, sentence }
        });
        rows.collect()
    }

    fn measure(&self) -> &'a str {
        self.quantity.measure.map_or("", |measure| measure.of(&self.passage.text))
    }

    fn unit(&self) -> &'static str {
        self.quantity.unit.map_or("", |unit| unit.name)
    }

    /// Returns the cells of the row, in the order of the columns.
    fn cells(&self) -> [String; COLUMN_NAMES.len()] {
        let Self { document, passage, quantity, period, .. } = self;
        let day =
            |day: Option<crate::document::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = |text: Option<&str>| one_line(text.unwrap_or_default());
        let (from, to) = period.as_ref().map(Period::extent).unwrap_or_default();
        [
            one_line(self.measure()),
            quantity.value.to_string(),
            self.unit().to_owned(),
            quantity.comparator.name().to_owned(),
            quantity.change.map_or(String::new(), |change| change.name().to_owned()),
            day(from),
            day(to),
            period.as_ref().map_or(String::new(), |period| period.is_relative.to_string()),
            text(passage_issuer(document, passage)),
            text(passage.speaker.as_deref()),
            text(document.title.as_deref()),
            day(document.date),
            document.id.clone(),
            passage.id.clone(),
            quantity.span.of(&passage.text).to_owned(),
            self.sentence.of(&passage.text).to_owned(),
            text(document.url.as_deref()),
            document.inferred.join(" "),
        ]
    }
}

/// Returns the words of a text with single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Renders rows as CSV: a byte order mark, a header and one row for each quantity. A spreadsheet evaluates no text as a
/// formula.
pub fn facts_csv(rows: &[FactRow<'_>]) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let cells = rows.iter().map(|row| {
        let mut cells = row.cells().map(|cell| text_cell(&cell));
        // A negative number is not a formula.
        row.quantity.value.to_string().clone_into(&mut cells[VALUE_COLUMN_INDEX]);
        cells
    });
    for row in std::iter::once(COLUMN_NAMES.map(str::to_owned)).chain(cells) {
        // Writing to memory cannot fail, and all rows have the same number of columns.
        drop(writer.write_record(&row));
    }
    let csv_text = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    format!("{BYTE_ORDER_MARK}{csv_text}")
}

/// Renders rows as a JSON array with one object for each quantity. An empty cell is `null`, and `span` is the byte
/// range of the quantity in the passage.
pub fn facts_json(rows: &[FactRow<'_>]) -> String {
    let objects: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            let cells = COLUMN_NAMES.into_iter().zip(row.cells());
            let mut object: serde_json::Map<String, serde_json::Value> = cells
                .map(|(name, cell)| {
                    let value = if cell.is_empty() { serde_json::Value::Null } else { json!(cell) };
                    (name.to_owned(), value)
                })
                .collect();
            object.insert("span".to_owned(), json!(row.quantity.span));
            serde_json::Value::Object(object)
        })
        .collect();
    format!("{}\n", serde_json::Value::Array(objects))
}

/// Renders rows as a Markdown table of what is measured, value with unit, period, issuer, date, passage and sentence.
pub fn facts_markdown(rows: &[FactRow<'_>]) -> String {
    let mut table = "| measure | quantity | period | issuer | date | passage | sentence |\n|---|--:|---|---|---|---|---|\n".to_owned();
    for row in rows {
        let [
            measure,
            value,
            unit,
            comparator,
            _,
            from,
            to,
            _,
            issuer,
            _,
            _,
            date,
            _,
            passage,
            _,
            sentence,
            ..,
        ] = row.cells();
        let comparator_text = if comparator == "equal" { "" } else { comparator.as_str() };
        let quantity = format!("{comparator_text} {value} {unit}");
        let period =
            if from.is_empty() && to.is_empty() { String::new() } else { format!("{from}..{to}") };
        let cells =
            [&measure, quantity.trim(), &period, &issuer, &date, &passage, &one_line(&sentence)]
                .map(|cell| escape_inline(cell).replace('|', "\\|"));
        table.extend(["| ", &cells.join(" | "), " |\n"]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    /// Returns a document and a passage with the text.
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
        let printed: Vec<String> = rows.iter().map(|row| row.cells()[..6].join(",")).collect();
        assert_eq!(
            printed,
            [
                "Exports,5000000,$,equal,,2022-01-01",
                "Exports,6000000,$,equal,,2023-01-01",
                "fairs,3,,equal,,"
            ]
        );
        assert_eq!(rows[0].cells()[15], "Exports reached $5 million in 2022.");
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
