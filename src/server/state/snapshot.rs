//! Snapshot of the index that new requests search. A new commit replaces the snapshot.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// Searcher of one commit, with the name of the commit. A request uses one snapshot from start to end, so that no
/// response mixes two commits.
#[derive(Debug, Clone)]
pub(in crate::server) struct ServedSnapshot {
    pub(in crate::server) searcher: Searcher,
    /// Name of the commit.
    pub(in crate::server) commit: Arc<str>,
}

impl ServedSnapshot {
    /// Opens a snapshot of the newest commit of `index`.
    fn open(index: &dyn IndexBackend) -> Result<Self> {
        let searcher = index.searcher()?;
        let commit = searcher.version().into();
        Ok(Self { searcher, commit })
    }
}

/// Current snapshot: the newest commit that the service has loaded.
#[derive(Debug)]
pub(in crate::server) struct CurrentSnapshot {
    index: Arc<dyn IndexBackend>,
    snapshot: RwLock<ServedSnapshot>,
    /// Whether the last attempt to read the index failed. A lasting failure is logged only once.
    is_unreadable: AtomicBool,
}

impl CurrentSnapshot {
    pub(super) fn new(index: Arc<dyn IndexBackend>) -> Result<Self> {
        let snapshot = RwLock::new(ServedSnapshot::open(index.as_ref())?);
        Ok(Self { index, snapshot, is_unreadable: AtomicBool::new(false) })
    }

    pub(in crate::server) fn get(&self) -> ServedSnapshot {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the snapshot by the newest commit, which any process may have made. Reads from disk.
    pub(super) fn refresh(&self) -> Result<()> {
        if *self.index.version()? != *self.get().commit {
            let snapshot = ServedSnapshot::open(self.index.as_ref())?;
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        }
        Ok(())
    }

    /// Loads the newest commit. If loading fails, logs the error, and the current snapshot stays in use.
    pub(in crate::server) fn try_refresh(&self) {
        match self.refresh() {
            Ok(()) => self.is_unreadable.store(false, Ordering::Relaxed),
            Err(error) if !self.is_unreadable.swap(true, Ordering::Relaxed) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "cannot read the index: the last snapshot stays in use");
            }
            Err(_) => {}
        }
    }
}
