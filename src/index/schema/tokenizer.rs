//! Encodes analyzed terms as one text, and splits this text again in a tantivy tokenizer.
//!
//! Analysis runs once per passage, in the thread that adds the passage. Tantivy accepts a text and a tokenizer for each
//! field, so the terms
//! are passed as one text: a space ends each term, and control characters set the positions.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::IndexedTerms;
use crate::{
    analysis::{Analysis, HanWord, stem},
    passage::Abbreviation,
};

/// Name of the tokenizer in the schema.
pub(in crate::index) const NAME: &str = "terms";

/// Prefix of a term that shares the position of the term before it.
pub(in crate::index) const SAME_POSITION: char = '\u{1}';
/// Pseudo-term that advances the position by [`GAP_POSITIONS`], so that no phrase or proximity query matches across the
/// gap.
pub(in crate::index) const GAP: &str = "\u{2}";
/// Number of positions that a gap skips.
pub(crate) const GAP_POSITIONS: u32 = 64;
/// Term that shares the position of the last token of a sentence.
pub(crate) const SENTENCE_END: &str = "\u{3}";
/// Prefix of a definition term that starts with the abbreviation and ends with the long form.
pub(in crate::index) const SHORT_FORM: char = '\u{4}';
/// Prefix of a definition term that starts with the stems of the long form and ends with the abbreviation.
pub(in crate::index) const LONG_FORM: char = '\u{5}';
/// Separator of the words in definition terms.
const WORD_SEPARATOR: char = '\u{6}';

/// Appends encoded terms, after a gap if `out` is not empty.
pub(in crate::index) fn push_after_gap(terms: &str, out: &mut String) {
    push_gap(out);
    out.push_str(terms);
}

fn push_gap(out: &mut String) {
    if !out.is_empty() {
        out.push_str(GAP);
        out.push(' ');
    }
}

/// Appends the exact tokens of `analysis`, after a gap if `out` is not empty. `sentence_ends` are the positions of the
/// last tokens of
/// sentences, in order.
pub(in crate::index) fn push_tokens(analysis: &Analysis, sentence_ends: &[u32], out: &mut String) {
    push_gap(out);
    let mut ends = sentence_ends.iter().peekable();
    for (index, token) in analysis.tokens.iter().enumerate() {
        if token.extra {
            out.push(SAME_POSITION);
        }
        out.push_str(analysis.term(token));
        out.push(' ');
        let goes_on = analysis.tokens.get(index + 1).is_some_and(|next| next.extra);
        if !goes_on && ends.next_if(|&&end| end == token.position).is_some() {
            out.push(SAME_POSITION);
            out.push_str(SENTENCE_END);
            out.push(' ');
        }
    }
}

/// Appends the ranking terms of Han text: every bigram, and each dictionary word of at least three characters (a word
/// of two is a
/// bigram).
pub(in crate::index) fn push_ranking_terms(
    analysis: &Analysis,
    words: &[HanWord],
    out: &mut String,
) {
    for run in analysis.han_runs() {
        for first in run.start..run.end.saturating_sub(1) {
            analysis.push_chars(first, 2, out);
            out.push(' ');
        }
    }
    for word in words.iter().filter(|word| word.chars > 2) {
        analysis.push_chars(word.first as usize, word.chars as usize, out);
        out.push(' ');
    }
}

/// Appends the definition of an abbreviation as two terms: from the abbreviation to the long form, and from the long
/// form to the
/// abbreviation.
pub(in crate::index) fn push_definition(
    Abbreviation { short_form, long_form }: &Abbreviation,
    out: &mut String,
) {
    let words = long_form.iter().map(String::as_str);
    for term in [
        long_forms_of(short_form) + &long_form.join(WORD_SEPARATOR.encode_utf8(&mut [0; 4])),
        short_forms_of(words) + short_form,
    ] {
        out.push_str(&term);
        out.push(' ');
    }
}

/// Returns the prefix of the terms that define the abbreviation `short`. In each of these terms a long form follows the
/// prefix;
/// [`words_of`] splits it.
pub(crate) fn long_forms_of(short: &str) -> String {
    format!("{SHORT_FORM}{short}{WORD_SEPARATOR}")
}

/// Returns the prefix of the terms that define an abbreviation of exactly `words`, in any inflection. In each of these
/// terms the
/// abbreviation follows the prefix.
pub(crate) fn short_forms_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut key = begun_with(words);
    key.push(LONG_FORM);
    key
}

/// Returns the prefix of the terms that define an abbreviation whose long form begins with `words`, in any inflection.
pub(crate) fn begun_with<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut key = String::from(LONG_FORM);
    for word in words {
        key.push_str(&stem(word));
        key.push(WORD_SEPARATOR);
    }
    key
}

/// Splits the long form in a definition term into words.
pub(crate) fn words_of(long: &str) -> impl Iterator<Item = &str> {
    long.split(WORD_SEPARATOR)
}

/// Tantivy tokenizer that splits encoded terms and sets their positions.
#[derive(Clone, Default)]
pub(in crate::index) struct EncodedTerms {
    token: Token,
    /// Terms to index; `None` indexes every term.
    needed: Option<Arc<IndexedTerms>>,
}

impl EncodedTerms {
    pub(in crate::index) fn new(needed: Option<Arc<IndexedTerms>>) -> Self {
        Self { token: Token::default(), needed }
    }
}

/// Stream of the terms in one text.
pub(in crate::index) struct TermStream<'a> {
    rest: &'a str,
    next_position: usize,
    token: &'a mut Token,
    needed: Option<&'a IndexedTerms>,
}

impl Tokenizer for EncodedTerms {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        self.token.reset();
        let needed = self.needed.as_deref();
        TermStream { rest: text, next_position: 0, token: &mut self.token, needed }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some((term, rest)) = self.rest.split_once(' ') {
            self.rest = rest;
            if term == GAP {
                self.next_position += GAP_POSITIONS as usize;
                continue;
            }
            let shared = term.strip_prefix(SAME_POSITION);
            if shared.is_none() {
                self.token.position = self.next_position;
                self.next_position += 1;
            }
            let term = shared.unwrap_or(term);
            if self.needed.is_none_or(|needed| needed.contains(term)) {
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
    fn control_characters_steer_positions() {
        let mut terms = EncodedTerms::default();
        let mut stream = terms.token_stream("a b \u{1}bb \u{2} c ");
        let mut seen = Vec::new();
        stream.process(&mut |token| seen.push((token.text.clone(), token.position)));
        let expected = [("a", 0), ("b", 1), ("bb", 1), ("c", 66)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }

    #[test]
    fn skipped_terms_keep_positions() {
        let needed = IndexedTerms { terms: ["bb", "cars", "d"].map(str::to_owned).into() };
        let mut terms = EncodedTerms::new(Some(Arc::new(needed)));
        let mut stream = terms.token_stream("a b \u{1}bb cars \u{2} c d ");
        let mut seen = Vec::new();
        stream.process(&mut |token| seen.push((token.text.clone(), token.position)));
        let expected = [("bb", 1), ("cars", 2), ("d", 68)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }
}
