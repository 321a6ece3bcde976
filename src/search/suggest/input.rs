//! Analyzes the text that a user is typing into terms, and determines which terms at the end may be unfinished.

use crate::{
    analysis::{Analysis, Analyzer, Token, TokenKind},
    script::is_han,
};

/// Maximum length of a text that is completed, in characters. A longer text was pasted, not typed.
const MAX_TYPED_CHARS: usize = 300;
/// Characters that may join two words into a compound, as in covid-19, 24/7, Q&A and o'clock.
pub(super) const COMPOUND_JOINERS: [char; 8] = ['-', '‐', '‑', '–', '/', '&', '\'', '’'];
/// Characters with a meaning in the query language.
const QUERY_SYNTAX_CHARS: [char; 13] =
    ['"', '“', '”', '「', '」', '(', ')', '|', '*', '~', '^', ':', '+'];
/// Words in capitals with a meaning in the query language.
const QUERY_OPERATORS: [&str; 5] = ["AND", "OR", "NOT", "NEAR", "SAME"];

/// Text that a user is typing, analyzed into terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedText<'a> {
    /// The text as typed, without leading space.
    pub(super) text: &'a str,
    /// Words and Han characters of the text, as terms of the index, in text order. Never empty.
    pub(super) terms: Vec<TextTerm>,
    /// End of the text, which determines how a completion continues the text.
    pub(super) end: TypedEnd,
}

/// Word or Han character of a text, as a term of the index field `exact_terms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextTerm {
    pub(super) term: String,
    /// Whether the term is a Han character that directly follows another Han character.
    pub(super) joins_previous: bool,
    /// Byte offset of the term in the text.
    pub(super) start_byte: usize,
    /// Byte offset of the end of the term in the text.
    pub(super) end_byte: usize,
}

impl TextTerm {
    /// Returns the terms of a word that is not in the text yet: one for each Han character, or one for any other word.
    pub(super) fn of_word(word: &str, joins_previous: bool) -> Vec<Self> {
        let term = |term: &str, joins_previous| Self {
            term: term.to_owned(),
            joins_previous,
            start_byte: 0,
            end_byte: 0,
        };
        if !word.starts_with(is_han) {
            return vec![term(word, false)];
        }
        let characters = word.chars().enumerate();
        characters
            .map(|(index, character)| term(&String::from(character), joins_previous || index > 0))
            .collect()
    }
}

/// End of a typed text: a word, Han characters, a space, a joining character, or another character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypedEnd {
    /// A word or number, which is the last term and may be unfinished.
    Word,
    /// Han characters in a row, each of which is a term. The value is their number.
    Han(usize),
    /// A space, after which the next word follows.
    Space,
    /// A hyphen or another character that joins the next word to the word before it, as in "covid-".
    Joiner,
    /// Any other character, such as a full stop or a quote. No word is being typed.
    Other,
}

impl<'a> TypedText<'a> {
    /// Analyzes a typed text. Returns `None` if the text has no word or is longer than 300 characters.
    pub(super) fn new(text: &'a str, analyzer: &Analyzer) -> Option<Self> {
        let text = text.trim_start();
        if text.chars().nth(MAX_TYPED_CHARS).is_some() {
            return None;
        }
        let mut analysis = Analysis::default();
        // The analyzer joins letters around a colon into one word, but a colon also separates the name of a field from
        // the text that is searched there.
        analyzer.tokens(&text.replace(':', " "), &mut analysis);
        let terms = text_terms(&analysis);
        let last_token = analysis.tokens.last()?;
        let end = match text.get(last_token.span.end..).unwrap_or_default() {
            "" if last_token.kind == TokenKind::Han => {
                TypedEnd::Han(1 + terms.iter().rev().take_while(|term| term.joins_previous).count())
            }
            "" => TypedEnd::Word,
            rest if rest.chars().all(char::is_whitespace) => TypedEnd::Space,
            rest if rest.chars().all(|c| COMPOUND_JOINERS.contains(&c)) => TypedEnd::Joiner,
            _ => TypedEnd::Other,
        };
        Some(Self { text, terms, end })
    }

    /// Splits the terms into the finished terms and the unfinished terms at the end.
    pub(super) fn split_off_unfinished_terms(&self) -> (&[TextTerm], &[TextTerm]) {
        let unfinished_count = match self.end {
            TypedEnd::Word => 1,
            TypedEnd::Han(chars) => chars,
            TypedEnd::Space | TypedEnd::Joiner | TypedEnd::Other => 0,
        };
        self.terms.split_at(self.terms.len().saturating_sub(unfinished_count))
    }

