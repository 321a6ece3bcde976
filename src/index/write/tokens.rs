//! Terms → one string that the engine's tokenizer only has to cut apart.
//!
//! Analysis runs once per passage, in the thread that adds it. tantivy wants a text and a tokenizer
//! for each field, so the terms travel as a text: a space ends a term, two marks steer positions.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::{
    analysis::{Analysis, HanWord, stem},
    index::IndexedTerms,
    passage::Abbreviation,
};

/// Name of the tokenizer below in the schema.
pub(in crate::index) const TERMS: &str = "terms";

/// Before a term: it shares the position of the term before it.
const SAME: char = '\u{1}';
/// Instead of a term: the next one stands far away, so that nothing that is asked to be near does.
const GAP: &str = "\u{2}";
/// How far.
pub(crate) const GAP_POSITIONS: u32 = 64;
/// The term that shares the position of the last token of a sentence.
pub(crate) const SENTENCE_END: &str = "\u{3}";
/// Before an abbreviation, in the term of its definition.
const SHORT: char = '\u{4}';
/// Before the stems of a long form, in the other term of its definition.
const LONG: char = '\u{5}';
/// Between the words of both.
const NEXT: char = '\u{6}';

/// Appends what was made of another text, after a gap where `out` holds something already.
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

/// Appends the exact tokens of `analysis`, after a gap where `out` holds some already, and marks
/// where sentences end.
pub(in crate::index) fn push_tokens(analysis: &Analysis, sentence_ends: &[u32], out: &mut String) {
    push_gap(out);
    let mut ends = sentence_ends.iter().peekable();
    for (index, token) in analysis.tokens.iter().enumerate() {
        if token.extra {
            out.push(SAME);
        }
        out.push_str(analysis.term(token));
        out.push(' ');
        let goes_on = analysis.tokens.get(index + 1).is_some_and(|next| next.extra);
        if !goes_on && ends.next_if(|&&end| end == token.position).is_some() {
            out.push(SAME);
            out.push_str(SENTENCE_END);
            out.push(' ');
        }
    }
}

/// Appends what ranks Han text: every pair of neighbours, and the dictionary words of three and more
/// characters (a word of two is a pair).
pub(in crate::index) fn push_words(analysis: &Analysis, words: &[HanWord], out: &mut String) {
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

/// Appends a definition as two terms, by which the long form is found from the abbreviation and the
/// other way round.
pub(in crate::index) fn push_definition(
    Abbreviation { short_form: short, long_form: long }: &Abbreviation,
    out: &mut String,
) {
    let words = long.iter().map(String::as_str);
    for term in [
        long_forms_of(short) + &long.join(NEXT.encode_utf8(&mut [0; 4])),
        short_forms_of(words) + short,
    ] {
        out.push_str(&term);
        out.push(' ');
    }
}

/// Whether a term is one of a definition.
#[cfg(feature = "cluster")]
pub(crate) fn is_definition(term: &str) -> bool {
    term.starts_with([SHORT, LONG])
}

/// What the terms of definitions of `short` begin with; after it come the words of a long form, which
/// [`words_of`] tells apart.
pub(crate) fn long_forms_of(short: &str) -> String {
    format!("{SHORT}{short}{NEXT}")
}

/// What the terms of definitions by `words`, in any form, begin with; after it comes the abbreviation.
pub(crate) fn short_forms_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut key = begun_with(words);
    key.push(LONG);
    key
}

/// What the terms of definitions by `words` and others after them begin with.
pub(crate) fn begun_with<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut key = String::from(LONG);
    for word in words {
        key.push_str(&stem(word));
        key.push(NEXT);
    }
    key
}

/// The words of a long form.
pub(crate) fn words_of(long: &str) -> impl Iterator<Item = &str> {
    long.split(NEXT)
}

/// The terms of a text that [`push_tokens`] joined: stretches of neighbours, with a gap between two, and then the
/// terms that share a position with another.
#[cfg(feature = "cluster")]
pub(crate) fn stretches(text: &str) -> (Vec<Vec<&str>>, Vec<&str>) {
    let (mut stretches, mut shared) = (vec![Vec::new()], Vec::new());
    for term in text.split(' ').filter(|term| !term.is_empty()) {
        match term.strip_prefix(SAME) {
            _ if term == GAP => stretches.push(Vec::new()),
            Some(same) if same == SENTENCE_END => {}
            Some(same) => shared.push(same),
            None => stretches.last_mut().into_iter().for_each(|last| last.push(term)),
        }
    }
    (stretches, shared)
}

/// Cuts apart what [`push_tokens`] joined.
#[derive(Clone, Default)]
pub(in crate::index) struct Terms {
    token: Token,
    /// The others are left out; none where all are needed.
    needed: Option<Arc<IndexedTerms>>,
}

impl Terms {
    pub(in crate::index) fn new(needed: Option<Arc<IndexedTerms>>) -> Self {
        Self { token: Token::default(), needed }
    }
}

/// The stream of [`Terms`].
pub(in crate::index) struct TermStream<'a> {
    rest: &'a str,
    next_position: usize,
    token: &'a mut Token,
    needed: Option<&'a IndexedTerms>,
}

impl Tokenizer for Terms {
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
            let same = term.strip_prefix(SAME);
            if same.is_none() {
                self.token.position = self.next_position;
                self.next_position += 1;
            }
            let term = same.unwrap_or(term);
            if self.needed.is_none_or(|needed| needed.have(term)) {
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
    fn positions_follow_the_marks() {
        let mut terms = Terms::default();
        let mut stream = terms.token_stream("a b \u{1}bb \u{2} c ");
        let mut seen = Vec::new();
        stream.process(&mut |token| seen.push((token.text.clone(), token.position)));
        let expected = [("a", 0), ("b", 1), ("bb", 1), ("c", 66)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }

    #[test]
    fn what_is_left_out_leaves_its_place() {
        let terms = ["bb", "d"].map(str::to_owned).into();
        let needed = IndexedTerms { terms, prefixes: vec!["ca".to_owned()] };
        let mut terms = Terms::new(Some(Arc::new(needed)));
        let mut stream = terms.token_stream("a b \u{1}bb cars \u{2} c d ");
        let mut seen = Vec::new();
        stream.process(&mut |token| seen.push((token.text.clone(), token.position)));
        let expected = [("bb", 1), ("cars", 2), ("d", 68)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }

    #[cfg(feature = "cluster")]
    #[test]
    fn stretches_follow_the_marks() {
        let (stretches, shared) = stretches("a b \u{1}bb \u{1}\u{3} \u{2} c ");
        assert_eq!((stretches, shared), (vec![vec!["a", "b"], vec!["c"]], vec!["bb"]));
    }
}
