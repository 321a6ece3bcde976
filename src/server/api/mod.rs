//! JSON API: one file for each resource, with its parameters, its handlers and its OpenAPI description.
//!
//! A handler gets typed parameters and a snapshot of the index, calls the library on a thread of the search pool, and
//! returns JSON. `openapi.rs` assembles the description of the whole API from the handlers. Read `search.rs` first.

#[cfg(feature = "mcp")]
pub(super) mod agents;
pub(super) mod citations;
pub(super) mod documents;
pub(super) mod exports;
pub(super) mod facts;
mod filters;
mod highlighted_passage;
pub(super) mod new_document;
pub(super) mod openapi;
pub(super) mod passages;
pub(super) mod resolve;
mod responses;
pub(super) mod search;
mod search_request;
pub(super) mod similar;
pub(super) mod status;
pub(super) mod suggest;

pub(super) use self::search_request::Prefix;
