//! Text → [`Token`]s: the one chain for indexing, querying and highlighting.


use crate::span::Span;

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
    pub(crate) term: Span,
    /// Where it stands in the text.
    pub span: Span,
    /// Its place in the sequence of tokens, from 0. Extra forms share the position of their token.
    pub position: u32,
    /// What it is.
    pub kind: TokenKind,
}

/// A ranking term over Han characters: a word of the dictionary or a pair of neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HanWord {
    /// Index of its first token in [`Analysis::tokens`].
    pub first: u32,
    /// How many characters (tokens) it has, at least 2.
    pub chars: u32,
    /// What it is.
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
#[derive(Debug, Default)]
pub struct Analysis {
    /// Terms, one after the other.
    terms: String,
    /// The exact tokens: words unstemmed and single Han characters in one position sequence.
    pub tokens: Vec<Token>,
}
