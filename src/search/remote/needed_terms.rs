//! What is asked of the whole → what is looked up in the part of it that is here.

use super::{CountedTerms, RemoteQuery, RemoteQuestion};
use crate::{
    index::{IndexedSubset, IndexedTerms, SENTENCE_END},
    query::{Alternative, Filter, MatchTree, PhraseSlot, TermPattern, TextField},
    search::{
        expansion::{form_prefix, has_forms},
        reader::pair,
    },
};

/// What is looked up in the answers to these questions: all of it, where not only matches were asked for.
pub(in crate::search) fn needed<'q>(
    questions: impl Iterator<Item = &'q RemoteQuestion>,
) -> IndexedSubset {
    let mut needed = None;
    for question in questions {
        match question {
            RemoteQuestion::Matches(sought) => {
                add(
                    needed.get_or_insert_with(|| IndexedSubset::of(IndexedTerms::default())),
                    sought,
                );
            }
            RemoteQuestion::Document(_) | RemoteQuestion::Sources => {
                return IndexedSubset::everything();
            }
            RemoteQuestion::Collection
            | RemoteQuestion::Terms(..)
            | RemoteQuestion::Frequencies(..)
            | RemoteQuestion::Passages(_) => {}
        }
    }
    needed.unwrap_or(IndexedSubset::everything())
}

fn add(
    needed: &mut IndexedSubset,
    RemoteQuery { query, features, facets, only, .. }: &RemoteQuery,
) {
    needed.facets |= !facets.is_empty() || only.values().any(|values| !values.is_empty());
    needed.names |= query.leaves.iter().any(|leaf| is_voice(leaf.field));
    add_tree(needed, &query.tree);
    let Some(terms) = &mut needed.terms else { return };
    for leaf in &query.leaves {
        add_variants(terms, leaf.field, &leaf.alternatives);
    }
    for (_, what) in features {
        match what {
            CountedTerms::Variants(scope, variants) => add_variants(terms, *scope, variants),
            CountedTerms::Pair(pair) => terms.terms.extend([pair.clone()]),
        }
    }
}

const fn is_voice(scope: TextField) -> bool {
    matches!(scope, TextField::Issuer | TextField::Speaker)
}

fn add_tree(needed: &mut IndexedSubset, tree: &MatchTree) {
    match tree {
        MatchTree::Everything | MatchTree::Leaf(_) => {}
        MatchTree::All(trees) | MatchTree::Any(trees) => {
            for tree in trees {
                add_tree(needed, tree);
            }
        }
        MatchTree::Not(tree) => add_tree(needed, tree),
        MatchTree::Prefer { required, optional } => {
            add_tree(needed, required);
            add_tree(needed, optional);
        }
        MatchTree::Near { .. } => {
            if let Some(terms) = &mut needed.terms {
                terms.terms.insert(SENTENCE_END.to_owned());
            }
        }
        MatchTree::Filter(filter) => needed.keys |= !matches!(filter, Filter::Dates(_)),
    }
}

fn add_variants(needed: &mut IndexedTerms, scope: TextField, variants: &[Alternative]) {
    for Alternative { slots, contiguous: joined, .. } in variants {
        for slot in slots {
            add_slot(needed, slot);
        }
        if *joined && scope == TextField::Body {
            let pairs = slots.windows(2).filter_map(|slots| match slots {
                [first, second] => pair(first, second),
                _ => None,
            });
            needed.terms.extend(pairs);
        }
    }
}

fn add_slot(
    needed: &mut IndexedTerms,
    PhraseSlot { pattern: wanted, terms: forms, .. }: &PhraseSlot,
) {
    needed.terms.extend(forms.iter().map(|form| form.term.clone()));
    if let TermPattern::Stem { term, stem } = wanted {
        needed.terms.insert(term.clone());
        let prefix = form_prefix(stem);
        if has_forms(stem) && needed.prefixes.iter().all(|known| known != prefix) {
            needed.prefixes.push(prefix.to_owned());
        }
    }
}
