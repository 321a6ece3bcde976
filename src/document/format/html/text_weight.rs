//! Computes three weights for each element of a page: of all its text, of its text in links, and of its running text.

use std::mem;

use super::tree::{NodeId, Tree, TreeStep, is_inline};
use crate::{document::heading, script::is_basic_ideograph};

/// Minimum weight of a text that counts as running text: 1 per character, [`HAN_CHARACTER_WEIGHT`] per Han character. A
/// text with a third of its weight or more in links never counts as running text.
pub(super) const MIN_PROSE_WEIGHT: u32 = 60;
/// Weight of a Han character, which carries as much information as several letters.
const HAN_CHARACTER_WEIGHT: u32 = 3;
/// Minimum weight of a sentence. A shorter text that ends like a sentence may be a request to the reader, such as
/// `Share this page.`
const MIN_SENTENCE_WEIGHT: u32 = 25;
/// Minimum weight of the text outside of links for an element to count as content, not navigation, if the element has
/// no running text and no sentence. The weight is 1 per character, and [`HAN_CHARACTER_WEIGHT`] per Han character.
const MIN_WEIGHT_OUTSIDE_LINKS: u32 = 100;

/// Weights of the text in an element and all its descendants.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TextWeight {
    /// Weight of all characters.
    pub(super) total_weight: u32,
    /// Weight of the characters in links.
    pub(super) weight_in_links: u32,
    /// Weight of the characters in running text.
    pub(super) prose_weight: u32,
    /// Number of links in the element.
    pub(super) link_count: u32,
    /// Number of blocks that end a sentence and are not mostly links.
    pub(super) sentence_count: u32,
}

/// Text weights of all nodes of a page.
#[derive(Debug)]
pub(super) struct TextWeights {
    /// Weight of each node, indexed by the node.
    weights: Vec<TextWeight>,
}

impl TextWeight {
    /// Returns whether the element counts as content, not navigation: most of its text is outside of links, and the
    /// text is long or has a sentence.
    pub(super) const fn has_text_outside_links(self) -> bool {
        let is_long = self.prose_weight > 0
            || self.total_weight - self.weight_in_links >= MIN_WEIGHT_OUTSIDE_LINKS;
        (is_long || self.sentence_count > 0) && !self.is_mostly_links()
    }

    /// Returns whether at least half of the text is in links, or there is no text.
    pub(super) const fn is_mostly_links(self) -> bool {
        self.weight_in_links * 2 >= self.total_weight
    }
}

impl TextWeights {
    /// Measures the text of the nodes that `walk` enters.
    pub(super) fn measure(tree: &Tree, walk: impl Iterator<Item = TreeStep>) -> Self {
        let mut weights = Self { weights: vec![TextWeight::default(); tree.len()] };
        // Weight of the text since the last start or end of a block element, and whether this text ends a sentence.
        let mut since_boundary = TextWeight::default();
        let mut ends_sentence = false;
        let mut open_link_count = 0_u32;
        for step in walk {
            let (TreeStep::Enter(id) | TreeStep::Leave(id)) = step;
            if let (Some(text), TreeStep::Enter(_)) = (tree.text(id), step) {
                let weight = text.chars().map(char_weight).sum::<u32>();
                since_boundary.total_weight += weight;
                since_boundary.weight_in_links += if open_link_count > 0 { weight } else { 0 };
                if weight > 0 {
                    ends_sentence = heading::ends_sentence(text.trim_end());
                }
                continue;
            }
            if tree.name(id) == "a" {
                match step {
                    TreeStep::Enter(_) => {
                        (open_link_count, since_boundary.link_count) =
                            (open_link_count + 1, since_boundary.link_count + 1);
                    }
                    TreeStep::Leave(_) => open_link_count = open_link_count.saturating_sub(1),
                }
            }
            if !is_inline(tree.name(id)) {
                // The text since the last boundary belongs to the element that ends here, or to the
                // parent of the element that begins here.
                let owner_element = match step {
                    TreeStep::Enter(_) => tree.parent(id).unwrap_or(Tree::ROOT),
                    TreeStep::Leave(_) => id,
                };
                let is_unlinked = since_boundary.weight_in_links * 3 < since_boundary.total_weight;
                let is_prose = since_boundary.total_weight >= MIN_PROSE_WEIGHT && is_unlinked;
                let is_sentence = mem::take(&mut ends_sentence)
                    && since_boundary.total_weight >= MIN_SENTENCE_WEIGHT;
                since_boundary.prose_weight =
                    if is_prose { since_boundary.total_weight } else { 0 };
                since_boundary.sentence_count = u32::from(is_sentence && is_unlinked);
                weights.add_weight_to_node(owner_element, mem::take(&mut since_boundary));
            }
            if let (TreeStep::Leave(_), Some(parent)) = (step, tree.parent(id)) {
                let weight = weights.weight_of(id);
                weights.add_weight_to_node(parent, weight);
            }
        }
        weights
    }

    /// Returns the weight of the text in a node and all its descendants.
    pub(super) fn weight_of(&self, id: NodeId) -> TextWeight {
        self.weights.get(id.index()).copied().unwrap_or_default()
    }

    fn add_weight_to_node(&mut self, id: NodeId, added: TextWeight) {
        if let Some(weight) = self.weights.get_mut(id.index()) {
            weight.total_weight += added.total_weight;
            weight.weight_in_links += added.weight_in_links;
            weight.prose_weight += added.prose_weight;
            weight.link_count += added.link_count;
            weight.sentence_count += added.sentence_count;
        }
    }
}

/// Returns the weight of a character. White space has no weight.
fn char_weight(c: char) -> u32 {
    if is_basic_ideograph(c) { HAN_CHARACTER_WEIGHT } else { u32::from(!c.is_whitespace()) }
}
