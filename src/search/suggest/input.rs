//! Analyzes the text that a user is typing into terms, and determines which of the terms may be unfinished.

use super::suggestion::{Suggestion, SuggestionKind};
use crate::{
    analysis::{Analysis, Analyzer, Token, TokenKind, fold_text},
    script::is_han,
};

/// Maximum length in characters of a text that is completed. A longer text was pasted, not typed.
const MAX_TYPED_CHARS: usize = 300;

/// A text that a user is typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedText<'a> {
    /// The text as typed, without leading space. Every completion begins with this text.
    pub(super) text: &'a str,
    /// The words and Han characters of the text as terms of the index, in text order. Never empty.
    pub(super) terms: Vec<TextTerm>,
    /// The end of the text, which determines what a completion continues.
    pub(super) end: TypedEnd,
}

/// A word or a Han character of a text, as a term of the field `exact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextTerm {
    pub(super) term: String,
    /// Whether the term is a Han character that directly follows another Han character.
    pub(super) joined: bool,
    /// Byte offset of the term in the text.
    pub(super) start: usize,
}

/// The end of a typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypedEnd {
    /// A word or number, which may be unfinished. This is the last term.
    Word,
    /// A run of this many Han characters, each of which is a term.
    Han(usize),
    /// A space, after which the next word follows.
    Space,
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
        analyzer.tokens(text, &mut analysis);
        let terms = text_terms(&analysis);
        let last_token = analysis.tokens.last()?;
        let end = match text.get(last_token.span.end..).unwrap_or_default() {
            "" if last_token.kind == TokenKind::Han => {
                TypedEnd::Han(1 + terms.iter().rev().take_while(|term| term.joined).count())
            }
            "" => TypedEnd::Word,
            rest if rest.chars().all(char::is_whitespace) => TypedEnd::Space,
            _ => TypedEnd::Other,
        };
        Some(Self { text, terms, end })
    }

    /// Splits the terms into the finished terms and the unfinished terms at the end.
    pub(super) fn split_unfinished(&self) -> (&[TextTerm], &[TextTerm]) {
        let unfinished_count = match self.end {
            TypedEnd::Word => 1,
            TypedEnd::Han(chars) => chars,
            TypedEnd::Space | TypedEnd::Other => 0,
        };
        self.terms.split_at(self.terms.len().saturating_sub(unfinished_count))
    }

    /// Returns the suggestion that continues the typed text with `rest`.
    pub(super) fn suggestion(&self, rest: &str, kind: SuggestionKind, passages: u64) -> Suggestion {
        Suggestion { text: format!("{}{rest}", self.text), kind, passages }
    }

    /// Returns the last word as typed.
    pub(super) fn last_word(&self) -> &str {
        let start = self.terms.last().map_or(0, |term| term.start);
        self.text.get(start..).unwrap_or_default()
    }

    /// Returns whether the text contains a Traditional character or a character variant.
    pub(super) fn is_traditional(&self) -> bool {
        let folded_text = fold_text(self.text);
        self.text.chars().zip(folded_text.chars()).any(|(c, folded)| is_han(c) && c != folded)
    }
}

/// Returns the terms of a text, without additional terms at their positions.
pub(super) fn text_terms(analysis: &Analysis) -> Vec<TextTerm> {
    let mut previous: Option<&Token> = None;
    let mut terms = Vec::with_capacity(analysis.tokens.len());
    for token in &analysis.tokens {
        let joined = token.kind == TokenKind::Han
            && previous.is_some_and(|previous| {
                previous.kind == TokenKind::Han && previous.span.end == token.span.start
            });
        let term = analysis.term(token).to_owned();
        terms.push(TextTerm { term, joined, start: token.span.start });
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
            let joined = |terms: &[TextTerm]| {
                terms.iter().map(|term| term.term.as_str()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(typed.as_ref().map(|typed| typed.end), end, "{text}");
            let (finished, unfinished) =
                typed.as_ref().map(TypedText::split_unfinished).unwrap_or_default();
            let actual = (joined(finished), joined(unfinished));
            let expected = (expected_finished.to_owned(), expected_unfinished.to_owned());
            assert_eq!(actual, expected, "{text}");
        }
        assert_eq!(TypedText::new(&"word ".repeat(100), &analyzer), None);
    }
}
