//! Bytes → [`Document`]: decoded, read by one file per format, then what is known about it and its
//! language.

mod blocks;
mod format;
pub(crate) mod heading;
mod limits;
mod metadata;
mod read;

pub(crate) use self::metadata::{is_organization_word, issuer_in_heading};

use std::collections::BTreeMap;

pub(crate) use self::{
    format::json::mapped_lines,
    limits::ReadLimits,
    read::{documents, kind},
};
pub use self::{
    format::{field_mapping::FieldMapping, json::json_lines},
    metadata::{Date, MetadataOverrides, ParseDateError},
};
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
    /// Where in the text each page begins, for a document that has pages.
    pub pages: Vec<usize>,
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
    /// One document in JSON, or many.
    Json,
    /// A feed in RSS or Atom: many documents.
    Feed,
    /// A PDF file.
    Pdf,
    /// A Word file.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// A book in the format EPUB.
    Epub,
    /// A file of any other format, compressed.
    Gzip,
    /// A zip archive: a document or more for each file in it.
    Zip,
}

impl Format {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "Markdown",
            Self::JsonLines => "JSON Lines",
            Self::Html => "HTML",
            Self::Json => "JSON",
            Self::Feed => "feed",
            Self::Pdf => "PDF",
            Self::Docx => "Word",
            Self::Odt => "OpenDocument",
            Self::Epub => "EPUB",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
        }
    }

    /// Whether a file of this format may hold many documents, each with an id of its own.
    pub const fn holds_many(self) -> bool {
        matches!(self, Self::JsonLines | Self::Json | Self::Feed | Self::Gzip | Self::Zip)
    }
}

impl Document {
    /// A document of plain text, with nothing known about it yet.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Tells the language from the text where none was given.
    pub fn detect_lang(&mut self) {
        if self.lang.is_empty() {
            self.lang = metadata::language::detect(&self.text);
            self.inferred.push("lang".to_owned());
        }
    }
}

/// The document in the bytes of a file; the first one where they hold many, see [`read_all`].
///
/// # Errors
///
/// [`Error::Document`] where they cannot be read or hold no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let none = || Err(Error::Document { id: id.to_owned(), reason: "holds no text".to_owned() });
    read_all(format, id, bytes).into_iter().next().unwrap_or_else(none)
}

/// All documents in the bytes of a file, each with what is known about it, or why it is not read.
pub fn read_all(format: Format, id: &str, bytes: &[u8]) -> Vec<Result<Document>> {
    read_within(format, id, bytes, &FieldMapping::default(), ReadLimits::default())
}

/// The same, where keys of JSON are named, and what is large is refused.
fn read_within(
    format: Format,
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    bounds: ReadLimits,
) -> Vec<Result<Document>> {
    let text = || {
        if bytes.len() as u64 > bounds.text() {
            let most = limits::shown(bounds.text());
            return Err(refused(id, format!("is text of more than {most}")));
        }
        format::encoding::text(bytes).map_err(|reason| refused(id, reason))
    };
    // A format is a line here and in `sniff`.
    let read = match format {
        Format::Text => text().map(|text| vec![Ok(format::text::read(id, text))]),
        Format::Markdown => text().map(|text| vec![Ok(format::markdown::read(id, &text))]),
        Format::Html => text().map(|text| vec![format::html::read(id, &text)]),
        Format::Json => text().map(|text| format::json_lines::documents(id, &text, mapping)),
        Format::Feed => text().map(|text| format::feed::documents(id, &text)),
        Format::JsonLines => Ok(mapped_lines(id, bytes, mapping.clone(), bounds).collect()),
        #[cfg(feature = "pdf")]
        Format::Pdf => format::pdf::read(id, bytes).map(|document| vec![Ok(document)]),
        #[cfg(feature = "docx")]
        Format::Docx => format::docx::read(id, bytes, bounds).map(|document| vec![Ok(document)]),
        #[cfg(feature = "docx")]
        Format::Odt => format::odt::read(id, bytes, bounds).map(|document| vec![Ok(document)]),
        #[cfg(feature = "archive")]
        Format::Epub => format::epub::read(id, bytes, bounds).map(|document| vec![Ok(document)]),
        Format::Gzip | Format::Zip => Err(refused(id, "is packed: unpack it first".to_owned())),
        // `docx` includes `archive`.
        #[cfg(not(all(feature = "pdf", feature = "docx")))]
        _ => Err(refused(id, "this program was built without what reads it".to_owned())),
    };
    let documents = read.unwrap_or_else(|error| vec![Err(error)]);
    let small = |document: Document| within(document, bounds);
    documents.into_iter().map(|document| document.and_then(small).and_then(completed)).collect()
}

/// Returns the document with its metadata completed from its text.
///
/// # Errors
///
/// [`Error::Document`] if the text is blank.
pub(crate) fn completed(mut document: Document) -> Result<Document> {
    if document.text.trim().is_empty() {
        return Err(refused(&document.id, "holds no text".to_owned()));
    }
    metadata::complete(&mut document);
    Ok(document)
}

/// A document, if its text is no longer than it may be: what is packed may hold more than its file.
fn within(document: Document, bounds: ReadLimits) -> Result<Document> {
    if document.text.len() as u64 > bounds.text() {
        let most = limits::shown(bounds.text());
        return Err(refused(&document.id, format!("holds text of more than {most}")));
    }
    Ok(document)
}

fn refused(id: &str, reason: String) -> Error {
    Error::Document { id: id.to_owned(), reason }
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

    const FORMATS: [Format; 10] = [
        Format::Text,
        Format::Markdown,
        Format::JsonLines,
        Format::Html,
        Format::Json,
        Format::Feed,
        Format::Pdf,
        Format::Docx,
        Format::Odt,
        Format::Epub,
    ];

    /// What holds of every document of any format, whatever its bytes are.
    fn is_sound(bytes: &[u8]) -> Result<(), proptest::test_runner::TestCaseError> {
        for format in FORMATS {
            for document in read_all(format, "x", bytes).into_iter().flatten() {
                let mut end = 0;
                for block in &document.blocks {
                    let text = document.text.get(block.span.start..block.span.end);
                    proptest::prop_assert!(text.is_some(), "{format:?} {block:?}");
                    proptest::prop_assert!(block.span.start >= end && !block.span.is_empty());
                    end = block.span.end;
                }
                proptest::prop_assert!(!document.text.trim().is_empty());
            }
        }
        Ok(())
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            is_sound(&bytes)?;
        }

        #[test]
        fn anything_like_a_document_is_read_or_refused(
            text in r#"(<(/?(p|b|h1|h2|br|table|tr|td|th|title|li|div|a href="\#x"|item|entry|title|description|content|main|nav|pre)|meta name="pubdate" content="2025-1-1"|!\[CDATA\[)>|\]\]>|["{}\[\]:,]|"(title|text|body|date)":|---\n|\# |\n|&(amp|nbsp|z);|发布时间：|2025年1月1日|标题|局|一、|Text\. |[　  ]|\PC){0,80}"#
        ) {
            is_sound(text.as_bytes())?;
        }
    }
}
