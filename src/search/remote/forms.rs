//! Inflections in the plan of a query. A remote index finds them by their stems, so questions do not list them, and the
//! fetched passages have only some of them.

use crate::{
    analysis::{Analysis, Analyzer, stem},
    query::{Alternative, ExpandedTerm, QueryPlan, TermPattern},
    search::reader::indexed_stem,
};

/// Returns a plan that does not depend on which passages are fetched, nor on document frequencies.
pub(super) fn without_inflections(mut plan: QueryPlan) -> QueryPlan {
    let leaves = plan.leaves.iter_mut();
    leaves.flat_map(|leaf| &mut leaf.alternatives).for_each(without_own_inflections);
    plan
}

/// Removes the terms with the stem of their own word, and sorts the others alphabetically.
pub(super) fn without_own_inflections(alternative: &mut Alternative) {
    for slot in &mut alternative.slots {
        if let TermPattern::Stem { stem: own_stem, .. } = &slot.pattern {
            slot.terms.retain(|form| stem(&form.term) != own_stem.as_str());
        }
        slot.terms.sort_by(|a, b| a.term.cmp(&b.term));
    }
}

/// Adds to the words of a query the inflections that occur in a text: the fetched passages may lack them.
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
