//! Encodes quantities and periods as terms. In a dictionary, terms of the same unit have the order of their values,
//! unless the values are negative.
//!
//! The term of a quantity is [`QUANTITY_PREFIX`], the unit, `:`, the value, and a character for the comparator. A
//! positive value is `1`, the decimal exponent plus 50 in two digits, and the digits without zeros at the end: 1.5 is
//! `15015`. The characters for comparators are ordered before the digits, so that the term of 1 comes before the term
//! of 1.5.
//!
//! The term of a period is [`PERIOD_PREFIX`], the first and the last day as Julian day numbers in seven digits, and a
//! letter for the kind of the period.

use crate::{
    document::Date,
    fact::{comparator::Comparator, period::PeriodKind, value::Value},
};

/// First character of the term of a quantity.
pub(super) const QUANTITY_PREFIX: char = '\u{7}';
/// First character of the term of a period.
pub(super) const PERIOD_PREFIX: char = '\u{8}';
/// Character that is ordered after all characters of values and periods. The string at the end of a range of terms ends
/// with this character.
const CHARACTER_AFTER_ALL_TERMS: char = '~';

/// Number that is added to a decimal exponent, so that the encoded exponent is positive.
const EXPONENT_OFFSET: i32 = 50;
/// Maximum number of digits of an encoded value. If a value has more digits, its exact fraction follows these digits.
const MAX_ENCODED_DIGITS: usize = 20;
/// Separator between the digits and the fraction of a value with more than [`MAX_ENCODED_DIGITS`] digits.
const FRACTION_SEPARATOR: char = '/';

/// Each comparator, and the character for it at the end of a term.
const COMPARATOR_CODES: [(Comparator, char); 7] = [
    (Comparator::Equal, '!'),
    (Comparator::About, '"'),
    (Comparator::Nearly, '#'),
    (Comparator::MoreThan, '$'),
    (Comparator::AtLeast, '%'),
    (Comparator::LessThan, '&'),
    (Comparator::AtMost, '\''),
];

/// Each kind of period, and the letter for it at the end of a term.
const PERIOD_KIND_LETTERS: [(PeriodKind, char); 4] = [
    (PeriodKind::During, 'd'),
    (PeriodKind::AsOf, 'a'),
    (PeriodKind::Since, 's'),
    (PeriodKind::Until, 'u'),
];

/// Returns the term of a quantity. `unit` is the name of the root unit (see `Unit::root`) of its unit, or empty for a
/// count.
pub(super) fn quantity_term(unit: &str, value: Value, comparator: Comparator) -> String {
    let entry = COMPARATOR_CODES.iter().find(|(other, _)| *other == comparator);
    let comparator_char = entry.map_or('!', |(_, comparator_char)| *comparator_char);
    format!("{}{comparator_char}", term_prefix_of_value(unit, value))
}

/// Returns the beginning of the term of a quantity, up to and including the value, without the comparator.
fn term_prefix_of_value(unit: &str, value: Value) -> String {
    format!("{}{}", term_prefix_of_unit(unit), encode_value(value))
}

/// Returns the beginning of the terms of all quantities in `unit`.
fn term_prefix_of_unit(unit: &str) -> String {
    format!("{QUANTITY_PREFIX}{}:", unit.replace(' ', "_"))
}

/// Returns a range of terms, from the first term inclusive to the second term exclusive, that contains every quantity
/// in `unit` from `low` to `high`. `None` stands for no bound. The range may contain other quantities too if a bound is
/// negative.
pub(super) fn quantity_term_range(
    unit: &str,
    low: Option<Value>,
    high: Option<Value>,
) -> (String, String) {
    let is_negative = |value: &Value| value.numerator_and_denominator().0 < 0;
    let from = match low.filter(|low| !is_negative(low)) {
        Some(low) => format!("{}{}", term_prefix_of_unit(unit), encode_digits(low)),
        None => term_prefix_of_unit(unit),
    };
    let to = match high {
        Some(high) if is_negative(&high) => format!("{}.", term_prefix_of_unit(unit)),
        Some(high) => format!(
            "{}{}{CHARACTER_AFTER_ALL_TERMS}",
            term_prefix_of_unit(unit),
            encode_digits(high)
        ),
        None => format!("{}{CHARACTER_AFTER_ALL_TERMS}", term_prefix_of_unit(unit)),
    };
    (from, to)
}

