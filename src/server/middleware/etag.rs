//! Whether a client has the answer already: a tag of the commit and the request, before any work is done.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{index::content_hash, server::state::Service};

/// An answer may be kept, but is asked for again: so it is never older than the index.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Gives the request a snapshot to answer from, and the answer the tag of that; answers 304 where the client has it.
pub(in crate::server) async fn conditional(
    State(service): State<Arc<Service>>,
    mut request: Request,
    next: Next,
) -> Response {
    let snapshot = service.shown.snapshot();
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let tag = asked.then(|| tag(&snapshot.commit, &request.uri().to_string())).flatten();
    let known = tag.as_ref().is_some_and(|tag| is_known(request.headers(), tag));
    request.extensions_mut().insert(snapshot);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { next.run(request).await };
    if let Some(tag) = tag.filter(|_| known || response.status() == StatusCode::OK) {
        response.headers_mut().insert(header::ETAG, tag);
        response.headers_mut().insert(header::CACHE_CONTROL, CACHE_CONTROL);
    }
    response
}

/// A weak one: two answers to one request say the same, but not how long they took.
fn tag(commit: &str, uri: &str) -> Option<HeaderValue> {
    let mut hash = content_hash(format!("{} {commit} {uri}", env!("CARGO_PKG_VERSION")).as_bytes());
    hash.truncate(16);
    HeaderValue::try_from(format!("W/\"{hash}\"")).ok()
}

/// Whether `tag` is among those of an If-None-Match header.
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = tag.to_str().map(weak).unwrap_or_default();
    let given =
        headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|given| weak(given) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_a_header() {
        let tag = HeaderValue::from_static("W/\"a1\"");
        for (given, known) in [
            ("W/\"a1\"", true),
            ("\"a1\"", true),
            ("\"b\", W/\"a1\"", true),
            ("\"b\"", false),
            ("a1", false),
            ("", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(given))]);
            assert_eq!(is_known(&headers, &tag), known, "{given}");
        }
    }
}
