//! Tells values, such as numbers and dates, from words.

/// Kind of the content of a cell, for the recognition of header rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document::format) enum CellKind {
    /// Words.
    Text,
    /// A number, a date, a time or a truth value.
    Value,
}

/// Maximum number of characters of a value.
const MAX_VALUE_CHARS: usize = 30;
/// Characters that may stand in a number, a date or a time in addition to digits.
const VALUE_CHARS: &str = "+-−–()., '%‰/:TZ$€£¥￥年月日時时分秒万亿萬億元";

impl CellKind {
    /// Returns the kind of a text: [`CellKind::Value`] if it has a digit and consists of digits and of the signs of
    /// numbers, dates and times.
    pub(in crate::document::format) fn of_text(text: &str) -> Self {
        let is_value = text.chars().count() <= MAX_VALUE_CHARS
            && text.chars().any(char::is_numeric)
            && text.chars().all(|c| c.is_ascii_digit() || VALUE_CHARS.contains(c));
        if is_value { Self::Value } else { Self::Text }
    }
}

/// Returns whether a text is a year from 1900 to 2100, such as `2025` or `2025年`.
pub(super) fn is_year(text: &str) -> bool {
    let digits = text.trim_end_matches('年');
    digits.len() == 4 && digits.parse().is_ok_and(|year: u32| (1900..=2100).contains(&year))
}
