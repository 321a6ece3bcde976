//! Headers that restrict what a browser does with a response, whatever the response is: a page, JSON, a file, an error.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Headers of every response. A response that has one of them keeps its own value.
const HEADERS: [(HeaderName, &str); 5] = [
    // The media type is the declared one, even if the content looks like HTML.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // No page of another origin may embed the response as an image, a script or a frame.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // The pages have a content security policy of their own. This policy permits the inline styles of
    // `/search?format=html`.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
];

/// Adds the headers that the response lacks.
pub(in crate::server) async fn add_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Returns the header lines of a response that is written without the router.
pub(in crate::server) fn header_lines() -> String {
    let lines = HEADERS.map(|(name, value)| format!("{name}: {value}\r\n"));
    lines.concat()
}
