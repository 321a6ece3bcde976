//! Reads the stored records of passages, documents and source files, by document id or by path of the source file.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    path::{MAIN_SEPARATOR, is_separator},
};

use serde::de::DeserializeOwned;
use tantivy::{
    DocAddress, DocSet, Searcher, SegmentOrdinal, TERMINATED, Term,
    schema::{Field, IndexRecordOption},
    store::StoreReader,
};

use super::{
    record_group::{GroupReader, stored_value},
    schema::{self, Fields},
    storage::wrap_engine_error,
    stored::{DocumentRecord, PassageRecord, Source},
};
use crate::error::Result;

/// Returns the addresses of all index entries that contain `term` and are not deleted, in index order.
pub(super) fn addresses_with_term(searcher: &Searcher, term: &Term) -> Result<Vec<DocAddress>> {
    let mut addresses = Vec::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let inverted_index = segment.inverted_index(term.field()).map_err(wrap_engine_error)?;
        let Some(mut postings) = inverted_index
            .read_postings(term, IndexRecordOption::Basic)
            .map_err(wrap_engine_error)?
        else {
            continue;
        };
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if !segment.is_deleted(doc) {
                addresses.push(DocAddress::new(ord as u32, doc));
            }
            doc = postings.advance();
        }
    }
    Ok(addresses)
}

/// Reads the stored records of index entries: of passages, documents and source files. Reading the entries of a
/// document in index order is fastest, because adjacent records are stored in one compressed group.
pub(crate) struct RecordReader<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    /// The document store of each segment from which a record was read.
    document_stores: BTreeMap<SegmentOrdinal, StoreReader>,
    /// Ordinal of the segment from which `group_reader` reads.
    segment_ord: SegmentOrdinal,
    /// Reader of compressed groups of records. Keeps the group that was read last.
    group_reader: GroupReader,
}

/// Number of decompressed blocks that a [`RecordReader`] caches for each document store.
const CACHED_BLOCK_COUNT: usize = 4;

impl<'a> RecordReader<'a> {
    pub(crate) fn new(searcher: &'a Searcher, fields: Fields) -> Self {
        let (document_stores, group_reader) = (BTreeMap::new(), GroupReader::default());
        Self { searcher, fields, document_stores, segment_ord: 0, group_reader }
    }

    /// Reads and parses the JSON record of the entry at `address`.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) if the entry cannot be read or its record is not a `T`.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, address: DocAddress) -> Result<T> {
        serde_json::from_str(self.read_json(address)?).map_err(wrap_engine_error)
    }

    /// Reads the JSON record of the entry at `address`.
    pub(super) fn read_json(&mut self, address: DocAddress) -> Result<&str> {
        if self.segment_ord != address.segment_ord {
            self.segment_ord = address.segment_ord;
            self.group_reader = GroupReader::default();
        }
        let store = match self.document_stores.entry(address.segment_ord) {
            Entry::Occupied(store) => store.into_mut(),
            Entry::Vacant(vacant) => {
                let segment = self.searcher.segment_reader(address.segment_ord);
                vacant.insert(
                    segment.get_store_reader(CACHED_BLOCK_COUNT).map_err(wrap_engine_error)?,
                )
            }
        };
        let fields = self.fields;
        self.group_reader.record(address.doc_id, |doc| {
            let entry = store.get_document_bytes(doc).map_err(wrap_engine_error)?;
            stored_value(&entry, fields)
        })
    }
}

/// Reads and parses the JSON record of the entry at `address`.
///
/// # Errors
///
/// [`Error::Engine`](crate::Error::Engine) if the entry cannot be read or its record is not a `T`.
pub(crate) fn read_record<T: DeserializeOwned>(
    searcher: &Searcher,
    fields: Fields,
    address: DocAddress,
) -> Result<T> {
    RecordReader::new(searcher, fields).read(address)
}

/// Returns the records of all entries whose field `field` contains the term `text`, without deleted entries.
fn records_with_term<T: DeserializeOwned>(
    searcher: &Searcher,
    fields: Fields,
    field: Field,
    text: &str,
) -> Result<Vec<T>> {
    let addresses = addresses_with_term(searcher, &Term::from_field_text(field, text))?;
    let mut reader = RecordReader::new(searcher, fields);
    addresses.into_iter().map(|address| reader.read(address)).collect()
}

