//! Limits the number of concurrent requests of each client.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::server::{
    api_error::{ApiError, Code},
    state::{LimitedClient, ServerState},
};

/// Rejects a request if its client has too many requests in progress.
///
/// Runs after authentication, which attaches the [`LimitedClient`] to the request. Attaches the client to the response,
/// so that the access log can name the client.
pub(in crate::server) async fn limit_requests_per_client(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(client) = request.extensions().get::<LimitedClient>().cloned() else {
        return ApiError::internal_error().into_response();
    };
    let Some(_permit) = service.client_limits.acquire(client.clone()) else {
        return too_many_requests_error(service.settings.max_requests_per_client).into_response();
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(client);
    response
}

fn too_many_requests_error(limit: usize) -> ApiError {
    ApiError::new(
        Code::TooManyRequests,
        format!("{limit} requests of this client are in progress"),
        "wait for some of them to end",
    )
}
