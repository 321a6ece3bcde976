//! Settings, counts and limits that a file and the files inside it share.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

#[cfg(feature = "pdf")]
use crate::document::recognition::Recognition;
use crate::{
    document::{
        format::{WebOrigin, field_mapping::FieldMapping},
        limits::{ReadLimits, format_size},
        metadata::{self, fields::MetadataField},
        model::{Document, unreadable},
    },
    error::Result,
};

/// Number of skipped files inside another file, by extension. A file is skipped if its format is not supported.
type SkippedFileCounts<'a> = Rc<RefCell<&'a mut BTreeMap<String, u64>>>;

/// Maximum nesting depth of a file: the number of files around it, each inside the next.
const MAX_NESTING_DEPTH: usize = 8;
/// Maximum number of files at a nesting depth of 2 or more that are read. The limit is needed because a PDF may be
/// attached to itself.
const MAX_NESTED_FILES: usize = 10_000;

/// Settings with which files are read.
#[derive(Clone, Copy)]
pub(crate) struct ReadSettings<'a> {
    /// Mapping of JSON keys to document fields.
    pub(crate) mapping: &'a FieldMapping,
    pub(crate) limits: ReadLimits,
    /// Recognition of scans and pictures. `None` if their text is not recognized.
    #[cfg(feature = "pdf")]
    pub(crate) recognition: Option<Recognition<'a>>,
}

impl<'a> ReadSettings<'a> {
    /// Returns settings without text recognition.
    pub(crate) const fn new(mapping: &'a FieldMapping, limits: ReadLimits) -> Self {
        Self {
            mapping,
            limits,
            #[cfg(feature = "pdf")]
            recognition: None,
        }
    }

    /// Returns whether the text of scans and pictures is recognized.
    #[cfg_attr(
        not(feature = "pdf"),
        expect(clippy::unused_self, reason = "only PDF pages and pictures are recognized")
    )]
    pub(super) const fn recognizes_text(&self) -> bool {
        #[cfg(feature = "pdf")]
        return self.recognition.is_some();
        #[cfg(not(feature = "pdf"))]
        return false;
    }
}

/// Settings, counts and limits that a file and the files inside it share.
#[derive(Clone)]
pub(super) struct ReadContext<'a> {
    pub(super) settings: ReadSettings<'a>,
    skipped_file_counts: SkippedFileCounts<'a>,
    /// Nesting depth of the current file: the number of files around it, each inside the next.
    nesting_depth: usize,
    /// Number of files at a nesting depth of 2 or more that may still be read.
    nested_files_left: Rc<Cell<usize>>,
    /// URL from which a crawler saved the current file, and the time. `None` for a file outside of web archives.
    pub(super) web_origin: Option<WebOrigin>,
}

impl<'a> ReadContext<'a> {
    pub(super) fn new(settings: ReadSettings<'a>, skipped: &'a mut BTreeMap<String, u64>) -> Self {
        Self {
            settings,
            skipped_file_counts: Rc::new(RefCell::new(skipped)),
            nesting_depth: 0,
            nested_files_left: Rc::new(Cell::new(MAX_NESTED_FILES)),
            web_origin: None,
        }
    }

    /// Counts a file inside another file that is skipped. `kind` is the extension of the skipped file, or the reason.
    pub(super) fn count_skipped_file(&self, kind: &str) {
        *self.skipped_file_counts.borrow_mut().entry(kind.to_owned()).or_default() += 1;
    }

    /// Returns the context of a file inside the current file. `web_origin` states the URL from which a crawler saved
    /// the file, if it is known.
    ///
    /// # Errors
    ///
    /// The reason, if the file is nested too deeply, or if too many nested files have been read.
    pub(super) fn nested(&self, web_origin: Option<WebOrigin>) -> Result<Self, String> {
        let nesting_depth = self.nesting_depth + 1;
        if nesting_depth > MAX_NESTING_DEPTH {
            return Err(format!("is inside more than {MAX_NESTING_DEPTH} files"));
        }
        if nesting_depth > 1 {
            let files_left = self.nested_files_left.get().checked_sub(1);
            let files_left =
                files_left.ok_or_else(|| format!("follows {MAX_NESTED_FILES} attached files"))?;
            self.nested_files_left.set(files_left);
        }
        Ok(Self { nesting_depth, web_origin, ..self.clone() })
    }

    /// Completes the metadata of a document, and checks the size of its text.
    pub(super) fn complete_document(&self, document: Document) -> Result<Document> {
        let mut document = check_text_size(document, self.settings.limits)?;
        if let Some(WebOrigin { address, saved_at }) = &self.web_origin {
            document.fill_field(MetadataField::Url, address, "web archive");
            if !saved_at.is_empty() {
                document.metadata.insert("saved".to_owned(), saved_at.clone());
            }
        }
        with_inferred_metadata(document)
    }
}

/// Returns the document, or an error if its text is too large. The limit of the file size is not enough, because a
/// compressed file (Word, EPUB, PDF) can be smaller than its text.
fn check_text_size(document: Document, limits: ReadLimits) -> Result<Document> {
    if document.text.len() as u64 > limits.max_text_bytes() {
        let reason = format!("holds text of more than {}", format_size(limits.max_text_bytes()));
        return Err(unreadable(&document.id, reason));
    }
    Ok(document)
}

/// Completes a document with metadata inferred from its text, including the language.
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the document has no text.
pub(crate) fn with_inferred_metadata(mut document: Document) -> Result<Document> {
    if document.text.trim().is_empty() {
        return Err(unreadable(&document.id, "holds no text"));
    }
    metadata::complete_metadata(&mut document);
    Ok(document)
}
