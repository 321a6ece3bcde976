//! Adds synonyms to the query leaves of their words. The synonyms come from the word lists of the user.

use super::{spelling_variants, terms::fill_slot_with_index_terms};
use crate::{
    analysis::MAX_SYNONYMS,
    error::Result,
    query::{
        Alternative, ExpandedTerm, Leaf, Note, PhraseOrigin, QueryPlan, QuerySynonyms, TermPattern,
        TextField,
        note_detail::{ExpandedPart, ListedTerms, NoteDetail},
    },
    search::statistics::Statistics,
};

/// Maximum number of synonyms that a note lists.
const MAX_SYNONYMS_IN_NOTE: usize = 8;

/// Adds the synonyms that occur in the index to the query leaves of their words, with a note on each word.
pub(in crate::search) fn add_synonyms_in_index(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    if statistics.is_empty() {
        return Ok(());
    }
    let mut synonym_counts = vec![0; plan.leaves.len()];
    for QuerySynonyms { leaves, label, synonyms } in std::mem::take(&mut plan.synonyms) {
        let field = leaves.first().and_then(|&leaf| plan.leaves.get(leaf)).map(|leaf| leaf.field);
        let Some(field) = field else { continue };
        let mut added = Vec::new();
        for (text, mut phrase) in synonyms {
            add_index_terms_to_synonym(&mut phrase, field, statistics)?;
            if !statistics.occurs(field, std::slice::from_ref(&phrase))? {
                continue;
            }
            let mut is_added = false;
            for &index in &leaves {
                let leaf = plan.leaves.get_mut(index).zip(synonym_counts.get_mut(index));
                if let Some((leaf, count)) = leaf.filter(|(_, count)| **count < MAX_SYNONYMS)
                    && add_synonym_to_leaf(leaf, &phrase, leaves.len() == 1)
                {
                    *count += 1;
                    is_added = true;
                }
            }
            if is_added && !added.contains(&text) {
                added.push(text);
            }
        }
        notes.extend(synonyms_note(&label, &added));
    }
    Ok(())
}

/// Adds to each word of a synonym its index terms: the inflections of the word, in British and American spelling.
fn add_index_terms_to_synonym(
    phrase: &mut Alternative,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<()> {
    for slot in &mut phrase.slots {
        // The slots have no patterns, so there is no note.
        fill_slot_with_index_terms(slot, field, statistics, &mut Vec::new())?;
        spelling_variants::add_spelling_variants_to_slot(slot, field, statistics)?;
    }
    Ok(())
}

/// Adds a synonym to a query leaf. If both the leaf and the synonym are single words, the terms of the synonym become
/// terms of the leaf's slot, so that phrases that contain the word also match the synonym. `is_only_leaf` states
/// whether the leaf is the whole word or phrase that has the synonym. Returns false if the leaf already has the
/// synonym.
fn add_synonym_to_leaf(leaf: &mut Leaf, phrase: &Alternative, is_only_leaf: bool) -> bool {
    if let ([own, ..], [synonym]) = (&mut leaf.alternatives[..], &phrase.slots[..])
        && let [own] = &mut own.slots[..]
        && is_only_leaf
        && [&own.pattern, &synonym.pattern]
            .iter()
            .all(|pattern| matches!(pattern, TermPattern::Stem { .. }))
    {
        let term_count = own.terms.len();
        for ExpandedTerm { term, .. } in &synonym.terms {
            if own.terms.iter().all(|other| other.term != *term) {
                let weight = PhraseOrigin::Synonym.weight();
                own.terms.push(ExpandedTerm { term: term.clone(), weight });
            }
        }
        return own.terms.len() > term_count;
    }
    let has_synonym = leaf.alternatives.iter().any(|other| other.slots == phrase.slots);
    if !has_synonym {
        leaf.alternatives.push(phrase.clone());
    }
    !has_synonym
}

/// Returns the note that lists the synonyms of words. `None` if no synonym was added.
fn synonyms_note(words: &str, synonyms: &[String]) -> Option<Note> {
    let listed = ListedTerms::new(synonyms.iter().map(String::as_str), MAX_SYNONYMS_IN_NOTE);
    let expanded_part = ExpandedPart::Synonyms { words: words.to_owned(), synonyms: listed };
    (!synonyms.is_empty()).then(|| Note::new(NoteDetail::Expanded(expanded_part)))
}
