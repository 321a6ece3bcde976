//! Rows of the table of figures: one row for each quantity of a passage.

use crate::{
    document::Date,
    fact::{Facts, Period, Publication, Quantity, facts},
    passage::sentences,
    search::{DocumentInfo, PassageInfo},
    span::Span,
};

/// One row of a table: a quantity of a passage with its period, its sentence and its source.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FactRow<'a> {
    /// Document of the passage.
    pub document: &'a DocumentInfo,
    /// Passage that contains the quantity.
    pub passage: &'a PassageInfo,
    /// Quantity, with spans in the text of the passage.
    pub quantity: Quantity,
    /// Period to which the sentence assigns the quantity. `None` if the sentence assigns no period.
    pub period: Option<Period>,
    /// Byte range, in the passage, of the sentence that contains the quantity.
    pub sentence: Span,
}

impl<'a> FactRow<'a> {
    /// Returns one row for each quantity of the passages. The rows are sorted by what is measured, unit, first day of
    /// the period, date of publication, passage and position, so that the values of one series follow each other in
    /// time. Rows that do not say what is measured come last.
    pub fn rows(
        passages: impl IntoIterator<Item = (&'a DocumentInfo, &'a PassageInfo)>,
    ) -> Vec<Self> {
        let mut rows: Vec<Self> = passages
            .into_iter()
            .flat_map(|(document, passage)| {
                Self::rows_of_passage(document, passage, passage_facts(document, passage))
            })
            .collect();
        Self::sort(&mut rows);
        rows
    }

    /// Sorts rows in the order that [`rows`](Self::rows) describes.
    pub(super) fn sort(rows: &mut [Self]) {
        rows.sort_by_cached_key(|row| {
            let period = row.period.as_ref().map(|period| (period.from, period.to));
            let measure = one_line(row.measure()).to_lowercase();
            (
                measure.is_empty(),
                measure,
                row.unit(),
                period,
                row.document.date,
                row.passage.id.clone(),
                row.quantity.span,
            )
        });
    }

    /// Returns one row for each of the quantities of a passage.
    pub(super) fn rows_of_passage(
        document: &'a DocumentInfo,
        passage: &'a PassageInfo,
        facts: Facts,
    ) -> Vec<Self> {
        let sentences = sentences(&passage.text);
        let periods: Vec<Option<Period>> = facts
            .periods_of_quantities(&passage.text)
            .into_iter()
            .map(Option::<&Period>::cloned)
            .collect();
        let rows = facts.quantities.into_iter().zip(periods).map(|(quantity, period)| {
            let sentence = sentence_at(&sentences, quantity.span.start, &passage.text);
            Self { document, passage, quantity, period, sentence }
        });
        rows.collect()
    }

    /// Returns the words that say what is measured. Empty if there are none.
    pub fn measure(&self) -> &'a str {
        self.quantity.measure.map_or("", |measure| measure.of(&self.passage.text))
    }

    /// Returns the name of the unit. Empty for a count.
    pub fn unit(&self) -> &'static str {
        self.quantity.unit.map_or("", |unit| unit.name)
    }

    /// Returns the verbatim sentence with the quantity.
    pub fn sentence(&self) -> &'a str {
        self.sentence.of(&self.passage.text)
    }

    /// Returns the first and the last day of the period. `None` for a day that is open or unknown.
    pub fn extent(&self) -> (Option<Date>, Option<Date>) {
        self.period.as_ref().map(Period::extent).unwrap_or_default()
    }

    /// Returns the issuer of the passage or, if the passage has none, the issuer of the document.
    pub fn issuer(&self) -> Option<&'a str> {
        self.passage.issuer.as_deref().or(self.document.issuer.as_deref())
    }
}

/// Returns the facts of a passage of `document`.
pub(super) fn passage_facts(document: &DocumentInfo, passage: &PassageInfo) -> Facts {
    let is_inferred = document.inferred.iter().any(|field| field == "date");
    facts(&passage.text, Publication { date: document.date, is_inferred })
}

/// Returns the sentence that contains the byte `offset` of a text, without blanks at its ends.
pub(super) fn sentence_at(sentences: &[Span], offset: usize, text: &str) -> Span {
    let next = sentences.partition_point(|sentence| sentence.end <= offset);
    sentences.get(next).copied().unwrap_or_default().trimmed(text)
}

/// Returns the words of a text with single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
