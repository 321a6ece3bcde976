//! Data types [`Document`] and [`Block`]. The readers of file formats fill a document and its blocks. The module
//! `metadata` then infers missing metadata.

use std::collections::BTreeMap;

use super::{
    left_out::LeftOut,
    metadata::date::Date,
    place::{Place, PlaceStart},
};
use crate::{error::Error, span::Span};

/// A document, usually a press release: its extracted text and its metadata.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Document {
    /// Id, unique in an index. By default, the path of the file relative to the indexed folder.
    pub id: String,
    /// Path of the file from which the document was read. Empty for a document made in memory.
    pub source: String,
    /// Title, from front matter, a JSON key, markup or the first line.
    pub title: Option<String>,
    /// Language: `en`, `zh-Hans`, `zh-Hant`, or another BCP 47 code. Empty until the language is detected.
    pub lang: String,
    /// Language that the file declares. Counts only if the text fits several languages, because many files declare the
    /// language of their template. Empty if the file declares none.
    pub(crate) declared_lang: String,
    /// Day of publication. `None` if year, month or day is unknown.
    pub date: Option<Date>,
    /// Name of the organization that issued the document. `None` if unknown.
    pub issuer: Option<String>,
    /// Canonical URL. `None` if unknown.
    pub url: Option<String>,
    /// Document number, with the year in 〔〕: `国办发〔1996〕25号`. `None` if the document has no number.
    pub number: Option<String>,
    /// Further metadata by key, from front matter, JSON keys, meta tags or tables of metadata labels.
    pub metadata: BTreeMap<String, String>,
    /// Origin of each metadata value, by field name. Examples for the field `date`: `meta pubdate`, `table`,
    /// `dateline`.
    pub origins: BTreeMap<String, String>,
    /// Names of the fields whose values were inferred from the text, because the file does not state them.
    pub inferred: Vec<String>,
    /// Document text. The spans of blocks and passages are byte ranges of this text.
    pub text: String,
    /// Blocks from markup, in order. Empty for a text without markup: [`crate::passage::passages`] then derives the
    /// blocks from the lines of the text.
    pub blocks: Vec<Block>,
    /// Byte offsets in the text at which the pages begin, in order. Empty for a document without pages.
    pub pages: Vec<usize>,
    /// Indexes of the pages, from 0, whose text was recognized in a picture (OCR). Ascending.
    pub recognized_pages: Vec<usize>,
    /// Slides or cells from which the text was read, in the order of their offsets. Empty for a document without slides
    /// and cells.
    pub places: Vec<PlaceStart>,
    /// Texts of the file that are not part of the document text, in the order in which the reader found them.
    pub left_out: Vec<LeftOut>,
    /// Parts of the file that could not be read, such as a chapter that is missing, each with the reason.
    pub unread: Vec<String>,
}

/// A title, heading or paragraph of a document text.
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
    /// Paragraph of running text. Becomes one or more passages.
    Paragraph,
}

impl Document {
    /// Returns a document with the given id and text, without metadata.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Returns whether the text consists of the rows of tables.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.places.first(), Some(PlaceStart { place: Place::Cells { .. }, .. }))
    }
}

/// Returns the error for a document that cannot be read.
pub(super) fn unreadable(id: &str, reason: impl Into<String>) -> Error {
    Error::Document { id: id.to_owned(), reason: reason.into() }
}