/// Returns whether `encoded_unit`, the unit of an encoded quantity, stands for the unit with the name `unit`.
pub(super) fn encodes_unit(encoded_unit: &str, unit: &str) -> bool {
    encoded_unit.len() == unit.len()
        && encoded_unit.chars().zip(unit.chars()).all(|(a, b)| a == b || a == '_' && b == ' ')
}

/// Returns the unit as it is encoded, the value and the comparator of the quantity whose term is `term`. `None` if
/// `term` is not the term of a quantity.
pub(super) fn decode_quantity(term: &str) -> Option<(&str, Value, Comparator)> {
    let (unit, value_and_comparator) = term.strip_prefix(QUANTITY_PREFIX)?.split_once(':')?;
    let comparator_char = value_and_comparator.chars().next_back()?;
    let value = value_and_comparator.strip_suffix(comparator_char)?;
    let (comparator, _) = COMPARATOR_CODES.iter().find(|(_, other)| *other == comparator_char)?;
    Some((unit, decode_value(value)?, *comparator))
}

/// Returns the encoded form of a value, from which [`decode_value`] restores it.
fn encode_value(value: Value) -> String {
    let mut encoded = encode_digits(value);
    if decode_value(&encoded) != Some(value) {
        let (numerator, denominator) = value.numerator_and_denominator();
        encoded.extend([FRACTION_SEPARATOR.to_string(), format!("{numerator}_{denominator}")]);
    }
    encoded
}

/// Returns the encoded form of a value: sign, exponent and at most [`MAX_ENCODED_DIGITS`] digits.
fn encode_digits(value: Value) -> String {
    let (numerator, denominator) = value.numerator_and_denominator();
    if numerator < 0 {
        return format!("-{}", encode_digits(value.negated()));
    }
    if numerator == 0 {
        return "0".to_owned();
    }
    let mut exponent = -1;
    let mut digits = String::new();
    let integer = numerator / denominator;
    if integer > 0 {
        digits = integer.to_string();
        exponent = i32::try_from(digits.len()).unwrap_or(0) - 1;
    }
    let mut rest = numerator % denominator;
    while rest > 0 && digits.len() < MAX_ENCODED_DIGITS {
        rest *= 10;
        let digit = rest / denominator;
        rest %= denominator;
        if digits.is_empty() && digit == 0 {
            exponent -= 1;
        } else {
            digits.push_str(&digit.to_string());
        }
    }
    digits.truncate(MAX_ENCODED_DIGITS);
    let digits = digits.trim_end_matches('0');
    format!("1{:02}{digits}", exponent + EXPONENT_OFFSET)
}

/// Returns the value whose encoded form is `text`. `None` if `text` is not the encoded form of a value.
fn decode_value(text: &str) -> Option<Value> {
    if let Some((_, fraction)) = text.split_once(FRACTION_SEPARATOR) {
        let (numerator, denominator) = fraction.split_once('_')?;
        return Value::fraction(numerator.parse().ok()?, denominator.parse().ok()?);
    }
    if let Some(positive) = text.strip_prefix('-') {
        return decode_value(positive).map(Value::negated);
    }
    if text == "0" {
        return Some(Value::integer(0));
    }
    let (exponent, digits) = text.strip_prefix('1')?.split_at_checked(2)?;
    let exponent = exponent.parse::<i32>().ok()? - EXPONENT_OFFSET;
    let scale = exponent + 1 - i32::try_from(digits.len()).ok()?;
    let power = 10_i128.checked_pow(scale.unsigned_abs())?;
    let digits: i128 = digits.parse().ok()?;
    if scale >= 0 {
        Value::fraction(digits.checked_mul(power)?, 1)
    } else {
        Value::fraction(digits, power)
    }
}

