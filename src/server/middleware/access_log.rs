//! Every request → one line of the log, and the metrics. Neither holds keys, bodies or what was searched for.

use std::{
    io::{self, IsTerminal},
    sync::Arc,
    time::Instant,
};

use axum::{
    body::HttpBody,
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};

use super::auth::{KeyName, Peer};
use crate::server::state::Service;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// For people.
    Text,
    /// One object a line.
    Json,
    /// Not at all.
    Off,
}

/// Sends what the service has to say to standard error. The first call of a process counts.
pub fn log_to_standard_error(log: Log) {
    let lines = tracing_subscriber::fmt().with_writer(io::stderr).with_target(false);
    // A second subscriber is refused: then the first one stays.
    match log {
        Log::Text => drop(lines.with_ansi(io::stderr().is_terminal()).try_init()),
        Log::Json => drop(lines.json().flatten_event(true).try_init()),
        Log::Off => {}
    }
}

/// Longer paths are cut in the log.
const MAX_PATH_CHARS: usize = 200;

pub(in crate::server) async fn observe(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let in_flight = service.metrics.begin();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "other".to_owned());
    let method = name(request.method());
    let path: String = request.uri().path().chars().take(MAX_PATH_CHARS).collect();
    let client = request.extensions().get::<Peer>().map(|Peer(address)| address.ip().to_string());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    service.metrics.count(&route, method, status, took);
    let key = response.extensions().get::<KeyName>().map(|KeyName(name)| name.as_str());
    tracing::info!(
        method,
        // Control characters must not steer a terminal.
        path = ?path,
        status,
        ms = (took.as_secs_f64() * 1e6).round() / 1e3,
        bytes = response.body().size_hint().exact(),
        client = client.as_deref().unwrap_or("-"),
        key = key.unwrap_or("-"),
        "request"
    );
    drop(in_flight);
    response
}

/// Methods of HTTP by name; a client may make up others.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
