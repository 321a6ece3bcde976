//! TODO.

pub(super) mod documents;
pub(super) mod openapi;
pub(super) mod passages;
pub(super) mod search;
pub(super) mod search_request;
pub(super) mod similar;
pub(super) mod status;
pub(super) mod suggest;
