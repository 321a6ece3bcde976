//! Analyzes text: splits it into [`Token`]s, in the same way for indexing, queries and highlighting.
//!
//! [`Analyzer::tokens`] splits text into Han characters and words (`tokens.rs`), and normalizes the words
//! (`normal.rs`). Folding (`fold.rs`, `word_fold.rs`) replaces one character by one character, so that spans fit the
//! original text. Stop words in capitals (`capitals.rs`) and words after an elided article (`elision.rs`) get
//! additional terms ([`ExtraToken`]) at their positions; [`fact`](crate::fact) adds the terms of numbers and periods.
//! Only ranking needs a further step, which finds the dictionary words that the Han characters form (`dictionary/`).

mod capitals;
#[cfg(feature = "chinese")]
mod dictionary;
mod dotted;
mod elision;
mod fnv;
mod fold;
mod inflection;
mod letters;
mod normal;
mod number;
#[cfg(feature = "chinese")]
pub(crate) mod pinyin;
mod spelling;
mod stem;
mod stop_words;
mod tokens;
mod word_fold;
mod word_lists;

use std::{ops::Range, sync::Arc};

pub(crate) use self::word_lists::{MAX_SYNONYMS, MAX_WORD_LIST_BYTES, list_too_large_message};
pub(crate) use self::{
    capitals::{abbreviation_term, push_may_as_name_in_query},
    fnv::fnv1a,
    inflection::is_known_word,
    stop_words::is_stop_word,
};
pub use self::{
    fold::fold_char,
    inflection::inflections,
    spelling::other_spellings,
    stem::stem,
    word_fold::fold_text,
    word_lists::{WordList, WordListProblem, WordLists},
};
use crate::span::Span;

/// Version of the analysis chain. Increase the version with every code change that changes the terms of a text,
/// including the terms of its quantities and periods ([`fact`](crate::fact)).
const ANALYSIS_VERSION: u32 = 5;

/// Method by which Chinese text is segmented into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chinese {
    /// Segments Han text into words of the dictionary. Indexing loads the whole dictionary only if a text contains Han
    /// characters.
    #[default]
    Auto,
    /// Uses no dictionary: Han text consists of characters and bigrams.
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
    /// Span of the term in the string `terms` of the [`Analysis`]; see [`Analysis::term`].
    term: Span,
    /// Span of the token in the text.
    pub span: Span,
    /// Position of the token in the sequence of tokens, from 0.
    pub position: u32,
    /// Kind of token.
    pub kind: TokenKind,
    /// Whether the token and the token before it are Han characters of one run: nothing is between them, or only what a
    /// reader does not see or what pads a short name (李　强).
    adjoins_previous_han: bool,
}

/// Additional term at the position of a [`Token`], such as 39000 at the position of 3.9 in 3.9万. Additional terms
/// change neither the positions nor the number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtraToken {
    /// Span of the term in the string `terms` of the [`Analysis`]; see [`Analysis::extra_term`].
    term: Span,
    /// Span of the text that the term stands for, such as all of 3.9万. The span may be longer or shorter than the
    /// token.
    pub span: Span,
    /// Position of the token to which the term is added.
    pub position: u32,
    /// Kind of additional term.
    pub kind: ExtraKind,
}

/// Kind of an [`ExtraToken`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraKind {
    /// Whole word of letters and digits, such as covid19. Its letters and its digits are separate tokens. Wildcards
    /// and regular expressions match the whole word.
    WholeWord,
    /// Value of a number: 39000 for 3.9万, 1000000000000 for one trillion.
    Value,
    /// Value of a number that counts things, in the encoding of [`fact`](crate::fact).
    Count,
    /// Value of a number with its unit, in the encoding of [`fact`](crate::fact).
    Quantity,
    /// First and last day of an expression of time, in the encoding of [`fact`](crate::fact).
    Period,
    /// Word in capitals that is a stop word in lower case: WHO, MAY in 12 May, A in vitamin A.
    Capitals,
    /// Word after an elided article, pronoun or preposition: union for l’Union. The span begins after the apostrophe.
    AfterElision,
}

/// Dictionary word that consists of Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HanWord {
    /// Index of the first token of the word in [`Analysis::tokens`].
    pub first_token: u32,
    /// Number of characters of the word, at least 2. Each character is a token.
    pub char_count: u32,
    /// Kind of the word: a word of the segmentation, or a shorter word inside such a word.
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

