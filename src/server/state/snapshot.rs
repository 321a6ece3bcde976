//! The snapshot of the index that requests see, replaced when there is a new commit.

use std::{
    convert::Infallible,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{extract::FromRequestParts, http::request::Parts};

use super::Service;
use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// One commit. A request has one of them from its beginning to its end: no answer mixes two.
#[derive(Debug, Clone)]
pub(in crate::server) struct Snapshot {
    pub(in crate::server) searcher: Searcher,
    pub(in crate::server) commit: Arc<str>,
}

/// The last commit that is known of.
#[derive(Debug)]
pub(in crate::server) struct Shown {
    index: Arc<dyn IndexBackend>,
    snapshot: RwLock<Snapshot>,
    /// Whether the last look at the index failed: said once, not four times a second.
    lost: AtomicBool,
}

impl Shown {
    pub(in crate::server) fn new(index: Arc<dyn IndexBackend>) -> Result<Self> {
        let snapshot = RwLock::new(taken(index.as_ref())?);
        Ok(Self { index, snapshot, lost: AtomicBool::new(false) })
    }

    pub(in crate::server) fn snapshot(&self) -> Snapshot {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows the last commit, whoever made it; reads from disk.
    pub(in crate::server) fn refresh(&self) -> Result<()> {
        if *self.index.version()? != *self.snapshot().commit {
            let snapshot = taken(self.index.as_ref())?;
            *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        }
        Ok(())
    }

    /// As [`refresh`](Self::refresh); while that fails, the last snapshot goes on answering.
    pub(in crate::server) fn follow(&self) {
        match self.refresh() {
            Ok(()) => self.lost.store(false, Ordering::Relaxed),
            Err(error) if !self.lost.swap(true, Ordering::Relaxed) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the index cannot be read: what was read last is shown");
            }
            Err(_) => {}
        }
    }
}

fn taken(index: &dyn IndexBackend) -> Result<Snapshot> {
    let searcher = index.searcher()?;
    let commit = searcher.version().into();
    Ok(Snapshot { searcher, commit })
}

/// The snapshot that was looked at before the request came here, or the last one.
impl FromRequestParts<Arc<Service>> for Snapshot {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        service: &Arc<Service>,
    ) -> Result<Self, Infallible> {
        let before = parts.extensions.get::<Self>().cloned();
        Ok(before.unwrap_or_else(|| service.shown.snapshot()))
    }
}
