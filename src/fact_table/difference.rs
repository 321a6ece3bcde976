//! Finds figures of two releases that differ although they measure the same thing in the same unit and period.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    row::{FactRow, one_line},
    similarity::SentenceWords,
};
use crate::{
    document::Date,
    fact::{Change, Role},
    script::is_han,
};

/// Minimum similarity of two sentences whose figures are compared.
const MIN_SIMILARITY: f64 = 0.25;
/// Maximum number of rows with the same [`ComparisonKey`] that are compared with each other.
const MAX_COMPARED_ROWS: usize = 64;
/// Maximum number of differences between rows with the same [`ComparisonKey`].
const MAX_DIFFERENCES_PER_KEY: usize = 3;
/// Minimum number of words that must say what a figure measures, so that the figure is compared.
const MIN_MEASURE_WORDS: usize = 2;
/// Minimum number of Han characters that must say what a figure of a Chinese text measures, so that the figure is
/// compared.
const MIN_MEASURE_HAN_CHARS: usize = 4;

/// Words that are too general to say what a figure measures, in lower case.
const WORDS_TOO_GENERAL_FOR_MEASURES: [&str; 16] = [
    "平均每年",
    "年平均",
    "年均",
    "每年",
    "全年",
    "比上年",
    "同比",
    "分别",
    "其中",
    "增长速度",
    "average annual",
    "per year",
    "year-on-year",
    "year on year",
    "compared with",
    "an average of",
];

/// Minimum length of an English word that helps to say what is measured, in bytes.
const MIN_MEASURE_WORD_BYTES: usize = 3;
/// English function words, which do not say what is measured, in lower case.
const FUNCTION_WORDS: [&str; 14] = [
    "the", "and", "all", "its", "their", "for", "with", "was", "were", "has", "have", "had",
    "from", "that",
];

/// Two figures of different releases for the same thing, unit and period that cannot both be right.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Difference<'a> {
    /// Figure of the earlier release.
    pub first: FactRow<'a>,
    /// Figure of the later release.
    pub second: FactRow<'a>,
    /// Similarity of the two sentences, from 0 to 1.
    pub similarity: f64,
}

/// Properties that two figures must have in common to be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct ComparisonKey {
    /// Words that say what is measured, without generic words.
    measure: String,
    /// Name of the base unit. Empty for a count.
    unit: &'static str,
    /// `Increase` or `Decrease` if the figure is the amount of such a change. `None` if the figure is not the amount of
    /// a change.
    change: Option<Change>,
    /// Whether the figure is the value before a change.
    is_value_before_change: bool,
    /// First day of the period.
    from: Date,
    /// Last day of the period.
    to: Date,
}

impl ComparisonKey {
    /// Returns the key of a row. `None` if the row does not say what is measured and when.
    fn new(row: &FactRow<'_>) -> Option<Self> {
        let measure = specific_words_of_measure(row);
        let han_chars = measure.chars().filter(|&c| is_han(c)).count();
        let words = measure.split(' ').count();
        let (Some(from), Some(to)) = row.extent() else { return None };
        let is_specific = han_chars >= MIN_MEASURE_HAN_CHARS || words >= MIN_MEASURE_WORDS;
        let is_single = matches!(row.quantity.role, Role::Single | Role::Before | Role::After);
        (is_specific && is_single).then_some(Self {
            measure,
            unit: row.quantity.in_base_unit()?.0,
            change: row.quantity.change,
            is_value_before_change: row.quantity.role == Role::Before,
            from,
            to,
        })
    }
}

/// Returns the words that say what a row measures, in lower case, without its period and without generic words. English
/// content words are in alphabetical order.
fn specific_words_of_measure(row: &FactRow<'_>) -> String {
    let text = &row.passage.text;
    let measure = row.quantity.measure.unwrap_or_default();
    let period = row.period.as_ref().map(|period| period.span).unwrap_or_default();
    let overlaps = measure.start < period.end && period.start < measure.end;
    let mut words = if overlaps {
        let before = text.get(measure.start..period.start.max(measure.start));
        let after = text.get(period.end.min(measure.end)..measure.end);
        format!("{} {}", before.unwrap_or_default(), after.unwrap_or_default())
    } else {
        row.measure().to_owned()
    };
    words = words.to_lowercase();
    for generic in WORDS_TOO_GENERAL_FOR_MEASURES {
        words = words.replace(generic, " ");
    }
    if words.chars().any(is_han) {
        return one_line(&words);
    }
    let content_words = words.split(|c: char| !c.is_alphabetic());
    let content_words: BTreeSet<&str> = content_words
        .filter(|word| word.len() >= MIN_MEASURE_WORD_BYTES && !FUNCTION_WORDS.contains(word))
        .collect();
    content_words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Returns the differences between the rows of different releases, the most similar statements first.
pub(super) fn differences(rows: Vec<FactRow<'_>>) -> Vec<Difference<'_>> {
    let mut groups: BTreeMap<ComparisonKey, Vec<FactRow<'_>>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = ComparisonKey::new(&row) {
            groups.entry(key).or_default().push(row);
        }
    }
    let mut differences: Vec<Difference<'_>> =
        groups.into_values().flat_map(|rows| differences_of_key(&rows)).collect();
    // The sort is stable, so that equal similarities keep the order of the keys.
    differences.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    differences
}