/// Returns the record of the document `id`; `None` if there is no such document.
pub(crate) fn document_record(
    searcher: &Searcher,
    fields: Fields,
    id: &str,
) -> Result<Option<DocumentRecord>> {
    Ok(records_with_term(searcher, fields, fields.record_id, id)?.pop())
}

/// Returns the addresses of all entries of the document `id`: its passages and its document record.
pub(crate) fn entry_addresses_of_document(
    searcher: &Searcher,
    fields: Fields,
    id: &str,
) -> Result<Vec<DocAddress>> {
    addresses_with_term(searcher, &Term::from_field_text(fields.document, id))
}

/// Returns the passages of the document `id`, in document order. Calls `check_deadline` before each read, and stops
/// with the error of `check_deadline`.
pub(crate) fn passage_records(
    searcher: &Searcher,
    fields: Fields,
    id: &str,
    check_deadline: impl Fn() -> Result<()>,
) -> Result<Vec<PassageRecord>> {
    let mut passages: Vec<PassageRecord> = Vec::new();
    let mut reader = RecordReader::new(searcher, fields);
    for address in entry_addresses_of_document(searcher, fields, id)? {
        check_deadline()?;
        let segment = searcher.segment_reader(address.segment_ord);
        let ordinals =
            segment.fast_fields().u64(schema::ORDINAL_FIELD).map_err(wrap_engine_error)?;
        if ordinals.first(address.doc_id).is_some() {
            passages.push(reader.read(address)?);
        }
    }
    passages.sort_by_key(|passage| passage.ordinal);
    Ok(passages)
}

/// Reads all passages, and calls `visit` with each passage. Calls `check_deadline` before each passage, and stops at
/// its first error.
pub(crate) fn for_each_passage(
    searcher: &Searcher,
    fields: Fields,
    check_deadline: impl Fn() -> Result<()>,
    mut visit: impl FnMut(PassageRecord),
) -> Result<()> {
    let mut reader = RecordReader::new(searcher, fields);
    for (segment_ord, segment) in searcher.segment_readers().iter().enumerate() {
        let ordinals =
            segment.fast_fields().u64(schema::ORDINAL_FIELD).map_err(wrap_engine_error)?;
        for doc in segment.doc_ids_alive().filter(|&doc| ordinals.first(doc).is_some()) {
            check_deadline()?;
            visit(reader.read(DocAddress::new(segment_ord as u32, doc))?);
        }
    }
    Ok(())
}

/// Returns the records of all documents that were read from the source file `source`.
pub(super) fn documents_of_file(
    searcher: &Searcher,
    fields: Fields,
    source: &str,
) -> Result<Vec<DocumentRecord>> {
    let mut documents = Vec::new();
    let mut reader = RecordReader::new(searcher, fields);
    for address in addresses_with_term(searcher, &Term::from_field_text(fields.source, source))? {
        // The entries of passages and of the source file contain this path too. The records of such entries do not
        // parse as document records.
        if let Ok(record) = reader.read::<DocumentRecord>(address) {
            documents.push(record);
        }
    }
    Ok(documents)
}

/// Returns the record of the source file `path`; `None` if there is no such record.
pub(super) fn source_record(
    searcher: &Searcher,
    fields: Fields,
    path: &str,
) -> Result<Option<Source>> {
    Ok(records_with_term(searcher, fields, fields.record_path, path)?.pop())
}

/// Returns the records of all source files, sorted by path.
pub(crate) fn source_records(searcher: &Searcher, fields: Fields) -> Result<Vec<Source>> {
    let mut sources: Vec<Source> =
        records_with_term(searcher, fields, fields.record_kind, schema::SOURCE_RECORD_KIND)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// Returns the innermost folder that contains all roots, with a separator at its end. A root is a folder or file that
/// the caller asked to index. Returns an empty text if no document was read from a file.
pub(crate) fn common_root_folder(searcher: &Searcher, fields: Fields) -> Result<String> {
    let mut roots = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let inverted_index =
            segment.inverted_index(fields.record_path).map_err(wrap_engine_error)?;
        // The term dictionary is sorted, so the paths below one root are adjacent. Read only the first of these paths,
        // and skip the others.
        let mut next_key = Some(Vec::new());
        while let Some(range_start) = next_key.take() {
            let mut paths = inverted_index
                .terms()
                .range()
                .ge(range_start)
                .into_stream()
                .map_err(wrap_engine_error)?;
            while paths.advance() {
                let path = String::from_utf8_lossy(paths.key());
                let Some(Source { root, .. }) = source_record(searcher, fields, &path)? else {
                    continue;
                };
                let root_folder = root_folder(&path, &root);
                // UTF-8 text never contains the byte 0xFF, so this key sorts after every path below the root.
                next_key = Some([root_folder.as_bytes(), &[0xFF]].concat());
                roots.insert(root_folder);
                break;
            }
        }
    }
    Ok(innermost_common_folder(&roots))
}

