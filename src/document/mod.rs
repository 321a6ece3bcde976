//! Converts the bytes of a file to [`Document`]s: text, blocks and metadata.
//!
//! Each module of `format/` reads one file format. The folder `metadata/` finds title, date, issuer, document number
//! and language. Open `read/mod.rs` first: its functions call both folders.

mod blocks;
mod declared_fields;
mod format;
pub(crate) mod heading;
mod left_out;
mod limits;
mod metadata;
mod model;
mod page_controls;
mod place;
mod read;
#[cfg(feature = "pdf")]
pub(crate) mod recognition;
mod stock_title;
mod stray_markup;

#[cfg(feature = "cli")]
pub(crate) use self::format::{DelimitedRow, decode_text, delimited_rows, format_list};
#[cfg(all(feature = "cli", feature = "pdf"))]
pub(crate) use self::format::{SCAN_REASON, UNKNOWN_GLYPHS_REASON};
#[cfg(feature = "server")]
pub(crate) use self::read::read_strict_object;
#[cfg(feature = "archive")]
pub(crate) use self::read::{is_web_archive, read_large_web_archive};
#[cfg(feature = "pdf")]
pub use self::recognition::Ocr;
pub use self::{
    declared_fields::{DeclaredFields, FieldName, FieldType},
    format::{Format, field_mapping::FieldMapping, json_lines::read_json_lines},
    left_out::{LeftOut, LeftOutReason},
    metadata::{Date, MetadataOverrides, ParseDateError},
    model::{Block, BlockKind, Document},
    place::{Place, PlaceStart},
    read::{read, read_all, read_strict_json},
};
pub(crate) use self::{
    declared_fields::{FieldValue, folded_keyword, parse_bool, parse_number},
    format::{
        front_matter::FRONT_MATTER_ERROR_KEY,
        json_lines::{RecordIdForm, read_mapped_json_lines},
    },
    left_out::leaves_out_much_text_by_guess,
    limits::ReadLimits,
    metadata::{
        date_notation::MONTH_NAMES, document_number, is_organization_name, is_organization_word,
        issuer_in_heading, issuer_names, language_code_prefix,
    },
    read::{
        ReadSettings, extension_label, is_lock_or_unfinished_download, read_documents,
        with_inferred_metadata,
    },
};
