//! Finds the index terms for each slot of a query: the inflections of a word, or the terms that match a
//! wildcard, a regular expression or an edit distance.

use std::cmp::Reverse;

use regex::RegexBuilder;

use super::edit_distance::edit_distance;
use crate::{
    analysis,
    error::Result,
    fact::FactPattern,
    query::{
        ExpandedTerm, Note, PhraseSlot, QueryPlan, TermPattern, TextField, matches_glob,
        note_detail::{ExceededLimit, ExpandedPart, IgnoredPart, ListedTerms, NoteDetail},
    },
    script::is_han,
    search::{
        reader::TermFrequencies,
        statistics::{Statistics, TermShape, Vocabulary},
    },
};

/// Maximum number of index terms to which a pattern is expanded. The most frequent terms are used.
const MAX_TERMS_PER_PATTERN: usize = 512;
/// Maximum compiled size of a regular expression in bytes.
const MAX_REGEX_BYTES: usize = 256 * 1024;
/// Maximum number of terms that the note on an expansion lists.
const MAX_TERMS_IN_NOTE: usize = 8;
/// Weight of an occurrence of a derived word, which has the stem of the query word but is not an inflection of the
/// query word: "national" for the query word "nation".
const DERIVATION_WEIGHT: f32 = 0.9;
/// Weight of an occurrence of a number without the unit that the query has: `5` or `5 km` for the query `5 %`.
const BARE_NUMBER_WEIGHT: f32 = 0.5;
/// Maximum number of edits between a misspelled word and its correction.
const MAX_EDITS_OF_CORRECTION: usize = 2;
/// Weight of an occurrence of a term, indexed by the edit distance of the term from the query word.
const WEIGHT_BY_EDITS: [f32; 3] = [1.0, 0.5, 0.25];

/// Adds to each slot of the query (a word or a pattern) the index terms that match the slot. Adds a note on each
/// pattern.
pub(in crate::search) fn fill_slots_with_index_terms(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| {
        fill_slot_with_index_terms(slot, field, statistics, notes)
    })
}

/// Calls `visit` with each slot of the query (a word or a pattern) and the field in which the slot is searched. Does
/// nothing if the index has no segments, and therefore no term dictionary.
pub(super) fn for_each_slot(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    mut visit: impl FnMut(&mut PhraseSlot, TextField) -> Result<()>,
) -> Result<()> {
    if statistics.is_empty() {
        return Ok(());
    }
    for leaf in &mut plan.leaves {
        for slot in leaf.alternatives.iter_mut().flat_map(|alternative| &mut alternative.slots) {
            visit(slot, leaf.field)?;
        }
    }
    Ok(())
}

/// Adds to a slot (a word or a pattern) the index terms that match the slot. Adds a note if the slot has a wildcard, a
/// regular expression or an edit distance.
pub(super) fn fill_slot_with_index_terms(
    slot: &mut PhraseSlot,
    field: TextField,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let vocabulary = Vocabulary::Words(field);
    let (label, terms) = match &slot.pattern {
        TermPattern::Term(_) => return Ok(()),
        TermPattern::Stem { term, .. } => {
            slot.terms = inflections(term, field, statistics)?;
            return Ok(());
        }
        TermPattern::Wildcard(pattern) => {
            let shape = TermShape::Glob(pattern.clone());
            let terms = statistics.terms(vocabulary, shape, &|term| matches_glob(pattern, term))?;
            (pattern.clone(), terms)
        }
        TermPattern::Regex(pattern) => {
            let Some(terms) = terms_matching_regex(pattern, vocabulary, statistics, notes)? else {
                return Ok(());
            };
            (format!("/{pattern}/"), terms)
        }
        TermPattern::Fuzzy { term, edits } => {
            let terms = terms_within_edit_distance(term, *edits, field, statistics)?;
            (format!("{term}~{edits}"), terms)
        }
        TermPattern::Fact { pattern, .. } => {
            slot.terms = terms_of_facts(pattern, vocabulary, statistics)?;
            return Ok(());
        }
    };
    let matching_count = terms.len();
    slot.terms = best_matching_terms(&slot.pattern, terms);
    notes.push(pattern_note(&label, matching_count, &slot.terms));
    Ok(())
}

