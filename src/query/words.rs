//! Words of unquoted text: selects the tokens of an analyzed text that become leaves of the query plan.

use std::ops::Range;

use super::tree::{Alternative, PhraseSlot, TermPattern};
use crate::analysis::{Analysis, Analyzer, HanWordKind, TokenKind, is_stop_word, stem};

/// Word of a text that becomes a leaf of the query plan.
pub(super) struct ParsedWord {
    pub(super) alternative: Alternative,
    /// Position of the word's first token in the text.
    pub(super) position: u32,
    pub(super) position_count: u32,
}

/// Returns the Chinese words of a text: dictionary words, and bigrams of the characters outside dictionary
/// words. These characters mostly belong to names. Without a dictionary, all characters are outside dictionary
/// words. If `with_stop_words` is false, omits dictionary words that consist of stop words (什么).
pub(super) fn han_words(
    analyzer: &Analyzer,
    analysis: &Analysis,
    with_stop_words: bool,
) -> Vec<ParsedWord> {
    let words: Vec<Range<usize>> = analyzer
        .query_words(analysis)
        .iter()
        .filter(|word| word.kind == HanWordKind::Word)
        .map(|word| word.first as usize..(word.first + word.chars) as usize)
        .collect();
    let is_outside_words = |index: usize| {
        let token = analysis.tokens.get(index);
        token.is_some_and(|token| !is_stop_word(analysis.term(token)))
            && !words.iter().any(|word| word.contains(&index))
    };
    let bigrams = analysis.han_runs().flat_map(|run| {
        let first_indexes = run.start..run.end.saturating_sub(1);
        first_indexes
            .filter(|&first| is_outside_words(first) && is_outside_words(first + 1))
            .map(|first| first..first + 2)
    });
    let content_words =
        words.iter().filter(|word| with_stop_words || has_content(analysis, word)).cloned();
    content_words.chain(bigrams).filter_map(|range| han_word(analysis, range)).collect()
}

/// Whether a Chinese word is neither a stop word nor composed of stop words alone.
fn has_content(analysis: &Analysis, range: &Range<usize>) -> bool {
    let mut word = String::new();
    analysis.push_chars(range.start, range.len(), &mut word);
    let tokens = analysis.tokens.get(range.clone()).unwrap_or_default();
    !is_stop_word(&word) && !tokens.iter().all(|token| is_stop_word(analysis.term(token)))
}

/// Returns the Chinese word that consists of the tokens in `range`. `None` if the range is empty or out of
/// bounds.
fn han_word(analysis: &Analysis, range: Range<usize>) -> Option<ParsedWord> {
    let position_count = range.len() as u32;
    let tokens = analysis.tokens.get(range)?;
    let slots = tokens
        .iter()
        .enumerate()
        .map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)));
    Some(ParsedWord {
        alternative: Alternative::contiguous(slots.collect()),
        position: tokens.first()?.position,
        position_count,
    })
}

/// Returns the words of a text that are not Chinese. If `with_stop_words` is true, also returns stop words and
/// single Han characters.
pub(super) fn other_words(analysis: &Analysis, with_stop_words: bool) -> Vec<ParsedWord> {
    let mut words: Vec<ParsedWord> = Vec::new();
    for (index, token) in analysis.tokens.iter().enumerate() {
        let term = analysis.term(token);
        let is_stop_word = token.kind == TokenKind::Han || is_stop_word(term);
        let position = token.position;
        // A number with a multiplier is searched in its normal form: 3.9万 as 39000.
        let has_normal_form = analysis.tokens.get(index + 1).is_some_and(|next| next.extra);
        // The multiplier (万, million) belongs to the normal form and is not a separate word.
        let is_covered =
            words.last().is_some_and(|last| position < last.position + last.position_count);
        if has_normal_form || is_covered || (is_stop_word && !with_stop_words) {
            continue;
        }
        let token_end = token.span.end;
        let following_tokens = analysis.tokens.get(index..).unwrap_or_default();
        let covered_tokens = following_tokens
            .iter()
            .take_while(|other| other.span.start < token_end)
            .filter(|other| !other.extra);
        let position_count = if token.extra { 1 + covered_tokens.count() as u32 } else { 1 };
        let pattern = TermPattern::Stem { term: term.to_owned(), stem: stem(term).into_owned() };
        let slots = vec![PhraseSlot::pattern(0, pattern)];
        words.push(ParsedWord {
            alternative: Alternative::phrase(slots),
            position,
            position_count,
        });
    }
    words
}
