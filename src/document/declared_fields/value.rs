//! Reads the values of declared fields from the texts of the metadata.

use std::fmt;

use super::FieldType;
use crate::{analysis::fold_text, document::metadata::Date};

/// Maximum length of a keyword, in bytes.
const MAX_KEYWORD_BYTES: usize = 1_000;
/// Separator of the elements of a list in the metadata, as the readers of front matter and JSON write it.
const METADATA_LIST_SEPARATOR: &str = ", ";
/// Maximum number of characters of a value that a message quotes.
const MAX_CHARS_QUOTED_IN_MESSAGE: usize = 40;

/// Value of a declared field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValue {
    /// Text that is searched by its words.
    Text(String),
    /// Text that is compared as a whole.
    Keyword(String),
    /// Finite number.
    Number(f64),
    /// Day of the calendar.
    Date(Date),
    /// Truth value.
    Bool(bool),
}

impl FieldValue {
    /// Returns whether two values are equal. Keywords are compared without regard to case.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Keyword(keyword), Self::Keyword(other)) => {
                folded_keyword(keyword) == folded_keyword(other)
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Keyword(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Bool(truth) => write!(f, "{truth}"),
        }
    }
}

/// Returns a keyword in the form in which keywords are compared: in lower case, half width and Simplified Chinese, with
/// one space for each run of spaces.
pub(crate) fn folded_keyword(keyword: &str) -> String {
    let folded = fold_text(keyword).to_lowercase();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the values of a field from its text in the metadata. Each item is a value, or the reason why a part of the
/// text is not of the type `field_type`. A text that is a list may give several values. A blank text gives no values.
pub(super) fn read_values(field_type: FieldType, text: &str) -> Vec<Result<FieldValue, String>> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Some(elements) = elements_of_json_array(text) {
        return elements.iter().map(|element| read_value(field_type, element)).collect();
    }
    let elements =
        text.split(METADATA_LIST_SEPARATOR).map(str::trim).filter(|element| !element.is_empty());
    let elements: Vec<_> = elements.map(|element| read_value(field_type, element)).collect();
    match field_type {
        FieldType::Keyword => elements,
        FieldType::Text => vec![read_value(field_type, text)],
        FieldType::Number | FieldType::Date | FieldType::Bool => {
            // The date `December 17, 2025` contains the separator of a list.
            let unsplit_value = read_value(field_type, text);
            let is_list = unsplit_value.is_err() || elements.iter().all(Result::is_ok);
            if is_list { elements } else { vec![unsplit_value] }
        }
    }
}

/// Returns the elements of a text that is a JSON array of scalars. The reader of JSON Lines writes arrays into the
/// metadata in this form. `None` for any other text.
fn elements_of_json_array(text: &str) -> Option<Vec<String>> {
    let array: Vec<serde_json::Value> = Some(text)
        .filter(|text| text.starts_with('[') && text.ends_with(']'))
        .and_then(|text| serde_json::from_str(text).ok())?;
    let mut elements = Vec::with_capacity(array.len());
    for element in array {
        match element {
            serde_json::Value::String(text) if text.trim().is_empty() => {}
            serde_json::Value::String(text) => elements.push(text.trim().to_owned()),
            serde_json::Value::Number(number) => elements.push(number.to_string()),
            serde_json::Value::Bool(truth) => elements.push(truth.to_string()),
            serde_json::Value::Null => {}
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => return None,
        }
    }
    Some(elements)
}

/// Reads a value of the type `field_type` from a text.
fn read_value(field_type: FieldType, text: &str) -> Result<FieldValue, String> {
    let type_error = |expected: &str| format!("{} is not {expected}", quoted_beginning(text));
    match field_type {
        FieldType::Text => Ok(FieldValue::Text(text.to_owned())),
        FieldType::Keyword if text.len() > MAX_KEYWORD_BYTES => {
            Err(format!("{} is longer than {MAX_KEYWORD_BYTES} bytes", quoted_beginning(text)))
        }
        FieldType::Keyword => Ok(FieldValue::Keyword(text.to_owned())),
        FieldType::Number => parse_number(text)
            .map(FieldValue::Number)
            .ok_or_else(|| type_error("a number such as 1,250 or 3.5")),
        FieldType::Date => {
            text.parse().map(FieldValue::Date).map_err(|_| type_error("a day such as 2025-12-17"))
        }
        FieldType::Bool => parse_bool(text)
            .map(FieldValue::Bool)
            .ok_or_else(|| type_error("a truth value: write true or false")),
    }
}

/// Returns, in quotes, the first [`MAX_CHARS_QUOTED_IN_MESSAGE`] characters of a value.
fn quoted_beginning(text: &str) -> String {
    let start: String = text.chars().take(MAX_CHARS_QUOTED_IN_MESSAGE).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{start:?}{more}")
}

