//! Fast fields of one segment: one value for each entry, opened once for all queries of a snapshot.

use std::{
    collections::{BTreeMap, HashMap},
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
    index::{
        DATE_FIELD, DOCUMENT_FIELD, LENGTH_FIELD, ORDINAL_FIELD, PASSAGE_COUNT_FIELD,
        POSITION_COUNT_FIELD, TEXT_START_FIELD,
    },
};

/// Document records of a segment by the key of the official number of their documents, such as 国发〔2021〕23号.
pub(in crate::search) type RecordsByNumber = HashMap<String, Vec<DocId>>;

/// Fast fields of one segment. The entries of a segment are passages and document records. The record of a document
/// follows the passages of the document.
pub(in crate::search) struct FastFields {
    /// Length of each passage in token positions.
    pub(in crate::search) passage_lengths: U32Column,
    /// Position of the first token of the text of each passage: 0 unless a title or headings are indexed before it.
    pub(in crate::search) text_starts: U32Column,
    /// Position of each passage in its document, from 0.
    pub(in crate::search) ordinals: U32Column,
    /// Number of the document to which each entry belongs. The documents of a segment are numbered from 0, in the
    /// order of their ids.
    pub(in crate::search) document_numbers: U32Column,
    /// Publication date of each passage as a Julian day. `None` if no passage of the segment has a date.
    pub(in crate::search) dates: Option<Column<u64>>,
    /// Number of token positions in all passages of each document. Only document records have a value.
    pub(in crate::search) document_lengths: U32Column,
    /// Number of passages of each document. Only document records have a value.
    pub(in crate::search) passage_counts: Column<u64>,
    document_ids: Option<DocumentIds>,
    live_passages: OnceLock<BitSet>,
    document_records: OnceLock<BitSet>,
    /// Passages with a title or headings that are indexed before their text.
    passages_with_indexed_headings: OnceLock<BitSet>,
    /// Number of live documents, and the sum of their lengths in token positions.
    live_document_count_and_total_length: OnceLock<(u64, u64)>,
    /// Document records by the official numbers of their documents. Set at the first search for such a number.
    pub(in crate::search) records_by_number: OnceLock<RecordsByNumber>,
    pub(in crate::search) term_cache: TermCache,
    /// Whether the segment may lack passages or records of its documents.
    is_partial: bool,
}

impl FastFields {
    pub(in crate::search) fn open(reader: &SegmentReader) -> Result<Self> {
        let columns = reader.fast_fields();
        let ids = columns.str(DOCUMENT_FIELD).map_err(engine_error)?;
        Ok(Self {
            passage_lengths: U32Column::new(columns.u64(LENGTH_FIELD).map_err(engine_error)?),
            text_starts: U32Column::new(columns.u64(TEXT_START_FIELD).map_err(engine_error)?),
            ordinals: U32Column::new(columns.u64(ORDINAL_FIELD).map_err(engine_error)?),
            document_numbers: U32Column::new(match &ids {
                Some(ids) => ids.ords().clone(),
                None => Column::build_empty_column(reader.max_doc()),
            }),
            dates: columns.u64_lenient(DATE_FIELD).map_err(engine_error)?.map(|(dates, _)| dates),
            document_lengths: U32Column::new(
                columns.u64(POSITION_COUNT_FIELD).map_err(engine_error)?,
            ),
            passage_counts: columns.u64(PASSAGE_COUNT_FIELD).map_err(engine_error)?,
            document_ids: ids.map(DocumentIds::new),
            live_passages: OnceLock::new(),
            document_records: OnceLock::new(),
            passages_with_indexed_headings: OnceLock::new(),
            live_document_count_and_total_length: OnceLock::new(),
            records_by_number: OnceLock::new(),
            term_cache: TermCache::default(),
            is_partial: false,
        })
    }

    /// Opens the fast fields of a segment that may hold only some entries of a document, such as passages fetched from
    /// a remote index without the record of their document.
    pub(in crate::search) fn open_partial(reader: &SegmentReader) -> Result<Self> {
        Ok(Self { is_partial: true, ..Self::open(reader)? })
    }

    /// Returns the live passages: entries that are not deleted and have an ordinal. Document records have no ordinal.
    pub(in crate::search) fn live_passages(&self, reader: &SegmentReader) -> &BitSet {
        self.live_passages.get_or_init(|| {
            let mut passages = BitSet::new(reader.max_doc());
            let is_passage = |doc: &DocId| self.ordinals.first(*doc).is_some();
            passages.extend(reader.doc_ids_alive().filter(is_passage));
            passages
        })
    }

