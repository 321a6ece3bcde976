//! Fast fields of one segment: columns by document number, opened once for all queries of a snapshot.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, ColumnIndex, StrColumn},
};

use super::{
    bitset::BitSet,
    error::{engine_error, read_error},
    term_cache::TermCache,
};
use crate::{
    error::Result,
    index::{DATE, DOCUMENT, LENGTH, ORDINAL, PASSAGES},
};

/// The columns of one segment. Entries are passages and records of documents; the record of a document follows its
/// passages.
pub(in crate::search) struct FastFields {
    /// Length of a passage in token positions.
    pub(in crate::search) lengths: U32Column,
    /// Number of a passage in its document, from 0.
    pub(in crate::search) ordinals: U32Column,
    /// Number of the document of an entry among those of the segment, in the order of document ids.
    pub(in crate::search) documents: U32Column,
    /// Dates of passages as day numbers. `None` for a segment without any date.
    pub(in crate::search) dates: Option<Column<u64>>,
    /// Number of passages of a document; only its record has it.
    pub(in crate::search) passage_counts: Column<u64>,
    ids: Option<DocumentIds>,
    live_passages: OnceLock<BitSet>,
    records: OnceLock<BitSet>,
    pub(in crate::search) term_cache: TermCache,
    /// Whether passages of a document may be missing.
    is_partial: bool,
}

impl FastFields {
    pub(in crate::search) fn open(reader: &SegmentReader) -> Result<Self> {
        let columns = reader.fast_fields();
        let ids = columns.str(DOCUMENT).map_err(engine_error)?;
        Ok(Self {
            lengths: U32Column::new(columns.u64(LENGTH).map_err(engine_error)?),
            ordinals: U32Column::new(columns.u64(ORDINAL).map_err(engine_error)?),
            documents: U32Column::new(match &ids {
                Some(ids) => ids.ords().clone(),
                None => Column::build_empty_column(reader.max_doc()),
            }),
            dates: columns.u64_lenient(DATE).map_err(engine_error)?.map(|(dates, _)| dates),
            passage_counts: columns.u64(PASSAGES).map_err(engine_error)?,
            ids: ids.map(DocumentIds::new),
            live_passages: OnceLock::new(),
            records: OnceLock::new(),
            term_cache: TermCache::default(),
            is_partial: false,
        })
    }

    /// Opens the columns of an index that may lack passages and records of its documents.
    pub(in crate::search) fn open_part(reader: &SegmentReader) -> Result<Self> {
        Ok(Self { is_partial: true, ..Self::open(reader)? })
    }

    /// Returns the live passages: the entries with an ordinal.
    pub(in crate::search) fn live_passages(&self, reader: &SegmentReader) -> &BitSet {
        self.live_passages.get_or_init(|| {
            let mut passages = BitSet::new(reader.max_doc());
            let is_passage = |doc: &DocId| self.ordinals.first(*doc).is_some();
            passages.extend(reader.doc_ids_alive().filter(is_passage));
            passages
        })
    }

    /// Returns the passages of the document with a record.
    pub(in crate::search) fn passages_of(&self, record: DocId) -> Range<DocId> {
        if self.is_partial {
            let document = self.documents.first(record);
            let passages =
                (0..record).rev().take_while(|&doc| self.documents.first(doc) == document);
            return passages.last().unwrap_or(record)..record;
        }
        let last_ordinal = record.checked_sub(1).and_then(|last| self.ordinals.first(last));
        record.saturating_sub(last_ordinal.map_or(0, |last| last as DocId + 1))..record
    }

    /// Returns the next record after a passage: the record of its document, unless the index is partial and lacks it.
    pub(in crate::search) fn record_of(&self, passage: DocId) -> Option<DocId> {
        match &self.passage_counts.index {
            ColumnIndex::Optional(records) => records.next_non_null_doc(passage),
            _ => None,
        }
    }

    /// Returns the number of documents with one of the passages.
    pub(in crate::search) fn count_documents(&self, passages: &BitSet) -> u64 {
        let records = self.records.get_or_init(|| {
            let mut records = passages.empty_like();
            if let ColumnIndex::Optional(index) = &self.passage_counts.index {
                records.extend(index.iter_non_null_docs());
            }
            records
        });
        passages.count_groups(records)
    }

    /// Returns the id of the document with a number.
    pub(in crate::search) fn document_id(&self, document: u64) -> Result<String> {
        self.ids.as_ref().map_or(Ok(String::new()), |ids| ids.id(document)).map_err(read_error)
    }

    /// Returns the number of the first document whose id is `id` or comes after it, and whether it is `id`. `None` if
    /// there is no such document.
    pub(in crate::search) fn document_number(&self, id: &str) -> Result<Option<(u64, bool)>> {
        let Some(ids) = &self.ids else { return Ok(None) };
        let range = ids.column.dictionary().range().ge(id.as_bytes());
        let mut stream = range.into_stream().map_err(read_error)?;
        if !stream.advance() {
            return Ok(None);
        }
        Ok(Some((stream.term_ord(), stream.key() == id.as_bytes())))
    }
}

/// A column of numbers below 2³², with at most one per entry.
///
/// The first look-ups decode single numbers. Once there have been as many look-ups as entries, the whole column is decoded,
/// because that would have been cheaper: a single query on a large index never decodes it, a service soon does.
pub(in crate::search) struct U32Column {
    column: Column<u64>,
    lookups: AtomicUsize,
    decoded: OnceLock<DecodedColumn>,
}

