//! Normal form of numbers: 39,000 and 3.9万 both become 39000.

use super::fold::fold_char;

/// Maximum length of a number in bytes. A longer run of digits is a code and stays a word.
const MAX_NUMBER_BYTES: usize = 40;

/// Whether a word by UAX #29 is a number: digits, possibly with points and commas between the digits.
pub(super) fn is_number(word: &str) -> bool {
    word.len() <= MAX_NUMBER_BYTES
        && word.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Appends a number without its thousands separators to `out`. Other commas stay.
pub(super) fn push_normal(word: &str, out: &mut String) {
    let (integer, fraction) = word.split_once('.').unwrap_or((word, ""));
    let mut groups = integer.split(',');
    let first_group = groups.next().unwrap_or_default();
    let has_separators =
        (1..=3).contains(&first_group.len()) && groups.all(|group| group.len() == 3);
    if has_separators && !fraction.contains(['.', ',']) {
        out.extend(word.chars().filter(|&c| c != ','));
    } else {
        out.push_str(word);
    }
}

/// Parses a multiplier such as 万 or " million". `after` is the text after a number. Returns the exponent of the
/// power of ten, and the length of the multiplier in bytes. `None` if `after` does not begin with a multiplier.
pub(super) fn parse_multiplier(after: &str) -> Option<(usize, usize)> {
    const ENGLISH_MULTIPLIERS: [(&str, usize); 4] =
        [("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)];
    let (mut zeros, mut bytes) = (0, 0);
    for c in after.chars().take(3) {
        match fold_char(c) {
            '百' => zeros += 2,
            '千' => zeros += 3,
            '万' => zeros += 4,
            '亿' => zeros += 8,
            _ => break,
        }
        bytes += c.len_utf8();
    }
    if zeros > 0 {
        return Some((zeros, bytes));
    }
    let word = after.strip_prefix([' ', '\u{A0}', '-'])?;
    let separator_bytes = after.len() - word.len();
    let word_end = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let word = word.get(..word_end)?;
    let multiplier = ENGLISH_MULTIPLIERS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    multiplier.map(|&(name, zeros)| (zeros, separator_bytes + name.len()))
}

/// Multiplies the number `word` by ten to the power of `zeros`, and appends the exact decimal form to `out`.
pub(super) fn push_multiplied(word: &str, zeros: usize, out: &mut String) {
    let mut plain_number = String::new();
    push_normal(word, &mut plain_number);
    let (integer, fraction) = plain_number.split_once('.').unwrap_or((&plain_number, ""));
    let shifted_digits = fraction.chars().chain(std::iter::repeat('0')).take(zeros);
    let digits: String = integer.chars().chain(shifted_digits).collect();
    let integer_digits = digits.trim_start_matches('0');
    out.push_str(if integer_digits.is_empty() { "0" } else { integer_digits });
    let remaining_fraction = fraction.get(zeros..).unwrap_or_default().trim_end_matches('0');
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
        let cases = [
            ("39,000", "", "39000"),
            ("1,000,000.5", "", "1000000.5"),
            ("1,2", "", "1,2"),
            ("3.9", "万", "39000"),
            ("2.25", " million cars", "2250000"),
            ("4.22", "亿元", "422000000"),
            ("1.23456", " thousand", "1234.56"),
            ("0.5", "千", "500"),
        ];
        for (word, after, expected) in cases {
            let mut form = String::new();
            match parse_multiplier(after) {
                Some((zeros, _)) => push_multiplied(word, zeros, &mut form),
                None => push_normal(word, &mut form),
            }
            assert_eq!(form, expected, "{word}{after}");
        }
    }
}
