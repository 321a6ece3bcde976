//! Distinguishes values, such as numbers and dates, from words.

use crate::{document::MONTH_NAMES, script::SENTENCE_ENDS};

/// Kind of the content of a cell, for the recognition of header rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document::format) enum CellKind {
    /// Words, or any other text that is not a value.
    Text,
    /// A number, a date, a time or a truth value.
    Value,
}

/// Maximum length of a number, a date, a time or a truth value, in characters.
const MAX_NUMBER_OR_DATE_CHARS: usize = 30;
/// Characters that numbers, dates and times may contain in addition to digits.
const NUMBER_AND_DATE_CHARS: &str = "+-−–()., '%‰/:TZ$€£¥￥年月日時时分秒万亿萬億元";

impl CellKind {
    /// Returns the kind of a text: [`CellKind::Value`] if the text is short, has a digit, and consists of characters of
    /// numbers, dates and times.
    pub(in crate::document::format) fn of_text(text: &str) -> Self {
        let is_value = text.chars().count() <= MAX_NUMBER_OR_DATE_CHARS
            && text.chars().any(char::is_numeric)
            && text.chars().all(|c| c.is_ascii_digit() || NUMBER_AND_DATE_CHARS.contains(c));
        if is_value { Self::Value } else { Self::Text }
    }
}

/// Quarters and halves of a year.
const QUARTERS_AND_HALVES: [&str; 6] = ["q1", "q2", "q3", "q4", "h1", "h2"];
/// Maximum length of the text of a time period, in characters.
const MAX_PERIOD_CHARS: usize = 20;

/// Returns whether a text is a time period that names a column: a year from 1900 to 2100, a financial year, a quarter
/// or a month, such as `2025`, `2025-26`, `Q1 2025`, `Apr-25` or `2025年1月`.
pub(super) fn is_time_period(text: &str) -> bool {
    if text.chars().count() > MAX_PERIOD_CHARS {
        return false;
    }
    let text = text.replace(['年', '月'], " ").replace("季度", " ").to_lowercase();
    let is_separator = |c: char| c.is_whitespace() || "-–/.".contains(c);
    let words = text.split(is_separator).filter(|word| !word.is_empty());
    let mut has_period = false;
    for word in words {
        let is_month = MONTH_NAMES
            .iter()
            .any(|month| *month == word || word.len() == 3 && month.starts_with(word));
        let is_year =
            word.len() == 4 && word.parse().is_ok_and(|year: u32| (1900..=2100).contains(&year));
        let is_number = word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit());
        has_period |= is_month || is_year || QUARTERS_AND_HALVES.contains(&word);
        if !(is_month || is_year || is_number || QUARTERS_AND_HALVES.contains(&word)) {
            return false;
        }
    }
    has_period
}

/// Maximum number of characters of a column name.
const MAX_COLUMN_NAME_CHARS: usize = 80;

/// Returns whether a text may be the name of a column: a period, or a short text that has a letter, is not a value, and
/// does not end a sentence.
pub(in crate::document::format) fn is_column_name(text: &str) -> bool {
    let is_label = CellKind::of_text(text) == CellKind::Text
        && text.chars().count() <= MAX_COLUMN_NAME_CHARS
        && text.chars().any(char::is_alphabetic)
        && !text.ends_with(SENTENCE_ENDS)
        && !text.contains("://")
        && !text.contains('@');
    is_label || is_time_period(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_values_are_distinguished_from_words() {
        for period in [
            "2025",
            "2025-26",
            "2024/25",
            "2019–2020",
            "Q1 2025",
            "2025 Q1",
            "Apr-15",
            "March",
            "2025年",
            "2025年1月",
        ] {
            assert!(is_time_period(period), "{period}");
        }
        for other in
            ["", "Mayor", "Decision", "12", "1-2", "Ports 2025", "Marches on", "12.5", "2025 ports"]
        {
            assert!(!is_time_period(other), "{other}");
        }
        for (text, kind) in [
            ("12 %", CellKind::Value),
            ("£1,200", CellKind::Value),
            ("2025-12-17", CellKind::Value),
            ("No. 5", CellKind::Text),
            ("-", CellKind::Text),
        ] {
            assert_eq!(CellKind::of_text(text), kind, "{text}");
        }
    }
}
