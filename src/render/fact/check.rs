//! Renders the check of figures as questions for a person, with the sentences that contain the figures.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json::FactObject;
use crate::{
    fact_table::{CheckedDerivation, Difference, FactCheck, FactRow, one_line},
    render::{
        json::to_json,
        markdown::{escape_inline, escape_line},
    },
};

/// Number of decimal places of a computed figure.
const DISPLAYED_DECIMAL_PLACES: i32 = 2;

/// Renders a check as Markdown: first the derived figures, questionable figures before confirmed figures, then the
/// differences between releases. Each question quotes the sentences and names the ids of their passages.
pub fn check_markdown(check: &FactCheck<'_>) -> String {
    let (confirmed, questions): (Vec<_>, Vec<_>) =
        check.derivations.iter().partition(|checked| checked.derivation.agrees);
    let mut text = format!(
        "# Derived figures\n\n{} computed again: {} agree, {} to look at.\n",
        check.derivations.len(),
        confirmed.len(),
        questions.len()
    );
    for (number, checked) in (1..).zip(&questions) {
        let _ = write!(text, "\n{number}. Why {}?\n", derivation_line(checked));
        text.push_str(&quote_block(
            checked.sentence.of(&checked.passage.text),
            &checked.passage.id,
        ));
    }
    for checked in confirmed {
        let id = escape_inline(&checked.passage.id);
        let _ = write!(text, "\n- Confirmed: {} \\[{id}\\]\n", derivation_line(checked));
    }
    let count = check.differences.len();
    let _ = write!(text, "\n# Different figures of two releases\n\n{count} to look at.\n");
    for (number, difference) in (1..).zip(&check.differences) {
        text.push_str(&difference_item(number, difference));
    }
    text
}

/// Returns a line with a derived figure, the operation, the operands and the computed result, as in
/// `19.5% as growth (3.53 million, 4.22 million): computed 19.55 %`.
fn derivation_line(checked: &CheckedDerivation<'_>) -> String {
    let text = |span: crate::span::Span| escape_inline(&one_line(span.of(&checked.passage.text)));
    let operands: Vec<String> = checked.operands.iter().map(|&span| text(span)).collect();
    let computed = rounded_for_display(checked.derivation.computed_value);
    let result = escape_inline(&format!("{computed} {}", checked.unit));
    let kind = checked.derivation.kind.name();
    format!(
        "{} as {kind} ({}): computed {}",
        text(checked.derived_figure),
        operands.join(", "),
        result.trim()
    )
}

/// Returns `number` rounded to [`DISPLAYED_DECIMAL_PLACES`].
fn rounded_for_display(number: f64) -> f64 {
    let power = 10_f64.powi(DISPLAYED_DECIMAL_PLACES);
    (number * power).round() / power
}

fn quote_block(sentence: &str, id: &str) -> String {
    format!("\n   > {} \\[{}\\]\n", escape_line(&one_line(sentence)), escape_inline(id))
}

fn difference_item(number: usize, difference: &Difference<'_>) -> String {
    let Difference { first, second, .. } = difference;
    let measure = escape_inline(&one_line(first.measure()));
    let value = |row: &FactRow<'_>| escape_inline(&row.value_words());
    let mut item = format!(
        "\n{number}. {measure}, {}: {} or {}?\n",
        first.period_text(),
        value(first),
        value(second)
    );
    for row in [first, second] {
        let source = escape_line(&row.issuer_and_date_words());
        let _ = write!(item, "\n   {source}:\n");
        item.push_str(&quote_block(row.sentence(), &row.passage.id));
    }
    item
}

/// Renders a check as one JSON object: `derivations` and `differences`.
pub fn check_json(check: &FactCheck<'_>) -> String {
    let derivations: Vec<Value> = check.derivations.iter().map(derivation_object).collect();
    let differences = check.differences.iter().map(|difference| {
        json!({
            "first": FactObject::new(&difference.first),
            "second": FactObject::new(&difference.second),
            "similarity": rounded_for_display(difference.similarity),
        })
    });
    let differences: Vec<Value> = differences.collect();
    format!("{}\n", to_json(&json!({ "derivations": derivations, "differences": differences })))
}

fn derivation_object(checked: &CheckedDerivation<'_>) -> Value {
    let CheckedDerivation { document, passage, derivation, .. } = checked;
    let text = |span: crate::span::Span| span.of(&passage.text);
    let operands: Vec<&str> = checked.operands.iter().map(|&span| text(span)).collect();
    json!({
        "kind": derivation.kind.name(),
        "figure": text(checked.derived_figure),
        "unit": Some(checked.unit).filter(|unit| !unit.is_empty()),
        "operands": operands,
        "computed": rounded_for_display(derivation.computed_value),
        "lowest": rounded_for_display(derivation.bounds.0),
        "highest": rounded_for_display(derivation.bounds.1),
        "agrees": derivation.agrees,
        "document": document.id,
        "passage": passage.id,
        "link": passage.link().to_string(),
        "sentence": text(checked.sentence),
    })
}
