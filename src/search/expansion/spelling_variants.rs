//! Expands words to British and American spellings, such as "center" to "centre".

use super::terms::for_each_slot;
use crate::{
    analysis::{inflections, other_spellings},
    error::Result,
    query::{ExpandedTerm, PhraseSlot, QueryPlan, TermPattern, TextField},
    search::statistics::Statistics,
};

/// Adds the other spellings (British or American) of each word of the query, in all their inflections.
pub(super) fn add_spelling_variants(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| {
        add_spelling_variants_to_slot(slot, field, statistics)
    })
}

/// Adds to the slot of a word, which holds the terms that match the word, the inflections of its other spellings.
pub(super) fn add_spelling_variants_to_slot(
    slot: &mut PhraseSlot,
    field: TextField,
    statistics: &dyn Statistics,
) -> Result<()> {
    let PhraseSlot { pattern: TermPattern::Stem { term, .. }, terms, .. } = slot else {
        return Ok(());
    };
    for spelling in other_spellings(term) {
        for term in statistics.occurring_words(field, inflections(&spelling))? {
            let inflection = ExpandedTerm { term, weight: 1.0 };
            if !terms.contains(&inflection) {
                terms.push(inflection);
            }
        }
    }
    Ok(())
}
