//! Completes a word that a user is typing to terms of the index that begin with this word. Terms that occur after the
//! preceding words come first.

use std::collections::BTreeMap;

use super::{
    completion::{Completion, sort_by_passages},
    input::{TextTerm, TypedEnd, TypedText},
    next_word,
    positions::{PassageSet, PhraseEnds},
    spelling::Speller,
    suggestion::{MAX_COMPARED_POSITIONS, MAX_COMPLETION_CANDIDATES, SuggestionKind},
    terms::{IndexTerm, doc_freq, most_frequent_terms},
};
use crate::{analysis::is_stop_word, error::Result, search::context::SearchContext};

/// Minimum length of the last word, in characters, at which the word may be finished, so that next words are suggested
/// too. A shorter word is mostly the beginning of another word.
const MIN_FINISHED_WORD_CHARS: usize = 2;
/// Maximum number of single words that are suggested after phrases. Phrases are more likely.
const MAX_WORDS_AFTER_PHRASES: usize = 3;
/// Maximum number of passages that are read to find completions that occur with the preceding words. If the preceding
/// words are rare, the word after them is mostly not among the most frequent completions.
const MAX_PASSAGES_READ_FOR_COMPLETIONS: usize = 200;
/// Maximum number of completions found in passage texts that are then counted in the whole index.
const MAX_COMPLETIONS_FROM_PASSAGES: usize = 50;
/// Maximum length of a suggested term, in characters. Longer terms are addresses and codes.
const MAX_SUGGESTED_TERM_CHARS: usize = 24;

/// Returns completions of the last word. If other words precede the last word, completions that directly follow these
/// words in a passage come first, then completions that only occur in a passage with these words.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
    speller: &mut Speller<'_>,
) -> Result<Vec<Completion>> {
    let (preceding_terms, unfinished) = typed.split_off_unfinished_terms();
    let Some(unfinished) = unfinished.last() else { return Ok(Vec::new()) };
    let word_completions = |terms: &[IndexTerm]| -> Vec<Completion> {
        let content_words = terms.iter().filter(|term| !is_stop_word(&term.term));
        content_words
            .map(|word| completion(typed, preceding_terms.len(), word, SuggestionKind::Word))
            .collect()
    };
    let mut completions = next_words_after(context, typed, unfinished)?;
    if preceding_terms.is_empty() {
        completions.extend(word_completions(candidates));
        return Ok(sort_by_passages(completions));
    }
    let passages = PassageSet::with_terms(context, preceding_terms)?;
    let phrase_ends = PhraseEnds::within_passages(context, &passages, preceding_terms)?;
    let candidates = add_completions_from_passages(
        context,
        typed,
        (&passages, &phrase_ends),
        candidates,
        speller,
    )?;
    // An operator or a field name lies between the words, so only the last word is completed.
    let first_index =
        if typed.has_query_syntax() && !typed.ends_in_quotes() { preceding_terms.len() } else { 0 };
    let phrases = candidates_following_phrase(context, &phrase_ends, &candidates)?;
    completions.extend(
        phrases.iter().map(|phrase| completion(typed, first_index, phrase, SuggestionKind::Phrase)),
    );
    completions = sort_by_passages(completions);
    if typed.ends_in_compound() || typed.ends_in_quotes() {
        return Ok(completions);
    }
    let mut co_occurring = candidates_in_passages(context, &passages, &candidates)?;
    if co_occurring.is_empty() && typed.has_query_syntax() {
        co_occurring = candidates;
    }
    // A number that occurs elsewhere in the passage is unrelated to the preceding words.
    co_occurring.retain(|term| !term.term.starts_with(|c: char| c.is_ascii_digit()));
    let words = sort_by_passages(word_completions(&co_occurring));
    let max_words = if completions.is_empty() { words.len() } else { MAX_WORDS_AFTER_PHRASES };
    completions.extend(words.into_iter().take(max_words));
    Ok(completions)
}

/// Returns the completion in which `term` replaces the last typed word. The phrase of the completion begins with the
/// typed term at index `first_term`.
fn completion(
    typed: &TypedText<'_>,
    first_term: usize,
    term: &IndexTerm,
    kind: SuggestionKind,
) -> Completion {
    Completion::completing_last_term(typed, first_term, &term.term, kind, term.doc_freq)
}

/// Returns the most frequent terms that complete the last word.
pub(super) fn completion_candidates(
    context: &SearchContext,
    typed: &TypedText<'_>,
) -> Result<Vec<IndexTerm>> {
    let Some(unfinished) = typed.terms.last().filter(|_| typed.end == TypedEnd::Word) else {
        return Ok(Vec::new());
    };
    let field = context.reader.fields.exact_terms;
    most_frequent_terms(context, field, &unfinished.term, MAX_COMPLETION_CANDIDATES, |term| {
        term.chars().nth(MAX_SUGGESTED_TERM_CHARS).is_none()
    })
}

