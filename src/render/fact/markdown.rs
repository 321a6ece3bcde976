//! Renders rows of figures as a Markdown table.

use crate::{
    fact_table::{FactRow, one_line},
    render::markdown::escape_inline,
};

/// Renders rows as a Markdown table. Its columns are the measure, the value with the unit, the period, the issuer, the
/// date, the passage and the sentence. A ditto mark replaces a measure that equals the measure of the previous row.
pub fn facts_markdown(rows: &[FactRow<'_>]) -> String {
    let mut table = "| measure | quantity | period | issuer | date | passage | sentence |\n|---|--:|---|---|---|---|---|\n".to_owned();
    let mut previous_measure = String::new();
    for row in rows {
        let measure = one_line(row.measure());
        let is_same_series =
            !measure.is_empty() && measure.to_lowercase() == previous_measure.to_lowercase();
        let date = row.document.date.map(|date| date.to_string()).unwrap_or_default();
        let cells = [
            if is_same_series { "″" } else { &measure },
            &row.value_words(),
            &row.period_text(),
            row.issuer().unwrap_or_default(),
            &date,
            &row.passage.id,
            &one_line(row.sentence()),
        ];
        let cells = cells.map(|cell| escape_inline(cell).replace('|', "\\|"));
        table.extend(["| ", &cells.join(" | "), " |\n"]);
        previous_measure = measure;
    }
    table
}
