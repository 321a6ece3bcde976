//! Updates the documents of one file: adds or replaces the documents that differ from the indexed ones.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::BufRead,
};

use super::{
    duplicates::{DuplicateCandidate, IndexDecision, content_digest},
    file::Content,
    recognition::PageProgress,
    report::{Change, Failure, FormatStats, Progress},
    source_path,
    updater::Updater,
    walk::SourceFile,
};
#[cfg(feature = "archive")]
use crate::document::read_large_web_archive;
use crate::{
    document::{
        Document, FRONT_MATTER_ERROR_KEY, Format, ReadSettings, RecordIdForm, read_documents,
        read_mapped_json_lines, with_inferred_metadata,
    },
    error::{Error, Result},
    index::stored::document_hash,
    passage::join_wrapped_lines,
};

/// Kind under which the report counts skipped files that contain nothing but white space.
const EMPTY_FILE_KIND: &str = "empty file";

/// Maximum product of the number of bytes of unreadable lines and the number of ids that are searched in these lines.
/// With a greater product, the search for the ids would take too long.
const MAX_ID_SEARCH_COST: usize = 1 << 30;

/// Source file whose documents are being read.
pub(super) struct OpenFile<'f> {
    /// Path of the file; `None` for standard input.
    pub(super) file: Option<&'f SourceFile>,
    /// Path of the file, encoded as text; empty for standard input.
    pub(super) path: &'f str,
    /// Id of the document if the file contains a single document; otherwise the prefix of the ids of its documents.
    pub(super) id: String,
    /// Hashes of this file's documents in the last commit, by document id.
    pub(super) indexed_hashes: HashMap<String, String>,
    /// Whether to write even documents whose hashes have not changed, because another version of this program read
    /// them and may have split them into other passages.
    pub(super) rewrites_unchanged_documents: bool,
    /// Ids of the documents of this file that are now up to date in the index.
    pub(super) up_to_date_ids: BTreeSet<String>,
    /// Lines of a JSON Lines file that are not valid JSON. Each of these lines may be the record of an indexed
    /// document. `None` for other formats, and for a file that may be cut off because its last line has no line end.
    pub(super) invalid_lines: Option<String>,
    /// Whether the file contains a single document, and this document or a duplicate of this document is indexed.
    pub(super) has_sole_document: bool,
}

impl OpenFile<'_> {
    /// Returns the ids of the indexed documents of the file that this update has not found in the file.
    fn outdated_ids(&self) -> BTreeSet<&String> {
        self.indexed_hashes.keys().filter(|id| !self.up_to_date_ids.contains(*id)).collect()
    }
}

