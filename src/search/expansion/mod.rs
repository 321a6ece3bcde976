//! Adds to a query what its words stand for in the index.
//!
//! A query plan and the statistics of the collection come in; the plan goes out with the terms of every slot and with
//! further alternatives, and with a note on each expansion. Open `terms.rs` first: inflections and patterns. The other
//! files add spelling variants, compounds and abbreviations.

mod abbreviations;
mod compounds;
mod edit_distance;
mod spelling_variants;
mod terms;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use self::edit_distance::edit_distance;
pub(super) use self::terms::{expand_new_words, expand_terms, nearest_term};
use super::statistics::Statistics;
use crate::{
    error::Result,
    query::{Note, QueryPlan},
};

/// Lets every word stand for its other spellings, words written apart and together for each other, and abbreviations
/// and their long forms for each other.
pub(super) fn expand_equivalents(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    spelling_variants::add_spelling_variants(plan, statistics)?;
    compounds::add_compounds(plan, statistics, notes)?;
    abbreviations::add_abbreviations(plan, statistics, notes)
}
