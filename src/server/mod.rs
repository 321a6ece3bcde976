//! HTTP requests → the JSON that the command writes: search, documents, suggestions, and writing.
//!
//! A request passes through the modules in this order: `listen` (connections), `route` (which handler),
//! `observe` (a log line, the metrics), `host` (whether it was sent to this service), `admit` (keys, how many at once), `conditional` (whether the
//! client has the answer already), then its handler, which works in the `pool` on one snapshot of the index.

#![allow(unused_qualifications, reason = "the macros of utoipa write them")]

mod api;
mod api_error;
mod connection;
mod extract;
pub mod keys;
mod middleware;
mod page;
mod place;
mod router;
mod state;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    thread,
    time::Duration,
};

use tokio::{net::TcpListener, runtime, time};

pub use self::middleware::access_log::{Log, log_to_standard_error};
use self::state::Service;
#[cfg(feature = "watch")]
pub use self::state::Watch;
use crate::{
    error::{Error, Result},
    search::IndexBackend,
};

/// How often to look for a commit of another process and for changed keys.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);
/// Threads for what blocks beside searches: following, writing, reading what was posted.
const BLOCKING_THREADS: usize = 16;

/// Where and how to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The address to listen at; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Whether anybody who reaches the address may read without a key.
    pub public: bool,
    /// Names that requests may be sent to, beside those of the machine for itself (`localhost`, `127.0.0.1`);
    /// `*` is any. Where there are none, an address that others reach goes by any name.
    pub hosts: Vec<String>,
    /// Origins whose pages may ask from a browser; `*` is any.
    pub cors: Vec<String>,
    /// How many searches run at the same time.
    pub searches: usize,
    /// How many more may wait for their turn; what comes then is refused with 503.
    pub waiting: usize,
    /// How many requests of one client, by its key or its address, are worked on at the same time; what
    /// comes then is refused with 429.
    pub per_client: usize,
    /// How many connections may be open; what comes then is refused with 503.
    pub connections: usize,
    /// How many of them may come from one address; what comes then is refused with 429.
    pub connections_per_address: usize,
    /// How long an answer may take; after that it is given up with 503.
    pub timeout: Duration,
    /// How many bytes of documents may be posted at once; more is refused with 413.
    pub max_body_bytes: usize,
    /// Folders that the index is kept up to date with while it is served.
    #[cfg(feature = "watch")]
    pub watch: Option<Watch>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7700),
            public: false,
            hosts: Vec::new(),
            cors: Vec::new(),
            searches: thread::available_parallelism().map_or(2, std::num::NonZero::get),
            waiting: 256,
            per_client: 64,
            connections: 1024,
            connections_per_address: 256,
            timeout: Duration::from_secs(10),
            max_body_bytes: 16 << 20,
            #[cfg(feature = "watch")]
            watch: None,
        }
    }
}

/// Serves `index` until the process is told to end, by SIGINT or SIGTERM; then finishes what has begun.
/// `started` is told the address once requests are answered.
///
/// # Errors
///
/// [`Error::InvalidArgument`] where others could reach the address and neither keys nor
/// [`Settings::public`] say who may read, or an origin or the name of a host is none; [`Error::Io`] where the address cannot be listened at;
/// errors of the index.
pub fn serve(
    index: impl IndexBackend + 'static,
    settings: Settings,
    started: impl FnOnce(SocketAddr),
) -> Result<()> {
    let failed = |action| Error::io(action, settings.listen.to_string());
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .build()
        .map_err(failed("start threads for"))?;
    let listen = settings.listen;
    let service = Arc::new(Service::new(index, settings)?);
    let router = router::router(Arc::clone(&service))?;
    let watching = runtime.block_on(async {
        let stop = connection::Stop::new()
            .map_err(Error::io("wait for signals at", listen.to_string()))?;
        let listener = TcpListener::bind(listen).await;
        let listener = listener.map_err(Error::io("listen at", listen.to_string()))?;
        started(listener.local_addr().unwrap_or(listen));
        let following = tokio::spawn(follow(Arc::clone(&service)));
        let watching = watching(&service)?;
        connection::listen(listener, router, &service, stop).await;
        following.abort();
        Ok::<_, Error>(watching)
    })?;
    if watching.is_some_and(|watching| watching.join().is_err()) {
        tracing::error!("a defect while following the folders");
    }
    service.writes.close();
    Ok(())
}

/// The thread that follows folders, where there are some to follow.
fn watching(service: &Arc<Service>) -> Result<Option<thread::JoinHandle<()>>> {
    #[cfg(feature = "watch")]
    let watching =
        service.settings.watch.as_ref().map(|watch| state::start(service, watch)).transpose()?;
    #[cfg(not(feature = "watch"))]
    let (watching, _) = (None, service);
    Ok(watching)
}

/// Keeps up with what other processes do to the index and to the keys.
async fn follow(service: Arc<Service>) {
    loop {
        time::sleep(FOLLOW_EVERY).await;
        let service = Arc::clone(&service);
        let followed = tokio::task::spawn_blocking(move || {
            service.keys.reload();
            service.shown.follow();
        });
        drop(followed.await);
    }
}
