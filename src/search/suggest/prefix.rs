//! A word that is being typed → the words of the index that it may become, after those before it.

use super::{
    BUDGET, CANDIDATES, Suggestion, SuggestionKind, by_passages,
    input::{Open, Part, Typed, parts},
    next_word,
    positions::{Holders, Places},
    terms::{Frequent, most_frequent},
};
use crate::{
    analysis::{Analysis, is_stop_word},
    error::Result,
    search::context::SearchContext,
};

/// A shorter word may be the beginning of anything: what stands after it says little.
const WHOLE_WORD_CHARS: usize = 3;

/// So many words may come after phrases, which are likelier.
const WORDS_AFTER_PHRASES: usize = 3;
/// Longer ones are addresses and codes.
const MAX_CHARS: usize = 24;

/// Completions of the last word. Where words stand before it, those come first that really follow
/// them; then those that stand in a passage with them.
pub(super) fn completions(
    context: &SearchContext,
    typed: &Typed<'_>,
    candidates: &[Frequent],
) -> Result<Vec<Suggestion>> {
    let (before, open) = typed.split();
    let Some(open) = open.last() else { return Ok(Vec::new()) };
    let shown = |frequent: &Frequent, kind| {
        let rest = frequent.term.strip_prefix(&open.term).unwrap_or_default();
        typed.suggestion(rest, kind, frequent.passages)
    };
    let mut first = words_after(context, typed, open)?;
    if before.is_empty() {
        let words = candidates.iter().filter(|word| !is_stop_word(&word.term));
        first.extend(words.map(|word| shown(word, SuggestionKind::Word)));
        return Ok(by_passages(first));
    }
    let holders = Holders::of(context, before)?;
    let phrases = phrases(context, before, &holders, candidates)?;
    first.extend(phrases.iter().map(|phrase| shown(phrase, SuggestionKind::Phrase)));
    let words = together(context, &holders, candidates)?;
    let words = words.iter().filter(|word| !is_stop_word(&word.term));
    let words = by_passages(words.map(|word| shown(word, SuggestionKind::Word)).collect());
    let most = if first.is_empty() { words.len() } else { WORDS_AFTER_PHRASES };
    first = by_passages(first);
    first.extend(words.into_iter().take(most));
    Ok(first)
}

/// The most frequent words that the last one may become.
pub(super) fn candidates(context: &SearchContext, typed: &Typed<'_>) -> Result<Vec<Frequent>> {
    let Some(open) = typed.parts.last().filter(|_| typed.open == Open::Word) else {
        return Ok(Vec::new());
    };
    most_frequent(context, context.reader.fields.exact, &open.term, CANDIDATES, |term| {
        term.chars().nth(MAX_CHARS).is_none() && continues(context, typed, open, term)
    })
}

/// Whether the typed word becomes `term` when the rest of that is put after it. Where an accent, a
/// comma or a dot was typed that terms do not have, it may become something else.
fn continues(context: &SearchContext, typed: &Typed<'_>, open: &Part, term: &str) -> bool {
    let rest = term.strip_prefix(&open.term).unwrap_or_default();
    let mut analysis = Analysis::default();
    context.analyzer.tokens(&format!("{}{rest}", typed.last_word()), &mut analysis);
    matches!(parts(&analysis).as_slice(), [part] if part.term == term)
}

/// Those candidates that stand right after the words before, and in how many passages.
fn phrases(
    context: &SearchContext,
    before: &[Part],
    holders: &Holders,
    candidates: &[Frequent],
) -> Result<Vec<Frequent>> {
    let places = Places::within(context, holders, before)?;
    let mut budget = BUDGET;
    let mut found = Vec::new();
    for Frequent { term, passages } in candidates {
        let cost = places.len().min(*passages as usize);
        let Some(left) = budget.checked_sub(cost) else { continue };
        budget = left;
        let passages = places.followed(context, term)?.passages();
        found.push(Frequent { term: term.clone(), passages });
    }
    found.retain(|phrase| phrase.passages > 0);
    Ok(found)
}

/// Those candidates that stand in a passage with the words before, and in how many; all of them
/// where none does.
fn together(
    context: &SearchContext,
    holders: &Holders,
    candidates: &[Frequent],
) -> Result<Vec<Frequent>> {
    let mut found = Vec::new();
    for Frequent { term, .. } in candidates {
        let passages = holders.with(context, term)?;
        if passages > 0 {
            found.push(Frequent { term: term.clone(), passages });
        }
    }
    Ok(if found.is_empty() { candidates.to_vec() } else { found })
}

/// What follows the typed words, where the last of them may be whole.
fn words_after(context: &SearchContext, typed: &Typed<'_>, open: &Part) -> Result<Vec<Suggestion>> {
    if open.term.chars().count() < WHOLE_WORD_CHARS || is_stop_word(&open.term) {
        return Ok(Vec::new());
    }
    let places = Places::of(context, &typed.parts)?;
    let found = next_word::words(context, &typed.parts, &places, false)?;
    let shown = found.into_iter().map(|next| {
        let space = if next.han { "" } else { " " };
        typed.suggestion(&format!("{space}{}", next.word), SuggestionKind::Phrase, next.passages)
    });
    Ok(shown.collect())
}