impl<P: Progress> Updater<'_, P> {
    /// Adds the documents in the JSON Lines of `reader`, such as standard input.
    pub(super) fn update_json_lines(&mut self, reader: impl BufRead) -> Result<()> {
        let mut open_file = OpenFile {
            file: None,
            path: "",
            id: "-".to_owned(),
            indexed_hashes: HashMap::new(),
            rewrites_unchanged_documents: false,
            up_to_date_ids: BTreeSet::new(),
            invalid_lines: None,
            has_sole_document: false,
        };
        let (mapping, limits) =
            (self.options.update_options.mapping.clone(), self.writer.read_limits());
        for document in read_mapped_json_lines("-", reader, mapping, limits, RecordIdForm::Stated) {
            if self.must_stop() {
                break;
            }
            self.update_document(&mut open_file, document.and_then(with_inferred_metadata))?;
        }
        self.add_file_to_format_counts(Format::JsonLines, FormatStats::default());
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
        let id = open_file.id.clone();
        let page_progress = PageProgress {
            progress: self.progress,
            must_finish_file: self.is_reading_missing_duplicates,
        };
        let settings = self.options.read_settings(self.writer, &page_progress);
        match content {
            Content::Bytes(bytes) if is_blank(&bytes) => {
                *self.report.skipped.entry(EMPTY_FILE_KIND.to_owned()).or_default() += 1;
            }
            Content::Bytes(bytes) => {
                let mut skipped_counts = BTreeMap::new();
                let documents = read_documents(format, &id, &bytes, settings, &mut skipped_counts);
                if !self.update_changed_documents(open_file, documents)? {
                    return Ok(false);
                }
                self.add_skipped_file_counts(skipped_counts);
                if format == Format::JsonLines && bytes.ends_with(b"\n") {
                    open_file.invalid_lines = Some(invalid_json_lines(&bytes));
                }
            }
            Content::Lines(lines) => {
                let ReadSettings { mapping, limits, .. } = settings;
                let ids = RecordIdForm::PrefixedByFileId;
                let documents = read_mapped_json_lines(&id, lines, mapping.clone(), limits, ids)
                    .map(|document| document.and_then(with_inferred_metadata));
                return self.update_changed_documents(open_file, documents);
            }
            #[cfg(feature = "archive")]
            Content::WebArchive(reader) => {
                let mut skipped = BTreeMap::new();
                let documents = read_large_web_archive(format, &id, reader, settings, &mut skipped);
                if !self.update_changed_documents(open_file, documents)? {
                    return Ok(false);
                }
                self.add_skipped_file_counts(skipped);
            }
        }
        Ok(true)
    }

    /// Adds or replaces each changed document. Returns `false` if the observer stopped the update before the last
    /// document.
    fn update_changed_documents(
        &mut self,
        open_file: &mut OpenFile<'_>,
        documents: impl Iterator<Item = Result<Document>>,
    ) -> Result<bool> {
        for document in documents {
            if self.must_stop() {
                return Ok(false);
            }
            self.update_document(open_file, document)?;
        }
        Ok(true)
    }

    /// Adds the counts of skipped files to the report.
    fn add_skipped_file_counts(&mut self, skipped: BTreeMap<String, u64>) {
        for (kind, count) in skipped {
            *self.report.skipped.entry(kind).or_default() += count;
        }
    }

    /// Removes the indexed documents of a file that the file no longer contains.
    pub(super) fn remove_outdated_documents(&mut self, open_file: &OpenFile<'_>) -> Result<()> {
        self.remove_documents(open_file.outdated_ids())
    }

    /// Removes the indexed documents that a JSON Lines file with unreadable lines certainly no longer contains. Returns
    /// `false`, and removes nothing, if the file may be cut off or has too many such lines.
    pub(super) fn remove_missing_records(&mut self, open_file: &OpenFile<'_>) -> Result<bool> {
        let outdated_ids = open_file.outdated_ids();
        let is_searchable =
            |lines: &&str| lines.len().saturating_mul(outdated_ids.len()) <= MAX_ID_SEARCH_COST;
        let invalid_lines = open_file.invalid_lines.as_deref().filter(is_searchable);
        let Some(invalid_lines) = invalid_lines else { return Ok(false) };
        let failures = &self.report.failures;
        let record_id = |id: &'_ String| {
            let suffix = id.strip_prefix(&open_file.id).and_then(|id| id.strip_prefix(':'));
            suffix.unwrap_or(id).to_owned()
        };
        let is_missing = |id: &&String| {
            !contains_whole_token(invalid_lines, &record_id(id))
                && failures.iter().all(|failure| failure.source != **id)
        };
        let missing_ids = outdated_ids.into_iter().filter(is_missing).collect();
        self.remove_documents(missing_ids)?;
        Ok(true)
    }

    fn remove_documents(&mut self, ids: BTreeSet<&String>) -> Result<()> {
        for id in ids {
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
                self.report.failures.push(failure_from_error(open_file.path, error));
                return Ok(());
            }
        };
        open_file.path.clone_into(&mut document.source);
        document.detect_lang();
        join_wrapped_lines(&mut document);
        self.options.update_options.overrides.apply(&mut document);
        self.report_document(&document);
        if let Some(reason) = self.id_conflict(open_file, &document.id)? {
            self.add_failure(open_file.path, reason);
            return Ok(());
        }
        let sole_file = open_file.file.filter(|_| open_file.id == document.id);
        let digest = sole_file.map(|_| content_digest(&document));
        if let Some((file, digest)) = sole_file.zip(digest.as_deref())
            && !self.must_index(file, &document.id, digest)?
        {
            open_file.has_sole_document = true;
            return Ok(());
        }
        let is_indexed =
            open_file.indexed_hashes.get(&document.id) == Some(&document_hash(&document));
        if is_indexed && !open_file.rewrites_unchanged_documents {
            self.report.unchanged += 1;
        } else if !self.write_document(open_file, &document, digest.as_deref())? {
            return Ok(());
        }
        open_file.has_sole_document |= digest.is_some();
        open_file.up_to_date_ids.insert(document.id);
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
        for part in &document.unread {
            self.report.warnings.push(Failure::new(id, format!("was read in part: {part}")));
        }
        self.writer.declared_fields().values(&document.metadata, |message| {
            let reason = format!("{message}: not searchable in this field");
            self.report.warnings.push(Failure::new(id, reason));
        });
        let change = if replaces {
            self.report.updated += 1;
            Change::Updated
        } else {
            self.report.added += 1;
            Change::Added
        };
        self.progress.changed(change, id);
        self.path_by_added_id.insert(id.clone(), open_file.path.to_owned());
        Ok(true)
    }

    /// Returns the reason why a document of a file cannot have the id `id`; `None` if the document can have this id.
    fn id_conflict(&self, open_file: &OpenFile<'_>, id: &str) -> Result<Option<String>> {
        if open_file.up_to_date_ids.contains(id) {
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
        match self.duplicates.add_file(digest, DuplicateCandidate { id: id.to_owned(), path, root })
        {
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

/// Returns whether a file contains nothing but white space.
fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Returns the lines that are not valid JSON.
fn invalid_json_lines(bytes: &[u8]) -> String {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let is_invalid = |line: &&[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err();
    lines.filter(is_invalid).map(String::from_utf8_lossy).collect()
}

/// Returns whether `text` contains `token` without a letter or digit directly before or after it.
fn contains_whole_token(text: &str, token: &str) -> bool {
    text.match_indices(token).any(|(start, _)| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + token.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Converts an error into a failure of a document. If the error names no document, returns a failure of the file
/// `path`.
fn failure_from_error(path: &str, error: Error) -> Failure {
    match error {
        Error::Document { id, reason } => Failure::new(id, reason),
        other => Failure::new(path, other.to_string()),
    }
}
