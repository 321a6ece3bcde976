//! TODO.

mod date;
mod dates;
mod document_number;
pub(super) mod fields;
mod front_matter;
mod issuer;
pub(super) mod language;
pub(crate) mod organization;
mod overrides;
#[cfg(any(feature = "docx", feature = "pdf"))]
mod title;

pub(crate) use self::organization::{HAN_ORGANIZATION_ENDINGS, ORGANIZATION_WORDS};
pub use self::{
    date::{Date, ParseDateError},
    overrides::MetadataOverrides,
};
