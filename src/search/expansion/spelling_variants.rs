//! Expands words to British and American spellings, such as "center" to "centre".

use super::terms::for_each_slot;
use crate::{
    analysis::{other_spellings, stem},
    error::Result,
    query::{ExpandedTerm, PhraseSlot, QueryPlan, TermPattern, TextField},
    search::statistics::{Statistics, TermShape, Vocabulary},
};

/// Adds the other spellings (British or American) of each word of the query, in all their inflections.
pub(super) fn add_spelling_variants(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| add_to_slot(slot, field, statistics))
}

/// Adds the inflections of the other spellings of a word to the slot of the word.
///
/// A different word may have the same stem as another spelling of the word. So each added term is checked: one of its
/// own other spellings must have the stem of the word.
fn add_to_slot(slot: &mut PhraseSlot, field: TextField, statistics: &dyn Statistics) -> Result<()> {
    let PhraseSlot { pattern: TermPattern::Stem { term, stem: word_stem }, terms, .. } = slot
    else {
        return Ok(());
    };
    for spelling in other_spellings(term) {
        let spelling_stem = stem(&spelling);
        if spelling_stem == *word_stem {
            continue;
        }
        let is_inflection =
            |term: &str| other_spellings(term).any(|spelling| stem(&spelling) == *word_stem);
        let shape = TermShape::Stem(spelling_stem.into_owned());
        let inflections = statistics.terms(Vocabulary::Words(field), shape, &is_inflection)?;
        for term in inflections.into_keys() {
            let inflection = ExpandedTerm { term, weight: 1.0 };
            if !terms.contains(&inflection) {
                terms.push(inflection);
            }
        }
    }
    Ok(())
}
