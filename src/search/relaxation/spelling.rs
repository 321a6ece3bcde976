//! Corrects spellings: finds the closest word of the index, by edit distance, for a word that occurs nowhere, and a far
//! more frequent word for a word that is rare.

use super::occurs_nowhere;
use crate::{
    analysis::{is_known_word, other_spellings, stem},
    error::Result,
    query::{Leaf, Note, QueryPlan, TermPattern, TextField, note_detail::NoteDetail},
    search::{
        expansion::nearest_term,
        statistics::{Statistics, TermGroup},
    },
};

/// Minimum length in characters of a word whose closest spelling is searched instead of the word. The closest spelling
/// must be one edit away and have the same first letter.
const MIN_CHARS_FOR_CERTAIN_CORRECTION: usize = 5;
/// Minimum length in characters of a word for which a correction of two edits is tried. A shorter word is two edits
/// away from unrelated words: "Brexit" from "breast".
const MIN_CHARS_FOR_TWO_EDITS: usize = 7;
/// Minimum frequency of a word of the lexicon that is searched instead of a word that occurs nowhere: one passage in
/// this number of passages contains the word of the lexicon. A word close to a rarer word of the lexicon is often a
/// name that the index lacks: "Starmer" is close to "starker".
const MAX_PASSAGES_PER_OCCURRENCE_OF_CORRECTION: u64 = 2_000;
/// Minimum length in characters of a word for which a correction is tried. A shorter word is close to too many other
/// words.
const MIN_CORRECTED_WORD_CHARS: usize = 4;
/// Maximum number of words of a query for which a correction is tried.
const MAX_CORRECTED_WORDS: usize = 16;

/// Maximum document frequency, in passages, of a rare word that may be a misspelling.
const MAX_RARE_DOC_FREQ: u64 = 3;
/// Factor by which a close word must be at least more frequent than a rare word, so that the rare word looks like a
/// misspelling of the close word.
const MIN_FREQUENCY_RATIO_TO_RARE_WORD: u64 = 50;
/// Factor that replaces [`MIN_FREQUENCY_RATIO_TO_RARE_WORD`] if the rare word is long and the lexicon contains the
/// close word. Two names are often one letter apart, but the lexicon contains few names.
const MIN_FREQUENCY_RATIO_OF_LEXICON_WORD_TO_RARE_WORD: u64 = 10;
/// Minimum length in characters of a rare word that may be a misspelling.
const MIN_RARE_WORD_CHARS: usize = 5;
/// Minimum length in characters of a rare word that is probably not a name. A word of this length may also have a
/// wrong first letter.
const MIN_UNLIKELY_NAME_CHARS: usize = 7;

/// Maximum length in characters of a word in capitals that is never corrected.
const MAX_ABBREVIATION_CHARS: usize = 5;

/// Word of a query, and the word of the index that replaces it or that a note suggests instead.
pub(super) type Correction = (String, String);

/// Returns the nearly certain corrections of words that occur nowhere.
pub(super) fn corrections_of_unknown_words(
    plan: &QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    let min_doc_freq = min_doc_freq_of_certain_correction(statistics);
    let is_certain = |term: &str, doc_freq| is_possible_correction(term, doc_freq, min_doc_freq);
    for word in unknown_words(plan, MIN_CHARS_FOR_CERTAIN_CORRECTION, statistics)? {
        let closest = nearest_term(word, 1, &is_certain, statistics)?;
        let closest = closest.filter(|closest| closest.chars().next() == word.chars().next());
        corrections.extend(closest.map(|closest| (word.to_owned(), closest)));
    }
    Ok(corrections)
}

/// Returns whether a term may be the correction of a misspelling. A term that the lexicon contains must occur in at
/// least `min_doc_freq` passages.
fn is_possible_correction(term: &str, doc_freq: u64, min_doc_freq: u64) -> bool {
    consists_of_letters(term) && (doc_freq >= min_doc_freq || !is_known_word(term))
}

/// Returns the minimum document frequency, in passages, of a word of the lexicon that is searched instead of a word
/// that occurs nowhere.
pub(super) fn min_doc_freq_of_certain_correction(statistics: &dyn Statistics) -> u64 {
    statistics.collection().passage_count / MAX_PASSAGES_PER_OCCURRENCE_OF_CORRECTION
}

/// Returns the corrections of all words that occur nowhere and are close to a word of the index. A word of the lexicon
/// must occur in at least `min_doc_freq` passages.
pub(super) fn possible_corrections(
    plan: &QueryPlan,
    min_doc_freq: u64,
    statistics: &dyn Statistics,
) -> Result<Vec<Correction>> {
    let mut corrections = Vec::new();
    let is_possible = |term: &str, doc_freq| consists_of_letters(term) && doc_freq >= min_doc_freq;
    for word in unknown_words(plan, MIN_CORRECTED_WORD_CHARS, statistics)? {
        let edits = if word.chars().count() >= MIN_CHARS_FOR_TWO_EDITS { 2 } else { 1 };
        let closest = nearest_term(word, edits, &is_possible, statistics)?;
        corrections.extend(closest.map(|closest| (word.to_owned(), closest)));
    }
    Ok(corrections)
}

