//! Encodes the values of declared fields as terms whose order is the order of the values.
//!
//! A term is the name of the field, [`FIELD_NAME_END`], and the value: a keyword as it is, a truth value as `true` or
//! `false`, a day as its Julian day number in seven digits, and a number as 16 hexadecimal digits whose order is that
//! of the numbers. A word of a text value also follows the name of its field and [`FIELD_NAME_END`].

use crate::document::{Date, FieldName, FieldType, FieldValue};

/// Character between the name of a field and the value. No name of a field contains this character.
const FIELD_NAME_END: char = '\u{1}';
/// Character directly after [`FIELD_NAME_END`]. The name of a field, followed by this character, sorts after all terms
/// of the field.
const CHAR_AFTER_FIELD_NAME_END: char = '\u{2}';

/// Returns the prefix that all terms of the declared field `name` have.
pub(crate) fn value_prefix(name: FieldName) -> String {
    format!("{name}{FIELD_NAME_END}")
}

/// Returns the smallest text that sorts after all terms of the declared field `name`.
pub(crate) fn end_of_field_values(name: FieldName) -> String {
    format!("{name}{CHAR_AFTER_FIELD_NAME_END}")
}

/// Returns the term of a value, without the name of the field. `None` for a text value, whose words are indexed
/// instead.
pub(crate) fn encode_value(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Text(_) => None,
        FieldValue::Keyword(keyword) => Some(keyword.clone()),
        FieldValue::Number(number) => Some(encode_sortable_number(*number)),
        FieldValue::Date(date) => Some(encode_sortable_date(*date)),
        FieldValue::Bool(truth) => Some(truth.to_string()),
    }
}

/// Decodes `encoded`, a term without the name of the field. `None` if `encoded` is not a value of the type
/// `field_type`.
pub(crate) fn decode_value(field_type: FieldType, encoded: &str) -> Option<FieldValue> {
    match field_type {
        FieldType::Text => None,
        FieldType::Keyword => Some(FieldValue::Keyword(encoded.to_owned())),
        FieldType::Number => decode_sortable_number(encoded).map(FieldValue::Number),
        FieldType::Date => {
            encoded.parse().ok().and_then(Date::from_julian_day).map(FieldValue::Date)
        }
        FieldType::Bool => encoded.parse().ok().map(FieldValue::Bool),
    }
}

/// Encodes a number as text. The texts sort in the order of the numbers.
pub(crate) fn encode_sortable_number(number: f64) -> String {
    let bits = number.to_bits();
    // The order of the bits of positive numbers is that of the numbers. The order of negative numbers is reversed.
    let ordered_bits = if number.is_sign_negative() { !bits } else { bits | SIGN_BIT };
    format!("{ordered_bits:016x}")
}

/// Decodes a number from the text that [`encode_sortable_number`] returned. `None` if the text is malformed.
fn decode_sortable_number(encoded: &str) -> Option<f64> {
    let ordered_bits = u64::from_str_radix(encoded, 16).ok()?;
    let is_negative = ordered_bits & SIGN_BIT == 0;
    Some(f64::from_bits(if is_negative { !ordered_bits } else { ordered_bits & !SIGN_BIT }))
}

/// Sign bit of a floating-point number with 64 bits.
const SIGN_BIT: u64 = 1 << 63;

/// Encodes a day as text. The texts sort in the order of the days.
pub(crate) fn encode_sortable_date(date: Date) -> String {
    format!("{:07}", date.julian_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_values_sort_like_the_values() {
        let numbers = [f64::MIN, -1e9, -2.5, -0.001, 0.0, 1e-9, 1.0, 1.5, 2.0, 10.0, 1e9, f64::MAX];
        let dates = ["1800-01-01", "1999-12-31", "2024-02-29", "2024-03-01", "2999-12-31"];
        let numbers = numbers.map(FieldValue::Number).to_vec();
        let dates = dates.map(|date| FieldValue::Date(date.parse().unwrap())).to_vec();
        let truths = [false, true].map(FieldValue::Bool).to_vec();
        let keywords = ["a", "b", "港口"].map(|text| FieldValue::Keyword(text.to_owned())).to_vec();
        for (field_type, values) in [
            (FieldType::Number, numbers),
            (FieldType::Date, dates),
            (FieldType::Bool, truths),
            (FieldType::Keyword, keywords),
        ] {
            let terms: Vec<_> = values.iter().filter_map(encode_value).collect();
            assert!(terms.is_sorted(), "{terms:?}");
            let decoded: Vec<_> =
                terms.iter().filter_map(|term| decode_value(field_type, term)).collect();
            assert_eq!(decoded, values);
        }
        assert_eq!(encode_value(&FieldValue::Text("a".to_owned())), None);
    }

    #[test]
    fn encoded_values_of_a_field_are_adjacent_terms() {
        let name = |text: &str| text.parse::<FieldName>().unwrap();
        let term = format!("{}港口", value_prefix(name("desk")));
        assert!(value_prefix(name("desk")) < term && term < end_of_field_values(name("desk")));
        for other in ["des", "desk-2", "desks", "desk_a"] {
            let other_term = format!("{}x", value_prefix(name(other)));
            let is_between = other_term >= value_prefix(name("desk"))
                && other_term < end_of_field_values(name("desk"));
            assert!(!is_between, "{other}");
        }
    }
}
