//! The snapshot of the index that a request searches.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::server::state::{ServedSnapshot, Service};

/// Extracts the snapshot that the ETag middleware attached to the request; without an attached snapshot, the current
/// snapshot.
impl FromRequestParts<Arc<Service>> for ServedSnapshot {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Self, Infallible> {
        let attached_snapshot = parts.extensions.get::<Self>().cloned();
        Ok(attached_snapshot.unwrap_or_else(|| service.current_snapshot.get()))
    }
}