/// Tokens of one text. An `Analysis` can be reused for another text without a new allocation.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Terms of all tokens and additional tokens, one after the other. Each [`Token`] and [`ExtraToken`] contains the
    /// span of its term in this string.
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

    /// Returns the term of an additional token of this analysis.
    pub fn extra_term(&self, extra: &ExtraToken) -> &str {
        extra.term.of(&self.terms)
    }

    /// Returns the additional terms at a token position.
    pub(crate) fn extra_tokens_at(&self, position: u32) -> &[ExtraToken] {
        let first_index = self.extras.partition_point(|extra| extra.position < position);
        let later_extras = self.extras.get(first_index..).unwrap_or_default();
        let extra_count = later_extras.partition_point(|extra| extra.position == position);
        later_extras.get(..extra_count).unwrap_or_default()
    }

    /// Adds an additional term. The caller has already appended the text of the term to `terms`, from the byte offset
    /// `term_start` on.
    fn push_extra_token(&mut self, term_start: usize, span: Span, position: u32, kind: ExtraKind) {
        let term = Span::new(term_start, self.terms.len());
        self.extras.push(ExtraToken { term, span, position, kind });
    }

    /// Adds an additional term at the position of the first token in `span`. The span of the additional term ends where
    /// a token ends. Does nothing if no token begins in `span`, or a token begins before `span` and ends in it. Call
    /// [`sort_extra_tokens`](Self::sort_extra_tokens) after the last call of this method.
    pub(crate) fn add_extra_term_at_span(&mut self, term: &str, span: Span, kind: ExtraKind) {
        let first_index = self.tokens.partition_point(|token| token.span.end <= span.start);
        let from_first = self.tokens.get(first_index..).unwrap_or_default();
        let covered_count = from_first.partition_point(|token| token.span.start < span.end);
        let covered = from_first.get(..covered_count).unwrap_or_default();
        let Some((first, last)) = covered.first().zip(covered.last()) else { return };
        if first.span.start < span.start {
            return;
        }
        let span = Span::new(span.start, span.end.max(last.span.end));
        let term_start = self.terms.len();
        let position = first.position;
        self.terms.push_str(term);
        self.push_extra_token(term_start, span, position, kind);
    }

    /// Adds the value of a number as an additional term. Adds nothing if the first token of the number already has this
    /// value as its term.
    pub(crate) fn add_number_value(&mut self, value: &str, span: Span) {
        let first_index = self.tokens.partition_point(|token| token.span.end <= span.start);
        let first_token = self.tokens.get(first_index);
        if first_token.is_none_or(|token| self.term(token) != value) {
            self.add_extra_term_at_span(value, span, ExtraKind::Value);
        }
    }

    /// Sorts the additional terms by position. Terms at the same position keep the order in which they were added.
    pub(crate) fn sort_extra_tokens(&mut self) {
        self.extras.sort_by_key(|extra| extra.position);
    }

    /// Returns the most specific term of a word, by which a query searches the word: the capitals of a stop word in
    /// capitals (WHO), the word after an elided article (union for l’Union), or else the term of the token.
    pub(crate) fn most_specific_term(&self, token: &Token) -> &str {
        let extras = self.extra_tokens_at(token.position);
        let extra_of_kind = |kind| extras.iter().find(|extra| extra.kind == kind);
        let extra =
            extra_of_kind(ExtraKind::Capitals).or_else(|| extra_of_kind(ExtraKind::AfterElision));
        extra.map_or_else(|| self.term(token), |extra| self.extra_term(extra))
    }

    /// Returns the number of token positions. Ranking uses this number as the length of the text.
    pub fn position_count(&self) -> u32 {
        self.tokens.last().map_or(0, |token| token.position + 1)
    }

    /// Appends the terms of `token_count` consecutive tokens to `out`, without separators. `first_token` is the index
    /// of the first of these tokens.
    pub(crate) fn append_terms(&self, first_token: usize, token_count: usize, out: &mut String) {
        let tokens = self.tokens.get(first_token..first_token + token_count).unwrap_or_default();
        out.extend(tokens.iter().map(|token| self.term(token)));
    }

    /// Returns the maximal runs of adjacent Han characters, as ranges of token indexes. Invisible characters do not end
    /// a run, nor do spaces between single characters.
    pub(crate) fn han_runs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut next_index = 0;
        std::iter::from_fn(move || {
            let is_han = |token: &Token| token.kind == TokenKind::Han;
            next_index += self.tokens.get(next_index..)?.iter().position(is_han)?;
            let run_start = next_index;
            next_index += 1;
            while let Some(after) = self.tokens.get(next_index)
                && after.adjoins_previous_han
            {
                next_index += 1;
            }
            Some(run_start..next_index)
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
    /// Method by which Chinese text is segmented into words.
    chinese: Chinese,
    /// Word lists of the user. `None` if there are none.
    word_lists: Option<Arc<WordLists>>,
}

impl Analyzer {
    /// Returns an analyzer. Does not load the dictionary.
    pub const fn new(chinese: Chinese) -> Self {
        Self { chinese, word_lists: None }
    }

    /// Returns the same analyzer with the word lists of the user. The lists affect only queries.
    pub(crate) fn with_word_lists(self, word_lists: Option<Arc<WordLists>>) -> Self {
        Self { word_lists, ..self }
    }

    /// Returns whether `term` is a stop word: a normalized word, a Han character or a Chinese word.
    pub(crate) fn is_stop_word(&self, term: &str) -> bool {
        let listed = self.word_lists().and_then(|lists| lists.is_stop_word(term));
        listed.unwrap_or_else(|| is_stop_word(term))
    }

    /// Returns whether `term` is a protected word of the user, which matches only in exactly this form.
    pub(crate) fn is_protected(&self, term: &str) -> bool {
        self.word_lists().is_some_and(|lists| lists.is_protected(term))
    }

    /// Returns the word lists of the user. `None` if there are none.
    pub(crate) fn word_lists(&self) -> Option<&WordLists> {
        self.word_lists.as_deref()
    }

    /// Returns the method by which Chinese text is segmented into words.
    pub const fn chinese(&self) -> Chinese {
        self.chinese
    }

    /// Returns a fingerprint of the analysis. Analyzers that produce different terms have different
    /// fingerprints. An index stores the fingerprint of its analyzer.
    pub fn fingerprint(&self) -> String {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return format!("{ANALYSIS_VERSION}-{:016x}", dictionary::MAP_HASH);
        }
        format!("{ANALYSIS_VERSION}-characters")
    }

    /// Replaces the content of `analysis` with the tokens of `text`.
    pub fn tokens(&self, text: &str, analysis: &mut Analysis) {
        analysis.terms.clear();
        analysis.tokens.clear();
        analysis.extras.clear();
        tokens::push_tokens(text, analysis);
        capitals::push_name_and_acronym_terms(text, analysis);
        analysis.sort_extra_tokens();
    }

    /// Returns the dictionary words that the Han characters of `analysis` form, for indexing. The first call
    /// with Han text loads the whole dictionary.
    pub fn words(&self, analysis: &Analysis) -> Vec<HanWord> {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            return analysis
                .han_runs()
                .flat_map(|run| dictionary::segment_with_whole_dictionary(analysis, run))
                .collect();
        }
        let _ = analysis;
        Vec::new()
    }

    /// Returns the dictionary words that the Han characters of `analysis` form, for queries. The segmentation is the
    /// same as that of [`words`](Self::words), except for the words of the user. Loads only the dictionary words that
    /// occur in the text, which takes microseconds.
    pub fn query_words(&self, analysis: &Analysis) -> Vec<HanWord> {
        #[cfg(feature = "chinese")]
        if self.chinese == Chinese::Auto {
            let user_words = self.word_lists().map(WordLists::dictionary_words);
            return analysis
                .han_runs()
                .flat_map(|run| {
                    dictionary::segment_with_partial_dictionary(analysis, run, user_words)
                })
                .collect();
        }
        let _ = analysis;
        Vec::new()
    }
}

