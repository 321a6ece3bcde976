//! Represents exact numbers as fractions of integers, so that no value is rounded.

use std::{cmp::Ordering, fmt, str::FromStr};

/// Largest numerator of a [`Value`]. This limit and [`MAX_DENOMINATOR`] keep every product within 128 bits.
const MAX_NUMERATOR: i128 = 10_i128.pow(25);
/// Largest denominator of a [`Value`].
const MAX_DENOMINATOR: i128 = 10_i128.pow(12);
/// Maximum number of digits of a number in a text.
const MAX_NUMBER_DIGITS: usize = 24;

/// Exact number: a fraction in lowest terms. Displayed as a decimal number if the decimal number is exact (`2.25`), and
/// otherwise as a fraction (`200/3`).
///
/// ```
/// use gz_search::fact::Value;
///
/// let value: Value = "12.50".parse().unwrap();
/// assert_eq!(value.to_string(), "12.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value {
    /// Numerator. Negative for a negative number.
    numerator: i128,
    /// Denominator, always positive.
    denominator: i128,
}

/// Error of parsing a [`Value`]: the text is not a decimal number or a fraction, or has more than 24 digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a number of at most 24 digits")]
pub struct ParseValueError {
    /// Text that is not a number.
    text: String,
}

impl Value {
    /// Returns the value of an integer.
    pub const fn integer(value: u32) -> Self {
        Self { numerator: value as i128, denominator: 1 }
    }

    /// Returns the fraction in lowest terms. `None` if the denominator is 0, or if the numerator or the denominator is
    /// too large.
    pub(super) fn fraction(numerator: i128, denominator: i128) -> Option<Self> {
        let divisor = greatest_common_divisor(numerator.checked_abs()?, denominator.checked_abs()?);
        if denominator == 0 || divisor == 0 {
            return None;
        }
        let sign = denominator.signum();
        let value = Self {
            numerator: sign * numerator / divisor,
            denominator: sign * denominator / divisor,
        };
        let is_bounded =
            value.numerator.abs() <= MAX_NUMERATOR && value.denominator <= MAX_DENOMINATOR;
        is_bounded.then_some(value)
    }

    /// Returns the value of a decimal number from its digits: `integer` holds those before the decimal point,
    /// `fraction` those after it. `None` if there are more than 24 digits, or more than 12 after the decimal point.
    pub(super) fn decimal(integer: &str, fraction: &str) -> Option<Self> {
        let fraction = fraction.trim_end_matches('0');
        if integer.len() + fraction.len() > MAX_NUMBER_DIGITS || integer.is_empty() {
            return None;
        }
        let exponent = u32::try_from(fraction.len()).ok()?;
        let digits = integer.bytes().chain(fraction.bytes());
        let numerator = digits.clone().try_fold(0_i128, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i128::from(byte - b'0'))
        })?;
        Self::fraction(numerator, 10_i128.checked_pow(exponent)?)
    }

    /// Returns the product of the value and a fraction. `None` if the product is too large.
    pub(super) fn times(self, numerator: i128, denominator: i128) -> Option<Self> {
        Self::fraction(
            self.numerator.checked_mul(numerator)?,
            self.denominator.checked_mul(denominator)?,
        )
    }

    /// Returns the sum of two values. `None` if the sum is too large.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::fraction(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    /// Returns numerator and denominator. The denominator is positive.
    pub(super) const fn numerator_and_denominator(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// Returns the value with the opposite sign.
    pub(super) const fn negated(self) -> Self {
        Self { numerator: -self.numerator, denominator: self.denominator }
    }

    /// Returns the integer. `None` if the value is negative, not an integer, or too large.
    pub fn to_integer(self) -> Option<u64> {
        (self.denominator == 1).then(|| u64::try_from(self.numerator).ok()).flatten()
    }

    /// Returns the nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

fn greatest_common_divisor(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        // The limits of numerators and denominators keep these products within 128 bits.
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { numerator, denominator } = *self;
        let exponent = (0..=12).find(|&exponent| 10_i128.pow(exponent) % denominator == 0);
        let Some(exponent) = exponent else { return write!(f, "{numerator}/{denominator}") };
        let power = 10_i128.pow(exponent);
        let digits = numerator.abs() * (power / denominator);
        let sign = if numerator < 0 { "-" } else { "" };
        write!(f, "{sign}{}", digits / power)?;
        if exponent > 0 {
            write!(f, ".{:0width$}", digits % power, width = exponent as usize)?;
        }
        Ok(())
    }
}

impl FromStr for Value {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let unsigned_text = text.strip_prefix('-').unwrap_or(text);
        let parse = || {
            if let Some((numerator, denominator)) = unsigned_text.split_once('/') {
                let numerator = Self::decimal(numerator, "")?;
                let denominator = Self::decimal(denominator, "")?;
                return Self::fraction(numerator.numerator, denominator.numerator);
            }
            let (integer, fraction) = unsigned_text.split_once('.').unwrap_or((unsigned_text, ""));
            Self::decimal(integer, fraction)
        };
        let value = parse().ok_or_else(|| ParseValueError { text: text.to_owned() })?;
        Ok(if unsigned_text.len() < text.len() { value.negated() } else { value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_and_print_in_one_form() {
        for (text, expected) in [
            ("0", "0"),
            ("12.50", "12.5"),
            ("0.1", "0.1"),
            ("200/3", "200/3"),
            ("4/8", "0.5"),
            ("-3.05", "-3.05"),
            ("1000000000000.000001", "1000000000000.000001"),
        ] {
            assert_eq!(text.parse::<Value>().unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "-", "1.2.3", "x", "1/0", "9999999999999999999999999"] {
            assert!(text.parse::<Value>().is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_ordered_exactly() {
        let value = |text: &str| text.parse::<Value>().unwrap();
        assert!(value("0.3") < value("1/3") && value("1/3") < value("0.333333333334"));
        assert_eq!(value("0.1").plus(value("0.2")), Some(value("0.3")));
        assert_eq!(value("2/3").times(3, 2), Some(value("1")));
    }
}
