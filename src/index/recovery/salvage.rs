//! Reads the intact documents and records from a damaged generation (one complete index on disk).
//!
//! Reads the document store files (`.store`) directly, so damage to the inverted index, the fast fields or the commit
//! file does not matter.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use tantivy::{
    HasLen, TantivyError,
    directory::{Directory as _, FileSlice},
    fastfield::AliveBitSet,
    store::StoreReader,
};

use crate::{
    error::{Error, Result, catch_panic},
    index::{
        record_group::{GroupReader, stored_value},
        schema::Fields,
        storage::{
            checksum::ChecksummedDirectory,
            meta_file::{Commit, META_FILE},
            wrap_engine_error,
        },
        stored::{DocumentRecord, PassageRecord, Source},
    },
};

/// Length in bytes of the last two numbers in each tantivy file: the length of the footer, and a magic number.
const FOOTER_LENGTH_AND_MAGIC_BYTES: usize = 8;
/// Number of decompressed blocks of the document store to cache.
const CACHED_BLOCK_COUNT: usize = 2;

/// Readable content of a damaged generation, except the intact documents, which [`read`](Self::read) passes to its
/// caller.
#[derive(Default)]
pub(super) struct Salvage {
    /// Readable records of source files.
    pub(super) sources: Vec<Source>,
    /// Paths of the source files of incomplete documents, by document id. An unknown path is empty.
    pub(super) incomplete_documents: BTreeMap<String, String>,
    /// Number of index entries that were read.
    pub(super) readable_entry_count: u64,
    /// Number of index entries that could not be read.
    pub(super) unreadable_entry_count: u64,
    /// Whether a delete bitset could not be read, so that deleted entries may reappear.
    pub(super) has_unreadable_delete_bitset: bool,
}

/// Segment to read: a segment of the last commit or, if the commit cannot be read, a segment in the folder.
struct StoredSegment {
    /// Id of the segment: 32 hexadecimal digits. The names of the files of the segment begin with this id.
    id: String,
    /// Number of entries, including deleted ones; `None` if the commit cannot be read.
    entry_count: Option<u32>,
    /// Name of the file with the delete bitset; `None` if no entry is deleted or the commit cannot be read.
    delete_bitset_name: Option<String>,
}

/// Record of an index entry: of a passage, a document or a source file.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyStoredRecord {
    Passage(PassageRecord),
    Document(Box<DocumentRecord>),
    Source(Source),
}

