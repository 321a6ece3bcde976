//! Updates the documents of one file: adds or replaces the documents that differ from the indexed ones.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::BufRead,
};

use super::{
    duplicates::{Candidate, IndexDecision, content_digest},
    file::Content,
    report::{Change, Failure, FormatStats, Progress},
    source_path,
    updater::Updater,
    walk::SourceFile,
};
use crate::{
    document::{
        Document, FRONT_MATTER_ERROR_KEY, Format, read_documents, read_mapped_json_lines,
        with_inferred_metadata,
    },
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
    /// Hashes of this file's documents in the last commit, by document id.
    pub(super) indexed_hashes: HashMap<String, String>,
    /// Ids of the documents of this file that are now up to date in the index.
    pub(super) current_ids: BTreeSet<String>,
    /// Whether the file contains a single document, and this document or a duplicate of it is indexed.
    pub(super) is_sole_document: bool,
}

impl<P: Progress> Updater<'_, P> {
    /// Adds the documents in the JSON Lines of `reader`, such as standard input.
    pub(super) fn update_json_lines(&mut self, reader: impl BufRead) -> Result<()> {
        let mut open_file = OpenFile {
            file: None,
            path: "",
            id: "-".to_owned(),
            indexed_hashes: HashMap::new(),
            current_ids: BTreeSet::new(),
            is_sole_document: false,
        };
        let limits = self.writer.read_limits();
        for document in read_mapped_json_lines("-", reader, self.options.mapping.clone(), limits) {
            if self.must_stop() {
                break;
            }
            self.update_document(&mut open_file, document.and_then(with_inferred_metadata))?;
        }
        self.count_format(Format::JsonLines, FormatStats::default());
        Ok(())
    }

    /// Adds or replaces each changed document in the content of a file. Returns `false` if the observer stopped the
    /// update before the last document.
    pub(super) fn update_content(
        &mut self,
        open_file: &mut OpenFile<'_>,
        format: Format,
        content: Content,
    ) -> Result<bool> {
        let limits = self.writer.read_limits();
        let mapping = &self.options.mapping;
        let id = open_file.id.clone();
        match content {
            Content::Bytes(bytes) => {
                let mut skipped = BTreeMap::new();
                for document in read_documents(format, &id, &bytes, mapping, limits, &mut skipped) {
                    if self.must_stop() {
                        return Ok(false);
                    }
                    self.update_document(open_file, document)?;
                }
                for (kind, count) in skipped {
                    *self.report.skipped.entry(kind).or_default() += count;
                }
            }
            Content::Lines(lines) => {
                for document in read_mapped_json_lines(&id, lines, mapping.clone(), limits) {
                    if self.must_stop() {
                        return Ok(false);
                    }
                    self.update_document(open_file, document.and_then(with_inferred_metadata))?;
                }
            }
        }
        Ok(true)
    }

    /// Removes the indexed documents of a file that the file no longer contains.
    pub(super) fn remove_outdated(&mut self, open_file: &OpenFile<'_>) -> Result<()> {
        let outdated_ids: BTreeSet<&String> = open_file
            .indexed_hashes
            .keys()
            .filter(|id| !open_file.current_ids.contains(*id))
            .collect();
        for id in outdated_ids {
            self.writer.remove(id)?;
            self.report.removed += 1;
            self.progress.changed(Change::Removed, id);
        }
        Ok(())
    }

    /// Adds or replaces one document. Skips a document whose hash has not changed, and a document whose duplicate is
    /// indexed.
    fn update_document(
        &mut self,
        open_file: &mut OpenFile<'_>,
        document: Result<Document>,
    ) -> Result<()> {
        let mut document = match document {
            Ok(document) => document,
            Err(error) => {
                self.report.failures.push(to_failure(open_file.path, error));
                return Ok(());
            }
        };
        open_file.path.clone_into(&mut document.source);
        document.detect_lang();
        self.options.overrides.apply(&mut document);
        if let Some(reason) = self.id_conflict(open_file, &document.id)? {
            self.add_failure(open_file.path, reason);
            return Ok(());
        }
        let sole_file = open_file.file.filter(|_| open_file.id == document.id);
        let digest = sole_file.map(|_| content_digest(&document));
        if let Some((file, digest)) = sole_file.zip(digest.as_deref())
            && !self.must_index(file, &document.id, digest)?
        {
            open_file.is_sole_document = true;
            return Ok(());
        }
        if open_file.indexed_hashes.get(&document.id) == Some(&document_hash(&document)) {
            self.report.unchanged += 1;
        } else if !self.write_document(open_file, &document, digest.as_deref())? {
            return Ok(());
        }
        open_file.is_sole_document |= digest.is_some();
        open_file.current_ids.insert(document.id);
        Ok(())
    }

    /// Writes a new or changed document. Returns `false`, and reports a failure, if the document cannot be indexed.
    fn write_document(
        &mut self,
        open_file: &OpenFile<'_>,
        document: &Document,
        digest: Option<&str>,
    ) -> Result<bool> {
        let id = &document.id;
        let is_from_standard_input = open_file.path.is_empty();
        let replaces = open_file.indexed_hashes.contains_key(id)
            || (is_from_standard_input && self.writer.source_of(id)?.is_some());
        match self.writer.add_with_digest(document, digest) {
            Ok(passages) => self.report.passages += passages as u64,
            Err(Error::Document { id, reason }) => {
                self.duplicates.remove_file(open_file.path);
                self.add_failure(&id, reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if let Some(error) = document.metadata.get(FRONT_MATTER_ERROR_KEY) {
            let reason = format!("the front matter was read in part: {error}");
            self.report.warnings.push(Failure::new(id, reason));
        }
        let change = if replaces {
            self.report.updated += 1;
            Change::Updated
        } else {
            self.report.added += 1;
            Change::Added
        };
        self.progress.changed(change, id);
        self.taken_ids.insert(id.clone(), open_file.path.to_owned());
        Ok(true)
    }

    /// Returns the reason why a document of a file cannot have the id `id`; `None` if the document can have this id.
    fn id_conflict(&self, open_file: &OpenFile<'_>, id: &str) -> Result<Option<String>> {
        if open_file.current_ids.contains(id) {
            let reason = format!(
                "the id {id:?} occurs twice: only the first document with this id is indexed"
            );
            return Ok(Some(reason));
        }
        let owner_path =
            self.source_of(id)?.filter(|path| path != open_file.path && !open_file.path.is_empty());
        Ok(owner_path.map(|path| format!("the id {id:?} belongs to a document in {path}")))
    }

    /// Returns whether to index the document of `file`; `false` if a duplicate of the document is indexed instead.
    /// Removes the duplicate that the document replaces.
    fn must_index(&mut self, file: &SourceFile, id: &str, digest: &str) -> Result<bool> {
        let [path, root] = [&file.path, &file.root].map(|path| source_path::encode(path));
        match self.duplicates.add_file(digest, Candidate { id: id.to_owned(), path, root }) {
            IndexDecision::Skip => Ok(false),
            IndexDecision::Index { replaces } => {
                if let Some(replaced) = replaces {
                    self.writer.remove(&replaced)?;
                    self.report.removed += 1;
                }
                Ok(true)
            }
        }
    }
}

/// Converts an error into a failure of a document. If the error names no document, returns a failure of the file
/// `path`.
fn to_failure(path: &str, error: Error) -> Failure {
    match error {
        Error::Document { id, reason } => Failure::new(id, reason),
        other => Failure::new(path, other.to_string()),
    }
}
