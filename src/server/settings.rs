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
    /// Address to listen at; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Whether clients may read without a key.
    pub public: bool,
    /// Host names that requests may be sent to, besides the loopback names (`localhost`, `127.0.0.1`);
    /// `*` accepts any name. If the list is empty, an address that other machines can reach accepts any name.
    pub hosts: Vec<String>,
    /// Origins whose pages may call the service from a browser (CORS); `*` accepts any origin.
    pub cors: Vec<String>,
    /// Maximum number of searches that run at the same time.
    pub searches: usize,
    /// Maximum number of searches that wait for a thread; the service refuses further ones with 503.
    pub waiting: usize,
    /// Maximum number of concurrent requests of one client, which is a key or an address; the service refuses
    /// further ones with 429.
    pub per_client: usize,
    /// Maximum number of open connections; the service refuses further ones with 503.
    pub connections: usize,
    /// Maximum number of open connections from one address; the service refuses further ones with 429.
    pub connections_per_address: usize,
    /// Maximum time for one answer; after that the service answers 503.
    pub timeout: Duration,
    /// Maximum size of posted documents in bytes; the service refuses a larger body with 413.
    pub max_body_bytes: usize,
    /// Folders whose changes go into the index while the service runs. `None` watches nothing.
    #[cfg(feature = "watch")]
    pub watch: Option<WatchSettings>,
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

/// Folders and files to watch, and how to read them.
#[cfg(feature = "watch")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct WatchSettings {
    /// Folders and files.
    pub roots: Vec<PathBuf>,
    /// Which files of a folder to read, and metadata that overrides theirs.
    pub options: UpdateOptions,
    /// Interval at which all files are checked. `None` if the operating system reports changes.
    pub poll: Option<Duration>,
}
