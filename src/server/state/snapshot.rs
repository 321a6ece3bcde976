//! The snapshot of the index that new requests search, replaced after every commit.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// Searcher of one commit. A request uses one snapshot from start to end, so that no answer mixes two commits.
#[derive(Debug, Clone)]
pub(in crate::server) struct Snapshot {
    pub(in crate::server) searcher: Searcher,
    /// Name of the commit.
    pub(in crate::server) commit: Arc<str>,
}

impl Snapshot {
    /// Opens the newest commit of `index`.
    fn open(index: &dyn IndexBackend) -> Result<Self> {
        let searcher = index.searcher()?;
        let commit = searcher.version().into();
        Ok(Self { searcher, commit })
    }
}

/// Snapshot of the newest commit that the service has seen.
#[derive(Debug)]
pub(in crate::server) struct CurrentSnapshot {
    index: Arc<dyn IndexBackend>,
    snapshot: RwLock<Snapshot>,
    /// Whether the last attempt to read the index failed, so that a lasting failure is logged once.
    unreadable: AtomicBool,
}

impl CurrentSnapshot {
    pub(super) fn new(index: Arc<dyn IndexBackend>) -> Result<Self> {
        let snapshot = RwLock::new(Snapshot::open(index.as_ref())?);
        Ok(Self { index, snapshot, unreadable: AtomicBool::new(false) })
    }

    pub(in crate::server) fn get(&self) -> Snapshot {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Switches to the newest commit, whichever process made it. Reads from disk.
    pub(super) fn refresh(&self) -> Result<()> {
        if *self.index.version()? != *self.get().commit {
            let snapshot = Snapshot::open(self.index.as_ref())?;
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        }
        Ok(())
    }

    /// Refreshes the snapshot. If that fails, the last snapshot stays current.
    pub(in crate::server) fn follow(&self) {
        match self.refresh() {
            Ok(()) => self.unreadable.store(false, Ordering::Relaxed),
            Err(error) if !self.unreadable.swap(true, Ordering::Relaxed) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "cannot read the index: the last snapshot stays in use");
            }
            Err(_) => {}
        }
    }
}
