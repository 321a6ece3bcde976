//! Thread that updates the index from watched folders while the service runs.
//!
//! The thread and the write queue take turns, because only one writer at a time can hold the lock of the index.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    settings::WatchSettings,
    state::{ServerState, WatchState},
};
use crate::{
    error::{Error, Result},
    index::{Failure, IndexStats, Observer, Progress, Update, WatchEvent, watch},
};

/// Delay before the next attempt after a failure that may be temporary, such as a full disk.
const WATCH_RETRY_DELAY: Duration = Duration::from_secs(10);
/// Interval at which the waiting thread checks whether the service is stopping.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(100);
/// Maximum number of failures of one update that are logged individually. The status counts all failures.
const MAX_LOGGED_FAILURES: usize = 50;

/// Starts the thread that watches folders. The thread ends when the service stops.
pub(super) fn start(
    service: &Arc<ServerState>,
    settings: &WatchSettings,
) -> Result<JoinHandle<()>> {
    let (service, settings) = (Arc::clone(service), settings.clone());
    thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || IndexUpdateObserver(&service).watch_until_stopped(&settings))
        .map_err(Error::io("start a thread for", "watching"))
}

/// Observer of the watched folders. Updates the snapshot, the status and the log of the service.
struct IndexUpdateObserver<'a>(&'a ServerState);

impl IndexUpdateObserver<'_> {
    /// Watches the folders until the service stops. After a failure or a panic, starts again.
    fn watch_until_stopped(&self, settings: &WatchSettings) {
        while !self.should_stop() {
            match catch_unwind(AssertUnwindSafe(|| self.watch(settings))) {
                Ok(Ok(())) => return,
                Ok(Err(error)) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "cannot watch the folders: trying again");
                }
                Err(_) => {
                    tracing::error!("internal error while watching the folders: trying again");
                }
            }
            self.0.watch_log.set_state(WatchState::Failing);
            let failed_at = Instant::now();
            while failed_at.elapsed() < WATCH_RETRY_DELAY && !self.should_stop() {
                thread::sleep(STOP_CHECK_INTERVAL);
            }
        }
    }

    /// Watches the folders until the service stops or a failure occurs.
    fn watch(&self, WatchSettings { roots, options, poll_interval }: &WatchSettings) -> Result<()> {
        let in_memory_error =
            || Error::invalid("watch", "an index in memory cannot watch folders".to_owned());
        let dir = self.0.index.dirs().first().copied().ok_or_else(in_memory_error)?;
        watch(dir, roots, options, *poll_interval, self)
    }

    fn on_update(&self, update: Update, stats: IndexStats) {
        let has_changes = update.has_changes();
        let Update { added, updated, removed, failures, .. } = update;
        if has_changes {
            let IndexStats { documents, .. } = stats;
            tracing::info!(added, updated, removed, documents, "the index was updated");
            self.0.current_snapshot.try_refresh();
        }
        self.0.watch_log.record_update(has_changes, failures, |failures| {
            for Failure { source: file, reason, .. } in failures.iter().take(MAX_LOGGED_FAILURES) {
                // Debug formatting escapes control characters, which could otherwise control a terminal.
                tracing::warn!(?file, ?reason, "cannot read a file");
            }
        });
    }
}

impl Progress for IndexUpdateObserver<'_> {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }
}

impl Observer for IndexUpdateObserver<'_> {
    fn on_event(&self, event: WatchEvent) {
        match event {
            WatchEvent::Updated(update, stats) => self.on_update(update, stats),
            WatchEvent::Waiting => {
                self.0.watch_log.set_state(WatchState::Waiting);
                self.0.write_queue.yield_index_lock();
            }
            WatchEvent::Missing(root) => {
                tracing::warn!(?root, "a folder is missing: its documents stay in the index");
                self.0.watch_log.record_missing_root(root);
            }
            WatchEvent::Returned(root) => {
                tracing::info!(?root, "a missing folder is back");
                self.0.watch_log.remove_missing_root(&root);
            }
            WatchEvent::Polling(reason) => {
                tracing::warn!(
                    why = reason,
                    "the operating system does not report changes: checking all files at intervals"
                );
            }
        }
    }
}
