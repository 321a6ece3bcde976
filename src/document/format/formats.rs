//! Table of the file formats. Each format is one line with its name, extensions, signature and
//! reader.

#[cfg(feature = "archive")]
use super::compressed::{self, UnpackFn};
use super::contained::ReadContentsFn;
#[cfg(feature = "archive")]
use super::epub;
#[cfg(feature = "mail")]
use super::mail;
#[cfg(feature = "ofd")]
use super::ofd;
#[cfg(feature = "office97")]
use super::ole;
#[cfg(feature = "pdf")]
use super::{contained::Contents, pdf, picture};
use super::{csv, feed, field_mapping::FieldMapping, html, json, markdown, rtf, text};
#[cfg(feature = "docx")]
use super::{docx, ods, odt, pptx, xlsx};
#[cfg(feature = "archive")]
use super::{tar, warc};
#[cfg(feature = "pdf")]
use crate::document::recognition::Recognition;
use crate::{
    document::{limits::ReadLimits, model::Document},
    error::Result,
};

/// Declares [`Format`] and the properties of each format.
macro_rules! formats {
    ($(
        $(#[$doc:meta])*
        $format:ident(
            $name:literal, $extensions:expr, $signature:expr, $reader:expr $(, feature = $feature:tt)?
        );
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

            const fn properties(self) -> &'static FormatProperties {
                match self {
                    $(Self::$format => {
                        const PROPERTIES: FormatProperties = FormatProperties {
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
                        &PROPERTIES
                    })*
                }
            }
        }
    };
}

// Each line states the name of a format, its extensions without the dot (the most common first),
// its signature and its reader. If the format needs a Cargo feature, the line ends with the
// feature.
formats! {
    /// Plain text.
    Text("text", ["txt", "text"], FormatSignature::None, FormatReader::Text(|id, text| Ok(text::read(id, text))));
    /// Markdown, with or without YAML front matter.
    Markdown("Markdown", ["md", "markdown"], FormatSignature::None, FormatReader::Text(|id, text| Ok(markdown::read(id, &text))));
    /// JSON Lines with one document per line: see
    /// [`read_json_lines`](crate::document::read_json_lines).
    JsonLines("JSON Lines", ["jsonl", "ndjson"], FormatSignature::None, FormatReader::JsonLines);
    /// A table as comma-separated or tab-separated values.
    Csv("CSV", ["csv", "tsv", "tab"], FormatSignature::None, FormatReader::Texts(csv::read));
    /// An HTML page.
    Html("HTML", ["html", "htm", "xhtml", "shtml"], FormatSignature::Tag(&HTML_TAGS), FormatReader::Text(|id, text| html::read(id, &text)));
    /// JSON with one or several documents.
    Json("JSON", ["json"], FormatSignature::None, FormatReader::Texts(json::read));
    /// A feed in RSS or Atom, with one document per entry.
    Feed("feed", ["rss", "atom"], FormatSignature::Tag(&FEED_TAGS), FormatReader::Texts(|id, text, _| feed::read(id, text)));
    /// A PDF file.
    Pdf("PDF", ["pdf"], FormatSignature::Bytes(b"%PDF-"), FormatReader::Pages(pdf::read), feature = "pdf");
    /// A picture of text. It is read only if text recognition is requested.
    Picture("picture", ["png", "jpg", "jpeg", "tif", "tiff"], FormatSignature::None, FormatReader::Pages(picture::read), feature = "pdf");
    /// A file in Rich Text Format.
    Rtf("Rich Text Format", ["rtf"], FormatSignature::Bytes(b"{\\rtf"), FormatReader::Bytes(rtf::read));
    /// A Word file.
    Docx("Word", ["docx", "docm", "dotx"], FormatSignature::ZipMember(Some("word/document.xml")), FormatReader::Bytes(docx::read), feature = "docx");
    /// An Excel workbook.
    Xlsx("Excel", ["xlsx", "xlsm", "xltx", "xltm"], FormatSignature::ZipMember(Some("xl/workbook.xml")), FormatReader::Bytes(xlsx::read), feature = "docx");
    /// A PowerPoint presentation.
    Pptx("PowerPoint", ["pptx", "pptm", "ppsx", "potx"], FormatSignature::ZipMember(Some("ppt/presentation.xml")), FormatReader::Bytes(pptx::read), feature = "docx");
    /// An OpenDocument text.
    Odt("OpenDocument", ["odt", "ott", "fodt"], FormatSignature::ZipMember(None), FormatReader::Bytes(odt::read), feature = "docx");
    /// An OpenDocument spreadsheet.
    Ods("OpenDocument spreadsheet", ["ods", "ots", "fods"], FormatSignature::ZipMember(None), FormatReader::Bytes(ods::read), feature = "docx");
    /// An OpenDocument presentation.
    Odp("OpenDocument presentation", ["odp", "otp", "fodp"], FormatSignature::ZipMember(None), FormatReader::Bytes(odt::read), feature = "docx");
    /// A Chinese document with a fixed page layout (GB/T 33190).
    Ofd("OFD", ["ofd"], FormatSignature::ZipMember(Some("OFD.xml")), FormatReader::Bytes(ofd::read), feature = "ofd");
    /// A file of Word 97 to 2003, or of WPS Writer.
    Doc("Word 97", ["doc", "dot", "wps"], FormatSignature::None, FormatReader::Bytes(ole::read_word), feature = "office97");
    /// A workbook of Excel 97 to 2003, or of WPS Spreadsheets.
    Xls("Excel 97", ["xls", "xlt", "et"], FormatSignature::None, FormatReader::Bytes(ole::read_workbook), feature = "office97");
    /// A presentation of PowerPoint 97 to 2003, or of WPS Presentation.
    Ppt("PowerPoint 97", ["ppt", "pps", "pot", "dps"], FormatSignature::None, FormatReader::Bytes(ole::read_presentation), feature = "office97");
    /// A mail of Outlook, with its attachments.
    Msg("Outlook", ["msg"], FormatSignature::None, FormatReader::Contents(|id, bytes, _| ole::read_mail(id, bytes)), feature = "office97");
    /// A book in EPUB.
    Epub("EPUB", ["epub"], FormatSignature::ZipMember(Some("META-INF/container.xml")), FormatReader::Bytes(epub::read), feature = "archive");
    /// A mail, with its attachments.
    Mail("mail", ["eml"], FormatSignature::None, FormatReader::Contents(|id, bytes, _| mail::read(id, bytes)), feature = "mail");
    /// A mailbox with several mails.
    Mailbox("mailbox", ["mbox", "mbx"], FormatSignature::None, FormatReader::Contents(|id, bytes, _| mail::read_mailbox(id, bytes)), feature = "mail");
    /// A web archive, with one document per page or file that a web server sent.
    Warc("web archive", ["warc"], FormatSignature::Bytes(b"WARC/"), FormatReader::Contents(warc::read), feature = "archive");
    /// A web page that a browser saved as one file.
    Mhtml("saved web page", ["mhtml", "mht"], FormatSignature::None, FormatReader::Bytes(mail::read_page), feature = "mail");
    /// A gzip-compressed file of another format.
    Gzip("gzip", ["gz", "tgz"], FormatSignature::Bytes(&[0x1F, 0x8B]), FormatReader::Compressed(compressed::unpack_gzip), feature = "archive");
    /// A file of another format that is compressed by bzip2.
    Bzip2("bzip2", ["bz2", "tbz2", "tbz"], FormatSignature::Bytes(b"BZh91AY&SY"), FormatReader::Compressed(compressed::unpack_bzip2), feature = "compression");
    /// A file of another format that is compressed by xz.
    Xz("xz", ["xz", "txz"], FormatSignature::Bytes(b"\xFD7zXZ\0"), FormatReader::Compressed(compressed::unpack_xz), feature = "compression");
    /// A file of another format that is compressed by Zstandard.
    Zstandard("Zstandard", ["zst", "tzst"], FormatSignature::Bytes(&[0x28, 0xB5, 0x2F, 0xFD]), FormatReader::Compressed(compressed::unpack_zstandard), feature = "compression");
    /// A tar archive. Each file in the archive contains one or more documents.
    Tar("tar", ["tar"], FormatSignature::None, FormatReader::Contents(|id, bytes, _| tar::read(id, bytes)), feature = "archive");
    /// A zip archive. Each file in the archive contains one or more documents.
    Zip("zip", ["zip"], FormatSignature::Bytes(b"PK\x03\x04"), FormatReader::Zip, feature = "archive");
}

/// Beginnings of the first tag of an HTML page, in lower case.
const HTML_TAGS: [&str; 6] = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"];
/// Beginnings of the first tag of a feed, in lower case.
const FEED_TAGS: [&str; 4] = ["<rss", "<feed", "<rdf:rdf", "<!doctype rss"];

/// Properties of one format.
#[derive(Debug, Clone, Copy)]
struct FormatProperties {
    name: &'static str,
    extensions: &'static [&'static str],
    signature: FormatSignature,
    /// Reader of the format; `None` if this build lacks the Cargo feature of the format.
    reader: Option<FormatReader>,
}

