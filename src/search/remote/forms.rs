//! Removes inflections from a query plan and adds them. Questions to a remote index do not list inflections,
//! since the remote index finds them by their stems; the fetched passages contain only some inflections.

use crate::{
    analysis::{Analysis, Analyzer, stem},
    query::{Alternative, ExpandedTerm, QueryPlan, TermPattern},
    search::reader::indexed_stem,
};

/// Returns the plan without terms that depend on the fetched passages or on document frequencies.
pub(super) fn without_inflections(mut plan: QueryPlan) -> QueryPlan {
    let leaves = plan.leaves.iter_mut();
    leaves.flat_map(|leaf| &mut leaf.alternatives).for_each(without_own_inflections);
    plan
}

/// Removes the terms whose stem is the stem of the query word in their slot, and sorts the remaining terms
/// alphabetically.
pub(super) fn without_own_inflections(alternative: &mut Alternative) {
    for slot in &mut alternative.slots {
        if let TermPattern::Stem { stem: own_stem, .. } = &slot.pattern {
            slot.terms.retain(|form| stem(&form.term) != own_stem.as_str());
        }
        slot.terms.sort_by(|a, b| a.term.cmp(&b.term));
    }
}

/// Adds the inflections that occur in `text` to the words of a query, since the fetched passages may lack these
/// inflections.
pub(super) fn add_inflections_in(plan: &mut QueryPlan, text: &str, analyzer: &Analyzer) {
    let mut analysis = Analysis::default();
    analyzer.tokens(text, &mut analysis);
    let alternatives = plan.leaves.iter_mut().flat_map(|leaf| &mut leaf.alternatives);
    for slot in alternatives.flat_map(|alternative| &mut alternative.slots) {
        let TermPattern::Stem { stem: own_stem, .. } = &slot.pattern else { continue };
        for term in analysis.tokens.iter().map(|token| analysis.term(token)) {
            let is_listed = slot.terms.iter().any(|form| form.term == term);
            if !is_listed && indexed_stem(term) == own_stem.as_str() {
                slot.terms.push(ExpandedTerm { term: term.to_owned(), weight: 1.0 });
            }
        }
    }
}
