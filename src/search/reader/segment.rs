//! Reads the postings of one segment: the live passages in which terms and phrases occur.

use std::rc::Rc;

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

use super::{
    error::{engine_error, read_error},
    fast_fields::FastFields,
    phrase_matcher::{PhraseMatcher, SlotCursors},
    posting_list::{Posting, PostingList},
};
use crate::{
    document::DeclaredFields,
    error::Result,
    index::Fields,
    query::{Alternative, Deadline, ExpandedTerm, PhraseOrigin, PhraseSlot, TextField},
};

/// One segment of the index: its postings and its fast fields.
#[derive(Clone, Copy)]
pub(in crate::search) struct SegmentView<'a> {
    pub(in crate::search) reader: &'a SegmentReader,
    pub(in crate::search) columns: &'a FastFields,
    pub(in crate::search) fields: Fields,
    pub(in crate::search) declared_fields: &'a DeclaredFields,
    /// Deadline of the reads. A read after the deadline fails.
    pub(in crate::search) deadline: Deadline,
}

impl SegmentView<'_> {
    /// Returns the tantivy field of a text field.
    pub(in crate::search) const fn field(&self, field: TextField) -> Field {
        field_of(self.fields, field)
    }

    /// Reads the posting list of a term, without deleted passages.
    pub(in crate::search) fn read_postings(&self, field: Field, term: &str) -> Result<PostingList> {
        self.deadline.check()?;
        let Some(term_info) = self.term_info(field, term)? else {
            return Ok(PostingList::default());
        };
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        let with_freqs = IndexRecordOption::WithFreqs;
        let mut blocks = inverted_index
            .read_block_postings_from_terminfo(&term_info, with_freqs)
            .map_err(read_error)?;
        let mut postings = PostingList::with_capacity(blocks.doc_freq() as usize);
        while !blocks.docs().is_empty() {
            postings.push_block(blocks.docs(), blocks.freqs());
            blocks.advance();
        }
        if self.reader.has_deletes() {
            postings = postings.filter(|doc| !self.reader.is_deleted(doc));
        }
        Ok(postings)
    }

    /// Returns whether a term occurs in an entry (a passage or a document record) that is not deleted.
    pub(in crate::search) fn has_term(&self, field: Field, term: &str) -> Result<bool> {
        if !self.reader.has_deletes() {
            return Ok(self.term_info(field, term)?.is_some());
        }
        let Some(mut cursor) = self.postings_cursor(field, term, IndexRecordOption::Basic)? else {
            return Ok(false);
        };
        while cursor.doc() != TERMINATED && self.reader.is_deleted(cursor.doc()) {
            cursor.advance();
        }
        Ok(cursor.doc() != TERMINATED)
    }

    /// Returns whether a phrase occurs in an entry (a passage or a document record) that is not deleted.
    pub(in crate::search) fn has_phrase(
        &self,
        field: TextField,
        phrase: &Alternative,
    ) -> Result<bool> {
        if let [slot] = &phrase.slots[..] {
            for term in &slot.terms {
                if self.has_term(self.field(field), &term.term)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let Some(mut matcher) = self.phrase_matcher(field, phrase)? else { return Ok(false) };
        let mut doc = matcher.seek(0)?;
        while doc != TERMINATED {
            if !self.reader.is_deleted(doc) && matcher.occurs_in(doc) {
                return Ok(true);
            }
            doc = matcher.seek(doc + 1)?;
        }
        Ok(false)
    }

    /// Reads the union of the posting lists of all alternatives of a query leaf, as if they were one term.
    pub(in crate::search) fn read_union(
        &self,
        field: TextField,
        alternatives: &[Alternative],
    ) -> Result<Rc<PostingList>> {
        self.read_union_and_visit_terms(field, alternatives, &mut |_, _| {})
    }

    /// Reads the union of the posting lists of all alternatives of a query leaf, as if they were one term. Calls
    /// `visit` with every term that counts in full (weight 1), is not part of a phrase, and with the posting list of the
    /// term.
    pub(in crate::search) fn read_union_and_visit_terms(
        &self,
        field: TextField,
        alternatives: &[Alternative],
        visit: &mut dyn FnMut(&str, &Rc<PostingList>),
    ) -> Result<Rc<PostingList>> {
        let mut posting_lists = Vec::new();
        for alternative in alternatives {
            let posting_list = match &alternative.slots[..] {
                [slot] => self.read_union_of_terms(self.field(field), &slot.terms, visit)?,
                _ => Rc::new(self.phrase_postings(field, alternative)?),
            };
            posting_lists.push(match alternative.origin {
                PhraseOrigin::Query => posting_list,
                origin => Rc::new(
                    Rc::unwrap_or_clone(posting_list)
                        .into_postings_of_other_spelling(origin.weight()),
                ),
            });
        }
        PostingList::union(posting_lists, self.deadline)
    }

    /// Reads the posting list of a phrase of several words.
    fn phrase_postings(&self, field: TextField, phrase: &Alternative) -> Result<PostingList> {
        if let (true, TextField::Body, [first, second]) =
            (phrase.is_contiguous, field, &phrase.slots[..])
            && let Some(bigram) = bigram(first, second)
        {
            return self.read_postings(self.fields.ranking_terms, &bigram);
        }
        let Some(mut matcher) = self.phrase_matcher(field, phrase)? else {
            return Ok(PostingList::default());
        };
        let mut postings = PostingList::default();
        let mut doc = matcher.seek(0)?;
        while doc != TERMINATED {
            let is_deleted = self.reader.is_deleted(doc);
            let freq = if is_deleted { 0 } else { matcher.count_occurrences(doc) };
            if freq > 0 {
                postings.push(Posting { doc, freq: freq as u32, inexact_weight: 0.0 });
            }
            doc = matcher.seek(doc + 1)?;
        }
        Ok(postings)
    }

    /// Returns the entries with a phrase in a field that is not the body, without deleted entries, in ascending order.
    pub(in crate::search) fn entries_with_phrase(
        &self,
        field: Field,
        slots: Vec<PhraseSlot>,
    ) -> Result<Vec<DocId>> {
        if let [slot] = &slots[..] {
            return Ok(self
                .read_union_of_terms(field, &slot.terms, &mut |_, _| {})?
                .docs()
                .to_vec());
        }
        let phrase = Alternative::phrase(slots);
        let Some(terms) = self.phrase_slot_cursors(field, &phrase)? else { return Ok(Vec::new()) };
        let mut matcher = PhraseMatcher::new(terms, Vec::new(), phrase.slop, self.deadline);
        let mut entries = Vec::new();
        let mut doc = matcher.seek(0)?;
        while doc != TERMINATED {
            if !self.reader.is_deleted(doc) && matcher.occurs_in(doc) {
                entries.push(doc);
            }
            doc = matcher.seek(doc + 1)?;
        }
        Ok(entries)
    }

    /// Reads the postings of a phrase of several words in the passages `docs` only. `docs` must be ascending and
    /// include every passage that contains all words of the phrase.
    pub(in crate::search) fn phrase_postings_in_docs(
        &self,
        field: TextField,
        phrase: &Alternative,
        docs: &[DocId],
    ) -> Result<PostingList> {
        let mut postings = PostingList::default();
        if docs.is_empty() {
            return Ok(postings);
        }
        let Some(mut matcher) = self.phrase_matcher(field, phrase)? else { return Ok(postings) };
        for &doc in docs {
            let freq = if matcher.advance_and_check_all_words_in(doc)? {
                matcher.count_occurrences(doc)
            } else {
                0
            };
            if freq > 0 {
                postings.push(Posting { doc, freq: freq as u32, inexact_weight: 0.0 });
            }
        }
        Ok(postings)
    }

    /// Reads the union of the posting lists of several terms, as if they were one term. Calls `visit` with each term
    /// of weight 1 and its posting list.
    fn read_union_of_terms(
        &self,
        field: Field,
        terms: &[ExpandedTerm],
        visit: &mut dyn FnMut(&str, &Rc<PostingList>),
    ) -> Result<Rc<PostingList>> {
        let mut posting_lists = Vec::with_capacity(terms.len());
        for ExpandedTerm { term, weight } in terms {
            let posting_list = self.read_postings(field, term)?;
            let weighted_list = if *weight < 1.0 {
                Rc::new(posting_list.into_postings_of_other_spelling(*weight))
            } else {
                let posting_list = Rc::new(posting_list);
                visit(term, &posting_list);
                posting_list
            };
            posting_lists.push(weighted_list);
        }
        PostingList::union(posting_lists, self.deadline)
    }

    /// Returns a matcher for a phrase. `None` if the segment lacks a word of the phrase.
    pub(in crate::search) fn phrase_matcher(
        &self,
        field: TextField,
        phrase: &Alternative,
    ) -> Result<Option<PhraseMatcher>> {
        let Some(terms) = self.phrase_slot_cursors(self.field(field), phrase)? else {
            return Ok(None);
        };
        let mut bigrams = Vec::new();
        if phrase.is_contiguous && field == TextField::Body {
            for slots in phrase.slots.windows(2) {
                let [first, second] = slots else { continue };
                let Some(bigram) = bigram(first, second) else { continue };
                let cursor = self.postings_cursor(
                    self.fields.ranking_terms,
                    &bigram,
                    IndexRecordOption::WithFreqs,
                )?;
                let Some(cursor) = cursor else { return Ok(None) };
                bigrams.push(cursor);
            }
        }
        Ok(Some(PhraseMatcher::new(terms, bigrams, phrase.slop, self.deadline)))
    }

    /// Returns cursors for the words of a phrase. `None` if the segment lacks a word of the phrase.
    fn phrase_slot_cursors(
        &self,
        field: Field,
        phrase: &Alternative,
    ) -> Result<Option<Vec<SlotCursors>>> {
        let mut terms = Vec::with_capacity(phrase.slots.len());
        for slot in &phrase.slots {
            let mut cursors = Vec::with_capacity(slot.terms.len());
            for term in &slot.terms {
                cursors.extend(self.positions_cursor(field, &term.term)?);
            }
            if cursors.is_empty() {
                return Ok(None);
            }
            terms.push(SlotCursors::new(slot.offset, cursors));
        }
        Ok(Some(terms))
    }

    /// Returns a cursor over the postings of a term, with positions. `None` if the segment lacks the term.
    pub(in crate::search) fn positions_cursor(
        &self,
        field: Field,
        term: &str,
    ) -> Result<Option<SegmentPostings>> {
        self.postings_cursor(field, term, IndexRecordOption::WithFreqsAndPositions)
    }

    /// Returns a cursor over the postings of a term. `option` states whether the cursor reads frequencies and
    /// positions. `None` if the segment lacks the term.
    fn postings_cursor(
        &self,
        field: Field,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>> {
        self.deadline.check()?;
        let Some(info) = self.term_info(field, term)? else { return Ok(None) };
        let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
        inverted_index.read_postings_from_terminfo(&info, option).map(Some).map_err(read_error)
    }

    /// Returns the location of the postings of a term. `None` if the segment lacks the term.
    fn term_info(&self, field: Field, term: &str) -> Result<Option<TermInfo>> {
        self.columns.term_cache.term_info(field, term, || {
            let inverted_index = self.reader.inverted_index(field).map_err(engine_error)?;
            inverted_index.get_term_info(&Term::from_field_text(field, term)).map_err(read_error)
        })
    }
}

/// Returns the tantivy field of a text field.
pub(super) const fn field_of(fields: Fields, field: TextField) -> Field {
    match field {
        TextField::Body => fields.exact_terms,
        TextField::Title => fields.title,
        TextField::Heading => fields.heading,
        TextField::Issuer => fields.issuer,
        TextField::Speaker => fields.speaker,
    }
}

/// Returns the bigram of two slots that each have one Han character as their only term. `None` if a slot does not have
/// exactly one term.
pub(in crate::search) fn bigram(first: &PhraseSlot, second: &PhraseSlot) -> Option<String> {
    match (&first.terms[..], &second.terms[..]) {
        ([first], [second]) => Some(format!("{}{}", first.term, second.term)),
        _ => None,
    }
}
