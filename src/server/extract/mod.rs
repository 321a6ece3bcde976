//! TODO.

pub(super) mod body;
pub(super) mod query_string;
