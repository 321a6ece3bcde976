//! Lexer for words: keywords, field names, dates, boosts, wildcards and fuzzy words.

use super::{
    DEFAULT_NEAR_DISTANCE, LexToken, Lexer, MAX_NEAR_DISTANCE_AND_SLOP, Prefix, SourceToken,
    parse_boost,
};
use crate::{
    analysis::fold_char,
    document::{FieldName, FieldType},
    fact::{Publication, facts, parse_figure},
    query::{
        Clause, Field, Note, Occur, ParsePeriodError, Period,
        chars::{QueryChar, closes_phrase, ends_word, opens_phrase, operator_char},
        note::detail::{ExceededLimit, ExpandedPart, IgnoredPart, NoteDetail, Repair},
    },
};

impl Lexer<'_> {
    /// Reads one word, which ends before the next space, quote or parenthesis, and adds its tokens.
    pub(super) fn read_word(&mut self) {
        let following_chars = self.chars.get(self.index..).unwrap_or_default();
        let word_length = 1 + following_chars
            .iter()
            .skip(1)
            .position(|&character| ends_word(character))
            .unwrap_or(following_chars.len().saturating_sub(1));
        let word: Vec<QueryChar> = following_chars.iter().take(word_length).copied().collect();
        if let Some(token) = self.keyword_token(&word) {
            self.push_token(token, word_length);
            return;
        }
        if self.read_figure_clause(&word) || self.read_declared_field_clause(&word) {
            return;
        }
        if let Some(length) = self.read_field_prefix(&word) {
            self.index += length;
            self.read_id_or_path_with_parentheses();
            return;
        }
        self.index += word_length;
        let (operand, boost) = self.split_boost(&word);
        if self.read_date_clause(operand) || self.read_word_or_pattern(operand) {
            self.tokens.extend(boost);
        }
    }

    /// Returns the operator token for a keyword in capitals, such as AND. `None` if `word` is not a keyword.
    fn keyword_token(&mut self, word: &[QueryChar]) -> Option<LexToken> {
        let is_symbol = word.iter().all(|character| !character.c.is_alphabetic());
        if self.is_headline_in_capitals && !is_symbol {
            return None;
        }
        let keyword: String = word.iter().map(|&character| operator_char(character)).collect();
        let token = match keyword.as_str() {
            "AND" | "&&" => LexToken::And,
            "OR" | "||" | "|" => LexToken::Or,
            "NOT" => LexToken::Sign(Occur::MustNot),
            "SAME" => LexToken::Same,
            "NEAR" => {
                let detail = NoteDetail::Expanded(ExpandedPart::NearWithoutNumber {
                    distance: DEFAULT_NEAR_DISTANCE,
                });
                self.notes.push(Note::new(detail));
                LexToken::Near(DEFAULT_NEAR_DISTANCE)
            }
            keyword => {
                let digits = keyword.strip_prefix("NEAR/")?;
                let distance: u32 = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
                if distance > MAX_NEAR_DISTANCE_AND_SLOP {
                    self.note_exceeded_limit(ExceededLimit::NearDistance {
                        requested: distance,
                        max: MAX_NEAR_DISTANCE_AND_SLOP,
                    });
                }
                LexToken::Near(distance.min(MAX_NEAR_DISTANCE_AND_SLOP))
            }
        };
        Some(token)
    }

    /// Reads a field name and its colon, if a value follows the colon without a space. Adds the prefix token, and
    /// returns the length of name and colon in characters. `None` if no field name was read.
    fn read_field_prefix(&mut self, word: &[QueryChar]) -> Option<usize> {
        let (name, colon) = field_name_and_colon_index(word)?;
        let has_value = self.peek(colon + 1).is_some_and(|character| {
            !character.c.is_whitespace() && operator_char(character) != ')'
        });
        let prefix = if name.eq_ignore_ascii_case("any") {
            Ok(Prefix::Any)
        } else {
            name.parse::<Field>().map(Prefix::Field)
        };
        match prefix {
            Ok(prefix) if has_value => {
                self.tokens.push(SourceToken {
                    token: LexToken::Prefix(prefix),
                    source: format!("{name}:"),
                });
                return Some(colon + 1);
            }
            Ok(_) => self.note_repair(Repair::FieldWithoutWord { name }),
            Err(_)
                if has_value
                    && parser_of_date_clause(&name).is_none()
                    && !name.eq_ignore_ascii_case("figure")
                    && word
                        .get(colon + 1)
                        .is_some_and(|character| character.c.is_alphanumeric()) =>
            {
                self.note_repair(Repair::UnknownField { name });
            }
            Err(_) => {}
        }
        None
    }

    /// Reads the value of `id:` or `source:` as one word if it contains parentheses, as in `id:plan(2025).md#3`, and adds
    /// its token. Also reads a regular expression. Reads nothing if the value begins with a parenthesis or a quote, or has a
    /// parenthesis without its partner.
    fn read_id_or_path_with_parentheses(&mut self) {
        let is_id_or_path = |prefix: &LexToken| {
            matches!(prefix, LexToken::Prefix(Prefix::Field(Field::Id | Field::Source)))
        };
        if !self.tokens.last().is_some_and(|last| is_id_or_path(&last.token))
            || self.operator_at(0) == '/' && self.read_regex()
        {
            return;
        }
        let following_chars = self.chars.get(self.index..).unwrap_or_default();
        let (mut depth, mut length, mut has_parentheses) = (0_usize, 0, false);
        for &character in following_chars {
            match operator_char(character) {
                '(' if length == 0 => return,
                '(' => (depth, has_parentheses) = (depth + 1, true),
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                _ if ends_word(character) => break,
                _ => {}
            }
            length += 1;
        }
        let value = following_chars.get(..length).unwrap_or_default().to_vec();
        // A colon without `//` after it belongs to a further clause, as in `id:title:a(b)`.
        let is_colon_of_address = |colon: usize| {
            let after_colon = value.get(colon + 1..colon + 3).unwrap_or_default();
            after_colon.len() == 2 && after_colon.iter().all(|slash| slash.c == '/')
        };
        let has_clause = field_name_and_colon_index(&value)
            .is_some_and(|(_, colon)| !is_colon_of_address(colon));
        let has_word = value.iter().any(|character| character.c.is_alphanumeric());
        if !has_parentheses || depth > 0 || has_clause || !has_word {
            return;
        }
        // A phrase is printed in quotes, in which parentheses need no backslashes.
        let phrase = |text| Clause::Phrase { text, slop: 0 };
        let clause =
            wildcard_pattern(&value).map_or_else(|| phrase(to_text(&value)), Clause::Wildcard);
        self.push_token(LexToken::Atom(clause), length);
    }

    /// Reads the name of a declared field and its colon, if a value follows the colon without a space. Also reads the
    /// value, unless it is in quotes or parentheses or belongs to a text field. Returns whether a field was read.
    fn read_declared_field_clause(&mut self, word: &[QueryChar]) -> bool {
        let colon = word.iter().position(|&character| operator_char(character) == ':');
        let Some(colon) = colon.filter(|&colon| colon > 0) else { return false };
        let (key, value) = word.split_at(colon);
        // The scheme of a web address is no field: https://example.org.
        let is_address = value.get(1..3).is_some_and(|start| start.iter().all(|c| c.c == '/'));
        let is_plain = !is_address && key.iter().all(|character| !character.is_escaped);
        let name =
            Some(to_text(key)).filter(|_| is_plain).and_then(|key| FieldName::from_key(&key));
        let declared = name.and_then(|name| Some((name, self.fields.type_of(name)?)));
        let Some((name, field_type)) = declared else { return false };
        let next = self.peek(colon + 1).filter(|next| !next.c.is_whitespace());
        let Some(next) = next.filter(|&next| operator_char(next) != ')') else {
            self.note_repair(Repair::FieldWithoutWord { name: name.to_string() });
            return false;
        };
        let prefix = LexToken::Prefix(Prefix::Field(Field::Declared(name)));
        self.tokens.push(SourceToken { token: prefix, source: format!("{name}:") });
        self.index += colon + 1;
        if field_type != FieldType::Text && !ends_word(next) {
            self.index += value.len() - 1;
            self.read_declared_value(value.get(1..).unwrap_or_default());
        }
        true
    }

    /// Adds the token of a value of a declared field, and of a boost after it. Signs and keywords are parts of the
    /// value.
    fn read_declared_value(&mut self, value: &[QueryChar]) {
        let (value, boost) = self.split_boost(value);
        let wildcard = wildcard_pattern(value);
        let clause = if value.iter().all(|&character| operator_char(character) == '*') {
            Clause::Everything
        } else {
            wildcard.map_or_else(|| Clause::Words(to_text(value)), Clause::Wildcard)
        };
        self.tokens.push(SourceToken { token: LexToken::Atom(clause), source: to_text(value) });
        self.tokens.extend(boost);
    }

    /// Reads `figure:` with its quantity, and adds the token. The quantity is in quotes, or it is the longest run of
    /// words that is a quantity, as in `figure:>=1 trillion yuan`. Returns whether a quantity was read.
    fn read_figure_clause(&mut self, word: &[QueryChar]) -> bool {
        let Some((_, colon)) = field_name_and_colon_index(word)
            .filter(|(name, _)| name.eq_ignore_ascii_case("figure"))
        else {
            return false;
        };
        let start = self.index + colon + 1;
        let following_chars = self.chars.get(start..).unwrap_or_default();
        let quoted = quoted_text(following_chars);
        let is_figure = |(text, _): &(String, usize)| parse_figure(text).is_some();
        let figure =
            quoted.clone().filter(is_figure).or_else(|| longest_leading_figure(following_chars));
        let Some((text, length)) = figure else {
            if let Some((text, length)) = quoted {
                let words =
                    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
                let words = words.collect::<Vec<_>>().join(" ");
                self.note_repair(Repair::InvalidFigure { text });
                if !words.is_empty() {
                    self.push_token(LexToken::Atom(Clause::Words(words)), colon + 1 + length);
                    self.read_boost();
                    return true;
                }
                return false;
            }
            let text = to_text(word.get(colon + 1..).unwrap_or_default());
            self.note_repair(Repair::InvalidFigure { text });
            return false;
        };
        self.push_token(LexToken::Atom(Clause::Figure(text)), colon + 1 + length);
        self.read_boost();
        true
    }

    /// Reads `date:`, `after:`, `before:`, `period:` or `asof:` with its date, which may be in quotes, and adds the
    /// token. Returns whether such a clause was read.
    fn read_date_clause(&mut self, word: &[QueryChar]) -> bool {
        let Some((name, colon)) = field_name_and_colon_index(word) else { return false };
        let Some(parse_period) = parser_of_date_clause(&name) else { return false };
        let mut date_text: String =
            word.iter().skip(colon + 1).map(|character| fold_char(character.c)).collect();
        let quoted = quoted_text(self.chars.get(self.index..).unwrap_or_default())
            .filter(|_| date_text.is_empty());
        let mut quoted_length = 0;
        if let Some((text, length)) = quoted {
            (date_text, quoted_length) = (text, length);
        }
        let period = parse_period(&date_text).ok().or_else(|| {
            // A star after a date stands for the days of the month or of the year.
            let numeric_date = date_text.strip_suffix('*').map(str::to_owned);
            parse_period(&numeric_date.or_else(|| numeric_form_of_date(&date_text))?).ok()
        });
        let Some(period) = period else {
            self.note_repair(Repair::InvalidDate { field: name, text: date_text });
            return false;
        };
        self.index += quoted_length;
        let source = format!("{name}:{date_text}");
        let clause = match name.to_ascii_lowercase().as_str() {
            "period" => Clause::Mentions { period, requires_as_of: false },
            "asof" => Clause::Mentions { period, requires_as_of: true },
            _ => Clause::Dates(period),
        };
        self.tokens.push(SourceToken { token: LexToken::Atom(clause), source });
        true
    }

    /// Appends a percent sign or an ampersand to the preceding words if the sign stands between spaces, as in `5 %` and
    /// `R & D`. The preceding words must have a letter or a digit, unlike a declared value such as `desk:&&`.
    fn append_symbol_to_preceding_words(&mut self, word: &[QueryChar]) {
        let &[QueryChar { c, .. }] = word else { return };
        let last_token = self.tokens.last_mut().filter(|_| matches!(fold_char(c), '%' | '&'));
        if let Some(SourceToken { token: LexToken::Atom(Clause::Words(words)), source }) =
            last_token
            && words.contains(char::is_alphanumeric)
        {
            for text in [words, source] {
                text.push(' ');
                text.push(c);
            }
        }
    }

    /// Reads a word or a pattern, and adds its token. Returns whether a token was added.
    fn read_word_or_pattern(&mut self, word: &[QueryChar]) -> bool {
        let Some(clause) = self.word_clause(word) else {
            self.append_symbol_to_preceding_words(word);
            return false;
        };
        self.tokens.push(SourceToken { token: LexToken::Atom(clause), source: to_text(word) });
        true
    }

    /// Splits a boost `^N` off the end of a word. Returns the word without the boost, and the boost token. The token
    /// is `None` if the word has no valid boost.
    fn split_boost<'w>(&mut self, word: &'w [QueryChar]) -> (&'w [QueryChar], Option<SourceToken>) {
        let Some(caret) = word
            .iter()
            .rposition(|&character| operator_char(character) == '^')
            .filter(|&caret| caret > 0)
        else {
            return (word, None);
        };
        let (base, suffix) = word.split_at(caret);
        let source: String = suffix.iter().map(|&character| operator_char(character)).collect();
        if let Some(factor) = parse_boost(&source, self.notes) {
            return (base, Some(SourceToken { token: LexToken::Boost(factor), source }));
        }
        self.note_repair(Repair::InvalidBoost { text: source });
        (word, None)
    }

    /// Returns the clause of a word: plain, fuzzy, or with wildcards. `None` if the word contains no letter or
    /// digit.
    fn word_clause(&mut self, word: &[QueryChar]) -> Option<Clause> {
        if word.iter().all(|&character| operator_char(character) == '*') {
            return Some(Clause::Everything);
        }
        if !has_alphanumeric(word) {
            return None;
        }
        let tilde =
            word.iter().rposition(|&character| operator_char(character) == '~').filter(|&tilde| {
                tilde > 0
                    && word
                        .iter()
                        .skip(tilde + 1)
                        .all(|&character| operator_char(character).is_ascii_digit())
            });
        let (base, suffix) = word.split_at(tilde.unwrap_or(word.len()));
        if tilde.is_some() && has_alphanumeric(base) {
            if let Some(pattern) = wildcard_pattern(base) {
                self.note_ignored_part(IgnoredPart::FuzzyWildcard);
                return Some(Clause::Wildcard(pattern));
            }
            let digits: String =
                suffix.iter().skip(1).map(|&character| operator_char(character)).collect();
            let edits = digits.parse::<u8>().ok().or((!digits.is_empty()).then_some(u8::MAX));
            if edits.is_some_and(|edits| edits > 2) {
                self.note_exceeded_limit(ExceededLimit::Edits { requested: digits });
            }
            return Some(Clause::Fuzzy {
                word: to_text(base),
                edits: edits.map(|edits| edits.min(2)),
            });
        }
        Some(wildcard_pattern(word).map_or_else(|| Clause::Words(to_text(word)), Clause::Wildcard))
    }
}

