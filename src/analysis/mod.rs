//! Text → [`Token`]s: the one chain for indexing, querying and highlighting.
//!
//! Characters are folded one to one, so spans stay those of the original; then text is cut into Han
//! characters and words (UAX #29); then terms are normalized. Dictionary words over the Han
//! characters are a second step, which only ranking needs.

#[cfg(feature = "chinese")]
mod dictionary;
mod fnv;
mod fold;
mod normal;
mod number;
#[cfg(feature = "chinese")]
pub(crate) mod pinyin;
mod spelling;
mod stem;
mod stop_words;
mod tokens;

use std::ops::Range;

pub(crate) use self::{fnv::fnv1a, stop_words::is_stop_word};
pub use self::{fold::fold_char, spelling::other_spellings, stem::stem};
use crate::span::Span;

/// Bump it when the same text gives other terms than before.
const VERSION: u32 = 1;

/// Whether Chinese words are told apart, or only characters and their pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chinese {
    /// Segment Han text with the dictionary; it is loaded when the first Han text is indexed.
    #[default]
    Auto,
    /// Characters and pairs only: no dictionary is ever loaded.
    Off,
}

/// What kind of token a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word in a script that separates words.
    Word,
    /// A number; it may be followed by an extra token at the same position, its normal form.
    Number,
    /// One Han character.
    Han,
}

/// One occurrence of a term in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where its term stands in the arena of its [`Analysis`]; read it with [`Analysis::term`].
    term: Span,
    /// Where it stands in the text.
    pub span: Span,
    /// Its place in the sequence of tokens, from 0. Extra forms share the position of their token.
    pub position: u32,
    /// What it is.
    pub kind: TokenKind,
    /// Another form of the token before it, at the same position: 39000 for 3.9万, whose span covers
    /// what follows as well.
    pub extra: bool,
}

/// A dictionary word over Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HanWord {
    /// Index of its first token in [`Analysis::tokens`].
    pub first: u32,
    /// How many characters (tokens) it has, at least 2.
    pub chars: u32,
    /// How it was found.
    pub kind: HanWordKind,
}

/// How a [`HanWord`] was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HanWordKind {
    /// On the best path of the segmentation: these do not overlap each other.
    Word,
    /// A dictionary word of two or three characters inside a longer one (search mode).
    SubWord,
}

/// The tokens of one text. Reuse it for many texts: it keeps its memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Terms, one after the other.
    terms: String,
    /// The exact tokens: words unstemmed and single Han characters in one position sequence.
    pub tokens: Vec<Token>,
}

impl Analysis {
    /// The normalized term of one of its tokens.
    pub fn term(&self, token: &Token) -> &str {
        token.term.of(&self.terms)
    }

    /// How many positions the text has: its length for ranking.
    pub fn positions(&self) -> u32 {
        self.tokens.last().map_or(0, |token| token.position + 1)
    }

    /// Appends the terms of `chars` tokens from the one with index `first`, as one word.
    pub(crate) fn push_chars(&self, first: usize, chars: usize, out: &mut String) {
        let tokens = self.tokens.get(first..first + chars).unwrap_or_default();
        out.extend(tokens.iter().map(|token| self.term(token)));
    }

    /// The stretches of Han characters with nothing between them, as indexes of tokens.
    pub(crate) fn han_runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let is_han = |token: &Token| token.kind == TokenKind::Han;
            next += self.tokens.get(next..)?.iter().position(is_han)?;
            let start = next;
            next += 1;
            while let Some([before, after]) = self.tokens.get(next - 1..=next)
                && is_han(after)
                && before.span.end == after.span.start
            {
                next += 1;
            }
            Some(start..next)
        })
    }
}

/// Cuts text into tokens. Cheap to clone; may be used from many threads.
///
/// ```
/// use gz_search::analysis::{Analysis, Analyzer, Chinese};
///
/// let mut analysis = Analysis::default();
/// Analyzer::new(Chinese::Auto).tokens("The city’s ３９,０００ 廣州人", &mut analysis);
/// let terms: Vec<_> = analysis.tokens.iter().map(|token| analysis.term(token)).collect();
/// assert_eq!(terms, ["the", "city", "39000", "广", "州", "人"]);
/// ```
#[derive(Debug, Clone)]
pub struct Analyzer {
    chinese: Chinese,
}

impl Analyzer {
    /// An analyzer; nothing is loaded yet.
    pub const fn new(chinese: Chinese) -> Self {
        Self { chinese }
    }

    /// Whether it tells Chinese words apart.
    pub const fn chinese(&self) -> Chinese {
        self.chinese
    }

    /// Changes whenever the same text would give other terms; an index remembers it.
    pub fn fingerprint(&self) -> String {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return format!("{VERSION}-{:016x}", dictionary::HASH);
        }
        format!("{VERSION}-characters")
    }

    /// Puts the exact tokens of `text` in `analysis`, in place of what it held.
    pub fn tokens(&self, text: &str, analysis: &mut Analysis) {
        analysis.terms.clear();
        analysis.tokens.clear();
        tokens::push(text, analysis);
    }

    /// The dictionary words over the Han characters of `analysis`, by the whole dictionary: for
    /// indexing. The first call with Han text loads it.
    pub fn words(&self, analysis: &Analysis) -> Vec<HanWord> {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return analysis.han_runs().flat_map(|run| dictionary::words(analysis, run)).collect();
        }
        let _ = analysis;
        Vec::new()
    }

    /// The same words, by only those entries of the dictionary that occur in the text: for queries,
    /// in microseconds.
    pub fn query_words(&self, analysis: &Analysis) -> Vec<HanWord> {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return analysis
                .han_runs()
                .flat_map(|run| dictionary::query_words(analysis, run))
                .collect();
        }
        let _ = analysis;
        Vec::new()
    }
}

/// A pattern over terms (a word with wildcards, a regular expression) with its letters as terms have
/// them; what a backslash stands before stays as it is.
pub(crate) fn normalize_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c == '\\' {
            pattern.push(c);
            pattern.extend(characters.next());
        } else {
            pattern.extend(normal::pattern_char(c));
        }
    }
    pattern
}

/// Whether the dictionary has `word`, written as terms are. Nothing is loaded for it.
pub(crate) fn is_word(word: &str) -> bool {
    #[cfg(feature = "chinese")]
    return dictionary::has(word);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = word;
        false
    }
}

/// The longest dictionary word that `text` begins with, written as terms are. Nothing is loaded.
pub(crate) fn first_word(text: &str) -> Option<&str> {
    #[cfg(feature = "chinese")]
    return dictionary::first_word(text);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = text;
        None
    }
}

/// How often this process has loaded the whole dictionary: never by a query.
#[doc(hidden)]
pub fn dictionary_loads() -> u64 {
    #[cfg(feature = "chinese")]
    return dictionary::loads();
    #[cfg(not(feature = "chinese"))]
    0
}
