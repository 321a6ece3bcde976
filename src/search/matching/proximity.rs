//! Evaluates NEAR and SAME: finds the passages in which all operands occur close to each other, or in the same
//! sentence.

use std::rc::Rc;

use tantivy::{
    DocId, TERMINATED,
    postings::{Postings as _, SegmentPostings},
};

use super::leaves::to_passage_postings;
use crate::{
    error::Result,
    index::SENTENCE_END_TERM,
    query::{
        PositionRange, QueryPlan, TextField, count_near_chain_ends, same_sentence_occurrences,
    },
    search::reader::{BitSet, PhraseMatcher, Posting, PostingList, SegmentView, seek_cursor_to},
};

/// Returns the live passages in which all operands occur close to each other: each within `distance` words of the next
/// operand, or all in the same sentence if `distance` is `None`. An operand is a list of alternative query leaves,
/// given by their indexes. All leaves must be searched in the same field.
pub(super) fn proximity_matches(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    operands: &[Vec<usize>],
    distance: Option<u32>,
) -> Result<BitSet> {
    let mut leaves = operands.iter().flatten().filter_map(|&leaf| query.leaves.get(leaf));
    let field = leaves.next().map_or(TextField::Body, |leaf| leaf.field);
    let mut matchers: Vec<Vec<PhraseMatcher>> = Vec::with_capacity(operands.len());
    for operand in operands {
        let mut operand_matchers = Vec::new();
        for leaf in operand.iter().filter_map(|&leaf| query.leaves.get(leaf)) {
            for alternative in &leaf.alternatives {
                operand_matchers.extend(segment.phrase_matcher(field, alternative)?);
            }
        }
        matchers.push(operand_matchers);
    }
    let postings = entries_in_proximity(segment, field, matchers, distance)?;
    let mut passages = BitSet::new(segment.reader.max_doc());
    passages.extend(to_passage_postings(segment, field, Rc::new(postings)).docs().iter().copied());
    Ok(passages)
}

/// Returns the live entries of a field in which all operands occur close to each other: see [`proximity_matches`].
/// Intersects the operands by leapfrogging: the operand whose cursor is furthest ahead determines the next entry to
/// check.
fn entries_in_proximity(
    segment: SegmentView<'_>,
    field: TextField,
    mut operands: Vec<Vec<PhraseMatcher>>,
    distance: Option<u32>,
) -> Result<PostingList> {
    let mut sentence_ends = segment.positions_cursor(segment.field(field), SENTENCE_END_TERM)?;
    let mut entries = PostingList::default();
    let mut doc = 0;
    'docs: loop {
        for matchers in &mut operands {
            let mut next_doc = TERMINATED;
            for matcher in matchers {
                next_doc = next_doc.min(matcher.seek(doc)?);
            }
            if next_doc == TERMINATED {
                return Ok(entries);
            }
            if next_doc > doc {
                doc = next_doc;
                continue 'docs;
            }
        }
        segment.deadline.check()?;
        if !segment.reader.is_deleted(doc) {
            let ranges = operands.iter_mut().map(|matchers| position_ranges(matchers, doc));
            let ranges = ranges.collect::<Result<Vec<Vec<PositionRange>>>>()?;
            let is_close = match (distance, &mut sentence_ends) {
                (Some(distance), _) => count_near_chain_ends(&ranges, distance) > 0,
                (None, Some(ends)) => {
                    !same_sentence_occurrences(&ranges, &term_positions_in_entry(ends, doc))
                        .is_empty()
                }
                (None, None) => false,
            };
            if is_close {
                entries.push(Posting { doc, freq: 1, inexact_weight: 0.0 });
            }
        }
        doc += 1;
    }
}

/// Returns the position ranges of all occurrences of an operand in the entry `doc`. `matchers` are the matchers of its
/// alternatives.
fn position_ranges(matchers: &mut [PhraseMatcher], doc: DocId) -> Result<Vec<PositionRange>> {
    let mut ranges = Vec::new();
    for matcher in matchers {
        if matcher.seek(doc)? == doc {
            ranges.extend(matcher.position_ranges(doc));
        }
    }
    Ok(ranges)
}

/// Returns the positions of a term in an entry. Returns an empty list if the entry does not contain the term.
fn term_positions_in_entry(postings: &mut SegmentPostings, doc: DocId) -> Vec<u32> {
    let mut positions = Vec::new();
    if seek_cursor_to(postings, doc) == doc {
        postings.append_positions_with_offset(0, &mut positions);
    }
    positions
}