/// First and last day of a period. `None` stands for no bound.
pub(super) type DayRange = (Option<Date>, Option<Date>);

/// Returns the term of a period.
pub(super) fn period_term((from, to): DayRange, kind: PeriodKind) -> String {
    let letter = PERIOD_KIND_LETTERS.iter().find(|(other, _)| *other == kind);
    format!(
        "{PERIOD_PREFIX}{}{}{}",
        encode_first_day(from),
        encode_last_day(to),
        letter.map_or('d', |(_, letter)| *letter)
    )
}

/// Returns a range of terms, from the first term inclusive to the second term exclusive, that contains every period
/// that begins within `days`.
pub(super) fn period_term_range((from, to): DayRange) -> (String, String) {
    let first = format!("{PERIOD_PREFIX}{}", encode_first_day(from));
    (first, format!("{PERIOD_PREFIX}{}{CHARACTER_AFTER_ALL_TERMS}", encode_last_day(to)))
}

/// Returns the kind of the period whose term is `term`. `None` if `term` is not the term of a period, or if the period
/// does not lie within `days`.
pub(super) fn kind_of_period_within(term: &str, (from, to): DayRange) -> Option<PeriodKind> {
    let days = term.strip_prefix(PERIOD_PREFIX)?;
    let (first, rest) = days.split_at_checked(7)?;
    let (last, letter) = rest.split_at_checked(7)?;
    let (kind, _) = PERIOD_KIND_LETTERS.iter().find(|(_, other)| letter.starts_with(*other))?;
    let is_within = *first >= *encode_first_day(from) && *last <= *encode_last_day(to);
    is_within.then_some(*kind)
}

/// Encodes the first day of a period. A period without a first day comes before all others.
fn encode_first_day(day: Option<Date>) -> String {
    format!("{:07}", day.map_or(0, Date::julian_day))
}

/// Encodes the last day of a period. A period without a last day comes after all others.
fn encode_last_day(day: Option<Date>) -> String {
    format!("{:07}", day.map_or(9_999_999, Date::julian_day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the value of a text that is a decimal number or a fraction.
    fn value(text: &str) -> Value {
        text.parse().unwrap()
    }

    #[test]
    fn terms_have_the_order_of_their_values() {
        let texts =
            ["0", "0.05", "0.5", "1", "1.5", "1.55", "2", "9.99", "10", "200/3", "1000000000000"];
        let terms = texts.map(|text| quantity_term("CNY", value(text), Comparator::AtMost));
        assert!(terms.is_sorted(), "{terms:?}");
        for (term, text) in terms.iter().zip(texts) {
            assert_eq!(
                decode_quantity(term),
                Some(("CNY", value(text), Comparator::AtMost)),
                "{text}"
            );
        }
    }

    /// Generates values, most of them with a fraction.
    fn any_value() -> impl Strategy<Value = Value> {
        (-1_000_000_i128..1_000_000_000_000_000, 1_i128..10_000).prop_map(
            |(numerator, denominator)| {
                Value::fraction(numerator, denominator).unwrap_or(Value::integer(7))
            },
        )
    }

    proptest! {
        #[test]
        fn ranges_contain_the_values_between_their_bounds(
            low in any_value(), middle in any_value(), high in any_value(),
        ) {
            for comparator in [Comparator::Equal, Comparator::AtMost] {
                let term = quantity_term("m2", middle, comparator);
                prop_assert_eq!(decode_quantity(&term), Some(("m2", middle, comparator)));
                for (low, high) in [(Some(low), Some(high)), (None, Some(high)), (Some(low), None)] {
                    let (from, to) = quantity_term_range("m2", low, high);
                    let is_between = low.is_none_or(|low| low <= middle)
                        && high.is_none_or(|high| middle <= high);
                    prop_assert!(!is_between || (from <= term && term < to));
                }
            }
        }
    }
}