    /// Returns the passages of a document, as a range of entries. `record` is the entry of the document record.
    pub(in crate::search) fn passages_of(&self, record: DocId) -> Range<DocId> {
        if self.is_partial {
            let document = self.document_numbers.first(record);
            let passages =
                (0..record).rev().take_while(|&doc| self.document_numbers.first(doc) == document);
            return passages.last().unwrap_or(record)..record;
        }
        let last_ordinal = record.checked_sub(1).and_then(|last| self.ordinals.first(last));
        record.saturating_sub(last_ordinal.map_or(0, |last| last as DocId + 1))..record
    }

    /// Returns the first document record after a passage. This is the record of the document of the passage, unless
    /// the index is partial and lacks this record.
    pub(in crate::search) fn record_of(&self, passage: DocId) -> Option<DocId> {
        self.document_records().first_number_from(passage)
    }

    /// Returns a sample of at most `max_count` document records, evenly spread over the segment.
    pub(in crate::search) fn sampled_records(&self, max_count: usize) -> Vec<DocId> {
        let records = self.document_records();
        let step = (records.len() as usize).div_ceil(max_count.max(1)).max(1);
        records.iter().step_by(step).collect()
    }

    /// Returns the number of live documents, and the sum of their lengths in token positions.
    pub(in crate::search) fn live_document_count_and_total_length(
        &self,
        reader: &SegmentReader,
    ) -> (u64, u64) {
        *self.live_document_count_and_total_length.get_or_init(|| {
            let ColumnIndex::Optional(records) = &self.passage_counts.index else { return (0, 0) };
            let records: Vec<DocId> =
                records.iter_non_null_docs().filter(|&doc| !reader.is_deleted(doc)).collect();
            let lengths = self.document_lengths.values_of_entries(&records);
            (records.len() as u64, lengths.into_iter().map(u64::from).sum())
        })
    }

    /// Returns whether passages or records of documents may be missing from the segment.
    pub(in crate::search) const fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// Returns the number of documents to which at least one of `passages` belongs.
    pub(in crate::search) fn count_documents(&self, passages: &BitSet) -> u64 {
        passages.count_groups_with_number(self.document_records())
    }

    /// Returns the document records, including deleted records.
    pub(in crate::search) fn document_records(&self) -> &BitSet {
        self.document_records.get_or_init(|| entries_with_value(&self.passage_counts))
    }

    /// Returns the passages with a title or headings that are indexed before their text, including deleted passages.
    pub(in crate::search) fn passages_with_indexed_headings(&self) -> &BitSet {
        self.passages_with_indexed_headings
            .get_or_init(|| entries_with_value(&self.text_starts.column))
    }

    /// Returns the id of the document that has the number `document_number` in this segment.
    pub(in crate::search) fn document_id(&self, document_number: u64) -> Result<String> {
        self.document_ids
            .as_ref()
            .map_or(Ok(String::new()), |ids| ids.id_of_document(document_number))
            .map_err(read_error)
    }

    /// Returns the number of the first document whose id is equal to `id` or sorts after `id`. Also returns whether the
    /// two ids are equal. `None` if all ids sort before `id`.
    pub(in crate::search) fn document_number(&self, id: &str) -> Result<Option<(u64, bool)>> {
        let Some(ids) = &self.document_ids else { return Ok(None) };
        let range = ids.column.dictionary().range().ge(id.as_bytes());
        let mut stream = range.into_stream().map_err(read_error)?;
        if !stream.advance() {
            return Ok(None);
        }
        Ok(Some((stream.term_ord(), stream.key() == id.as_bytes())))
    }
}

/// Returns the entries with a value in a fast field, at most one for each entry.
fn entries_with_value(column: &Column<u64>) -> BitSet {
    let mut entries = BitSet::new(column.num_docs());
    match &column.index {
        ColumnIndex::Optional(index) => entries.extend(index.iter_non_null_docs()),
        ColumnIndex::Full => entries.insert_range(0..column.num_docs()),
        ColumnIndex::Empty { .. } | ColumnIndex::Multivalued(_) => {}
    }
    entries
}

