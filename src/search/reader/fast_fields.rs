//! A segment → its columns, opened once for all queries of a snapshot.

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
    term_cache::Known,
};
use crate::{
    error::Result,
    index::{DATE, DOCUMENT, LENGTH, ORDINAL, PASSAGES},
};

/// What is known of every entry of one segment.
pub(in crate::search) struct FastFields {
    /// How many positions a passage has.
    pub(in crate::search) lengths: U32Column,
    /// The place of a passage in its document.
    pub(in crate::search) ordinals: U32Column,
    /// The number of a document among those of the segment, in the order of their ids.
    pub(in crate::search) documents: U32Column,
    /// The days of passages; a segment without any date has no such column.
    pub(in crate::search) dates: Option<Column<u64>>,
    /// How many passages a document has; only its record says it.
    pub(in crate::search) counts: Column<u64>,
    ids: Option<Ids>,
    passages: OnceLock<BitSet>,
    records: OnceLock<BitSet>,
    /// What was looked up in its dictionaries.
    pub(in crate::search) known: Known,
    /// Whether passages of a document may be missing.
    partial: bool,
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
            counts: columns.u64(PASSAGES).map_err(engine_error)?,
            ids: ids.map(Ids::new),
            passages: OnceLock::new(),
            records: OnceLock::new(),
            known: Known::default(),
            partial: false,
        })
    }

    /// The columns of a part of an index.
    pub(in crate::search) fn open_part(reader: &SegmentReader) -> Result<Self> {
        Ok(Self { partial: true, ..Self::open(reader)? })
    }

    /// The live passages: entries with an ordinal.
    pub(in crate::search) fn passages(&self, reader: &SegmentReader) -> &BitSet {
        self.passages.get_or_init(|| {
            let mut bits = BitSet::new(reader.max_doc());
            let passages = reader.doc_ids_alive().filter(|&doc| self.ordinals.first(doc).is_some());
            passages.for_each(|doc| bits.insert(doc));
            bits
        })
    }

    /// The passages of the document whose record is that entry: they stand right before it.
    pub(in crate::search) fn passages_of(&self, record: DocId) -> Range<DocId> {
        if self.partial {
            let document = self.documents.first(record);
            let others = (0..record).rev().take_while(|&doc| self.documents.first(doc) == document);
            return others.last().unwrap_or(record)..record;
        }
        let last = record.checked_sub(1).and_then(|last| self.ordinals.first(last));
        record.saturating_sub(last.map_or(0, |last| last as DocId + 1))..record
    }

    /// The record of the document that a passage is of: the next record after it. In a part of an index it may
    /// be missing, and another one come next.
    pub(in crate::search) fn record_of(&self, passage: DocId) -> Option<DocId> {
        match &self.counts.index {
            ColumnIndex::Optional(records) => records.next_non_null_doc(passage),
            _ => None,
        }
    }

    /// How many documents the passages are of: those of one stand together, its record after them.
    pub(in crate::search) fn distinct(&self, passages: &BitSet) -> u64 {
        let records = self.records.get_or_init(|| {
            let mut records = passages.none();
            if let ColumnIndex::Optional(index) = &self.counts.index {
                records.extend(index.iter_non_null_docs());
            }
            records
        });
        passages.stretches(records)
    }

    /// The id of the document of that number.
    pub(in crate::search) fn id(&self, document: u64) -> Result<String> {
        self.ids.as_ref().map_or(Ok(String::new()), |ids| ids.id(document)).map_err(read_error)
    }

    /// The number of the first document with this id or one after it, and whether it is this one; none
    /// where there is none.
    pub(in crate::search) fn number(&self, id: &str) -> Result<Option<(u64, bool)>> {
        let Some(ids) = &self.ids else { return Ok(None) };
        let range = ids.column.dictionary().range().ge(id.as_bytes());
        let mut stream = range.into_stream().map_err(read_error)?;
        Ok(stream.advance().then(|| (stream.term_ord(), stream.key() == id.as_bytes())))
    }
}

/// A column of numbers below 2³², one or none for each entry.
///
/// One number is unpacked where it lies. After so many look-ups as there are entries it has paid to unpack
/// them all: a single query on a large index never does, a service soon does.
pub(in crate::search) struct U32Column {
    column: Column<u64>,
    looked_up: AtomicUsize,
    unpacked: OnceLock<Unpacked>,
}

impl U32Column {
    pub(in crate::search) fn new(column: Column<u64>) -> Self {
        Self { column, looked_up: AtomicUsize::new(0), unpacked: OnceLock::new() }
    }

    /// The number of one entry.
    pub(in crate::search) fn first(&self, doc: DocId) -> Option<u64> {
        self.column.first(doc)
    }

