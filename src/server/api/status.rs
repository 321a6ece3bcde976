//! `/health`, `/ready`, `/stats` and `/metrics`: what the service says of itself.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::openapi::Refusals;
use crate::server::{
    api_error::{Code, Failure},
    state::Service,
};

/// That all is well.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct Status {
    /// `ok`.
    status: &'static str,
}

/// How much the index holds.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct Stats {
    documents: u64,
    /// Passages of them.
    passages: u64,
    /// Bytes on disk; 0 for an index in memory.
    index_bytes: u64,
    /// The name of the commit that is searched: a new commit has a new name.
    commit: String,
    /// The program and its version.
    program: &'static str,
    /// How the folders of `serve --watch` are followed; left out without it.
    #[cfg(feature = "watch")]
    #[serde(skip_serializing_if = "Option::is_none")]
    watch: Option<crate::server::state::Watched>,
}

/// Whether the process runs
#[utoipa::path(get, path = "/health", tag = "status", responses((status = 200, description = "It does", body = Status)))]
pub(in crate::server) async fn health() -> Json<Status> {
    Json(Status { status: "ok" })
}

/// Whether requests should be sent here
#[utoipa::path(
    get, path = "/ready", tag = "status",
    responses(
        (status = 200, description = "They should", body = Status),
        (status = 503, description = "It is ending", body = Failure),
    )
)]
pub(in crate::server) async fn ready(
    State(service): State<Arc<Service>>,
) -> Result<Json<Status>, Failure> {
    if service.stopping.load(Ordering::Relaxed) {
        return Err(Failure::new(Code::Stopping, "the service is ending", "ask another one"));
    }
    Ok(Json(Status { status: "ok" }))
}

/// How much the index holds
#[utoipa::path(
    get, path = "/stats", tag = "status",
    responses((status = 200, description = "What it holds", body = Stats), Refusals)
)]
pub(in crate::server) async fn stats(
    State(service): State<Arc<Service>>,
) -> Result<Json<Stats>, Failure> {
    let (index, shown) = (Arc::clone(&service.index), Arc::clone(&service.shown));
    #[cfg(feature = "watch")]
    let watch = service.settings.watch.as_ref().map(|_| service.noticed.watched());
    let counted = service.pool.run(move || {
        let stats = index.stats()?;
        Ok(Stats {
            documents: stats.documents,
            passages: stats.passages,
            index_bytes: stats.index_bytes,
            commit: shown.snapshot().commit.to_string(),
            program: concat!("gz-search ", env!("CARGO_PKG_VERSION")),
            #[cfg(feature = "watch")]
            watch,
        })
    });
    counted.await.map(Json)
}

/// Counts and times of requests, for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "status",
    responses((status = 200, description = "In its text format", body = String, content_type = "text/plain"), Refusals)
)]
pub(in crate::server) async fn metrics(
    State(service): State<Arc<Service>>,
) -> Result<Response, Failure> {
    let index = Arc::clone(&service.index);
    let stats = service.pool.run(move || Ok(index.stats()?)).await?;
    let text = service.metrics.text(&service, stats.documents, stats.passages);
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media_type)], text).into_response())
}
