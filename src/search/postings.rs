//! A leaf or a ranking term + one segment → its postings: which live passages it occurs in, how often.

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{Postings, SegmentPostings},
    schema::{Field, IndexRecordOption},
};

use super::engine;
use crate::{analysis::stem, error::Result, index::Fields};

/// A passage in which something occurs, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) doc: DocId,
    pub(super) freq: u32,
}

/// One segment, with what is needed to look things up in it.
#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) reader: &'a SegmentReader,
    pub(super) fields: Fields,
}

/// The forms that count as one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Forms<'a> {
    /// Just this term.
    One(&'a str),
    /// Every term of the index that has the same stem as this one.
    Stem {
        /// The word of the query.
        term: &'a str,
        /// Its stem.
        stem: &'a str,
    },
}

impl Segment<'_> {
    /// Postings of one term of a field.
    pub(super) fn term(&self, field: Field, term: &str) -> Result<Vec<Posting>> {
        let cursor = self.cursor(field, term, IndexRecordOption::WithFreqs)?;
        Ok(cursor.map_or_else(Vec::new, |cursor| self.drained(cursor)))
    }

    /// Postings of a word in all its forms, as of one term: frequencies are summed.
    pub(super) fn word(&self, forms: &Forms<'_>) -> Result<Vec<Posting>> {
        let mut lists = Vec::new();
        for form in self.forms(forms)? {
            lists.push(self.term(self.fields.exact, &form)?);
        }
        Ok(merged(lists))
    }

    /// Postings of words that stand at consecutive positions.
    pub(super) fn sequence(&self, elements: &[Forms<'_>], joined: bool) -> Result<Vec<Posting>> {
        if let (true, [Forms::One(a), Forms::One(b)]) = (joined, elements) {
            return self.term(self.fields.words, &format!("{a}{b}"));
        }
        let mut words = Vec::with_capacity(elements.len());
        for element in elements {
            let mut cursors = Vec::new();
            for form in self.forms(element)? {
                cursors.extend(self.cursor(
                    self.fields.exact,
                    &form,
                    IndexRecordOption::WithFreqsAndPositions,
                )?);
            }
            words.push(Word { cursors });
        }
        let pairs = if joined { self.pairs(elements)? } else { Some(Vec::new()) };
        let Some(pairs) = pairs else { return Ok(Vec::new()) };
        Ok(self.aligned(words, pairs))
    }

    /// Cursors over the pairs of a joined sequence: far shorter lists than those of its characters.
    /// None where a pair occurs nowhere.
    fn pairs(&self, elements: &[Forms<'_>]) -> Result<Option<Vec<SegmentPostings>>> {
        let mut cursors = Vec::new();
        for pair in elements.windows(2) {
            if let [Forms::One(a), Forms::One(b)] = pair {
                let cursor =
                    self.cursor(self.fields.words, &format!("{a}{b}"), IndexRecordOption::Basic)?;
                let Some(cursor) = cursor else { return Ok(None) };
                cursors.push(cursor);
            }
        }
        Ok(Some(cursors))
    }

    /// The passages that all `words` and `pairs` share, with the number of places where the words
    /// stand at consecutive positions.
    fn aligned(&self, mut words: Vec<Word>, mut pairs: Vec<SegmentPostings>) -> Vec<Posting> {
        let mut found = Vec::new();
        let (mut starts, mut positions) = (Vec::new(), Vec::new());
        let mut doc = 0;
        'docs: loop {
            for pair in &mut pairs {
                let next = if pair.doc() < doc { pair.seek(doc) } else { pair.doc() };
                if next > doc {
                    doc = next;
                    if doc == TERMINATED {
                        return found;
                    }
                    continue 'docs;
                }
            }
            for word in &mut words {
                let next = word.seek(doc);
                if next > doc {
                    doc = next;
                    if doc == TERMINATED {
                        return found;
                    }
                    continue 'docs;
                }
            }
            if !self.reader.is_deleted(doc) {
                for (index, word) in words.iter_mut().enumerate() {
                    word.positions(doc, index as u32, &mut positions);
                    if index == 0 {
                        std::mem::swap(&mut starts, &mut positions);
                    } else {
                        starts.retain(|start| positions.binary_search(start).is_ok());
                    }
                    if starts.is_empty() {
                        break;
                    }
                }
                if !starts.is_empty() {
                    found.push(Posting { doc, freq: starts.len() as u32 });
                }
            }
            doc += 1;
        }
    }

    /// The terms of this segment that `forms` stands for.
    fn forms(&self, forms: &Forms<'_>) -> Result<Vec<String>> {
        let (term, wanted) = match forms {
            Forms::One(term) => return Ok(vec![(*term).to_owned()]),
            Forms::Stem { term, stem } => (*term, *stem),
        };
        let mut found = vec![term.to_owned()];
        // Numbers and words of other scripts are their own stem and have no other forms.
        if !wanted.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(found);
        }
        let prefix = form_prefix(wanted);
        let inverted = self.reader.inverted_index(self.fields.exact).map_err(engine)?;
        let mut end = prefix.as_bytes().to_vec();
        if let Some(last) = end.last_mut() {
            *last += 1;
        }
        let mut stream = inverted
            .terms()
            .range()
            .ge(prefix)
            .lt(&end)
            .into_stream()
            .map_err(|e| engine(e.into()))?;
        while stream.advance() {
            let form = std::str::from_utf8(stream.key()).unwrap_or_default();
            if form != term && stem(form) == wanted {
                found.push(form.to_owned());
            }
        }
        Ok(found)
    }

    fn cursor(
        &self,
        field: Field,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>> {
        let inverted = self.reader.inverted_index(field).map_err(engine)?;
        inverted
            .read_postings(&Term::from_field_text(field, term), option)
            .map_err(|e| engine(e.into()))
    }

    fn drained(&self, mut cursor: SegmentPostings) -> Vec<Posting> {
        let mut found = Vec::with_capacity(cursor.doc_freq() as usize);
        while cursor.doc() != TERMINATED {
            if !self.reader.is_deleted(cursor.doc()) {
                found.push(Posting { doc: cursor.doc(), freq: cursor.term_freq() });
            }
            cursor.advance();
        }
        found
    }
}