/// Returns the text of the characters, without escaping backslashes.
fn to_text(chars: &[QueryChar]) -> String {
    chars.iter().map(|character| character.c).collect()
}

/// Returns whether at least one of the characters is a letter or a digit.
fn has_alphanumeric(chars: &[QueryChar]) -> bool {
    chars.iter().any(|character| character.c.is_alphanumeric())
}

/// Returns the ASCII name before the first colon (in half or full width) of a word, and the index of the colon.
/// `None` if no name precedes a colon.
fn field_name_and_colon_index(word: &[QueryChar]) -> Option<(String, usize)> {
    let colon = word
        .iter()
        .position(|&character| operator_char(character) == ':')
        .filter(|&colon| colon > 0)?;
    let name: String = word.iter().take(colon).map(|&character| operator_char(character)).collect();
    name.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some((name, colon))
}

/// Maximum number of words after `figure:` that can be one quantity.
const MAX_FIGURE_WORDS: usize = 12;

/// Returns the text in quotes at the start of `chars`, and the length with the quotes. `None` if `chars` does not begin
/// with a text in quotes.
fn quoted_text(chars: &[QueryChar]) -> Option<(String, usize)> {
    let (open, rest) = chars.split_first()?;
    if !opens_phrase(open.c) || open.is_escaped {
        return None;
    }
    let length = rest
        .iter()
        .position(|character| !character.is_escaped && closes_phrase(open.c, character.c))?;
    Some((to_text(rest.get(..length)?).trim().to_owned(), length + 2))
}

