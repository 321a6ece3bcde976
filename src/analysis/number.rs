//! Converts numbers to a normal form: 39,000 becomes 39000, and 3.9 with the multiplier ten thousand also becomes
//! 39000.

/// Maximum length of a number in bytes. A longer run of digits is a code and stays a word.
const MAX_NUMBER_BYTES: usize = 40;

/// Returns whether a word by UAX #29 is a number: digits, possibly with points and commas between the digits.
pub(super) fn is_number(word: &str) -> bool {
    word.len() <= MAX_NUMBER_BYTES
        && word.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Appends a number to `out`, without the commas that separate thousands. Other commas stay.
pub(super) fn push_normal(word: &str, out: &mut String) {
    let (integer, fraction) = word.split_once('.').unwrap_or((word, ""));
    let mut groups = integer.split(',');
    let first_group = groups.next().unwrap_or_default();
    let has_thousands_separators =
        (1..=3).contains(&first_group.len()) && groups.all(|group| group.len() == 3);
    if has_thousands_separators && !fraction.contains(['.', ',']) {
        out.extend(word.chars().filter(|&c| c != ','));
    } else {
        out.push_str(word);
    }
}

/// Returns whether a term is a plain decimal number: digits, with at most one point between them.
pub(super) fn is_decimal(term: &str) -> bool {
    let (integer, fraction) = term.split_once('.').unwrap_or((term, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(integer) && is_digits(fraction)
}

/// Multiplies the number `word` by ten to the power of `exponent`, and appends the exact decimal form to `out`, without
/// leading zeros and without zeros at the end of the fraction.
pub(super) fn push_multiplied(word: &str, exponent: usize, out: &mut String) {
    let mut plain_number = String::new();
    push_normal(word, &mut plain_number);
    let (integer, fraction) = plain_number.split_once('.').unwrap_or((&plain_number, ""));
    let shifted_digits = fraction.chars().chain(std::iter::repeat('0')).take(exponent);
    let digits: String = integer.chars().chain(shifted_digits).collect();
    let integer_digits = digits.trim_start_matches('0');
    out.push_str(if integer_digits.is_empty() { "0" } else { integer_digits });
    let remaining_fraction = fraction.get(exponent..).unwrap_or_default().trim_end_matches('0');
    if !remaining_fraction.is_empty() {
        out.push('.');
        out.push_str(remaining_fraction);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_normal_form() {
        for (word, exponent, expected) in [
            ("39,000", None, "39000"),
            ("1,000,000.5", None, "1000000.5"),
            ("1,2", None, "1,2"),
            ("12.50", None, "12.50"),
            ("12.50", Some(0), "12.5"),
            ("6.0", Some(0), "6"),
            ("0.05", Some(0), "0.05"),
            ("3.9", Some(4), "39000"),
            ("4.22", Some(8), "422000000"),
            ("1.23456", Some(3), "1234.56"),
            ("0.5", Some(3), "500"),
        ] {
            let mut normal_form = String::new();
            match exponent {
                Some(exponent) => push_multiplied(word, exponent, &mut normal_form),
                None => push_normal(word, &mut normal_form),
            }
            assert_eq!(normal_form, expected, "{word} {exponent:?}");
        }
    }

    #[test]
    fn decimals_have_one_point() {
        for (term, expected) in [
            ("5", true),
            ("2.25", true),
            ("1.2.3", false),
            ("1,2", false),
            ("5.", false),
            ("", false),
        ] {
            assert_eq!(is_decimal(term), expected, "{term}");
        }
    }
}
