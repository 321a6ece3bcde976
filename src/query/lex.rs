//! Query text → tokens of the query language. What looks like an operator and is none is a word.

use super::{
    Clause, Field, Note, NoteKind, Period, Sign,
    letter::{Letter, closes, ends_word, letters, opens, operator, starts_operand},
};
use crate::analysis::fold_char;

/// A larger distance than the engine keeps texts apart would cross from heading to text.
pub(crate) const MAX_DISTANCE: u32 = 50;
const _: () = assert!(MAX_DISTANCE < crate::index::GAP_POSITIONS);
/// What `NEAR` without a number means.
const DEFAULT_DISTANCE: u32 = 10;
/// A clause cannot count more than that.
const MAX_BOOST: f32 = 1_000.0;
/// Longer regular expressions are searched as words.
const MAX_REGEX_CHARS: usize = 200;

/// A token, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) written: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Near(u32),
    Same,
    /// Directly before what it applies to; NOT may stand alone.
    Sign(Sign),
    /// Directly before what it applies to.
    Field(Field),
    /// Directly after what it applies to.
    Boost(f32),
    /// A word, a phrase, a pattern, dates.
    Atom(Clause),
}

/// The tokens of `text`, and what could not be read as it was written.
pub(super) fn tokens(text: &str, notes: &mut Vec<Note>) -> Vec<Lexed> {
    let mut lexer = Lexer { letters: letters(text), at: 0, tokens: Vec::new(), notes };
    while lexer.at < lexer.letters.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'n> {
    letters: Vec<Letter>,
    at: usize,
    tokens: Vec<Lexed>,
    notes: &'n mut Vec<Note>,
}

