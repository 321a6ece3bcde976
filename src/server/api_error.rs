//! What a client is told when a request is not answered: a code for programs, a message and a hint.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;

/// Why a request was not answered. Codes are never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// A parameter or the body is not of its form.
    InvalidRequest,
    /// A key is needed and there is none, or it is not known.
    Unauthorized,
    /// The key may not do that.
    Forbidden,
    /// There is nothing at this path.
    NotFound,
    /// No document has this id.
    UnknownDocument,
    /// No passage has this id.
    UnknownPassage,
    /// The path is there, but not for this method.
    MethodNotAllowed,
    /// The request was sent to a name that the service does not go by.
    Misdirected,
    /// The request came too slowly.
    SlowRequest,
    /// The body is larger than allowed.
    TooLarge,
    /// The address is longer than allowed.
    UriTooLong,
    /// The body is of a type that is not read here.
    UnsupportedMediaType,
    /// A document in the body cannot be indexed; none of them was.
    InvalidDocument,
    /// This client, or all who write, have too many requests under way.
    TooManyRequests,
    /// A defect of the service.
    Internal,
    /// Too many searches are waiting.
    Busy,
    /// The answer took too long.
    Timeout,
    /// Another process writes to the index.
    IndexLocked,
    /// The index cannot be read or written now.
    IndexUnavailable,
    /// The service is ending.
    Stopping,
}

impl Code {
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownDocument | Self::UnknownPassage => StatusCode::NOT_FOUND,
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

/// An answer other than the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Error)]
pub(super) struct Failure {
    /// For programs: stable.
    pub(super) code: Code,
    /// For people: what is wrong, and where.
    pub(super) message: String,
    /// For people: what to do about it.
    pub(super) hint: String,
}

impl Failure {
    pub(super) fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }

    pub(super) fn internal() -> Self {
        Self::new(
            Code::Internal,
            "a defect of the service",
            "the log of the service says more; please report it",
        )
    }
}

impl IntoResponse for Failure {
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
            // The rest of the body is not read: what comes next on the connection is no request.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        // A page says it in HTML.
        response.extensions_mut().insert(self);
        response
    }
}

/// What the client did is said as it is; what the machine did may name paths and goes to the log.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidArgument { reason, .. } => {
                Self::new(Code::InvalidRequest, reason, "/openapi.json says what may be asked")
            }
            Error::Document { id, reason } => Self::new(
                Code::InvalidDocument,
                format!("{id}: {reason}"),
                "a document needs an id and a text: {\"id\": …, \"title\": …, \"text\": …}",
            ),
            Error::Locked(_) => Self::new(
                Code::IndexLocked,
                "another process writes to the index",
                "nothing was changed: send it again when the other has ended",
            ),
            Error::Engine(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a defect");
                Self::internal()
            }
            _ => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the index is in the way"
                );
                Self::new(
                    Code::IndexUnavailable,
                    "the index cannot be read or written now",
                    "the log of the service says why",
                )
            }
        }
    }
}
