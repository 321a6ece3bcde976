//! Middleware: functions that process a request before its handler, and the response after it.
//!
//! A layer reads or changes headers and extensions. It may respond itself (401, 421, 429, 304); otherwise it passes the
//! request on. `router.rs` lists the layers of each route. Open `router.rs` first, then `auth.rs`.

pub(super) mod access_log;
pub(super) mod auth;
pub(super) mod etag;
pub(super) mod host;
pub(super) mod rate_limit;