impl Salvage {
    /// Reads the generation in `folder`, and passes each intact document to `visit_document`.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the folder cannot be opened, and errors of `visit_document`.
    pub(super) fn read(
        folder: &Path,
        fields: Fields,
        mut visit_document: impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<Self> {
        let directory = ChecksummedDirectory::open(folder).map_err(|error| Error::Damaged {
            path: folder.to_owned(),
            detail: error.to_string(),
        })?;
        let mut salvage = Self::default();
        let meta_file = fs::read(folder.join(META_FILE)).ok();
        let commit = meta_file.and_then(|bytes| Commit::parse(&bytes));
        salvage.has_unreadable_delete_bitset = commit.is_none();
        let segments =
            commit.map_or_else(|| segments_in_folder(folder), |c| Ok(segments_of_commit(c)))?;
        for segment in &segments {
            salvage.read_segment(&directory, fields, segment, &mut visit_document)?;
        }
        Ok(salvage)
    }

    /// Reads the entries of one segment, adds their records to the salvage, and passes each intact document to
    /// `visit_document`.
    fn read_segment(
        &mut self,
        directory: &ChecksummedDirectory,
        fields: Fields,
        segment: &StoredSegment,
        visit_document: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        let delete_bitset_file = segment
            .delete_bitset_name
            .as_ref()
            .map(|name| open_file_without_footer(directory, name));
        let alive_entries = delete_bitset_file.and_then(|file| {
            let bytes = file.and_then(|file| file.read_bytes().ok());
            self.has_unreadable_delete_bitset |= bytes.is_none();
            Some(AliveBitSet::open(bytes?))
        });
        let store_file = open_file_without_footer(directory, &format!("{}.store", segment.id));
        let Some(store) =
            store_file.and_then(|file| StoreReader::open(file, CACHED_BLOCK_COUNT).ok())
        else {
            self.unreadable_entry_count += u64::from(segment.entry_count.unwrap_or(1));
            return Ok(());
        };
        let (mut passages, mut group_reader) = (Vec::new(), GroupReader::default());
        for doc in 0..segment.entry_count.unwrap_or(u32::MAX) {
            if alive_entries.as_ref().is_some_and(|alive_entries| alive_entries.is_deleted(doc)) {
                continue;
            }
            match catch_panic(|| read_record(&store, fields, doc, &mut group_reader)) {
                Ok(Some(record)) => {
                    self.readable_entry_count += 1;
                    self.add_record(record, &mut passages, visit_document)?;
                }
                Ok(None) => break,
                Err(_) => self.unreadable_entry_count += 1,
            }
        }
        self.add_incomplete_documents(passages);
        Ok(())
    }

    /// Adds one record to the salvage. Collects passages until the record of their document follows, because the
    /// passages of a document come directly before its record.
    fn add_record(
        &mut self,
        record: AnyStoredRecord,
        passages: &mut Vec<PassageRecord>,
        visit_document: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        match record {
            AnyStoredRecord::Passage(passage) => {
                let is_new_document = passage.ordinal == 0
                    || passages.first().is_some_and(|first| first.document != passage.document);
                if is_new_document {
                    self.add_incomplete_documents(std::mem::take(passages));
                }
                passages.push(passage);
            }
            AnyStoredRecord::Document(record) => {
                let passages = std::mem::take(passages);
                if record.is_intact(&passages) {
                    visit_document(&record, &passages)?;
                } else {
                    self.add_incomplete_documents(passages);
                    self.incomplete_documents.insert(record.id.clone(), record.source.clone());
                }
            }
            AnyStoredRecord::Source(source) => self.sources.push(source),
        }
        Ok(())
    }

    /// Records the documents of `passages` as incomplete.
    fn add_incomplete_documents(&mut self, passages: Vec<PassageRecord>) {
        for passage in passages {
            self.incomplete_documents.entry(passage.document).or_default();
        }
    }
}

/// Reads the record of the entry with the number `doc`. Returns `None` if `doc` lies after the last entry.
fn read_record(
    store: &StoreReader,
    fields: Fields,
    doc: u32,
    group_reader: &mut GroupReader,
) -> Result<Option<AnyStoredRecord>> {
    if let Err(TantivyError::InvalidArgument(_)) = store.get_document_bytes(doc) {
        return Ok(None);
    }
    let json = group_reader.record(doc, |doc| {
        let entry = store.get_document_bytes(doc).map_err(wrap_engine_error)?;
        stored_value(&entry, fields)
    })?;
    serde_json::from_str(json).map(Some).map_err(wrap_engine_error)
}

/// Returns the segments that a commit lists.
fn segments_of_commit(commit: Commit) -> Vec<StoredSegment> {
    let segments = commit.segments.into_iter().map(|segment| StoredSegment {
        id: segment.id.uuid_string(),
        entry_count: Some(segment.max_doc),
        delete_bitset_name: segment.delete_bitset_name(),
    });
    segments.collect()
}

/// Returns all segments in the folder, including segments of former commits.
fn segments_in_folder(folder: &Path) -> Result<Vec<StoredSegment>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut segment_ids: Vec<_> =
        names.filter_map(|name| name.strip_suffix(".store").map(str::to_owned)).collect();
    segment_ids.sort();
    Ok(segment_ids
        .into_iter()
        .map(|id| StoredSegment { id, entry_count: None, delete_bitset_name: None })
        .collect())
}

/// Returns the content of a tantivy file, without its footer; `None` if the file cannot be read.
fn open_file_without_footer(directory: &ChecksummedDirectory, name: &str) -> Option<FileSlice> {
    let file = directory.open_read(Path::new(name)).ok()?;
    let footer_end = file.len().checked_sub(FOOTER_LENGTH_AND_MAGIC_BYTES)?;
    let length_bytes = file.slice(footer_end..footer_end + 4).read_bytes().ok()?;
    let footer_bytes = u32::from_le_bytes(length_bytes.as_slice().try_into().ok()?);
    Some(file.slice_to(footer_end.checked_sub(footer_bytes as usize)?))
}
