//! Lowered query → the terms that rank its matches, each with a weight.

use std::rc::Rc;

use crate::{
    analysis::is_stop_word,
    error::Result,
    query::{Alternative, Leaf, PhraseSlot, QueryPlan, QueryToken, Ranking, TextField},
    search::{
        matching::leaf_postings,
        reader::{PostingList, SegmentView},
    },
};

/// Something whose occurrences raise the score of a passage.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) struct ScoringTerm<'q> {
    pub(in crate::search) weight: f64,
    pub(in crate::search) kind: ScoringTermKind<'q>,
}

/// What a [`ScoringTerm`] counts.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) enum ScoringTermKind<'q> {
    /// The occurrences of a leaf, by its index.
    Leaf(usize),
    /// A term of the field `exact`.
    Exact(&'q str),
    /// A pair of Han characters in the field `words`.
    Pair(String),
    /// Two leaves, one directly after the other: the index of the first, and the words of both.
    Neighbours(usize, Alternative),
}

impl ScoringTerm<'_> {
    /// Whether it is looked for in the text of passages, not in what stands above it.
    pub(in crate::search) fn is_of_text(&self, query: &QueryPlan) -> bool {
        match self.kind {
            ScoringTermKind::Leaf(leaf) => {
                query.leaves.get(leaf).is_some_and(|leaf| leaf.scope == TextField::Body)
            }
            _ => true,
        }
    }
}

/// The features of a query, in query order.
pub(in crate::search) fn features<'q>(
    query: &'q QueryPlan,
    ranking: &Ranking,
) -> Vec<ScoringTerm<'q>> {
    let mut features = Vec::new();
    for (index, leaf) in query.leaves.iter().enumerate().filter(|(_, leaf)| leaf.ranks()) {
        features.push(ScoringTerm { weight: leaf.boost, kind: ScoringTermKind::Leaf(index) });
        if let Some(term) = leaf.word().filter(|_| leaf.scope == TextField::Body)
            && term.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            features.push(ScoringTerm {
                weight: ranking.unstemmed_weight * leaf.boost,
                kind: ScoringTermKind::Exact(term),
            });
        }
    }
    for (index, pair) in query.leaves.windows(2).enumerate() {
        if let [first, second] = pair
            && [first, second].iter().all(|leaf| leaf.ranks() && leaf.scope == TextField::Body)
            && first.position + first.positions == second.position
        {
            let weight = ranking.adjacent_pair_weight * first.boost.min(second.boost);
            features.extend(neighbours(first, second).map(|both| ScoringTerm {
                weight,
                kind: ScoringTermKind::Neighbours(index, both),
            }));
        }
    }
    features.extend(quoted(query, ranking));
    features.extend(characters(query, ranking));
    features.retain(|feature| feature.weight > 0.0);
    features
}

/// The words of two leaves in a row. Two Chinese words are linked by the pair of characters between
/// them already.
fn neighbours(first: &Leaf, second: &Leaf) -> Option<Alternative> {
    let (before, after) = (first.variants.first()?, second.variants.first()?);
    if before.gap + after.gap > 0 || before.joined && after.joined {
        return None;
    }
    let moved =
        |slot: &PhraseSlot| PhraseSlot { offset: slot.offset + first.positions, ..slot.clone() };
    let slots = before.slots.iter().cloned().chain(after.slots.iter().map(moved)).collect();
    Some(Alternative { slots, joined: false, gap: 0, exact: true })
}

/// The words of phrases: a phrase is rare whatever it says, and counts more the more it says.
fn quoted<'q>(
    query: &'q QueryPlan,
    &Ranking { quoted_word_weight: quoted, .. }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    let words = query.tokens.iter().filter(|token| token.quoted && !token.han);
    let words = words.filter(|token| !is_stop_word(&token.term));
    words
        .map(move |token| ScoringTerm { weight: quoted, kind: ScoringTermKind::Exact(&token.term) })
}

/// Characters and their pairs: a second opinion where the dictionary cut differently.
fn characters<'q>(
    query: &'q QueryPlan,
    &Ranking {
        character_weight: character,
        bigram_weight: pair,
        bigram_inside_word: inside,
        stop_word_weight: weak,
        ..
    }: &Ranking,
) -> impl Iterator<Item = ScoringTerm<'q>> {
    let share = move |token: &QueryToken| if is_stop_word(&token.term) { weak } else { 1.0 };
    let is_inside = |leaf: &Leaf, first: &QueryToken| {
        let end = leaf.position + leaf.positions;
        leaf.ranks() && leaf.position <= first.position && first.position + 1 < end
    };
    let of_word = move |first: &QueryToken| {
        let inside_one = query.leaves.iter().any(|leaf| is_inside(leaf, first));
        if inside_one { inside } else { 1.0 }
    };
    let tokens = query.tokens.iter().filter(|token| token.han && !token.quoted);
    let single = tokens
        .map(move |token| (character * share(token), ScoringTermKind::Exact(&token.term)))
        .map(|(weight, kind)| ScoringTerm { weight, kind });
    let pairs = query.tokens.windows(2).filter_map(move |tokens| match tokens {
        [first, second] if first.han && second.joined && !second.quoted => {
            let both = format!("{}{}", first.term, second.term);
            let weight = pair * of_word(first) * (share(first) + share(second)) / 2.0;
            Some(ScoringTerm { weight, kind: ScoringTermKind::Pair(both) })
        }
        _ => None,
    });
    single.chain(pairs)
}

/// Where a feature other than a leaf occurs in a segment, given where each leaf does.
pub(in crate::search) fn feature_postings(
    segment: SegmentView<'_>,
    kind: &ScoringTermKind<'_>,
    leaves: &[Rc<PostingList>],
) -> Result<PostingList> {
    match kind {
        ScoringTermKind::Leaf(_) => Ok(PostingList::default()),
        ScoringTermKind::Exact(term) => segment.term(segment.fields.exact, term),
        ScoringTermKind::Pair(pair) => segment.term(segment.fields.words, pair),
        ScoringTermKind::Neighbours(first, both) => match leaves.get(*first..first + 2) {
            Some([before, after]) => segment.among(TextField::Body, both, &before.common(after)),
            _ => Ok(PostingList::default()),
        },
    }
}

/// Where a leaf occurs in a segment.
pub(in crate::search) fn postings_of_leaf(
    segment: SegmentView<'_>,
    leaf: &Leaf,
) -> Result<PostingList> {
    leaf_postings(segment, leaf.scope, &leaf.variants)
}

#[cfg(all(test, feature = "chinese"))]
mod tests {
    use super::*;
    use crate::{
        analysis::{Analyzer, Chinese},
        query,
    };

    #[test]
    fn a_pair_inside_a_word_counts_less() {
        let (clause, _) = query::parse("广州低空");
        let analyzer = Analyzer::new(Chinese::Auto);
        let lowered = query::plan_query(&clause, &[], &analyzer, &mut Vec::new());
        let ranking =
            Ranking { bigram_weight: 1.0, bigram_inside_word: 0.25, ..Ranking::default() };
        let features = features(&lowered, &ranking);
        let pairs = features.iter().filter_map(|feature| match &feature.kind {
            ScoringTermKind::Pair(pair) => Some((pair.as_str(), feature.weight)),
            _ => None,
        });
        assert_eq!(pairs.collect::<Vec<_>>(), [("广州", 0.25), ("州低", 1.0), ("低空", 0.25)]);
    }
}
