//! What somebody has typed so far → its parts, and which of them is still open.

use super::{Suggestion, SuggestionKind};
use crate::{
    analysis::{Analysis, Analyzer, Token, TokenKind, fold_char},
    script::is_han,
};

/// Longer texts are pasted, not typed.
const MAX_CHARS: usize = 300;

/// A text that may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed<'a> {
    /// As it was typed, without leading space: a completion begins with it.
    pub(super) text: &'a str,
    /// What the index calls its words and Han characters, in order; at least one.
    pub(super) parts: Vec<Part>,
    /// What a completion completes.
    pub(super) open: Open,
}

/// A term of the field `exact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The term itself.
    pub(super) term: String,
    /// A Han character with nothing between it and the one before it.
    pub(super) joined: bool,
    /// Where it begins in the text.
    pub(super) start: usize,
}

/// The end of a text that is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// A word or number: the last part, perhaps not all of it.
    Word,
    /// So many Han characters: the last parts.
    Han(usize),
    /// Space: a word is to follow.
    Space,
    /// Anything else: a full stop, a quote, a symbol. No word is being typed.
    Closed,
}

impl<'a> Typed<'a> {
    /// Reads `text`; none where it holds no word, or too much to have been typed.
    pub(super) fn new(text: &'a str, analyzer: &Analyzer) -> Option<Self> {
        let text = text.trim_start();
        if text.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        let mut analysis = Analysis::default();
        analyzer.tokens(text, &mut analysis);
        let parts = parts(&analysis);
        let last = analysis.tokens.iter().rfind(|token| !token.extra)?;
        let open = match text.get(last.span.end..).unwrap_or_default() {
            "" if last.kind == TokenKind::Han => {
                Open::Han(1 + parts.iter().rev().take_while(|part| part.joined).count())
            }
            "" => Open::Word,
            rest if rest.chars().all(char::is_whitespace) => Open::Space,
            _ => Open::Closed,
        };
        Some(Self { text, parts, open })
    }

    /// The parts before the one that is open, and that.
    pub(super) fn split(&self) -> (&[Part], &[Part]) {
        let open = match self.open {
            Open::Word => 1,
            Open::Han(chars) => chars,
            Open::Space | Open::Closed => 0,
        };
        self.parts.split_at(self.parts.len().saturating_sub(open))
    }

    /// The text with `rest` after it.
    pub(super) fn suggestion(&self, rest: &str, kind: SuggestionKind, passages: u64) -> Suggestion {
        Suggestion { text: format!("{}{rest}", self.text), kind, passages }
    }

    /// The last word as it was typed.
    pub(super) fn last_word(&self) -> &str {
        let start = self.parts.last().map_or(0, |part| part.start);
        self.text.get(start..).unwrap_or_default()
    }

    /// Whether Traditional characters or variants were typed.
    pub(super) fn is_traditional(&self) -> bool {
        self.text.chars().any(|c| is_han(c) && fold_char(c) != c)
    }
}

/// The terms of a text that take a position of their own.
pub(super) fn parts(analysis: &Analysis) -> Vec<Part> {
    let mut before: Option<&Token> = None;
    let mut found = Vec::with_capacity(analysis.tokens.len());
    for token in analysis.tokens.iter().filter(|token| !token.extra) {
        let joined = token.kind == TokenKind::Han
            && before.is_some_and(|before| {
                before.kind == TokenKind::Han && before.span.end == token.span.start
            });
        let term = analysis.term(token).to_owned();
        found.push(Part { term, joined, start: token.span.start });
        before = Some(token);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    #[test]
    fn the_open_end_is_told() {
        let analyzer = Analyzer::new(Chinese::Auto);
        for (text, before, open, kind) in [
            ("fl", "", "fl", Some(Open::Word)),
            (" The Flying C", "the flying", "c", Some(Open::Word)),
            ("flying-c", "flying", "c", Some(Open::Word)),
            ("flying ", "flying", "", Some(Open::Space)),
            ("flying car.", "flying car", "", Some(Open::Closed)),
            ("“flying c", "flying", "c", Some(Open::Word)),
            ("flying c😀", "flying c", "", Some(Open::Closed)),
            ("大灣區建", "", "大 湾 区 建", Some(Open::Han(4))),
            ("发展，大湾区", "发 展", "大 湾 区", Some(Open::Han(3))),
            ("AI审", "ai", "审", Some(Open::Han(1))),
            ("3.9万", "3.9", "万", Some(Open::Han(1))),
            ("广州 2", "广 州", "2", Some(Open::Word)),
            ("", "", "", None),
            ("😀 …", "", "", None),
        ] {
            let typed = Typed::new(text, &analyzer);
            let shown = |parts: &[Part]| {
                parts.iter().map(|part| part.term.as_str()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(typed.as_ref().map(|typed| typed.open), kind, "{text}");
            let (left, right) = typed.as_ref().map(Typed::split).unwrap_or_default();
            assert_eq!((shown(left).as_str(), shown(right).as_str()), (before, open), "{text}");
        }
        assert_eq!(Typed::new(&"word ".repeat(100), &analyzer), None);
    }
}
