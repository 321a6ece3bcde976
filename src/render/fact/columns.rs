//! Columns of the table of figures.

use crate::{
    document::Date,
    fact::{Change, Comparator, Period},
    fact_table::{FactRow, one_line},
};

/// Names of the columns of the table, in order.
pub(super) const COLUMN_NAMES: [&str; 19] = [
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
    "link",
    "url",
    "inferred",
];

/// Index of the column `value` in [`COLUMN_NAMES`].
pub(super) const VALUE_COLUMN_INDEX: usize = 1;
/// Indices of the columns with days in [`COLUMN_NAMES`].
#[cfg(feature = "archive")]
pub(super) const DAY_COLUMN_INDICES: [usize; 3] = [5, 6, 11];

/// Returns the cells of the row, in the order of the columns. Days have the form `2025-12-17`.
pub(super) fn cells(row: &FactRow<'_>) -> [String; COLUMN_NAMES.len()] {
    let FactRow { document, passage, quantity, period, .. } = row;
    let text = |text: Option<&str>| one_line(text.unwrap_or_default());
    let [from, to, date] = days(row).map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    [
        one_line(row.measure()),
        quantity.value.to_string(),
        row.unit().to_owned(),
        quantity.comparator.name().to_owned(),
        quantity.change.map_or(String::new(), |change| change.name().to_owned()),
        from,
        to,
        period.as_ref().map_or(String::new(), |period: &Period| period.is_relative.to_string()),
        text(row.issuer()),
        text(passage.speaker.as_deref()),
        text(document.title.as_deref()),
        date,
        document.id.clone(),
        passage.id.clone(),
        quantity.span.of(&passage.text).to_owned(),
        row.sentence().to_owned(),
        passage.link().to_string(),
        text(document.url.as_deref()),
        document.inferred.join(" "),
    ]
}

/// Returns the days of the columns `from`, `to` and `date`.
pub(super) fn days(row: &FactRow<'_>) -> [Option<Date>; 3] {
    let (from, to) = row.extent();
    [from, to, row.document.date]
}

impl FactRow<'_> {
    /// Returns comparator (unless the value is exact), value, unit and direction of a change, as in `more than 5 %
    /// increase`.
    pub(crate) fn value_words(&self) -> String {
        let comparator = match self.quantity.comparator {
            Comparator::Equal => "",
            comparator => comparator.name(),
        };
        let change = self.quantity.change.map_or("", Change::name);
        one_line(&format!("{comparator} {} {} {change}", self.quantity.value, self.unit()))
    }

    /// Returns the first and the last day of the period, as in `2021-01-01..2021-12-31`. Empty if there is no period.
    pub(crate) fn period_text(&self) -> String {
        let (from, to) = self.extent();
        if from.is_none() && to.is_none() {
            return String::new();
        }
        let [from, to] = [from, to].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
        format!("{from}..{to}")
    }

    /// Returns issuer and date of the release, as far as they are known.
    pub(crate) fn issuer_and_date_words(&self) -> String {
        let date = self.document.date.map(|date| date.to_string());
        self.issuer().map(one_line).into_iter().chain(date).collect::<Vec<_>>().join(", ")
    }
}
