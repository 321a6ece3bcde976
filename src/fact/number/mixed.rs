//! Reads mixed numbers, an integer with a fraction after it: "4-1/2", "4 1/2".

use super::digits::digit_count;
use crate::fact::value::Value;

/// Denominators of the fractions of mixed numbers.
const DENOMINATORS: [u32; 9] = [2, 3, 4, 5, 8, 10, 16, 32, 64];
/// Maximum number of digits of the integer of a mixed number.
const MAX_INTEGER_DIGITS: usize = 3;

/// Returns the fraction of a mixed number, and the byte length of the whole number. The first `length` bytes of `text`
/// are the integer. `None` if no fraction follows: "4/2", "4-1/2/2024", "2024 1/2".
pub(super) fn fraction_of_mixed_number(text: &str, length: usize) -> Option<(Value, usize)> {
    let rest = text.get(length..)?;
    let fraction = rest.strip_prefix(['-', ' ', '\u{A0}'])?;
    let numerator = fraction.get(..digit_count(fraction))?;
    let after_slash = fraction.get(numerator.len()..)?.strip_prefix('/')?;
    let denominator = after_slash.get(..digit_count(after_slash))?;
    let after = after_slash.get(denominator.len()..)?;
    let (over, under): (u32, u32) = (numerator.parse().ok()?, denominator.parse().ok()?);
    let is_integer = length <= MAX_INTEGER_DIGITS && text.get(..length)?.parse::<u32>().is_ok();
    let is_mixed = is_integer
        && (1..under).contains(&over)
        && DENOMINATORS.contains(&under)
        && !after.starts_with(|c: char| c == '/' || c.is_alphanumeric());
    let value = Value::fraction(i128::from(over), i128::from(under))?;
    is_mixed.then(|| (value, text.len() - after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_after_an_integer_belongs_to_it() {
        for (text, length, expected) in [
            ("4-1/4 percent", 1, Some(("0.25", 5))),
            ("5 1/2 percent", 1, Some(("0.5", 5))),
            ("12 3/4", 2, Some(("0.75", 6))),
            ("4-1/2/2024", 1, None),
            ("4 5/4", 1, None),
            ("2024 1/2", 4, None),
            ("4/2", 1, None),
            ("4.5-1/2", 3, None),
            ("7 6/7", 1, None),
        ] {
            let printed = fraction_of_mixed_number(text, length)
                .map(|(value, length)| (value.to_string(), length));
            let expected = expected.map(|(value, length)| (value.to_owned(), length));
            assert_eq!(printed, expected, "{text}");
        }
    }
}
