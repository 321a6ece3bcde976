//! Extracts the id at the end of a path, as in `/documents/ID`.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::server::api_error::ApiError;

/// Decoded id of a document or passage. In the path, a slash of the id may be literal or percent-encoded.
#[derive(Debug)]
pub(in crate::server) struct PathId(pub(in crate::server) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|rejection| {
            ApiError::malformed_request(format!("id: {}", rejection.body_text()))
        })
    }
}
