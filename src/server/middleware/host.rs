//! Rejects requests whose Host header does not name this service.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::server::{
    api_error::{ApiError, Code},
    state::Service,
};

/// Rejects requests for a host name that is not accepted. Accepts requests without a Host header, because no
/// browser sends such requests.
pub(in crate::server) async fn require_own_host(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let host_names = &service.host_names;
    let is_accepted =
        |value: &HeaderValue| value.to_str().is_ok_and(|host| host_names.accepts(host));
    let is_own_host = match request.uri().authority() {
        Some(authority) => host_names.accepts(authority.as_str()),
        None => request.headers().get_all(header::HOST).iter().all(is_accepted),
    };
    if is_own_host {
        return next.run(request).await;
    }
    ApiError::new(
        Code::Misdirected,
        "the Host header does not name this service",
        "use localhost or 127.0.0.1; `serve --host NAME` adds another name",
    )
    .into_response()
}
