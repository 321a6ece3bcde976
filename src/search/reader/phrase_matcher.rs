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
    /// Indexes of the slots that [`seek`](Self::seek) moves, the slot with the rarest terms first. No slots if the
    /// bigrams of the phrase find every passage that contains all slots.
    slot_seek_order: Vec<usize>,
    /// For each slot: its position in the phrase, and the positions of its terms in the current passage.
    positions: Vec<(u32, Vec<u32>)>,
    /// Cursors of the bigrams of a Chinese word, in the order of the word. Their posting lists are far shorter than those
    /// of the characters. Empty for other phrases.
    bigrams: Vec<SegmentPostings>,
    /// Indexes of the bigrams, the rarest bigram first.
    bigram_seek_order: Vec<usize>,
    /// Whether every two adjacent slots are a bigram. A passage with all bigrams then contains all slots.
    has_bigram_of_every_pair: bool,
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
        let mut bigram_seek_order: Vec<usize> = (0..bigrams.len()).collect();
        bigram_seek_order.sort_by_key(|&index| bigrams.get(index).map(SegmentPostings::doc_freq));
        let has_bigram_of_every_pair = !bigrams.is_empty() && bigrams.len() + 1 == slots.len();
        let sought_count = if has_bigram_of_every_pair { 0 } else { slots.len() };
        let mut slot_seek_order: Vec<usize> = (0..sought_count).collect();
        slot_seek_order.sort_by_key(|&index| slots.get(index).map(SlotCursors::doc_freq));
        let positions = slots.iter().map(|slot| (slot.offset, Vec::new())).collect();
        let term_cursor_count: usize = slots.iter().map(|slot| slot.cursors.len()).sum();
        Self {
            positions,
            has_bigram_of_every_pair,
            bigram_seek_order,
            slot_seek_order,
            slop,
            cursor_count: term_cursor_count + bigrams.len(),
            meter: deadline.work_meter(),
            slots,
            bigrams,
        }
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
            for &index in &self.bigram_seek_order {
                let Some(bigram) = self.bigrams.get_mut(index) else { continue };
                let next_doc = seek_cursor_to(bigram, doc);
                if next_doc > doc {
                    doc = next_doc;
                    continue 'docs;
                }
            }
            for &index in &self.slot_seek_order {
                let Some(slot) = self.slots.get_mut(index) else { continue };
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
            && self
                .slot_seek_order
                .iter()
                .all(|&index| self.slots.get_mut(index).is_none_or(|slot| slot.seek(doc) == doc)))
    }

    /// Returns how often the phrase occurs in `doc`, the current passage of the matcher.
    pub(in crate::search) fn count_occurrences(&mut self, doc: DocId) -> usize {
        self.count_without_positions(doc).unwrap_or_else(|| self.position_ranges(doc).count())
    }

    /// Returns whether the phrase occurs in `doc`, the current passage of the matcher.
    pub(in crate::search) fn occurs_in(&mut self, doc: DocId) -> bool {
        let count = self.count_without_positions(doc);
        count.map_or_else(|| self.position_ranges(doc).next().is_some(), |count| count > 0)
    }

    /// Returns how often a Chinese word occurs in `doc`, the current passage of the matcher, if the frequencies of its
    /// bigrams and characters determine this number. `None` if positions must be compared.
    ///
    /// If every B of a passage follows an A, each BC belongs to an ABC, and if every B precedes a C, each AB does. In
    /// both cases, ABC occurs as often as the rarer of AB and BC.
    fn count_without_positions(&mut self, doc: DocId) -> Option<usize> {
        if !self.has_bigram_of_every_pair {
            return None;
        }
        let (first_bigram, other_bigrams) = self.bigrams.split_first()?;
        let mut count = first_bigram.term_freq();
        for (bigram, slot) in other_bigrams.iter().zip(self.slots.iter_mut().skip(1)) {
            let bigram_freq = bigram.term_freq();
            if slot.term_freq(doc) != count.max(bigram_freq) {
                return None;
            }
            count = count.min(bigram_freq);
        }
        Some(count as usize)
    }

    /// Returns the position ranges at which the phrase occurs in `doc`, the current passage of the matcher.
    pub(in crate::search) fn position_ranges(
        &mut self,
        doc: DocId,
    ) -> impl Iterator<Item = PositionRange> {
        for (slot, (_, positions)) in self.slots.iter_mut().zip(&mut self.positions) {
            slot.seek(doc);
            slot.read_slot_positions(doc, positions);
        }
        phrase_occurrence_ranges(&self.positions, self.slop)
    }
}

impl SlotCursors {
    pub(super) const fn new(offset: u32, cursors: Vec<SegmentPostings>) -> Self {
        Self { offset, cursors }
    }

    /// Returns an upper bound of the number of passages that contain one of the terms.
    fn doc_freq(&self) -> u64 {
        self.cursors.iter().map(|cursor| u64::from(cursor.doc_freq())).sum()
    }

    /// Moves to the first passage at or after `doc` that contains one of the terms, and returns the passage. Returns
    /// [`TERMINATED`] if there is no such passage.
    fn seek(&mut self, doc: DocId) -> DocId {
        let docs = self.cursors.iter_mut().map(|cursor| seek_cursor_to(cursor, doc));
        docs.min().unwrap_or(TERMINATED)
    }

    /// Moves to `doc`, and returns how often the terms of the slot occur there.
    fn term_freq(&mut self, doc: DocId) -> u32 {
        self.seek(doc);
        let cursors_at_doc = self.cursors.iter().filter(|cursor| cursor.doc() == doc);
        cursors_at_doc.map(SegmentPostings::term_freq).sum()
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
