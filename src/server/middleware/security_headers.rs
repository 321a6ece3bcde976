//! Adds headers to every response that restrict what a browser may do with the response.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Headers that are added to every response. If a handler has already set one of these headers, its value is kept.
const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    // The browser uses the declared media type, even if the content looks like HTML.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // No page of another origin may embed the response as an image, a script or a frame.
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // The pages have a separate content security policy. This policy permits the inline styles of
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
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Returns the header lines of a response that is written without the router.
pub(in crate::server) fn security_header_lines() -> String {
    let lines = SECURITY_HEADERS.map(|(name, value)| format!("{name}: {value}\r\n"));
    lines.concat()
}
