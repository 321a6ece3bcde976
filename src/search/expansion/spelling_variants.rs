//! Words of a query → the other ways to write them that the index has.

use tantivy::schema::Field;

use super::{
    abbreviations::abbreviations,
    compounds::compounds,
    terms::{each_slot, with_stem},
};
use crate::{
    analysis::{other_spellings, stem},
    error::Result,
    query::{ExpandedTerm, Note, PhraseSlot, QueryPlan, TermPattern},
    search::reader::SegmentView,
};

/// Lets every word stand in its other spellings as well, words that are written apart and together for
/// each other, and abbreviations and what they are short for.
pub(in crate::search) fn widen(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<()> {
    each_slot(query, segments, |slot, field| respell(slot, field, segments))?;
    compounds(query, segments, notes)?;
    abbreviations(query, segments, notes)
}

/// Adds the forms of the other spellings of a word. What has the stem of one and is no spelling of a form
/// of the word stays out: the stem alone may belong to another word.
fn respell(slot: &mut PhraseSlot, field: Field, segments: &[SegmentView<'_>]) -> Result<()> {
    let PhraseSlot { pattern: TermPattern::Stem { term, stem: own }, terms: forms, .. } = slot
    else {
        return Ok(());
    };
    for other in other_spellings(term) {
        let its = stem(&other);
        if its == *own {
            continue;
        }
        let is_form = |form: &str| other_spellings(form).any(|back| stem(&back) == *own);
        let found = with_stem(&its, field, segments, is_form)?;
        let new = found.into_keys().map(|term| ExpandedTerm { term, weight: 1.0 });
        forms.extend(new.filter(|new| !forms.contains(new)).collect::<Vec<_>>());
    }
    Ok(())
}
