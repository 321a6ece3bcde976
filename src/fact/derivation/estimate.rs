//! Computes with numbers that a text has rounded, as intervals.

use crate::fact::{change::Change, comparator::Comparator, quantity::Quantity};

/// Relative error of a number with "about" and of a fraction in words ("one third"). No other number in words has a
/// larger relative error.
const ROUGH_RELATIVE_ERROR: f64 = 0.1;
/// An integer with at least this number of zeros at its end counts as rounded. Its last exact digit is then the first
/// of these zeros: 1,250,000 is exact to 1,000.
const MIN_ZEROS_OF_ROUNDED_INTEGER: usize = 3;

/// Value of a rounded figure, with the lowest and the highest number that the figure may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// Lowest number that the figure may stand for.
    pub(super) low: f64,
    /// Value of the figure, regardless of rounding.
    pub(super) value: f64,
    /// Highest number that the figure may stand for.
    pub(super) high: f64,
}

impl Estimate {
    /// Returns the estimate of a quantity from which a derived quantity is computed. `None` if the text gives only a
    /// bound or an approximation, or if the value is not positive.
    pub(super) fn of_operand(quantity: &Quantity, text: &str) -> Option<Self> {
        let estimate = Self::of_written_number(quantity, text);
        (quantity.comparator == Comparator::Equal && estimate.low > 0.0).then_some(estimate)
    }

    /// Returns the estimate of a derived quantity as the text states it. The estimate has no upper end for "more than"
    /// and no lower end for "less than", and is wider for "about" and "nearly". The estimate of a decrease is negative.
    pub(super) fn of_statement(quantity: &Quantity, text: &str) -> Self {
        let Self { low, value, high } = Self::of_written_number(quantity, text);
        let rough_error = value.abs() * ROUGH_RELATIVE_ERROR;
        let estimate = match quantity.comparator {
            Comparator::Equal => Self { low, value, high },
            Comparator::MoreThan | Comparator::AtLeast => Self { low, value, high: f64::INFINITY },
            Comparator::LessThan | Comparator::AtMost => {
                Self { low: f64::NEG_INFINITY, value, high }
            }
            _ => Self { low: low - rough_error, value, high: high + rough_error },
        };
        if quantity.change == Some(Change::Decrease) { estimate.negated() } else { estimate }
    }

    /// Returns the estimate of a quantity in the base unit, from its number as the text writes it, regardless of the
    /// comparator. The ends of the estimate differ from the value by half of a unit of the last digit.
    fn of_written_number(quantity: &Quantity, text: &str) -> Self {
        let value = quantity.in_base_unit().map_or(quantity.value, |(_, value)| value).to_f64();
        let number = quantity.span.of(text);
        let half = value.abs() * relative_rounding_error(number, &quantity.value.to_string());
        Self { low: value - half, value, high: value + half }
    }

    /// Returns the estimate of the number with the opposite sign.
    pub(super) const fn negated(self) -> Self {
        Self { low: -self.high, value: -self.value, high: -self.low }
    }

    /// Returns the estimate of the quotient of two positive numbers.
    pub(super) fn divided_by(self, divisor: Self) -> Self {
        Self {
            low: self.low / divisor.high,
            value: self.value / divisor.value,
            high: self.high / divisor.low,
        }
    }

    /// Returns the estimate of the product of two positive numbers.
    pub(super) fn times(self, other: Self) -> Self {
        Self {
            low: self.low * other.low,
            value: self.value * other.value,
            high: self.high * other.high,
        }
    }

    /// Returns the estimate of the difference of two numbers.
    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            low: self.low - other.high,
            value: self.value - other.value,
            high: self.high - other.low,
        }
    }

    /// Returns the estimate of `factor * x + summand`, where `x` is the number of this estimate. `factor` is positive.
    pub(super) fn scaled_and_shifted(self, factor: f64, summand: f64) -> Self {
        let scale = |number: f64| number.mul_add(factor, summand);
        Self { low: scale(self.low), value: scale(self.value), high: scale(self.high) }
    }

    /// Returns whether the two intervals have a number in common, apart from errors of floating-point numbers.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let slack = 1e-9 * (1.0 + self.value.abs());
        self.low <= other.high + slack && other.low <= self.high + slack
    }
}

/// Returns half of a unit of the last digit of a number, divided by the number: 0.005 / 3.53 for "3.53 million".
/// `number` is the text of the number. For a number in words, takes the digits of `value` without zeros at the end:
/// 0.5 / 353 for 三百五十三万.
fn relative_rounding_error(number: &str, value: &str) -> f64 {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let Some(start) = number.find(is_digit) else { return relative_rounding_error_of_words(value) };
    let digits = number.get(start..).unwrap_or_default();
    let length = digits
        .find(|c: char| !is_digit(c) && !matches!(c, '.' | ',' | '，' | '．' | ' ' | '\u{A0}'))
        .unwrap_or(digits.len());
    let digits = digits.get(..length).unwrap_or_default();
    let digits = digits.trim_end_matches(|c: char| !is_digit(c)).replace('．', ".");
    let (integer, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let all: Vec<u32> = integer.chars().chain(fraction.chars()).filter_map(digit_value).collect();
    let mantissa = all.iter().fold(0.0, |number, &digit| 10.0 * number + f64::from(digit));
    let zeros = all.iter().rev().take_while(|&&digit| digit == 0).count();
    let is_round = fraction.is_empty() && zeros >= MIN_ZEROS_OF_ROUNDED_INTEGER;
    let unit = if is_round { (1..zeros).fold(1.0, |unit, _| 10.0 * unit) } else { 1.0 };
    if mantissa > 0.0 { 0.5 * unit / mantissa } else { ROUGH_RELATIVE_ERROR }
}

/// Returns the relative error of a number in words: half of a unit of the last digit other than 0, divided by the
/// number. For "two hundred fifty", it is 5 / 250. For a fraction such as `200/3`, it is [`ROUGH_RELATIVE_ERROR`].
fn relative_rounding_error_of_words(value: &str) -> f64 {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let mantissa = digits.chars().fold(0.0, |number, digit| {
        10.0 * number + f64::from(digit.to_digit(10).unwrap_or_default())
    });
    if value.contains('/') || mantissa < 1.0 {
        ROUGH_RELATIVE_ERROR
    } else {
        ROUGH_RELATIVE_ERROR.min(0.5 / mantissa)
    }
}

/// Returns the value of an ASCII or full-width digit. `None` if `c` is not a digit.
fn digit_value(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| ('０'..='９').contains(&c).then(|| u32::from(c) - u32::from('０')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_exact_as_they_are_written() {
        for (number, value, expected) in [
            ("3.53 million", "3530000", 0.005 / 3.53),
            ("19.5%", "19.5", 0.05 / 19.5),
            ("30%", "30", 0.5 / 30.0),
            ("$1,609", "1609", 0.5 / 1609.0),
            ("1 250 000", "1250000", 500.0 / 1_250_000.0),
            ("1.20万亿元", "1200000000000", 0.005 / 1.2),
            ("３．５万", "35000", 0.05 / 3.5),
            ("三百五十三万", "3530000", 0.5 / 353.0),
            ("百分之五十五点三", "55.3", 0.5 / 553.0),
            ("one third", "100/3", ROUGH_RELATIVE_ERROR),
            ("doubled", "2", ROUGH_RELATIVE_ERROR),
        ] {
            let half = relative_rounding_error(number, value);
            assert!((half - expected).abs() < 1e-12, "{number}: {half} {expected}");
        }
    }
}
