//! Extractors: the parts of a request as typed values, or the error response for a malformed part.
//!
//! Bodies, query strings and ids come in; typed parameters, checked against their ranges, go out. The snapshot of
//! the index that a request searches is extracted here as well. Open `query_string.rs` first.

pub(super) mod body;
pub(super) mod checks;
pub(super) mod path_id;
pub(super) mod query_string;
mod snapshot;
