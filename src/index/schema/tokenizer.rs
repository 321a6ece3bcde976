//! Encodes the analyzed terms of a field as one text, which a tantivy tokenizer splits into the terms again.
//!
//! Analysis runs once per passage, in the thread that adds the passage. Tantivy accepts a text and a tokenizer for each
//! field, so the terms are passed as one text: a space ends each term, and control characters set the positions.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::IndexedTerms;
use crate::{
    analysis::{Analysis, HanWord, stem},
    passage::Abbreviation,
};

/// Name of the tokenizer in the schema.
pub(in crate::index) const TOKENIZER_NAME: &str = "terms";

/// Prefix of a term that shares the position of the previous term.
pub(in crate::index) const SAME_POSITION_PREFIX: char = '\u{1}';
/// Pseudo-term that advances the position by [`GAP_POSITIONS`], so that no phrase or proximity query matches across the
/// gap.
pub(in crate::index) const GAP_TERM: &str = "\u{2}";
/// Number of token positions that a [`GAP_TERM`] skips.
pub(crate) const GAP_POSITIONS: u32 = 64;
/// Term that is indexed at the position of the last token of each sentence.
pub(crate) const SENTENCE_END_TERM: &str = "\u{3}";
/// Prefix of a term that maps an abbreviation to its long form. The abbreviation and the words of the long form follow
/// the prefix.
pub(in crate::index) const SHORT_FORM_PREFIX: char = '\u{4}';
/// Prefix of a term that maps a long form to its abbreviation. The stems of the long form and the abbreviation follow
/// the prefix.
pub(in crate::index) const LONG_FORM_PREFIX: char = '\u{5}';
/// Separator of the words in a term that defines an abbreviation.
const DEFINITION_WORD_SEPARATOR: char = '\u{6}';

/// Appends the encoded `terms` to `out`. If `out` is not empty, appends a [`GAP_TERM`] first.
pub(in crate::index) fn append_after_gap(terms: &str, out: &mut String) {
    append_gap(out);
    out.push_str(terms);
}

/// Appends a [`GAP_TERM`] to `out`, unless `out` is empty.
fn append_gap(out: &mut String) {
    if !out.is_empty() {
        out.push_str(GAP_TERM);
        out.push(' ');
    }
}

/// Appends the tokens of `analysis` to `out`, as encoded terms. If `out` is not empty, appends a [`GAP_TERM`] first.
/// `sentence_ends` contains the position of the last token of each sentence, in ascending order.
pub(in crate::index) fn append_tokens(
    analysis: &Analysis,
    sentence_ends: &[u32],
    out: &mut String,
) {
    append_gap(out);
    let mut remaining_sentence_ends = sentence_ends.iter().peekable();
    let mut extras = analysis.extras.iter().peekable();
    for token in &analysis.tokens {
        out.push_str(analysis.term(token));
        out.push(' ');
        while let Some(extra) = extras.next_if(|extra| extra.position == token.position) {
            out.push(SAME_POSITION_PREFIX);
            out.push_str(analysis.extra_term(extra));
            out.push(' ');
        }
        if remaining_sentence_ends.next_if(|&&end| end == token.position).is_some() {
            out.push(SAME_POSITION_PREFIX);
            out.push_str(SENTENCE_END_TERM);
            out.push(' ');
        }
    }
}

/// Appends the ranking terms of the Han text in `analysis` to `out`: every bigram, and each word of `words` with at
/// least three characters. `words` contains the dictionary words in the text. A dictionary word of two characters is
/// already a bigram.
pub(in crate::index) fn append_ranking_terms(
    analysis: &Analysis,
    words: &[HanWord],
    out: &mut String,
) {
    for run in analysis.han_runs() {
        for first_index in run.start..run.end.saturating_sub(1) {
            analysis.append_terms(first_index, 2, out);
            out.push(' ');
        }
    }
    for word in words.iter().filter(|word| word.char_count > 2) {
        analysis.append_terms(word.first_token as usize, word.char_count as usize, out);
        out.push(' ');
    }
}

/// Appends to `out` the two terms that define an abbreviation. One term begins with the abbreviation and ends with the
/// long form, and the other term begins with the long form and ends with the abbreviation.
pub(in crate::index) fn append_abbreviation_terms(
    Abbreviation { short_form, long_form }: &Abbreviation,
    out: &mut String,
) {
    let words = long_form.iter().map(String::as_str);
    for term in [
        definition_prefix_of_short_form(short_form)
            + &long_form.join(DEFINITION_WORD_SEPARATOR.encode_utf8(&mut [0; 4])),
        definition_prefix_of_long_form(words) + short_form,
    ] {
        out.push_str(&term);
        out.push(' ');
    }
}

