//! The body of a request → bytes or a JSON value, within limits of size and time.

use std::time::Duration;

use axum::{
    body::{Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::server::api_error::{Code, Failure};

/// A search in a body is as long as one in an address, with room for filters.
const MAX_JSON_BYTES: usize = 64 << 10;
/// How long a client may take to send a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// A JSON value of a type.
#[derive(Debug)]
pub(in crate::server) struct Json<T>(pub(in crate::server) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if media_type(request.headers()) != "application/json" {
            return Err(unsupported("application/json"));
        }
        let bytes = bytes(request, state, MAX_JSON_BYTES).await?;
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| misread(&error.path().to_string(), &error.inner().to_string()))?;
        deserializer.end().map_err(|error| misread(".", &error.to_string()))?;
        Ok(Self(value))
    }
}

/// All of a body of `most` bytes at most; one that says that it is longer is not waited for.
pub(in crate::server) async fn bytes<S: Send + Sync>(
    mut request: Request,
    state: &S,
    most: usize,
) -> Result<Bytes, Failure> {
    if request.body().size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    DefaultBodyLimit::max(most).apply(&mut request);
    let read = Bytes::from_request(request, state);
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(too_large())
        }
        Ok(Err(rejection)) => Err(misread(".", &rejection.body_text())),
        Err(_) => Err(Failure::new(
            Code::SlowRequest,
            format!("the body did not come within {} seconds", PATIENCE.as_secs()),
            "send it in smaller parts",
        )),
    }
}

fn too_large() -> Failure {
    Failure::new(
        Code::TooLarge,
        "the body is larger than allowed",
        "send it in parts; --max-body says how many MiB are allowed",
    )
}

/// The type of a body without parameters, in lower case; empty where none is said.
pub(in crate::server) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let value = value.unwrap_or_default().split(';').next().unwrap_or_default();
    value.trim().to_ascii_lowercase()
}

pub(in crate::server) fn unsupported(wanted: &str) -> Failure {
    Failure::new(
        Code::UnsupportedMediaType,
        "the body is of a type that is not read here",
        format!("send the header Content-Type: {wanted}"),
    )
}

/// What is wrong at `path` of a body or of parameters.
pub(in crate::server) fn misread(path: &str, what: &str) -> Failure {
    let message = if path == "." { what.to_owned() } else { format!("{path}: {what}") };
    Failure::new(Code::InvalidRequest, message, "/openapi.json says what may be asked")
}
