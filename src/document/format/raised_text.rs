//! Decides what raised text (superscript) means, by the text before it.

use crate::script::is_han;

/// Units and symbols that take an exponent, besides single letters.
const UNITS_WITH_EXPONENT: [&str; 10] =
    ["km", "cm", "mm", "dm", "nm", "µm", "ft", "in", "mi", "yd"];
/// Maximum length of the mark of a footnote, in characters.
pub(super) const MAX_FOOTNOTE_MARK_CHARS: usize = 12;

/// Meaning of raised text (superscript).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum RaisedText {
    /// Exponent of a number or a unit, such as `2` in km².
    Exponent,
    /// Mark of a footnote. Left out, because it would change the number or word before it.
    NoteMark,
    /// Ordinary text, such as `th` in 5th.
    #[default]
    Plain,
}

impl RaisedText {
    /// Returns the meaning of the raised text `raised` directly after `before`.
    pub(super) fn classify(before: &str, raised: &str) -> Self {
        if before.chars().next_back().is_none_or(char::is_whitespace) {
            return Self::Plain;
        }
        let raised = raised.trim();
        let digits = raised.trim_start_matches(['+', '-', '−', '–']);
        let is_exponent =
            (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_exponent && (digits != raised || ends_with_base_of_exponent(before)) {
            return Self::Exponent;
        }
        let is_mark = !raised.is_empty()
            && raised.chars().count() <= MAX_FOOTNOTE_MARK_CHARS
            && raised.chars().all(|c| c.is_ascii_digit() || " ,;[]()（）*†‡§¶-–".contains(c));
        if is_mark { Self::NoteMark } else { Self::Plain }
    }
}

/// Returns the superscript form of a digit or a sign, such as `²` for `2`. Returns any other character unchanged.
pub(super) const fn superscript(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' | '–' => '⁻',
        _ => c,
    }
}

/// Returns whether `text` ends with the number 10, a unit of length or a symbol of one letter.
fn ends_with_base_of_exponent(text: &str) -> bool {
    let is_symbol = |c: char| c.is_ascii_alphabetic() || matches!(c, 'Α'..='Ω' | 'α'..='ω' | 'µ');
    let word_start = text.trim_end_matches(|c: char| is_symbol(c) || c.is_ascii_digit()).len();
    let (rest, word) = text.split_at(word_start);
    if word == "10" {
        return !rest.ends_with(['$', '€', '£', '¥', '.', ',']);
    }
    // A unit may directly follow its number: 30km.
    let symbol = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_letter = symbol.chars().count() == 1 && symbol.chars().all(is_symbol);
    // The ending of a word with other letters, as in née, is no symbol.
    let ends_word = rest.ends_with(|c: char| c.is_alphabetic() && !is_han(c));
    is_letter && !ends_word || UNITS_WITH_EXPONENT.contains(&symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_text_is_an_exponent_a_mark_or_text() {
        for (before, raised, expected) in [
            ("5 x 10", "6", RaisedText::Exponent),
            ("10", "-6", RaisedText::Exponent),
            ("30 km", "2", RaisedText::Exponent),
            ("30m", "3", RaisedText::Exponent),
            ("kg ha", "−1", RaisedText::Exponent),
            ("和 Pearson χ", "2", RaisedText::Exponent),
            ("检验χ", "2", RaisedText::Exponent),
            ("the Coupé", "2", RaisedText::NoteMark),
            ("cost $10", "2", RaisedText::NoteMark),
            ("2024.", "1", RaisedText::NoteMark),
            ("30%", "[2]", RaisedText::NoteMark),
            ("250 million tonnes", "1, 2", RaisedText::NoteMark),
            ("目标", "*", RaisedText::NoteMark),
            ("the 5", "th", RaisedText::Plain),
            ("", "1", RaisedText::Plain),
            ("of ", "137", RaisedText::Plain),
        ] {
            assert_eq!(RaisedText::classify(before, raised), expected, "{before}^{raised}");
        }
    }
}
