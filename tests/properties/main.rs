//! What holds for any text, any query and any history of an index.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod facets;
mod generators;
mod near;
mod oracle;
mod ranking;
mod snippets;
mod substrings;
mod suggestions;