/// Replaces misspelled words by their corrections in a plan whose terms are not yet looked up, as if the query
/// contained the corrections.
pub(super) fn apply_corrections(plan: &mut QueryPlan, corrections: &[Correction]) {
    let correction_of = |word: &str| {
        let correction = corrections.iter().find(|(corrected, _)| corrected == word);
        correction.map(|(_, closest)| closest)
    };
    for leaf in plan.leaves.iter_mut().filter(|leaf| is_correctable(leaf)) {
        let Some(closest) = leaf.single_word().and_then(correction_of) else { continue };
        for slot in leaf.alternatives.iter_mut().flat_map(|alternative| &mut alternative.slots) {
            let stem = stem(closest).into_owned();
            slot.pattern = TermPattern::Stem { term: closest.clone(), stem };
        }
    }
    for token in plan.tokens.iter_mut().filter(|token| !token.is_quoted) {
        if let Some(closest) = correction_of(&token.term) {
            token.term.clone_from(closest);
        }
    }
}

/// Returns notes that suggest, for rare words that the lexicon lacks, a close word that is far more frequent. The rare
/// word may be a misspelling that also occurs in the index.
pub(super) fn rare_word_suggestions(
    plan: &QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| is_correctable(leaf)).take(MAX_CORRECTED_WORDS) {
        let Some(word) =
            leaf.single_word().filter(|word| may_be_misspelled(word, MIN_RARE_WORD_CHARS))
        else {
            continue;
        };
        let forms = TermGroup::Alternatives(leaf.field, &leaf.alternatives);
        let passages = statistics.doc_freq(forms, u64::MAX)?;
        if !(1..=MAX_RARE_DOC_FREQ).contains(&passages) {
            continue;
        }
        if let Some(closest) = far_more_frequent_word(word, &leaf.label, passages, statistics)? {
            let word = word.to_owned();
            notes.push(Note::new(NoteDetail::Suggestion { word, passages, closest }));
        }
    }
    Ok(notes)
}

/// Returns a word that is one edit away from the rare word `word` and occurs far more often. `doc_freq` is the document
/// frequency of `word`, and `label` is `word` as the query spells it. Never returns a word with the same stem, or the
/// British or American spelling of `word`. A short word with a capital is mostly a name, so its correction is never a
/// word of the lexicon: "Grady" is not a misspelling of "grade".
fn far_more_frequent_word(
    word: &str,
    label: &str,
    doc_freq: u64,
    statistics: &dyn Statistics,
) -> Result<Option<String>> {
    let is_long = word.chars().count() >= MIN_UNLIKELY_NAME_CHARS;
    let is_name = !is_long && label.starts_with(char::is_uppercase);
    let variants: Vec<String> = other_spellings(word).collect();
    let is_misspelled_as_word = |term: &str, frequency: u64| {
        let min_ratio = if is_long && is_known_word(term) {
            MIN_FREQUENCY_RATIO_OF_LEXICON_WORD_TO_RARE_WORD
        } else {
            MIN_FREQUENCY_RATIO_TO_RARE_WORD
        };
        frequency >= doc_freq * min_ratio
            && consists_of_letters(term)
            && stem(term) != stem(word)
            && !variants.iter().any(|variant| variant == term)
            && (is_long || term.chars().next() == word.chars().next())
            && !(is_name && is_known_word(term))
    };
    nearest_term(word, 1, &is_misspelled_as_word, statistics)
}

/// Returns the note on a correction that the search used.
pub(super) fn correction_note((word, closest): &Correction) -> Note {
    Note::new(NoteDetail::Corrected { word: word.clone(), closest: closest.clone() })
}

/// Returns the note that suggests a correction of a word that occurs nowhere. The search did not use this correction.
pub(super) fn suggestion_note((word, closest): &Correction) -> Note {
    Note::new(NoteDetail::Suggestion { word: word.clone(), passages: 0, closest: closest.clone() })
}

/// Returns the distinct words of at least `min_chars` characters that occur nowhere and that the lexicon lacks.
fn unknown_words<'a>(
    plan: &'a QueryPlan,
    min_chars: usize,
    statistics: &dyn Statistics,
) -> Result<Vec<&'a str>> {
    let mut words = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| is_correctable(leaf)) {
        let Some(word) = leaf.single_word().filter(|word| may_be_misspelled(word, min_chars))
        else {
            continue;
        };
        if !words.contains(&word) && occurs_nowhere(leaf, statistics)? {
            words.push(word);
        }
        if words.len() == MAX_CORRECTED_WORDS {
            break;
        }
    }
    Ok(words)
}

/// Returns whether a query leaf may be a misspelled word. A short word in capitals is an abbreviation: "FARA" is not a
/// misspelling of "far".
fn is_correctable(leaf: &Leaf) -> bool {
    let is_abbreviation = leaf.label.chars().count() <= MAX_ABBREVIATION_CHARS
        && leaf.label.chars().all(char::is_uppercase);
    leaf.adds_score() && leaf.field == TextField::Body && !is_abbreviation
}

/// Returns whether a word may be misspelled: the word has at least `min_chars` characters and only letters, and the
/// lexicon lacks the word.
fn may_be_misspelled(word: &str, min_chars: usize) -> bool {
    word.chars().count() >= min_chars && consists_of_letters(word) && !is_known_word(word)
}

fn consists_of_letters(term: &str) -> bool {
    term.chars().all(char::is_alphabetic)
}