/// Property of the content of a file by which its format is detected.
#[derive(Debug, Clone, Copy)]
pub(super) enum FormatSignature {
    /// No signature: the file name or the structure of the text determines the format.
    None,
    /// The first bytes of the file.
    Bytes(&'static [u8]),
    /// Possible beginnings of the first tag of the file, in lower case.
    Tag(&'static [&'static str]),
    /// Name of the zip member that identifies the format. `None` for a format that shares its
    /// member names with other formats, so that only the extension identifies it.
    ZipMember(
        #[cfg_attr(not(feature = "archive"), expect(dead_code, reason = "needs zip archives"))]
        Option<&'static str>,
    ),
}

/// How the files of a format are read: usually by the function that the variant holds. The module `read` itself reads the
/// files of a variant without a function. An error of a function that returns a single document states only the reason;
/// the caller adds the document id.
#[derive(Debug, Clone, Copy)]
pub(in crate::document) enum FormatReader {
    /// Reads one document from the id and the decoded text.
    Text(fn(&str, String) -> Result<Document, String>),
    /// Reads several documents from the id, the decoded text and the field mapping.
    Texts(fn(&str, &str, &FieldMapping) -> Vec<Result<Document>>),
    /// JSON Lines, whose documents are read one by one.
    JsonLines,
    /// Reads one document from the id and the bytes.
    Bytes(fn(&str, &[u8], ReadLimits) -> Result<Document, String>),
    /// Reads the documents and the files that a file holds.
    #[cfg_attr(
        not(any(feature = "archive", feature = "mail", feature = "pdf")),
        expect(dead_code, reason = "needs archives, mails or PDF files")
    )]
    Contents(ReadContentsFn),
    /// Reads the documents and the files that a file holds, with recognition of the text on its pages if requested.
    #[cfg(feature = "pdf")]
    Pages(fn(&str, &[u8], ReadLimits, Option<Recognition<'_>>) -> Contents<'static>),
    /// A compressed file of another format.
    #[cfg(feature = "archive")]
    Compressed(UnpackFn),
    /// An archive of files of other formats.
    #[cfg(feature = "archive")]
    Zip,
}