impl Lexer<'_> {
    fn next(&mut self) {
        let Some(letter) = self.peek(0) else { return };
        let mark = operator(letter);
        if letter.0.is_whitespace() && !letter.1 || mark == ' ' {
            self.at += 1;
        } else if mark == '(' {
            self.push(Token::Open, 1);
        } else if mark == ')' {
            self.push(Token::Close, 1);
            self.boost();
        } else if opens(letter.0) && !letter.1 {
            self.phrase(letter.0);
        } else {
            let read = match mark {
                '+' | '-' | '!' => self.sign(mark),
                '/' => self.regex(),
                _ => false,
            };
            if !read {
                self.word();
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<Letter> {
        self.letters.get(self.at + ahead).copied()
    }

    fn mark(&self, ahead: usize) -> char {
        self.peek(ahead).map_or(' ', operator)
    }

    /// Whether what stands `ahead` ends a word.
    fn ends(&self, ahead: usize) -> bool {
        self.peek(ahead).is_none_or(ends_word)
    }

    fn push(&mut self, token: Token, length: usize) {
        let written: String =
            self.letters.iter().skip(self.at).take(length).map(|(c, _)| *c).collect();
        self.at += length;
        self.tokens.push(Lexed { token, written });
    }

    fn note(&mut self, kind: NoteKind, message: impl Into<String>) {
        self.notes.push(Note::new(kind, message));
    }

    /// A sign, if something follows it directly.
    fn sign(&mut self, mark: char) -> bool {
        let Some(next) = self.peek(1) else { return false };
        if next.0.is_numeric() && mark != '!' {
            let instead = if mark == '+' { "AND to require it" } else { "NOT to leave it out" };
            self.note(
                NoteKind::Repaired,
                format!("{mark} before a number is its sign, not an operator: use {instead}"),
            );
        }
        let sign = if mark == '+' { Sign::Must } else { Sign::Not };
        let applies = starts_operand(next);
        if applies {
            self.push(Token::Sign(sign), 1);
        }
        applies
    }

    /// `/…/`, if it is closed where a word would end and holds no space.
    fn regex(&mut self) -> bool {
        let rest = self.letters.get(self.at + 1..).unwrap_or_default();
        let Some(length) = rest.iter().position(|&letter| operator(letter) == '/') else {
            return false;
        };
        let inner = rest.get(..length).unwrap_or_default();
        let bounded = self.ends(length + 2) || self.mark(length + 2) == '^';
        if inner.is_empty() || !bounded || inner.iter().any(|&(c, _)| c.is_whitespace()) {
            return false;
        }
        let mut text = String::new();
        for &(c, escaped) in inner {
            text.push_str(if escaped { "\\" } else { "" });
            text.push(c);
        }
        if inner.len() > MAX_REGEX_CHARS {
            self.note(
                NoteKind::Repaired,
                format!("a regular expression has at most {MAX_REGEX_CHARS} characters: searched as words"),
            );
            return false;
        }
        self.push(Token::Atom(Clause::Regex(text)), length + 2);
        self.boost();
        true
    }

    /// A phrase with what may directly follow it: `~N` and `^N`.
    fn phrase(&mut self, open: char) {
        let rest = self.letters.get(self.at + 1..).unwrap_or_default();
        let close = rest.iter().position(|&(c, escaped)| !escaped && closes(open, c));
        let Some(length) = close else {
            self.note(
                NoteKind::Repaired,
                format!("the quote {open} is never closed: searched for the words after it"),
            );
            self.at += 1;
            return;
        };
        let text: String = rest.iter().take(length).map(|(c, _)| *c).collect();
        let text = text.trim();
        let clause = if text.chars().any(char::is_alphanumeric) {
            Clause::Phrase { text: text.to_owned(), gap: 0 }
        } else {
            self.note(NoteKind::Ignored, "empty quotes: left out");
            Clause::Nothing
        };
        self.push(Token::Atom(clause), length + 2);
        self.gap();
        if self.mark(0) == '*' && self.ends(1) {
            self.note(NoteKind::Ignored, "* after a phrase: left out");
            self.at += 1;
        }
        self.boost();
    }

    /// `~N` after a phrase.
    fn gap(&mut self) {
        if self.mark(0) != '~' {
            return;
        }
        let digits = self.digits(1);
        self.at += 1 + digits.chars().count();
        let Some(Lexed { token: Token::Atom(Clause::Phrase { gap, .. }), .. }) =
            self.tokens.last_mut()
        else {
            return;
        };
        let Ok(words) = digits.parse::<u32>() else {
            self.note(NoteKind::Ignored, "~ after a phrase needs a number of words: left out");
            return;
        };
        *gap = words.min(MAX_DISTANCE);
        if words > MAX_DISTANCE {
            self.note(
                NoteKind::Truncated,
                format!("~{digits} after a phrase: read as ~{MAX_DISTANCE}, the largest"),
            );
        }
    }

    /// ASCII digits from `ahead`.
    fn digits(&self, ahead: usize) -> String {
        let rest = self.letters.get(self.at + ahead..).unwrap_or_default();
        let digits = rest.iter().map(|&letter| operator(letter));
        digits.take_while(char::is_ascii_digit).take(9).collect()
    }

    /// `^N` directly after a phrase, a regular expression or a parenthesis.
    fn boost(&mut self) {
        if self.mark(0) != '^' {
            return;
        }
        let rest = self.letters.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|&letter| ends_word(letter)).unwrap_or(rest.len());
        let written: String = rest.iter().take(length).map(|&letter| operator(letter)).collect();
        if let Some(factor) = factor(&written, self.notes) {
            self.push(Token::Boost(factor), length);
            return;
        }
        self.note(NoteKind::Ignored, format!("{written} is no boost, as ^2 or ^0.5 are: left out"));
        self.at += length;
    }

    fn word(&mut self) {
        let rest = self.letters.get(self.at..).unwrap_or_default();
        let length = 1 + rest
            .iter()
            .skip(1)
            .position(|&letter| ends_word(letter))
            .unwrap_or(rest.len().saturating_sub(1));
        let word: Vec<Letter> = rest.iter().take(length).copied().collect();
        if let Some(token) = self.keyword(&word) {
            self.push(token, length);
            return;
        }
        if let Some(colon) = self.field(&word) {
            self.at += colon;
            return;
        }
        self.at += length;
        let (word, boost) = self.boosted(&word);
        if self.dates(word) || self.atom(word) {
            self.tokens.extend(boost);
        }
    }

    /// An operator that is written as a word, in capitals.
    fn keyword(&mut self, word: &[Letter]) -> Option<Token> {
        let text: String = word.iter().map(|&letter| operator(letter)).collect();
        let token = match text.as_str() {
            "AND" | "&&" => Token::And,
            "OR" | "||" | "|" => Token::Or,
            "NOT" => Token::Sign(Sign::Not),
            "SAME" => Token::Same,
            "NEAR" => {
                self.note(
                    NoteKind::Expanded,
                    format!("NEAR without a number: read as NEAR/{DEFAULT_DISTANCE}"),
                );
                Token::Near(DEFAULT_DISTANCE)
            }
            text => {
                let digits = text.strip_prefix("NEAR/")?;
                let words: u32 = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
                if words > MAX_DISTANCE {
                    self.note(
                        NoteKind::Truncated,
                        format!("NEAR/{words}: read as NEAR/{MAX_DISTANCE}, the largest"),
                    );
                }
                Token::Near(words.min(MAX_DISTANCE))
            }
        };
        Some(token)
    }

    /// The name of a field with its colon, if its value follows directly; how long that is.
    fn field(&mut self, word: &[Letter]) -> Option<usize> {
        let (name, colon) = named(word)?;
        let field = Field::named(&name);
        let valued = self
            .peek(colon + 1)
            .is_some_and(|letter| !letter.0.is_whitespace() && operator(letter) != ')');
        match field {
            Some(field) if valued => {
                self.tokens.push(Lexed { token: Token::Field(field), written: format!("{name}:") });
                return Some(colon + 1);
            }
            Some(_) => self.note(
                NoteKind::Repaired,
                format!("{name}: needs its word directly after the colon: searched as a word"),
            ),
            None if valued
                && is_date_field(&name).is_none()
                && word.get(colon + 1).is_some_and(|l| l.0.is_alphanumeric()) =>
            {
                self.note(
                    NoteKind::Repaired,
                    format!("there is no field {name}: searched as words"),
                );
            }
            None => {}
        }
        None
    }

    /// `date:`, `after:` and `before:` with their day, month or year.
    fn dates(&mut self, word: &[Letter]) -> bool {
        let Some((name, colon)) = named(word) else { return false };
        let Some(read) = is_date_field(&name) else { return false };
        let value: String = word.iter().skip(colon + 1).map(|(c, _)| fold_char(*c)).collect();
        let Some(period) = read(&value) else {
            self.note(
                NoteKind::Repaired,
                format!("{name}:{value} is no date as 2025, 2025-12 or 2025-12-17 are: searched as words"),
            );
            return false;
        };
        let written = format!("{name}:{value}");
        self.tokens.push(Lexed { token: Token::Atom(Clause::Dates(period)), written });
        true
    }

    /// A word or a pattern; whether it says anything.
    fn atom(&mut self, word: &[Letter]) -> bool {
        let Some(clause) = self.pattern(word) else { return false };
        let written: String = word.iter().map(|(c, _)| *c).collect();
        self.tokens.push(Lexed { token: Token::Atom(clause), written });
        true
    }

    /// A word without `^N` at its end, and that.
    fn boosted<'w>(&mut self, word: &'w [Letter]) -> (&'w [Letter], Option<Lexed>) {
        let Some(at) =
            word.iter().rposition(|&letter| operator(letter) == '^').filter(|&at| at > 0)
        else {
            return (word, None);
        };
        let (base, suffix) = word.split_at(at);
        let written: String = suffix.iter().map(|&letter| operator(letter)).collect();
        if let Some(factor) = factor(&written, self.notes) {
            return (base, Some(Lexed { token: Token::Boost(factor), written }));
        }
        self.note(
            NoteKind::Repaired,
            format!("{written} is no boost, as ^2 or ^0.5 are: searched as part of the word"),
        );
        (word, None)
    }

    fn pattern(&mut self, word: &[Letter]) -> Option<Clause> {
        let text = |letters: &[Letter]| letters.iter().map(|(c, _)| *c).collect::<String>();
        let says = |letters: &[Letter]| letters.iter().any(|(c, _)| c.is_alphanumeric());
        let stars = word.iter().all(|&letter| operator(letter) == '*');
        if stars {
            return Some(Clause::Everything);
        }
        if !says(word) {
            return None;
        }
        let tilde = word.iter().rposition(|&letter| operator(letter) == '~').filter(|&at| {
            at > 0 && word.iter().skip(at + 1).all(|&letter| operator(letter).is_ascii_digit())
        });
        let (base, suffix) = word.split_at(tilde.unwrap_or(word.len()));
        let wild = wildcard(base);
        if tilde.is_some() && says(base) {
            if let Some(pattern) = wild {
                self.note(NoteKind::Ignored, "~ after a word with * or ?: left out");
                return Some(Clause::Wildcard(pattern));
            }
            let digits: String = suffix.iter().skip(1).map(|&letter| operator(letter)).collect();
            let edits = digits.parse::<u8>().ok().or((!digits.is_empty()).then_some(u8::MAX));
            if edits.is_some_and(|edits| edits > 2) {
                self.note(NoteKind::Truncated, format!("~{digits}: read as ~2, the most edits"));
            }
            return Some(Clause::Fuzzy {
                word: text(base),
                edits: edits.map(|edits| edits.min(2)),
            });
        }
        Some(wildcard(word).map_or_else(|| Clause::Words(text(word)), Clause::Wildcard))
    }
}