/// Returns the prefix of the terms that define the abbreviation `short_form`. In each of these terms, a long form
/// follows the prefix. [`long_form_words`] splits the long form into words.
pub(crate) fn definition_prefix_of_short_form(short_form: &str) -> String {
    format!("{SHORT_FORM_PREFIX}{short_form}{DEFINITION_WORD_SEPARATOR}")
}

/// Returns the prefix of the terms that define an abbreviation whose long form consists of exactly `words`, in any
/// inflection. In each of these terms, the abbreviation follows the prefix.
pub(crate) fn definition_prefix_of_long_form<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut prefix = definition_prefix_of_long_form_start(words);
    prefix.push(LONG_FORM_PREFIX);
    prefix
}

/// Returns the prefix of the terms that define an abbreviation whose long form begins with `words`, in any inflection.
pub(crate) fn definition_prefix_of_long_form_start<'a>(
    words: impl Iterator<Item = &'a str>,
) -> String {
    let mut prefix = String::from(LONG_FORM_PREFIX);
    for word in words {
        prefix.push_str(&stem(word));
        prefix.push(DEFINITION_WORD_SEPARATOR);
    }
    prefix
}

/// Splits a long form into words. The long form comes from a term that defines an abbreviation.
pub(crate) fn long_form_words(long_form: &str) -> impl Iterator<Item = &str> {
    long_form.split(DEFINITION_WORD_SEPARATOR)
}

/// Tantivy tokenizer that splits a text of encoded terms into the terms, and sets their positions.
#[derive(Clone, Default)]
pub(in crate::index) struct EncodedTermTokenizer {
    /// Token that the streams of this tokenizer reuse.
    token: Token,
    /// Terms to index; `None` indexes every term.
    needed_terms: Option<Arc<IndexedTerms>>,
}

impl EncodedTermTokenizer {
    pub(in crate::index) fn new(needed_terms: Option<Arc<IndexedTerms>>) -> Self {
        Self { token: Token::default(), needed_terms }
    }
}

/// Stream of the terms in one text of encoded terms.
pub(in crate::index) struct TermStream<'a> {
    /// Encoded terms that the stream has not returned yet.
    remaining_text: &'a str,
    /// Token position of the next term that does not share the position of the previous term.
    next_position: usize,
    /// Current term with its position.
    token: &'a mut Token,
    /// Terms to index; `None` indexes every term.
    needed_terms: Option<&'a IndexedTerms>,
}

impl Tokenizer for EncodedTermTokenizer {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        let needed_terms = self.needed_terms.as_deref();
        TermStream { remaining_text: text, next_position: 0, token: &mut self.token, needed_terms }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some((term, remaining_text)) = self.remaining_text.split_once(' ') {
            self.remaining_text = remaining_text;
            if term == GAP_TERM {
                self.next_position += GAP_POSITIONS as usize;
                continue;
            }
            let term_at_same_position = term.strip_prefix(SAME_POSITION_PREFIX);
            if term_at_same_position.is_none() {
                self.token.position = self.next_position;
                self.next_position += 1;
            }
            let term = term_at_same_position.unwrap_or(term);
            if self.needed_terms.is_none_or(|needed_terms| needed_terms.contains(term)) {
                self.token.text.clear();
                self.token.text.push_str(term);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_in_encoded_terms_set_positions() {
        let mut tokenizer = EncodedTermTokenizer::default();
        let mut stream = tokenizer.token_stream("a b \u{1}bb \u{2} c ");
        let mut tokens = Vec::new();
        stream.process(&mut |token| tokens.push((token.text.clone(), token.position)));
        let expected = [("a", 0), ("b", 1), ("bb", 1), ("c", 66)];
        assert_eq!(tokens, expected.map(|(term, position)| (term.to_owned(), position)));
    }

    #[test]
    fn terms_keep_their_positions_when_others_are_skipped() {
        let needed_terms = IndexedTerms { terms: ["bb", "cars", "d"].map(str::to_owned).into() };
        let mut tokenizer = EncodedTermTokenizer::new(Some(Arc::new(needed_terms)));
        let mut stream = tokenizer.token_stream("a b \u{1}bb cars \u{2} c d ");
        let mut tokens = Vec::new();
        stream.process(&mut |token| tokens.push((token.text.clone(), token.position)));
        let expected = [("bb", 1), ("cars", 2), ("d", 68)];
        assert_eq!(tokens, expected.map(|(term, position)| (term.to_owned(), position)));
    }
}
