//! Error responses of the API: a stable code for programs, and a message and a hint for people.

use std::{io, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{error::Error, parameters::ParameterError};

/// Code of an error. Codes are never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ErrorCode)]
pub(super) enum Code {
    /// A parameter or the body is malformed.
    InvalidRequest,
    /// The request needs a key, but has no key or an unknown key.
    Unauthorized,
    /// The key does not allow this request.
    Forbidden,
    /// The service has no resource at this path.
    NotFound,
    /// No document has this id.
    UnknownDocument,
    /// No passage has this id.
    UnknownPassage,
    /// The file from which the document was read cannot be opened.
    UnknownOriginal,
    /// The path does not support this method.
    MethodNotAllowed,
    /// The Host header does not name this service.
    Misdirected,
    /// The body arrived too slowly.
    SlowRequest,
    /// The body is larger than allowed.
    TooLarge,
    /// The URI of the request is longer than allowed.
    UriTooLong,
    /// The media type of the body is not supported.
    UnsupportedMediaType,
    /// A document in the body cannot be indexed. None of the documents was indexed.
    InvalidDocument,
    /// This client has too many concurrent requests, or too many writes are in progress.
    TooManyRequests,
    /// The service failed because of a bug.
    Internal,
    /// Too many searches are waiting.
    Busy,
    /// The service did not finish the answer in time.
    Timeout,
    /// Another process is writing to the index.
    IndexLocked,
    /// The index cannot be read or written at the moment.
    IndexUnavailable,
    /// The service is stopping.
    Stopping,
}

impl Code {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound
            | Self::UnknownDocument
            | Self::UnknownPassage
            | Self::UnknownOriginal => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::SlowRequest => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InvalidDocument => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy
            | Self::Timeout
            | Self::IndexLocked
            | Self::IndexUnavailable
            | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Error response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ApiError)]
pub(super) struct ApiError {
    /// Code of the error, for programs. Codes are never renamed.
    pub(super) code: Code,
    /// Message for people: the problem, and the parameter or file that causes the problem.
    pub(super) message: String,
    /// Hint for people: how to solve the problem.
    pub(super) hint: String,
}

impl ApiError {
    pub(super) fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }

    /// Returns the error for a bug of the service.
    pub(super) fn internal_error() -> Self {
        Self::new(
            Code::Internal,
            "internal error of the service",
            "the log of the service has details; please report the error",
        )
    }

    /// Returns the error for a malformed parameter or body.
    pub(super) fn malformed_request(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, message, PARAMETERS_HINT)
    }

    /// Returns the error for a request that takes longer than `timeout`.
    pub(super) fn timed_out(timeout: Duration) -> Self {
        Self::new(
            Code::Timeout,
            format!("no answer within {} seconds", timeout.as_secs_f64()),
            "reduce the search (a smaller limit, fewer patterns), or try again when the service is less busy",
        )
    }

    pub(super) fn unknown_document(id: &str) -> Self {
        Self::new(
            Code::UnknownDocument,
            format!("no document has the id {id:?}"),
            "take an id from /search and percent-encode it",
        )
    }

    pub(super) fn unknown_passage(id: &str) -> Self {
        Self::new(
            Code::UnknownPassage,
            format!("no passage has the id {id:?}"),
            "an id is DOCUMENT#ORDINAL, with # written as %23; a release that has changed may have fewer passages",
        )
    }
}

const PARAMETERS_HINT: &str = "/openapi.json lists the parameters";

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
            // The service does not read the rest of the body, so the connection cannot carry another request.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        // The middleware of the pages replaces this JSON body by an HTML page.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ParameterError> for ApiError {
    fn from(error: ParameterError) -> Self {
        Self::malformed_request(error.to_string())
    }
}

fn is_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Converts an error of the library. Messages about the request become part of the response. Messages about the machine
/// go only to the log, because such messages may name paths.
impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidArgument { reason, .. } => {
                Self::new(Code::InvalidRequest, reason, PARAMETERS_HINT)
            }
            Error::Document { id, reason } => Self::new(
                Code::InvalidDocument,
                format!("{id}: {reason}"),
                "a document needs an id and a text: {\"id\": …, \"title\": …, \"text\": …}",
            ),
            Error::Locked(_) => Self::new(
                Code::IndexLocked,
                "another process is writing to the index",
                "nothing was changed: send the request again when that process has ended",
            ),
            Error::TimedOut(timeout) => Self::timed_out(timeout),
            Error::Io { ref source, .. } if is_disk_full(source) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the disk is full");
                Self::new(
                    Code::IndexUnavailable,
                    "the disk of the index is full",
                    "free some space on it and send the request again; nothing stored is lost",
                )
            }
            Error::Engine(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "internal error");
                Self::internal_error()
            }
            _ => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the index cannot be read or written"
                );
                Self::new(
                    Code::IndexUnavailable,
                    "the index cannot be read or written at the moment",
                    "the log of the service has the reason",
                )
            }
        }
    }
}