    /// The numbers of some entries, 0 where one has none.
    pub(in crate::search) fn of(&self, docs: &[DocId]) -> Vec<u32> {
        let mut found = Vec::with_capacity(docs.len());
        self.each(docs, |_, number| found.push(number));
        found
    }

    /// Hands on the number of each entry, 0 where it has none.
    pub(in crate::search) fn each(&self, docs: &[DocId], mut done: impl FnMut(DocId, u32)) {
        match self.all(docs.len()) {
            Some(all) => docs.iter().for_each(|&doc| done(doc, all.at(doc))),
            None => self.unpack(docs, done),
        }
    }

    /// The numbers of all entries, if it pays to look up so many there.
    fn all(&self, wanted: usize) -> Option<&Unpacked> {
        if let Some(all) = self.unpacked.get() {
            return Some(all);
        }
        let entries = self.column.num_docs();
        let before = self.looked_up.fetch_add(wanted, Ordering::Relaxed);
        (before + wanted >= entries as usize).then(|| {
            self.unpacked.get_or_init(|| {
                let mut all = Vec::with_capacity(entries as usize);
                self.unpack(&(0..entries).collect::<Vec<_>>(), |_, number| all.push(number));
                Unpacked::new(all)
            })
        })
    }

    fn unpack(&self, docs: &[DocId], mut done: impl FnMut(DocId, u32)) {
        let mut values = vec![None; docs.len()];
        self.column.first_vals(docs, &mut values);
        for (&doc, value) in docs.iter().zip(values) {
            done(doc, value.map_or(0, |value| value as u32));
        }
    }
}

/// The numbers of all entries. Where most are small they take a byte each: what is looked up here and there
/// is then in the cache more often.
enum Unpacked {
    /// [`Unpacked::LARGE`] for those that are in the map.
    Small(Vec<u8>, BTreeMap<DocId, u32>),
    Large(Vec<u32>),
}

impl Unpacked {
    const LARGE: u8 = u8::MAX;
    /// One in so many may be large.
    const RARE: usize = 32;

    fn new(all: Vec<u32>) -> Self {
        let is_large = |number: u32| number >= u32::from(Self::LARGE);
        let large = all.iter().filter(|&&number| is_large(number)).count();
        if large > all.len() / Self::RARE {
            return Self::Large(all);
        }
        let small = all.iter().map(|&number| u8::try_from(number).unwrap_or(Self::LARGE));
        let large = (0..).zip(&all).filter(|&(_, &number)| is_large(number));
        Self::Small(small.collect(), large.map(|(doc, &number)| (doc, number)).collect())
    }

    fn at(&self, doc: DocId) -> u32 {
        let at = doc as usize;
        let number = match self {
            Self::Small(all, large) => all.get(at).map(|&small| match small {
                Self::LARGE => large.get(&doc).copied().unwrap_or_default(),
                small => u32::from(small),
            }),
            Self::Large(all) => all.get(at).copied(),
        };
        number.unwrap_or_default()
    }
}

/// The ids of the documents of a segment, by their numbers.
///
/// A look-up unpacks a whole block of the dictionary; after so many as there may be blocks it has paid to
/// unpack them all.
struct Ids {
    column: StrColumn,
    looked_up: AtomicUsize,
    unpacked: OnceLock<Vec<Box<str>>>,
}

impl Ids {
    /// A block has more ids than that.
    const IN_BLOCK: usize = 64;

    fn new(column: StrColumn) -> Self {
        Self { column, looked_up: AtomicUsize::new(0), unpacked: OnceLock::new() }
    }

    fn id(&self, document: u64) -> std::io::Result<String> {
        let before = self.looked_up.fetch_add(1, Ordering::Relaxed);
        if self.unpacked.get().is_none() && before > self.column.num_terms() / Self::IN_BLOCK {
            let mut all = Vec::with_capacity(self.column.num_terms());
            let mut stream = self.column.dictionary().stream()?;
            while stream.advance() {
                all.push(String::from_utf8_lossy(stream.key()).into());
            }
            self.unpacked.get_or_init(|| all);
        }
        if let Some(id) = self.unpacked.get().and_then(|all| all.get(document as usize)) {
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
    fn numbers_are_what_they_were_however_they_are_kept() {
        let few_large = (0..300).map(|n| if n % 100 == 0 { n * n } else { n % 255 });
        for all in
            [vec![], vec![254, 255, 256], few_large.collect::<Vec<u32>>(), (0..900).collect()]
        {
            let unpacked = Unpacked::new(all.clone());
            let found: Vec<u32> = (0..all.len() as DocId).map(|doc| unpacked.at(doc)).collect();
            assert_eq!(found, all);
            assert_eq!(unpacked.at(all.len() as DocId), 0);
        }
        assert!(matches!(Unpacked::new(vec![1; 64]), Unpacked::Small(..)));
        assert!(matches!(Unpacked::new(vec![256; 64]), Unpacked::Large(_)));
    }
}
