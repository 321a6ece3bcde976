//! Answers conditional requests. The ETag is computed from the commit and the URI, and is compared before any search
//! runs.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{index::content_hash, server::state::ServerState};

/// Value of Cache-Control: clients may store a response but must revalidate it, so that no client shows a
/// response that is older than the index.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Responds with 304 if the client already has the current response. Otherwise attaches the current snapshot to the
/// request, and the ETag to the response. The ETag is computed from the commit of this snapshot.
pub(in crate::server) async fn answer_not_modified(
    State(service): State<Arc<ServerState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let snapshot = service.current_snapshot.get();
    let etag = if matches!(*request.method(), Method::GET | Method::HEAD) {
        etag(&snapshot.commit, &request.uri().to_string())
    } else {
        None
    };
    let not_modified = etag.as_ref().is_some_and(|etag| contains_etag(request.headers(), etag));
    request.extensions_mut().insert(snapshot);
    let mut response = if not_modified {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        next.run(request).await
    };
    if let Some(etag) = etag.filter(|_| not_modified || response.status() == StatusCode::OK) {
        response.headers_mut().insert(header::ETAG, etag);
        response.headers_mut().insert(header::CACHE_CONTROL, CACHE_CONTROL);
    }
    response
}

/// Returns a weak ETag of the response to a URI. Two responses with equal tags differ only in the elapsed time.
fn etag(commit: &str, uri: &str) -> Option<HeaderValue> {
    let mut hash = content_hash(format!("{} {commit} {uri}", env!("CARGO_PKG_VERSION")).as_bytes());
    hash.truncate(16);
    HeaderValue::try_from(format!("W/\"{hash}\"")).ok()
}

/// Returns whether an If-None-Match header contains `etag`, by weak comparison. `*` matches every tag.
fn contains_etag(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let opaque_tag = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let etag = etag.to_str().map(opaque_tag).unwrap_or_default();
    let header_values = headers.get_all(header::IF_NONE_MATCH).iter();
    header_values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque_tag(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_in_headers_are_compared_weakly() {
        let etag = HeaderValue::from_static("W/\"a1\"");
        for (value, expected) in [
            ("W/\"a1\"", true),
            ("\"a1\"", true),
            ("\"b\", W/\"a1\"", true),
            ("\"b\"", false),
            ("*", true),
            (" * ", true),
            ("a1", false),
            ("", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            assert_eq!(contains_etag(&headers, &etag), expected, "{value}");
        }
    }
}