/// Returns the innermost folder that contains the roots of all `sources`, with a separator at its end.
pub(super) fn root_folder_of_sources(sources: &[Source]) -> String {
    innermost_common_folder(
        &sources.iter().map(|source| root_folder(&source.path, &source.root)).collect(),
    )
}

/// Returns the root of the file `path`, with a separator at its end. If the root is the file itself, returns the folder
/// of the file.
fn root_folder(path: &str, root: &str) -> String {
    let folder = if path == root {
        path.rfind(is_separator).and_then(|separator| path.get(..separator))
    } else {
        Some(root)
    };
    let folder = folder.unwrap_or_default();
    format!("{}{MAIN_SEPARATOR}", folder.trim_end_matches(is_separator))
}

/// Returns the innermost folder that contains all `folders`; an empty text if `folders` have no folder in common.
fn innermost_common_folder(folders: &BTreeSet<String>) -> String {
    let Some(mut common_folder) = folders.first().cloned() else { return String::new() };
    while !folders.iter().all(|folder| folder.starts_with(&common_folder)) {
        common_folder.pop();
        common_folder
            .truncate(common_folder.rfind(is_separator).map_or(0, |separator| separator + 1));
    }
    common_folder
}

/// Returns the paths of all source files whose content has the digest `content_digest`, sorted.
pub(crate) fn paths_with_digest(
    searcher: &Searcher,
    fields: Fields,
    content_digest: &str,
) -> Result<Vec<String>> {
    let term = Term::from_field_text(fields.content_digest, content_digest);
    let addresses = addresses_with_term(searcher, &term)?;
    let read_path =
        |address| read_record::<Source>(searcher, fields, address).map(|source| source.path);
    let mut paths = addresses.into_iter().map(read_path).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Reads all document records one after another, and calls `visit` with each record.
pub(super) fn for_each_document(
    searcher: &Searcher,
    fields: Fields,
    mut visit: impl FnMut(DocumentRecord),
) -> Result<()> {
    let mut reader = RecordReader::new(searcher, fields);
    for address in document_record_addresses(searcher, fields)? {
        visit(reader.read(address)?);
    }
    Ok(())
}

/// Returns the addresses of all document records.
pub(super) fn document_record_addresses(
    searcher: &Searcher,
    fields: Fields,
) -> Result<Vec<DocAddress>> {
    addresses_with_term(
        searcher,
        &Term::from_field_text(fields.record_kind, schema::DOCUMENT_RECORD_KIND),
    )
}

/// Returns the number of documents.
pub(super) fn document_count(searcher: &Searcher, fields: Fields) -> Result<u64> {
    Ok(document_record_addresses(searcher, fields)?.len() as u64)
}

/// Returns the number of passages that are not deleted: the number of entries, minus the number of document records
/// (`document_count`), minus the number of source records (`sources`).
pub(super) fn passage_count(searcher: &Searcher, document_count: u64, sources: &[Source]) -> u64 {
    searcher.num_docs() - document_count - sources.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn innermost_folder_contains_all_roots() {
        for (roots, expected) in [
            (&[][..], ""),
            (&[("/r/a.txt", "/r")], "/r/"),
            (&[("/r/a.txt", "/r/a.txt")], "/r/"),
            (&[("/a.txt", "/")], "/"),
            (&[("/r/en/a.txt", "/r/en"), ("/r/zh/a.txt", "/r/zh")], "/r/"),
            (&[("/r/en/a.txt", "/r/en"), ("/r/a.txt", "/r")], "/r/"),
            (&[("/news/a.txt", "/news"), ("/newsroom/a.txt", "/newsroom")], "/"),
            (&[("/広/一.txt", "/広"), ("/広州/二.txt", "/広州")], "/"),
        ] {
            let folders = roots.iter().map(|(path, root)| root_folder(path, root)).collect();
            assert_eq!(innermost_common_folder(&folders), expected, "{roots:?}");
        }
    }
}
