//! Characters of a query text, with their escapes and their meaning as operators.

use crate::analysis::fold_char;

/// Character of a query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Whether a backslash before it makes it a literal character.
    pub(super) escaped: bool,
}

/// Returns the characters of a text without the backslashes that escape them. A backslash before a space
/// or at the end of the text has no effect.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let next = characters.next();
                letters.extend(next.map(|c| Letter { c, escaped: !c.is_whitespace() }));
            }
            c => letters.push(Letter { c, escaped: false }),
        }
    }
    letters
}

/// Returns the ASCII operator character of a letter, whether it is typed in half or full width; `\0` if
/// it is escaped. Question and exclamation marks of Chinese prose are not operators.
pub(super) fn operator(letter: Letter) -> char {
    match letter.c {
        _ if letter.escaped => '\0',
        '？' | '！' => '\0',
        '\u{3000}' => ' ',
        c => fold_char(c),
    }
}

/// Whether an operand can begin with the letter, so that a sign before it is an operator.
pub(super) fn starts_operand(letter: Letter) -> bool {
    let Letter { c, escaped } = letter;
    escaped
        || (c.is_alphanumeric() && !c.is_numeric())
        || opens_phrase(c)
        || matches!(operator(letter), '(' | '/' | '*')
}

/// Whether `c` opens a phrase.
pub(super) const fn opens_phrase(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«')
}

/// Whether `c` closes the phrase that `open` opens. Any double quote closes any other, since people mix
/// them; corner brackets and guillemets close with their own.
pub(super) const fn closes(open: char, c: char) -> bool {
    match open {
        '「' => c == '」',
        '『' => c == '』',
        '«' => c == '»',
        _ => matches!(c, '"' | '”' | '“' | '＂'),
    }
}

/// Whether a letter ends the word before it.
pub(super) fn ends_word(letter: Letter) -> bool {
    !letter.escaped
        && (letter.c.is_whitespace()
            || opens_phrase(letter.c)
            || matches!(operator(letter), '(' | ')'))
}
