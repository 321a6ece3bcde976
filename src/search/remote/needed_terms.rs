//! Selects which terms, fields and fast fields of the fetched passages must be indexed to answer the questions of a
//! search.

use super::protocol::{CountedTerms, RemoteQuery, RemoteQuestion};
use crate::{
    index::{IndexedSubset, IndexedTerms, SENTENCE_END_TERM},
    query::{Alternative, Filter, MatchTree, PhraseSlot, TermPattern, TextField},
    search::reader::bigram,
};

/// Returns the part of the fetched data that must be indexed. Returns everything if a question requests documents or
/// source files, or if no question requests matches.
pub(super) fn needed_index_subset<'q>(
    questions: impl Iterator<Item = &'q RemoteQuestion>,
) -> IndexedSubset {
    let mut subset = None;
    for question in questions {
        match question {
            RemoteQuestion::Matches(query) => {
                let empty_subset = || IndexedSubset::of_terms(IndexedTerms::default());
                add_terms_of_query(subset.get_or_insert_with(empty_subset), query);
            }
            RemoteQuestion::Document(_) | RemoteQuestion::Sources => {
                return IndexedSubset::whole_schema();
            }
            RemoteQuestion::Collection
            | RemoteQuestion::Terms(..)
            | RemoteQuestion::Frequencies(..)
            | RemoteQuestion::Passages(_) => {}
        }
    }
    subset.unwrap_or(IndexedSubset::whole_schema())
}

/// Adds to `subset` the terms, fields and fast fields that a query needs.
fn add_terms_of_query(subset: &mut IndexedSubset, query: &RemoteQuery) {
    let RemoteQuery { plan, scoring_terms, facets, .. } = query;
    subset.has_facet_fields |= !facets.is_empty() || query.filters_by_facet();
    subset.indexes_issuer_and_speaker_names |=
        plan.leaves.iter().any(|leaf| holds_issuer_or_speaker_names(leaf.field));
    add_terms_of_tree(subset, &plan.tree);
    let Some(terms) = &mut subset.terms else { return };
    for leaf in &plan.leaves {
        add_terms_of_alternatives(terms, leaf.field, &leaf.alternatives);
    }
    for (_, counted) in scoring_terms {
        match counted {
            CountedTerms::Alternatives(field, alternatives) => {
                add_terms_of_alternatives(terms, *field, alternatives);
            }
            CountedTerms::RankingTerm(term) => terms.terms.extend([term.clone()]),
        }
    }
}

/// Returns whether a field contains names of issuers or speakers.
const fn holds_issuer_or_speaker_names(field: TextField) -> bool {
    matches!(field, TextField::Issuer | TextField::Speaker)
}

/// Adds to `subset` the terms and fields that the operators and filters of a match tree need.
fn add_terms_of_tree(subset: &mut IndexedSubset, tree: &MatchTree) {
    match tree {
        MatchTree::Everything | MatchTree::Leaf(_) => {}
        MatchTree::All(trees) | MatchTree::Any(trees) | MatchTree::AllWithHeadings(trees) => {
            for tree in trees {
                add_terms_of_tree(subset, tree);
            }
        }
        MatchTree::Not(tree) => add_terms_of_tree(subset, tree),
        MatchTree::Prefer { required, optional } => {
            add_terms_of_tree(subset, required);
            add_terms_of_tree(subset, optional);
        }
        MatchTree::Near { .. } => {
            if let Some(terms) = &mut subset.terms {
                terms.terms.insert(SENTENCE_END_TERM.to_owned());
            }
        }
        MatchTree::Filter(filter) => {
            subset.indexes_ids_languages_and_paths |= !matches!(filter, Filter::Dates(_));
        }
    }
}

/// Adds to `terms` the terms of the alternatives of a query leaf, and the bigrams of Chinese words in the body.
fn add_terms_of_alternatives(
    terms: &mut IndexedTerms,
    field: TextField,
    alternatives: &[Alternative],
) {
    for Alternative { slots, is_contiguous, .. } in alternatives {
        for slot in slots {
            add_terms_of_slot(terms, slot);
        }
        if *is_contiguous && field == TextField::Body {
            let bigrams = slots.windows(2).filter_map(|slots| match slots {
                [first, second] => bigram(first, second),
                _ => None,
            });
            terms.terms.extend(bigrams);
        }
    }
}

/// Adds to `terms` the terms of a slot (a word of a phrase), and the word as the query has it.
fn add_terms_of_slot(terms: &mut IndexedTerms, slot: &PhraseSlot) {
    terms.terms.extend(slot.terms.iter().map(|term| term.term.clone()));
    if let TermPattern::Stem { term, .. } = &slot.pattern {
        terms.terms.insert(term.clone());
    }
}
