//! Completes a word that a user is typing by terms of the index with that prefix. Terms that occur after the preceding
//! words come first.

use super::{
    input::{OpenEnd, TextTerm, TypedText, text_terms},
    next_word,
    positions::{PassageSet, PhraseEnds},
    suggestion::{MAX_CANDIDATES, POSITION_BUDGET, Suggestion, SuggestionKind, by_passages},
    terms::{IndexTerm, most_frequent_terms},
};
use crate::{
    analysis::{Analysis, is_stop_word},
    error::Result,
    search::context::SearchContext,
};

/// Minimum length in characters at which the last word may be a finished word, so that next words are suggested. A
/// shorter word is mostly the beginning of another word.
const MIN_FINISHED_CHARS: usize = 3;
/// Maximum number of single words that are suggested after phrases, which are more likely.
const WORDS_AFTER_PHRASES: usize = 3;
/// Maximum length in characters of a suggested term. Longer terms are addresses and codes.
const MAX_TERM_CHARS: usize = 24;

/// Returns completions of the last word. If other words precede it, completions that directly follow these words in a
/// passage come first, then completions that occur in the same passage.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<Suggestion>> {
    let (before, open) = typed.split_open();
    let Some(open) = open.last() else { return Ok(Vec::new()) };
    let completion = |term: &IndexTerm, kind| {
        let rest = term.term.strip_prefix(&open.term).unwrap_or_default();
        typed.suggestion(rest, kind, term.doc_freq)
    };
    let word_completions = |terms: &[IndexTerm]| -> Vec<Suggestion> {
        let words = terms.iter().filter(|term| !is_stop_word(&term.term));
        words.map(|word| completion(word, SuggestionKind::Word)).collect()
    };
    let mut suggestions = words_after(context, typed, open)?;
    if before.is_empty() {
        suggestions.extend(word_completions(candidates));
        return Ok(by_passages(suggestions));
    }
    let passages = PassageSet::with_terms(context, before)?;
    let phrases = phrases(context, before, &passages, candidates)?;
    suggestions.extend(phrases.iter().map(|phrase| completion(phrase, SuggestionKind::Phrase)));
    let words = by_passages(word_completions(&co_occurring(context, &passages, candidates)?));
    let max_words = if suggestions.is_empty() { words.len() } else { WORDS_AFTER_PHRASES };
    suggestions = by_passages(suggestions);
    suggestions.extend(words.into_iter().take(max_words));
    Ok(suggestions)
}

/// Returns the most frequent terms that complete the last word.
pub(super) fn candidates(context: &SearchContext, typed: &TypedText<'_>) -> Result<Vec<IndexTerm>> {
    let Some(open) = typed.terms.last().filter(|_| typed.end == OpenEnd::Word) else {
        return Ok(Vec::new());
    };
    most_frequent_terms(context, context.reader.fields.exact, &open.term, MAX_CANDIDATES, |term| {
        term.chars().nth(MAX_TERM_CHARS).is_none() && completes(context, typed, open, term)
    })
}

/// Returns whether the typed word, continued with the rest of `term`, is analyzed as `term`. The result can be another
/// term if the user typed an accent, comma or dot, which analysis removes.
fn completes(context: &SearchContext, typed: &TypedText<'_>, open: &TextTerm, term: &str) -> bool {
    let rest = term.strip_prefix(&open.term).unwrap_or_default();
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&format!("{}{rest}", typed.last_word()), &mut analysis);
    matches!(text_terms(&analysis).as_slice(), [only] if only.term == term)
}

/// Returns the candidates that directly follow the words `before` in a passage, each with the number of such passages.
fn phrases(
    context: &SearchContext,
    before: &[TextTerm],
    passages: &PassageSet,
    candidates: &[IndexTerm],
) -> Result<Vec<IndexTerm>> {
    let ends = PhraseEnds::within(context, passages, before)?;
    let mut budget = POSITION_BUDGET;
    let mut phrases = Vec::new();
    for IndexTerm { term, doc_freq } in candidates {
        let cost = ends.len().min(*doc_freq as usize);
        let Some(rest) = budget.checked_sub(cost) else { continue };
        budget = rest;
        let doc_freq = ends.followed_by(context, term)?.passage_count();
        phrases.push(IndexTerm { term: term.clone(), doc_freq });
    }
    phrases.retain(|phrase| phrase.doc_freq > 0);
    Ok(phrases)
}

/// Returns the candidates that occur in `passages`, each with the number of `passages` that contain it. Returns all
/// candidates if `passages` contain none.
fn co_occurring(
    context: &SearchContext,
    passages: &PassageSet,
    candidates: &[IndexTerm],
) -> Result<Vec<IndexTerm>> {
    let mut terms = Vec::new();
    for IndexTerm { term, .. } in candidates {
        let doc_freq = passages.count_with(context, term)?;
        if doc_freq > 0 {
            terms.push(IndexTerm { term: term.clone(), doc_freq });
        }
    }
    Ok(if terms.is_empty() { candidates.to_vec() } else { terms })
}

/// Returns the words that follow the typed text in passages, in case the last typed word is finished.
fn words_after(
    context: &SearchContext,
    typed: &TypedText<'_>,
    open: &TextTerm,
) -> Result<Vec<Suggestion>> {
    if open.term.chars().count() < MIN_FINISHED_CHARS || is_stop_word(&open.term) {
        return Ok(Vec::new());
    }
    let ends = PhraseEnds::of(context, &typed.terms)?;
    let next_words = next_word::next_words(context, &typed.terms, &ends, false)?.into_iter();
    let suggestions = next_words.map(|next| {
        let space = if next.is_han { "" } else { " " };
        typed.suggestion(&format!("{space}{}", next.word), SuggestionKind::Phrase, next.passages)
    });
    Ok(suggestions.collect())
}
