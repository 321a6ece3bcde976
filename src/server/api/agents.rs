//! `/mcp`: the service for AI agents, by the Model Context Protocol over HTTP.

use std::sync::Arc;

use axum::http::request::Parts;
use rmcp::model::Extensions;

use crate::{
    mcp::{AgentService, IndexWork, PendingWork, WorkRunner, agent_service},
    server::{
        api_error::ApiError,
        state::{LimitedClient, ServerState},
    },
};

/// Returns the service of the path `/mcp`.
pub(in crate::server) fn agents(service: &Arc<ServerState>) -> AgentService {
    agent_service(Arc::new(PoolRunner { service: Arc::clone(service) }))
}

/// Runs the work of agents in the search pool, as work of the client that sent the request.
struct PoolRunner {
    service: Arc<ServerState>,
}

impl WorkRunner for PoolRunner {
    fn run(&self, work: IndexWork, extensions: &Extensions) -> PendingWork {
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
                .run(client, with_deadline)
                .await
                .map_err(|error| message_with_hint(&error))
        })
    }
}

/// Returns the message and the hint of an error, such as too many waiting requests, as one text.
fn message_with_hint(error: &ApiError) -> String {
    format!("{}: {}", error.message, error.hint)
}
