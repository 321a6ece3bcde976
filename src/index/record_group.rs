//! Stores the records of entries. Several records of one document form a compressed group.
//!
//! [`RecordGroupBuilder`] turns the JSON records of the entries of one document into the stored value of each entry.
//! [`GroupReader`] reads the records again. A group of about 8 KiB compresses almost as well as a large block, and the
//! record of a hit takes a few microseconds to read. The stored value of an entry has one of three forms:
//!
//! - the JSON record itself, which begins with `{`;
//! - a group: the byte [`GROUP_FIRST_BYTE`], the number of bytes of the records as a little-endian `u32`, and the
//!   records, one a line, compressed by Zstandard. The first record belongs to the entry itself, the others to the entries after it;
//! - one byte, for an entry after the first entry of a group: the index of its record in the group.
//!
//! The entries of a document are adjacent in a segment, in the order in which they were added. So if the entry with the
//! number n stores the index i, the entry with the number n − i stores the group.

use std::cell::RefCell;

use tantivy::{DocId, TantivyDocument};
use zstd::bulk::{Compressor, Decompressor};

use super::{schema::Fields, storage::wrap_engine_error};
use crate::error::{Error, Result};

/// First byte of a stored value that is a group. JSON never begins with this byte.
const GROUP_FIRST_BYTE: u8 = b'Z';
/// Code with which the document store of tantivy marks a value that consists of bytes.
const TANTIVY_BYTES_TYPE_CODE: u8 = 4;
/// Number of bytes before the compressed records of a group: one for [`GROUP_FIRST_BYTE`], and four for the length of
/// the decompressed records.
const GROUP_HEADER_BYTES: usize = 5;
/// Number of bytes of JSON at which a group is complete.
const COMPLETE_GROUP_JSON_BYTES: usize = 8 * 1024;
/// Maximum number of records in a group, so that the number of a record in its group fits in one byte.
const MAX_GROUP_RECORDS: usize = 256;
/// Minimum length in bytes of a single JSON record that is compressed. A shorter record is stored as it is.
const MIN_RECORD_BYTES_TO_COMPRESS: usize = 128;
/// Maximum number of bytes of JSON that a stored group may state. The reader rejects a group with a greater number as
/// damaged.
const MAX_DECOMPRESSED_GROUP_BYTES: usize = 1 << 30;
/// Compression level of Zstandard.
const COMPRESSION_LEVEL: i32 = 3;

