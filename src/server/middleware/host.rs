//! Rejects requests without a Host header, and requests whose Host header does not name this service.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::server::{
    api_error::{ApiError, Code},
    state::{ServerState, is_well_formed},
};

/// Rejects requests for a host name that is not accepted, and requests without exactly one well-formed Host header
/// (RFC 9112, section 3.2). HTTP/1.0 has no such header.
pub(in crate::server) async fn require_accepted_host(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (None, _) if request.version() < Version::HTTP_11 => return next.run(request).await,
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    // A host name in the request line takes precedence over the Host header.
    let uri_host = request.uri().authority().map(Authority::as_str);
    let Some(host) = host.map(|host| uri_host.unwrap_or(host)).filter(|host| is_well_formed(host))
    else {
        let message = "the request needs one Host header with the name of this service";
        return ApiError::malformed_request(message).into_response();
    };
    if service.host_names.accepts(host) {
        return next.run(request).await;
    }
    ApiError::new(
        Code::Misdirected,
        "the Host header does not name this service",
        "use localhost or 127.0.0.1; `serve --host NAME` adds another name",
    )
    .into_response()
}
