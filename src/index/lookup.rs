//! Entries of the index by id, path or kind.

use std::{
    collections::BTreeSet,
    path::{MAIN_SEPARATOR, is_separator},
};

use serde::de::DeserializeOwned;
use tantivy::{
    DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term,
    schema::{Field, IndexRecordOption, Value},
};

use super::{DocumentRecord, Fields, PassageRecord, Source, schema};
use crate::error::{Error, Result};

/// Every live entry that has `term`, segment by segment.
fn addresses(searcher: &Searcher, term: &Term) -> Result<Vec<DocAddress>> {
    let mut found = Vec::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let inverted = segment.inverted_index(term.field()).map_err(engine)?;
        let Some(mut postings) =
            inverted.read_postings(term, IndexRecordOption::Basic).map_err(engine)?
        else {
            continue;
        };
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if !segment.is_deleted(doc) {
                found.push(DocAddress::new(ord as u32, doc));
            }
            doc = postings.advance();
        }
    }
    Ok(found)
}

/// What is stored under an address.
pub(crate) fn stored<T: DeserializeOwned>(
    searcher: &Searcher,
    fields: Fields,
    address: DocAddress,
) -> Result<T> {
    let entry: TantivyDocument = searcher.doc(address).map_err(engine)?;
    let json = entry.get_first(fields.stored).and_then(|value| value.as_str());
    serde_json::from_str(json.unwrap_or_default()).map_err(engine)
}

fn all<T: DeserializeOwned>(
    searcher: &Searcher,
    fields: Fields,
    field: Field,
    text: &str,
) -> Result<Vec<T>> {
    let addresses = addresses(searcher, &Term::from_field_text(field, text))?;
    addresses.into_iter().map(|address| stored(searcher, fields, address)).collect()
}

/// The record of a document.
pub(crate) fn document(
    searcher: &Searcher,
    fields: Fields,
    id: &str,
) -> Result<Option<DocumentRecord>> {
    Ok(all(searcher, fields, fields.record, id)?.pop())
}

/// Every live entry of a document: its record and its passages.
pub(crate) fn entries(searcher: &Searcher, fields: Fields, id: &str) -> Result<Vec<DocAddress>> {
    addresses(searcher, &Term::from_field_text(fields.document, id))
}

/// The passages of a document, by ordinal.
pub(crate) fn passages(
    searcher: &Searcher,
    fields: Fields,
    id: &str,
) -> Result<Vec<PassageRecord>> {
    let mut found = Vec::new();
    for address in entries(searcher, fields, id)? {
        let segment = searcher.segment_reader(address.segment_ord);
        let ordinals = segment.fast_fields().u64(schema::ORDINAL).map_err(engine)?;
        if ordinals.first(address.doc_id).is_some() {
            found.push(stored::<PassageRecord>(searcher, fields, address)?);
        }
    }
    found.sort_by_key(|passage| passage.ordinal);
    Ok(found)
}

/// The records of all documents read from a source file.
pub(super) fn documents_of(
    searcher: &Searcher,
    fields: Fields,
    source: &str,
) -> Result<Vec<DocumentRecord>> {
    let mut found = Vec::new();
    for address in addresses(searcher, &Term::from_field_text(fields.source, source))? {
        // Passages and the source's own record have the path too; only documents read as one.
        if let Ok(record) = stored::<DocumentRecord>(searcher, fields, address) {
            found.push(record);
        }
    }
    Ok(found)
}

/// The record of a source file.
pub(super) fn source(searcher: &Searcher, fields: Fields, path: &str) -> Result<Option<Source>> {
    Ok(all(searcher, fields, fields.origin, path)?.pop())
}

/// The records of all source files, by path.
pub(crate) fn sources(searcher: &Searcher, fields: Fields) -> Result<Vec<Source>> {
    let mut found: Vec<Source> = all(searcher, fields, fields.kind, schema::KIND_SOURCE)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The folder that all files lie in that were read, with a separator at its end: the root that was given or, of
/// several, what they lie in. Empty where nothing was read from files.
pub(crate) fn root(searcher: &Searcher, fields: Fields) -> Result<String> {
    let mut roots = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.origin).map_err(engine)?;
        // Paths are sorted: those of one root stand together and are passed over.
        let mut from = Some(Vec::new());
        while let Some(start) = from.take() {
            let mut paths = inverted.terms().range().ge(start).into_stream().map_err(engine)?;
            while paths.advance() {
                let path = String::from_utf8_lossy(paths.key());
                let Some(Source { root, .. }) = source(searcher, fields, &path)? else { continue };
                let folder = folder(&path, &root);
                // No text goes on with this byte.
                from = Some([folder.as_bytes(), &[0xFF]].concat());
                roots.insert(folder);
                break;
            }
        }
    }
    Ok(common(&roots))
}

/// The same of these source files.
#[cfg(feature = "cluster")]
pub(crate) fn root_of(sources: &[Source]) -> String {
    common(&sources.iter().map(|source| folder(&source.path, &source.root)).collect())
}

/// A root, or the folder of a file that was named itself, with a separator at its end.
fn folder(path: &str, root: &str) -> String {
    let folder = if path == root {
        path.rfind(is_separator).and_then(|at| path.get(..at))
    } else {
        Some(root)
    };
    let folder = folder.unwrap_or_default();
    format!("{}{MAIN_SEPARATOR}", folder.trim_end_matches(is_separator))
}

/// The innermost folder that holds all of these.
fn common(folders: &BTreeSet<String>) -> String {
    let Some(mut common) = folders.first().cloned() else { return String::new() };
    while !folders.iter().all(|folder| folder.starts_with(&common)) {
        common.pop();
        common.truncate(common.rfind(is_separator).map_or(0, |at| at + 1));
    }
    common
}

/// The paths of all files that say `said`, in order.
pub(crate) fn paths_of(searcher: &Searcher, fields: Fields, said: &str) -> Result<Vec<String>> {
    let addresses = addresses(searcher, &Term::from_field_text(fields.said, said))?;
    let read = |address| stored::<Source>(searcher, fields, address).map(|source| source.path);
    let mut paths = addresses.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Hands every document record to `seen`, one at a time.
pub(super) fn each_document(
    searcher: &Searcher,
    fields: Fields,
    mut seen: impl FnMut(DocumentRecord),
) -> Result<()> {
    for address in document_addresses(searcher, fields)? {
        seen(stored(searcher, fields, address)?);
    }
    Ok(())
}

/// Where the records of all documents are.
pub(super) fn document_addresses(searcher: &Searcher, fields: Fields) -> Result<Vec<DocAddress>> {
    addresses(searcher, &Term::from_field_text(fields.kind, schema::KIND_DOCUMENT))
}

/// How many documents there are.
pub(super) fn document_count(searcher: &Searcher, fields: Fields) -> Result<u64> {
    Ok(document_addresses(searcher, fields)?.len() as u64)
}

/// How many live passages there are beside the records of so many documents and sources.
pub(super) fn passage_count(searcher: &Searcher, documents: u64, sources: &[Source]) -> u64 {
    searcher.num_docs() - documents - sources.len() as u64
}

fn engine(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Engine(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_lie_in_a_folder() {
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
            let folders = roots.iter().map(|(path, root)| folder(path, root)).collect();
            assert_eq!(common(&folders), expected, "{roots:?}");
        }
    }
}