/// Fast field of values below 2³², with at most one value for each entry.
///
/// The first reads decode single values. Once there is a read for every
/// [`ENTRIES_DECODED_IN_TIME_OF_ONE_LOOKUP`](Self::ENTRIES_DECODED_IN_TIME_OF_ONE_LOOKUP) entries, the whole field is
/// decoded, because decoding the field at once would have been cheaper. So a single query on a large index seldom
/// decodes the whole field, but a service soon does.
pub(in crate::search) struct U32Column {
    column: Column<u64>,
    lookup_count: AtomicUsize,
    decoded_column: OnceLock<DecodedColumn>,
}

impl U32Column {
    /// Number of entries of the whole field that are decoded in the time of one single read.
    const ENTRIES_DECODED_IN_TIME_OF_ONE_LOOKUP: usize = 8;

    pub(in crate::search) fn new(column: Column<u64>) -> Self {
        Self { column, lookup_count: AtomicUsize::new(0), decoded_column: OnceLock::new() }
    }

    /// Returns the value of an entry. `None` if the entry has no value.
    pub(in crate::search) fn first(&self, doc: DocId) -> Option<u64> {
        let decoded_value = self.decoded_column.get().map_or(0, |decoded| decoded.value(doc));
        // A decoded value of 0 may stand for no value.
        if decoded_value > 0 { Some(decoded_value.into()) } else { self.column.first(doc) }
    }

    /// Returns the value of each of the entries `docs`, with 0 for an entry without a value.
    pub(in crate::search) fn values_of_entries(&self, docs: &[DocId]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(docs.len());
        self.for_each(docs, |_, number| numbers.push(number));
        numbers
    }

    /// Calls `visit` with each of the entries `docs` and its value, or 0 if the entry has no value.
    pub(in crate::search) fn for_each(&self, docs: &[DocId], mut visit: impl FnMut(DocId, u32)) {
        match self.decode_after_enough_reads(docs.len()) {
            Some(DecodedColumn::Small(bytes, large_numbers)) => docs.iter().for_each(|&doc| {
                visit(doc, DecodedColumn::value_in_small_encoding(bytes, large_numbers, doc));
            }),
            Some(DecodedColumn::Large(numbers)) => docs.iter().for_each(|&doc| {
                visit(doc, numbers.get(doc as usize).copied().unwrap_or_default());
            }),
            None => self.for_each_undecoded(docs, visit),
        }
    }

    /// Returns the decoded fast field. `None` if the field is not decoded yet. Counts `lookups` further reads, and
    /// decodes the field after enough reads.
    fn decode_after_enough_reads(&self, lookups: usize) -> Option<&DecodedColumn> {
        if let Some(decoded) = self.decoded_column.get() {
            return Some(decoded);
        }
        let entry_count = self.column.num_docs();
        let previous_lookups = self.lookup_count.fetch_add(lookups, Ordering::Relaxed);
        if (previous_lookups + lookups) * Self::ENTRIES_DECODED_IN_TIME_OF_ONE_LOOKUP
            < entry_count as usize
        {
            return None;
        }
        Some(self.decoded_column.get_or_init(|| {
            let mut numbers = Vec::with_capacity(entry_count as usize);
            self.for_each_undecoded(&(0..entry_count).collect::<Vec<_>>(), |_, number| {
                numbers.push(number);
            });
            DecodedColumn::new(numbers)
        }))
    }

    /// Calls `visit` with each of the entries `docs` and its value, or 0. Decodes only these values.
    fn for_each_undecoded(&self, docs: &[DocId], mut visit: impl FnMut(DocId, u32)) {
        let mut values = vec![None; docs.len()];
        self.column.first_vals(docs, &mut values);
        for (&doc, value) in docs.iter().zip(values) {
            visit(doc, value.map_or(0, |value| value as u32));
        }
    }
}

/// Decoded values of all entries. If most values are below 255, each value takes one byte, so that more values fit into
/// the processor cache.
enum DecodedColumn {
    /// One byte for each entry. The byte [`DecodedColumn::LARGE_VALUE_MARKER`] means that the map contains the value.
    Small(Vec<u8>, BTreeMap<DocId, u32>),
    /// Four bytes for each entry.
    Large(Vec<u32>),
}

impl DecodedColumn {
    /// Byte that represents any value of 255 or more.
    const LARGE_VALUE_MARKER: u8 = u8::MAX;
    /// Minimum ratio of the number of entries to the number of values of 255 or more in the encoding
    /// [`DecodedColumn::Small`]. At a lower ratio, the encoding is [`DecodedColumn::Large`].
    const MIN_ENTRIES_PER_LARGE_VALUE: usize = 32;