impl U32Column {
    pub(in crate::search) fn new(column: Column<u64>) -> Self {
        Self { column, lookups: AtomicUsize::new(0), decoded: OnceLock::new() }
    }

    /// Returns the number of an entry.
    pub(in crate::search) fn first(&self, doc: DocId) -> Option<u64> {
        self.column.first(doc)
    }

    /// Returns the numbers of entries, 0 for an entry without one.
    pub(in crate::search) fn numbers_of(&self, docs: &[DocId]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(docs.len());
        self.for_each(docs, |_, number| numbers.push(number));
        numbers
    }

    /// Calls `visit` with the number of each entry, 0 for an entry without one.
    pub(in crate::search) fn for_each(&self, docs: &[DocId], mut visit: impl FnMut(DocId, u32)) {
        match self.decoded(docs.len()) {
            Some(decoded) => docs.iter().for_each(|&doc| visit(doc, decoded.get(doc))),
            None => self.decode(docs, visit),
        }
    }

    /// Returns the decoded column, if it pays for this number of further look-ups.
    fn decoded(&self, lookups: usize) -> Option<&DecodedColumn> {
        if let Some(decoded) = self.decoded.get() {
            return Some(decoded);
        }
        let entries = self.column.num_docs();
        let before = self.lookups.fetch_add(lookups, Ordering::Relaxed);
        if before + lookups < entries as usize {
            return None;
        }
        Some(self.decoded.get_or_init(|| {
            let mut numbers = Vec::with_capacity(entries as usize);
            self.decode(&(0..entries).collect::<Vec<_>>(), |_, number| numbers.push(number));
            DecodedColumn::new(numbers)
        }))
    }

    fn decode(&self, docs: &[DocId], mut visit: impl FnMut(DocId, u32)) {
        let mut values = vec![None; docs.len()];
        self.column.first_vals(docs, &mut values);
        for (&doc, value) in docs.iter().zip(values) {
            visit(doc, value.map_or(0, |value| value as u32));
        }
    }
}

/// The numbers of all entries. If most are small, each takes a byte, so that more of them fit into the cache.
enum DecodedColumn {
    /// Bytes by entry. [`DecodedColumn::LARGE`] marks a number that is in the map.
    Small(Vec<u8>, BTreeMap<DocId, u32>),
    Large(Vec<u32>),
}

impl DecodedColumn {
    const LARGE: u8 = u8::MAX;
    /// Least number of entries for each large number.
    const MIN_ENTRIES_PER_LARGE: usize = 32;

    fn new(all: Vec<u32>) -> Self {
        let is_large = |number: u32| number >= u32::from(Self::LARGE);
        let large = all.iter().filter(|&&number| is_large(number)).count();
        if large > all.len() / Self::MIN_ENTRIES_PER_LARGE {
            return Self::Large(all);
        }
        let small = all.iter().map(|&number| u8::try_from(number).unwrap_or(Self::LARGE));
        let large = (0..).zip(&all).filter(|&(_, &number)| is_large(number));
        Self::Small(small.collect(), large.map(|(doc, &number)| (doc, number)).collect())
    }

    /// Returns the number of an entry, 0 if there is no such entry.
    fn get(&self, doc: DocId) -> u32 {
        let index = doc as usize;
        let number = match self {
            Self::Small(all, large) => all.get(index).map(|&small| match small {
                Self::LARGE => large.get(&doc).copied().unwrap_or_default(),
                small => u32::from(small),
            }),
            Self::Large(all) => all.get(index).copied(),
        };
        number.unwrap_or_default()
    }
}

/// The ids of the documents of a segment, by document number.
///
/// A look-up decodes a whole block of the dictionary. Once there have been as many look-ups as there can be blocks, all
/// ids are decoded.
struct DocumentIds {
    column: StrColumn,
    lookups: AtomicUsize,
    decoded: OnceLock<Vec<Box<str>>>,
}

impl DocumentIds {
    /// Least number of ids in a block.
    const MIN_BLOCK: usize = 64;

    fn new(column: StrColumn) -> Self {
        Self { column, lookups: AtomicUsize::new(0), decoded: OnceLock::new() }
    }

    fn id(&self, document: u64) -> std::io::Result<String> {
        let before = self.lookups.fetch_add(1, Ordering::Relaxed);
        if self.decoded.get().is_none() && before > self.column.num_terms() / Self::MIN_BLOCK {
            let mut ids = Vec::with_capacity(self.column.num_terms());
            let mut stream = self.column.dictionary().stream()?;
            while stream.advance() {
                ids.push(String::from_utf8_lossy(stream.key()).into());
            }
            self.decoded.get_or_init(|| ids);
        }
        if let Some(id) = self.decoded.get().and_then(|ids| ids.get(document as usize)) {
            return Ok(id.to_string());
        }
        let mut id = String::new();
        self.column.ord_to_str(document, &mut id)?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_column_equals_source() {
        let few_large = (0..300).map(|n| if n % 100 == 0 { n * n } else { n % 255 });
        for all in
            [vec![], vec![254, 255, 256], few_large.collect::<Vec<u32>>(), (0..900).collect()]
        {
            let decoded = DecodedColumn::new(all.clone());
            let numbers: Vec<u32> = (0..all.len() as DocId).map(|doc| decoded.get(doc)).collect();
            assert_eq!(numbers, all);
            assert_eq!(decoded.get(all.len() as DocId), 0);
        }
        assert!(matches!(DecodedColumn::new(vec![1; 64]), DecodedColumn::Small(..)));
        assert!(matches!(DecodedColumn::new(vec![256; 64]), DecodedColumn::Large(_)));
    }
}