/// What all words of a stem begin with. Snowball's English stemmer changes the end of a word (y to
/// i, a dropped e put back), so the stem without a last such letter is a prefix of them.
fn form_prefix(stem: &str) -> &str {
    match stem.strip_suffix(['e', 'i', 'y']) {
        Some(shorter) if shorter.len() >= 2 => shorter,
        _ => stem,
    }
}

/// Several ascending lists as one.
fn merged(mut lists: Vec<Vec<Posting>>) -> Vec<Posting> {
    lists.retain(|list| !list.is_empty());
    if lists.len() <= 1 {
        return lists.pop().unwrap_or_default();
    }
    let mut all: Vec<Posting> = lists.concat();
    all.sort_by_key(|posting| posting.doc);
    all.dedup_by(|later, first| {
        let same = later.doc == first.doc;
        if same {
            first.freq += later.freq;
        }
        same
    });
    all
}

/// A place in a sequence: the cursors of all terms that may stand there.
struct Word {
    cursors: Vec<SegmentPostings>,
}

impl Word {
    /// The first passage at or after `doc` that has any of the terms.
    fn seek(&mut self, doc: DocId) -> DocId {
        let reached = self
            .cursors
            .iter_mut()
            .map(|cursor| if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() });
        reached.min().unwrap_or(TERMINATED)
    }

    /// The positions of all terms in `doc`, ascending, each moved left by `offset`.
    fn positions(&mut self, doc: DocId, offset: u32, out: &mut Vec<u32>) {
        out.clear();
        for cursor in self.cursors.iter_mut().filter(|cursor| cursor.doc() == doc) {
            cursor.append_positions_with_offset(0, out);
        }
        out.retain(|&position| position >= offset);
        for position in out.iter_mut() {
            *position -= offset;
        }
        out.sort_unstable();
        out.dedup();
    }
}
