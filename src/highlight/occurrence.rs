//! Leaves of a query + tokens of a text → where each leaf occurs.

use std::collections::{HashMap, HashSet};

use crate::{
    analysis::{Analysis, Analyzer, TokenKind},
    passage::sentence_end_positions,
    query::{Alternative, Leaf, PositionRange, QueryPlan, TextField, phrase_positions},
    span::Span,
};

/// A place where a leaf of the query is satisfied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Occurrence {
    /// Which leaf.
    pub(super) leaf: usize,
    pub(super) place: PositionRange,
    /// What to mark: one stretch, or each word where others may stand between.
    pub(super) spans: Vec<Span>,
    /// Its characters follow each other with nothing between.
    pub(super) strict: bool,
}

/// A text with what of the query occurs in it.
#[derive(Debug)]
pub(super) struct Analyzed {
    pub(super) analysis: Analysis,
    /// The positions after which sentences end.
    pub(super) sentence_ends: Vec<u32>,
    /// By leaf, and then by place.
    occurrences: Vec<Occurrence>,
}

impl Analyzed {
    /// Where a leaf occurs.
    pub(super) fn of(&self, leaf: usize) -> impl Iterator<Item = &Occurrence> {
        let first = self.occurrences.partition_point(|found| found.leaf < leaf);
        let rest = self.occurrences.get(first..).unwrap_or_default();
        rest.iter().take_while(move |found| found.leaf == leaf)
    }
}

/// A slot of a variant of a leaf.
type SlotAt = (usize, usize, usize);

/// The slots of a query by the terms that may stand there.
pub(super) struct Finder<'q> {
    query: &'q QueryPlan,
    by_term: HashMap<&'q str, Vec<SlotAt>>,
}

impl<'q> Finder<'q> {
    pub(super) fn new(query: &'q QueryPlan) -> Self {
        let mut by_term: HashMap<&str, Vec<SlotAt>> = HashMap::new();
        for (leaf, found) in query.leaves.iter().enumerate() {
            for (variant, found) in found.alternatives.iter().enumerate() {
                for (slot, found) in found.slots.iter().enumerate() {
                    for form in &found.terms {
                        by_term.entry(&form.term).or_default().push((leaf, variant, slot));
                    }
                }
            }
        }
        Self { query, by_term }
    }

    /// What of the query occurs in a text of that scope. Han characters that must stand together do
    /// where their pairs are among `pairs`, those of the whole passage; without them anywhere.
    pub(super) fn analyzed(
        &self,
        text: &str,
        scope: TextField,
        pairs: Option<&HashSet<String>>,
        analyzer: &Analyzer,
    ) -> Analyzed {
        let mut analysis = Analysis::default();
        analyzer.tokens(text, &mut analysis);
        let mut places: HashMap<SlotAt, Vec<(u32, Span)>> = HashMap::new();
        for token in &analysis.tokens {
            for slot in self.by_term.get(analysis.term(token)).into_iter().flatten() {
                places.entry(*slot).or_default().push((token.position, token.span));
            }
        }
        let mut occurrences = Vec::new();
        for (index, leaf) in self.query.leaves.iter().enumerate() {
            if leaf.field == scope {
                add_leaf(index, leaf, &places, pairs, &mut occurrences);
            }
        }
        occurrences.sort_by_key(|found| (found.leaf, found.place));
        let sentence_ends = sentence_end_positions(text, &analysis);
        Analyzed { analysis, sentence_ends, occurrences }
    }
}

/// Adds the occurrences of one leaf, of whose slots the tokens are in `places`.
fn add_leaf(
    index: usize,
    leaf: &Leaf,
    places: &HashMap<SlotAt, Vec<(u32, Span)>>,
    pairs: Option<&HashSet<String>>,
    found: &mut Vec<Occurrence>,
) {
    for (number, variant) in leaf.alternatives.iter().enumerate() {
        let paired = pairs.is_none_or(|pairs| pairs_of(variant).all(|pair| pairs.contains(&pair)));
        if variant.contiguous && !paired {
            continue;
        }
        let of = |slot: usize| places.get(&(index, number, slot)).map_or(&[][..], Vec::as_slice);
        let lists: Vec<_> = variant
            .slots
            .iter()
            .enumerate()
            .map(|(slot, wanted)| {
                let mut positions: Vec<u32> = of(slot).iter().map(|(p, _)| *p).collect();
                positions.dedup();
                (wanted.offset, positions)
            })
            .collect();
        for taken in phrase_positions(&lists, variant.slop) {
            let span = |(slot, position): (usize, &u32)| {
                of(slot).iter().find(|(found, _)| found == position).map(|(_, span)| *span)
            };
            let spans: Vec<Span> = taken.iter().enumerate().filter_map(span).collect();
            let ends = taken.first().zip(taken.last());
            let Some((&first, &last)) = ends else { continue };
            let strict = spans.windows(2).all(|pair| matches!(pair, [a, b] if a.end == b.start));
            let spans = if variant.slop == 0 { whole(&spans) } else { spans };
            found.push(Occurrence {
                leaf: index,
                place: PositionRange { first, last },
                spans,
                strict,
            });
        }
    }
}

/// The stretch from the first of the spans to the last.
fn whole(spans: &[Span]) -> Vec<Span> {
    let ends = spans.first().zip(spans.last());
    ends.map(|(first, last)| Span::new(first.start, last.end)).into_iter().collect()
}

/// The pairs of Han characters of a joined variant, as the index keeps them.
fn pairs_of(variant: &Alternative) -> impl Iterator<Item = String> {
    let slots = variant.slots.windows(2).filter(|_| variant.contiguous);
    slots.filter_map(|slots| match slots {
        [first, second] => {
            Some(format!("{}{}", first.terms.first()?.term, second.terms.first()?.term))
        }
        _ => None,
    })
}

/// Adds the pairs of Han characters that stand next to each other in a text.
pub(super) fn add_pairs(analysis: &Analysis, pairs: &mut HashSet<String>) {
    for tokens in analysis.tokens.windows(2) {
        if let [first, second] = tokens
            && first.kind == TokenKind::Han
            && second.kind == TokenKind::Han
            && first.span.end == second.span.start
        {
            pairs.insert(format!("{}{}", analysis.term(first), analysis.term(second)));
        }
    }
}
