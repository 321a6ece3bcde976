//! Splits query text into tokens of the query language. Where the grammar allows no operator, an operator character is
//! part of a word.

mod word;

use std::fmt;

use super::{
    Clause, Field, Note, Occur,
    chars::{
        QueryChar, closes_phrase, ends_word, may_start_signed_operand, opens_phrase, operator_char,
        query_chars,
    },
    note::detail::{ExceededLimit, IgnoredPart, NoteDetail, Repair},
};
use crate::document::DeclaredFields;

/// Maximum distance of NEAR and maximum slop of a phrase, in words. The index leaves a larger gap of positions between
/// a heading and the passage text, so no match extends from one into the other.
pub(crate) const MAX_NEAR_DISTANCE_AND_SLOP: u32 = 50;
const _: () = assert!(MAX_NEAR_DISTANCE_AND_SLOP < crate::index::GAP_POSITIONS);
/// Distance of a NEAR without a number, in words.
const DEFAULT_NEAR_DISTANCE: u32 = 10;
/// Maximum boost factor of a clause.
const MAX_BOOST: f32 = 1_000.0;
/// Maximum length of a regular expression in characters. A longer regular expression is searched as words.
const MAX_REGEX_CHARS: usize = 200;

/// Token of the query language, with its source text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SourceToken {
    pub(super) token: LexToken,
    /// Text from which the token was read.
    pub(super) source: String,
}

/// Token of the query language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LexToken {
    /// Opening parenthesis.
    Open,
    /// Closing parenthesis.
    Close,
    And,
    Or,
    /// NEAR, with the maximum number of words between the operands.
    Near(u32),
    Same,
    /// Sign before an operand: `NOT`, or `+`, `-` or `!` without a space before the operand.
    Sign(Occur),
    /// Field name or `any`, with a colon, directly before an operand.
    Prefix(Prefix),
    /// Boost directly after an operand.
    Boost(f32),
    /// Word, phrase, pattern or period.
    Atom(Clause),
}

/// Name with a colon that stands directly before an operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Prefix {
    /// Name of the field in which the operand is searched.
    Field(Field),
    /// `any:`. A match of one of the words in the operand suffices.
    Any,
}

impl Prefix {
    /// Returns the clause that applies the prefix to `operand`.
    pub(super) fn apply_to(self, operand: Clause) -> Clause {
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

/// Returns the tokens of `text`. `fields` are the declared fields of the index. Adds a note on each text that is not
/// valid as written.
pub(super) fn tokens(
    text: &str,
    fields: &DeclaredFields,
    notes: &mut Vec<Note>,
) -> Vec<SourceToken> {
    let is_headline_in_capitals = is_headline_in_capitals(text);
    if is_headline_in_capitals {
        notes.push(Note::new(NoteDetail::Repaired(Repair::HeadlineInCapitals)));
    }
    let chars = query_chars(text);
    let mut lexer =
        Lexer { fields, chars, index: 0, tokens: Vec::new(), is_headline_in_capitals, notes };
    while lexer.index < lexer.chars.len() {
        lexer.read_token();
    }
    lexer.tokens
}

/// Minimum number of words of a headline in capitals.
const MIN_HEADLINE_WORDS: usize = 3;
/// Minimum length of the longest word of a headline in capitals, in letters. Shorter words in capitals are mostly
/// abbreviations, and AND and OR between abbreviations are operators.
const MIN_LETTERS_OF_LONGEST_HEADLINE_WORD: usize = 5;

/// Returns whether a query text looks like a headline in capitals, in which AND, OR, NOT, SAME and NEAR are ordinary
/// words. False for a text without any of these words, and for a text that begins with a parenthesis.
pub(super) fn is_headline_in_capitals(text: &str) -> bool {
    if text.starts_with('(') || text.chars().any(|c| c.is_alphabetic() && !c.is_uppercase()) {
        return false;
    }
    let is_keyword = |word: &&str| {
        matches!(*word, "AND" | "OR" | "NOT" | "SAME" | "NEAR") || word.starts_with("NEAR/")
    };
    let (keywords, words): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(is_keyword);
    let letter_count = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count();
    !keywords.is_empty()
        && keywords.len() + words.len() >= MIN_HEADLINE_WORDS
        && words.iter().map(letter_count).max() >= Some(MIN_LETTERS_OF_LONGEST_HEADLINE_WORD)
}

/// Splits a query text into tokens.
struct Lexer<'n> {
    fields: &'n DeclaredFields,
    chars: Vec<QueryChar>,
    /// Index of the next character in `chars`.
    index: usize,
    tokens: Vec<SourceToken>,
    /// Whether the text is a headline in capitals, in which keywords such as AND are ordinary words.
    is_headline_in_capitals: bool,
    notes: &'n mut Vec<Note>,
}

impl Lexer<'_> {
    /// Reads the next token, or skips one space.
    fn read_token(&mut self) {
        let Some(character) = self.peek(0) else { return };
        let symbol = operator_char(character);
        if character.c.is_whitespace() && !character.is_escaped || symbol == ' ' {
            self.index += 1;
        } else if symbol == '(' {
            self.push_token(LexToken::Open, 1);
        } else if symbol == ')' {
            self.push_token(LexToken::Close, 1);
            self.read_boost();
        } else if opens_phrase(character.c) && !character.is_escaped {
            self.read_phrase(character.c);
        } else {
            let is_operator = match symbol {
                '+' | '-' | '!' => self.read_sign(symbol),
                '/' => self.read_regex(),
                _ => false,
            };
            if !is_operator {
                self.read_word();
            }
        }
    }