    fn new(numbers: Vec<u32>) -> Self {
        let is_large = |number: u32| number >= u32::from(Self::LARGE_VALUE_MARKER);
        let large_count = numbers.iter().filter(|&&number| is_large(number)).count();
        if large_count > numbers.len() / Self::MIN_ENTRIES_PER_LARGE_VALUE {
            return Self::Large(numbers);
        }
        let bytes =
            numbers.iter().map(|&number| u8::try_from(number).unwrap_or(Self::LARGE_VALUE_MARKER));
        let large_numbers = (0..).zip(&numbers).filter(|&(_, &number)| is_large(number));
        Self::Small(bytes.collect(), large_numbers.map(|(doc, &number)| (doc, number)).collect())
    }

    /// Returns the value of an entry. Returns 0 if the entry has no value or does not exist.
    fn value(&self, doc: DocId) -> u32 {
        match self {
            Self::Small(bytes, large_numbers) => {
                Self::value_in_small_encoding(bytes, large_numbers, doc)
            }
            Self::Large(numbers) => numbers.get(doc as usize).copied().unwrap_or_default(),
        }
    }

    /// Returns the value of an entry in the encoding [`DecodedColumn::Small`]. Returns 0 if the entry has no value or
    /// does not exist.
    #[inline]
    fn value_in_small_encoding(
        bytes: &[u8],
        large_numbers: &BTreeMap<DocId, u32>,
        doc: DocId,
    ) -> u32 {
        match bytes.get(doc as usize) {
            Some(&Self::LARGE_VALUE_MARKER) => large_numbers.get(&doc).copied().unwrap_or_default(),
            Some(&byte) => u32::from(byte),
            None => 0,
        }
    }
}

/// Ids of the documents of a segment, by document number.
///
/// Reading one id decodes a whole block of the dictionary. After more reads than there can be blocks in the
/// dictionary, all ids are decoded at once.
struct DocumentIds {
    column: StrColumn,
    lookup_count: AtomicUsize,
    decoded_ids: OnceLock<Vec<Box<str>>>,
}

impl DocumentIds {
    /// Minimum number of ids in a block of the dictionary.
    const MIN_IDS_PER_DICTIONARY_BLOCK: usize = 64;

    fn new(column: StrColumn) -> Self {
        Self { column, lookup_count: AtomicUsize::new(0), decoded_ids: OnceLock::new() }
    }

    /// Returns the id of the document with the number `document_number`.
    fn id_of_document(&self, document_number: u64) -> std::io::Result<String> {
        let previous_lookups = self.lookup_count.fetch_add(1, Ordering::Relaxed);
        if self.decoded_ids.get().is_none()
            && previous_lookups > self.column.num_terms() / Self::MIN_IDS_PER_DICTIONARY_BLOCK
        {
            let mut ids = Vec::with_capacity(self.column.num_terms());
            let mut stream = self.column.dictionary().stream()?;
            while stream.advance() {
                ids.push(String::from_utf8_lossy(stream.key()).into());
            }
            self.decoded_ids.get_or_init(|| ids);
        }
        if let Some(id) = self.decoded_ids.get().and_then(|ids| ids.get(document_number as usize)) {
            return Ok(id.to_string());
        }
        let mut id = String::new();
        self.column.ord_to_str(document_number, &mut id)?;
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tantivy::columnar::column_values::VecColumn;

    use super::*;

    #[test]
    fn a_decoded_column_has_the_values_of_the_fast_field() {
        let few_large_numbers = (0..300).map(|n| if n % 100 == 0 { n * n } else { n % 255 });
        for source_numbers in [
            vec![],
            vec![254, 255, 256],
            few_large_numbers.collect::<Vec<u32>>(),
            (0..900).collect(),
        ] {
            let values: Vec<u64> = source_numbers.iter().copied().map(u64::from).collect();
            let column = U32Column::new(Column {
                index: ColumnIndex::Full,
                values: Arc::new(VecColumn::from(values)),
            });
            let docs: Vec<DocId> = (0..source_numbers.len() as DocId).collect();
            assert_eq!(column.values_of_entries(&docs), source_numbers);
            assert!(column.decoded_column.get().is_some());
            assert_eq!(column.values_of_entries(&[source_numbers.len() as DocId]), [0]);
        }
        assert!(matches!(DecodedColumn::new(vec![1; 64]), DecodedColumn::Small(..)));
        assert!(matches!(DecodedColumn::new(vec![256; 64]), DecodedColumn::Large(_)));
    }
}
