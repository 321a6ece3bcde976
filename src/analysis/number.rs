//! Normal form of numbers: 39,000 becomes 39000, and 3.9 times ten thousand becomes 39000 too.

/// Maximum length of a number in bytes. A longer run of digits is a code and stays a word.
const MAX_BYTES: usize = 40;

/// Whether a word, as UAX #29 delimits it, is a number: digits, with points and commas between them.
pub(super) fn is_number(word: &str) -> bool {
    word.len() <= MAX_BYTES
        && word.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Appends a number without its thousands separators to `out`. Other commas stay.
pub(super) fn push_normal(word: &str, out: &mut String) {
    let (integer, fraction) = word.split_once('.').unwrap_or((word, ""));
    let mut groups = integer.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if grouped && !fraction.contains(['.', ',']) {
        out.extend(word.chars().filter(|&c| c != ','));
    } else {
        out.push_str(word);
    }
}

/// Whether a term is a plain decimal number: digits, with at most one point between them.
pub(super) fn is_decimal(term: &str) -> bool {
    let (integer, fraction) = term.split_once('.').unwrap_or((term, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(integer) && is_digits(fraction)
}

/// Appends the exact decimal form of the number `word` times ten to the power of `zeros` to `out`. The decimal form has
/// no zeros at its ends.
pub(super) fn push_shifted(word: &str, zeros: usize, out: &mut String) {
    let mut normal = String::new();
    push_normal(word, &mut normal);
    let (integer, fraction) = normal.split_once('.').unwrap_or((&normal, ""));
    let shifted = fraction.chars().chain(std::iter::repeat('0')).take(zeros);
    let digits: String = integer.chars().chain(shifted).collect();
    let digits = digits.trim_start_matches('0');
    out.push_str(if digits.is_empty() { "0" } else { digits });
    let rest = fraction.get(zeros..).unwrap_or_default().trim_end_matches('0');
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_normal_form() {
        for (word, zeros, expected) in [
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
            let mut form = String::new();
            match zeros {
                Some(zeros) => push_shifted(word, zeros, &mut form),
                None => push_normal(word, &mut form),
            }
            assert_eq!(form, expected, "{word} {zeros:?}");
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