    fn peek(&self, offset: usize) -> Option<QueryChar> {
        self.chars.get(self.index + offset).copied()
    }

    /// Returns the operator character that is `offset` characters after the next character. Returns a space at the end
    /// of the text.
    fn operator_at(&self, offset: usize) -> char {
        self.peek(offset).map_or(' ', operator_char)
    }

    /// Returns whether a word can end before the character that is `offset` characters after the next character.
    fn word_ends_at(&self, offset: usize) -> bool {
        self.peek(offset).is_none_or(ends_word)
    }

    /// Adds `token` with the next `length` characters as its source text, and advances past these characters.
    fn push_token(&mut self, token: LexToken, length: usize) {
        let source: String =
            self.chars.iter().skip(self.index).take(length).map(|character| character.c).collect();
        self.index += length;
        self.tokens.push(SourceToken { token, source });
    }

    fn note_repair(&mut self, repair: Repair) {
        self.notes.push(Note::new(NoteDetail::Repaired(repair)));
    }

    fn note_ignored_part(&mut self, part: IgnoredPart) {
        self.notes.push(Note::new(NoteDetail::Ignored(part)));
    }

    fn note_exceeded_limit(&mut self, limit: ExceededLimit) {
        self.notes.push(Note::new(NoteDetail::Truncated(limit)));
    }

    /// Reads a sign (`+`, `-` or `!`) if an operand follows it without a space. Returns whether a sign was read.
    fn read_sign(&mut self, symbol: char) -> bool {
        let Some(next) = self.peek(1) else { return false };
        if next.c.is_numeric() && symbol != '!' {
            self.note_repair(Repair::SignOfNumber { sign: symbol });
        }
        let occur = if symbol == '+' { Occur::Must } else { Occur::MustNot };
        let is_sign = may_start_signed_operand(next);
        if is_sign {
            self.push_token(LexToken::Sign(occur), 1);
        }
        is_sign
    }

    /// Reads a regular expression `/…/`, which must contain no space. After the closing slash, the word must end or a
    /// boost must begin. Returns whether a regular expression was read.
    fn read_regex(&mut self) -> bool {
        let from_pattern = self.chars.get(self.index + 1..).unwrap_or_default();
        let Some(pattern_length) =
            from_pattern.iter().position(|&character| operator_char(character) == '/')
        else {
            return false;
        };
        let pattern = from_pattern.get(..pattern_length).unwrap_or_default();
        let ends_word =
            self.word_ends_at(pattern_length + 2) || self.operator_at(pattern_length + 2) == '^';
        if pattern.is_empty()
            || !ends_word
            || pattern.iter().any(|character| character.c.is_whitespace())
        {
            return false;
        }
        let mut regex_text = String::new();
        for &QueryChar { c, is_escaped } in pattern {
            regex_text.push_str(if is_escaped { "\\" } else { "" });
            regex_text.push(c);
        }
        if pattern.len() > MAX_REGEX_CHARS {
            self.note_repair(Repair::LongRegex { max_chars: MAX_REGEX_CHARS });
            return false;
        }
        self.push_token(LexToken::Atom(Clause::Regex(regex_text)), pattern_length + 2);
        self.read_boost();
        true
    }

