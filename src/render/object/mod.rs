//! The objects of JSON answers: serializable views of results, hits, documents and passages.
//!
//! The command prints these types, the service sends them, and its `OpenAPI` description is derived from them, so
//! that all three agree. [`results`] is the outermost object.

mod document;
mod hit;
mod results;
mod span;

pub(super) use self::hit::HitObject;
pub(crate) use self::results::ResultsObject;
#[cfg(feature = "server")]
pub(crate) use self::{
    document::{DocumentObject, PassageObject},
    span::{SpanObject, span_objects},
};
