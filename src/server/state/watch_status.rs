//! Status of the watched folders in the response of `/stats`.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use serde::Serialize;
use utoipa::ToSchema;

use crate::index::Failure;

/// State of the thread that watches folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::server) enum WatchState {
    /// The folders have not been read yet.
    #[default]
    Starting,
    /// The index is up to date with the folders.
    Following,
    /// Another process is writing to the index.
    Waiting,
    /// The index cannot be written. The log contains the reason, and the service tries again.
    Failing,
}

/// Status of watched folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(in crate::server) struct WatchStatus {
    state: WatchState,
    /// Number of updates since the start of the service that changed the index.
    updates: u64,
    /// Number of files, and of documents in files, that could not be read. The log names each of them.
    unread: u64,
    /// Number of watched folders that do not exist. Documents of these folders stay in the index.
    missing: u64,
    /// Seconds since the folders were last read; null before the first read.
    seconds_since_look: Option<u64>,
}

/// Log of the events of the watching thread. The status of the watched folders is computed from the log.
#[derive(Debug, Default)]
pub(in crate::server) struct WatchLog(Mutex<WatchEvents>);

/// Summary of the events so far.
#[derive(Debug, Default)]
struct WatchEvents {
    state: WatchState,
    /// Number of updates that changed the index.
    update_count: u64,
    /// End of the last update; `None` before the first update has ended.
    updated_at: Option<Instant>,
    missing_roots: BTreeSet<PathBuf>,
    /// Failures of the last update. Each update tries to read the failed files again.
    failures: Vec<Failure>,
}

impl WatchLog {
    pub(in crate::server) fn status(&self) -> WatchStatus {
        self.with_events(|events| WatchStatus {
            state: events.state,
            updates: events.update_count,
            unread: events.failures.len() as u64,
            missing: events.missing_roots.len() as u64,
            seconds_since_look: events.updated_at.map(|instant| instant.elapsed().as_secs()),
        })
    }

    pub(in crate::server) fn set_state(&self, state: WatchState) {
        self.with_events(|events| events.state = state);
    }

    /// Records a finished update. Calls `log_failures` if `failures` differ from the failures of the previous update.
    pub(in crate::server) fn record_update(
        &self,
        has_changes: bool,
        failures: Vec<Failure>,
        log_failures: impl FnOnce(&[Failure]),
    ) {
        self.with_events(|events| {
            if events.failures != failures {
                log_failures(&failures);
            }
            events.updated_at = Some(Instant::now());
            events.state = WatchState::Following;
            events.update_count += u64::from(has_changes);
            events.failures = failures;
        });
    }

    pub(in crate::server) fn record_missing_root(&self, root: PathBuf) {
        self.with_events(|events| events.missing_roots.insert(root));
    }

    pub(in crate::server) fn remove_missing_root(&self, root: &PathBuf) {
        self.with_events(|events| events.missing_roots.remove(root));
    }

    fn with_events<T>(&self, access: impl FnOnce(&mut WatchEvents) -> T) -> T {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
