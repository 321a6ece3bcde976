//! Accepts connections, limits each connection in time and size, and shuts down gracefully.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock, atomic::Ordering},
    time::Duration,
};

use axum::{Router, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::Service as _};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time,
};
use tokio_io_timeout::TimeoutStream;

use super::{
    api_error::Code,
    middleware::security_headers::security_header_lines,
    state::{ClientLimits, ClientPermit, LimitedClient, PeerAddress, ServerState},
};

/// Maximum time for the head of a request to arrive, and for an idle connection to stay open between requests.
const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time to wait until a client accepts the next bytes of a response.
const RESPONSE_WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum time for requests in progress to finish after the stop signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum size of a request head in bytes.
const MAX_REQUEST_HEAD_BYTES: usize = 32 << 10;
/// Maximum number of header lines.
const MAX_REQUEST_HEADERS: usize = 64;
/// Number of file descriptors reserved for the index.
#[cfg(unix)]
const INDEX_FILE_DESCRIPTOR_COUNT: usize = 256;
/// Delay after a failure to accept a connection, for example because no file descriptor is free.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

/// Response to a client that connects while the maximum number of connections of the service is open. The service sends
/// this response without reading a request.
static TOO_MANY_CONNECTIONS_RESPONSE: LazyLock<Vec<u8>> =
    LazyLock::new(|| refusal_response(Code::Busy, "too many connections are open"));
/// Response to a client that connects while the maximum number of connections of its address is open. The service sends
/// this response without reading a request.
static TOO_MANY_FROM_ADDRESS_RESPONSE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    refusal_response(Code::TooManyRequests, "too many connections from this address are open")
});

