//! Responses that several handlers use: JSON text, and the description of errors.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa::IntoResponses;

use crate::server::api_error::ApiError;

/// Returns a response with the media type of JSON. `body` is a serialized JSON text.
pub(super) fn json_response(body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.into())
        .into_response()
}

/// Error responses that every request may get.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what handlers answer")]
pub(super) enum ErrorResponses {
    /// A parameter or the body is malformed
    #[response(status = 400)]
    Invalid(ApiError),
    /// The request needs a valid key
    #[response(status = 401)]
    Unauthorized(ApiError),
    /// No document or passage has this id
    #[response(status = 404)]
    Unknown(ApiError),
    /// The body arrived too slowly
    #[response(status = 408)]
    Slow(ApiError),
    /// The body is larger than allowed
    #[response(status = 413)]
    Large(ApiError),
    /// The address is longer than allowed
    #[response(status = 414)]
    Long(ApiError),
    /// The media type of the body is not supported
    #[response(status = 415)]
    Unsupported(ApiError),
    /// The Host header does not name this service
    #[response(status = 421)]
    Misdirected(ApiError),
    /// This client has too many requests in progress, or too many writes are in progress
    #[response(status = 429)]
    Many(ApiError),
    /// Another process is writing, or the service is overloaded or stopping
    #[response(status = 503)]
    Busy(ApiError),
}

/// Additional error responses of requests that write.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what handlers answer")]
pub(super) enum WriteErrorResponses {
    /// The key may read but not write
    #[response(status = 403)]
    Forbidden(ApiError),
    /// The service searches several indexes, which it does not change
    #[response(status = 405)]
    ReadOnly(ApiError),
    /// A document cannot be indexed, so the service has indexed no document of the request
    #[response(status = 422)]
    Document(ApiError),
}
