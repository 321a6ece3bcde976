//! Lexer for words: keywords, field names, dates, boosts, wildcards and fuzzy words.

use super::{DEFAULT_DISTANCE, LexToken, Lexed, Lexer, MAX_DISTANCE, Prefix, factor};
use crate::{
    analysis::fold_char,
    query::{
        Clause, NoteKind, Occur, ParsePeriodError, Period,
        letter::{Letter, ends_word, operator},
    },
};

impl Lexer<'_> {
    /// Reads one word: the letters up to the next end of a word.
    pub(super) fn word(&mut self) {
        let rest = self.letters.get(self.index..).unwrap_or_default();
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
        if let Some(length) = self.field(&word) {
            self.index += length;
            return;
        }
        self.index += length;
        let (operand, boost) = self.split_boost(&word);
        if self.dates(operand) || self.atom(operand) {
            self.tokens.extend(boost);
        }
    }

    /// Returns the operator for a keyword in capitals, such as AND. `None` if `word` is not a keyword.
    fn keyword(&mut self, word: &[Letter]) -> Option<LexToken> {
        let text: String = word.iter().map(|&letter| operator(letter)).collect();
        let token = match text.as_str() {
            "AND" | "&&" => LexToken::And,
            "OR" | "||" | "|" => LexToken::Or,
            "NOT" => LexToken::Sign(Occur::MustNot),
            "SAME" => LexToken::Same,
            "NEAR" => {
                self.note(
                    NoteKind::Expanded,
                    format!("NEAR without a number: read as NEAR/{DEFAULT_DISTANCE}"),
                );
                LexToken::Near(DEFAULT_DISTANCE)
            }
            text => {
                let digits = text.strip_prefix("NEAR/")?;
                let words: u32 = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
                if words > MAX_DISTANCE {
                    self.note(
                        NoteKind::Truncated,
                        format!("NEAR/{words}: read as NEAR/{MAX_DISTANCE}, the maximum"),
                    );
                }
                LexToken::Near(words.min(MAX_DISTANCE))
            }
        };
        Some(token)
    }

    /// Reads a field name and its colon if a value follows without a space. Returns the length of name and
    /// colon in letters. `None` if the word does not begin with a field.
    fn field(&mut self, word: &[Letter]) -> Option<usize> {
        let (name, colon) = field_name(word)?;
        let has_value = self
            .peek(colon + 1)
            .is_some_and(|letter| !letter.c.is_whitespace() && operator(letter) != ')');
        let prefix = if name.eq_ignore_ascii_case("any") {
            Ok(Prefix::Any)
        } else {
            name.parse().map(Prefix::Field)
        };
        match prefix {
            Ok(prefix) if has_value => {
                self.tokens
                    .push(Lexed { token: LexToken::Prefix(prefix), source: format!("{name}:") });
                return Some(colon + 1);
            }
            Ok(_) => self.note(
                NoteKind::Repaired,
                format!("{name}: needs a word directly after the colon: searched as a word"),
            ),
            Err(_)
                if has_value
                    && period_parser(&name).is_none()
                    && word.get(colon + 1).is_some_and(|letter| letter.c.is_alphanumeric()) =>
            {
                self.note(
                    NoteKind::Repaired,
                    format!("there is no field {name}: searched as words"),
                );
            }
            Err(_) => {}
        }
        None
    }

    /// Reads `date:`, `after:` or `before:` with a date. Returns whether a date clause was read.
    fn dates(&mut self, word: &[Letter]) -> bool {
        let Some((name, colon)) = field_name(word) else { return false };
        let Some(parse_period) = period_parser(&name) else { return false };
        let value: String = word.iter().skip(colon + 1).map(|letter| fold_char(letter.c)).collect();
        let Ok(period) = parse_period(&value) else {
            self.note(
                NoteKind::Repaired,
                format!("{name}:{value} is not a date such as 2025, 2025-12 or 2025-12-17: searched as words"),
            );
            return false;
        };
        let source = format!("{name}:{value}");
        self.tokens.push(Lexed { token: LexToken::Atom(Clause::Dates(period)), source });
        true
    }

    /// Reads a word or a pattern. Returns whether it contains a letter or digit.
    fn atom(&mut self, word: &[Letter]) -> bool {
        let Some(clause) = self.pattern(word) else { return false };
        self.tokens.push(Lexed { token: LexToken::Atom(clause), source: text(word) });
        true
    }

    /// Splits `^N` off the end of a word. Returns the rest of the word, and the boost if there is one.
    fn split_boost<'w>(&mut self, word: &'w [Letter]) -> (&'w [Letter], Option<Lexed>) {
        let Some(caret) =
            word.iter().rposition(|&letter| operator(letter) == '^').filter(|&caret| caret > 0)
        else {
            return (word, None);
        };
        let (base, suffix) = word.split_at(caret);
        let source: String = suffix.iter().map(|&letter| operator(letter)).collect();
        if let Some(factor) = factor(&source, self.notes) {
            return (base, Some(Lexed { token: LexToken::Boost(factor), source }));
        }
        self.note(
            NoteKind::Repaired,
            format!("{source} is not a boost such as ^2 or ^0.5: searched as part of the word"),
        );
        (word, None)
    }

    /// Returns the clause of a word: plain, fuzzy, or with wildcards. `None` if the word contains no letter or
    /// digit.
    fn pattern(&mut self, word: &[Letter]) -> Option<Clause> {
        if word.iter().all(|&letter| operator(letter) == '*') {
            return Some(Clause::Everything);
        }
        if !has_text(word) {
            return None;
        }
        let tilde = word.iter().rposition(|&letter| operator(letter) == '~').filter(|&tilde| {
            tilde > 0
                && word.iter().skip(tilde + 1).all(|&letter| operator(letter).is_ascii_digit())
        });
        let (base, suffix) = word.split_at(tilde.unwrap_or(word.len()));
        if tilde.is_some() && has_text(base) {
            if let Some(pattern) = wildcard(base) {
                self.note(NoteKind::Ignored, "~ after a word with * or ?: left out");
                return Some(Clause::Wildcard(pattern));
            }
            let digits: String = suffix.iter().skip(1).map(|&letter| operator(letter)).collect();
            let edits = digits.parse::<u8>().ok().or((!digits.is_empty()).then_some(u8::MAX));
            if edits.is_some_and(|edits| edits > 2) {
                self.note(
                    NoteKind::Truncated,
                    format!("~{digits}: read as ~2, the maximum number of edits"),
                );
            }
            return Some(Clause::Fuzzy {
                word: text(base),
                edits: edits.map(|edits| edits.min(2)),
            });
        }
        Some(wildcard(word).map_or_else(|| Clause::Words(text(word)), Clause::Wildcard))
    }
}