/// Returns all terms of quantities or periods that a pattern selects, in the order of their values.
fn terms_of_facts(
    pattern: &FactPattern,
    vocabulary: Vocabulary,
    statistics: &dyn Statistics,
) -> Result<Vec<ExpandedTerm>> {
    let mut expanded_terms = Vec::new();
    for (from, to) in pattern.term_ranges() {
        let shape = TermShape::Range { from, to };
        let terms = statistics.terms(vocabulary, shape, &|term| pattern.selects(term))?;
        expanded_terms.extend(terms.into_keys().map(|term| ExpandedTerm { term, weight: 1.0 }));
    }
    Ok(expanded_terms)
}

/// Returns at most [`MAX_TERMS_PER_PATTERN`] of the terms that match a pattern, sorted by edit distance, then by
/// descending frequency.
fn best_matching_terms(pattern: &TermPattern, terms: TermFrequencies) -> Vec<ExpandedTerm> {
    let weighted_terms = terms.into_iter().map(|(term, doc_freq)| {
        (ExpandedTerm { weight: weight_of_matching_term(pattern, &term), term }, doc_freq)
    });
    let mut weighted_terms: Vec<(ExpandedTerm, u64)> = weighted_terms.collect();
    weighted_terms.sort_by(|(a, a_freq), (b, b_freq)| {
        let by_weight = b.weight.total_cmp(&a.weight);
        by_weight.then(b_freq.cmp(a_freq)).then_with(|| a.term.cmp(&b.term))
    });
    weighted_terms.truncate(MAX_TERMS_PER_PATTERN);
    weighted_terms.into_iter().map(|(term, _)| term).collect()
}

/// Returns the weight of a term that matches a pattern. For a pattern with an edit distance, the weight falls with the
/// distance of the term.
fn weight_of_matching_term(pattern: &TermPattern, matching_term: &str) -> f32 {
    match pattern {
        TermPattern::Fuzzy { term, .. } => {
            let weight = WEIGHT_BY_EDITS.get(edit_distance(term, matching_term));
            weight.copied().unwrap_or(WEIGHT_BY_EDITS[2])
        }
        _ => 1.0,
    }
}

/// Returns the note on a pattern that matches `matching_count` index terms. The note lists the first few of `terms`,
/// the index terms that are searched.
fn pattern_note(label: &str, matching_count: usize, terms: &[ExpandedTerm]) -> Note {
    let label = label.to_owned();
    let listed_terms =
        ListedTerms::new(terms.iter().map(|term| term.term.as_str()), MAX_TERMS_IN_NOTE);
    Note::new(if matching_count > MAX_TERMS_PER_PATTERN {
        NoteDetail::Truncated(ExceededLimit::PatternTerms {
            label,
            count: matching_count,
            max: MAX_TERMS_PER_PATTERN,
            terms: listed_terms,
        })
    } else {
        NoteDetail::Expanded(ExpandedPart::Pattern {
            label,
            count: matching_count,
            terms: listed_terms,
        })
    })
}

/// Returns the inflections of a word that may occur in a field. The first of the inflections is the word itself.
pub(super) fn inflections(
    word: &str,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<Vec<ExpandedTerm>> {
    let other_forms = analysis::inflections(word).split_off(1);
    let other_forms = statistics.occurring_words(field, other_forms)?;
    let terms = std::iter::once(word.to_owned()).chain(other_forms);
    Ok(terms.map(|term| ExpandedTerm { term, weight: 1.0 }).collect())
}

/// Returns the terms of a field that have the stem of a word but are not among its inflections. Most are derived
/// words, such as "national" for "nation". Some are different words: "author" and "authority" have one stem.
fn derivations(
    word: &str,
    stem: &str,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<TermFrequencies> {
    let inflections = analysis::inflections(word);
    let is_derivation = |term: &str| {
        analysis::stem(term) == stem && !inflections.iter().any(|inflection| inflection == term)
    };
    let shape = TermShape::Stem(stem.to_owned());
    statistics.terms(Vocabulary::Words(field), shape, &is_derivation)
}

/// Adds to each word of the query the index terms that have the stem of the word but are not inflections of the word.
/// Most of these terms are derived from the query word; some resemble the query word by accident.
pub(in crate::search) fn add_derivations(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| {
        if let TermPattern::Fact { bare_number: Some(number), .. } = &slot.pattern {
            slot.terms.push(ExpandedTerm { term: number.clone(), weight: BARE_NUMBER_WEIGHT });
        }
        let PhraseSlot { pattern: TermPattern::Stem { term, stem }, terms, .. } = slot else {
            return Ok(());
        };
        // Only words of the letters a to z have a stem of their own.
        if !stem.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(());
        }
        for term in derivations(term, stem, field, statistics)?.into_keys() {
            if !terms.iter().any(|other| other.term == term) {
                terms.push(ExpandedTerm { term, weight: DERIVATION_WEIGHT });
            }
        }
        Ok(())
    })
}

