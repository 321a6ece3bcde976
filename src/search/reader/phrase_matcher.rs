//! Matches phrases: moves the postings cursors of the words of a phrase from passage to passage, and compares
//! positions.

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings as _, SegmentPostings},
};

use crate::{
    error::Result,
    query::{Deadline, PositionRange, WorkMeter, phrase_occurrence_ranges},
};

/// Finds the passages of one segment that contain a phrase, with postings cursors. A matcher only moves forward.
pub(in crate::search) struct PhraseMatcher {
    /// Cursors of each slot (a word of the phrase).
    slots: Vec<SlotCursors>,
    /// For each slot: its position in the phrase, and the positions of its terms in the current passage.
    positions: Vec<(u32, Vec<u32>)>,
    /// Cursors of the bigrams of a Chinese word, which skip passages early. Empty for other phrases.
    bigrams: Vec<SegmentPostings>,
    /// Number of other words allowed between the words of the phrase.
    slop: u32,
    /// Number of cursors of all words and bigrams.
    cursor_count: usize,
    meter: WorkMeter,
}

/// Postings cursors of one slot of a phrase, which several terms may fill.
pub(super) struct SlotCursors {
    /// Position of the slot in the phrase, from 0.
    offset: u32,
    /// Cursors of all terms that may occur in the slot.
    cursors: Vec<SegmentPostings>,
}

impl PhraseMatcher {
    /// Creates a matcher at the first passage. `slop` is the number of other words allowed between the words of the
    /// phrase. After `deadline`, the matcher fails to move.
    pub(super) fn new(
        slots: Vec<SlotCursors>,
        bigrams: Vec<SegmentPostings>,
        slop: u32,
        deadline: Deadline,
    ) -> Self {
        let positions = slots.iter().map(|slot| (slot.offset, Vec::new())).collect();
        let term_cursor_count: usize = slots.iter().map(|slot| slot.cursors.len()).sum();
        let cursor_count = term_cursor_count + bigrams.len();
        Self { slots, positions, bigrams, slop, cursor_count, meter: deadline.work_meter() }
    }

    /// Moves to the first passage at or after `target` that contains all words of the phrase, and returns the
    /// passage. Returns [`TERMINATED`] if there is no such passage.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes.
    pub(in crate::search) fn seek(&mut self, target: DocId) -> Result<DocId> {
        let mut doc = target;
        'docs: while doc != TERMINATED {
            self.meter.add(self.cursor_count)?;
            for bigram in &mut self.bigrams {
                let next_doc = seek_cursor_to(bigram, doc);
                if next_doc > doc {
                    doc = next_doc;
                    continue 'docs;
                }
            }
            for slot in &mut self.slots {
                let next_doc = slot.seek(doc);
                if next_doc > doc {
                    doc = next_doc;
                    continue 'docs;
                }
            }
            break;
        }
        Ok(doc)
    }

    /// Moves the cursors to the first passage at or after `doc`, and returns whether `doc` contains all words of the
    /// phrase. Before the call, no cursor may be past `doc`.
    ///
    /// # Errors
    ///
    /// Returns an error if the deadline passes.
    pub(in crate::search) fn advance_and_check_all_words_in(&mut self, doc: DocId) -> Result<bool> {
        self.meter.add(self.cursor_count)?;
        Ok(self.bigrams.iter_mut().all(|bigram| seek_cursor_to(bigram, doc) == doc)
            && self.slots.iter_mut().all(|slot| slot.seek(doc) == doc))
    }

    /// Returns the position ranges at which the phrase occurs in `doc`, the current passage of the matcher.
    pub(in crate::search) fn position_ranges(
        &mut self,
        doc: DocId,
    ) -> impl Iterator<Item = PositionRange> {
        for (slot, (_, positions)) in self.slots.iter_mut().zip(&mut self.positions) {
            slot.read_slot_positions(doc, positions);
        }
        phrase_occurrence_ranges(&self.positions, self.slop)
    }
}

impl SlotCursors {
    pub(super) const fn new(offset: u32, cursors: Vec<SegmentPostings>) -> Self {
        Self { offset, cursors }
    }

    /// Moves to the first passage at or after `doc` that contains one of the terms, and returns the passage. Returns
    /// [`TERMINATED`] if there is no such passage.
    fn seek(&mut self, doc: DocId) -> DocId {
        let docs = self.cursors.iter_mut().map(|cursor| seek_cursor_to(cursor, doc));
        docs.min().unwrap_or(TERMINATED)
    }

    /// Replaces `positions` with the positions of all terms of the slot in `doc`, ascending.
    fn read_slot_positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        let mut term_count = 0;
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.doc() == doc) {
            cursor.append_positions_with_offset(0, positions);
            term_count += 1;
        }
        // The positions of one term are ascending already.
        if term_count > 1 {
            positions.sort_unstable();
            positions.dedup();
        }
    }
}

/// Moves a cursor to the first passage at or after `doc`, and returns the passage. Does not move a cursor that is at or
/// past `doc`.
pub(in crate::search) fn seek_cursor_to(cursor: &mut SegmentPostings, doc: DocId) -> DocId {
    if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() }
}
