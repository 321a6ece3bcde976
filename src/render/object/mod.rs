//! JSON objects of search results: serializable views of results, hits, documents and passages.
//!
//! The command line prints these types, the HTTP service sends them, and the `OpenAPI` description of the
//! service is derived from them. The output, the answers and the description therefore agree. [`results`] is
//! the outermost object.

mod document;
mod hit;
mod resolution;
mod results;
mod span;

pub(super) use self::hit::HitObject;
#[cfg(feature = "server")]
pub(crate) use self::{
    document::{DocumentObject, PassageObject},
    span::{SpanObject, span_objects},
};
pub(crate) use self::{resolution::ResolutionObject, results::ResultsObject};
