//! Renders rows of figures as JSON.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::columns::days;
use crate::{
    document::Date,
    fact_table::{FactRow, one_line},
    span::Span,
};

/// A figure: a quantity in a passage, with its measure, period and source.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Fact))]
pub(crate) struct FactObject<'a> {
    /// Words that state what is measured; null if there are none.
    measure: Option<String>,
    /// Exact value in `unit`: a decimal number, or a fraction such as `200/3`.
    value: String,
    /// Unit, such as `CNY`, `%` or `m2`; null for a count.
    unit: Option<&'static str>,
    /// Relation of the true value to `value`: `equal`, `more than`, `nearly`, …
    comparator: &'static str,
    /// `increase` or `decrease` if the figure is the amount of a change; otherwise null.
    change: Option<&'static str>,
    /// First day of the period of the figure; null if the sentence names none.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    from: Option<Date>,
    /// Last day of the period; null if the sentence names none.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    to: Option<Date>,
    /// Whether the days of the period are counted from the date of the release; null without a period.
    relative: Option<bool>,
    issuer: Option<String>,
    speaker: Option<String>,
    /// Title of the release.
    title: Option<String>,
    /// Date of the release.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    date: Option<Date>,
    /// Id of the document.
    document: &'a str,
    /// Id of the passage.
    passage: &'a str,
    /// The figure, verbatim.
    quantity: &'a str,
    /// The sentence that contains the figure, verbatim.
    sentence: &'a str,
    /// Link to the passage, with a hash of its text.
    link: String,
    /// Web address of the document.
    url: Option<&'a str>,
    /// Names of the fields of the document that were inferred rather than read.
    inferred: &'a [String],
    /// Byte range of the figure in the passage.
    #[cfg_attr(feature = "server", schema(value_type = [usize; 2]))]
    span: Span,
}

impl<'a> FactObject<'a> {
    /// Returns the JSON object of `row`.
    pub(crate) fn new(row: &'a FactRow<'_>) -> Self {
        let FactRow { document, passage, quantity, period, .. } = row;
        let text = |text: Option<&str>| text.map(one_line).filter(|text| !text.is_empty());
        let [from, to, date] = days(row);
        Self {
            measure: text(Some(row.measure())),
            value: quantity.value.to_string(),
            unit: Some(row.unit()).filter(|unit| !unit.is_empty()),
            comparator: quantity.comparator.name(),
            change: quantity.change.map(crate::fact::Change::name),
            from,
            to,
            relative: period.as_ref().map(|period| period.is_relative),
            issuer: text(row.issuer()),
            speaker: text(passage.speaker.as_deref()),
            title: text(document.title.as_deref()),
            date,
            document: &document.id,
            passage: &passage.id,
            quantity: quantity.span.of(&passage.text),
            sentence: row.sentence(),
            link: passage.link().to_string(),
            url: document.url.as_deref(),
            inferred: &document.inferred,
            span: quantity.span,
        }
    }
}

/// Renders rows as a JSON array with one object for each quantity. A value that is not known is `null`.
pub fn facts_json(rows: &[FactRow<'_>]) -> String {
    let objects: Vec<FactObject<'_>> = rows.iter().map(FactObject::new).collect();
    format!("{}\n", crate::render::json::to_json(&objects))
}
