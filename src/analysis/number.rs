//! Normal form of numbers: 39,000 and 3.9万 both become 39000.

use super::fold::fold_char;

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

/// Parses a multiplier such as 万 or " million" at the start of the text `after` a number. Returns the exponent
/// of the power of ten, and the length of the multiplier in bytes. `None` if the text does not begin with a
/// multiplier.
pub(super) fn multiplier(after: &str) -> Option<(usize, usize)> {
    const WORDS: [(&str, usize); 4] =
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
    let space = after.len() - word.len();
    let end = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let word = word.get(..end)?;
    let multiplier = WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    multiplier.map(|&(name, zeros)| (zeros, space + name.len()))
}

/// Appends the exact decimal form of the number `word` times ten to the power of `zeros` to `out`.
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
            match multiplier(after) {
                Some((zeros, _)) => push_shifted(word, zeros, &mut form),
                None => push_normal(word, &mut form),
            }
            assert_eq!(form, expected, "{word}{after}");
        }
    }
}