/// Returns a complete HTTP response that can be sent without reading a request.
fn refusal_response(code: Code, message: &str) -> Vec<u8> {
    let status = code.status();
    let error =
        serde_json::json!({"code": code, "message": message, "hint": "connect again in a moment"});
    let body = error.to_string();
    let body_length = body.len();
    let response_head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nretry-after: 1\r\n");
    let security_headers = security_header_lines();
    format!(
        "{response_head}{security_headers}connection: close\r\ncontent-length: {body_length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Stream of the signals that ask the process to stop: SIGINT and SIGTERM, or Ctrl-C on systems without signals.
#[derive(Debug)]
pub(super) struct StopSignals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignals {
    pub(super) fn new() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (terminate, interrupt) =
                (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
            Ok(Self { terminate, interrupt })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next signal.
    async fn next_signal(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}

/// Raises the limit of open files, if needed and permitted. Returns the number of connections that the limit allows
/// besides the files of the index: at least 1, and at most `requested_connections`.
#[cfg(unix)]
fn raise_file_limit(requested_connections: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed_files = requested_connections.saturating_add(INDEX_FILE_DESCRIPTOR_COUNT) as u64;
    let Some(allowed_files) = current.filter(|&allowed| allowed < needed_files) else {
        return requested_connections;
    };
    let raised_limit = maximum.map_or(needed_files, |maximum| maximum.min(needed_files));
    let file_limit = setrlimit(Resource::Nofile, Rlimit { current: Some(raised_limit), maximum })
        .map_or(allowed_files, |()| raised_limit);
    let limit = usize::try_from(file_limit)
        .unwrap_or(usize::MAX)
        .saturating_sub(INDEX_FILE_DESCRIPTOR_COUNT)
        .max(1);
    if limit < requested_connections {
        tracing::warn!(
            "the limit of open files allows only {limit} connections: raise it with ulimit -n"
        );
    }
    limit.min(requested_connections)
}

#[cfg(not(unix))]
const fn raise_file_limit(requested_connections: usize) -> usize {
    requested_connections
}

/// Serves connections until a stop signal, then waits for the requests in progress.
///
/// A second signal, or the end of [`SHUTDOWN_TIMEOUT`], stops the wait.
pub(super) async fn listen(
    listener: TcpListener,
    router: Router,
    service: &Arc<ServerState>,
    mut stop: StopSignals,
) {
    let max_connections =
        raise_file_limit(service.settings.max_connections).min(Semaphore::MAX_PERMITS);
    let connections = ConnectionServer {
        permits: Arc::new(Semaphore::new(max_connections)),
        address_limits: Arc::new(ClientLimits::new(service.settings.max_connections_per_address)),
        router: TowerToHyperService::new(router),
        service: Arc::clone(service),
    };
    let open_connections = GracefulShutdown::new();
    loop {
        let accept_result = tokio::select! {
            biased;
            () = stop.next_signal() => break,
            accept_result = listener.accept() => accept_result,
        };
        match accept_result {
            Ok((stream, peer)) => connections.accept(stream, peer, open_connections.watcher()),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "cannot accept a connection"
                );
                time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
    drop(listener);
    service.is_stopping.store(true, Ordering::Relaxed);
    tracing::info!("stopping: {} connections are open", open_connections.count());
    tokio::select! {
        () = open_connections.shutdown() => {}
        () = stop.next_signal() => tracing::warn!("stopped at once after a second signal"),
        () = time::sleep(SHUTDOWN_TIMEOUT) => tracing::warn!("some requests did not end in time"),
    }
}

/// Serves accepted connections, up to the limits of the settings.
struct ConnectionServer {
    permits: Arc<Semaphore>,
    address_limits: Arc<ClientLimits>,
    router: TowerToHyperService<Router>,
    service: Arc<ServerState>,
}

impl ConnectionServer {
    /// Serves a connection in a separate task. Above a limit, sends an error response and closes the connection.
    fn accept(&self, stream: TcpStream, peer: SocketAddr, shutdown_watcher: Watcher) {
        match self.acquire_permits(peer) {
            Ok(permit) => {
                let (router, service) = (self.router.clone(), Arc::clone(&self.service));
                let connection_task =
                    serve_connection(stream, peer, router, service, shutdown_watcher);
                tokio::spawn(async move {
                    connection_task.await;
                    drop(permit);
                });
            }
            // The send buffer of a new connection is empty, so the write does not block.
            Err(refusal) => drop(stream.try_write(refusal)),
        }
    }

    /// Returns the permits for a connection from `peer`, or the error response to send.
    fn acquire_permits(&self, peer: SocketAddr) -> Result<ConnectionPermits, &'static [u8]> {
        let address = LimitedClient::Address(peer.ip().to_canonical());
        let address_permit = self
            .address_limits
            .acquire(address)
            .ok_or(TOO_MANY_FROM_ADDRESS_RESPONSE.as_slice())?;
        let service_permit = Arc::clone(&self.permits)
            .try_acquire_owned()
            .map_err(|_| TOO_MANY_CONNECTIONS_RESPONSE.as_slice())?;
        Ok((address_permit, service_permit))
    }
}

/// Permits that a connection holds until it ends: one permit of its address, and one permit of the service.
type ConnectionPermits = (ClientPermit, OwnedSemaphorePermit);

/// Serves the requests of one connection until the connection ends. Requests that the HTTP parser rejects are counted
/// in the metrics.
async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: TowerToHyperService<Router>,
    service: Arc<ServerState>,
    shutdown_watcher: Watcher,
) {
    // The service writes each response in one piece, so Nagle's algorithm would only delay the response.
    drop(stream.set_nodelay(true));
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(RESPONSE_WRITE_TIMEOUT));
    let handler = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(PeerAddress(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_HEAD_TIMEOUT)
        .max_headers(MAX_REQUEST_HEADERS)
        .max_header_size(MAX_REQUEST_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), handler);
    // An error of the connection, such as a disconnect, is not an error of the service.
    if let Err(error) = shutdown_watcher.watch(connection).await
        && error.is_parse()
    {
        // The HTTP parser has answered with 400 or 431, so no middleware has seen the request.
        let error = &error as &dyn std::error::Error;
        tracing::info!(client = %peer.ip(), error, "a request that is not HTTP was rejected");
        service.metrics.record_malformed_request();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusal_responses_are_complete() {
        for (refusal, status, code) in [
            (&*TOO_MANY_CONNECTIONS_RESPONSE, "503 Service Unavailable", "busy"),
            (&*TOO_MANY_FROM_ADDRESS_RESPONSE, "429 Too Many Requests", "too_many_requests"),
        ] {
            let (head, body) =
                std::str::from_utf8(refusal).unwrap().split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{head}");
            assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
            let error: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(error["code"], code);
        }
    }
}
