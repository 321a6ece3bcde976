//! Middleware: functions that process a request before its handler, and the response after the handler.
//!
//! Each layer reads or changes headers and extensions. A layer either passes the request on, or responds with an error
//! (400, 401, 403, 421, 429) or with 304. `router.rs` lists the layers of each route. Read `router.rs` first, then
//! `auth.rs`.

pub(super) mod access_log;
pub(super) mod auth;
pub(super) mod etag;
pub(super) mod host;
pub(super) mod other_sites;
pub(super) mod rate_limit;
pub(super) mod security_headers;
