//! Bytes → [`Document`]: decoded, read by one file per format, then what is known about it and its
//! language.

mod blocks;
pub(crate) mod body;
mod date;
mod dateline;
mod decode;
mod facts;
pub(crate) mod heading;
mod html;
mod json;
mod lang;
mod markdown;
mod number;
mod sniff;
mod text;

use std::collections::BTreeMap;

pub use self::{date::Date, json::json_lines};
use crate::{
    error::{Error, Result},
    span::Span,
};

/// One release: its text as extraction understood it, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Document {
    /// Unique in an index; unless told otherwise the path relative to the indexed root.
    pub id: String,
    /// Where it was read from; empty for a document that was made in memory.
    pub source: String,
    /// Its title, from front matter, a JSON key, markup or its first line.
    pub title: Option<String>,
    /// `en`, `zh-Hans`, `zh-Hant`, or another BCP 47 code; empty where nobody has looked.
    pub lang: String,
    /// The day it was published, where it is said in full.
    pub date: Option<Date>,
    /// The body that announced it.
    pub issuer: Option<String>,
    /// Its canonical address.
    pub url: Option<String>,
    /// Its number, with the year in 〔〕: `国办发〔1996〕25号`.
    pub number: Option<String>,
    /// What else front matter, JSON keys, meta tags or a table about the document said.
    pub metadata: BTreeMap<String, String>,
    /// Where fields above come from: `date` may come from `meta pubdate`, `table`, `dateline`.
    pub origins: BTreeMap<String, String>,
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

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown, with or without YAML front matter.
    Markdown,
    /// JSON Lines: many documents, see [`json_lines`].
    JsonLines,
    /// A page of HTML.
    Html,
}

impl Document {
    /// A document of plain text, with nothing known about it yet.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Tells the language from the text where none was given.
    pub fn detect_lang(&mut self) {
        if self.lang.is_empty() {
            self.lang = lang::detected(&self.text);
            self.inferred.push("lang".to_owned());
        }
    }
}

/// The document in the bytes of a file; of JSON Lines, all lines as one text: see [`json_lines`].
///
/// # Errors
///
/// [`Error::Document`] where they cannot be read or hold no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let refused = |reason: String| Error::Document { id: id.to_owned(), reason };
    let text = || decode::text(bytes).map_err(refused);
    let mut document = match format {
        Format::Html => html::read(id, &text()?)?,
        Format::Markdown => markdown::read(id, &text()?),
        Format::Text | Format::JsonLines => text::read(id, text()?),
    };
    if document.text.trim().is_empty() {
        return Err(refused("holds no text".to_owned()));
    }
    document.infer_facts();
    document.detect_lang();
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"\xff\xfe"[..], b"a\0b", b" \n", b"---\ntitle: only\n---\n"] {
            assert!(read(Format::Markdown, "x", bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn line_ends_and_byte_order_mark() {
        let document = read(Format::Text, "x", b"\xEF\xBB\xBFA Title\r\n\r\nText.\r\n").unwrap();
        assert_eq!(document.text, "A Title\n\nText.\n");
        assert_eq!((document.title.as_deref(), document.lang.as_str()), (Some("A Title"), "en"));
        assert_eq!(document.inferred, ["title", "lang"]);
    }
}
