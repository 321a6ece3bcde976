//! Other spellings of a word, as "centre" for "center".

use super::terms::for_each_slot;
use crate::{
    analysis::{other_spellings, stem},
    error::Result,
    query::{ExpandedTerm, PhraseSlot, QueryPlan, TermPattern, TextField},
    search::statistics::{Statistics, TermShape, Vocabulary},
};

/// Adds to every word the inflections of its other spellings.
pub(super) fn add_spelling_variants(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
) -> Result<()> {
    for_each_slot(plan, statistics, |slot, field| add_to_slot(slot, field, statistics))
}

/// Adds the inflections of the other spellings of a word. A term with the stem of another spelling that is no spelling
/// of an inflection of the word stays out: the stem alone may belong to another word.
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
