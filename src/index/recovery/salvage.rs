//! A damaged generation → the documents and records in it that are as they were written.
//!
//! Everything that is stored stands in one kind of file, which is read here by itself: whatever is wrong
//! with the inverted lists, the columns or the commit does not matter.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use tantivy::{
    HasLen, TantivyDocument, TantivyError,
    directory::{Directory as _, FileSlice},
    fastfield::AliveBitSet,
    schema::Value,
    store::StoreReader,
};

use super::verify::joined;
use crate::{
    error::{Error, Result, catch_panic},
    index::{
        DocumentRecord, Fields, PassageRecord, Source, document_hash,
        storage::{
            checksum::{Sealed, opened},
            commit::{self, COMMIT},
        },
    },
};

/// What tantivy writes after the content of a file: the length of what stands before, and a mark.
const FOOTER_END_BYTES: usize = 8;
/// Blocks of stored entries that are kept unpacked.
const CACHED_BLOCKS: usize = 2;

/// What was found.
#[derive(Default)]
pub(in crate::index) struct Salvage {
    pub(in crate::index) sources: Vec<Source>,
    /// Documents of which a part was found, and where each was read from.
    pub(in crate::index) parts: BTreeMap<String, String>,
    /// Entries that could be read.
    pub(in crate::index) read: u64,
    /// Entries that could not.
    pub(in crate::index) unread: u64,
    /// Whether it is unknown which documents were removed.
    pub(in crate::index) undeleted: bool,
}

/// A segment of the commit, or one that is there where the commit cannot be read.
struct Part {
    id: String,
    entries: Option<u32>,
    /// The name of the file that says which entries are deleted.
    deletes: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Passage(PassageRecord),
    Document(Box<DocumentRecord>),
    Source(Source),
}

impl Salvage {
    /// Reads the generation in `folder` and hands on each document that is whole, as its hash says.
    pub(in crate::index) fn read(
        folder: &Path,
        fields: Fields,
        mut keep: impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<Self> {
        let refused = |error: TantivyError| Error::Damaged {
            path: folder.to_owned(),
            detail: error.to_string(),
        };
        let directory = Sealed::open(folder).map_err(refused)?;
        let mut salvage = Self::default();
        let commit = fs::read(folder.join(COMMIT)).ok().and_then(|bytes| committed(&bytes));
        salvage.undeleted = commit.is_none();
        let parts = commit.map_or_else(|| present(folder), Ok)?;
        for part in &parts {
            salvage.part(&directory, fields, part, &mut keep)?;
        }
        Ok(salvage)
    }

    fn part(
        &mut self,
        directory: &Sealed,
        fields: Fields,
        part: &Part,
        keep: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        let alive = part.deletes.as_ref().map(|name| body(directory, name));
        let alive = alive.and_then(|file| {
            let bytes = file.and_then(|file| file.read_bytes().ok());
            self.undeleted |= bytes.is_none();
            Some(AliveBitSet::open(bytes?))
        });
        let store = body(directory, &format!("{}.store", part.id));
        let Some(store) = store.and_then(|file| StoreReader::open(file, CACHED_BLOCKS).ok()) else {
            self.unread += u64::from(part.entries.unwrap_or(1));
            return Ok(());
        };
        let mut passages = Vec::new();
        for doc in 0..part.entries.unwrap_or(u32::MAX) {
            if alive.as_ref().is_some_and(|alive| alive.is_deleted(doc)) {
                continue;
            }
            match catch_panic(|| entry(&store, fields, doc)) {
                Ok(Some(entry)) => {
                    self.read += 1;
                    self.entry(entry, &mut passages, keep)?;
                }
                Ok(None) => break,
                Err(_) => self.unread += 1,
            }
        }
        self.broken(passages);
        Ok(())
    }

    /// A document is written as a whole, its passages before it.
    fn entry(
        &mut self,
        entry: Entry,
        passages: &mut Vec<PassageRecord>,
        keep: &mut impl FnMut(&DocumentRecord, &[PassageRecord]) -> Result<()>,
    ) -> Result<()> {
        match entry {
            Entry::Passage(passage) => {
                if passage.ordinal == 0
                    || passages.first().is_some_and(|p| p.document != passage.document)
                {
                    self.broken(std::mem::take(passages));
                }
                passages.push(passage);
            }
            Entry::Document(record) => {
                let passages = std::mem::take(passages);
                if document_hash(&joined(&record, &passages)) == record.hash {
                    keep(&record, &passages)?;
                } else {
                    self.broken(passages);
                    self.parts.insert(record.id.clone(), record.source.clone());
                }
            }
            Entry::Source(source) => self.sources.push(source),
        }
        Ok(())
    }

    fn broken(&mut self, passages: Vec<PassageRecord>) {
        for passage in passages {
            self.parts.entry(passage.document).or_default();
        }
    }
}

/// The entry of that number; none where there are no more.
fn entry(store: &StoreReader, fields: Fields, doc: u32) -> Result<Option<Entry>> {
    let entry: TantivyDocument = match store.get(doc) {
        Ok(entry) => entry,
        Err(TantivyError::InvalidArgument(_)) => return Ok(None),
        Err(error) => return Err(Error::Engine(Box::new(error))),
    };
    let json = entry.get_first(fields.stored).and_then(|value| value.as_str());
    let entry = serde_json::from_str(json.unwrap_or_default());
    entry.map(Some).map_err(|error| Error::Engine(Box::new(error)))
}

fn committed(bytes: &[u8]) -> Option<Vec<Part>> {
    let commit: commit::Commit = serde_json::from_slice(opened(bytes).ok()?).ok()?;
    let parts = commit.segments.into_iter().map(|segment| Part {
        id: segment.id.uuid_string(),
        entries: Some(segment.max_doc),
        deletes: segment.deletes_name(),
    });
    Some(parts.collect())
}

/// All segments that are there, of whichever commit.
fn present(folder: &Path) -> Result<Vec<Part>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut ids: Vec<_> =
        names.filter_map(|name| name.strip_suffix(".store").map(str::to_owned)).collect();
    ids.sort();
    Ok(ids.into_iter().map(|id| Part { id, entries: None, deletes: None }).collect())
}

/// A file without what tantivy writes after it; none where it cannot be read.
fn body(directory: &Sealed, name: &str) -> Option<FileSlice> {
    let file = directory.open_read(Path::new(name)).ok()?;
    let end = file.len().checked_sub(FOOTER_END_BYTES)?;
    let bytes = file.slice(end..end + 4).read_bytes().ok()?;
    let footer = u32::from_le_bytes(bytes.as_slice().try_into().ok()?);
    Some(file.slice_to(end.checked_sub(footer as usize)?))
}
