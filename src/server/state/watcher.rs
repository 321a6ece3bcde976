//! Folders that change → the index, while it is served: a thread that takes turns with the queue of writes.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::Service;
use crate::{
    error::{Error, Result},
    index::{Happening, IndexStats, Observer, Progress, Update, UpdateOptions, watch},
};

/// How long to wait after a failure, which may pass: a full disk, a file system that is gone for a while.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// How often a thread that waits asks whether to end.
const TICK: Duration = Duration::from_millis(100);
/// Failures are all counted, but so many of an update are logged one by one.
const MAX_LOGGED: usize = 50;

/// Which folders and files to follow, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Watch {
    /// Folders and files.
    pub roots: Vec<PathBuf>,
    /// Which files of a folder are read, and what is known of them.
    pub options: UpdateOptions,
    /// Looks at all files so often, where the system does not tell of changes.
    pub poll: Option<Duration>,
}

/// How the folders are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// They have not been looked at yet.
    #[default]
    Starting,
    /// The index is as they are.
    Following,
    /// Another process writes to the index.
    Waiting,
    /// The index cannot be written; the log says why. It is tried again.
    Failing,
}

/// What is told of folders that are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(in crate::server) struct Watched {
    state: State,
    /// Updates that changed the index, since the start.
    updates: u64,
    /// Files, and documents in them, that could not be read; the log names them.
    unread: u64,
    /// Folders that are not there. What is known of them stays.
    missing: u64,
    /// Since the folders were looked at last; null before.
    seconds_since_look: Option<u64>,
}

/// What the thread has noticed so far.
#[derive(Debug, Default)]
pub(in crate::server) struct Noticed(Mutex<Notes>);

#[derive(Debug, Default)]
struct Notes {
    watched: Watched,
    looked: Option<Instant>,
    missing: BTreeSet<PathBuf>,
    /// What could not be read is read again each time, and logged once.
    failures: Vec<(String, String)>,
}

impl Noticed {
    pub(in crate::server) fn watched(&self) -> Watched {
        self.with(|notes| Watched {
            missing: notes.missing.len() as u64,
            seconds_since_look: notes.looked.map(|looked| looked.elapsed().as_secs()),
            ..notes.watched
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut Notes) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is(&self, state: State) {
        self.with(|notes| notes.watched.state = state);
    }
}

/// Starts the thread, which ends when the service does.
pub(in crate::server) fn start(service: &Arc<Service>, watch: &Watch) -> Result<JoinHandle<()>> {
    let (service, watch) = (Arc::clone(service), watch.clone());
    thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || follow(&Following(&service), &watch))
        .map_err(Error::io("start a thread for", "watching"))
}

/// Follows until the service ends, whatever happens to one attempt.
fn follow(following: &Following<'_>, watch: &Watch) {
    let noticed = &following.0.noticed;
    while !following.is_stopped() {
        match catch_unwind(AssertUnwindSafe(|| following.attempt(watch))) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the folders are not followed: trying again");
            }
            Err(_) => tracing::error!("a defect while following the folders: trying again"),
        }
        noticed.is(State::Failing);
        let failed = Instant::now();
        while failed.elapsed() < RETRY_AFTER && !following.is_stopped() {
            thread::sleep(TICK);
        }
    }
}

/// Takes note of what happens, for the log and `/stats`.
struct Following<'a>(&'a Service);

impl Following<'_> {
    fn attempt(&self, Watch { roots, options, poll }: &Watch) -> Result<()> {
        let none =
            || Error::invalid("watch", "an index in memory cannot follow folders".to_owned());
        watch(self.0.index.dir().ok_or_else(none)?, roots, options, *poll, self)
    }

    fn updated(&self, found: Update, stats: IndexStats) {
        let Update { added, updated, removed, .. } = found;
        if found.has_changes() {
            let IndexStats { documents, .. } = stats;
            tracing::info!(added, updated, removed, documents, "the folders have changed");
            self.0.shown.follow();
        }
        self.0.noticed.with(|notes| {
            if notes.failures != found.failures {
                for (file, reason) in found.failures.iter().take(MAX_LOGGED) {
                    // Control characters must not steer a terminal.
                    tracing::warn!(?file, ?reason, "not read");
                }
            }
            notes.looked = Some(Instant::now());
            notes.watched.state = State::Following;
            notes.watched.updates += u64::from(found.has_changes());
            notes.watched.unread = found.failures.len() as u64;
            notes.failures = found.failures;
        });
    }
}

impl Progress for Following<'_> {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }
}

impl Observer for Following<'_> {
    fn noticed(&self, happening: Happening) {
        let noticed = &self.0.noticed;
        match happening {
            Happening::Updated(found, stats) => self.updated(found, stats),
            Happening::Waiting => {
                noticed.is(State::Waiting);
                self.0.writes.give_way();
            }
            Happening::Missing(root) => {
                tracing::warn!(?root, "not there: what is known of it stays until it returns");
                noticed.with(|notes| notes.missing.insert(root));
            }
            Happening::Returned(root) => {
                tracing::info!(?root, "there again");
                noticed.with(|notes| notes.missing.remove(&root));
            }
            Happening::Polling(why) => {
                tracing::warn!(
                    why,
                    "the system does not tell of changes: looking at all files from time to time"
                );
            }
        }
    }
}
