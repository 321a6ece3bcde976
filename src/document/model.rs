//! A document and its blocks: the types that readers fill and metadata completes.

use std::collections::BTreeMap;

use super::metadata::date::Date;
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
}

/// Returns the error of a document that cannot be read.
pub(super) fn unreadable(id: &str, reason: impl Into<String>) -> Error {
    Error::Document { id: id.to_owned(), reason: reason.into() }
}
