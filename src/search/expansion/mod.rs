//! Expands a query: adds equivalent terms of the index to the words and patterns of a query.
//!
//! Expansion adds index terms to every slot (a word or a pattern) of a query plan, and further alternatives to its
//! leaves, with a note on each expansion. Read `terms.rs` first: it adds inflections and the terms that match patterns.
//! `acronyms.rs` removes the inflections of words in capitals. The other files add spelling variants, compounds, dotted
//! names, quarters of a year, abbreviations, synonyms and the completions of an unfinished word.

mod abbreviations;
mod acronyms;
mod compounds;
mod dotted_names;
mod edit_distance;
mod prefix;
mod quarters;
mod spelling_variants;
mod synonyms;
mod terms;

#[cfg(test)]
mod tests;

pub(super) use self::acronyms::remove_inflections_of_acronyms;
#[cfg(test)]
pub(crate) use self::edit_distance::edit_distance;
pub(super) use self::prefix::add_completions_of_last_word;
pub(super) use self::synonyms::add_synonyms_in_index;
pub(super) use self::terms::{add_derivations, fill_slots_with_index_terms, nearest_term};
use super::statistics::Statistics;
use crate::{
    analysis::{Analyzer, WordLists},
    error::Result,
    query::{Note, QueryPlan, TermPattern},
};

/// Removes protected words from the terms of all other words, so that `port` does not find the protected word `ports`.
/// The list of protected words comes from the user.
pub(super) fn remove_protected_words_from_other_words(plan: &mut QueryPlan, analyzer: &Analyzer) {
    if analyzer.word_lists().is_none_or(WordLists::protects_no_word) {
        return;
    }
    let alternatives = plan.leaves.iter_mut().flat_map(|leaf| &mut leaf.alternatives);
    for slot in alternatives.flat_map(|alternative| &mut alternative.slots) {
        if let TermPattern::Stem { term: own_term, .. } = &slot.pattern {
            slot.terms.retain(|expanded| {
                expanded.term == *own_term || !analyzer.is_protected(&expanded.term)
            });
        }
    }
}

/// Adds equivalents to the query leaves: other spellings of a word, compounds written as one word or as two, dotted
/// names that begin with a word, quarters of a year, and the long or short forms of abbreviations.
pub(super) fn add_equivalents_of_words(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    if statistics.is_empty() {
        return Ok(());
    }
    spelling_variants::add_spelling_variants(plan, statistics)?;
    compounds::add_compound_spellings(plan, statistics, notes)?;
    dotted_names::add_dotted_names(plan, statistics, notes)?;
    quarters::add_quarters(plan, statistics, notes)?;
    abbreviations::add_abbreviations(plan, statistics, notes)
}
