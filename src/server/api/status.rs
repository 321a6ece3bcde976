//! `/health`, `/ready`, `/stats` and `/metrics`: return the status of the service.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::responses::ErrorResponses;
use crate::{
    document::{DeclaredFields, FieldType},
    server::{
        api_error::{ApiError, Code},
        extract::search_runner::SearchRunner,
        state::{Gauges, ServerState},
    },
};

/// Health of the service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceStatus)]
pub(in crate::server) struct Status {
    /// Always `ok`.
    status: &'static str,
}

/// Size and version of the index.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct Stats {
    /// Number of documents.
    documents: u64,
    /// Number of passages.
    passages: u64,
    /// Size on disk in bytes; 0 for an index in memory.
    index_bytes: u64,
    /// Types of the declared fields by name: `text`, `keyword`, `number`, `date` or `bool`.
    #[schema(value_type = std::collections::BTreeMap<String, FieldType>)]
    fields: DeclaredFields,
    /// Name of the commit that searches read. Every commit has a different name.
    commit: String,
    /// Name and version of the program.
    program: &'static str,
    /// Status of the folders that `serve --watch` watches; absent without that option.
    #[cfg(feature = "watch")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    watch: Option<crate::server::state::WatchStatus>,
}

/// Check whether the process is running
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, description = "The process runs", body = Status)))]
pub(in crate::server) async fn health() -> Json<Status> {
    Json(Status { status: "ok" })
}

/// Check whether the service accepts requests
#[utoipa::path(
    get, path = "/ready", tag = "status",
    responses(
        (status = 200, description = "The service accepts requests", body = Status),
        (status = 503, description = "The service is stopping", body = ApiError),
    )
)]
pub(in crate::server) async fn ready(
    State(service): State<Arc<ServerState>>,
) -> Result<Json<Status>, ApiError> {
    if service.is_stopping.load(Ordering::Relaxed) {
        return Err(ApiError::new(
            Code::Stopping,
            "the service is stopping",
            "send requests to another instance",
        ));
    }
    Ok(Json(Status { status: "ok" }))
}

/// Get the size and version of the index
#[utoipa::path(
    get, path = "/stats", tag = "status",
    responses((status = 200, description = "Size and version of the index", body = Stats), ErrorResponses)
)]
pub(in crate::server) async fn stats(
    State(service): State<Arc<ServerState>>,
    runner: SearchRunner,
) -> Result<Json<Stats>, ApiError> {
    let (index, current_snapshot) =
        (Arc::clone(&service.index), Arc::clone(&service.current_snapshot));
    #[cfg(feature = "watch")]
    let watch = service.settings.watch.as_ref().map(|_| service.watch_log.status());
    let stats = runner.run_on_search_thread(move |searcher| {
        let stats = index.stats()?;
        Ok(Stats {
            documents: stats.documents,
            passages: stats.passages,
            index_bytes: stats.index_bytes,
            fields: searcher.declared_fields().clone(),
            commit: current_snapshot.get().commit.to_string(),
            program: concat!("gz-search ", env!("CARGO_PKG_VERSION")),
            #[cfg(feature = "watch")]
            watch,
        })
    });
    stats.await.map(Json)
}

/// Get request counts and durations for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "status",
    responses((status = 200, description = "Metrics in the Prometheus text format", body = String, content_type = "text/plain"), ErrorResponses)
)]
pub(in crate::server) async fn metrics(
    State(service): State<Arc<ServerState>>,
    runner: SearchRunner,
) -> Result<Response, ApiError> {
    let index = Arc::clone(&service.index);
    let stats = runner.run_on_search_thread(move |_| Ok(index.stats()?)).await?;
    let metrics_text = service.metrics.prometheus_text(&Gauges {
        active_searches: service.search_pool.active_request_count() as u64,
        document_count: stats.documents,
        passage_count: stats.passages,
    });
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media_type)], metrics_text).into_response())
}
