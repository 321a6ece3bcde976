//! Middleware: functions that see a request before its handler and the response after it.
//!
//! Each layer reads or changes headers and extensions, answers some requests itself (401, 421, 429, 304), and passes
//! the others on. `router.rs` decides which routes pass which layers; open it first, then `auth.rs`.

pub(super) mod access_log;
pub(super) mod auth;
pub(super) mod etag;
pub(super) mod host;
pub(super) mod rate_limit;
