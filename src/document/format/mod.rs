//! File formats: the bytes of a file come in, and a [`Document`] with its text, blocks and stated
//! metadata goes out.
//!
//! Each reader is one module, and each format is one line of the table below, which everything else
//! derives from: its name, its detection ([`detect`]) and its reader. Open that table first. To add
//! a format, write its reader and declare its module, then add its line; name the Cargo feature if
//! there is one.

#[cfg(feature = "archive")]
pub(super) mod archive;
mod detect;
#[cfg(feature = "docx")]
mod docx;
pub(super) mod encoding;
#[cfg(feature = "archive")]
mod epub;
mod feed;
pub(super) mod field_mapping;
mod html;
mod json;
pub(super) mod json_lines;
mod markdown;
#[cfg(feature = "docx")]
mod odt;
#[cfg(feature = "pdf")]
mod pdf;
pub(super) mod text;
#[cfg(feature = "archive")]
mod xml;

use self::field_mapping::FieldMapping;
use super::Document;
#[cfg(any(feature = "archive", feature = "pdf"))]
use super::ReadLimits;
use crate::error::Result;

/// Facts about one format.
#[derive(Debug, Clone, Copy)]
struct FormatFacts {
    name: &'static str,
    extensions: &'static [&'static str],
    signature: Signature,
    /// `None` if this build lacks the Cargo feature of the format.
    reader: Option<Reader>,
}

/// What the content of a file must have to be of a format.
#[derive(Debug, Clone, Copy)]
enum Signature {
    /// Nothing that sets it apart: the name of the file or the shape of its text tells.
    None,
    /// The first bytes of the file.
    Bytes(&'static [u8]),
    /// The beginning of the first tag, in lower case: one of these.
    Tag(&'static [&'static str]),
    /// A zip archive with this member. `None` if only the extension tells the format from others
    /// with equal members.
    ZipMember(
        #[cfg_attr(not(feature = "archive"), expect(dead_code, reason = "needs zip archives"))]
        Option<&'static str>,
    ),
}

/// How a file becomes documents. An error of one document is its reason, without the id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader {
    /// One document, from the id and the decoded text.
    Text(fn(&str, String) -> Result<Document, String>),
    /// Many documents, from the id, the decoded text and the field mapping.
    Texts(fn(&str, &str, &FieldMapping) -> Vec<Result<Document>>),
    /// Many documents in JSON Lines, read one by one.
    JsonLines,
    /// One document, from the id and the bytes.
    #[cfg(any(feature = "archive", feature = "pdf"))]
    Bytes(fn(&str, &[u8], ReadLimits) -> Result<Document, String>),
    /// One compressed file of another format.
    #[cfg(feature = "archive")]
    Gzip,
    /// An archive of files of other formats.
    #[cfg(feature = "archive")]
    Zip,
}

/// Declares [`Format`] and the facts about each format.
macro_rules! formats {
    ($(
        $(#[$doc:meta])*
        $format:ident($name:literal, $extensions:expr, $signature:expr, $reader:expr $(, feature = $feature:tt)?);
    )*) => {
        /// Format of a file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Format {
            $($(#[$doc])* $format,)*
        }

        impl Format {
            /// All formats, including those that this build cannot read.
            pub const ALL: &[Self] = &[$(Self::$format),*];

            const fn facts(self) -> &'static FormatFacts {
                match self {
                    $(Self::$format => {
                        const FACTS: FormatFacts = FormatFacts {
                            name: $name,
                            extensions: &$extensions,
                            signature: $signature,
                            $(
                                #[cfg(not(feature = $feature))]
                                reader: None,
                                #[cfg(feature = $feature)]
                            )?
                            reader: Some($reader),
                        };
                        &FACTS
                    })*
                }
            }
        }
    };
}

const HTML_TAGS: [&str; 6] = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"];
const FEED_TAGS: [&str; 4] = ["<rss", "<feed", "<rdf:rdf", "<!doctype rss"];

// Name, extensions without the dot (the usual one first), signature, reader, Cargo feature.
formats! {
    /// Plain text.
    Text("text", ["txt", "text"], Signature::None, Reader::Text(|id, text| Ok(text::read(id, text))));
    /// Markdown, with or without YAML front matter.
    Markdown("Markdown", ["md", "markdown"], Signature::None, Reader::Text(|id, text| Ok(markdown::read(id, &text))));
    /// JSON Lines, one document a line: see [`read_json_lines`](crate::document::read_json_lines).
    JsonLines("JSON Lines", ["jsonl", "ndjson"], Signature::None, Reader::JsonLines);
    /// A page of HTML.
    Html("HTML", ["html", "htm", "xhtml", "shtml"], Signature::Tag(&HTML_TAGS), Reader::Text(|id, text| html::read(id, &text)));
    /// JSON with one document or many.
    Json("JSON", ["json"], Signature::None, Reader::Texts(json::read));
    /// A feed in RSS or Atom, one document an entry.
    Feed("feed", ["rss", "atom"], Signature::Tag(&FEED_TAGS), Reader::Texts(|id, text, _| feed::read(id, text)));
    /// A PDF file.
    Pdf("PDF", ["pdf"], Signature::Bytes(b"%PDF-"), Reader::Bytes(|id, bytes, _| pdf::read(id, bytes)), feature = "pdf");
    /// A Word file.
    Docx("Word", ["docx", "docm", "dotx"], Signature::ZipMember(Some("word/document.xml")), Reader::Bytes(docx::read), feature = "docx");
    /// An OpenDocument text.
    Odt("OpenDocument", ["odt", "ott"], Signature::ZipMember(None), Reader::Bytes(odt::read), feature = "docx");
    /// A book in the format EPUB.
    Epub("EPUB", ["epub"], Signature::ZipMember(Some("META-INF/container.xml")), Reader::Bytes(epub::read), feature = "archive");
    /// A compressed file of any other format.
    Gzip("gzip", ["gz"], Signature::Bytes(&[0x1F, 0x8B]), Reader::Gzip, feature = "archive");
    /// A zip archive, one document or more for each file in it.
    Zip("zip", ["zip"], Signature::Bytes(b"PK\x03\x04"), Reader::Zip, feature = "archive");
}

impl Format {
    /// Returns the usual name of the format.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the extensions of its files, in lower case and without the dot, the usual one first.
    pub const fn extensions(self) -> &'static [&'static str] {
        self.facts().extensions
    }

    /// Returns whether a file of this format may hold many documents, each with an id of its own.
    pub const fn holds_many(self) -> bool {
        match self {
            Self::Gzip | Self::Zip => true,
            _ => matches!(self.reader(), Some(Reader::Texts(_) | Reader::JsonLines)),
        }
    }

    /// Returns the reader of the format, `None` if this build lacks its Cargo feature.
    pub(super) const fn reader(self) -> Option<Reader> {
        self.facts().reader
    }
}
