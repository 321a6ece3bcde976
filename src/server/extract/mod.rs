//! Converts the body, the query string and the path of a request to typed values. A malformed request gets an error
//! response.
//!
//! Bodies, query strings and ids become typed parameters, which are checked against their ranges. `search_runner.rs`
//! runs the work of a request on a search thread. Read `query_string.rs` first.

pub(super) mod body;
pub(super) mod checks;
pub(super) mod path_id;
pub(super) mod query_string;
pub(super) mod search_runner;
