//! Query tree + what occurs in the texts of a passage → the occurrences that satisfied it.

use std::collections::BTreeMap;

use super::{
    Subject,
    occurrence::{Analyzed, Occurrence},
};
use crate::query::{
    Field, Filter, MatchTree, PositionRange, QueryPlan, matches_glob, matches_path, near,
    same_sentence,
};

/// An occurrence, in the text of that index.
pub(super) type Mark<'t> = (usize, &'t Occurrence);

/// The texts of one passage that leaves look at.
pub(super) struct Reading<'t> {
    pub(super) query: &'t QueryPlan,
    pub(super) texts: &'t [Analyzed],
    pub(super) subject: Option<&'t Subject<'t>>,
}

impl<'t> Reading<'t> {
    /// The occurrences by which the passage satisfies `tree`; none where it does not.
    pub(super) fn satisfying(&self, tree: &MatchTree) -> Option<Vec<Mark<'t>>> {
        match tree {
            MatchTree::Everything => Some(Vec::new()),
            MatchTree::Leaf(leaf) => self.leaf(*leaf),
            MatchTree::All(trees) => {
                let all: Option<Vec<_>> = trees.iter().map(|tree| self.satisfying(tree)).collect();
                all.map(|marks| marks.concat())
            }
            MatchTree::Any(trees) => {
                let any: Vec<_> = trees.iter().filter_map(|tree| self.satisfying(tree)).collect();
                (!any.is_empty()).then(|| any.concat())
            }
            MatchTree::Not(tree) => self.satisfying(tree).is_none().then(Vec::new),
            MatchTree::Prefer { required, optional } => {
                let mut marks = self.satisfying(required)?;
                marks.extend(self.satisfying(optional).unwrap_or_default());
                Some(marks)
            }
            MatchTree::Near { operands, distance } => self.together(operands, *distance),
            MatchTree::Filter(filter) => {
                self.subject.is_none_or(|subject| subject.passes(filter)).then(Vec::new)
            }
        }
    }

    /// Every occurrence that could satisfy a part of `tree`: for titles and neighbours, which need not
    /// satisfy the whole.
    pub(super) fn loose(&self, tree: &MatchTree) -> Vec<Mark<'t>> {
        match tree {
            MatchTree::All(trees) | MatchTree::Any(trees) => {
                trees.iter().flat_map(|tree| self.loose(tree)).collect()
            }
            MatchTree::Prefer { required, optional } => {
                [required, optional].into_iter().flat_map(|tree| self.loose(tree)).collect()
            }
            MatchTree::Leaf(_) | MatchTree::Near { .. } => {
                self.satisfying(tree).unwrap_or_default()
            }
            MatchTree::Everything | MatchTree::Not(_) | MatchTree::Filter(_) => Vec::new(),
        }
    }

    fn leaf(&self, leaf: usize) -> Option<Vec<Mark<'t>>> {
        let all = self.texts.iter().enumerate();
        let marks: Vec<Mark<'_>> =
            all.flat_map(|(text, read)| read.of(leaf).map(move |found| (text, found))).collect();
        // Characters with something between them only count where they stand together nowhere.
        let strict: Vec<_> = marks.iter().filter(|(_, found)| found.strict).copied().collect();
        let joined = self.query.leaves.get(leaf).is_some_and(|leaf| {
            leaf.alternatives.first().is_some_and(|variant| variant.contiguous)
        });
        let marks = if joined && !strict.is_empty() { strict } else { marks };
        (!marks.is_empty()).then_some(marks)
    }

    /// The occurrences that stand near each other in some text.
    fn together(&self, operands: &[Vec<usize>], distance: Option<u32>) -> Option<Vec<Mark<'t>>> {
        let mut marks = Vec::new();
        for (index, text) in self.texts.iter().enumerate() {
            let found: Vec<BTreeMap<PositionRange, &Occurrence>> = operands
                .iter()
                .map(|leaves| {
                    let of = leaves.iter().flat_map(|&leaf| text.of(leaf));
                    of.map(|occurrence| (occurrence.place, occurrence)).collect()
                })
                .collect();
            let places: Vec<Vec<PositionRange>> =
                found.iter().map(|by_place| by_place.keys().copied().collect()).collect();
            let standing = match distance {
                Some(distance) => near(&places, distance),
                None => same_sentence(&places, &text.sentence_ends),
            };
            marks.extend(
                standing.into_iter().filter_map(|(operand, place)| {
                    Some((index, *found.get(operand)?.get(&place)?))
                }),
            );
        }
        (!marks.is_empty()).then_some(marks)
    }
}

impl Subject<'_> {
    /// Whether what is known of the document is what a filter asks for.
    fn passes(&self, filter: &Filter) -> bool {
        match filter {
            Filter::Dates(period) => self.date.is_some_and(|date| {
                period.first.is_none_or(|first| first <= date)
                    && period.last.is_none_or(|last| date <= last)
            }),
            Filter::Value { field: Field::Lang, glob } => matches_glob(glob, self.lang),
            Filter::Path { glob, root } => matches_path(glob, root, self.source),
            Filter::Value { glob, .. } => {
                matches_glob(glob, self.document)
                    || matches_glob(glob, &format!("{}#{}", self.document, self.ordinal))
            }
        }
    }
}