/// Returns the longest quantity at the start of `chars` that ends where a word ends, and its length. `None` if `chars`
/// begins with no quantity.
fn longest_leading_figure(chars: &[QueryChar]) -> Option<(String, usize)> {
    if chars.first().is_none_or(|first| first.c.is_whitespace()) {
        return None;
    }
    let word_ends = (1..=chars.len()).filter(|&end| {
        chars.get(end).is_none_or(|&next| ends_word(next))
            && chars.get(end - 1).is_some_and(|last| !last.c.is_whitespace())
    });
    let candidates: Vec<(String, usize)> = word_ends
        .take(MAX_FIGURE_WORDS)
        .map(|end| (to_text(chars.get(..end).unwrap_or_default()), end))
        .collect();
    candidates.into_iter().rev().find(|(text, _)| parse_figure(text).is_some())
}

/// Returns a date with its year that is written in words, such as March 2024, in digits: `2024-03-01..2024-03-31`. A
/// single day has no range. `None` if the text is no such date.
fn numeric_form_of_date(text: &str) -> Option<String> {
    let periods = facts(text, Publication::default()).periods;
    let [period] = &periods[..] else { return None };
    let is_whole_text = period.span.of(text).len() == text.len();
    let (first, last) = period.from.zip(period.to)?;
    (is_whole_text && !period.is_relative)
        .then(|| Period { first: Some(first), last: Some(last) }.to_string())
}

