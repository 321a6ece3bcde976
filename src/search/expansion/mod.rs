//! Expands a query: adds equivalent terms of the index to the words and patterns of a query.
//!
//! A query plan and the statistics of the collection come in. The plan goes out with the terms of every slot, with
//! further alternatives, and with a note on each expansion. Open `terms.rs` first: it adds inflections and the terms
//! that match patterns. The other files add spelling variants, compounds, abbreviations, synonyms and the completions of
//! an unfinished word.

mod abbreviations;
mod compounds;
mod edit_distance;
mod prefix;
mod spelling_variants;
mod synonyms;
mod terms;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use self::edit_distance::edit_distance;
pub(super) use self::prefix::add_completions_of_last_word;
pub(super) use self::synonyms::add_synonyms;
pub(super) use self::terms::{add_derivations, expand_terms, nearest_term};
use super::statistics::Statistics;
use crate::{
    error::Result,
    query::{Note, QueryPlan},
};

/// Adds equivalents to the query leaves: other spellings of a word, compounds written as one word or as two, and the
/// long or short forms of abbreviations.
pub(super) fn expand_equivalents(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    spelling_variants::add_spelling_variants(plan, statistics)?;
    compounds::add_compounds(plan, statistics, notes)?;
    abbreviations::add_abbreviations(plan, statistics, notes)
}