/// Returns at most `max` words of a field that begin with `prefix` and are longer than `prefix`, the most frequent
/// first.
pub(super) fn most_frequent_completions(
    prefix: &str,
    max: usize,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<Vec<String>> {
    let is_completion = |term: &str| term.len() > prefix.len() && term.starts_with(prefix);
    let shape = TermShape::Prefix(prefix.to_owned());
    let terms = statistics.terms(Vocabulary::Words(field), shape, &is_completion)?;
    let mut terms: Vec<(String, u64)> = terms.into_iter().collect();
    terms.sort_by(|(a, a_freq), (b, b_freq)| b_freq.cmp(a_freq).then_with(|| a.cmp(b)));
    Ok(terms.into_iter().take(max).map(|(term, _)| term).collect())
}

/// Returns the terms that a regular expression matches as a whole. Returns `None` and adds a note if the regular
/// expression is invalid.
fn terms_matching_regex(
    pattern: &str,
    vocabulary: Vocabulary,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<Option<TermFrequencies>> {
    let anchored_regex = format!("^(?:{pattern})$");
    match RegexBuilder::new(&anchored_regex).size_limit(MAX_REGEX_BYTES).build() {
        Ok(regex) => {
            let shape = TermShape::Regex(pattern.to_owned());
            statistics.terms(vocabulary, shape, &|term| regex.is_match(term)).map(Some)
        }
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            let part = IgnoredPart::InvalidRegex {
                pattern: pattern.to_owned(),
                reason: reason.to_owned(),
            };
            notes.push(Note::new(NoteDetail::Ignored(part)));
            Ok(None)
        }
    }
}

/// Returns the terms within the edit distance `edits` of `word`. Omits numbers and Chinese terms, which are not
/// spellings of a word.
pub(super) fn terms_within_edit_distance(
    word: &str,
    edits: u8,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<TermFrequencies> {
    let is_word = |term: &str| !term.starts_with(|c: char| c.is_numeric() || is_han(c));
    let shape = TermShape::Fuzzy { term: word.to_owned(), edits };
    statistics.terms(Vocabulary::Words(field), shape, &is_word)
}

/// Returns the term of the body field that is closest to `word`, among the terms within the edit distance `edits`.
/// `accepts` returns whether a term with its document frequency is allowed. A different first letter counts as a
/// further edit, because people rarely mistype the first letter. Terms with more than [`MAX_EDITS_OF_CORRECTION`] edits
/// are not close. If several terms are equally close, returns the most frequent of these terms. `None` if no term is
/// close.
pub(in crate::search) fn nearest_term(
    word: &str,
    edits: u8,
    accepts: &dyn Fn(&str, u64) -> bool,
    statistics: &dyn Statistics,
) -> Result<Option<String>> {
    let distance = |term: &str| {
        edit_distance(word, term) + usize::from(term.chars().next() != word.chars().next())
    };
    let close_terms =
        terms_within_edit_distance(word, edits, TextField::Body, statistics)?.into_iter();
    let nearest = close_terms
        .filter(|(term, frequency)| accepts(term, *frequency))
        .map(|(term, frequency)| (distance(&term), Reverse(frequency), term))
        .filter(|(distance, ..)| *distance <= MAX_EDITS_OF_CORRECTION)
        .min();
    Ok(nearest.map(|(_, _, term)| term))
}