/// Normalizes a pattern, which is a word with wildcards or a regular expression, in the same way as terms. A character
/// after a backslash stays unchanged.
pub(crate) fn normalize_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    let folded_text = fold_text(text);
    let mut characters = text.chars().zip(folded_text.chars());
    while let Some((c, folded)) = characters.next() {
        if c == '\\' {
            pattern.push(c);
            pattern.extend(characters.next().map(|(escaped, _)| escaped));
        } else {
            pattern.extend(normal::normalize_pattern_char(folded));
        }
    }
    pattern
}

/// Returns whether the dictionary contains `word`. The word must be normalized in the same way as a term. Does not load
/// the dictionary.
pub(crate) fn is_dictionary_word(word: &str) -> bool {
    #[cfg(feature = "chinese")]
    return dictionary::is_word_of_dictionary(word);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = word;
        false
    }
}

/// Returns the longest dictionary word at the start of `text`. `None` if `text` does not begin with a
/// dictionary word. The text must be normalized in the same way as a term. Does not load the dictionary.
pub(crate) fn longest_word_at_start(text: &str) -> Option<&str> {
    #[cfg(feature = "chinese")]
    return dictionary::longest_word_at_start(text);
    #[cfg(not(feature = "chinese"))]
    {
        let _ = text;
        None
    }
}

/// Returns the number of times that this process has loaded the whole dictionary. Queries never load the whole
/// dictionary.
#[doc(hidden)]
pub fn dictionary_load_count() -> u64 {
    #[cfg(feature = "chinese")]
    return dictionary::whole_dictionary_load_count();
    #[cfg(not(feature = "chinese"))]
    0
}
