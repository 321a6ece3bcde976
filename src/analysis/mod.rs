//! Text analysis: one chain that splits text into [`Token`]s for indexing, querying and highlighting.
//!
//! [`Analyzer::tokens`] splits text into Han characters and words (`tokens.rs`), folds characters one to one,
//! so that spans fit the original text (`fold.rs`), and normalizes the words (`normal.rs`). Numbers with units
//! (`figure/`) and stop words in capitals (`capitals.rs`) get [additional terms](ExtraToken) at their positions. A
//! further step, which only ranking needs, finds dictionary words over the Han characters (`dictionary/`).

mod capitals;
#[cfg(feature = "chinese")]
mod dictionary;
mod figure;
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

/// Version of the analysis chain. Increase the version when a change of the code gives a text other terms.
const VERSION: u32 = 2;

/// Segmentation of Chinese text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chinese {
    /// Segmentation into words of the dictionary. The first Han text that is indexed loads the dictionary.
    #[default]
    Auto,
    /// Characters and bigrams only, without a dictionary.
    Off,
}

/// Kind of a [`Token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Word of a script that puts spaces between words.
    Word,
    /// Number: digits, with points and commas between them.
    Number,
    /// Single Han character.
    Han,
}

/// Occurrence of a term in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Span of the term in the arena of the [`Analysis`]; see [`Analysis::term`].
    term: Span,
    /// Span of the token in the text.
    pub span: Span,
    /// Position in the sequence of tokens, from 0.
    pub position: u32,
    /// Kind of token.
    pub kind: TokenKind,
}

/// Additional term at the position of a [`Token`], such as 39000 at the position of 3.9 in 3.9万. Additional terms
/// change neither the positions nor the number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtraToken {
    /// Span of the term in the arena of the [`Analysis`]; see [`Analysis::extra_term`].
    term: Span,
    /// Span of the text that the term stands for: the token, with a sign before it and a multiplier or unit after it.
    pub span: Span,
    /// Position of the token.
    pub position: u32,
    /// Kind of additional term.
    pub kind: ExtraKind,
}

/// Kind of an [`ExtraToken`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraKind {
    /// Whole word that is split into letters and digits: covid19. Wildcards and regular expressions match it.
    WholeWord,
    /// Value of a number: 39000 for 3.9万, 1000000000000 for one trillion.
    Value,
    /// Value of a number with its unit: 5% for 5 per cent, £20000000 for £20m.
    Quantity,
    /// Word in capitals that is a stop word in lower case: WHO, MAY in 12 May, A in vitamin A.
    Capitals,
}

/// Dictionary word over Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HanWord {
    /// Index of the first token in [`Analysis::tokens`].
    pub first: u32,
    /// Number of characters, at least 2. Each character is a token.
    pub chars: u32,
    /// Whether the word belongs to the segmentation or lies inside a longer word.
    pub kind: HanWordKind,
}

/// Kind of a [`HanWord`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HanWordKind {
    /// Word of the segmentation. Words of the segmentation do not overlap.
    Word,
    /// Dictionary word of two or three characters inside a longer word (search mode of jieba).
    SubWord,
}

/// Tokens of one text. An `Analysis` that is filled again keeps its allocated memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Concatenated terms of all tokens, into which [`Token`] and [`ExtraToken`] have spans.
    terms: String,
    /// Tokens in text order: unstemmed words and single Han characters.
    pub tokens: Vec<Token>,
    /// Additional terms, in the order of their positions. At one position, the most specific term is the last.
    pub extras: Vec<ExtraToken>,
}

impl Analysis {
    /// Returns the normalized term of a token of this analysis.
    pub fn term(&self, token: &Token) -> &str {
        token.term.of(&self.terms)
    }

    /// Returns the additional term of this analysis.
    pub fn extra_term(&self, extra: &ExtraToken) -> &str {
        extra.term.of(&self.terms)
    }

    /// Returns the additional terms at a position.
    pub(crate) fn extras_at(&self, position: u32) -> &[ExtraToken] {
        let first = self.extras.partition_point(|extra| extra.position < position);
        let rest = self.extras.get(first..).unwrap_or_default();
        let count = rest.partition_point(|extra| extra.position == position);
        rest.get(..count).unwrap_or_default()
    }

    /// Adds an additional term. Its term is the end of the arena, from byte `term_start` on.
    fn push_extra(&mut self, term_start: usize, span: Span, position: u32, kind: ExtraKind) {
        let term = Span::new(term_start, self.terms.len());
        self.extras.push(ExtraToken { term, span, position, kind });
    }

    /// Returns the number of token positions, which is the length of the text for ranking.
    pub fn positions(&self) -> u32 {
        self.tokens.last().map_or(0, |token| token.position + 1)
    }

    /// Appends the terms of `chars` consecutive tokens, from the token with index `first`, as one word.
    pub(crate) fn push_chars(&self, first: usize, chars: usize, out: &mut String) {
        let tokens = self.tokens.get(first..first + chars).unwrap_or_default();
        out.extend(tokens.iter().map(|token| self.term(token)));
    }

