//! Leaves of a query + tokens of a text → where each leaf occurs, and what to mark.

use std::collections::HashMap;

use crate::{
    analysis::{Analysis, Token, stem},
    query::{Leaf, Lowered, Matched},
    span::Span,
};

/// A place where a leaf of the query is satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Where it stands in the text.
    pub(super) span: Span,
    /// Which leaf.
    pub(super) leaf: usize,
    /// Its first position in the text.
    position: u32,
}

/// Every occurrence of every leaf, by where it begins.
pub(super) fn occurrences(query: &Lowered, analysis: &Analysis) -> Vec<Occurrence> {
    let firsts: Vec<&Token> = analysis.tokens.iter().filter(|token| !token.extra).collect();
    let mut found = Vec::new();
    for (index, leaf) in query.leaves.iter().enumerate() {
        let spans = match &leaf.matched {
            Matched::Word { term, stem } => words(analysis, term, stem),
            Matched::Sequence { terms, joined } => sequences(analysis, &firsts, terms, *joined),
        };
        found.extend(spans.into_iter().map(|(position, span)| Occurrence {
            span,
            leaf: index,
            position,
        }));
    }
    found.sort_by_key(|occurrence| (occurrence.span, occurrence.leaf));
    found
}

fn words(analysis: &Analysis, term: &str, stem_wanted: &str) -> Vec<(u32, Span)> {
    let same = |token: &&Token| {
        let found = analysis.term(token);
        found == term || stem(found) == stem_wanted
    };
    analysis.tokens.iter().filter(same).map(|token| (token.position, token.span)).collect()
}

fn sequences(
    analysis: &Analysis,
    firsts: &[&Token],
    terms: &[String],
    joined: bool,
) -> Vec<(u32, Span)> {
    let same = |window: &[&Token]| {
        let terms = window.iter().zip(terms).all(|(token, term)| analysis.term(token) == term);
        let near = |pair: &[&Token]| matches!(pair, [a, b] if a.span.end == b.span.start);
        terms && (!joined || window.windows(2).all(near))
    };
    let windows = firsts.windows(terms.len().max(1)).filter(|window| same(window));
    windows
        .filter_map(|window| {
            let (first, last) = (window.first()?, window.last()?);
            Some((first.position, Span::new(first.span.start, last.span.end)))
        })
        .collect()
}

/// What to mark: each occurrence, and those that stand together as in the query as one.
pub(super) fn highlights(
    query: &Lowered,
    analysis: &Analysis,
    occurrences: &[Occurrence],
) -> Vec<Span> {
    let mut spans: Vec<Span> = occurrences.iter().map(|occurrence| occurrence.span).collect();
    spans.extend(bridges(query, analysis, occurrences));
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
fn bridges(query: &Lowered, analysis: &Analysis, occurrences: &[Occurrence]) -> Vec<Span> {
    let places: HashMap<(usize, u32), Span> =
        occurrences.iter().map(|found| ((found.leaf, found.position), found.span)).collect();
    let mut spans = Vec::new();
    for first in occurrences {
        let Some((leaf, next)) = query.leaves.get(first.leaf).zip(query.leaves.get(first.leaf + 1))
        else {
            continue;
        };
        let distance = next.position.saturating_sub(leaf.position);
        let target = places.get(&(first.leaf + 1, first.position + distance));
        if let Some(second) =
            target.filter(|_| between(query, analysis, leaf, next, first.position))
        {
            spans.push(Span::new(first.span.start, second.end.max(first.span.end)));
        }
    }
    spans
}

/// Whether the weak words between two leaves of the query stand in the text as well.
fn between(query: &Lowered, analysis: &Analysis, leaf: &Leaf, next: &Leaf, position: u32) -> bool {
    let gap = leaf.position + leaf.positions..next.position;
    let mut expected = query.tokens.iter().filter(|token| gap.contains(&token.position));
    let count = gap.len();
    let start = position + leaf.positions;
    let at = |position: u32| {
        let index = analysis.tokens.partition_point(|token| token.position < position);
        analysis.tokens.get(index).map(|token| analysis.term(token))
    };
    let all = expected
        .by_ref()
        .all(|token| at(start + (token.position - gap.start)) == Some(token.term.as_str()));
    all && query.tokens.iter().filter(|token| gap.contains(&token.position)).count() == count
}
