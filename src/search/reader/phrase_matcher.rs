//! Matches a phrase: moves the cursors of its words from passage to passage and compares positions.

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings as _, SegmentPostings},
};

use crate::query::{PositionRange, phrase_ranges};

/// The cursors of a phrase in one segment. It only moves forward.
pub(in crate::search) struct PhraseMatcher {
    terms: Vec<PhraseTerm>,
    /// Offset of each term in the phrase, and its positions in the current passage.
    positions: Vec<(u32, Vec<u32>)>,
    /// Postings of the bigrams of a Chinese word, to skip passages early.
    bigrams: Vec<SegmentPostings>,
    slop: u32,
}

/// One slot of a phrase.
pub(super) struct PhraseTerm {
    offset: u32,
    /// Cursors of all terms that may stand in the slot.
    cursors: Vec<SegmentPostings>,
}

impl PhraseMatcher {
    /// Returns a matcher at the first passage. `slop` is the number of other words allowed between the terms.
    pub(super) fn new(terms: Vec<PhraseTerm>, bigrams: Vec<SegmentPostings>, slop: u32) -> Self {
        let positions = terms.iter().map(|term| (term.offset, Vec::new())).collect();
        Self { terms, positions, bigrams, slop }
    }

    /// Moves to the first passage at or after `target` that has all words, and returns it. Returns [`TERMINATED`] at the
    /// end.
    pub(in crate::search) fn seek(&mut self, target: DocId) -> DocId {
        let mut doc = target;
        'docs: while doc != TERMINATED {
            for bigram in &mut self.bigrams {
                let next = seek_to(bigram, doc);
                if next > doc {
                    doc = next;
                    continue 'docs;
                }
            }
            for term in &mut self.terms {
                let next = term.seek(doc);
                if next > doc {
                    doc = next;
                    continue 'docs;
                }
            }
            break;
        }
        doc
    }

    /// Moves to `doc`, or behind it, and returns whether it has all words. No cursor may be behind `doc` before.
    pub(super) fn advance_to(&mut self, doc: DocId) -> bool {
        self.bigrams.iter_mut().all(|bigram| seek_to(bigram, doc) == doc)
            && self.terms.iter_mut().all(|term| term.seek(doc) == doc)
    }

    /// Returns where the phrase occurs in `doc`, the passage that the matcher was moved to.
    pub(in crate::search) fn position_ranges(
        &mut self,
        doc: DocId,
    ) -> impl Iterator<Item = PositionRange> {
        for (term, (_, positions)) in self.terms.iter_mut().zip(&mut self.positions) {
            term.read_positions(doc, positions);
        }
        phrase_ranges(&self.positions, self.slop)
    }
}

impl PhraseTerm {
    pub(super) const fn new(offset: u32, cursors: Vec<SegmentPostings>) -> Self {
        Self { offset, cursors }
    }

    /// Moves to the first passage at or after `doc` that has any of the terms.
    fn seek(&mut self, doc: DocId) -> DocId {
        let docs = self.cursors.iter_mut().map(|cursor| seek_to(cursor, doc));
        docs.min().unwrap_or(TERMINATED)
    }

    /// Replaces `positions` by those of all terms in `doc`, ascending.
    fn read_positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.doc() == doc) {
            cursor.append_positions_with_offset(0, positions);
        }
        positions.sort_unstable();
        positions.dedup();
    }
}

/// Moves a cursor to the first passage at or after `doc`, and returns that.
pub(in crate::search) fn seek_to(cursor: &mut SegmentPostings, doc: DocId) -> DocId {
    if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() }
}
