//! Tests of the router without network connections: each test passes requests to the router and checks its responses.
//! `reading` tests requests that read; `agents` tests the tools for AI agents; `citing` tests citations, links and
//! figures; `declared_fields` tests declared fields; `description` tests the OpenAPI description; `writing` tests keys
//! and requests that write; `several_indexes` tests several indexes; `isolation` tests the protection against pages of
//! other sites.

#[cfg(feature = "mcp")]
mod agents;
mod citing;
mod declared_fields;
mod description;
mod isolation;
mod reading;
mod several_indexes;
mod writing;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode},
};
use serde_json::Value;
use tower::ServiceExt;

use super::{Settings, router::router, state::ServerState};
use crate::{document::Document, index::Index, search::IndexBackend};

/// Returns a service for an index in memory with two releases, and the router of the service.
fn service(settings: Settings) -> (Arc<ServerState>, Router) {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    let mut english_release =
        Document::new("2025/port.txt", "A port opened.\n\nIt <grew> fast.\n\nRails came.");
    english_release.title = Some("Port news".to_owned());
    english_release.lang = "en".to_owned();
    writer.add(&english_release).unwrap();
    let mut chinese_release = Document::new("zh", "😀港口增长。");
    chinese_release.lang = "zh-Hans".to_owned();
    writer.add(&chinese_release).unwrap();
    writer.commit().unwrap();
    service_of(index, settings)
}

fn service_of(
    index: impl IndexBackend + 'static,
    settings: Settings,
) -> (Arc<ServerState>, Router) {
    let service = Arc::new(ServerState::new(index, settings).unwrap());
    (Arc::clone(&service), router(service).unwrap())
}

fn build_request(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri);
    let has_host = headers.iter().any(|(name, _)| *name == "host");
    let host = [("host", "localhost")];
    let headers = headers.iter().chain(host.iter().filter(|_| !has_host));
    let request = headers.fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

async fn get(router: &Router, uri: &str) -> (StatusCode, Value) {
    status_and_json(send(router, build_request("GET", uri, &[], "")).await).await
}

async fn get_text(router: &Router, uri: &str) -> (StatusCode, String) {
    let response = send(router, build_request("GET", uri, &[], "")).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

async fn status_and_json(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[test]
fn a_reachable_address_needs_keys_or_public_access() {
    let reachable = "0.0.0.0:7700".parse().unwrap();
    let settings =
        |is_public| Settings { listen_address: reachable, is_public, ..Settings::default() };
    let refusal_message =
        ServerState::new(Index::in_memory(), settings(false)).unwrap_err().to_string();
    assert!(
        refusal_message.contains("gz-search keys add") && refusal_message.contains("--public"),
        "{refusal_message}"
    );
    assert!(ServerState::new(Index::in_memory(), settings(true)).is_ok());
}
