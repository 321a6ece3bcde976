//! The served index, and the state that all requests share.

use std::sync::{Arc, atomic::AtomicBool};

#[cfg(feature = "watch")]
use super::watch_status::WatchLog;
use super::{
    client_limits::ClientLimits, host_names::AcceptedHostNames, metrics::Metrics,
    search_pool::SearchPool, snapshot::CurrentSnapshot, write_queue::WriteQueue,
};
use crate::{
    error::{Error, Result},
    search::IndexBackend,
    server::{keys::Keys, settings::Settings},
};

/// State of the running service, shared by all requests.
#[derive(Debug)]
pub(in crate::server) struct ServerState {
    pub(in crate::server) settings: Settings,
    pub(in crate::server) index: Arc<dyn IndexBackend>,
    pub(in crate::server) current_snapshot: Arc<CurrentSnapshot>,
    pub(in crate::server) host_names: AcceptedHostNames,
    pub(in crate::server) keys: Keys,
    pub(in crate::server) client_limits: Arc<ClientLimits>,
    pub(in crate::server) search_pool: SearchPool,
    pub(in crate::server) write_queue: WriteQueue,
    pub(in crate::server) metrics: Metrics,
    #[cfg(feature = "watch")]
    pub(in crate::server) watch_log: WatchLog,
    /// Whether the service is stopping. A stopping service finishes the requests in progress, and `/ready` responds
    /// with 503.
    pub(in crate::server) is_stopping: AtomicBool,
}

impl ServerState {
    pub(in crate::server) fn new(
        index: impl IndexBackend + 'static,
        settings: Settings,
    ) -> Result<Self> {
        let index: Arc<dyn IndexBackend> = Arc::new(index);
        let is_loopback = settings.listen_address.ip().is_loopback();
        let keys = Keys::open(&index.dirs(), settings.is_public, is_loopback)?;
        if !is_loopback && !settings.is_public && keys.is_empty() {
            return Err(Error::invalid(
                "listen",
                format!(
                    "other machines can reach {}: add a key with `gz-search keys add NAME`, or let everybody read with --public",
                    settings.listen_address
                ),
            ));
        }
        #[cfg(feature = "watch")]
        if settings.watch.is_some() && index.is_read_only() {
            let reason = "files are indexed into one index: name one index to watch folders";
            return Err(Error::invalid("watch", reason));
        }
        let current_snapshot = Arc::new(CurrentSnapshot::new(Arc::clone(&index))?);
        Ok(Self {
            host_names: AcceptedHostNames::new(&settings)?,
            keys,
            client_limits: Arc::new(ClientLimits::new(settings.max_requests_per_client)),
            search_pool: SearchPool::new(
                settings.max_searches_per_client,
                settings.max_waiting_searches,
                settings.timeout,
            )?,
            write_queue: WriteQueue::new(Arc::clone(&index), Arc::clone(&current_snapshot))?,
            metrics: Metrics::default(),
            #[cfg(feature = "watch")]
            watch_log: WatchLog::default(),
            is_stopping: AtomicBool::new(false),
            current_snapshot,
            index,
            settings,
        })
    }
}
