//! Characters of a query text, escaped by a backslash or not, and their meaning as operators.

use crate::analysis::fold_char;

/// Character of a query text, without the backslash that escapes the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QueryChar {
    pub(super) c: char,
    /// Whether a backslash escapes the character, so that the character is never an operator.
    pub(super) is_escaped: bool,
}

/// Returns the characters of a text. A backslash is removed, and the character after it is marked as escaped. A
/// backslash before a space or at the end of the text has no effect.
pub(super) fn query_chars(text: &str) -> Vec<QueryChar> {
    let mut unescaped_chars = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let escaped_char = characters.next();
                unescaped_chars
                    .extend(escaped_char.map(|c| QueryChar { c, is_escaped: !c.is_whitespace() }));
            }
            c => unescaped_chars.push(QueryChar { c, is_escaped: false }),
        }
    }
    unescaped_chars
}

/// Returns the character as an ASCII operator, so that operators in full width also work. Returns `\0`, which is no
/// operator, for an escaped character. Also returns `\0` for full-width question and exclamation marks, since they
/// belong to Chinese prose.
pub(super) fn operator_char(character: QueryChar) -> char {
    match character.c {
        _ if character.is_escaped => '\0',
        '？' | '！' => '\0',
        '\u{3000}' => ' ',
        c => fold_char(c),
    }
}

/// Returns whether an operand of `+` or `-` can begin with the character.
pub(super) fn may_start_signed_operand(character: QueryChar) -> bool {
    let QueryChar { c, is_escaped } = character;
    is_escaped
        || (c.is_alphanumeric() && !c.is_numeric())
        || opens_phrase(c)
        || matches!(operator_char(character), '(' | '/' | '*')
}

/// Returns whether `c` is an opening quote of a phrase.
pub(super) const fn opens_phrase(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«')
}

/// Returns whether `c` closes a phrase that begins with the quote `open`. Any double quote closes a phrase that begins
/// with any other double quote, since people mix them. Corner brackets and guillemets need their own closing form.
pub(super) const fn closes_phrase(open: char, c: char) -> bool {
    match open {
        '「' => c == '」',
        '『' => c == '』',
        '«' => c == '»',
        _ => matches!(c, '"' | '”' | '“' | '＂'),
    }
}

/// Returns whether a word ends before this character.
pub(super) fn ends_word(character: QueryChar) -> bool {
    !character.is_escaped
        && (character.c.is_whitespace()
            || opens_phrase(character.c)
            || matches!(operator_char(character), '(' | ')'))
}
