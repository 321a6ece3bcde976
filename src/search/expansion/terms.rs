//! Finds the index terms for each slot of a query: the inflections of a word, or the terms that match a
//! wildcard, a regular expression or an edit distance.

use std::cmp::Ordering;

use regex::RegexBuilder;

use super::edit_distance::edit_distance;
use crate::{
    error::Result,
    query::{
        ExpandedTerm, Note, NoteKind, PhraseSlot, QueryPlan, TermPattern, TextField, matches_glob,
    },
    script::is_han,
    search::{
        reader::{TermFrequencies, has_inflections},
        statistics::{Statistics, TermShape, Vocabulary},
    },
};

/// Maximum number of terms that a pattern is expanded to. The most frequent terms are used.
const MAX_TERMS: usize = 512;
/// Maximum compiled size of a regular expression in bytes.
const MAX_REGEX_BYTES: usize = 256 * 1024;
/// Maximum number of terms that a note lists.
const MAX_NAMED: usize = 8;
/// Weight of an occurrence of a word that only has the stem of the query word.
const DERIVATION_WEIGHT: f32 = 0.9;
/// Weight of a term, indexed by its edit distance from the query word.
const WEIGHT_BY_EDITS: [f32; 3] = [1.0, 0.5, 0.25];

/// Fills in the terms of every slot, and adds a note on each pattern.
pub(in crate::search) fn expand_terms(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| expand_slot(slot, field, statistics, notes))
}

/// Fills in the terms of the slots that contain a word and have no terms yet.
pub(in crate::search) fn expand_new_words(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| {
        if let (TermPattern::Stem { term, stem }, true) = (&slot.pattern, slot.terms.is_empty()) {
            slot.terms = inflections(term, stem, field, statistics)?;
        }
        Ok(())
    })
}

/// Calls `visit` with every slot of the query and the slot's field. Does nothing if no segment has a term
/// dictionary to search.
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

fn expand_slot(
    slot: &mut PhraseSlot,
    field: TextField,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let vocabulary = Vocabulary::Words(field);
    let (label, terms) = match &slot.pattern {
        TermPattern::Term(_) => return Ok(()),
        TermPattern::Stem { term, stem } => {
            slot.terms = inflections(term, stem, field, statistics)?;
            return Ok(());
        }
        TermPattern::Wildcard(pattern) => {
            let shape = TermShape::Glob(pattern.clone());
            let terms = statistics.terms(vocabulary, shape, &|term| matches_glob(pattern, term))?;
            (pattern.clone(), terms)
        }
        TermPattern::Regex(pattern) => {
            let Some(terms) = matching_regex(pattern, vocabulary, statistics, notes)? else {
                return Ok(());
            };
            (format!("/{pattern}/"), terms)
        }
        TermPattern::Fuzzy { term, edits } => {
            let terms = similar_terms(term, *edits, field, statistics)?;
            (format!("{term}~{edits}"), terms)
        }
    };
    let count = terms.len();
    slot.terms = best_terms(&slot.pattern, terms);
    notes.push(note_on_pattern(&label, count, &slot.terms));
    Ok(())
}

/// Returns the terms of a pattern, sorted by edit distance, then by descending frequency.
fn best_terms(pattern: &TermPattern, terms: TermFrequencies) -> Vec<ExpandedTerm> {
    let weighted = terms.into_iter().map(|(term, doc_freq)| {
        (ExpandedTerm { weight: pattern_weight(pattern, &term), term }, doc_freq)
    });
    let mut weighted: Vec<(ExpandedTerm, u64)> = weighted.collect();
    weighted.sort_by(|(a, a_freq), (b, b_freq)| {
        let by_weight = b.weight.total_cmp(&a.weight);
        by_weight.then(b_freq.cmp(a_freq)).then_with(|| a.term.cmp(&b.term))
    });
    weighted.truncate(MAX_TERMS);
    weighted.into_iter().map(|(term, _)| term).collect()
}

fn pattern_weight(pattern: &TermPattern, matching: &str) -> f32 {
    match pattern {
        TermPattern::Fuzzy { term, .. } => {
            let weight = WEIGHT_BY_EDITS.get(edit_distance(term, matching));
            weight.copied().unwrap_or(WEIGHT_BY_EDITS[2])
        }
        _ => 1.0,
    }
}