    /// Returns the typed text between the term at `index` and the term before it. If `index` is the number of terms,
    /// returns the text after the last term.
    pub(super) fn typed_text_before_term(&self, index: usize) -> &str {
        let gap_start = index.checked_sub(1).and_then(|index| self.terms.get(index));
        let gap_start = gap_start.map_or(0, |term| term.end_byte);
        let gap_end = self.terms.get(index).map_or(self.text.len(), |term| term.start_byte);
        self.text.get(gap_start..gap_end).unwrap_or_default()
    }

    /// Returns whether the last term and the term before it form a compound, as in "A-l", "24/7" and "5G".
    pub(super) fn ends_in_compound(&self) -> bool {
        let last_index = self.terms.len().saturating_sub(1);
        last_index > 0
            && self.end == TypedEnd::Word
            && self
                .typed_text_before_term(last_index)
                .chars()
                .all(|c| COMPOUND_JOINERS.contains(&c))
    }

    /// Returns the last word as the user typed it.
    pub(super) fn last_word(&self) -> &str {
        self.terms
            .last()
            .and_then(|term| self.text.get(term.start_byte..term.end_byte))
            .unwrap_or_default()
    }

    /// Returns whether the last word consists of at least two letters, all of them capitals, as an abbreviation does.
    pub(super) fn is_abbreviation(&self) -> bool {
        let mut letters = self.last_word().chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some()
            && self.last_word().chars().nth(1).is_some()
            && letters.all(char::is_uppercase)
    }

    /// Returns whether the text contains an operator or another character of the query language.
    pub(super) fn has_query_syntax(&self) -> bool {
        self.text.contains(QUERY_SYNTAX_CHARS)
            || self.text.split_whitespace().any(|word| {
                QUERY_OPERATORS.contains(&word)
                    || word.strip_prefix('-').is_some_and(|word| !word.is_empty())
            })
    }

    /// Returns whether the text ends inside a quoted phrase.
    pub(super) fn ends_in_quotes(&self) -> bool {
        let quote_count = |quotes: &[char]| self.text.matches(quotes).count();
        quote_count(&['"']) % 2 == 1 || quote_count(&['“', '「']) > quote_count(&['”', '」'])
    }
}

/// Returns the terms of a text. Omits additional terms at the positions of other terms.
pub(super) fn text_terms(analysis: &Analysis) -> Vec<TextTerm> {
    let mut previous: Option<&Token> = None;
    let mut terms = Vec::with_capacity(analysis.tokens.len());
    for token in &analysis.tokens {
        let joins_previous = token.kind == TokenKind::Han
            && previous.is_some_and(|previous| {
                previous.kind == TokenKind::Han && previous.span.end == token.span.start
            });
        let term = analysis.term(token).to_owned();
        terms.push(TextTerm {
            term,
            joins_previous,
            start_byte: token.span.start,
            end_byte: token.span.end,
        });
        previous = Some(token);
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    #[test]
    fn unfinished_terms_are_split_from_finished_terms() {
        let analyzer = Analyzer::new(Chinese::Auto);
        for (text, expected_finished, expected_unfinished, end) in [
            ("fl", "", "fl", Some(TypedEnd::Word)),
            (" The Flying C", "the flying", "c", Some(TypedEnd::Word)),
            ("flying-c", "flying", "c", Some(TypedEnd::Word)),
            ("flying ", "flying", "", Some(TypedEnd::Space)),
            ("flying car.", "flying car", "", Some(TypedEnd::Other)),
            ("covid-", "covid", "", Some(TypedEnd::Joiner)),
            ("title:flying c", "title flying", "c", Some(TypedEnd::Word)),
            ("“flying c", "flying", "c", Some(TypedEnd::Word)),
            ("flying c😀", "flying c", "", Some(TypedEnd::Other)),
            ("大灣區建", "", "大 湾 区 建", Some(TypedEnd::Han(4))),
            ("发展，大湾区", "发 展", "大 湾 区", Some(TypedEnd::Han(3))),
            ("AI审", "ai", "审", Some(TypedEnd::Han(1))),
            ("3.9万", "3.9", "万", Some(TypedEnd::Han(1))),
            ("广州 2", "广 州", "2", Some(TypedEnd::Word)),
            ("", "", "", None),
            ("😀 …", "", "", None),
        ] {
            let typed = TypedText::new(text, &analyzer);
            let joins_previous = |terms: &[TextTerm]| {
                terms.iter().map(|term| term.term.as_str()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(typed.as_ref().map(|typed| typed.end), end, "{text}");
            let (finished, unfinished) =
                typed.as_ref().map(TypedText::split_off_unfinished_terms).unwrap_or_default();
            let actual = (joins_previous(finished), joins_previous(unfinished));
            let expected = (expected_finished.to_owned(), expected_unfinished.to_owned());
            assert_eq!(actual, expected, "{text}");
        }
        assert_eq!(TypedText::new(&"word ".repeat(100), &analyzer), None);
    }
}
