//! Loosens a query plan, so that the plan also matches passages that lack a word of the query.

use super::tree::{Alternative, Leaf, MatchTree, PhraseSlot, QueryPlan, QueryToken, TextField};
use crate::script::is_han;

impl QueryPlan {
    /// Returns a plan in which a match of one of the words under [`MatchTree::AllWithHeadings`] suffices. Pairs of
    /// adjacent Han characters of these words match too, but the query leaves of the pairs add no score. Every query
    /// leaf of `self` has the same index in the new plan.
    pub(crate) fn to_loose_plan(&self) -> Self {
        let mut loosened_plan = self.clone();
        let mut tree = std::mem::replace(&mut loosened_plan.tree, MatchTree::Everything);
        loosened_plan.loosen_tree(&mut tree);
        loosened_plan.tree = tree;
        for leaf in &mut loosened_plan.leaves {
            leaf.alternatives.append(&mut leaf.loose_alternatives);
        }
        loosened_plan
    }

    fn loosen_tree(&mut self, tree: &mut MatchTree) {
        match tree {
            MatchTree::AllWithHeadings(trees) => {
                let mut trees = std::mem::take(trees);
                let inner_trees =
                    trees.iter_mut().filter(|tree| !matches!(tree, MatchTree::Leaf(_)));
                inner_trees.for_each(|tree| self.loosen_tree(tree));
                let pairs = self.add_leaves_for_han_pairs(&trees);
                trees.extend(pairs);
                *tree = MatchTree::Any(trees);
            }
            // If a quoted phrase is the only word, its Han characters belong together.
            MatchTree::Leaf(leaf) if !self.is_quoted_leaf(*leaf) => {
                let pairs = self.add_leaves_for_han_pairs(std::slice::from_ref(tree));
                if !pairs.is_empty() {
                    *tree = MatchTree::Any(std::iter::once(tree.clone()).chain(pairs).collect());
                }
            }
            MatchTree::Not(_) => {}
            MatchTree::Everything
            | MatchTree::Leaf(_)
            | MatchTree::All(_)
            | MatchTree::Any(_)
            | MatchTree::Prefer { .. }
            | MatchTree::Near { .. }
            | MatchTree::Filter(_) => tree.children_mut().for_each(|tree| self.loosen_tree(tree)),
        }
    }

    fn is_quoted_leaf(&self, leaf: usize) -> bool {
        let leaf_position = self.leaves.get(leaf).map(|leaf| leaf.position);
        let token = self.tokens.iter().find(|token| Some(token.position) == leaf_position);
        token.is_some_and(|token| token.is_quoted)
    }

    /// Adds a query leaf for each pair of adjacent Han characters that the leaves in `trees` search. The two
    /// characters may belong to different leaves. Omits pairs with a stop word, and pairs that are a leaf already.
    /// Returns the trees of the added leaves.
    fn add_leaves_for_han_pairs(&mut self, trees: &[MatchTree]) -> Vec<MatchTree> {
        let is_searched = |position: u32| {
            trees.iter().any(|tree| match tree {
                MatchTree::Leaf(leaf) => self.leaves.get(*leaf).is_some_and(|leaf| {
                    let leaf_end = leaf.position + leaf.position_count;
                    leaf.field == TextField::Body
                        && leaf.adds_score()
                        && has_one_han_character_per_slot(leaf)
                        && (leaf.position..leaf_end).contains(&position)
                }),
                _ => false,
            })
        };
        let mut pairs = Vec::new();
        for tokens in self.tokens.windows(2) {
            let [first, second] = tokens else { continue };
            let is_character_pair = first.is_han && second.is_han && second.is_contiguous;
            let is_searched_content_word =
                |token: &QueryToken| is_searched(token.position) && !token.is_stop_word;
            if !is_character_pair
                || !is_searched_content_word(first)
                || !is_searched_content_word(second)
            {
                continue;
            }
            let slots = vec![PhraseSlot::term(0, &first.term), PhraseSlot::term(1, &second.term)];
            let pair = Alternative::contiguous(slots);
            let searches_pair =
                |leaf: &Leaf| leaf.alternatives.first().is_some_and(|own| own.slots == pair.slots);
            if !self.leaves.iter().any(searches_pair) {
                pairs.push((pair, first.position, format!("{}{}", first.term, second.term)));
            }
        }
        let first_new_leaf = self.leaves.len();
        self.leaves.extend(pairs.into_iter().map(|(pair, position, label)| Leaf {
            field: TextField::Body,
            alternatives: vec![pair],
            loose_alternatives: Vec::new(),
            boost: 0.0,
            is_outside_not: true,
            position,
            position_count: 2,
            label,
        }));
        (first_new_leaf..self.leaves.len()).map(MatchTree::Leaf).collect()
    }
}

/// Returns whether each slot of a query leaf is a single Han character. A number such as `5000万亿` is one slot of
/// several characters.
fn has_one_han_character_per_slot(leaf: &Leaf) -> bool {
    let slots = leaf.alternatives.first().map(|alternative| &alternative.slots[..]);
    slots.unwrap_or_default().iter().all(|slot| {
        let mut characters = slot.pattern.text().chars();
        characters.next().is_some_and(is_han) && characters.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::{Analyzer, Chinese},
        document::DeclaredFields,
        query::{Clause, plan_query},
    };

    fn plan(text: &str) -> QueryPlan {
        let (fields, analyzer) = (DeclaredFields::default(), Analyzer::new(Chinese::Off));
        plan_query(&Clause::parse(text).0, &[], &fields, &analyzer, &mut Vec::new())
    }

    #[test]
    fn words_of_a_loose_plan_are_optional_and_conditions_stay() {
        let leaf = MatchTree::Leaf;
        for (text, expected) in [
            ("flying car", MatchTree::Any(vec![leaf(0), leaf(1)])),
            ("flying AND car", MatchTree::All(vec![leaf(0), leaf(1)])),
            (
                "+flying car port",
                MatchTree::All(vec![leaf(0), MatchTree::Any(vec![leaf(1), leaf(2)])]),
            ),
            (
                "flying car -toy",
                MatchTree::All(vec![
                    MatchTree::Any(vec![leaf(0), leaf(1)]),
                    MatchTree::Not(Box::new(leaf(2))),
                ]),
            ),
        ] {
            assert_eq!(plan(text).to_loose_plan().tree, expected, "{text}");
        }
    }

    #[test]
    fn a_quoted_han_phrase_matches_by_its_character_pairs() {
        let loosened_plan = plan("\"广州市\" port").to_loose_plan();
        let labels: Vec<&str> =
            loosened_plan.leaves.iter().map(|leaf| leaf.label.as_str()).collect();
        assert_eq!(labels, ["广州市", "port", "广州", "州市"]);
        assert_eq!(loosened_plan.tree, MatchTree::Any((0..4).map(MatchTree::Leaf).collect()));
        assert!(!loosened_plan.leaves[2].adds_score());
    }
}
