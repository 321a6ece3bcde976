//! Settings of the service: address, access, limits, watched folders.

#[cfg(feature = "watch")]
use std::path::PathBuf;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    thread,
    time::Duration,
};

#[cfg(feature = "watch")]
use crate::index::UpdateOptions;

/// Settings of [`serve`](super::serve).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Address on which the service listens. With port 0, the system chooses a free port.
    pub listen_address: SocketAddr,
    /// Whether clients may read without a key.
    pub is_public: bool,
    /// Accepted values of the Host header, in addition to the loopback names (`localhost`, `127.0.0.1`). `*` accepts
    /// any name. If the list is empty and other machines can reach the address, any name is accepted.
    pub accepted_hosts: Vec<String>,
    /// Origins whose pages may call the service from a browser (CORS). `*` permits all origins.
    pub cors_origins: Vec<String>,
    /// Maximum number of searches of one client that run at the same time. The service has one thread more than this,
    /// so that a search of another client can run.
    pub max_searches_per_client: usize,
    /// Maximum number of searches that wait for a thread. The service rejects further searches with 503.
    pub max_waiting_searches: usize,
    /// Maximum number of requests in progress per client. A client is a key or, without a key, a network address. The
    /// service rejects further requests with 429.
    pub max_requests_per_client: usize,
    /// Maximum number of open connections. The service rejects further connections with 503.
    pub max_connections: usize,
    /// Maximum number of open connections from one address. The service rejects further connections with 429.
    pub max_connections_per_address: usize,
    /// Maximum time for one response. After this time a search returns the hits that it has found; if there are none,
    /// and for all other requests, the service responds with 503.
    pub timeout: Duration,
    /// Maximum total size in bytes of the documents in one request. The service rejects a larger body with 413.
    pub max_body_bytes: usize,
    /// Folders that the service watches and indexes while it runs; `None` if it watches no folders.
    #[cfg(feature = "watch")]
    pub watch: Option<WatchSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen_address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7700),
            is_public: false,
            accepted_hosts: Vec::new(),
            cors_origins: Vec::new(),
            max_searches_per_client: thread::available_parallelism()
                .map_or(2, std::num::NonZero::get),
            max_waiting_searches: 256,
            max_requests_per_client: 64,
            max_connections: 1024,
            max_connections_per_address: 256,
            timeout: Duration::from_secs(10),
            max_body_bytes: 16 << 20,
            #[cfg(feature = "watch")]
            watch: None,
        }
    }
}

/// Watched folders and files, and the options for reading them.
#[cfg(feature = "watch")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct WatchSettings {
    /// Folders and files to watch.
    pub roots: Vec<PathBuf>,
    /// Filter of the files to read, and metadata that overrides the metadata of their documents.
    pub options: UpdateOptions,
    /// Interval at which the service checks all files for changes; `None` to wait for change reports of the operating
    /// system.
    pub poll_interval: Option<Duration>,
}
