//! Readers of file formats. A reader converts the bytes of a file to a
//! [`Document`](crate::Document) with its text, blocks and stated metadata.
//!
//! Each reader is one module, and each format is one line of the table in `formats.rs`. The name,
//! the detection, the reader and the help text of a format derive from this line. Open `formats.rs`
//! first. To add a format, write its reader, declare the module of the reader here, and add a line
//! to the table. Name the Cargo feature in the line if the format has one.

#[cfg(feature = "archive")]
pub(super) mod archive;
mod code_page;
#[cfg(feature = "archive")]
pub(super) mod compressed;
mod contained;
mod csv;
mod delimited_rows;
pub(super) mod detect;
#[cfg(feature = "docx")]
mod docx;
mod drawn_field;
pub(super) mod embedded_files;
pub(super) mod encoding;
#[cfg(feature = "archive")]
mod epub;
#[cfg(feature = "archive")]
pub(super) mod expansion;
mod feed;
pub(super) mod field_mapping;
mod formats;
mod formula;
pub(crate) mod front_matter;
mod html;
mod json;
pub(super) mod json_lines;
#[cfg(feature = "mail")]
mod mail;
mod markdown;
mod merged_cells;
#[cfg(any(feature = "docx", feature = "mail"))]
mod mime_part;
#[cfg(feature = "docx")]
mod number_format;
#[cfg(feature = "docx")]
mod odf_package;
#[cfg(feature = "docx")]
mod ods;
#[cfg(feature = "docx")]
mod odt;
#[cfg(feature = "docx")]
mod odt_formula;
#[cfg(feature = "ofd")]
mod ofd;
#[cfg(feature = "docx")]
mod office_package;
#[cfg(feature = "office97")]
mod ole;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "pdf")]
mod picture;
#[cfg(feature = "docx")]
mod pptx;
mod raised_text;
mod rtf;
mod sheet;
mod symbol_font;
#[cfg(feature = "archive")]
mod tar;
pub(super) mod text;
#[cfg(feature = "archive")]
pub(super) mod warc;
#[cfg(feature = "docx")]
mod xlsx;
#[cfg(feature = "archive")]
mod xml;

pub(super) use self::contained::{ContainedItem, WebOrigin};
pub use self::formats::Format;
pub(super) use self::formats::FormatReader;
#[cfg(all(feature = "cli", feature = "pdf"))]
pub(crate) use self::pdf::{SCAN_REASON, UNKNOWN_GLYPHS_REASON};
#[cfg(feature = "cli")]
pub(crate) use self::{
    delimited_rows::{DelimitedRow, delimited_rows},
    encoding::decode as decode_text,
    formats::format_list,
};
