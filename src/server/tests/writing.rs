//! Tests of keys and of requests that write.

use std::sync::Arc;

use axum::{Router, http::StatusCode};
use serde_json::{Value, json};

use super::{build_request, send, service_of, status_and_json};
use crate::{
    index::Index,
    server::{Settings, keys, state::ServerState},
};

/// Service for an index on disk, with one key that may read and one key that may write.
struct ServiceWithKeys {
    _dir: tempfile::TempDir,
    service: Arc<ServerState>,
    router: Router,
    read_key: String,
    write_key: String,
}

fn service_with_keys() -> ServiceWithKeys {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::create(dir.path()).unwrap();
    let [read_key, write_key] = [("page", keys::Scope::Read), ("job", keys::Scope::Write)]
        .map(|(name, scope)| format!("Bearer {}", keys::add(dir.path(), name, scope).unwrap()));
    let (service, router) = service_of(index, Settings::default());
    ServiceWithKeys { _dir: dir, service, router, read_key, write_key }
}

#[tokio::test]
async fn a_key_permits_only_requests_of_its_scope() {
    let service_and_keys = service_with_keys();
    let body = json!({"id": "a", "text": "A port."}).to_string();
    for (method, uri, key, status) in [
        ("GET", "/search?q=a", "", 401),
        ("GET", "/search?q=a", "Bearer gz_0", 401),
        ("GET", "/search?q=a", "Basic YTpi", 401),
        ("GET", "/search?q=a", &service_and_keys.read_key, 200),
        ("GET", "/search?q=a", &service_and_keys.write_key, 200),
        ("GET", "/metrics", "", 401),
        ("POST", "/mcp", "", 401),
        ("GET", "/health", "", 200),
        ("GET", "/ready", "", 200),
        ("GET", "/openapi.json", "", 200),
        ("POST", "/documents", &service_and_keys.read_key, 403),
        ("DELETE", "/documents/a", &service_and_keys.read_key, 403),
        ("POST", "/documents", &service_and_keys.write_key, 200),
        ("DELETE", "/documents/a", &service_and_keys.write_key, 200),
    ] {
        let headers = [("authorization", key), ("content-type", "application/json")];
        let headers = if key.is_empty() { &headers[1..] } else { &headers };
        let (actual, answer) = status_and_json(
            send(&service_and_keys.router, build_request(method, uri, headers, &body)).await,
        )
        .await;
        assert_eq!(actual, status, "{method} {uri} {key} {answer}");
    }
}

async fn send_write(
    service_and_keys: &ServiceWithKeys,
    method: &str,
    uri: &str,
    media_type: &str,
    body: &str,
) -> (StatusCode, Value) {
    let headers =
        [("authorization", service_and_keys.write_key.as_str()), ("content-type", media_type)];
    status_and_json(
        send(&service_and_keys.router, build_request(method, uri, &headers, body)).await,
    )
    .await
}

async fn search_total(service_and_keys: &ServiceWithKeys, query: &str) -> Value {
    let headers = [("authorization", service_and_keys.read_key.as_str())];
    let uri = format!("/search?q={query}");
    status_and_json(send(&service_and_keys.router, build_request("GET", &uri, &headers, "")).await)
        .await
        .1["total"]
        .clone()
}

