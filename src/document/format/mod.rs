//! File formats: the bytes of a file come in, and a [`Document`](crate::Document) with its text,
//! blocks and stated metadata goes out.
//!
//! Each reader is one module, and each format is one line of the table in `formats.rs`, which
//! everything else derives from: name, detection, reader, help text. Open that file first. To add a
//! format, write its reader, declare its module here and add its line; name the Cargo feature if
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
mod formats;
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

pub use self::formats::Format;
pub(super) use self::formats::Reader;
#[cfg(feature = "cli")]
pub(crate) use self::formats::format_list;
