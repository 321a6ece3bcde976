//! Property tests: rules that hold for any text, any query and any history of an index.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod facets;
mod generators;
mod near;
mod oracle;
mod ranking;
mod snippets;
mod substrings;
mod suggestions;
mod unions;
mod visible_text;
