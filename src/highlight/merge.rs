//! Occurrences → what to mark: those that stand together as in the query are one highlight.

use std::collections::HashMap;

use super::occurrence::Occurrence;
use crate::{
    analysis::Analysis,
    query::{Leaf, QueryPlan},
    span::Span,
};

/// The spans of the occurrences, in order, disjoint, never adjacent.
pub(super) fn highlights(
    query: &QueryPlan,
    analysis: &Analysis,
    occurrences: &[&Occurrence],
) -> Vec<Span> {
    let own = occurrences.iter().flat_map(|occurrence| &occurrence.spans).copied();
    merged(own.chain(bridges(query, analysis, occurrences)).collect())
}

/// Spans in order, those that overlap or touch as one.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// Spans from an occurrence of one leaf to the next leaf's, where nothing but the query's own words
/// stands between them.
fn bridges(query: &QueryPlan, analysis: &Analysis, occurrences: &[&Occurrence]) -> Vec<Span> {
    let places: HashMap<(usize, u32), &Occurrence> =
        occurrences.iter().map(|found| ((found.leaf, found.place.first), *found)).collect();
    let mut spans = Vec::new();
    for first in occurrences {
        let Some((leaf, next)) = query.leaves.get(first.leaf).zip(query.leaves.get(first.leaf + 1))
        else {
            continue;
        };
        let distance = next.position.saturating_sub(leaf.position);
        let target = places.get(&(first.leaf + 1, first.place.first + distance));
        let target = target.filter(|_| between(query, analysis, leaf, next, first.place.first));
        if let Some((start, end)) =
            target.and_then(|second| Some((first.spans.first()?.start, second.spans.last()?.end)))
            && start < end
        {
            spans.push(Span::new(start, end));
        }
    }
    spans
}

/// Whether the weak words between two leaves of the query stand in the text as well.
fn between(
    query: &QueryPlan,
    analysis: &Analysis,
    leaf: &Leaf,
    next: &Leaf,
    position: u32,
) -> bool {
    let gap = leaf.position + leaf.position_count..next.position;
    let start = position + leaf.position_count;
    let at = |position: u32| {
        let index = analysis.tokens.partition_point(|token| token.position < position);
        analysis.tokens.get(index).map(|token| analysis.term(token))
    };
    // The tokens of a query stand in the order of their positions.
    let first = query.tokens.partition_point(|token| token.position < gap.start);
    let end = query.tokens.partition_point(|token| token.position < gap.end);
    let expected = query.tokens.get(first..end).unwrap_or_default();
    expected.len() == gap.len()
        && expected
            .iter()
            .all(|token| at(start + (token.position - gap.start)) == Some(token.term.as_str()))
}
