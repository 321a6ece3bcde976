//! The bytes of a file come in, and its [`Document`]s go out: text, blocks and metadata.
//!
//! `format/` decodes the bytes and reads one file format in each module; `metadata/` finds title,
//! date, issuer, number and language. Open `read.rs` first: it joins the two.

mod blocks;
mod format;
pub(crate) mod heading;
mod limits;
mod metadata;
mod read;

use std::collections::BTreeMap;

pub(crate) use self::{
    format::json_lines::read_mapped_json_lines,
    limits::ReadLimits,
    metadata::{is_organization_word, issuer_in_heading},
    read::{extension_label, read_documents, with_inferred_metadata},
};
pub use self::{
    format::{Format, field_mapping::FieldMapping, json_lines::read_json_lines},
    metadata::{Date, MetadataOverrides, ParseDateError},
    read::{read, read_all},
};
use crate::{error::Error, span::Span};

/// One release: its text as extraction produced it, and its metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Document {
    /// Id, unique in an index; by default the path relative to the indexed root.
    pub id: String,
    /// Path of the file that it was read from; empty for a document made in memory.
    pub source: String,
    /// Title, from front matter, a JSON key, markup or the first line.
    pub title: Option<String>,
    /// Language: `en`, `zh-Hans`, `zh-Hant`, or another BCP 47 code. Empty until it is detected.
    pub lang: String,
    /// Day of publication, `None` unless the document states year, month and day.
    pub date: Option<Date>,
    /// Announcing body.
    pub issuer: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// Document number, with the year in 〔〕: `国办发〔1996〕25号`.
    pub number: Option<String>,
    /// Other values that front matter, JSON keys, meta tags or a table about the document state.
    pub metadata: BTreeMap<String, String>,
    /// Origin of each of the fields above, by field: `date` may come from `meta pubdate`, `table`,
    /// `dateline`.
    pub origins: BTreeMap<String, String>,
    /// Names of the fields above that were inferred from the text rather than read.
    pub inferred: Vec<String>,
    /// Document text. Spans of blocks and passages point into it.
    pub text: String,
    /// Blocks that markup sets apart, in order. Empty for a text without markup:
    /// [`crate::passage::passages`] then splits it by the shape of its lines.
    pub blocks: Vec<Block>,
    /// Offset in the text where each page begins; empty for a document without pages.
    pub pages: Vec<usize>,
}

/// A heading or a paragraph of a document text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Byte range in the document text.
    pub span: Span,
    /// Kind of the block.
    pub kind: BlockKind,
}

/// Kind of a [`Block`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Title of the document.
    Title,
    /// Heading of the given level, from 1 (outermost).
    Heading(u8),
    /// Running text, which becomes a passage.
    Paragraph,
}

impl Document {
    /// Returns a document of plain text without metadata.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Detects the language from the text if none is set.
    pub fn detect_lang(&mut self) {
        if self.lang.is_empty() {
            self.lang = metadata::language::detect(&self.text);
            self.inferred.push("lang".to_owned());
        }
    }
}

/// Returns the error of a document that cannot be read.
fn unreadable(id: &str, reason: impl Into<String>) -> Error {
    Error::Document { id: id.to_owned(), reason: reason.into() }
}
