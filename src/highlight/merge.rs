//! Merges occurrences into highlights. Words that are adjacent both in the query and in the text share one
//! highlight.

use std::collections::HashMap;

use super::occurrence::Occurrence;
use crate::{
    analysis::Analysis,
    query::{Leaf, QueryPlan},
    span::Span,
};

/// Returns the highlights of the occurrences, in text order. They neither overlap nor touch.
pub(super) fn highlights(
    plan: &QueryPlan,
    analysis: &Analysis,
    occurrences: &[&Occurrence],
) -> Vec<Span> {
    let spans = occurrences.iter().flat_map(|occurrence| &occurrence.spans).copied();
    merged(spans.chain(bridges(plan, analysis, occurrences)).collect())
}

/// Sorts spans, and joins spans that overlap or touch.
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

/// Returns the spans that each join an occurrence of a leaf with an occurrence of the next leaf. The text
/// between the two occurrences must consist of the words between the leaves in the query.
fn bridges(plan: &QueryPlan, analysis: &Analysis, occurrences: &[&Occurrence]) -> Vec<Span> {
    let by_start: HashMap<(usize, u32), &Occurrence> = occurrences
        .iter()
        .map(|occurrence| ((occurrence.leaf, occurrence.range.first), *occurrence))
        .collect();
    let mut spans = Vec::new();
    for left in occurrences {
        let leaves = plan.leaves.get(left.leaf).zip(plan.leaves.get(left.leaf + 1));
        let Some((leaf, next_leaf)) = leaves else { continue };
        let distance = next_leaf.position.saturating_sub(leaf.position);
        let start_position = left.range.first;
        let Some(right) = by_start.get(&(left.leaf + 1, start_position + distance)) else {
            continue;
        };
        if !has_words_between(plan, analysis, leaf, next_leaf, start_position) {
            continue;
        }
        if let Some((first, last)) = left.spans.first().zip(right.spans.last())
            && first.start < last.end
        {
            spans.push(Span::new(first.start, last.end));
        }
    }
    spans
}

/// Whether the stop words between two leaves of the query follow the occurrence of the first leaf in the text
/// too. `position` is the token position in the text.
fn has_words_between(
    plan: &QueryPlan,
    analysis: &Analysis,
    leaf: &Leaf,
    next_leaf: &Leaf,
    position: u32,
) -> bool {
    let gap = leaf.position + leaf.position_count..next_leaf.position;
    let start = position + leaf.position_count;
    let term_at = |position: u32| {
        let index = analysis.tokens.partition_point(|token| token.position < position);
        analysis.tokens.get(index).map(|token| analysis.term(token))
    };
    // The tokens of a plan are sorted by position.
    let first = plan.tokens.partition_point(|token| token.position < gap.start);
    let end = plan.tokens.partition_point(|token| token.position < gap.end);
    let expected = plan.tokens.get(first..end).unwrap_or_default();
    expected.len() == gap.len()
        && expected
            .iter()
            .all(|token| term_at(start + (token.position - gap.start)) == Some(token.term.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_and_adjacent_spans_are_joined() {
        let spans = |spans: &[(usize, usize)]| -> Vec<Span> {
            spans.iter().map(|&(start, end)| Span::new(start, end)).collect()
        };
        for (input, expected) in [
            (&[(4, 6), (0, 2)][..], &[(0, 2), (4, 6)][..]),
            (&[(0, 3), (2, 5)], &[(0, 5)]),
            (&[(0, 3), (3, 5)], &[(0, 5)]),
            (&[(0, 9), (2, 5)], &[(0, 9)]),
            (&[], &[]),
        ] {
            assert_eq!(merged(spans(input)), spans(expected), "{input:?}");
        }
    }
}
