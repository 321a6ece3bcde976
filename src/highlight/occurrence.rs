//! Finds the occurrences of query leaves in one text.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use crate::{
    analysis::Analysis,
    passage::sentence_end_positions,
    query::{Alternative, Leaf, PositionRange, QueryPlan, TextField, phrase_occurrence_positions},
    span::Span,
};

/// Match of a query leaf, a [`Leaf`] of the query plan, in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Occurrence {
    /// Index of the query leaf in the query plan.
    pub(super) leaf: usize,
    /// Positions of the first and the last matched token.
    pub(super) range: PositionRange,
    /// Spans to highlight: one span for the whole match, or one span for each word of a phrase with slop.
    pub(super) spans: Vec<Span>,
    /// Whether the matched tokens directly follow each other, without a character between them.
    pub(super) has_adjacent_tokens: bool,
}

/// Tokens of a text, and the occurrences of all query leaves in the text.
#[derive(Debug)]
pub(super) struct TextWithLeafOccurrences<'t> {
    text: &'t str,
    pub(super) analysis: Rc<Analysis>,
    /// Occurrences, sorted by index of the query leaf, then by position.
    occurrences: Vec<Occurrence>,
}

impl TextWithLeafOccurrences<'_> {
    /// Returns the position of the last token of each sentence, in ascending order.
    pub(super) fn sentence_ends(&self) -> Vec<u32> {
        sentence_end_positions(self.text, &self.analysis)
    }

    /// Returns the occurrences of the query leaf with the index `leaf`, sorted by position.
    pub(super) fn occurrences_of_leaf(&self, leaf: usize) -> impl Iterator<Item = &Occurrence> {
        let first_index = self.occurrences.partition_point(|occurrence| occurrence.leaf < leaf);
        let from_first = self.occurrences.get(first_index..).unwrap_or_default();
        from_first.iter().take_while(move |occurrence| occurrence.leaf == leaf)
    }
}

/// Address of a phrase slot (the place of one word in a phrase) in a query plan: the index of the query leaf, the index
/// of the alternative phrase in the leaf, and the index of the slot in the phrase.
type SlotAddress = (usize, usize, usize);

/// Finds the occurrences of query leaves in texts.
pub(super) struct LeafOccurrenceFinder<'q> {
    plan: &'q QueryPlan,
    /// Addresses of the phrase slots that a term fills, by term.
    slots_by_term: HashMap<&'q str, Vec<SlotAddress>>,
}

impl<'q> LeafOccurrenceFinder<'q> {
    pub(super) fn new(plan: &'q QueryPlan) -> Self {
        let mut slots_by_term: HashMap<&str, Vec<SlotAddress>> = HashMap::new();
        for (leaf_index, leaf) in plan.leaves.iter().enumerate() {
            for (alternative_index, alternative) in leaf.alternatives.iter().enumerate() {
                for (slot_index, slot) in alternative.slots.iter().enumerate() {
                    for expanded in &slot.terms {
                        let index = (leaf_index, alternative_index, slot_index);
                        slots_by_term.entry(&expanded.term).or_default().push(index);
                    }
                }
            }
        }
        Self { plan, slots_by_term }
    }

    /// Finds the occurrences in `text` of the query leaves that search `field`. `analysis` contains the tokens of
    /// `text`. `bigrams` contains all pairs of adjacent Han characters of the passage: a contiguous phrase occurs only
    /// if `bigrams` contains each bigram of the phrase. If `bigrams` is `None`, bigrams are not checked.
    pub(super) fn find_leaf_occurrences<'t>(
        &self,
        text: &'t str,
        analysis: Rc<Analysis>,
        field: TextField,
        bigrams: Option<&HashSet<String>>,
    ) -> TextWithLeafOccurrences<'t> {
        let mut matches: MatchingTokensBySlot = HashMap::new();
        let tokens = analysis.tokens.iter();
        let tokens = tokens.map(|token| (analysis.term(token), token.position, token.span));
        let extras = analysis.extras.iter();
        let extras = extras.map(|extra| (analysis.extra_term(extra), extra.position, extra.span));
        for (term, position, span) in tokens.chain(extras) {
            for slot in self.slots_by_term.get(term).into_iter().flatten() {
                matches.entry(*slot).or_default().push((position, span));
            }
        }
        let mut occurrences = Vec::new();
        for (index, leaf) in self.plan.leaves.iter().enumerate() {
            if leaf.field == field {
                add_occurrences(index, leaf, &matches, bigrams, &mut occurrences);
            }
        }
        occurrences.sort_by_key(|occurrence| (occurrence.leaf, occurrence.range));
        TextWithLeafOccurrences { text, analysis, occurrences }
    }
}