/// Function that parses the value of a date clause such as `after:2025`.
type PeriodParser = fn(&str) -> Result<Period, ParsePeriodError>;

/// Returns the parser for the value of the date clause `name`. `None` if `name` is not `date`, `after`, `before`,
/// `period` or `asof`.
fn parser_of_date_clause(name: &str) -> Option<PeriodParser> {
    match name.to_ascii_lowercase().as_str() {
        "date" | "period" | "asof" => Some(str::parse),
        "after" => Some(Period::since),
        "before" => Some(Period::before),
        _ => None,
    }
}

/// Returns whether a word is one capital, a star, and two or more capitals, as in A*STAR.
fn is_name_with_star(word: &str) -> bool {
    let is_capital = |c: char| c.is_uppercase();
    word.split_once('*').is_some_and(|(first, rest)| {
        first.chars().count() == 1
            && rest.chars().count() > 1
            && first.chars().chain(rest.chars()).all(is_capital)
    })
}

/// Returns whether a text has a star beside a letter or a digit that is no part of a name such as A*STAR.
pub(super) fn has_star_beside_letter(chars: &[QueryChar]) -> bool {
    chars.split(|character| character.c.is_whitespace()).any(|word| {
        let has_star = word.iter().any(|&character| operator_char(character) == '*');
        has_star && has_alphanumeric(word) && !is_name_with_star(&to_text(word))
    })
}

/// Returns the word as a wildcard pattern, with wildcards in half width. `None` if the word has no wildcard. A
/// question mark at the end of a word is not a wildcard, since it ends a question. A question mark in a web address is
/// not a wildcard either, since it belongs to the address, nor is a star between capitals: A*STAR is a name.
fn wildcard_pattern(word: &[QueryChar]) -> Option<String> {
    let pattern: String = word
        .iter()
        // An escaped star or question mark is dropped, because no term contains these characters.
        .filter(|character| !(character.is_escaped && matches!(character.c, '*' | '?')))
        .map(|&character| match operator_char(character) {
            symbol @ ('*' | '?') => symbol,
            _ => character.c,
        })
        .collect();
    let pattern = pattern.trim_end_matches('?');
    let is_word_char = |character: &QueryChar| {
        character.is_escaped
            || character.c.is_alphanumeric()
            || matches!(character.c, '?' | '-' | '_')
    };
    let has_wildcard_question_mark = pattern.contains('?') && word.iter().all(is_word_char);
    if !(pattern.contains('*') || has_wildcard_question_mark) || is_name_with_star(pattern) {
        return None;
    }
    pattern.chars().any(char::is_alphanumeric).then(|| pattern.to_owned())
}