/// The factor that `^2` names, within its limits.
fn factor(written: &str, notes: &mut Vec<Note>) -> Option<f32> {
    let digits = written.strip_prefix('^')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let factor: f32 = digits.parse().ok().filter(|_| plain)?;
    if factor > MAX_BOOST {
        notes.push(Note::new(
            NoteKind::Truncated,
            format!("{written}: read as ^{MAX_BOOST}, the largest boost"),
        ));
    }
    Some(factor.min(MAX_BOOST))
}

/// The name before the first colon of a word, in half or full width, and where the colon stands.
fn named(word: &[Letter]) -> Option<(String, usize)> {
    let colon = word.iter().position(|&letter| operator(letter) == ':').filter(|&at| at > 0)?;
    let name: String = word.iter().take(colon).map(|&letter| operator(letter)).collect();
    name.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some((name, colon))
}

fn is_date_field(name: &str) -> Option<fn(&str) -> Option<Period>> {
    match name.to_ascii_lowercase().as_str() {
        "date" => Some(Period::parse),
        "after" => Some(Period::since),
        "before" => Some(Period::before),
        _ => None,
    }
}

/// A word with wildcards, in half width; none where it has none. Question marks at its end end a
/// question.
fn wildcard(word: &[Letter]) -> Option<String> {
    let shown: String = word
        .iter()
        // A literal star or question mark is in no term.
        .filter(|&&(c, escaped)| !(escaped && matches!(c, '*' | '?')))
        .map(|&letter| match operator(letter) {
            mark @ ('*' | '?') => mark,
            _ => letter.0,
        })
        .collect();
    let shown = shown.trim_end_matches('?');
    // In an address a question mark is what it is.
    let plain =
        |&(c, escaped): &Letter| escaped || c.is_alphanumeric() || matches!(c, '?' | '-' | '_');
    let one = shown.char_indices().any(|(at, c)| c == '?' && at > 0) && word.iter().all(plain);
    let wild = shown.contains('*') || one;
    (wild && shown.chars().any(char::is_alphanumeric)).then(|| shown.to_owned())
}
