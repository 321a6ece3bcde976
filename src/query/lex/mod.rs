//! Lexer: splits query text into tokens of the query language. An operator in a position where no operator can
//! be is a word.

mod word;

use std::fmt;

use super::{
    Clause, Field, Note, NoteKind, Occur,
    letter::{Letter, closes, ends_word, letters, opens_phrase, operator, starts_operand},
};

/// Maximum distance of NEAR and maximum slop of a phrase, in words. Less than the position gap that the index
/// leaves between texts, so that no match extends from a heading into the text.
pub(crate) const MAX_DISTANCE: u32 = 50;
const _: () = assert!(MAX_DISTANCE < crate::index::GAP_POSITIONS);
/// Distance of a `NEAR` without a number, in words.
const DEFAULT_DISTANCE: u32 = 10;
/// Maximum boost factor of a clause.
const MAX_BOOST: f32 = 1_000.0;
/// Maximum length of a regular expression in characters. A longer regular expression is searched as words.
const MAX_REGEX_CHARS: usize = 200;

/// Token with its source text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexed {
    pub(super) token: LexToken,
    pub(super) source: String,
}

/// Token of the query language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LexToken {
    Open,
    Close,
    And,
    Or,
    Near(u32),
    Same,
    /// Sign before an operand: `+`, `-` or `!` with no space after it, or `NOT`.
    Sign(Occur),
    /// Field name or `any` with its colon, directly before an operand.
    Prefix(Prefix),
    /// Boost directly after an operand.
    Boost(f32),
    /// Word, phrase, pattern or period.
    Atom(Clause),
}

/// Name with a colon, directly before an operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Prefix {
    /// Name of a field.
    Field(Field),
    /// `any:`, before words of which one suffices.
    Any,
}

impl Prefix {
    /// Returns the clause of the prefix and its operand.
    pub(super) fn clause(self, operand: Clause) -> Clause {
        match self {
            Self::Field(field) => Clause::In(field, Box::new(operand)),
            Self::Any => Clause::Any(Box::new(operand)),
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Any => f.write_str("any"),
        }
    }
}

/// Returns the tokens of `text`. Adds a note for each piece of text that is not valid as written.
pub(super) fn tokens(text: &str, notes: &mut Vec<Note>) -> Vec<Lexed> {
    let mut lexer = Lexer { letters: letters(text), index: 0, tokens: Vec::new(), notes };
    while lexer.index < lexer.letters.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'n> {
    letters: Vec<Letter>,
    /// Index of the next letter.
    index: usize,
    tokens: Vec<Lexed>,
    notes: &'n mut Vec<Note>,
}

