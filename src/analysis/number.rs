//! Converts numbers to a normal form: 39,000 becomes 39000.

/// Maximum length of a number in bytes. A longer run of digits is a code and stays a word.
const MAX_NUMBER_BYTES: usize = 40;

/// Returns whether a word by UAX #29 is a number: digits, possibly with points and commas between the digits.
pub(super) fn is_number(word: &str) -> bool {
    word.len() <= MAX_NUMBER_BYTES
        && word.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Appends a number to `out`, without the commas that separate thousands. Other commas stay.
pub(super) fn push_normalized_number(word: &str, out: &mut String) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_normal_form() {
        for (word, expected) in
            [("39,000", "39000"), ("1,000,000.5", "1000000.5"), ("1,2", "1,2"), ("12.50", "12.50")]
        {
            let mut normal_form = String::new();
            push_normalized_number(word, &mut normal_form);
            assert_eq!(normal_form, expected, "{word}");
        }
    }
}
