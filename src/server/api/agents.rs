//! `/mcp`: the service for AI agents, by the Model Context Protocol over HTTP.

use std::sync::Arc;

use axum::{
    Json,
    extract::Request,
    http::{StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use rmcp::model::{ErrorCode, Extensions};
use serde_json::json;

use crate::{
    mcp::{IndexWork, McpHttpService, PendingWork, WorkRunner, mcp_http_service},
    server::{
        api_error::ApiError,
        extract::body::media_type,
        state::{LimitedClient, ServerState},
    },
};

/// Returns the service of the path `/mcp`.
pub(in crate::server) fn agents(service: &Arc<ServerState>) -> McpHttpService {
    mcp_http_service(Arc::new(SearchPoolRunner { service: Arc::clone(service) }))
}

/// Answers a JSON body that is no JSON-RPC message with a JSON-RPC error. This error replaces the answer of the crate
/// rmcp, which consists of plain text and the status for a wrong media type.
pub(in crate::server) async fn report_malformed_message(request: Request, next: Next) -> Response {
    let is_json = media_type(request.headers()) == "application/json";
    let response = next.run(request).await;
    if !is_json || response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let message = "the body is not one message of JSON-RPC 2.0";
    let error = json!({"code": ErrorCode::PARSE_ERROR.0, "message": message});
    let body = Json(json!({"jsonrpc": "2.0", "id": null, "error": error}));
    (StatusCode::BAD_REQUEST, body).into_response()
}

/// Runs the work of agents in the search pool, as work of the client that sent the request.
struct SearchPoolRunner {
    service: Arc<ServerState>,
}

impl WorkRunner for SearchPoolRunner {
    fn run_work(&self, work: IndexWork, extensions: &Extensions) -> PendingWork {
        let service = Arc::clone(&self.service);
        let searcher = service.current_snapshot.get().searcher;
        let parts = extensions.get::<Parts>();
        let client = parts.and_then(|parts| parts.extensions.get::<LimitedClient>()).cloned();
        Box::pin(async move {
            let client = client.ok_or_else(|| message_with_hint(&ApiError::internal_error()))?;
            let with_deadline = move |deadline| {
                work(Ok(searcher.with_deadline(deadline)));
                Ok(())
            };
            service
                .search_pool
                .run_job(client, with_deadline)
                .await
                .map_err(|error| message_with_hint(&error))
        })
    }
}

/// Returns the message and the hint of an error, such as too many waiting requests, as one text.
fn message_with_hint(error: &ApiError) -> String {
    format!("{}: {}", error.message, error.hint)
}