/// Returns the differences between rows with the same [`ComparisonKey`]. If several pairs of rows state the same two
/// values, returns only the pair with the most similar sentences.
fn differences_of_key<'a>(rows: &[FactRow<'a>]) -> Vec<Difference<'a>> {
    let rows = rows.get(..MAX_COMPARED_ROWS.min(rows.len())).unwrap_or_default();
    if rows.windows(2).all(|pair| matches!(pair, [a, b] if a.quantity.value == b.quantity.value)) {
        return Vec::new();
    }
    let words: Vec<SentenceWords> =
        rows.iter().map(|row| SentenceWords::new(row.sentence())).collect();
    let mut best: BTreeMap<(String, String), Difference<'a>> = BTreeMap::new();
    for (index, (row, row_words)) in rows.iter().zip(&words).enumerate() {
        for (other, other_words) in rows.iter().zip(&words).skip(index + 1) {
            let similarity = row_words.similarity(other_words);
            if similarity < MIN_SIMILARITY || !differ(row, other) {
                continue;
            }
            let mut values = [row, other].map(|row| row.quantity.value.to_string());
            values.sort();
            let key = values.into();
            let is_better =
                |best_difference: &Difference<'_>| best_difference.similarity < similarity;
            if best.get(&key).is_none_or(is_better) {
                let is_in_order = row.document.date <= other.document.date;
                let (first, second) = if is_in_order { (row, other) } else { (other, row) };
                let (first, second) = (first.clone(), second.clone());
                best.insert(key, Difference { first, second, similarity });
            }
        }
    }
    let mut differences: Vec<Difference<'a>> = best.into_values().collect();
    differences.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    differences.truncate(MAX_DIFFERENCES_PER_KEY);
    differences
}

/// Returns whether two rows are of different releases of the same issuer and cannot both be right.
fn differ(row: &FactRow<'_>, other: &FactRow<'_>) -> bool {
    let is_same_issuer = match (row.issuer(), other.issuer()) {
        (Some(issuer), Some(other_issuer)) => issuer == other_issuer,
        _ => false,
    };
    row.document.id != other.document.id
        && is_same_issuer
        && !row.quantity.may_stand_for_same_number(
            &row.passage.text,
            &other.quantity,
            &other.passage.text,
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Document, Index,
        search::{DocumentInfo, PassageInfo},
    };

    /// Returns the pairs of figures that differ between two releases with these texts.
    fn different_figures(text: &str, other_text: &str) -> Vec<[String; 2]> {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, text) in [("a", text), ("b", other_text)] {
            let mut release = Document::new(id, text);
            release.issuer = Some("Bureau of Ports".to_owned());
            writer.add(&release).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let documents: Vec<(DocumentInfo, Vec<PassageInfo>)> =
            ["a", "b"].map(|id| searcher.document(id).unwrap().unwrap()).into();
        let passages = documents.iter().flat_map(|(document, passages)| {
            passages.iter().map(move |passage| (document, passage))
        });
        let figure = |row: &FactRow<'_>| row.quantity.span.of(&row.passage.text).to_owned();
        differences(FactRow::rows(passages))
            .iter()
            .map(|difference| [figure(&difference.first), figure(&difference.second)])
            .collect()
    }

    #[test]
    fn figures_for_the_same_thing_unit_and_period_differ() {
        for (text, other_text) in [
            (
                "The total container traffic reached 5.1 million tonnes in 2024.",
                "In 2024, total container traffic reached 5.4 million tonnes.",
            ),
            ("2024年，全市技能人才总量达到422万人。", "2024年，全市技能人才总量达到424万人。"),
        ] {
            assert_eq!(different_figures(text, other_text).len(), 1, "{text}");
        }
    }

    #[test]
    fn rounded_figures_and_other_things_units_and_periods_do_not_differ() {
        let text = "The total container traffic reached 5.1 million tonnes in 2024.";
        for other_text in [
            text,
            "The total container traffic reached 5.12 million tonnes in 2024.",
            "The total container traffic reached over 5 million tonnes in 2024.",
            "The total container traffic reached 5.4 million tonnes in 2025.",
            "The total container traffic reached 5.4 million tonnes.",
            "The total container traffic reached 540 ships in 2024.",
            "The total passenger traffic reached 5.4 million tonnes in 2024.",
        ] {
            assert!(different_figures(text, other_text).is_empty(), "{other_text}");
        }
        let generic = "2024年，平均每年增长7.3%。";
        assert!(different_figures(generic, "2024年，平均每年增长5.3%。").is_empty());
    }
}
