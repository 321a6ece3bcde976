//! Loose form of a query plan, for passages that lack a word of the query.

use super::tree::{Alternative, Leaf, MatchTree, PhraseSlot, QueryPlan, QueryToken, TextField};
use crate::{analysis::is_stop_word, script::is_han};

impl QueryPlan {
    /// Returns the plan with one of the wanted words sufficient for a match. Pairs of adjacent Han characters of the wanted
    /// words match too, without adding score as leaves. The leaves of this plan keep their indexes.
    pub(crate) fn loosened(&self) -> Self {
        let mut loose = self.clone();
        let mut tree = std::mem::replace(&mut loose.tree, MatchTree::Everything);
        loose.loosen(&mut tree);
        loose.tree = tree;
        loose
    }

    fn loosen(&mut self, tree: &mut MatchTree) {
        match tree {
            MatchTree::Wanted(trees) => {
                let mut trees = std::mem::take(trees);
                let inner = trees.iter_mut().filter(|tree| !matches!(tree, MatchTree::Leaf(_)));
                inner.for_each(|tree| self.loosen(tree));
                let pairs = self.character_pairs(&trees);
                trees.extend(pairs);
                *tree = MatchTree::Any(trees);
            }
            // The characters of a quoted phrase without other words belong together.
            MatchTree::Leaf(leaf) if !self.is_quoted(*leaf) => {
                let pairs = self.character_pairs(std::slice::from_ref(tree));
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
            | MatchTree::Filter(_) => tree.children_mut().for_each(|tree| self.loosen(tree)),
        }
    }

    fn is_quoted(&self, leaf: usize) -> bool {
        let position = self.leaves.get(leaf).map(|leaf| leaf.position);
        let token = self.tokens.iter().find(|token| Some(token.position) == position);
        token.is_some_and(|token| token.quoted)
    }

    /// Adds a leaf for each pair of adjacent Han characters in the leaves of `trees`, and across two of these leaves. Leaves
    /// out pairs with a stop word and pairs that are a leaf already.
    fn character_pairs(&mut self, trees: &[MatchTree]) -> Vec<MatchTree> {
        let is_searched = |position: u32| {
            trees.iter().any(|tree| match tree {
                MatchTree::Leaf(leaf) => self.leaves.get(*leaf).is_some_and(|leaf| {
                    let end = leaf.position + leaf.position_count;
                    leaf.field == TextField::Body
                        && leaf.adds_score()
                        && has_han_characters(leaf)
                        && (leaf.position..end).contains(&position)
                }),
                _ => false,
            })
        };
        let mut pairs = Vec::new();
        for tokens in self.tokens.windows(2) {
            let [first, second] = tokens else { continue };
            let is_pair = first.is_han && second.is_han && second.contiguous;
            let has_content =
                |token: &QueryToken| is_searched(token.position) && !is_stop_word(&token.term);
            if !is_pair || !has_content(first) || !has_content(second) {
                continue;
            }
            let slots = vec![PhraseSlot::term(0, &first.term), PhraseSlot::term(1, &second.term)];
            let pair = Alternative::contiguous(slots);
            let is_leaf =
                |leaf: &Leaf| leaf.alternatives.first().is_some_and(|own| own.slots == pair.slots);
            if !self.leaves.iter().any(is_leaf) {
                pairs.push((pair, first.position, format!("{}{}", first.term, second.term)));
            }
        }
        let first = self.leaves.len();
        self.leaves.extend(pairs.into_iter().map(|(pair, position, label)| Leaf {
            field: TextField::Body,
            alternatives: vec![pair],
            boost: 0.0,
            positive: true,
            position,
            position_count: 2,
            label,
        }));
        (first..self.leaves.len()).map(MatchTree::Leaf).collect()
    }
}

/// Whether each slot of a leaf is a single Han character. The characters of a figure (5000万亿) are one slot.
fn has_han_characters(leaf: &Leaf) -> bool {
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
        query::{Clause, plan_query},
    };

    fn plan(text: &str) -> QueryPlan {
        plan_query(&Clause::parse(text).0, &[], &Analyzer::new(Chinese::Off), &mut Vec::new())
    }

    #[test]
    fn wanted_words_become_optional_and_conditions_stay() {
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
            assert_eq!(plan(text).loosened().tree, expected, "{text}");
        }
    }

    #[test]
    fn a_quoted_han_phrase_matches_by_its_pairs() {
        let loose = plan("\"广州市\" port").loosened();
        let labels: Vec<&str> = loose.leaves.iter().map(|leaf| leaf.label.as_str()).collect();
        assert_eq!(labels, ["广州市", "port", "广州", "州市"]);
        assert_eq!(loose.tree, MatchTree::Any((0..4).map(MatchTree::Leaf).collect()));
        assert!(!loose.leaves[2].adds_score());
    }
}
