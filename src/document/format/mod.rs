//! TODO.

#[cfg(feature = "archive")]
pub(super) mod archive;
pub(super) mod detect;
#[cfg(feature = "docx")]
pub(super) mod docx;
pub(super) mod encoding;
#[cfg(feature = "archive")]
pub(super) mod epub;
pub(super) mod feed;
pub(super) mod field_mapping;
pub(super) mod html;
pub(super) mod json;
pub(super) mod json_lines;
pub(super) mod markdown;
#[cfg(feature = "docx")]
pub(super) mod odt;
#[cfg(feature = "pdf")]
pub(super) mod pdf;
pub(super) mod text;
#[cfg(feature = "archive")]
pub(super) mod xml;
