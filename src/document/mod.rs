//! Bytes → [`Document`]: one file per format, then title, date and language from what was read.

mod date;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::date::Date;
use crate::span::Span;

/// One release: its text as extraction understood it, and what is known about it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Document {
    /// Unique in an index; unless told otherwise the path relative to the indexed root.
    pub id: String,
    /// Where it was read from; empty for a document that was made in memory.
    pub source: String,
    /// Its title, from front matter, a JSON key, markup or its first line.
    pub title: Option<String>,
    /// `en`, `zh-Hans`, `zh-Hant`, or another BCP 47 code; empty where it cannot be told.
    pub lang: String,
    /// The day it was published, where it is said in full.
    pub date: Option<Date>,
    /// The body that announced it.
    pub issuer: Option<String>,
    /// Its canonical address.
    pub url: Option<String>,
    /// What else front matter or JSON keys said.
    pub metadata: BTreeMap<String, String>,
    /// Names of the fields above that were inferred from the text rather than read.
    pub inferred: Vec<String>,
    /// The document text. Spans of blocks and passages point into it.
    pub text: String,
    /// The blocks that markup told apart, in order. Empty where the text has no markup: then the
    /// shape of its lines decides, in [`crate::passages`].
    pub blocks: Vec<Block>,
}

/// A stretch of document text between two block boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the document text.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a [`Block`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The title of the document.
    Title,
    /// A heading of the given level, from 1 (outermost).
    Heading(u8),
    /// Running text: becomes a passage.
    Paragraph,
}

impl Document {
    /// A document of plain text. Title and language are found by [`Document::read_text`] for files;
    /// here they are what the caller sets.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }
}