/// Returns the letters as a string.
fn text(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

/// Whether the letters contain a letter or digit to search for.
fn has_text(letters: &[Letter]) -> bool {
    letters.iter().any(|letter| letter.c.is_alphanumeric())
}

/// Returns the ASCII name before the first colon (in half or full width) of a word, and the index of the colon.
/// `None` if no name precedes a colon.
fn field_name(word: &[Letter]) -> Option<(String, usize)> {
    let colon =
        word.iter().position(|&letter| operator(letter) == ':').filter(|&colon| colon > 0)?;
    let name: String = word.iter().take(colon).map(|&letter| operator(letter)).collect();
    name.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some((name, colon))
}

/// Function that parses the value of a date clause such as `after:2025`.
type PeriodParser = fn(&str) -> Result<Period, ParsePeriodError>;

/// Returns the parser for the value of the date clause `name`. `None` if `name` is not `date`, `after` or
/// `before`.
fn period_parser(name: &str) -> Option<PeriodParser> {
    match name.to_ascii_lowercase().as_str() {
        "date" => Some(str::parse),
        "after" => Some(Period::since),
        "before" => Some(Period::before),
        _ => None,
    }
}

/// Returns a word with wildcards, in half width. `None` if the word has no wildcard. A question mark at the end
/// of a word ends a question, and a question mark in a web address belongs to the address; neither is a
/// wildcard.
fn wildcard(word: &[Letter]) -> Option<String> {
    let pattern: String = word
        .iter()
        // An escaped star or question mark is dropped, because no term contains these characters.
        .filter(|letter| !(letter.escaped && matches!(letter.c, '*' | '?')))
        .map(|&letter| match operator(letter) {
            symbol @ ('*' | '?') => symbol,
            _ => letter.c,
        })
        .collect();
    let pattern = pattern.trim_end_matches('?');
    let is_word_letter = |letter: &Letter| {
        letter.escaped || letter.c.is_alphanumeric() || matches!(letter.c, '?' | '-' | '_')
    };
    let has_inner_question_mark = pattern.char_indices().any(|(index, c)| c == '?' && index > 0)
        && word.iter().all(is_word_letter);
    if !(pattern.contains('*') || has_inner_question_mark) {
        return None;
    }
    pattern.chars().any(char::is_alphanumeric).then(|| pattern.to_owned())
}
