//! Reads the intact documents and records from a damaged generation.
//!
//! Everything that is stored lies in files of one kind, which are read here directly. Damage to the inverted index, the columns or the
//! commit does not matter.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use tantivy::{
    HasLen, TantivyDocument, TantivyError,
    directory::{Directory as _, FileSlice},
    fastfield::AliveBitSet,
    schema::Value,
    store::StoreReader,
};

use crate::{
    error::{Error, Result, catch_panic},
    index::{
        schema::Fields,
        storage::{
            checksum::ChecksummedDirectory,
            engine,
            meta_file::{Commit, META_FILE},
        },
        stored::{DocumentRecord, PassageRecord, Source},
    },
};

/// Bytes that end each file of the engine: the length of its footer and a magic number.
const FOOTER_END_BYTES: usize = 8;
/// Decompressed blocks of stored entries that are cached.
const CACHED_BLOCKS: usize = 2;

/// Summary of what a damaged generation holds, without its intact documents.
#[derive(Default)]
pub(super) struct Salvage {
    /// Records of source files.
    pub(super) sources: Vec<Source>,
    /// Ids of incomplete documents, with the paths of their source files. The path is empty if it is unknown.
    pub(super) incomplete: BTreeMap<String, String>,
    /// Number of entries that could be read.
    pub(super) read: u64,
    /// Number of entries that could not be read.
    pub(super) unread: u64,
    /// Whether it is unknown which entries were deleted.
    pub(super) deletes_unknown: bool,
}

/// A segment of the commit; if the commit cannot be read, any segment in the folder.
struct Segment {
    id: String,
    /// Number of entries; `None` if the commit cannot be read.
    entries: Option<u32>,
    /// Name of the file that marks deleted entries.
    deletes: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StoredRecord {
    Passage(PassageRecord),
    Document(Box<DocumentRecord>),
    Source(Source),
}

impl Salvage {
    /// Reads the generation in `folder`, and calls `keep` with each intact document.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the folder cannot be opened, and errors of `keep`.
    pub(super) fn read(
        folder: &Path,
        fields: Fields,
        mut keep: impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<Self> {
        let directory = ChecksummedDirectory::open(folder).map_err(|error| Error::Damaged {
            path: folder.to_owned(),
            detail: error.to_string(),
        })?;
        let mut salvage = Self::default();
        let meta_file = fs::read(folder.join(META_FILE)).ok();
        let commit = meta_file.and_then(|bytes| Commit::parse(&bytes));
        salvage.deletes_unknown = commit.is_none();
        let segments = commit.map_or_else(|| all_segments(folder), |c| Ok(segments_of(c)))?;
        for segment in &segments {
            salvage.read_segment(&directory, fields, segment, &mut keep)?;
        }
        Ok(salvage)
    }

    fn read_segment(
        &mut self,
        directory: &ChecksummedDirectory,
        fields: Fields,
        segment: &Segment,
        keep: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        let deletes = segment.deletes.as_ref().map(|name| content(directory, name));
        let alive = deletes.and_then(|file| {
            let bytes = file.and_then(|file| file.read_bytes().ok());
            self.deletes_unknown |= bytes.is_none();
            Some(AliveBitSet::open(bytes?))
        });
        let store = content(directory, &format!("{}.store", segment.id));
        let Some(store) = store.and_then(|file| StoreReader::open(file, CACHED_BLOCKS).ok()) else {
            self.unread += u64::from(segment.entries.unwrap_or(1));
            return Ok(());
        };
        let mut passages = Vec::new();
        for doc in 0..segment.entries.unwrap_or(u32::MAX) {
            if alive.as_ref().is_some_and(|alive| alive.is_deleted(doc)) {
                continue;
            }
            match catch_panic(|| stored_record(&store, fields, doc)) {
                Ok(Some(record)) => {
                    self.read += 1;
                    self.add(record, &mut passages, keep)?;
                }
                Ok(None) => break,
                Err(_) => self.unread += 1,
            }
        }
        self.add_incomplete(passages);
        Ok(())
    }

    /// Collects passages until the record of their document comes. The passages of a document lie directly before its record.
    fn add(
        &mut self,
        record: StoredRecord,
        passages: &mut Vec<PassageRecord>,
        keep: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        match record {
            StoredRecord::Passage(passage) => {
                let is_new_document = passage.ordinal == 0
                    || passages.first().is_some_and(|first| first.document != passage.document);
                if is_new_document {
                    self.add_incomplete(std::mem::take(passages));
                }
                passages.push(passage);
            }
            StoredRecord::Document(record) => {
                let passages = std::mem::take(passages);
                if record.is_intact(&passages) {
                    keep(&record, &passages)?;
                } else {
                    self.add_incomplete(passages);
                    self.incomplete.insert(record.id.clone(), record.source.clone());
                }
            }
            StoredRecord::Source(source) => self.sources.push(source),
        }
        Ok(())
    }

    fn add_incomplete(&mut self, passages: Vec<PassageRecord>) {
        for passage in passages {
            self.incomplete.entry(passage.document).or_default();
        }
    }
}

/// Reads the record of one entry. Returns `None` after the last entry.
fn stored_record(store: &StoreReader, fields: Fields, doc: u32) -> Result<Option<StoredRecord>> {
    let entry: TantivyDocument = match store.get(doc) {
        Ok(entry) => entry,
        Err(TantivyError::InvalidArgument(_)) => return Ok(None),
        Err(error) => return Err(engine(error)),
    };
    let json = entry.get_first(fields.stored).and_then(|value| value.as_str());
    serde_json::from_str(json.unwrap_or_default()).map(Some).map_err(engine)
}

fn segments_of(commit: Commit) -> Vec<Segment> {
    let segments = commit.segments.into_iter().map(|segment| Segment {
        id: segment.id.uuid_string(),
        entries: Some(segment.max_doc),
        deletes: segment.deletes_name(),
    });
    segments.collect()
}

/// Returns every segment in the folder, of any commit.
fn all_segments(folder: &Path) -> Result<Vec<Segment>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut ids: Vec<_> =
        names.filter_map(|name| name.strip_suffix(".store").map(str::to_owned)).collect();
    ids.sort();
    Ok(ids.into_iter().map(|id| Segment { id, entries: None, deletes: None }).collect())
}

/// Returns a file without the footer of the engine. Returns `None` if it cannot be read.
fn content(directory: &ChecksummedDirectory, name: &str) -> Option<FileSlice> {
    let file = directory.open_read(Path::new(name)).ok()?;
    let end = file.len().checked_sub(FOOTER_END_BYTES)?;
    let bytes = file.slice(end..end + 4).read_bytes().ok()?;
    let footer = u32::from_le_bytes(bytes.as_slice().try_into().ok()?);
    Some(file.slice_to(end.checked_sub(footer as usize)?))
}