/// For each phrase slot, the position and the span of each token that matches the slot.
type MatchingTokensBySlot = HashMap<SlotAddress, Vec<(u32, Span)>>;

/// Adds the occurrences of one query leaf in a text to `occurrences`.
fn add_occurrences(
    leaf_index: usize,
    leaf: &Leaf,
    matches: &MatchingTokensBySlot,
    bigrams: Option<&HashSet<String>>,
    occurrences: &mut Vec<Occurrence>,
) {
    for (alternative_index, alternative) in leaf.alternatives.iter().enumerate() {
        if alternative.is_contiguous
            && bigrams.is_some_and(|bigrams| {
                !han_bigrams_of_phrase(alternative).all(|b| bigrams.contains(&b))
            })
        {
            continue;
        }
        let slot_matches = |slot: usize| {
            matches.get(&(leaf_index, alternative_index, slot)).map_or(&[][..], Vec::as_slice)
        };
        let slot_positions: Vec<_> = alternative
            .slots
            .iter()
            .enumerate()
            .map(|(index, slot)| {
                let mut positions: Vec<u32> =
                    slot_matches(index).iter().map(|(position, _)| *position).collect();
                positions.sort_unstable();
                positions.dedup();
                (slot.offset, positions)
            })
            .collect();
        for positions in phrase_occurrence_positions(&slot_positions, alternative.slop) {
            let Some((&first_position, &last_position)) = positions.first().zip(positions.last())
            else {
                continue;
            };
            let span_at = |(slot, position): (usize, &u32)| {
                slot_matches(slot)
                    .iter()
                    .find(|(match_position, _)| match_position == position)
                    .map(|(_, span)| *span)
            };
            let word_spans: Vec<Span> = positions.iter().enumerate().filter_map(span_at).collect();
            let has_adjacent_tokens =
                word_spans.windows(2).all(|pair| matches!(pair, [a, b] if a.end == b.start));
            let spans =
                if alternative.slop == 0 { covering_span_if_any(&word_spans) } else { word_spans };
            let range = PositionRange { first: first_position, last: last_position };
            occurrences.push(Occurrence { leaf: leaf_index, range, spans, has_adjacent_tokens });
        }
    }
}

/// Returns one span from the start of the first span to the end of the last span. Returns no span if `spans` is empty.
fn covering_span_if_any(spans: &[Span]) -> Vec<Span> {
    let first_and_last = spans.first().zip(spans.last());
    first_and_last.map(|(first, last)| Span::new(first.start, last.end)).into_iter().collect()
}

/// Returns the bigrams of a contiguous phrase of Han characters. Returns no bigrams for any other phrase.
fn han_bigrams_of_phrase(alternative: &Alternative) -> impl Iterator<Item = String> {
    let slot_pairs = alternative.slots.windows(2).filter(|_| alternative.is_contiguous);
    slot_pairs.filter_map(|slots| match slots {
        [first, second] => {
            Some(format!("{}{}", first.terms.first()?.term, second.terms.first()?.term))
        }
        _ => None,
    })
}

/// Adds all pairs of adjacent Han characters of a text to `bigrams`.
pub(super) fn add_han_bigrams_of_text(analysis: &Analysis, bigrams: &mut HashSet<String>) {
    for run in analysis.han_runs() {
        for tokens in analysis.tokens.get(run).unwrap_or_default().windows(2) {
            if let [first, second] = tokens {
                bigrams.insert(format!("{}{}", analysis.term(first), analysis.term(second)));
            }
        }
    }
}