    /// Reads a phrase that begins with the quote `open`, and its slop `~N` and boost `^N` if present.
    fn read_phrase(&mut self, open: char) {
        let from_text = self.chars.get(self.index + 1..).unwrap_or_default();
        let closing_index = from_text
            .iter()
            .position(|character| !character.is_escaped && closes_phrase(open, character.c));
        let Some(length) = closing_index else {
            self.note_repair(Repair::UnclosedQuote { quote: open });
            self.index += 1;
            return;
        };
        let quoted_text: String =
            from_text.iter().take(length).map(|character| character.c).collect();
        let phrase_text = quoted_text.trim();
        let phrase_chars = from_text.get(..length).unwrap_or_default();
        let follows_field_name =
            self.tokens.last().is_some_and(|last| matches!(last.token, LexToken::Prefix(_)));
        if !follows_field_name && word::has_star_beside_letter(phrase_chars) {
            self.note_ignored_part(IgnoredPart::StarInPhrase);
        }
        let clause = if phrase_text.chars().any(char::is_alphanumeric) {
            Clause::Phrase { text: phrase_text.to_owned(), slop: 0 }
        } else {
            self.note_ignored_part(IgnoredPart::EmptyQuotes);
            Clause::Nothing
        };
        self.push_token(LexToken::Atom(clause), length + 2);
        self.read_slop();
        if self.operator_at(0) == '*' && self.word_ends_at(1) {
            self.note_ignored_part(IgnoredPart::StarAfterPhrase);
            self.index += 1;
        }
        self.read_boost();
    }

    /// Reads a slop `~N` after a phrase, and sets the slop of the phrase.
    fn read_slop(&mut self) {
        if self.operator_at(0) != '~' {
            return;
        }
        let digits = self.digits_at(1);
        self.index += 1 + digits.chars().count();
        let Some(SourceToken { token: LexToken::Atom(Clause::Phrase { slop, .. }), .. }) =
            self.tokens.last_mut()
        else {
            return;
        };
        let Ok(words) = digits.parse::<u32>() else {
            self.note_ignored_part(IgnoredPart::SlopWithoutNumber);
            return;
        };
        *slop = words.min(MAX_NEAR_DISTANCE_AND_SLOP);
        if words > MAX_NEAR_DISTANCE_AND_SLOP {
            self.note_exceeded_limit(ExceededLimit::Slop {
                requested: digits,
                max: MAX_NEAR_DISTANCE_AND_SLOP,
            });
        }
    }

    /// Returns the ASCII digits that begin `offset` characters after the next character, at most 9.
    fn digits_at(&self, offset: usize) -> String {
        let following_chars = self.chars.get(self.index + offset..).unwrap_or_default();
        let digits = following_chars.iter().map(|&character| operator_char(character));
        digits.take_while(char::is_ascii_digit).take(9).collect()
    }

    /// Reads a boost `^N` after a phrase, a regular expression or a parenthesis, and adds its token.
    fn read_boost(&mut self) {
        if self.operator_at(0) != '^' {
            return;
        }
        let following_chars = self.chars.get(self.index..).unwrap_or_default();
        let boost_length = following_chars
            .iter()
            .position(|&character| ends_word(character))
            .unwrap_or(following_chars.len());
        let source: String = following_chars
            .iter()
            .take(boost_length)
            .map(|&character| operator_char(character))
            .collect();
        if let Some(factor) = parse_boost(&source, self.notes) {
            self.push_token(LexToken::Boost(factor), boost_length);
            return;
        }
        self.note_ignored_part(IgnoredPart::InvalidBoost { text: source });
        self.index += boost_length;
    }
}

