//! Escapes words, wildcard patterns and phrases as query text that parses to an equal clause.

use std::borrow::Cow;

use super::{
    Clause,
    chars::{closes_phrase, may_start_signed_operand, query_chars},
    lex::{LexToken, SourceToken, tokens},
};
use crate::document::{DeclaredFields, FieldName};

/// Returns query text that parses to the word `word`. Adds backslashes only if `word` as it is would parse to another
/// clause.
pub(super) fn escape_word(word: &str) -> Cow<'_, str> {
    let mut notes = Vec::new();
    let lexed_tokens = tokens(word, &DeclaredFields::default(), &mut notes);
    if notes.is_empty()
        && !may_be_field_with_value(word)
        && is_lexed_as_single_clause(&lexed_tokens, &Clause::Words(word.to_owned()))
    {
        return Cow::Borrowed(word);
    }
    Cow::Owned(escape_with_backslashes(word, |_| true))
}

/// Returns query text that parses to the word `word` if a tilde or `^` is appended. Escapes a word such as `desk:`,
/// because the appended character would become the value of the field `desk`.
pub(super) fn escape_word_before_sign(word: &str) -> Cow<'_, str> {
    if may_be_field_with_value(&format!("{word}~")) {
        return Cow::Owned(escape_with_backslashes(word, |_| true));
    }
    escape_word(word)
}

/// Returns query text that parses to a [`Clause::Wildcard`] with this pattern.
pub(super) fn escape_wildcard(pattern: &str) -> Cow<'_, str> {
    let mut notes = Vec::new();
    let lexed_tokens = tokens(pattern, &DeclaredFields::default(), &mut notes);
    if notes.is_empty()
        && !may_be_field_with_value(pattern)
        && is_lexed_as_single_clause(&lexed_tokens, &Clause::Wildcard(pattern.to_owned()))
    {
        return Cow::Borrowed(pattern);
    }
    Cow::Owned(escape_with_backslashes(pattern, |c| !matches!(c, '*' | '?')))
}

/// Returns whether a word is the name of a field that an index may declare, a colon, and a value. Returns `false` for a
/// web address.
fn may_be_field_with_value(word: &str) -> bool {
    let parts = word.split_once([':', '：']);
    parts.is_some_and(|(key, value)| {
        !value.is_empty() && !value.starts_with("//") && FieldName::from_key(key).is_some()
    })
}

/// Returns whether `lexed_tokens` consists of exactly one token, and this token is `clause`.
fn is_lexed_as_single_clause(lexed_tokens: &[SourceToken], clause: &Clause) -> bool {
    matches!(lexed_tokens, [SourceToken { token: LexToken::Atom(atom), .. }] if atom == clause)
}

/// Returns `word` with a backslash before the first character and before every character that is not a letter or
/// digit. Adds no backslash before a character for which `needs_escape` is false.
fn escape_with_backslashes(word: &str, needs_escape: impl Fn(char) -> bool) -> String {
    let mut escaped_word = String::with_capacity(word.len() + 2);
    for (index, c) in word.chars().enumerate() {
        if needs_escape(c) && (index == 0 || !c.is_alphanumeric()) {
            escaped_word.push('\\');
        }
        escaped_word.push(c);
    }
    escaped_word
}

/// Escapes `text` for use between quotes: adds a backslash before each double quote and each backslash.
pub(super) fn escape_text_between_quotes(text: &str) -> String {
    let mut escaped_text = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || closes_phrase('"', c) {
            escaped_text.push('\\');
        }
        escaped_text.push(c);
    }
    escaped_text
}

/// Returns whether a `+` directly before `text` is read as an operator.
pub(super) fn makes_preceding_plus_an_operator(text: &str) -> bool {
    query_chars(text).first().is_some_and(|&character| may_start_signed_operand(character))
}
