//! What all requests share.

mod search_pool;
mod snapshot;
#[cfg(feature = "watch")]
mod watcher;
mod write_queue;

pub use self::watcher::Watch;
pub(super) use self::{
    snapshot::Snapshot,
    watcher::{Watched, start},
    write_queue::{Change, Written},
};

use std::sync::{Arc, atomic::AtomicBool};

use self::{search_pool::Pool, snapshot::Shown, write_queue::Writes};
use super::{
    Settings,
    keys::Keys,
    middleware::{auth::Clients, host::Names, metrics::Metrics},
};
use crate::{
    error::{Error, Result},
    search::IndexBackend,
};

/// One index, served.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) settings: Settings,
    pub(super) index: Arc<dyn IndexBackend>,
    pub(super) shown: Arc<Shown>,
    pub(super) names: Names,
    pub(super) keys: Keys,
    pub(super) clients: Arc<Clients>,
    pub(super) pool: Pool,
    pub(super) writes: Writes,
    pub(super) metrics: Metrics,
    #[cfg(feature = "watch")]
    pub(super) noticed: self::watcher::Noticed,
    /// Whether it is ending: what runs is finished, and load balancers are told.
    pub(super) stopping: AtomicBool,
}

impl Service {
    pub(super) fn new(index: impl IndexBackend + 'static, settings: Settings) -> Result<Self> {
        let index: Arc<dyn IndexBackend> = Arc::new(index);
        let loopback = settings.listen.ip().is_loopback();
        let keys = Keys::open(index.dir(), settings.public, loopback)?;
        if !loopback && !settings.public && keys.is_empty() {
            return Err(Error::invalid(
                "listen",
                format!(
                    "others can reach {}: make a key with `gz-search keys add NAME`, or let anybody read with --public",
                    settings.listen
                ),
            ));
        }
        let shown = Arc::new(Shown::new(Arc::clone(&index))?);
        Ok(Self {
            names: Names::new(&settings)?,
            keys,
            clients: Arc::new(Clients::new(settings.per_client)),
            pool: Pool::new(settings.searches, settings.waiting, settings.timeout)?,
            writes: Writes::new(Arc::clone(&index), Arc::clone(&shown))?,
            metrics: Metrics::default(),
            #[cfg(feature = "watch")]
            noticed: self::watcher::Noticed::default(),
            stopping: AtomicBool::new(false),
            shown,
            index,
            settings,
        })
    }
}