thread_local! {
    /// Compression context of this thread. A context takes much memory, so each thread reuses its context.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    /// Decompression context of this thread. The thread reuses this context for every group.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Collects the entries of one document, and gives each entry its stored value.
pub(super) struct RecordGroupBuilder {
    fields: Fields,
    /// The entries of complete groups.
    complete_entries: Vec<TantivyDocument>,
    /// The entries of the current group.
    current_entries: Vec<TantivyDocument>,
    /// The records of the entries of the current group, one a line.
    current_records: String,
}

impl RecordGroupBuilder {
    pub(super) const fn new(fields: Fields) -> Self {
        Self {
            fields,
            complete_entries: Vec::new(),
            current_entries: Vec::new(),
            current_records: String::new(),
        }
    }

    /// Adds the next entry of the document. `record` is its JSON record, without line breaks.
    pub(super) fn push(&mut self, entry: TantivyDocument, record: &str) -> Result<()> {
        if !self.current_entries.is_empty() {
            self.current_records.push('\n');
        }
        self.current_records.push_str(record);
        self.current_entries.push(entry);
        if self.current_records.len() >= COMPLETE_GROUP_JSON_BYTES
            || self.current_entries.len() >= MAX_GROUP_RECORDS
        {
            self.complete_group()?;
        }
        Ok(())
    }

    /// Returns the entries in the order in which they were added, each with its stored value.
    pub(super) fn finish(mut self) -> Result<Vec<TantivyDocument>> {
        self.complete_group()?;
        Ok(self.complete_entries)
    }

    /// Completes the current group: gives its entries their stored values. Does nothing if the group is empty.
    fn complete_group(&mut self) -> Result<()> {
        let mut entries = self.current_entries.drain(..);
        if let Some(mut first) = entries.next() {
            first.add_bytes(self.fields.stored_record, &encode_group(&self.current_records)?);
            self.complete_entries.push(first);
        }
        for (mut entry, index) in entries.zip(1..=u8::MAX) {
            entry.add_bytes(self.fields.stored_record, &[index]);
            self.complete_entries.push(entry);
        }
        self.current_records.clear();
        Ok(())
    }
}

/// Returns the stored value of a group of records. `records` has one record per line.
pub(super) fn encode_group(records: &str) -> Result<Vec<u8>> {
    let is_single = !records.contains('\n');
    if is_single && records.len() < MIN_RECORD_BYTES_TO_COMPRESS {
        return Ok(records.as_bytes().to_vec());
    }
    let length = u32::try_from(records.len()).map_err(wrap_engine_error)?;
    let compressed = COMPRESSOR.with_borrow_mut(|context| {
        let compressor = match context {
            Some(compressor) => compressor,
            None => context.insert(Compressor::new(COMPRESSION_LEVEL)?),
        };
        compressor.compress(records.as_bytes())
    });
    let compressed = compressed.map_err(wrap_engine_error)?;
    Ok([&[GROUP_FIRST_BYTE][..], &length.to_le_bytes(), &compressed].concat())
}

/// Reads the records of the entries of one segment. Keeps the group that was read last, because callers often read the
/// entries of a document in order.
#[derive(Default)]
pub(super) struct GroupReader {
    /// Document number of the first entry of the group that was read last; the group is stored with this entry. `None`
    /// if no group has been read.
    first_entry: Option<DocId>,
    /// The records of the group that was read last, one a line.
    records: Vec<u8>,
}

impl GroupReader {
    /// Returns the JSON record of the entry `doc`. `read_stored_value` returns the stored value of an entry of the
    /// segment.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if a stored value is damaged, and errors of `read_stored_value`.
    pub(super) fn record(
        &mut self,
        doc: DocId,
        read_stored_value: impl Fn(DocId) -> Result<Vec<u8>>,
    ) -> Result<&str> {
        let own_value = read_stored_value(doc)?;
        let index = match own_value[..] {
            [index] => index,
            _ => 0,
        };
        let first_entry = doc.checked_sub(u32::from(index)).ok_or_else(damaged_group_error)?;
        if self.first_entry != Some(first_entry) {
            let group = if index == 0 { own_value } else { read_stored_value(first_entry)? };
            self.first_entry = None;
            self.records = decode_group(group)?;
            self.first_entry = Some(first_entry);
        }
        let record = nth_line(&self.records, usize::from(index)).ok_or_else(damaged_group_error)?;
        std::str::from_utf8(record).map_err(wrap_engine_error)
    }
}

/// Returns the stored value of an entry, given the entry as the document store of tantivy encodes it: the number of
/// stored fields, then for each field its number, its type and its value. Copies the value in one step; tantivy's own
/// reader copies it byte by byte.
///
/// # Errors
///
/// [`Error::Engine`] if the entry does not begin with a stored value of bytes.
pub(super) fn stored_value(entry: &[u8], fields: Fields) -> Result<Vec<u8>> {
    let value = || {
        let (field_count, entry) = read_var_int(entry)?;
        let (field, entry) = entry.split_first_chunk::<4>()?;
        let is_record = u32::from_le_bytes(*field) == fields.stored_record.field_id();
        let (&value_type, entry) = entry.split_first()?;
        let (length, value) = read_var_int(entry)?;
        (field_count > 0 && is_record && value_type == TANTIVY_BYTES_TYPE_CODE)
            .then(|| value.get(..usize::try_from(length).ok()?))
            .flatten()
    };
    value().map(<[u8]>::to_vec).ok_or_else(damaged_group_error)
}

/// Reads an integer of variable length, as tantivy encodes it: seven bits a byte, the lowest first, and the highest bit
/// set in the last byte. Returns the integer and the bytes after it. `None` if the integer does not end or has more
/// than nine bytes.
fn read_var_int(bytes: &[u8]) -> Option<(u64, &[u8])> {
    const MAX_VAR_INT_BYTES: usize = 9;
    let last = bytes.iter().take(MAX_VAR_INT_BYTES).position(|byte| byte & 0x80 != 0)?;
    let (encoded, rest) = bytes.split_at_checked(last + 1)?;
    let value = encoded.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7F));
    Some((value, rest))
}

/// Returns the line with the number `index`, counted from 0, without its line break. `None` if there are fewer lines.
fn nth_line(lines: &[u8], index: usize) -> Option<&[u8]> {
    let mut breaks = memchr::memchr_iter(b'\n', lines);
    let start = match index.checked_sub(1) {
        None => 0,
        Some(previous) => breaks.nth(previous)? + 1,
    };
    lines.get(start..breaks.next().unwrap_or(lines.len()))
}

