//! Serves the Model Context Protocol over HTTP: makes [`McpServer`] a service of the HTTP server.

use std::sync::Arc;

use rmcp::transport::{
    StreamableHttpServerConfig, StreamableHttpService,
    streamable_http_server::session::never::NeverSessionManager,
};

use super::{bounded_input::MAX_MESSAGE_BYTES, handler::McpServer, runner::WorkRunner};

/// Service that answers each message of an agent in one HTTP response.
pub(crate) type McpHttpService = StreamableHttpService<McpServer, NeverSessionManager>;

/// Returns the service, which runs its work with `runner`. The service keeps no sessions: no request depends on an
/// earlier request. The middleware of the HTTP server checks keys, hosts and origins, so this service does not.
pub(crate) fn mcp_http_service(runner: Arc<dyn WorkRunner>) -> McpHttpService {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .with_max_request_body_bytes(MAX_MESSAGE_BYTES);
    StreamableHttpService::new(
        move || Ok(McpServer::new(Arc::clone(&runner))),
        Arc::default(),
        config,
    )
}
