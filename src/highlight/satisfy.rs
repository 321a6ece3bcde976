//! Evaluates the query tree on one passage, and finds the occurrences of query leaves that satisfy the tree.

use std::collections::BTreeMap;

use super::{
    PassageTextsAndMetadata,
    occurrence::{Occurrence, TextWithLeafOccurrences},
};
use crate::query::{
    Field, Filter, MatchTree, PositionRange, QueryPlan, matches_glob, matches_path,
    near_occurrences, same_sentence_occurrences,
};

/// Index of a text of the passage, and an occurrence of a query leaf in this text.
pub(super) type TextIndexAndOccurrence<'t> = (usize, &'t Occurrence);

/// Query plan, and the texts of one passage on which the plan is evaluated.
pub(super) struct MatchTreeEvaluator<'t> {
    pub(super) plan: &'t QueryPlan,
    pub(super) texts: &'t [TextWithLeafOccurrences<'t>],
    /// Metadata of the passage, for filters. If `None`, every filter counts as satisfied.
    pub(super) passage: Option<&'t PassageTextsAndMetadata<'t>>,
}

impl<'t> MatchTreeEvaluator<'t> {
    /// Returns the occurrences through which the passage satisfies `tree`. `None` if the passage does not satisfy
    /// `tree`.
    pub(super) fn satisfying_occurrences(
        &self,
        tree: &MatchTree,
    ) -> Option<Vec<TextIndexAndOccurrence<'t>>> {
        match tree {
            MatchTree::Everything => Some(Vec::new()),
            MatchTree::Leaf(leaf) => self.leaf_occurrences(*leaf),
            MatchTree::All(trees) => {
                let occurrences_by_tree: Option<Vec<_>> =
                    trees.iter().map(|tree| self.satisfying_occurrences(tree)).collect();
                occurrences_by_tree.map(|occurrences| occurrences.concat())
            }
            MatchTree::AllWithHeadings(trees)
                if !self.passage_has_title_or_headings() && !self.passage_satisfies_all(trees) =>
            {
                None
            }
            MatchTree::Any(trees) | MatchTree::AllWithHeadings(trees) => {
                let occurrences_by_tree: Vec<_> =
                    trees.iter().filter_map(|tree| self.satisfying_occurrences(tree)).collect();
                if occurrences_by_tree.is_empty() {
                    None
                } else {
                    Some(occurrences_by_tree.concat())
                }
            }
            MatchTree::Not(tree) => self.satisfying_occurrences(tree).is_none().then(Vec::new),
            MatchTree::Prefer { required, optional } => {
                let mut occurrences = self.satisfying_occurrences(required)?;
                occurrences.extend(self.satisfying_occurrences(optional).unwrap_or_default());
                Some(occurrences)
            }
            MatchTree::Near { operands, distance } => self.near_occurrences(operands, *distance),
            MatchTree::Filter(filter) => self
                .passage
                .is_none_or(|passage| passage.document_matches_filter(filter))
                .then(Vec::new),
        }
    }

    fn passage_satisfies_all(&self, trees: &[MatchTree]) -> bool {
        trees.iter().all(|tree| self.satisfying_occurrences(tree).is_some())
    }

    /// Returns whether the passage has a title or headings, which may contain words that the passage text lacks.
    fn passage_has_title_or_headings(&self) -> bool {
        self.passage.is_some_and(|passage| passage.title.is_some() || !passage.headings.is_empty())
    }

    /// Returns the occurrences that satisfy any subtree of `tree`. Titles, headings and the passages before and
    /// after a hit are highlighted in this way, since these texts need not satisfy the whole query.
    pub(super) fn occurrences_satisfying_any_subtree(
        &self,
        tree: &MatchTree,
    ) -> Vec<TextIndexAndOccurrence<'t>> {
        match tree {
            MatchTree::All(_)
            | MatchTree::Any(_)
            | MatchTree::AllWithHeadings(_)
            | MatchTree::Prefer { .. } => tree
                .children()
                .flat_map(|child| self.occurrences_satisfying_any_subtree(child))
                .collect(),
            MatchTree::Leaf(_) | MatchTree::Near { .. } => {
                self.satisfying_occurrences(tree).unwrap_or_default()
            }
            MatchTree::Everything | MatchTree::Not(_) | MatchTree::Filter(_) => Vec::new(),
        }
    }

    fn leaf_occurrences(&self, leaf: usize) -> Option<Vec<TextIndexAndOccurrence<'t>>> {
        let mut occurrences: Vec<TextIndexAndOccurrence<'_>> = self
            .texts
            .iter()
            .enumerate()
            .flat_map(|(index, text)| {
                text.occurrences_of_leaf(leaf).map(move |occurrence| (index, occurrence))
            })
            .collect();
        let is_contiguous = self
            .plan
            .leaves
            .get(leaf)
            .and_then(|leaf| leaf.alternatives.first())
            .is_some_and(|alternative| alternative.is_contiguous);
        // If the Han characters are adjacent somewhere in the passage, only occurrences with adjacent Han characters
        // count.
        if is_contiguous && occurrences.iter().any(|(_, occurrence)| occurrence.has_adjacent_tokens)
        {
            occurrences.retain(|(_, occurrence)| occurrence.has_adjacent_tokens);
        }
        if occurrences.is_empty() { None } else { Some(occurrences) }
    }

    /// Returns the occurrences of the operands of NEAR that are within `distance` of each other in a text, or in one
    /// sentence of a text if `distance` is `None`. Returns `None` if no occurrences are close enough.
    fn near_occurrences(
        &self,
        operands: &[Vec<usize>],
        distance: Option<u32>,
    ) -> Option<Vec<TextIndexAndOccurrence<'t>>> {
        let mut occurrences = Vec::new();
        for (index, text) in self.texts.iter().enumerate() {
            let occurrences_by_range: Vec<BTreeMap<PositionRange, &Occurrence>> = operands
                .iter()
                .map(|leaves| {
                    let operand_occurrences =
                        leaves.iter().flat_map(|&leaf| text.occurrences_of_leaf(leaf));
                    operand_occurrences.map(|occurrence| (occurrence.range, occurrence)).collect()
                })
                .collect();
            let ranges: Vec<Vec<PositionRange>> = occurrences_by_range
                .iter()
                .map(|operand| operand.keys().copied().collect())
                .collect();
            let near_ranges = match distance {
                Some(distance) => near_occurrences(&ranges, distance),
                None => same_sentence_occurrences(&ranges, &text.sentence_ends()),
            };
            occurrences.extend(near_ranges.into_iter().filter_map(|(operand, range)| {
                Some((index, *occurrences_by_range.get(operand)?.get(&range)?))
            }));
        }
        if occurrences.is_empty() { None } else { Some(occurrences) }
    }
}

impl PassageTextsAndMetadata<'_> {
    /// Returns whether the metadata of the document matches a filter.
    fn document_matches_filter(&self, filter: &Filter) -> bool {
        match filter {
            Filter::Dates(period) => self.date.is_some_and(|date| {
                period.first.is_none_or(|first| first <= date)
                    && period.last.is_none_or(|last| date <= last)
            }),
            Filter::Value { field: Field::Lang, glob } => matches_glob(glob, self.lang),
            Filter::Path { glob, root } => matches_path(glob, root, self.source_path),
            Filter::Documents(ids) => ids.contains(self.document_id),
            Filter::Declared { name, condition } => self
                .field_values
                .as_ref()
                .is_some_and(|values| condition.is_satisfied_by(*name, values)),
            Filter::Value { glob, .. } => {
                matches_glob(glob, self.document_id)
                    || matches_glob(glob, &format!("{}#{}", self.document_id, self.ordinal))
            }
        }
    }
}