/// Returns `candidates` and further completions of the last word, found in the texts of passages with the preceding
/// words. Reads a sample of these `passages`. Passages in which the preceding words occur as a phrase are read first;
/// `phrase_ends` contains the occurrences of this phrase.
fn add_completions_from_passages(
    context: &SearchContext,
    typed: &TypedText<'_>,
    (passages, phrase_ends): (&PassageSet, &PhraseEnds),
    candidates: &[IndexTerm],
    speller: &mut Speller<'_>,
) -> Result<Vec<IndexTerm>> {
    let Some(unfinished) = typed.terms.last() else { return Ok(Vec::new()) };
    if candidates.len() < MAX_COMPLETION_CANDIDATES {
        return Ok(candidates.to_vec());
    }
    let mut sample_passages = phrase_ends.sample(MAX_PASSAGES_READ_FOR_COMPLETIONS);
    let other_passages = passages.sample(MAX_PASSAGES_READ_FOR_COMPLETIONS - sample_passages.len());
    sample_passages.extend(
        other_passages
            .into_iter()
            .filter(|passage| !sample_passages.contains(passage))
            .collect::<Vec<_>>(),
    );
    // For each term: the number of times that it follows the preceding words, and the number of its occurrences.
    let mut counts_by_term: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let preceding_terms = typed.split_off_unfinished_terms().0;
    for passage in sample_passages {
        for text in speller.texts_of_passage(passage)?.iter() {
            for (index, term) in text.terms.iter().enumerate() {
                if !is_completion(&term.term, &unfinished.term) {
                    continue;
                }
                let (following, occurrences) = counts_by_term.entry(term.term.clone()).or_default();
                let terms_before =
                    text.terms.get(index.saturating_sub(preceding_terms.len())..index);
                *following +=
                    u32::from(terms_before.is_some_and(|terms_before| {
                        have_equal_terms(terms_before, preceding_terms)
                    }));
                *occurrences += 1;
            }
        }
    }
    for candidate in candidates {
        counts_by_term.remove(&candidate.term);
    }
    let mut terms: Vec<_> = counts_by_term.into_iter().collect();
    terms.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
    let mut candidates = candidates.to_vec();
    for (term, _) in terms.into_iter().take(MAX_COMPLETIONS_FROM_PASSAGES) {
        let doc_freq = doc_freq(context, context.reader.fields.exact_terms, &term)?;
        candidates.push(IndexTerm { term, doc_freq });
    }
    Ok(candidates)
}

/// Returns whether `term` begins with `typed`, is longer than `typed`, and has at most [`MAX_SUGGESTED_TERM_CHARS`]
/// characters.
fn is_completion(term: &str, typed: &str) -> bool {
    term.len() > typed.len()
        && term.starts_with(typed)
        && term.chars().nth(MAX_SUGGESTED_TERM_CHARS).is_none()
}

/// Returns whether two sequences have equal terms in the same order.
fn have_equal_terms(terms: &[TextTerm], expected_terms: &[TextTerm]) -> bool {
    terms.iter().map(|term| &term.term).eq(expected_terms.iter().map(|term| &term.term))
}

/// Returns the candidates that directly follow the phrase with the occurrences `phrase_ends` in a passage, each with
/// the number of these passages.
fn candidates_following_phrase(
    context: &SearchContext,
    phrase_ends: &PhraseEnds,
    candidates: &[IndexTerm],
) -> Result<Vec<IndexTerm>> {
    let mut budget = MAX_COMPARED_POSITIONS;
    let mut phrases = Vec::new();
    for IndexTerm { term, doc_freq } in candidates {
        let position_count = phrase_ends.len().min(*doc_freq as usize);
        let Some(remaining_budget) = budget.checked_sub(position_count) else { continue };
        budget = remaining_budget;
        let doc_freq = phrase_ends.followed_by(context, term)?.passage_count();
        phrases.push(IndexTerm { term: term.clone(), doc_freq });
    }
    phrases.retain(|phrase| phrase.doc_freq > 0);
    Ok(phrases)
}

/// Returns the candidates that occur in `passages`, each with the number of `passages` that contain the candidate.
fn candidates_in_passages(
    context: &SearchContext,
    passages: &PassageSet,
    candidates: &[IndexTerm],
) -> Result<Vec<IndexTerm>> {
    let mut terms = Vec::new();
    for IndexTerm { term, .. } in candidates {
        let doc_freq = passages.count_with_term(context, term)?;
        if doc_freq > 0 {
            terms.push(IndexTerm { term: term.clone(), doc_freq });
        }
    }
    Ok(terms)
}

/// Returns completions by the words that follow the typed text in passages, for the case that the last typed word is
/// finished.
fn next_words_after(
    context: &SearchContext,
    typed: &TypedText<'_>,
    last_word: &TextTerm,
) -> Result<Vec<Completion>> {
    if typed.has_query_syntax() && !typed.ends_in_quotes()
        || !may_last_word_be_finished(typed, last_word)
    {
        return Ok(Vec::new());
    }
    let phrase_ends = PhraseEnds::of_phrase(context, &typed.terms)?;
    let next_words = next_word::next_words(context, &typed.terms, &phrase_ends, false)?.into_iter();
    let completions = next_words.map(|next| {
        let kind = SuggestionKind::Phrase;
        Completion::with_added_word(typed, 0, (&next.word, false), kind, next.passages)
    });
    Ok(completions.collect())
}

/// Returns whether the last word may be finished. True for an abbreviation, a part of a compound, a word with a digit
/// or an apostrophe, and any word of at least [`MIN_FINISHED_WORD_CHARS`] characters except stop words.
fn may_last_word_be_finished(typed: &TypedText<'_>, last_word: &TextTerm) -> bool {
    let word = typed.last_word();
    typed.is_abbreviation()
        || typed.ends_in_compound()
        || word.contains(|c: char| c.is_ascii_digit() || matches!(c, '\'' | '’'))
        || (last_word.term.chars().count() >= MIN_FINISHED_WORD_CHARS
            && !is_stop_word(&last_word.term))
}
