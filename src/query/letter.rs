//! The characters of a query text, and what each may mean.

use crate::analysis::fold_char;

/// A character of the query, and whether a backslash makes it stand for itself.
pub(super) type Letter = (char, bool);

/// The characters of a text; a backslash makes the one after it stand for itself.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            // At the end it has nothing to stand before.
            '\\' => letters.extend(characters.next().map(|next| (next, !next.is_whitespace()))),
            c => letters.push((c, false)),
        }
    }
    letters
}

/// The ASCII character of an operator, whether typed in half or full width. Question and exclamation
/// marks of Chinese prose are none.
pub(super) fn operator((c, escaped): Letter) -> char {
    match c {
        _ if escaped => '\0',
        '？' | '！' => '\0',
        '\u{3000}' => ' ',
        c => fold_char(c),
    }
}

/// Whether a sign directly before a character applies to what begins with it.
pub(super) fn starts_operand(letter: Letter) -> bool {
    let (c, escaped) = letter;
    let number = c.is_numeric() && !escaped;
    escaped
        || (c.is_alphanumeric() && !number)
        || opens(c)
        || matches!(operator(letter), '(' | '/' | '*')
}

/// Whether a phrase begins with it.
pub(super) const fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«')
}

/// People mix the kinds of double quotes; corner brackets and guillemets close with their own.
pub(super) const fn closes(open: char, c: char) -> bool {
    match open {
        '「' => c == '」',
        '『' => c == '』',
        '«' => c == '»',
        _ => matches!(c, '"' | '”' | '“' | '＂'),
    }
}

/// Whether a character ends the word before it.
pub(super) fn ends_word(letter: Letter) -> bool {
    let (c, escaped) = letter;
    !escaped && (c.is_whitespace() || opens(c) || matches!(operator(letter), '(' | ')'))
}
