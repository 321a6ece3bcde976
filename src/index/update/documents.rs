//! Updates the documents of one file: adds or replaces the documents that differ from the indexed ones.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::BufRead,
};

use super::{
    duplicates::{Arrival, Candidate, content_digest},
    file::Content,
    report::{Change, Failure, FormatStats, Progress},
    source_path,
    updater::Updater,
    walk::SourceFile,
};
use crate::{
    document::{Document, Format, read_documents, read_mapped_json_lines, with_inferred_metadata},
    error::{Error, Result},
    index::stored::document_hash,
};

/// Source file whose documents are being read.
pub(super) struct OpenFile<'f> {
    /// Path of the file; `None` for standard input.
    pub(super) file: Option<&'f SourceFile>,
    /// Encoded path; empty for standard input.
    pub(super) path: &'f str,
    /// Id of the document if the file contains a single document; otherwise the prefix of the ids of its documents.
    pub(super) id: String,
    /// Hashes of the documents that the last commit contains from this file, by id.
    pub(super) indexed: HashMap<String, String>,
    /// Ids of the documents of this file that are now up to date in the index.
    pub(super) current: BTreeSet<String>,
    /// Whether the file contains a single document, and this document or a duplicate of it is indexed.
    pub(super) is_sole_document: bool,
}

impl<P: Progress> Updater<'_, P> {
    /// Adds the documents in the JSON Lines of `reader`, such as standard input.
    pub(super) fn update_lines(&mut self, reader: impl BufRead) -> Result<()> {
        let mut open = OpenFile {
            file: None,
            path: "",
            id: "-".to_owned(),
            indexed: HashMap::new(),
            current: BTreeSet::new(),
            is_sole_document: false,
        };
        let limits = self.writer.read_limits();
        for document in read_mapped_json_lines("-", reader, self.options.mapping.clone(), limits) {
            if self.must_stop() {
                break;
            }
            self.update_document(&mut open, document.and_then(with_inferred_metadata))?;
        }
        self.count_format(Format::JsonLines, FormatStats::default());
        Ok(())
    }

    /// Adds or replaces each changed document in the content of a file.
    pub(super) fn update_content(
        &mut self,
        open: &mut OpenFile<'_>,
        format: Format,
        content: Content,
    ) -> Result<()> {
        let limits = self.writer.read_limits();
        let mapping = &self.options.mapping;
        let id = open.id.clone();
        match content {
            Content::Bytes(bytes) => {
                let mut skipped = BTreeMap::new();
                for document in read_documents(format, &id, &bytes, mapping, limits, &mut skipped) {
                    self.update_document(open, document)?;
                }
                for (kind, count) in skipped {
                    *self.report.skipped.entry(kind).or_default() += count;
                }
            }
            Content::Lines(lines) => {
                for document in read_mapped_json_lines(&id, lines, mapping.clone(), limits) {
                    self.update_document(open, document.and_then(with_inferred_metadata))?;
                }
            }
        }
        Ok(())
    }

    /// Removes the indexed documents of a file that the file no longer contains.
    pub(super) fn remove_outdated(&mut self, open: &OpenFile<'_>) -> Result<()> {
        let outdated: BTreeSet<&String> =
            open.indexed.keys().filter(|id| !open.current.contains(*id)).collect();
        for id in outdated {
            self.writer.remove(id)?;
            self.report.removed += 1;
            self.progress.changed(Change::Removed, id);
        }
        Ok(())
    }

    /// Adds or replaces one document. Skips a document whose hash has not changed, and a document of which a duplicate
    /// is indexed.
    fn update_document(
        &mut self,
        open: &mut OpenFile<'_>,
        document: Result<Document>,
    ) -> Result<()> {
        let mut document = match document {
            Ok(document) => document,
            Err(error) => {
                self.report.failures.push(failure(open.path, error));
                return Ok(());
            }
        };
        open.path.clone_into(&mut document.source);
        document.detect_lang();
        self.options.overrides.apply(&mut document);
        if let Some(reason) = self.id_conflict(open, &document.id)? {
            self.fail(open.path, reason);
            return Ok(());
        }
        let sole_file = open.file.filter(|_| open.id == document.id);
        let digest = sole_file.map(|_| content_digest(&document));
        if let Some((file, digest)) = sole_file.zip(digest.as_deref())
            && !self.is_indexed(file, &document.id, digest)?
        {
            open.is_sole_document = true;
            return Ok(());
        }
        if open.indexed.get(&document.id) == Some(&document_hash(&document)) {
            self.report.unchanged += 1;
        } else if !self.write(open, &document, digest.as_deref())? {
            return Ok(());
        }
        open.is_sole_document |= digest.is_some();
        open.current.insert(document.id);
        Ok(())
    }

    /// Writes a new or changed document. Returns `false`, and reports a failure, if the document cannot be indexed.
    fn write(
        &mut self,
        open: &OpenFile<'_>,
        document: &Document,
        digest: Option<&str>,
    ) -> Result<bool> {
        let id = &document.id;
        let is_from_standard_input = open.path.is_empty();
        let replaces = open.indexed.contains_key(id)
            || (is_from_standard_input && self.writer.source_of(id)?.is_some());
        match self.writer.add_with_digest(document, digest) {
            Ok(passages) => self.report.passages += passages as u64,
            Err(Error::Document { id, reason }) => {
                self.duplicates.leaves(open.path);
                self.fail(&id, reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        let change = if replaces {
            self.report.updated += 1;
            Change::Updated
        } else {
            self.report.added += 1;
            Change::Added
        };
        self.progress.changed(change, id);
        self.taken_ids.insert(id.clone(), open.path.to_owned());
        Ok(true)
    }

    /// Returns the reason why a document of a file cannot have the id `id`; `None` if the document can have this id.
    fn id_conflict(&self, open: &OpenFile<'_>, id: &str) -> Result<Option<String>> {
        if open.current.contains(id) {
            let reason = format!(
                "the id {id:?} occurs twice: only the first document with this id is indexed"
            );
            return Ok(Some(reason));
        }
        let owner = self.source_of(id)?.filter(|path| path != open.path && !open.path.is_empty());
        Ok(owner.map(|path| format!("the id {id:?} belongs to a document in {path}")))
    }

    /// Returns whether to index the document of `file`; `false` if a duplicate of the document is indexed instead.
    /// Removes the duplicate that the document replaces.
    fn is_indexed(&mut self, file: &SourceFile, id: &str, digest: &str) -> Result<bool> {
        let [path, root] = [&file.path, &file.root].map(|path| source_path::encode(path));
        match self.duplicates.arrives(digest, Candidate { id: id.to_owned(), path, root }) {
            Arrival::Duplicate => Ok(false),
            Arrival::First { replaces } => {
                if let Some(replaced) = replaces {
                    self.writer.remove(&replaced)?;
                    self.report.removed += 1;
                }
                Ok(true)
            }
        }
    }
}

/// Converts an error into a failure of a document or, if the document is unknown, of the file `path`.
fn failure(path: &str, error: Error) -> Failure {
    match error {
        Error::Document { id, reason } => Failure::new(id, reason),
        other => Failure::new(path, other.to_string()),
    }
}