impl Lexer<'_> {
    /// Reads the next token, or skips one space.
    fn next(&mut self) {
        let Some(letter) = self.peek(0) else { return };
        let symbol = operator(letter);
        if letter.c.is_whitespace() && !letter.escaped || symbol == ' ' {
            self.index += 1;
        } else if symbol == '(' {
            self.push(LexToken::Open, 1);
        } else if symbol == ')' {
            self.push(LexToken::Close, 1);
            self.boost();
        } else if opens_phrase(letter.c) && !letter.escaped {
            self.phrase(letter.c);
        } else {
            let is_operator = match symbol {
                '+' | '-' | '!' => self.sign(symbol),
                '/' => self.regex(),
                _ => false,
            };
            if !is_operator {
                self.word();
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<Letter> {
        self.letters.get(self.index + ahead).copied()
    }

    /// Returns the operator character of the letter that is `ahead` letters after the next letter. Returns a
    /// space past the end of the text.
    fn operator_at(&self, ahead: usize) -> char {
        self.peek(ahead).map_or(' ', operator)
    }

    /// Whether a word ends before the letter that is `ahead` letters after the next letter.
    fn word_ends_at(&self, ahead: usize) -> bool {
        self.peek(ahead).is_none_or(ends_word)
    }

    /// Adds a token whose source text is the next `length` letters.
    fn push(&mut self, token: LexToken, length: usize) {
        let source: String =
            self.letters.iter().skip(self.index).take(length).map(|letter| letter.c).collect();
        self.index += length;
        self.tokens.push(Lexed { token, source });
    }

    fn note(&mut self, kind: NoteKind, message: impl Into<String>) {
        self.notes.push(Note::new(kind, message));
    }

    /// Reads a sign if an operand follows it without a space. Returns whether a sign was read.
    fn sign(&mut self, symbol: char) -> bool {
        let Some(next) = self.peek(1) else { return false };
        if next.c.is_numeric() && symbol != '!' {
            let instead = if symbol == '+' { "AND to require it" } else { "NOT to leave it out" };
            self.note(
                NoteKind::Repaired,
                format!("{symbol} before a number is its sign, not an operator: use {instead}"),
            );
        }
        let occur = if symbol == '+' { Occur::Must } else { Occur::MustNot };
        let applies = starts_operand(next);
        if applies {
            self.push(LexToken::Sign(occur), 1);
        }
        applies
    }

    /// Reads a regular expression `/…/` if it contains no space and a word can end after it. Returns whether a
    /// regular expression was read.
    fn regex(&mut self) -> bool {
        let rest = self.letters.get(self.index + 1..).unwrap_or_default();
        let Some(length) = rest.iter().position(|&letter| operator(letter) == '/') else {
            return false;
        };
        let pattern = rest.get(..length).unwrap_or_default();
        let bounded = self.word_ends_at(length + 2) || self.operator_at(length + 2) == '^';
        if pattern.is_empty() || !bounded || pattern.iter().any(|letter| letter.c.is_whitespace()) {
            return false;
        }
        let mut text = String::new();
        for &Letter { c, escaped } in pattern {
            text.push_str(if escaped { "\\" } else { "" });
            text.push(c);
        }
        if pattern.len() > MAX_REGEX_CHARS {
            self.note(
                NoteKind::Repaired,
                format!("a regular expression has at most {MAX_REGEX_CHARS} characters: searched as words"),
            );
            return false;
        }
        self.push(LexToken::Atom(Clause::Regex(text)), length + 2);
        self.boost();
        true
    }

    /// Reads a phrase that begins with the quote `open`, with its `~N` and `^N`.
    fn phrase(&mut self, open: char) {
        let rest = self.letters.get(self.index + 1..).unwrap_or_default();
        let close = rest.iter().position(|letter| !letter.escaped && closes(open, letter.c));
        let Some(length) = close else {
            self.note(
                NoteKind::Repaired,
                format!("the quote {open} is never closed: searched for the words after it"),
            );
            self.index += 1;
            return;
        };
        let text: String = rest.iter().take(length).map(|letter| letter.c).collect();
        let text = text.trim();
        let clause = if text.chars().any(char::is_alphanumeric) {
            Clause::Phrase { text: text.to_owned(), slop: 0 }
        } else {
            self.note(NoteKind::Ignored, "empty quotes: left out");
            Clause::Nothing
        };
        self.push(LexToken::Atom(clause), length + 2);
        self.slop();
        if self.operator_at(0) == '*' && self.word_ends_at(1) {
            self.note(NoteKind::Ignored, "* after a phrase: left out");
            self.index += 1;
        }
        self.boost();
    }

    /// Reads `~N` after a phrase.
    fn slop(&mut self) {
        if self.operator_at(0) != '~' {
            return;
        }
        let digits = self.digits(1);
        self.index += 1 + digits.chars().count();
        let Some(Lexed { token: LexToken::Atom(Clause::Phrase { slop, .. }), .. }) =
            self.tokens.last_mut()
        else {
            return;
        };
        let Ok(words) = digits.parse::<u32>() else {
            self.note(NoteKind::Ignored, "~ after a phrase needs a number of words: left out");
            return;
        };
        *slop = words.min(MAX_DISTANCE);
        if words > MAX_DISTANCE {
            self.note(
                NoteKind::Truncated,
                format!("~{digits} after a phrase: read as ~{MAX_DISTANCE}, the maximum"),
            );
        }
    }

    /// Returns the ASCII digits, at most 9, that begin `ahead` letters after the next letter.
    fn digits(&self, ahead: usize) -> String {
        let rest = self.letters.get(self.index + ahead..).unwrap_or_default();
        let digits = rest.iter().map(|&letter| operator(letter));
        digits.take_while(char::is_ascii_digit).take(9).collect()
    }

    /// Reads `^N` after a phrase, a regular expression or a parenthesis.
    fn boost(&mut self) {
        if self.operator_at(0) != '^' {
            return;
        }
        let rest = self.letters.get(self.index..).unwrap_or_default();
        let length = rest.iter().position(|&letter| ends_word(letter)).unwrap_or(rest.len());
        let source: String = rest.iter().take(length).map(|&letter| operator(letter)).collect();
        if let Some(factor) = factor(&source, self.notes) {
            self.push(LexToken::Boost(factor), length);
            return;
        }
        self.note(
            NoteKind::Ignored,
            format!("{source} is not a boost such as ^2 or ^0.5: left out"),
        );
        self.index += length;
    }
}

/// Parses a boost such as `^2`, and limits the factor to [`MAX_BOOST`]. `None` if no number follows the `^`.
fn factor(source: &str, notes: &mut Vec<Note>) -> Option<f32> {
    let digits = source.strip_prefix('^')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let factor: f32 = digits.parse().ok().filter(|_| plain)?;
    if factor > MAX_BOOST {
        notes.push(Note::new(
            NoteKind::Truncated,
            format!("{source}: read as ^{MAX_BOOST}, the maximum boost"),
        ));
    }
    Some(factor.min(MAX_BOOST))
}
