//! The query string of a URI as a typed value.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::server::api_error::ApiError;

/// Query string of a URI, parsed to a value of type `T`. A repeated parameter becomes a list.
#[derive(Debug)]
pub(in crate::server) struct QueryString<T>(pub(in crate::server) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryString<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    serde_path_to_error::deserialize(serde_html_form::Deserializer::new(pairs)).map_err(|error| {
        ApiError::malformed_parameter(&error.path().to_string(), &error.inner().to_string())
    })
}