    /// Returns the maximal runs of adjacent Han characters, as ranges of token indexes.
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

/// Splits text into tokens. A clone is cheap; several threads can share an analyzer.
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
    /// Returns an analyzer. Does not load the dictionary.
    pub const fn new(chinese: Chinese) -> Self {
        Self { chinese }
    }

    /// Returns the kind of segmentation of Chinese text.
    pub const fn chinese(&self) -> Chinese {
        self.chinese
    }

    /// Returns a fingerprint of the analysis. Analyzers that produce different terms have different
    /// fingerprints. An index stores the fingerprint of its analyzer.
    pub fn fingerprint(&self) -> String {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return format!("{VERSION}-{:016x}", dictionary::HASH);
        }
        format!("{VERSION}-characters")
    }

    /// Replaces the content of `analysis` with the tokens of `text`.
    pub fn tokens(&self, text: &str, analysis: &mut Analysis) {
        analysis.terms.clear();
        analysis.tokens.clear();
        analysis.extras.clear();
        tokens::push(text, analysis);
        figure::push_extras(text, analysis);
        capitals::push_extras(text, analysis);
        analysis.extras.sort_by_key(|extra| extra.position);
    }

    /// Returns the dictionary words over the Han characters of `analysis`, for indexing. The first call with Han
    /// text loads the whole dictionary.
    pub fn words(&self, analysis: &Analysis) -> Vec<HanWord> {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return analysis.han_runs().flat_map(|run| dictionary::words(analysis, run)).collect();
        }
        let _ = analysis;
        Vec::new()
    }

    /// Returns the dictionary words over the Han characters of `analysis`, for queries: the words that
    /// [`words`](Self::words) returns. Loads only the dictionary entries that occur in the text, which takes
    /// microseconds.
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

/// Normalizes the characters of a term pattern, which is a word with wildcards or a regular expression. A
/// character after a backslash stays unchanged.
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

/// Whether the dictionary contains `word`, which must be normalized as a term is. Does not load the dictionary.
pub(crate) fn is_word(word: &str) -> bool {
    #[cfg(feature = "chinese")]
    return dictionary::contains(word);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = word;
        false
    }
}

/// Returns the longest dictionary word at the start of `text`, which must be normalized as a term is. `None` if
/// no dictionary word starts `text`. Does not load the dictionary.
pub(crate) fn first_word(text: &str) -> Option<&str> {
    #[cfg(feature = "chinese")]
    return dictionary::first_word(text);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = text;
        None
    }
}

/// Returns the number of times that this process has loaded the whole dictionary. Queries never load it.
#[doc(hidden)]
pub fn dictionary_loads() -> u64 {
    #[cfg(feature = "chinese")]
    return dictionary::loads();
    #[cfg(not(feature = "chinese"))]
    0
}

#[cfg(test)]
mod throwaway {
    use super::*;
    use std::collections::HashMap;
    #[test]
    fn print_extras() {
        let Ok(path) = std::env::var("EXTRAS") else { return };
        let text = std::fs::read_to_string(&path).unwrap();
        let mut counts: HashMap<(String, String), (usize, Vec<String>)> = HashMap::new();
        let analyzer = Analyzer::new(Chinese::Off);
        let mut analysis = Analysis::default();
        let (mut tokens, started) = (0, std::time::Instant::now());
        let mut step = 0;
        for passage in text.split('\0') {
            analyzer.tokens(passage, &mut analysis);
            tokens += analysis.tokens.len();
            for extra in &analysis.extras {
                let kind = format!("{:?}", extra.kind);
                let around = |at: usize, back: bool| { let mut a = at; for _ in 0..25 { let n = if back { passage[..a].chars().next_back().map(|c| a - c.len_utf8()) } else { passage[a..].chars().next().map(|c| a + c.len_utf8()) }; if let Some(n) = n { a = n } } a };
                let e = counts.entry((kind, analysis.extra_term(extra).to_owned())).or_default();
                e.0 += 1;
                step += 7919;
                let s = format!("{}<{}>{}", &passage[around(extra.span.start, true)..extra.span.start], extra.span.of(passage), &passage[extra.span.end..around(extra.span.end, false)]);
                if e.1.len() < 4 { e.1.push(s) } else if step % e.0 < 4 { let l = e.1.len(); e.1[step % l] = s }
            }
        }
        println!("{tokens} tokens {:?}", started.elapsed());
        let mut all: Vec<_> = counts.into_iter().collect();
        all.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(b.1.0.cmp(&a.1.0)).then(a.0.1.cmp(&b.0.1)));
        for ((kind, term), (n, examples)) in all {
            println!("{kind}\t{n}\t{term}\t{}", examples.join(" ¦ ").replace('\n', "⏎"));
        }
    }
}
