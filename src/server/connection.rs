//! A socket → connections, each with limits of time and size; an end that finishes what has begun.

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
    middleware::auth::{Client, Clients, Counted, Peer},
    state::Service,
};

/// How long the head of a request may take to come, and a connection may wait for its next request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How long a client may take no byte of an answer.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);
/// How long what has begun may take to end.
const END_PATIENCE: Duration = Duration::from_secs(30);
/// How much the head of a request may be, in bytes and lines.
const MAX_HEAD_BYTES: usize = 32 << 10;
const MAX_HEADERS: usize = 64;
/// How many files the index may have open beside the connections.
#[cfg(unix)]
const FILES_OF_INDEX: usize = 256;
/// Where no connection can be taken (no more files can be opened): try again after this.
const BREATH: Duration = Duration::from_millis(50);

/// What is said to a connection too many. Nothing of it was read.
static FULL: LazyLock<Vec<u8>> =
    LazyLock::new(|| refusal(Code::Busy, "too many connections are open"));
static FULL_FOR_ADDRESS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    refusal(Code::TooManyRequests, "too many connections of this address are open")
});

/// An answer as it goes out, without a request.
fn refusal(code: Code, message: &str) -> Vec<u8> {
    let status = code.status();
    let body =
        serde_json::json!({"code": code, "message": message, "hint": "connect again in a moment"});
    let body = body.to_string();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nretry-after: 1\r\n");
    format!("{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Signals that ask the process to end.
#[derive(Debug)]
pub(super) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
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

    async fn asked(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}

/// Raises the number of files that may be open as far as it goes; how many connections fit beside the index.
#[cfg(unix)]
fn room(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed = wanted.saturating_add(FILES_OF_INDEX) as u64;
    let Some(allowed) = current.filter(|&allowed| allowed < needed) else { return wanted };
    let raised = maximum.map_or(needed, |maximum| maximum.min(needed));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum })
        .map_or(allowed, |()| raised);
    let room = usize::try_from(raised).unwrap_or(usize::MAX).saturating_sub(FILES_OF_INDEX).max(1);
    if room < wanted {
        tracing::warn!("only {room} connections: no more files may be open, see ulimit -n");
    }
    room.min(wanted)
}

#[cfg(not(unix))]
const fn room(wanted: usize) -> usize {
    wanted
}

/// Serves connections until it is asked to stop, then waits for those that have a request under way.
pub(super) async fn listen(
    listener: TcpListener,
    router: Router,
    service: &Arc<Service>,
    mut stop: Stop,
) {
    let connections = Connections {
        places: Arc::new(Semaphore::new(
            room(service.settings.connections).min(Semaphore::MAX_PERMITS),
        )),
        by_address: Arc::new(Clients::new(service.settings.connections_per_address)),
        router: TowerToHyperService::new(router),
    };
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.asked() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => connections.take(stream, peer, open.watcher()),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a connection was lost");
                time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    service.stopping.store(true, Ordering::Relaxed);
    tracing::info!("ending: {} connections are open", open.count());
    tokio::select! {
        () = open.shutdown() => {}
        () = stop.asked() => tracing::warn!("ended at once: asked twice"),
        () = time::sleep(END_PATIENCE) => tracing::warn!("some requests did not end in time"),
    }
}

struct Connections {
    places: Arc<Semaphore>,
    by_address: Arc<Clients>,
    router: TowerToHyperService<Router>,
}

impl Connections {
    /// Serves a connection on a task of its own; one too many is told so and closed.
    fn take(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        match self.place(peer) {
            Ok(place) => {
                let served = served(stream, peer, self.router.clone(), watcher);
                tokio::spawn(async move {
                    served.await;
                    drop(place);
                });
            }
            // Into an empty buffer: there is nothing to wait for.
            Err(refusal) => drop(stream.try_write(refusal)),
        }
    }

    /// A place for a connection until it is dropped, or what to say where there is none.
    fn place(&self, peer: SocketAddr) -> Result<Place, &'static [u8]> {
        let of_address = self.by_address.count(Client::Address(peer.ip().to_canonical()));
        let of_address = of_address.ok_or(FULL_FOR_ADDRESS.as_slice())?;
        let of_all = Arc::clone(&self.places).try_acquire_owned().map_err(|_| FULL.as_slice())?;
        Ok((of_address, of_all))
    }
}

/// One of those for an address, and one of those for all.
type Place = (Counted, OwnedSemaphorePermit);

async fn served(
    stream: TcpStream,
    peer: SocketAddr,
    router: TowerToHyperService<Router>,
    watcher: Watcher,
) {
    // Answers go out whole: nothing is gained by waiting for more.
    drop(stream.set_nodelay(true));
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(WRITE_PATIENCE));
    let answer = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), answer);
    // What ends a connection is the client's affair.
    drop(watcher.watch(connection).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_one_too_many_is_an_answer() {
        for (said, status, code) in [
            (&*FULL, "503 Service Unavailable", "busy"),
            (&*FULL_FOR_ADDRESS, "429 Too Many Requests", "too_many_requests"),
        ] {
            let (head, body) = std::str::from_utf8(said).unwrap().split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{head}");
            assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
            let error: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(error["code"], code);
        }
    }
}