#[tokio::test]
async fn writes_that_wait_are_visible_to_searches() {
    let service_and_keys = service_with_keys();
    let json_lines = "{\"id\":\"a\",\"text\":\"A port.\"}\n\n{\"id\":\"b\",\"text\":\"A port.\"}\n";
    let (status, summary) = send_write(
        &service_and_keys,
        "POST",
        "/documents?wait=true",
        "application/jsonl",
        json_lines,
    )
    .await;
    assert_eq!((status.as_u16(), summary), (200, json!({"added": 2, "updated": 0, "removed": 0})));
    assert_eq!(search_total(&service_and_keys, "port").await, 2);
    let json_array = json!([{"id": "b", "text": "A harbour."}, {"id": "c", "text": "A harbour."}, {"id": "c", "text": "Two harbours."}]);
    let (_, summary) = send_write(
        &service_and_keys,
        "POST",
        "/documents?wait=true",
        "application/json",
        &json_array.to_string(),
    )
    .await;
    assert_eq!(summary, json!({"added": 1, "updated": 2, "removed": 0}));
    assert_eq!(
        (
            search_total(&service_and_keys, "port").await,
            search_total(&service_and_keys, "harbours").await
        ),
        (json!(1), json!(2))
    );
    let (_, summary) =
        send_write(&service_and_keys, "DELETE", "/documents/a?wait=true", "", "").await;
    assert_eq!(summary["removed"], 1);
    assert_eq!(search_total(&service_and_keys, "port&strict=true").await, 0);
    let (status, error) = send_write(&service_and_keys, "DELETE", "/documents/a", "", "").await;
    assert_eq!((status.as_u16(), &error["code"]), (404, &json!("unknown_document")));
    service_and_keys.service.write_queue.close();
    let (status, error) = send_write(&service_and_keys, "DELETE", "/documents/b", "", "").await;
    assert_eq!((status.as_u16(), &error["code"]), (503, &json!("stopping")));
}

#[tokio::test]
async fn one_invalid_document_refuses_the_whole_body() {
    let service_and_keys = service_with_keys();
    let long_text = "x".repeat(2_000);
    let long_id = json!({"id": long_text, "text": "x"}).to_string();
    for (media_type, body, status, message) in [
        (
            "application/jsonl",
            "{\"id\":\"a\",\"text\":\"A port.\"}\n{\"text\":\"no id\"}",
            422,
            "line 2: has no id",
        ),
        ("application/jsonl", "{\"id\":\"a\",\"text\":\"A port.\"}\n{", 422, "line 2: column"),
        (
            "application/json",
            "[{\"id\":\"a\",\"text\":\"A port.\"},{\"id\":\"e\",\"text\":\" \"}]",
            422,
            "neither text nor title",
        ),
        (
            "application/json",
            "[{\"id\":\"a\",\"text\":\"A port.\"}, 7]",
            422,
            "document 2: is not a JSON object",
        ),
        (
            "application/json",
            "[{\"id\":\"a\",\"text\":\"A port.\"},{\"id\":\"b\",\"text\":\"A port.\",\"date\":\"tomorrow\"}]",
            422,
            "b: date: \"tomorrow\" is not a day such as 2025-12-17",
        ),
        (
            "application/jsonl",
            "{\"id\":\"a\",\"text\":\"A port.\",\"titel\":\"Port\"}",
            422,
            "a: there is no field \"titel\": the fields are id, title, text",
        ),
        (
            "application/json",
            "{\"id\":\"a\",\"text\":\"A port.\",\"metadata\":\"room 7\"}",
            422,
            "a: metadata: give an object",
        ),
        ("application/json", &long_id, 422, "more than 1024 bytes"),
        ("application/json", "[]", 422, "holds no document"),
        ("application/json", "{", 400, "not JSON"),
        ("application/jsonl", "", 422, "holds no document"),
        ("text/plain", "A port.", 415, "not supported"),
    ] {
        let (actual, error) =
            send_write(&service_and_keys, "POST", "/documents?wait=true", media_type, body).await;
        assert_eq!(actual, status, "{body} {error}");
        assert!(error["message"].as_str().unwrap().contains(message), "{body} {error}");
    }
    assert_eq!(search_total(&service_and_keys, "port").await, 0);
}

#[tokio::test]
async fn writes_wait_for_the_lock_and_release_it() {
    let service_and_keys = service_with_keys();
    let dir = service_and_keys.service.index.dirs()[0].to_owned();
    let other_writer = Index::open(&dir).unwrap().writer().unwrap();
    let waiting_write = send_write(
        &service_and_keys,
        "POST",
        "/documents?wait=true",
        "application/json",
        "{\"id\":\"a\",\"text\":\"A port.\"}",
    );
    let release_lock = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        drop(other_writer);
    };
    let ((status, summary), ()) = tokio::join!(waiting_write, release_lock);
    assert_eq!(status, StatusCode::OK, "{summary}");
    let is_unlocked = || Index::open(&dir).unwrap().writer().is_ok();
    assert!(!is_unlocked(), "the writer stays open for a moment");
    while !is_unlocked() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(search_total(&service_and_keys, "port").await, 1);
}