impl Format {
    /// Returns the formats that this build reads.
    pub(super) fn readable_formats() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|format| format.reader().is_some())
    }

    /// Returns the common name of the format.
    pub const fn name(self) -> &'static str {
        self.properties().name
    }

    /// Returns the file extensions of the format, in lower case and without the dot. The most
    /// common extension is first.
    pub const fn extensions(self) -> &'static [&'static str] {
        self.properties().extensions
    }

    /// Returns whether a file of this format may contain several documents, each with its own id.
    pub const fn may_hold_several_documents(self) -> bool {
        match self.reader() {
            #[cfg(feature = "archive")]
            Some(FormatReader::Compressed(_) | FormatReader::Zip) => true,
            #[cfg(feature = "pdf")]
            Some(FormatReader::Pages(_)) => true,
            reader => {
                matches!(
                    reader,
                    Some(
                        FormatReader::Texts(_)
                            | FormatReader::JsonLines
                            | FormatReader::Contents(_)
                    )
                )
            }
        }
    }

    /// Returns whether a file of this format holds files of other formats and nothing else.
    pub(in crate::document) const fn is_archive(self) -> bool {
        matches!(self, Self::Zip | Self::Tar | Self::Warc)
    }

    /// Returns whether a file of this format is read only if text recognition is requested.
    pub(crate) const fn needs_text_recognition(self) -> bool {
        matches!(self, Self::Picture)
    }

    /// Returns whether a file of this format is a compressed file of another format.
    pub(in crate::document) const fn is_compressed(self) -> bool {
        matches!(self, Self::Gzip | Self::Bzip2 | Self::Xz | Self::Zstandard)
    }

    pub(super) const fn signature(self) -> FormatSignature {
        self.properties().signature
    }

    /// Returns the reader of the format; `None` if this build lacks the Cargo feature of the
    /// format.
    pub(in crate::document) const fn reader(self) -> Option<FormatReader> {
        self.properties().reader
    }
}

/// Returns the names of the formats that this build reads without text recognition, each with its most common
/// extension, for help texts: `text (.txt), Markdown (.md), …, zip (.zip)`.
#[cfg(feature = "cli")]
pub(crate) fn format_list() -> String {
    let formats = Format::readable_formats().filter(|format| !format.needs_text_recognition());
    let formats = formats.map(|format| {
        let extension = format.extensions().first().copied().unwrap_or_default();
        format!("{} (.{extension})", format.name())
    });
    formats.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_unique_and_documented() {
        let readme = include_str!("../README.md");
        let mut extensions: Vec<&str> =
            Format::ALL.iter().flat_map(|format| format.extensions()).copied().collect();
        for format in Format::ALL {
            let extension = format!("`.{}`", format.extensions()[0]);
            assert!(readme.contains(&extension), "{} is not in README.md", format.name());
        }
        let extension_count = extensions.len();
        extensions.sort_unstable();
        extensions.dedup();
        assert_eq!(extensions.len(), extension_count);
    }
}
