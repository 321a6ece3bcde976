//! Measures how many of the words that are neighbors in the query are also neighbors in a passage, in the order and
//! form of the query.

use tantivy::DocId;

use super::scoring_terms::{ScoringTerm, ScoringTermKind};
use crate::{
    error::Result,
    query::{Alternative, PhraseSlot, QueryPlan, TextField},
    search::reader::{PostingList, SegmentView},
};

/// Value of a pair of query words in [`adjacency`] if the words are adjacent in the passage, but in another inflection
/// than typed. A pair in exactly the form typed has the value 1.
const INFLECTED_PAIR_VALUE: f64 = 0.6;

/// Two query leaves (words or phrases) that are adjacent in the query, joined into one phrase.
pub(super) struct AdjacentLeafPair {
    /// Index of the first leaf in [`QueryPlan::leaves`].
    first_leaf: usize,
    /// The joined phrase, which also matches all inflections of its words.
    inflected_phrase: Alternative,
    /// The joined phrase, which matches only the form typed.
    typed_phrase: Alternative,
}

impl AdjacentLeafPair {
    /// Returns the index in `terms` of the scoring term whose phrase is [`inflected_phrase`](Self::inflected_phrase).
    /// `None` if no scoring term has this phrase.
    pub(super) fn scoring_term_index(&self, terms: &[ScoringTerm<'_>]) -> Option<usize> {
        terms.iter().position(|term| match &term.kind {
            ScoringTermKind::AdjacentPair(first, phrase) => {
                *first == self.first_leaf
                    && phrase.slots == self.inflected_phrase.slots
                    && phrase.slop == self.inflected_phrase.slop
            }
            _ => false,
        })
    }
}

/// Returns the pairs of leaves that are adjacent in the query. Only stop words may stand between the leaves of a pair,
/// and the phrase of the pair contains these stop words. `leaves` are indexes in [`QueryPlan::leaves`], in ascending
/// order.
pub(super) fn adjacent_pairs(query: &QueryPlan, leaves: &[usize]) -> Vec<AdjacentLeafPair> {
    let pairs = leaves.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        leaf_pair_if_adjacent(query, *first, *second)
    });
    pairs.collect()
}

/// Returns the pair of two query leaves, given by their indexes. `None` if the leaves are not adjacent in the query.
fn leaf_pair_if_adjacent(
    query: &QueryPlan,
    first_leaf: usize,
    second_leaf: usize,
) -> Option<AdjacentLeafPair> {
    let (first, second) = (query.leaves.get(first_leaf)?, query.leaves.get(second_leaf)?);
    let first_end = first.position + first.position_count;
    let (first_phrase, second_phrase) = (first.alternatives.first()?, second.alternatives.first()?);
    let in_body = [first, second].iter().all(|leaf| leaf.field == TextField::Body);
    if !in_body || first_phrase.slop + second_phrase.slop > 0 || second.position < first.position {
        return None;
    }
    let stop_words_between =
        query.tokens.iter().filter(|token| (first_end..second.position).contains(&token.position));
    let stop_words_between: Vec<PhraseSlot> = stop_words_between
        .map(|token| PhraseSlot::term(token.position - first.position, &token.term))
        .collect();
    if stop_words_between.len() != second.position.saturating_sub(first_end) as usize {
        return None;
    }
    let offset = second.position - first.position;
    // Two Chinese words may overlap in the query. The phrase contains the common characters only once.
    let shifted_slots = second_phrase
        .slots
        .iter()
        .map(|slot| PhraseSlot { offset: slot.offset + offset, ..slot.clone() });
    let second_slots: Vec<PhraseSlot> =
        shifted_slots.filter(|slot| slot.offset >= first_end - first.position).collect();
    let slots: Vec<PhraseSlot> =
        first_phrase.slots.iter().cloned().chain(stop_words_between).chain(second_slots).collect();
    let is_contiguous = slots.iter().all(is_han_slot) && first_phrase.is_contiguous;
    let typed =
        slots.iter().map(|slot| PhraseSlot::term(slot.offset, slot.pattern.text())).collect();
    Some(AdjacentLeafPair {
        first_leaf,
        typed_phrase: Alternative { is_contiguous, ..Alternative::phrase(typed) },
        inflected_phrase: Alternative { is_contiguous, ..Alternative::phrase(slots) },
    })
}

fn is_han_slot(slot: &PhraseSlot) -> bool {
    slot.pattern.text().chars().all(crate::script::is_han)
}

/// Returns the adjacency of each of the passages `docs`: the mean value of `pairs` in the passage. A pair has the value
/// 1 if it is adjacent in the form typed, [`INFLECTED_PAIR_VALUE`] if it is adjacent in another inflection, and 0
/// otherwise. `docs` must be in ascending order. `reusable_postings` returns the posting list of the inflected phrase
/// of a pair, or `None` if this list must be read from the index.
pub(super) fn adjacency<'p>(
    segment: SegmentView<'_>,
    pairs: &[AdjacentLeafPair],
    reusable_postings: &dyn Fn(&AdjacentLeafPair) -> Option<&'p PostingList>,
    docs: &[DocId],
) -> Result<Vec<f64>> {
    let mut values = vec![0.0; docs.len()];
    let pair_weight = 1.0 / pairs.len().max(1) as f64;
    for pair in pairs {
        let inflected_docs = if let Some(postings) = reusable_postings(pair) {
            let mut inflected_docs = docs.to_vec();
            postings.retain_docs_in_list(&mut inflected_docs, |_| false);
            inflected_docs
        } else {
            let postings =
                segment.phrase_postings_in_docs(TextField::Body, &pair.inflected_phrase, docs)?;
            postings.docs().to_vec()
        };
        raise_values_of_docs(
            &mut values,
            docs,
            &inflected_docs,
            pair_weight * INFLECTED_PAIR_VALUE,
        );
        let typed = segment.phrase_postings_in_docs(
            TextField::Body,
            &pair.typed_phrase,
            &inflected_docs,
        )?;
        raise_values_of_docs(
            &mut values,
            docs,
            typed.docs(),
            pair_weight * (1.0 - INFLECTED_PAIR_VALUE),
        );
    }
    Ok(values)
}

/// Adds `value` to the element of `values` of each passage in `raised_docs`. `values` has one element for each of the
/// passages `docs`. `docs` and `raised_docs` must be in ascending order.
fn raise_values_of_docs(values: &mut [f64], docs: &[DocId], raised_docs: &[DocId], value: f64) {
    let mut raised_docs = raised_docs.iter().copied().peekable();
    for (doc_value, &doc) in values.iter_mut().zip(docs) {
        while raised_docs.next_if(|&raised| raised < doc).is_some() {}
        if raised_docs.peek() == Some(&doc) {
            *doc_value += value;
        }
    }
}
