//! Characters of a query text: escapes and operator characters.

use crate::analysis::fold_char;

/// Character of a query text, after its escape is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Whether a backslash before the character makes it literal, so that it is no operator.
    pub(super) escaped: bool,
}

/// Returns the characters of a text without the backslashes that escape them. Drops a backslash before a space
/// or at the end of the text without escaping anything.
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

/// Returns the ASCII operator character for a letter in half or full width. Returns `\0` if the letter is
/// escaped. Full-width question and exclamation marks belong to Chinese prose and are not operators.
pub(super) fn operator(letter: Letter) -> char {
    match letter.c {
        _ if letter.escaped => '\0',
        '？' | '！' => '\0',
        '\u{3000}' => ' ',
        c => fold_char(c),
    }
}

/// Whether an operand can begin with the letter, so that a preceding `+` or `-` is an operator.
pub(super) fn starts_operand(letter: Letter) -> bool {
    let Letter { c, escaped } = letter;
    escaped
        || (c.is_alphanumeric() && !c.is_numeric())
        || opens_phrase(c)
        || matches!(operator(letter), '(' | '/' | '*')
}

/// Whether `c` is an opening quote of a phrase.
pub(super) const fn opens_phrase(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«')
}

/// Whether `c` closes a phrase that begins with the quote `open`. Any double quote closes any other double
/// quote, since people mix them. Corner brackets and guillemets need their own closing form.
pub(super) const fn closes(open: char, c: char) -> bool {
    match open {
        '「' => c == '」',
        '『' => c == '』',
        '«' => c == '»',
        _ => matches!(c, '"' | '”' | '“' | '＂'),
    }
}

/// Whether a letter ends the word that precedes it.
pub(super) fn ends_word(letter: Letter) -> bool {
    !letter.escaped
        && (letter.c.is_whitespace()
            || opens_phrase(letter.c)
            || matches!(operator(letter), '(' | ')'))
}
