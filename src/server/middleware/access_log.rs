//! Writes one log line for each request, and counts the request in the metrics. Neither the log nor the metrics contain
//! keys, bodies or queries.

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

use crate::server::state::{LimitedClient, PeerAddress, ServerState};

/// Format of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people, one line for each request.
    Text,
    /// JSON Lines: one object for each request.
    Json,
    /// No log.
    Off,
}

/// Writes the log of the service to standard error. Only the first call in a process has an effect.
pub fn log_to_standard_error(format: LogFormat) {
    let subscriber = tracing_subscriber::fmt().with_writer(io::stderr).with_target(false);
    // `try_init` fails if the process already has a subscriber. That subscriber then stays in use.
    match format {
        LogFormat::Text => drop(subscriber.with_ansi(io::stderr().is_terminal()).try_init()),
        LogFormat::Json => drop(subscriber.json().flatten_event(true).try_init()),
        LogFormat::Off => {}
    }
}

/// Maximum number of characters of a path in the log.
const MAX_LOGGED_PATH_CHARS: usize = 200;

/// Writes a log line for the request, and counts the request in the metrics.
pub(in crate::server) async fn log_and_count_request(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let start_time = Instant::now();
    let in_flight = service.metrics.begin_request();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = method_name(request.method());
    let path: String = request.uri().path().chars().take(MAX_LOGGED_PATH_CHARS).collect();
    let peer = request
        .extensions()
        .get::<PeerAddress>()
        .map(|PeerAddress(address)| address.ip().to_string());
    let response = next.run(request).await;
    let (status, duration) = (response.status().as_u16(), start_time.elapsed());
    service.metrics.record_request(&route, method, status, duration);
    let key = match response.extensions().get::<LimitedClient>() {
        Some(LimitedClient::Key(name)) => name,
        _ => "-",
    };
    tracing::info!(
        method,
        // Debug formatting escapes control characters, which could otherwise control a terminal.
        path = ?path,
        status,
        ms = (duration.as_secs_f64() * 1e6).round() / 1e3,
        bytes = response.body().size_hint().exact(),
        client = peer.as_deref().unwrap_or("-"),
        key,
        "request"
    );
    drop(in_flight);
    response
}

/// Returns the name of a supported method, or `other`. Unknown methods are counted as `other`, since a client could
/// otherwise create any number of metrics.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
