//! Measures which share of the query words are adjacent in a passage, in the order and form of the query.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Alternative, Leaf, PhraseSlot, QueryPlan, TextField},
    search::reader::{PostingList, SegmentView},
};

/// Value of two query words that are adjacent in a passage, but in another inflection than typed. Two adjacent words in
/// exactly the form typed have the value 1.
const INFLECTED_VALUE: f64 = 0.6;

/// Two query leaves (words or phrases) that are adjacent in the query, joined to one phrase.
pub(super) struct LeafPair {
    /// The joined phrase, which also matches all inflections of its words.
    inflected: Alternative,
    /// The joined phrase, which matches only the form typed.
    typed: Alternative,
}

/// Returns the pairs of leaves that are adjacent in the query. Only stop words may stand between the leaves of a pair,
/// and the phrase of the pair contains these stop words. `leaves` are indexes of leaves in the plan, ascending.
pub(super) fn adjacent_pairs(query: &QueryPlan, leaves: &[usize]) -> Vec<LeafPair> {
    let pairs = leaves.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        pair_of(query, query.leaves.get(*first)?, query.leaves.get(*second)?)
    });
    pairs.collect()
}

fn pair_of(query: &QueryPlan, first: &Leaf, second: &Leaf) -> Option<LeafPair> {
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
    let contiguous = slots.iter().all(is_han_slot) && first_phrase.contiguous;
    let typed =
        slots.iter().map(|slot| PhraseSlot::term(slot.offset, slot.pattern.text())).collect();
    Some(LeafPair {
        typed: Alternative { contiguous, ..Alternative::phrase(typed) },
        inflected: Alternative { contiguous, ..Alternative::phrase(slots) },
    })
}

fn is_han_slot(slot: &PhraseSlot) -> bool {
    slot.pattern.text().chars().all(crate::script::is_han)
}

/// Returns for each of `docs`, which must be ascending, the mean value of the pairs: 1 if the words of every pair are
/// adjacent in the form typed, 0 if the words of no pair are adjacent.
pub(super) fn adjacency(
    segment: SegmentView<'_>,
    pairs: &[LeafPair],
    docs: &[DocId],
) -> Result<Vec<f64>> {
    let mut values = vec![0.0; docs.len()];
    let pair_weight = 1.0 / pairs.len().max(1) as f64;
    for pair in pairs {
        let inflected = segment.phrase_postings_in(TextField::Body, &pair.inflected, docs)?;
        let typed = segment.phrase_postings_in(TextField::Body, &pair.typed, inflected.docs())?;
        add_value(&mut values, docs, &inflected, pair_weight * INFLECTED_VALUE);
        add_value(&mut values, docs, &typed, pair_weight * (1.0 - INFLECTED_VALUE));
    }
    Ok(values)
}

fn add_value(values: &mut [f64], docs: &[DocId], list: &PostingList, value: f64) {
    let mut next_posting = 0;
    for (doc_value, &doc) in values.iter_mut().zip(docs) {
        next_posting = list.seek(next_posting, doc);
        if list.docs().get(next_posting) == Some(&doc) {
            *doc_value += value;
        }
    }
}
