//! Finds the numbers of a text with their exact values. Units are found later.

mod chinese;
mod digits;
mod english;
mod mixed;
mod model;
mod numerals;
mod share;
#[cfg(test)]
mod tests;

pub(super) use self::model::{ImpliedUnit, Notation, Number};
use self::model::{ScanResult, fraction_character};
pub(crate) use self::numerals::{integer_of_numerals, numerals_of_integer};
use super::{
    folded_text::{FoldedText, is_letter_of_spaced_script},
    unit::is_currency_code,
};

/// Returns the numbers of a text, in order. Characters that only look like a number (COVID-19, 3:50, 1.2.3, 21st) are
/// skipped.
pub(super) fn numbers(source: &FoldedText) -> Vec<Number> {
    numbers_between(source, 0, source.lowercase.len())
}

/// Returns the numbers that begin between two byte offsets of a text, in order. A word or a number begins at `start`.
pub(super) fn numbers_between(source: &FoldedText, start: usize, end: usize) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut offset = start;
    while let Some(c) = source.char_at(offset).filter(|_| offset < end) {
        let scan = if c.is_ascii_digit()
            || is_fraction_character(c)
            || begins_number_with_point(source, offset, c)
        {
            digits::scan(source, offset)
        } else if is_letter_of_spaced_script(c) {
            let letters = source.letters_at(offset);
            let end = offset + letters.len().max(c.len_utf8());
            english::scan(source, offset).unwrap_or_else(|| {
                ScanResult::no_number(end_of_word_with_digits(source, letters, end))
            })
        } else if chinese::may_begin(c) {
            chinese::scan(source, offset)
        } else {
            ScanResult::no_number(offset + c.len_utf8())
        };
        numbers.extend(scan.number);
        offset = scan.end.max(offset + c.len_utf8());
    }
    numbers
}

/// Returns whether a point at the byte `offset` begins a number without integer part: .05.
fn begins_number_with_point(source: &FoldedText, offset: usize, c: char) -> bool {
    c == '.'
        && source.text_after(offset + 1).starts_with(|c: char| c.is_ascii_digit())
        && source
            .char_before(offset)
            .is_none_or(|c| matches!(c, ' ' | '(' | '（' | '<' | '=' | '\u{A0}'))
}

/// Returns the byte offset at which a word ends that may have digits in it, such as COVID-19 and PM2.5. `letters` are
/// the first letters of the word, and `end` is the byte offset at which they end. Digits after the code of a currency
/// do not belong to the word.
fn end_of_word_with_digits(source: &FoldedText, letters: &str, end: usize) -> usize {
    let rest = source.text_after(end);
    let may_be_code =
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | '_' | '/'));
    if !may_be_code || is_currency_code(letters) {
        return end;
    }
    let is_code = rest.starts_with(|c: char| c.is_ascii_digit())
        || (letters.len() <= 12
            && rest
                .strip_prefix(['-', '–', '_', '/'])
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            && !matches!(letters, "mid" | "pre" | "post" | "to" | "and" | "over" | "under"));
    if !is_code {
        return end;
    }
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')))
        .unwrap_or(rest.len());
    let code = rest.get(..length).unwrap_or_default().trim_end_matches(['.', '-', '_', '/']);
    end + code.len()
}

/// Returns whether `c` is a character such as ½.
const fn is_fraction_character(c: char) -> bool {
    fraction_character(c).is_some()
}
