//! Completes a word that a user is typing to terms of the index with this prefix. Terms that occur after the preceding
//! words come first.

use super::{
    input::{TextTerm, TypedEnd, TypedText, text_terms},
    next_word,
    positions::{PassageSet, PhraseEnds},
    suggestion::{MAX_CANDIDATES, POSITION_BUDGET, Suggestion, SuggestionKind, sort_by_passages},
    terms::{IndexTerm, most_frequent_terms},
};
use crate::{
    analysis::{Analysis, is_stop_word},
    error::Result,
    search::context::SearchContext,
};

/// Minimum length in characters at which the last word may be finished, so that next words are suggested too. A shorter
/// word is mostly the beginning of another word.
const MIN_FINISHED_CHARS: usize = 3;
/// Maximum number of single words that are suggested after phrases. Phrases are more likely.
const MAX_WORDS_AFTER_PHRASES: usize = 3;
/// Maximum length in characters of a suggested term. Longer terms are addresses and codes.
const MAX_TERM_CHARS: usize = 24;

/// Returns completions of the last word. If other words precede the last word, completions that directly follow these
/// words in a passage come first, then completions that only occur in a passage with these words.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<Suggestion>> {
    let (preceding, unfinished) = typed.split_unfinished();
    let Some(unfinished) = unfinished.last() else { return Ok(Vec::new()) };
    let completion = |term: &IndexTerm, kind| {
        let rest = term.term.strip_prefix(&unfinished.term).unwrap_or_default();
        typed.suggestion(rest, kind, term.doc_freq)
    };
    let word_completions = |terms: &[IndexTerm]| -> Vec<Suggestion> {
        let words = terms.iter().filter(|term| !is_stop_word(&term.term));
        words.map(|word| completion(word, SuggestionKind::Word)).collect()
    };
    let mut suggestions = next_words_after(context, typed, unfinished)?;
    if preceding.is_empty() {
        suggestions.extend(word_completions(candidates));
        return Ok(sort_by_passages(suggestions));
    }
    let passages = PassageSet::with_terms(context, preceding)?;
    let phrases = following_candidates(context, preceding, &passages, candidates)?;
    suggestions.extend(phrases.iter().map(|phrase| completion(phrase, SuggestionKind::Phrase)));
    let words = sort_by_passages(word_completions(&co_occurring_candidates(
        context, &passages, candidates,
    )?));
    let max_words = if suggestions.is_empty() { words.len() } else { MAX_WORDS_AFTER_PHRASES };
    suggestions = sort_by_passages(suggestions);
    suggestions.extend(words.into_iter().take(max_words));
    Ok(suggestions)
}

/// Returns the most frequent terms that complete the last word.
pub(super) fn candidates(context: &SearchContext, typed: &TypedText<'_>) -> Result<Vec<IndexTerm>> {
    let Some(unfinished) = typed.terms.last().filter(|_| typed.end == TypedEnd::Word) else {
        return Ok(Vec::new());
    };
    most_frequent_terms(
        context,
        context.reader.fields.exact,
        &unfinished.term,
        MAX_CANDIDATES,
        |term| {
            term.chars().nth(MAX_TERM_CHARS).is_none()
                && is_completion(context, typed, unfinished, term)
        },
    )
}

/// Returns whether the typed word, continued with the rest of `term`, is analyzed as `term`. The analysis can give
/// another term if the user typed an accent, comma or dot, which analysis removes.
fn is_completion(
    context: &SearchContext,
    typed: &TypedText<'_>,
    unfinished: &TextTerm,
    term: &str,
) -> bool {
    let rest = term.strip_prefix(&unfinished.term).unwrap_or_default();
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&format!("{}{rest}", typed.last_word()), &mut analysis);
    matches!(text_terms(&analysis).as_slice(), [only] if only.term == term)
}

/// Returns the candidates that directly follow the words `preceding` in a passage, each with the number of these
/// passages.
fn following_candidates(
    context: &SearchContext,
    preceding: &[TextTerm],
    passages: &PassageSet,
    candidates: &[IndexTerm],
) -> Result<Vec<IndexTerm>> {
    let ends = PhraseEnds::within(context, passages, preceding)?;
    let mut budget = POSITION_BUDGET;
    let mut phrases = Vec::new();
    for IndexTerm { term, doc_freq } in candidates {
        let cost = ends.len().min(*doc_freq as usize);
        let Some(remaining_budget) = budget.checked_sub(cost) else { continue };
        budget = remaining_budget;
        let doc_freq = ends.followed_by(context, term)?.passage_count();
        phrases.push(IndexTerm { term: term.clone(), doc_freq });
    }
    phrases.retain(|phrase| phrase.doc_freq > 0);
    Ok(phrases)
}

/// Returns the candidates that occur in `passages`, each with the number of `passages` that contain the candidate.
/// Returns all candidates if none occurs in `passages`.
fn co_occurring_candidates(
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

/// Returns suggestions of words that follow the typed text in passages, in case the last typed word is finished.
fn next_words_after(
    context: &SearchContext,
    typed: &TypedText<'_>,
    last_word: &TextTerm,
) -> Result<Vec<Suggestion>> {
    if last_word.term.chars().count() < MIN_FINISHED_CHARS || is_stop_word(&last_word.term) {
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
