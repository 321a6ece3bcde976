//! Spelling correction: finds the closest word of the index, by edit distance, for a word that occurs nowhere.

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

/// Minimum length in characters of a word for which the closest spelling is added before the original query is tried.
/// The spelling must be one edit away and have the same first letter.
const MIN_CERTAIN_CHARS: usize = 5;
/// Minimum length in characters of a word for which a correction of two edits is tried.
const MIN_TWO_EDITS_CHARS: usize = 6;
/// Minimum length in characters of a word for which a correction is tried. A shorter word is close to too many other
/// words.
const MIN_CORRECTED_CHARS: usize = 4;
/// Maximum number of words of a query for which a correction is tried.
const MAX_CORRECTED_WORDS: usize = 16;

/// Word that occurs nowhere, and its closest word in the index.
pub(super) type Correction = (String, String);

/// Adds the closest spelling to each long word that occurs nowhere in the index, as an inexact alternative. Adds only
/// spellings that are nearly certain. Returns the corrections.
pub(super) fn add_closest_spellings(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    let mut checked_words = 0;
    for leaf in plan.leaves.iter_mut().filter(|leaf| leaf.adds_score()) {
        let Some(word) = leaf.single_word().map(str::to_owned) else { continue };
        let is_long = word.chars().count() >= MIN_CERTAIN_CHARS;
        if !is_long || leaf.field != TextField::Body || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        checked_words += 1;
        if checked_words > MAX_CORRECTED_WORDS {
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

/// Replaces words that occur nowhere in the index by the closest words of the index. Returns the distinct corrections.
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
            if closest_words.len() >= MAX_CORRECTED_WORDS {
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

/// Returns the note on a correction that the search used.
pub(super) fn correction_note((word, closest): &Correction) -> Note {
    Note::new(NoteKind::Corrected, format!("{word} occurs nowhere: searched for {closest}"))
}

/// Returns the note on a correction that the search did not use.
pub(super) fn suggestion_note((word, closest): &Correction) -> Note {
    Note::new(NoteKind::Suggestion, format!("{word} occurs nowhere: did you mean {closest}"))
}

fn any_inflection(word: &str) -> TermPattern {
    TermPattern::Stem { term: word.to_owned(), stem: stem(word).into_owned() }
}

/// Returns the word of the index that is closest to `word`, at a distance of at most `edits` edits. `None` if no word
/// is that close, if `word` is shorter than [`MIN_CORRECTED_CHARS`] characters, or if `word` has a character that is
/// not a letter.
fn closest_word(word: &str, edits: u8, statistics: &dyn Statistics) -> Result<Option<String>> {
    if word.chars().count() < MIN_CORRECTED_CHARS || !word.chars().all(char::is_alphabetic) {
        return Ok(None);
    }
    nearest_term(word, edits, statistics)
}
