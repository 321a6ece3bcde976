//! Escapes words, wildcards and phrases as query text that parses to an equal clause.

use std::borrow::Cow;

use super::{
    Clause,
    letter::{closes, letters, starts_operand},
    lex::{Lexed, Token, tokens},
};

/// Returns query text for `word`: `word` unchanged if it parses to that word, or `word` with backslashes.
pub(super) fn escaped(word: &str) -> Cow<'_, str> {
    let mut notes = Vec::new();
    let lexed = tokens(word, &mut notes);
    if notes.is_empty() && is_just(&lexed, &Clause::Words(word.to_owned())) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(backslashed(word, |_| true))
}

/// Returns query text for the pattern of a [`Clause::Wildcard`].
pub(super) fn escaped_wildcard(pattern: &str) -> Cow<'_, str> {
    let mut notes = Vec::new();
    let lexed = tokens(pattern, &mut notes);
    if notes.is_empty() && is_just(&lexed, &Clause::Wildcard(pattern.to_owned())) {
        return Cow::Borrowed(pattern);
    }
    Cow::Owned(backslashed(pattern, |c| !matches!(c, '*' | '?')))
}

/// Whether `lexed` consists of exactly one token, which is `clause`.
fn is_just(lexed: &[Lexed], clause: &Clause) -> bool {
    matches!(lexed, [Lexed { token: Token::Atom(atom), .. }] if atom == clause)
}

/// Returns `word` with a backslash before the first character and before every character that is not
/// alphanumeric. Adds no backslash before characters for which `literal` is false.
fn backslashed(word: &str, literal: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(word.len() + 2);
    for (index, c) in word.chars().enumerate() {
        if literal(c) && (index == 0 || !c.is_alphanumeric()) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

/// Returns the text of a phrase with backslashes before its quotes and backslashes.
pub(super) fn escaped_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || closes('"', c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Whether a `+` directly before `text` is an operator.
pub(super) fn may_follow_sign(text: &str) -> bool {
    letters(text).first().is_some_and(|&letter| starts_operand(letter))
}