/// Parses a boost such as `^2`, and limits the factor to [`MAX_BOOST`]. `None` if the text after `^` is not a number.
fn parse_boost(source: &str, notes: &mut Vec<Note>) -> Option<f32> {
    let digits = source.strip_prefix('^')?;
    let is_decimal = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let factor: f32 = digits.parse().ok().filter(|_| is_decimal)?;
    if factor > MAX_BOOST {
        let limit =
            ExceededLimit::Boost { requested: source.to_owned(), max: MAX_BOOST.to_string() };
        notes.push(Note::new(NoteDetail::Truncated(limit)));
    }
    Some(factor.min(MAX_BOOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_between_capitals_belongs_to_a_name() {
        for (text, is_wildcard) in
            [("A*STAR", false), ("A*", true), ("A*star", true), ("UN*", true), ("*STAR", true)]
        {
            let tokens = tokens(text, &DeclaredFields::default(), &mut Vec::new());
            let has_wildcard = tokens
                .iter()
                .any(|token| matches!(token.token, LexToken::Atom(Clause::Wildcard(_))));
            assert_eq!(has_wildcard, is_wildcard, "{text}");
        }
    }

    #[test]
    fn an_id_or_a_path_may_have_parentheses() {
        for (text, expected) in [
            ("id:plan(2025).md#3", "id:\"plan(2025).md#3\""),
            (
                "port (id:a(1).md OR source:港口(草案)/)",
                "port (id:\"a(1).md\" OR source:\"港口(草案)/\")",
            ),
            ("source:plan(*).md", r"source:\plan\(*\)\.md"),
            ("id:(a OR b)", "id:(a OR b)"),
            ("(id:a)", "id:a"),
            ("id:a(b OR c)", "id:a (b OR c)"),
            ("id:/a(b)/", "id:/a(b)/"),
            ("source:/home/a(1).md", "source:\"/home/a(1).md\""),
            ("source:https://a.example/b(1)", "source:\"https://a.example/b(1)\""),
            ("id:title:/a(b)/", "id:title:/a(b)/"),
            ("title:port(2025)", "title:port 2025"),
        ] {
            let (clause, _) = Clause::parse(text);
            assert_eq!(clause.to_string(), expected, "{text}");
            assert_eq!(Clause::parse(&clause.to_string()).0, clause, "{text}");
        }
    }

    #[test]
    fn dates_may_be_comparisons_or_written_in_words() {
        for (text, expected, note_count) in [
            ("date:>=2024", "date:2024-01-01..", 0),
            ("date:<2024-03", "date:..2024-02-29", 0),
            ("date:20240301", "date:2024-03-01", 0),
            ("date:2024*", "date:2024-01-01..2024-12-31", 0),
            ("date:\"March 2024\" port", "date:2024-03-01..2024-03-31 port", 0),
            ("before:“5 March 2024”", "date:..2024-03-04", 0),
            ("period:\"2024年3月\"", "period:2024-03-01..2024-03-31", 0),
            ("date:\"last year\"", "\\date\\: \"last year\"", 1),
            ("date:20241301", "\\date\\:20241301", 1),
        ] {
            let (clause, notes) = Clause::parse(text);
            assert_eq!(clause.to_string(), expected, "{text}");
            assert_eq!(notes.len(), note_count, "{text}");
        }
    }

    #[test]
    fn a_question_mark_at_the_start_of_a_word_is_a_wildcard() {
        for (text, is_wildcard) in
            [("?art", true), ("p?rt", true), ("par?", false), ("?", false), ("?utm=1", false)]
        {
            let clause = Clause::parse(text).0;
            assert_eq!(matches!(clause, Clause::Wildcard(_)), is_wildcard, "{text}");
        }
    }

    #[test]
    fn a_star_in_quotes_is_named() {
        for (text, has_note) in [
            ("\"Joh* Doe\"", true),
            ("\"*port\"", true),
            ("\"5 * 3\"", false),
            ("\"the A*STAR fund\"", false),
            ("\"Joh\\* Doe\"", false),
            ("id:\"plan*.md\"", false),
        ] {
            let notes = Clause::parse(text).1;
            let star = Note::new(NoteDetail::Ignored(IgnoredPart::StarInPhrase));
            assert_eq!(notes.contains(&star), has_note, "{text}");
        }
    }

    #[test]
    fn an_invalid_figure_in_quotes_is_searched_as_words() {
        let message = "figure:$35 a month is not a quantity such as 30%, >=1 trillion yuan or \
            30%..40%: searched as words";
        for (text, words, has_note) in [
            ("figure:\"$35 a month\"", "$35 a month", true),
            ("drug figure:“$35 a month” cap", "drug $35 a month cap", true),
            ("figure:\"$35\"", "figure:\"$35\"", false),
        ] {
            let (clause, notes) = Clause::parse(text);
            assert_eq!(clause.to_string(), words, "{text}");
            assert_eq!(notes.iter().any(|note| note.message == message), has_note, "{text}");
        }
    }

    #[test]
    fn keywords_of_a_headline_in_capitals_are_words() {
        for (text, expected) in [
            ("DO NOT SWIM IN THE RESERVOIR", true),
            ("READY OR NOT", true),
            ("NATO AND UN", false),
            ("PORTS AND harbours", false),
            ("PORTS AND 港口", false),
            ("NEW RESERVOIR OPENS", false),
        ] {
            let mut notes = Vec::new();
            let is_operator =
                |token: &SourceToken| !matches!(token.token, LexToken::Atom(Clause::Words(_)));
            let tokens = tokens(text, &DeclaredFields::default(), &mut notes);
            assert_eq!(!notes.is_empty(), expected, "{text}");
            assert!(!expected || !tokens.iter().any(is_operator), "{text}: {tokens:?}");
        }
    }
}
