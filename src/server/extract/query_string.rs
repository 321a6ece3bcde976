//! Parses the query string of a URI to a typed value.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{parameters, server::api_error::ApiError};

/// Query string of a URI, parsed to a value of type `T`. A repeated parameter becomes a list.
#[derive(Debug)]
pub(in crate::server) struct QueryString<T>(pub(in crate::server) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryString<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parse_query_string(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Parses a query string.
///
/// # Errors
///
/// [`Code::InvalidRequest`](crate::server::api_error::Code::InvalidRequest) if a parameter is missing, unknown or
/// malformed.
pub(in crate::server) fn parse_query_string<T: DeserializeOwned>(
    query: &str,
) -> Result<T, ApiError> {
    let mut values_by_name: Map<String, Value> = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = Value::from(value.into_owned());
        match values_by_name.get_mut(name.as_ref()) {
            Some(Value::Array(values)) => values.push(value),
            Some(first_value) => *first_value = Value::Array(vec![first_value.take(), value]),
            None => drop(values_by_name.insert(name.into_owned(), value)),
        }
    }
    parameters::read_parameters(values_by_name).map_err(ApiError::from)
}