fn note_on_pattern(label: &str, count: usize, terms: &[ExpandedTerm]) -> Note {
    let named: Vec<&str> = terms.iter().take(MAX_NAMED).map(|term| term.term.as_str()).collect();
    let ellipsis = if terms.len() > MAX_NAMED { ", …" } else { "" };
    let named = named.join(", ");
    let (kind, message) = match count {
        0 => (NoteKind::Expanded, format!("{label} stands for no word of the index")),
        1 => (NoteKind::Expanded, format!("{label} stands for 1 word: {named}")),
        count if count > MAX_TERMS => (
            NoteKind::Truncated,
            format!(
                "{label} stands for {count} words: searched for the {MAX_TERMS} most frequent: {named}{ellipsis}"
            ),
        ),
        count => {
            (NoteKind::Expanded, format!("{label} stands for {count} words: {named}{ellipsis}"))
        }
    };
    Note::new(kind, message)
}

/// Returns the inflections of a word in a field: the word itself first, then other terms with the same stem.
pub(super) fn inflections(
    word: &str,
    stem: &str,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<Vec<ExpandedTerm>> {
    let mut inflections = vec![ExpandedTerm { term: word.to_owned(), weight: 1.0 }];
    if has_inflections(stem) {
        let others = statistics.inflections(field, stem, &|term| term != word)?;
        inflections.extend(others.into_keys().map(|term| ExpandedTerm { term, weight: 1.0 }));
    }
    Ok(inflections)
}

/// Adds to each word of a query the words of the index that have its stem and are not its inflections. Such words may be
/// derived from the query word, or resemble it by accident.
pub(in crate::search) fn add_derivations(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| {
        let PhraseSlot { pattern: TermPattern::Stem { stem, .. }, terms, .. } = slot else {
            return Ok(());
        };
        if has_inflections(stem) {
            let is_new = |term: &str| !terms.iter().any(|own| own.term == term);
            let derived = statistics.inflections(field, stem, &is_new)?;
            terms.extend(derived.into_keys().map(|term| ExpandedTerm { term, weight: DERIVATION_WEIGHT }));
        }
        Ok(())
    })
}

/// Returns the terms that a regular expression matches as a whole. `None`, with a note, if the regular
/// expression is invalid.
fn matching_regex(
    pattern: &str,
    vocabulary: Vocabulary,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<Option<TermFrequencies>> {
    let anchored = format!("^(?:{pattern})$");
    match RegexBuilder::new(&anchored).size_limit(MAX_REGEX_BYTES).build() {
        Ok(regex) => {
            let shape = TermShape::Regex(pattern.to_owned());
            statistics.terms(vocabulary, shape, &|term| regex.is_match(term)).map(Some)
        }
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            let message = format!(
                "/{pattern}/ is not a valid regular expression and matches nothing: {reason}"
            );
            notes.push(Note::new(NoteKind::Ignored, message));
            Ok(None)
        }
    }
}

/// Returns the words within an edit distance of `word`. Numbers do not count as spellings of a word.
pub(super) fn similar_terms(
    word: &str,
    edits: u8,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<TermFrequencies> {
    let is_word = |term: &str| !term.starts_with(|c: char| c.is_numeric() || is_han(c));
    let shape = TermShape::Fuzzy { term: word.to_owned(), edits };
    statistics.terms(Vocabulary::Words(field), shape, &is_word)
}

/// Returns the term in the passage text that is closest to `word`, at an edit distance of at most `edits`. Of
/// equally close terms, returns the most frequent.
pub(in crate::search) fn nearest_term(
    word: &str,
    edits: u8,
    statistics: &dyn Statistics,
) -> Result<Option<String>> {
    let similar = similar_terms(word, edits, TextField::Body, statistics)?;
    let nearest = similar.into_iter().min_by(|(a, a_freq), (b, b_freq)| {
        let by_distance = edit_distance(word, a).cmp(&edit_distance(word, b));
        match by_distance {
            Ordering::Equal => b_freq.cmp(a_freq).then_with(|| a.cmp(b)),
            unequal => unequal,
        }
    });
    Ok(nearest.map(|(term, _)| term))
}