/// Returns the records of a group, one a line.
fn decode_group(stored_value: Vec<u8>) -> Result<Vec<u8>> {
    match &stored_value[..] {
        [GROUP_FIRST_BYTE, l0, l1, l2, l3, ..] => {
            let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
            let compressed = stored_value.get(GROUP_HEADER_BYTES..).unwrap_or_default();
            if length > MAX_DECOMPRESSED_GROUP_BYTES {
                return Err(damaged_group_error());
            }
            DECOMPRESSOR
                .with_borrow_mut(|context| {
                    let decompressor = match context {
                        Some(decompressor) => decompressor,
                        None => context.insert(Decompressor::new()?),
                    };
                    decompressor.decompress(compressed, length)
                })
                .map_err(wrap_engine_error)
        }
        _ => Ok(stored_value),
    }
}

fn damaged_group_error() -> Error {
    Error::Engine("a stored group of records is damaged".into())
}

/// Returns the stored value of an entry that is not in an index yet.
#[cfg(test)]
pub(super) fn stored_value_of_new_entry(entry: &TantivyDocument, fields: Fields) -> Vec<u8> {
    use tantivy::schema::Value as _;
    let value = entry.get_first(fields.stored_record);
    value.and_then(|value| value.as_bytes().map(<[u8]>::to_vec)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema;
    use proptest::{collection::vec, prelude::*};

    /// Returns the stored values of entries with these records.
    fn stored_values(records: &[String]) -> Vec<Vec<u8>> {
        let (_, fields) = schema::schema();
        let mut groups = RecordGroupBuilder::new(fields);
        for record in records {
            groups.push(TantivyDocument::new(), record).unwrap();
        }
        groups
            .finish()
            .unwrap()
            .iter()
            .map(|entry| stored_value_of_new_entry(entry, fields))
            .collect()
    }

    /// Returns the record of the entry `doc`, given the stored values of all entries.
    fn read_record(reader: &mut GroupReader, values: &[Vec<u8>], doc: usize) -> Result<String> {
        let record = reader
            .record(doc as DocId, |doc| Ok(values.get(doc as usize).cloned().unwrap_or_default()));
        record.map(str::to_owned)
    }

    proptest! {
        #[test]
        fn every_record_is_read_in_any_order(
            records in vec("\\{[a-z 广州]{0,60}\\}", 1..400), long in 0..4_usize, order in vec(0..400_usize, 20),
        ) {
            let mut records = records;
            if let Some(record) = records.get_mut(long) {
                *record = format!("{{{}}}", "flying car ".repeat(2000));
            }
            let values = stored_values(&records);
            let mut reader = GroupReader::default();
            for doc in (0..records.len()).chain(order.into_iter().filter(|doc| *doc < records.len())) {
                prop_assert_eq!(&read_record(&mut reader, &values, doc).unwrap(), &records[doc]);
            }
        }
    }

    #[test]
    fn many_short_records_need_several_groups() {
        let records: Vec<String> = (0..600).map(|number| format!("{{{number}}}")).collect();
        let values = stored_values(&records);
        let groups = values.iter().filter(|value| value.len() > 1).count();
        assert_eq!(groups, 3);
        let mut reader = GroupReader::default();
        assert_eq!(read_record(&mut reader, &values, 599).unwrap(), "{599}");
    }

    #[test]
    fn stored_values_are_read_from_the_bytes_of_an_entry() {
        let (_, fields) = schema::schema();
        let field = fields.stored_record.field_id().to_le_bytes();
        let value = vec![7_u8; 300];
        // The length 300 in groups of seven bits: 44, then 2 in the last byte.
        let entry = [&[0x81], &field[..], &[TANTIVY_BYTES_TYPE_CODE, 44, 0x82], &value].concat();
        assert_eq!(stored_value(&entry, fields).unwrap(), value);
        for end in 0..entry.len() {
            assert!(stored_value(&entry[..end], fields).is_err(), "{end}");
        }
        for (index, byte) in [(0, 0x80), (1, 0xFF), (5, 0)] {
            let mut damaged = entry.clone();
            damaged[index] = byte;
            assert!(stored_value(&damaged, fields).is_err(), "{index}");
        }
    }

    #[test]
    fn damaged_groups_are_errors() {
        for values in [
            vec![vec![3]],
            vec![b"{}".to_vec(), vec![1]],
            vec![vec![GROUP_FIRST_BYTE, 255, 255, 255, 255, 0]],
            vec![vec![GROUP_FIRST_BYTE, 9, 0, 0, 0, 1, 2, 3]],
            vec![vec![0xFF, 0xFE]],
        ] {
            let last = values.len() - 1;
            assert!(read_record(&mut GroupReader::default(), &values, last).is_err(), "{values:?}");
        }
    }

    #[test]
    fn an_uncompressed_stored_value_is_the_record_itself() {
        let values = [b"{}".to_vec()];
        assert_eq!(read_record(&mut GroupReader::default(), &values, 0).unwrap(), "{}");
    }
}
