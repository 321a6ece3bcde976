//! Spelling correction of words that occur nowhere: the closest word of the index by edit distance.

use std::collections::BTreeMap;

use super::occurs_nowhere;
use crate::{
    analysis::stem,
    error::Result,
    query::{Alternative, Note, NoteKind, PhraseSlot, QueryPlan, TermPattern, TextField},
    search::{
        expansion::{expand_terms, nearest_term},
        statistics::Statistics,
    },
};

/// Least length in characters of a word whose closest spelling is searched at once: one edit away, with the same first
/// letter.
const MIN_CERTAIN_CHARS: usize = 5;
/// Least length in characters of a word that may have two edits.
const MIN_TWO_EDITS_CHARS: usize = 6;
/// Least length in characters of a word that is corrected. Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;
/// Largest number of words of a query that are corrected.
const MAX_WORDS: usize = 16;

/// A word that occurs nowhere, and the word of the index for it.
pub(super) type Correction = (String, String);

/// Adds to each long word that occurs nowhere the closest spelling as an inexact alternative, if there is little doubt.
/// Returns the corrections.
pub(super) fn add_closest_spellings(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    let mut looked_up = 0;
    for leaf in plan.leaves.iter_mut().filter(|leaf| leaf.adds_score()) {
        let Some(word) = leaf.single_word().map(str::to_owned) else { continue };
        let is_long = word.chars().count() >= MIN_CERTAIN_CHARS;
        if !is_long || leaf.field != TextField::Body || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        looked_up += 1;
        if looked_up > MAX_WORDS {
            break;
        }
        let Some(closest) = closest_word(&word, 1, statistics)? else { continue };
        if closest.chars().next() != word.chars().next() {
            continue;
        }
        let slot = PhraseSlot::pattern(0, any_inflection(&closest));
        leaf.alternatives.push(Alternative { exact: false, ..Alternative::phrase(vec![slot]) });
        corrections.push((word, closest));
    }
    Ok(corrections)
}

/// Replaces words that occur nowhere by the closest words of the index. Returns the corrections, each once.
pub(super) fn correct(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<Correction>> {
    let mut corrections: Vec<Correction> = Vec::new();
    let mut closest_words: BTreeMap<String, Option<String>> = BTreeMap::new();
    for leaf in plan.leaves.iter_mut().filter(|leaf| leaf.positive && leaf.boost > 0.0) {
        let Some(word) = leaf.single_word().map(str::to_owned) else { continue };
        if leaf.field != TextField::Body || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        if !closest_words.contains_key(&word) {
            if closest_words.len() >= MAX_WORDS {
                break;
            }
            let edits = if word.chars().count() >= MIN_TWO_EDITS_CHARS { 2 } else { 1 };
            closest_words.insert(word.clone(), closest_word(&word, edits, statistics)?);
        }
        let Some(closest) = closest_words.get(&word).cloned().flatten() else { continue };
        leaf.alternatives.truncate(1);
        for slot in leaf.alternatives.iter_mut().flat_map(|alternative| &mut alternative.slots) {
            slot.pattern = any_inflection(&closest);
        }
        if !corrections.iter().any(|(corrected, _)| *corrected == word) {
            corrections.push((word, closest));
        }
    }
    if !corrections.is_empty() {
        expand_terms(plan, statistics, &mut Vec::new())?;
    }
    Ok(corrections)
}

/// Returns the note for a correction that was searched for.
pub(super) fn correction_note((word, closest): &Correction) -> Note {
    Note::new(NoteKind::Corrected, format!("{word} occurs nowhere: searched for {closest}"))
}

/// Returns the note for a correction that was not searched for.
pub(super) fn suggestion_note((word, closest): &Correction) -> Note {
    Note::new(NoteKind::Suggestion, format!("{word} occurs nowhere: did you mean {closest}"))
}

fn any_inflection(word: &str) -> TermPattern {
    TermPattern::Stem { term: word.to_owned(), stem: stem(word).into_owned() }
}

/// Returns the word of the index that is closest to `word`, within `edits` edits. `None` for a short word, and for one
/// that is not all letters.
fn closest_word(word: &str, edits: u8, statistics: &dyn Statistics) -> Result<Option<String>> {
    if word.chars().count() < MIN_CHARS || !word.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    nearest_term(word, edits, statistics)
}
