//! Measures how far the words of a query stand side by side in a passage, in the order and form of the query.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Alternative, Leaf, PhraseSlot, QueryPlan, TextField},
    search::reader::{PostingList, SegmentView},
};

/// Value of a pair of words side by side in another form than typed. A pair in the form typed has the value 1.
const INFLECTED_VALUE: f64 = 0.6;

/// Two leaves that are adjacent in the query, as phrases.
pub(super) struct LeafPair {
    /// The two leaves with all their inflections.
    inflected: Alternative,
    /// The two leaves in the form typed.
    typed: Alternative,
}

/// Returns the pairs of leaves that are adjacent in the query. Only stop words may stand between the leaves of a pair; these
/// belong to the phrases of the pair. `leaves` are indexes of leaves in the plan, ascending.
pub(super) fn adjacent_pairs(query: &QueryPlan, leaves: &[usize]) -> Vec<LeafPair> {
    let pairs = leaves.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        pair_of(query, query.leaves.get(*first)?, query.leaves.get(*second)?)
    });
    pairs.collect()
}

fn pair_of(query: &QueryPlan, first: &Leaf, second: &Leaf) -> Option<LeafPair> {
    let end = first.position + first.position_count;
    let (before, after) = (first.alternatives.first()?, second.alternatives.first()?);
    let in_body = [first, second].iter().all(|leaf| leaf.field == TextField::Body);
    if !in_body || before.slop + after.slop > 0 || second.position < first.position {
        return None;
    }
    let between =
        query.tokens.iter().filter(|token| (end..second.position).contains(&token.position));
    let between: Vec<PhraseSlot> = between
        .map(|token| PhraseSlot::term(token.position - first.position, &token.term))
        .collect();
    if between.len() != second.position.saturating_sub(end) as usize {
        return None;
    }
    let offset = second.position - first.position;
    // Two Chinese words may overlap in the query.
    let shifted =
        after.slots.iter().map(|slot| PhraseSlot { offset: slot.offset + offset, ..slot.clone() });
    let after: Vec<PhraseSlot> =
        shifted.filter(|slot| slot.offset >= end - first.position).collect();
    let slots: Vec<PhraseSlot> = before.slots.iter().cloned().chain(between).chain(after).collect();
    let contiguous = slots.iter().all(is_han_slot) && before.contiguous;
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

/// Returns for each of `docs`, which must be ascending, the mean value of the pairs: 1 if every pair stands side by side in
/// the form typed, 0 if no pair does.
pub(super) fn adjacency(
    segment: SegmentView<'_>,
    pairs: &[LeafPair],
    docs: &[DocId],
) -> Result<Vec<f64>> {
    let mut values = vec![0.0; docs.len()];
    let share = 1.0 / pairs.len().max(1) as f64;
    for pair in pairs {
        let inflected = segment.phrase_postings_in(TextField::Body, &pair.inflected, docs)?;
        let typed = segment.phrase_postings_in(TextField::Body, &pair.typed, inflected.docs())?;
        add(&mut values, docs, &inflected, share * INFLECTED_VALUE);
        add(&mut values, docs, &typed, share * (1.0 - INFLECTED_VALUE));
    }
    Ok(values)
}

fn add(values: &mut [f64], docs: &[DocId], list: &PostingList, value: f64) {
    let mut next = 0;
    for (sum, &doc) in values.iter_mut().zip(docs) {
        next = list.seek(next, doc);
        if list.docs().get(next) == Some(&doc) {
            *sum += value;
        }
    }
}
