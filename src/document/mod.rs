//! Bytes → [`Document`]: one file per format, then title and language from what was read.

#[cfg(feature = "archive")]
mod archive;
#[cfg(any(feature = "docx", feature = "pdf"))]
mod blocks;
mod date;
#[cfg(feature = "docx")]
mod docx;
mod file;
mod json;
mod lang;
mod markdown;
#[cfg(feature = "docx")]
mod odt;
#[cfg(feature = "pdf")]
mod pdf;
mod text;
#[cfg(feature = "docx")]
mod xml;

use std::{collections::BTreeMap, path::Path};

pub(crate) use self::file::{documents, kind};
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
    /// What else front matter or JSON keys said.
    pub metadata: BTreeMap<String, String>,
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
    /// A PDF file.
    Pdf,
    /// A Word file.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// A file of any other format, compressed.
    Gzip,
    /// A zip archive: a document or more for each file in it.
    Zip,
}

impl Format {
    /// The format that a file's name tells; none where this program does not read such files.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            #[cfg(feature = "pdf")]
            "pdf" => Some(Self::Pdf),
            #[cfg(feature = "docx")]
            "docx" | "docm" | "dotx" => Some(Self::Docx),
            #[cfg(feature = "docx")]
            "odt" | "ott" => Some(Self::Odt),
            #[cfg(feature = "archive")]
            "gz" => Self::of(Path::new(path.file_stem()?)).map(|_| Self::Gzip),
            #[cfg(feature = "archive")]
            "zip" => Some(Self::Zip),
            _ => None,
        }
    }

    /// The format that the bytes of a file tell, whatever its name; where they tell none, `self`.
    pub(crate) fn by_content(self, bytes: &[u8]) -> Self {
        match bytes {
            #[cfg(feature = "pdf")]
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            #[cfg(feature = "archive")]
            [0x1F, 0x8B, ..] => Self::Gzip,
            #[cfg(feature = "archive")]
            [b'P', b'K', 3, 4, ..] => archive::format(bytes, self),
            _ => self,
        }
    }

    /// Whether a file of this format may hold more than one document.
    pub(crate) const fn holds_many(self) -> bool {
        matches!(self, Self::JsonLines | Self::Gzip | Self::Zip)
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
            self.lang = lang::detected(&self.text);
            self.inferred.push("lang".to_owned());
        }
    }
}

/// The document in the bytes of a file that holds one. Content that tells another format than the one
/// given is believed.
///
/// # Errors
///
/// [`Error::Document`] where they are damaged, protected, not UTF-8, or hold no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let refused = |reason: &str| Error::Document { id: id.to_owned(), reason: reason.to_owned() };
    let mut document = match format.by_content(bytes) {
        #[cfg(feature = "pdf")]
        Format::Pdf => pdf::read(id, bytes)?,
        #[cfg(feature = "docx")]
        Format::Docx => docx::read(id, bytes)?,
        #[cfg(feature = "docx")]
        Format::Odt => odt::read(id, bytes)?,
        Format::Gzip | Format::Zip => return Err(refused("is packed: unpack it first")),
        format => written(format, id, bytes)?,
    };
    if document.text.trim().is_empty() {
        return Err(refused("holds no text"));
    }
    document.detect_lang();
    Ok(document)
}

/// The document in the bytes of a text or Markdown file.
fn written(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let refused = |reason: String| Error::Document { id: id.to_owned(), reason };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(refused("looks like a binary file: it holds NUL bytes".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        refused(format!(
            "is not UTF-8 (byte {}): convert it, other encodings are not read yet",
            error.valid_up_to()
        ))
    })?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(match format {
        Format::Markdown => markdown::read(id, &text),
        _ => text::read(id, text),
    })
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
