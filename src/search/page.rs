//! Matches of all segments → one page of them: best first, ties by document id and ordinal.

use std::{cmp::Ordering, collections::BinaryHeap};

use tantivy::{
    DocAddress, SegmentReader,
    columnar::{Column, StrColumn},
};

use super::{bits::Bits, cursor::Cursor, engine, segment::Matches};
use crate::{
    error::{Error, Result},
    index::{DOCUMENT, ORDINAL},
};

/// One page, and how it sits among all matches.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) places: Vec<Place>,
    /// How many matches come before it.
    pub(super) skipped: u64,
    pub(super) total: u64,
    pub(super) total_documents: u64,
}

/// A match on a page.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) score: f64,
    pub(super) address: DocAddress,
    pub(super) document: String,
    pub(super) ordinal: u64,
}

/// A match within its segment, where document ids compare as the numbers they have there.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    score: f64,
    /// Twice the number of its document and one more: even numbers are places between documents.
    document: u64,
    ordinal: u64,
    doc: u32,
}

impl Candidate {
    /// Less is better.
    fn order(&self, other: &Self) -> Ordering {
        let ties = (self.document, self.ordinal).cmp(&(other.document, other.ordinal));
        other.score.total_cmp(&self.score).then(ties)
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Candidate {}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl Page {
    /// The `limit` best matches after `after` and then `offset` more.
    pub(super) fn new(
        searcher: &tantivy::Searcher,
        matches: &[Matches],
        offset: usize,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Self> {
        let mut page = Self::default();
        // What is left out at the front must be found too: it decides where the page begins.
        let keep = if limit == 0 { 0 } else { offset.saturating_add(limit) };
        for (ord, (reader, matches)) in searcher.segment_readers().iter().zip(matches).enumerate() {
            let columns = Columns::new(reader)?;
            for candidate in columns.best(matches, keep, after, &mut page)? {
                page.places.push(Place {
                    score: candidate.score,
                    address: DocAddress::new(ord as u32, candidate.doc),
                    document: columns.id(candidate.document)?,
                    ordinal: candidate.ordinal,
                });
            }
        }
        page.places.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| (&a.document, a.ordinal).cmp(&(&b.document, b.ordinal)))
        });
        page.places.truncate(keep);
        page.skipped += page.places.drain(..offset.min(page.places.len())).len() as u64;
        Ok(page)
    }
}

/// The columns that order the matches of a segment.
struct Columns {
    documents: Option<StrColumn>,
    ordinals: Column<u64>,
}

impl Columns {
    fn new(reader: &SegmentReader) -> Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            documents: columns.str(DOCUMENT).map_err(engine)?,
            ordinals: columns.u64(ORDINAL).map_err(engine)?,
        })
    }

    /// The `keep` best matches of the segment after `after`; counts all of them in `page`.
    fn best(
        &self,
        matches: &Matches,
        keep: usize,
        after: Option<&Cursor>,
        page: &mut Page,
    ) -> Result<Vec<Candidate>> {
        let Some(documents) = &self.documents else { return Ok(Vec::new()) };
        let after = after.map(|cursor| self.place_of(cursor)).transpose()?;
        let mut seen = Bits::new(documents.num_terms() as u32);
        let mut heap: BinaryHeap<Candidate> = BinaryHeap::new();
        for doc in matches.matched.iter() {
            let document = documents.ords().first(doc).unwrap_or_default();
            seen.insert(document as u32);
            let candidate = Candidate {
                score: matches.scores.get(doc as usize).copied().unwrap_or_default(),
                document: 2 * document + 1,
                ordinal: self.ordinals.first(doc).unwrap_or_default(),
                doc,
            };
            page.total += 1;
            if after.is_some_and(|after| candidate.order(&after).is_le()) {
                page.skipped += 1;
            } else if heap.len() < keep {
                heap.push(candidate);
            } else if heap.peek().is_some_and(|worst| candidate.order(worst).is_lt()) {
                heap.pop();
                heap.push(candidate);
            }
        }
        page.total_documents += seen.len();
        Ok(heap.into_sorted_vec())
    }

    /// The cursor in the numbers of this segment. Where its document is not in it, it stands
    /// directly before the next document that is.
    fn place_of(&self, cursor: &Cursor) -> Result<Candidate> {
        let mut place = Candidate { score: cursor.score, document: u64::MAX, ordinal: 0, doc: 0 };
        if let Some(documents) = &self.documents {
            let read = |error: std::io::Error| Error::Engine(Box::new(error));
            let id = cursor.document.as_bytes();
            let mut stream = documents.dictionary().range().ge(id).into_stream().map_err(read)?;
            if stream.advance() {
                place.document = 2 * stream.term_ord() + u64::from(stream.key() == id);
                place.ordinal = u64::from(cursor.ordinal);
            }
        }
        Ok(place)
    }

    fn id(&self, document: u64) -> Result<String> {
        let mut id = String::new();
        if let Some(documents) = &self.documents {
            documents
                .ord_to_str(document / 2, &mut id)
                .map_err(|error| Error::Engine(Box::new(error)))?;
        }
        Ok(id)
    }
}
