//! Removes inflections from the query plans that are sent to a remote index, and adds inflections to the plans that
//! highlight a text. The remote index finds inflections by their stem, and the fetched passages contain only some
//! inflections.

use crate::{
    analysis::{Analysis, Analyzer, stem},
    query::{Alternative, ExpandedTerm, QueryPlan, TermPattern},
    search::reader::indexed_stem,
};

/// Returns the plan without the inflections of its words, which depend on the fetched passages, and with the other
/// terms in alphabetical order, which does not depend on document frequencies.
pub(super) fn without_inflections(mut plan: QueryPlan) -> QueryPlan {
    let leaves = plan.leaves.iter_mut();
    leaves.flat_map(|leaf| &mut leaf.alternatives).for_each(remove_inflections);
    plan
}

/// Removes the inflections of the query word from each slot: all terms with the stem of the word. Sorts the remaining
/// terms of the slot alphabetically.
pub(super) fn remove_inflections(alternative: &mut Alternative) {
    for slot in &mut alternative.slots {
        if let TermPattern::Stem { stem: word_stem, .. } = &slot.pattern {
            slot.terms.retain(|form| stem(&form.term) != word_stem.as_str());
        }
        slot.terms.sort_by(|a, b| a.term.cmp(&b.term));
    }
}

/// Adds the inflections that occur in `text` to the words of a query, because the fetched passages may lack these
/// inflections.
pub(super) fn add_inflections_in_text(plan: &mut QueryPlan, text: &str, analyzer: &Analyzer) {
    let mut analysis = Analysis::default();
    analyzer.tokens(text, &mut analysis);
    let alternatives = plan.leaves.iter_mut().flat_map(|leaf| &mut leaf.alternatives);
    for slot in alternatives.flat_map(|alternative| &mut alternative.slots) {
        let TermPattern::Stem { stem: word_stem, .. } = &slot.pattern else { continue };
        for term in analysis.tokens.iter().map(|token| analysis.term(token)) {
            let is_listed = slot.terms.iter().any(|form| form.term == term);
            if !is_listed && indexed_stem(term) == word_stem.as_str() {
                slot.terms.push(ExpandedTerm { term: term.to_owned(), weight: 1.0 });
            }
        }
    }
}
