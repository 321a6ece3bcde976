//! A variant of a leaf + one segment → its postings: which live passages it occurs in, how often, where.

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{Postings as _, SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

use super::{
    error::{engine_error, read_error},
    fast_fields::FastFields,
    posting_list::{Posting, PostingList},
};
use crate::{
    error::Result,
    index::Fields,
    query::{Alternative, ExpandedTerm, PhraseSlot, PositionRange, TextField, phrase_ranges},
};

/// An occurrence of a variant that is not as it was written counts so much.
const INEXACT: f32 = 0.5;

/// One segment, with what is needed to look things up in it.
#[derive(Clone, Copy)]
pub(in crate::search) struct SegmentView<'a> {
    pub(in crate::search) reader: &'a SegmentReader,
    pub(in crate::search) columns: &'a FastFields,
    pub(in crate::search) fields: Fields,
}

impl SegmentView<'_> {
    /// Returns the index field of a text field.
    pub(in crate::search) const fn field(&self, scope: TextField) -> Field {
        field_of(self.fields, scope)
    }

    /// Postings of one term of a field.
    pub(in crate::search) fn term(&self, field: Field, term: &str) -> Result<PostingList> {
        let Some(info) = self.info(field, term)? else { return Ok(PostingList::default()) };
        let inverted = self.reader.inverted_index(field).map_err(engine_error)?;
        let freqs = IndexRecordOption::WithFreqs;
        let blocks = inverted.read_block_postings_from_terminfo(&info, freqs);
        let mut blocks = blocks.map_err(read_error)?;
        let mut found = PostingList::with_capacity(blocks.doc_freq() as usize);
        while !blocks.docs().is_empty() {
            found.extend_by(blocks.docs(), blocks.freqs());
            blocks.advance();
        }
        if self.reader.has_deletes() {
            found = found.only(|doc| !self.reader.is_deleted(doc));
        }
        Ok(found)
    }

    /// Whether a term of a field occurs.
    pub(in crate::search) fn has(&self, field: Field, term: &str) -> Result<bool> {
        if !self.reader.has_deletes() {
            return Ok(self.info(field, term)?.is_some());
        }
        let Some(mut cursor) = self.cursor(field, term, IndexRecordOption::Basic)? else {
            return Ok(false);
        };
        while cursor.doc() != TERMINATED && self.reader.is_deleted(cursor.doc()) {
            cursor.advance();
        }
        Ok(cursor.doc() != TERMINATED)
    }

    /// Whether a variant occurs in a live passage.
    pub(in crate::search) fn occurs(
        &self,
        scope: TextField,
        variant: &Alternative,
    ) -> Result<bool> {
        if let [slot] = &variant.slots[..] {
            for form in &slot.terms {
                if self.has(self.field(scope), &form.term)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let Some(mut alignment) = self.alignment(scope, variant)? else { return Ok(false) };
        let mut doc = alignment.seek(0);
        while doc != TERMINATED {
            if !self.reader.is_deleted(doc) && alignment.places(doc).next().is_some() {
                return Ok(true);
            }
            doc = alignment.seek(doc + 1);
        }
        Ok(false)
    }

    /// Postings of all variants of a leaf, as of one term.
    pub(in crate::search) fn variants(
        &self,
        scope: TextField,
        variants: &[Alternative],
    ) -> Result<PostingList> {
        let mut lists = Vec::new();
        for variant in variants {
            let list = self.variant(scope, variant)?;
            lists.push(if variant.exact { list } else { list.inexact(INEXACT) });
        }
        Ok(PostingList::merged(lists))
    }

    fn variant(&self, scope: TextField, variant: &Alternative) -> Result<PostingList> {
        let field = self.field(scope);
        if let [slot] = &variant.slots[..] {
            return self.forms(field, &slot.terms);
        }
        if let (true, TextField::Body, [first, second]) =
            (variant.contiguous, scope, &variant.slots[..])
            && let Some(pair) = pair(first, second)
        {
            return self.term(self.fields.ranking_terms, &pair);
        }
        let Some(mut alignment) = self.alignment(scope, variant)? else {
            return Ok(PostingList::default());
        };
        let mut found = PostingList::default();
        let mut doc = alignment.seek(0);
        while doc != TERMINATED {
            let freq = if self.reader.is_deleted(doc) { 0 } else { alignment.places(doc).count() };
            if freq > 0 {
                found.push(Posting { doc, freq: freq as u32, near: 0.0 });
            }
            doc = alignment.seek(doc + 1);
        }
        Ok(found)
    }

    /// Postings of a variant of several words among `docs`, ascending, which hold all that have each of its words.
    pub(in crate::search) fn among(
        &self,
        scope: TextField,
        variant: &Alternative,
        docs: &[DocId],
    ) -> Result<PostingList> {
        let mut found = PostingList::default();
        if docs.is_empty() {
            return Ok(found);
        }
        let Some(mut alignment) = self.alignment(scope, variant)? else { return Ok(found) };
        for &doc in docs {
            let freq = if alignment.reaches(doc) { alignment.places(doc).count() } else { 0 };
            if freq > 0 {
                found.push(Posting { doc, freq: freq as u32, near: 0.0 });
            }
        }
        Ok(found)
    }

    /// Postings of several terms as of one.
    fn forms(&self, field: Field, forms: &[ExpandedTerm]) -> Result<PostingList> {
        let mut lists = Vec::with_capacity(forms.len());
        for form in forms {
            let list = self.term(field, &form.term)?;
            lists.push(if form.weight < 1.0 { list.inexact(form.weight) } else { list });
        }
        Ok(PostingList::merged(lists))
    }

    /// What finds the places of a variant, passage by passage; none where it occurs nowhere.
    pub(in crate::search) fn alignment(
        &self,
        scope: TextField,
        variant: &Alternative,
    ) -> Result<Option<Alignment>> {
        let field = self.field(scope);
        let mut words = Vec::with_capacity(variant.slots.len());
        let mut lists = Vec::with_capacity(variant.slots.len());
        for slot in &variant.slots {
            let mut cursors = Vec::with_capacity(slot.terms.len());
            for form in &slot.terms {
                cursors.extend(self.positions(field, &form.term)?);
            }
            if cursors.is_empty() {
                return Ok(None);
            }
            words.push(Word { cursors });
            lists.push((slot.offset, Vec::new()));
        }
        let mut pairs = Vec::new();
        if variant.contiguous && scope == TextField::Body {
            // Far shorter lists than those of the characters.
            for slots in variant.slots.windows(2) {
                let [first, second] = slots else { continue };
                let Some(pair) = pair(first, second) else { continue };
                let cursor =
                    self.cursor(self.fields.ranking_terms, &pair, IndexRecordOption::Basic)?;
                let Some(cursor) = cursor else { return Ok(None) };
                pairs.push(cursor);
            }
        }
        Ok(Some(Alignment { words, lists, pairs, gap: variant.slop }))
    }

    /// A cursor over the postings of a term, with the positions too.
    pub(in crate::search) fn positions(
        &self,
        field: Field,
        term: &str,
    ) -> Result<Option<SegmentPostings>> {
        self.cursor(field, term, IndexRecordOption::WithFreqsAndPositions)
    }

    fn cursor(
        &self,
        field: Field,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>> {
        let Some(info) = self.info(field, term)? else { return Ok(None) };
        let inverted = self.reader.inverted_index(field).map_err(engine_error)?;
        let cursor = inverted.read_postings_from_terminfo(&info, option);
        cursor.map(Some).map_err(read_error)
    }

    /// Where the postings of a term lie; none where it does not occur.
    fn info(&self, field: Field, term: &str) -> Result<Option<TermInfo>> {
        self.columns.known.term(field, term, || {
            let inverted = self.reader.inverted_index(field).map_err(engine_error)?;
            let info = inverted.get_term_info(&Term::from_field_text(field, term));
            info.map_err(read_error)
        })
    }
}

/// Returns the index field of a text field.
pub(super) const fn field_of(fields: Fields, field: TextField) -> Field {
    match field {
        TextField::Body => fields.exact,
        TextField::Title => fields.title,
        TextField::Heading => fields.heading,
        TextField::Issuer => fields.issuer,
        TextField::Speaker => fields.speaker,
    }
}

/// The term of two Han characters next to each other.
pub(in crate::search) fn pair(first: &PhraseSlot, second: &PhraseSlot) -> Option<String> {
    match (&first.terms[..], &second.terms[..]) {
        ([a], [b]) => Some(format!("{}{}", a.term, b.term)),
        _ => None,
    }
}

/// The words of a variant in one segment, moved from passage to passage together.
pub(in crate::search) struct Alignment {
    words: Vec<Word>,
    /// Of each word its offset and its positions in the passage that is looked at.
    lists: Vec<(u32, Vec<u32>)>,
    pairs: Vec<SegmentPostings>,
    gap: u32,
}

/// A slot: the cursors of all terms that may stand there.
struct Word {
    cursors: Vec<SegmentPostings>,
}

impl Alignment {
    /// The first passage at or after `target` that has all words.
    pub(in crate::search) fn seek(&mut self, target: DocId) -> DocId {
        let mut doc = target;
        'docs: while doc != TERMINATED {
            for pair in &mut self.pairs {
                let next = reached(pair, doc);
                if next > doc {
                    doc = next;
                    continue 'docs;
                }
            }
            for word in &mut self.words {
                let next = word.seek(doc);
                if next > doc {
                    doc = next;
                    continue 'docs;
                }
            }
            break;
        }
        doc
    }

    /// Moves the words to `doc`, or after it, and returns whether it has all of them; none has been moved past it.
    fn reaches(&mut self, doc: DocId) -> bool {
        self.pairs.iter_mut().all(|pair| reached(pair, doc) == doc)
            && self.words.iter_mut().all(|word| word.seek(doc) == doc)
    }

    /// Where the words stand together in `doc`, to which all have been moved.
    pub(in crate::search) fn places(&mut self, doc: DocId) -> impl Iterator<Item = PositionRange> {
        for (word, (_, positions)) in self.words.iter_mut().zip(&mut self.lists) {
            word.positions(doc, positions);
        }
        phrase_ranges(&self.lists, self.gap)
    }
}

impl Word {
    /// The first passage at or after `doc` that has any of the terms.
    fn seek(&mut self, doc: DocId) -> DocId {
        let found = self.cursors.iter_mut().map(|cursor| reached(cursor, doc));
        found.min().unwrap_or(TERMINATED)
    }

    /// Puts the positions of all terms in `doc`, ascending, in place of others.
    fn positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.doc() == doc) {
            cursor.append_positions_with_offset(0, positions);
        }
        positions.sort_unstable();
        positions.dedup();
    }
}

/// Moves a cursor to the first passage at or after `doc`.
pub(in crate::search) fn reached(cursor: &mut SegmentPostings, doc: DocId) -> DocId {
    if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() }
}
