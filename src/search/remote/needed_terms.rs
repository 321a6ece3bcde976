//! What is asked of the whole → what is looked up in the part of it that is here.

use super::{Question, Sought, What};
use crate::{
    index::{Needed, NeededTerms, SENTENCE_END},
    query::{Filter, Scope, Slot, Tree, Variant, Wanted},
    search::{
        expansion::{form_prefix, has_forms},
        reader::pair,
    },
};

/// What is looked up in the answers to these questions: all of it, where not only matches were asked for.
pub(in crate::search) fn needed<'q>(questions: impl Iterator<Item = &'q Question>) -> Needed {
    let mut needed = None;
    for question in questions {
        match question {
            Question::Matches(sought) => {
                add(needed.get_or_insert_with(|| Needed::of(NeededTerms::default())), sought);
            }
            Question::Document(_) | Question::Sources => return Needed::everything(),
            Question::Collection
            | Question::Terms(..)
            | Question::Frequencies(..)
            | Question::Passages(_) => {}
        }
    }
    needed.unwrap_or(Needed::everything())
}

fn add(needed: &mut Needed, Sought { query, features, facets, only, .. }: &Sought) {
    needed.facets |= !facets.is_empty() || only.values().any(|values| !values.is_empty());
    needed.voices |= query.leaves.iter().any(|leaf| is_voice(leaf.scope));
    add_tree(needed, &query.tree);
    let Some(terms) = &mut needed.terms else { return };
    for leaf in &query.leaves {
        add_variants(terms, leaf.scope, &leaf.variants);
    }
    for (_, what) in features {
        match what {
            What::Variants(scope, variants) => add_variants(terms, *scope, variants),
            What::Pair(pair) => terms.terms.extend([pair.clone()]),
        }
    }
}

const fn is_voice(scope: Scope) -> bool {
    matches!(scope, Scope::Issuer | Scope::Speaker)
}

fn add_tree(needed: &mut Needed, tree: &Tree) {
    match tree {
        Tree::Everything | Tree::Leaf(_) => {}
        Tree::All(trees) | Tree::Any(trees) => {
            for tree in trees {
                add_tree(needed, tree);
            }
        }
        Tree::Not(tree) => add_tree(needed, tree),
        Tree::Prefer { required, optional } => {
            add_tree(needed, required);
            add_tree(needed, optional);
        }
        Tree::Near { .. } => {
            if let Some(terms) = &mut needed.terms {
                terms.terms.insert(SENTENCE_END.to_owned());
            }
        }
        Tree::Filter(filter) => needed.keys |= !matches!(filter, Filter::Dates(_)),
    }
}

fn add_variants(needed: &mut NeededTerms, scope: Scope, variants: &[Variant]) {
    for Variant { slots, joined, .. } in variants {
        for slot in slots {
            add_slot(needed, slot);
        }
        if *joined && scope == Scope::Body {
            let pairs = slots.windows(2).filter_map(|slots| match slots {
                [first, second] => pair(first, second),
                _ => None,
            });
            needed.terms.extend(pairs);
        }
    }
}

fn add_slot(needed: &mut NeededTerms, Slot { wanted, forms, .. }: &Slot) {
    needed.terms.extend(forms.iter().map(|form| form.term.clone()));
    if let Wanted::Stem { term, stem } = wanted {
        needed.terms.insert(term.clone());
        let prefix = form_prefix(stem);
        if has_forms(stem) && needed.prefixes.iter().all(|known| known != prefix) {
            needed.prefixes.push(prefix.to_owned());
        }
    }
}