/// Reads a decimal number with a point, optional commas between groups of three digits, and an optional exponent.
/// `None` for any other text.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let folded = fold_text(text.trim()).replace('−', "-");
    let unsigned = folded.strip_prefix(['-', '+']).unwrap_or(&folded);
    let is_numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | 'e' | 'E' | '-' | '+');
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !unsigned.chars().all(is_numeric)
        || !has_commas_only_between_thousands(unsigned)
    {
        return None;
    }
    let number: f64 = folded.replace(',', "").parse().ok()?;
    // Adding zero makes -0 equal to 0.
    number.is_finite().then_some(number + 0.0)
}

/// Returns whether commas stand only between groups of three digits before the decimal point.
fn has_commas_only_between_thousands(number: &str) -> bool {
    let integer_end = number.find(['.', 'e', 'E']).unwrap_or(number.len());
    let (integer, rest) = number.split_at(integer_end);
    let mut groups = integer.split(',');
    let first_length = groups.next().map_or(0, str::len);
    let has_commas = integer.contains(',');
    !rest.contains(',')
        && (!has_commas || (1..=3).contains(&first_length))
        && groups.all(|group| group.len() == 3)
}

/// Reads a truth value in English or Chinese. `None` for any other text.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match folded_keyword(text).as_str() {
        "true" | "yes" | "y" | "on" | "1" | "是" => Some(true),
        "false" | "no" | "n" | "off" | "0" | "否" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_usual_notations() {
        for (text, expected) in [
            ("5", Some(5.0)),
            (" -3.50 ", Some(-3.5)),
            ("1,250", Some(1_250.0)),
            ("1,234,567.8", Some(1_234_567.8)),
            ("１２", Some(12.0)),
            ("1e3", Some(1_000.0)),
            (".5", Some(0.5)),
            ("-0", Some(0.0)),
            ("12,5", None),
            ("1,2,3", None),
            (",123", None),
            ("1.2,345", None),
            ("many", None),
            ("5 %", None),
            ("inf", None),
            ("nan", None),
            ("1e999", None),
            ("1.2.3", None),
            ("--1", None),
            ("", None),
        ] {
            assert_eq!(parse_number(text), expected, "{text}");
        }
        assert!(parse_number("-0").is_some_and(f64::is_sign_positive));
    }

    #[test]
    fn lists_give_several_values_and_errors_quote_the_value() {
        let date = |text: &str| Ok(FieldValue::Date(text.parse().unwrap()));
        let keyword = |text: &str| Ok(FieldValue::Keyword(text.to_owned()));
        let number = |number| Ok(FieldValue::Number(number));
        for (field_type, text, expected) in [
            (FieldType::Keyword, "Trade, 港口", vec![keyword("Trade"), keyword("港口")]),
            (FieldType::Keyword, "a, , b", vec![keyword("a"), keyword("b")]),
            (FieldType::Keyword, "Trade,Rail", vec![keyword("Trade,Rail")]),
            (FieldType::Text, "a, b", vec![Ok(FieldValue::Text("a, b".to_owned()))]),
            (FieldType::Number, "1, 2", vec![number(1.0), number(2.0)]),
            (
                FieldType::Number,
                "1, few",
                vec![number(1.0), Err("\"few\" is not a number such as 1,250 or 3.5".to_owned())],
            ),
            (FieldType::Date, "December 17, 2025", vec![date("2025-12-17")]),
            (
                FieldType::Date,
                "2025-12-17, 2025-12-18",
                vec![date("2025-12-17"), date("2025-12-18")],
            ),
            (
                FieldType::Date,
                "soon",
                vec![Err("\"soon\" is not a day such as 2025-12-17".to_owned())],
            ),
            (
                FieldType::Keyword,
                r#"["Smith, John", 5, null]"#,
                vec![keyword("Smith, John"), keyword("5")],
            ),
            (FieldType::Keyword, r#"[{"a": 1}]"#, vec![keyword(r#"[{"a": 1}]"#)]),
            (FieldType::Bool, "Yes", vec![Ok(FieldValue::Bool(true))]),
            (FieldType::Bool, "否", vec![Ok(FieldValue::Bool(false))]),
            (FieldType::Bool, "", vec![]),
        ] {
            assert_eq!(read_values(field_type, text), expected, "{text}");
        }
        let long_value = "x".repeat(2_000);
        let error = read_values(FieldType::Keyword, &long_value).remove(0).unwrap_err();
        assert!(error.len() < 90 && error.contains("longer than 1000 bytes"), "{error}");
    }

    #[test]
    fn keywords_are_compared_without_case_width_and_script() {
        for text in ["Port  Affairs", "PORT AFFAIRS", "ｐｏｒｔ affairs"] {
            assert_eq!(folded_keyword(text), "port affairs", "{text}");
        }
        assert_eq!(folded_keyword("貿易"), folded_keyword("贸易"));
    }
}
