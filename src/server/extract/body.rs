//! Reads the body of a request as bytes or as a typed JSON value, limited in size and time.

use std::time::Duration;

use axum::{
    body::{Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    parameters,
    server::api_error::{ApiError, Code},
};

/// Maximum size of a JSON body in bytes. Enough for every search that fits a URI, and for many filters.
const MAX_JSON_BYTES: usize = 64 << 10;
/// Maximum time for a body to arrive.
const REQUEST_BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body of type `T`.
#[derive(Debug)]
pub(in crate::server) struct JsonBody<T>(pub(in crate::server) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if media_type(request.headers()) != "application/json" {
            return Err(unsupported_media_type("application/json"));
        }
        let bytes = read_bytes(request, state, MAX_JSON_BYTES).await?;
        let Ok(body) = serde_json::from_slice(&bytes) else {
            return Err(ApiError::malformed_request("the body is not JSON"));
        };
        let Value::Object(named_values) = body else {
            return Err(ApiError::malformed_request("the body is not a JSON object of parameters"));
        };
        Ok(Self(parameters::read_parameters(named_values)?))
    }
}

/// Reads a body of at most `max_bytes`. Rejects a body with a greater Content-Length without reading the body.
pub(in crate::server) async fn read_bytes<S: Send + Sync>(
    mut request: Request,
    state: &S,
    max_bytes: usize,
) -> Result<Bytes, ApiError> {
    if request.body().size_hint().lower() > max_bytes as u64 {
        return Err(body_too_large_error());
    }
    DefaultBodyLimit::max(max_bytes).apply(&mut request);
    let reading = Bytes::from_request(request, state);
    match tokio::time::timeout(REQUEST_BODY_TIMEOUT, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(body_too_large_error())
        }
        Ok(Err(rejection)) => Err(ApiError::malformed_request(rejection.body_text())),
        Err(_) => Err(ApiError::new(
            Code::SlowRequest,
            format!("the body did not arrive within {} seconds", REQUEST_BODY_TIMEOUT.as_secs()),
            "send it in smaller parts",
        )),
    }
}

fn body_too_large_error() -> ApiError {
    ApiError::new(
        Code::TooLarge,
        "the body is larger than allowed",
        "send it in parts; --max-body sets how many MiB are allowed",
    )
}

/// Returns the media type of a body in lower case, without parameters; an empty string if there is no Content-Type
/// header.
pub(in crate::server) fn media_type(headers: &HeaderMap) -> String {
    let header_value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = header_value.unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().to_ascii_lowercase()
}

/// Returns the error for a body with an unsupported media type. `supported_types` names the supported media types.
pub(in crate::server) fn unsupported_media_type(supported_types: &str) -> ApiError {
    ApiError::new(
        Code::UnsupportedMediaType,
        "the media type of the body is not supported",
        format!("send the header Content-Type: {supported_types}"),
    )
}
