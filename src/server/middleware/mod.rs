//! TODO.

pub(super) mod access_log;
pub(super) mod auth;
pub(super) mod etag;
pub(super) mod host;
pub(super) mod metrics;
