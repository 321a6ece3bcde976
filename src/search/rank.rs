//! Lowered query → the terms that rank its matches, each with a weight.

use super::postings::{Forms, Posting, Segment};
use crate::{
    error::Result,
    query::{Leaf, Lowered, Matched},
};

/// A word that stands in the passage exactly as in the query, beside its other forms.
const EXACT_FORM: f64 = 0.25;
/// Two words of the query that stand together in the passage as they do in the query.
const NEIGHBOURS: f64 = 0.3;
/// A Han character, beside the words it is part of.
const CHARACTER: f64 = 0.5;
/// Two Han characters next to each other.
const PAIR: f64 = 0.5;

/// Something whose occurrences raise the score of a passage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feature<'q> {
    pub(super) weight: f64,
    pub(super) kind: Kind<'q>,
}

/// What a [`Feature`] counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'q> {
    /// The occurrences of a leaf, by its index.
    Leaf(usize),
    /// A term of the field `exact`.
    Exact(&'q str),
    /// A pair of Han characters in the field `words`.
    Pair(String),
    /// Two leaves, one directly after the other.
    Neighbours(Vec<Forms<'q>>),
}

/// The features of a query, in query order: scores are sums in this order.
pub(super) fn features(query: &Lowered) -> Vec<Feature<'_>> {
    let mut features = Vec::new();
    for (index, leaf) in query.leaves.iter().enumerate() {
        features.push(Feature { weight: 1.0, kind: Kind::Leaf(index) });
        if let Matched::Word { term, stem } = &leaf.matched
            && term.bytes().all(|byte| byte.is_ascii_lowercase())
            && !stem.is_empty()
        {
            features.push(Feature { weight: EXACT_FORM, kind: Kind::Exact(term) });
        }
    }
    for pair in query.leaves.windows(2) {
        if let [first, second] = pair
            && first.position + first.positions == second.position
        {
            let elements = elements(first).into_iter().chain(elements(second)).collect();
            features.push(Feature { weight: NEIGHBOURS, kind: Kind::Neighbours(elements) });
        }
    }
    features.extend(characters(query));
    features
}

/// Characters and their pairs: a second opinion where the dictionary cut differently.
fn characters(query: &Lowered) -> impl Iterator<Item = Feature<'_>> {
    let tokens = query.tokens.iter().filter(|token| token.han && !token.quoted);
    let single = tokens.map(|token| Feature { weight: CHARACTER, kind: Kind::Exact(&token.term) });
    let pairs = query.tokens.windows(2).filter_map(|pair| match pair {
        [first, second] if first.han && second.joined && !second.quoted => {
            let pair = format!("{}{}", first.term, second.term);
            Some(Feature { weight: PAIR, kind: Kind::Pair(pair) })
        }
        _ => None,
    });
    single.chain(pairs)
}

/// The words of a leaf, in order.
pub(super) fn elements(leaf: &Leaf) -> Vec<Forms<'_>> {
    match &leaf.matched {
        Matched::Word { term, stem } => vec![Forms::Stem { term, stem }],
        Matched::Sequence { terms, .. } => terms.iter().map(|term| Forms::One(term)).collect(),
    }
}

/// Where a leaf occurs in a segment.
pub(super) fn leaf_postings(segment: Segment<'_>, leaf: &Leaf) -> Result<Vec<Posting>> {
    match &leaf.matched {
        Matched::Word { term, stem } => segment.word(&Forms::Stem { term, stem }),
        Matched::Sequence { joined, .. } => segment.sequence(&elements(leaf), *joined),
    }
}

/// Where a feature other than a leaf occurs in a segment.
pub(super) fn feature_postings(segment: Segment<'_>, kind: &Kind<'_>) -> Result<Vec<Posting>> {
    match kind {
        Kind::Leaf(_) => Ok(Vec::new()),
        Kind::Exact(term) => segment.term(segment.fields.exact, term),
        Kind::Pair(pair) => segment.term(segment.fields.words, pair),
        Kind::Neighbours(elements) => segment.sequence(elements, false),
    }
}
