//! Expands words to British and American spellings, such as "center" to "centre".

use super::terms::for_each_slot;
use crate::{
    analysis::{other_spellings, stem},
    error::Result,
    query::{ExpandedTerm, PhraseSlot, QueryPlan, TermPattern, TextField},
    search::statistics::{Statistics, TermShape, Vocabulary},
};

/// Adds the inflections of a word's other spellings to every word of the query.
pub(super) fn add_spelling_variants(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| add_to_slot(slot, field, statistics))
}

/// Adds the inflections of the other spellings of a word to its slot. Adds a term only if another spelling of
/// the term has the stem of the word: a term that merely has the stem of another spelling may be a different
/// word.
fn add_to_slot(slot: &mut PhraseSlot, field: TextField, statistics: &dyn Statistics) -> Result<()> {
    let PhraseSlot { pattern: TermPattern::Stem { term, stem: own_stem }, terms, .. } = slot else {
        return Ok(());
    };
    for spelling in other_spellings(term) {
        let other_stem = stem(&spelling);
        if other_stem == *own_stem {
            continue;
        }
        let is_inflection =
            |term: &str| other_spellings(term).any(|spelling| stem(&spelling) == *own_stem);
        let shape = TermShape::Stem(other_stem.into_owned());
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
