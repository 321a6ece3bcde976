//! Merges occurrences into highlights. Words share one highlight if they are adjacent both in the query and in the
//! text.

use std::collections::HashMap;

use super::occurrence::Occurrence;
use crate::{
    analysis::Analysis,
    query::{Leaf, QueryPlan},
    span::Span,
};

/// Returns the highlights for `occurrences`, in text order. The highlights neither overlap nor touch.
pub(super) fn merged_highlights(
    plan: &QueryPlan,
    analysis: &Analysis,
    occurrences: &[&Occurrence],
) -> Vec<Span> {
    let spans = occurrences.iter().flat_map(|occurrence| &occurrence.spans).copied();
    join_overlapping_or_touching_spans(
        spans.chain(spans_over_adjacent_leaves(plan, analysis, occurrences)).collect(),
    )
}

/// Sorts spans, and joins spans that overlap or touch.
pub(super) fn join_overlapping_or_touching_spans(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged_spans: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged_spans.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged_spans.push(span),
        }
    }
    merged_spans
}

/// Returns spans that each cover an occurrence of a query leaf and an occurrence of the next query leaf. Between the
/// two occurrences, the text must have the words that the query has between the two leaves.
fn spans_over_adjacent_leaves(
    plan: &QueryPlan,
    analysis: &Analysis,
    occurrences: &[&Occurrence],
) -> Vec<Span> {
    let occurrences_by_start: HashMap<(usize, u32), &Occurrence> = occurrences
        .iter()
        .map(|occurrence| ((occurrence.leaf, occurrence.range.first), *occurrence))
        .collect();
    let mut spans = Vec::new();
    for left_occurrence in occurrences {
        let leaf_pair =
            plan.leaves.get(left_occurrence.leaf).zip(plan.leaves.get(left_occurrence.leaf + 1));
        let Some((leaf, next_leaf)) = leaf_pair else { continue };
        let distance = next_leaf.position.saturating_sub(leaf.position);
        let left_position = left_occurrence.range.first;
        let Some(right_occurrence) =
            occurrences_by_start.get(&(left_occurrence.leaf + 1, left_position + distance))
        else {
            continue;
        };
        if !text_has_query_words_between(plan, analysis, leaf, next_leaf, left_position) {
            continue;
        }
        if let Some((first, last)) =
            left_occurrence.spans.first().zip(right_occurrence.spans.last())
            && first.start < last.end
        {
            spans.push(Span::new(first.start, last.end));
        }
    }
    spans
}

/// Returns whether the text has the words that the query has between `leaf` and `next_leaf`. In the query, only stop
/// words stand between two neighbouring query leaves. `position` is the token position of the occurrence of `leaf` in
/// the text.
fn text_has_query_words_between(
    plan: &QueryPlan,
    analysis: &Analysis,
    leaf: &Leaf,
    next_leaf: &Leaf,
    position: u32,
) -> bool {
    let query_gap = leaf.position + leaf.position_count..next_leaf.position;
    let text_gap_start = position + leaf.position_count;
    let term_at = |position: u32| {
        let index = analysis.tokens.partition_point(|token| token.position < position);
        analysis.tokens.get(index).map(|token| analysis.term(token))
    };
    // The tokens of a plan are sorted by position.
    let first_index = plan.tokens.partition_point(|token| token.position < query_gap.start);
    let end_index = plan.tokens.partition_point(|token| token.position < query_gap.end);
    let expected_tokens = plan.tokens.get(first_index..end_index).unwrap_or_default();
    expected_tokens.len() == query_gap.len()
        && expected_tokens.iter().all(|token| {
            term_at(text_gap_start + (token.position - query_gap.start))
                == Some(token.term.as_str())
        })
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
            assert_eq!(
                join_overlapping_or_touching_spans(spans(input)),
                spans(expected),
                "{input:?}"
            );
        }
    }
}
