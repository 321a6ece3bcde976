//! Watches files: runs one update of the index after each burst of change events.

use std::{
    fs::{self, Metadata},
    path::{Path, PathBuf, absolute},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{
    options::UpdateOptions,
    report::{Progress, Update},
    run::update,
};
use crate::{
    error::{Error, Result},
    index::{
        statistics::{self, IndexStats},
        storage::{IndexHandle, generation},
        write::IndexWriter,
    },
};

/// Interval at which to ask the observer whether to stop, and to check whether the roots exist.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(100);
/// Time without change events after which a burst of events has ended.
const BURST_END_QUIET_TIME: Duration = Duration::from_millis(300);
/// Maximum duration of a burst of change events. After this time an update runs although events still arrive.
const MAX_BURST_TIME: Duration = Duration::from_secs(5);
/// Interval at which an update runs even without a change event, because the operating system may lose events.
const UPDATE_INTERVAL: Duration = Duration::from_secs(600);
/// Interval of updates if the operating system cannot report change events.
const POLL_INTERVAL: Duration = Duration::from_secs(10);

/// Event that [`watch`] reports to its observer.
#[derive(Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "there is one event for each update")]
pub enum WatchEvent {
    /// An update has ended, and its changes were committed if there were any.
    Updated(Update, IndexStats),
    /// Another process is writing to the index. The update waits for that process.
    Waiting,
    /// A root is missing. Its documents remain in the index.
    Missing(PathBuf),
    /// A root that was missing exists again.
    Returned(PathBuf),
    /// The operating system cannot report change events, for the given reason. Updates run at fixed intervals instead.
    Polling(String),
}

/// Receives the events of [`watch`], and may stop the watch.
pub trait Observer: Progress {
    /// Handles an event.
    fn on_event(&self, event: WatchEvent);
}

/// Updates the index in `dir` whenever files under `roots` change, until `observer` stops the watch. Creates the index
/// if `dir` holds none. The index is locked only during an update, and can be searched at any time. If `poll_interval`
/// is `Some`, updates run at this interval, and change events of the operating system are ignored. Network shares need
/// an interval, because they send no events.
///
/// # Errors
///
/// Errors of the index, and [`Error::InvalidArgument`] for an invalid glob. A missing root, or another process that
/// writes, is not an error.
pub fn watch(
    dir: &Path,
    roots: &[PathBuf],
    options: &UpdateOptions,
    poll_interval: Option<Duration>,
    observer: &impl Observer,
) -> Result<()> {
    let mut change_watcher = ChangeWatcher::new(dir, roots, poll_interval, observer)?;
    loop {
        let present_roots = change_watcher.watch_present_roots(observer);
        run_update(dir, &present_roots, options, observer)?;
        if !change_watcher.wait_for_changes(observer) {
            return Ok(());
        }
    }
}

/// Updates the index once and reports the update to `observer`. Does nothing if `roots` is empty, or if the observer
/// stops the wait for the lock.
fn run_update(
    dir: &Path,
    roots: &[PathBuf],
    options: &UpdateOptions,
    observer: &impl Observer,
) -> Result<()> {
    if roots.is_empty() {
        return Ok(());
    }
    let Some((mut writer, is_new)) = wait_for_writer(dir, options, observer)? else {
        return Ok(());
    };
    let report = match update(&mut writer, roots, options, observer) {
        // The root existed before the update, but has disappeared since. The next call of `watch_present_roots` reports
        // the missing root.
        Err(Error::Io { path, .. }) if !path.exists() => return Ok(()),
        report => report?,
    };
    let stats = if report.has_changes() || is_new {
        writer.commit()?
    } else {
        drop(writer);
        statistics::stats(&IndexHandle::open(dir)?)?
    };
    observer.on_event(WatchEvent::Updated(report, stats));
    Ok(())
}

/// Waits for the lock of the index. Returns a writer, and whether the index is new; `None` if the observer stops the
/// wait.
fn wait_for_writer(
    dir: &Path,
    options: &UpdateOptions,
    observer: &impl Observer,
) -> Result<Option<(IndexWriter, bool)>> {
    let mut is_waiting = false;
    while !observer.should_stop() {
        let is_new = generation::current_number(dir)?.is_none();
        let writer = if is_new {
            IndexWriter::rebuild(dir, options.fields.clone().unwrap_or_default())
        } else {
            IndexHandle::open(dir).and_then(|handle| IndexWriter::open(&handle))
        };
        match writer {
            Err(Error::Locked(_)) => {
                if !is_waiting {
                    observer.on_event(WatchEvent::Waiting);
                }
                is_waiting = true;
                thread::sleep(STOP_CHECK_INTERVAL);
            }
            writer => return Ok(Some((writer?, is_new))),
        }
    }
    Ok(None)
}

/// Folder or file that is watched, with its state at the last update.
struct WatchedRoot {
    path: PathBuf,
    /// Identity of the root; `None` if the root was missing.
    identity: Option<RootIdentity>,
    /// Whether the root was missing.
    is_missing: bool,
}

/// Inode number and creation time of a folder, which distinguish the folder from a later folder with the same path.
type RootIdentity = (u64, Option<SystemTime>);

/// Waits for changes of files under the roots.
struct ChangeWatcher {
    roots: Vec<WatchedRoot>,
    /// Watcher of the operating system; `None` if updates run only at intervals.
    watcher: Option<RecommendedWatcher>,
    /// Change events of the operating system that are not handled yet.
    events: Receiver<notify::Result<Event>>,
    /// Sender that keeps the channel open if there is no watcher.
    _sender: Sender<notify::Result<Event>>,
    /// Folder of the index. Changes in this folder are ignored.
    index_dir: PathBuf,
    /// Maximum time between two updates if no change event arrives.
    update_interval: Duration,
}

impl ChangeWatcher {
    fn new(
        dir: &Path,
        roots: &[PathBuf],
        poll_interval: Option<Duration>,
        observer: &impl Observer,
    ) -> Result<Self> {
        let (sender, events) = channel();
        let roots = roots.iter().map(|root| {
            let path = absolute(root).map_err(Error::io("read", root))?;
            Ok(WatchedRoot { path, identity: None, is_missing: false })
        });
        let mut change_watcher = Self {
            roots: roots.collect::<Result<_>>()?,
            watcher: None,
            events,
            index_dir: absolute(dir).map_err(Error::io("read", dir))?,
            update_interval: poll_interval.unwrap_or(UPDATE_INTERVAL),
            _sender: sender.clone(),
        };
        if poll_interval.is_none() {
            match notify::recommended_watcher(sender) {
                Ok(watcher) => change_watcher.watcher = Some(watcher),
                Err(error) => change_watcher.switch_to_polling(&error, observer),
            }
        }
        Ok(change_watcher)
    }

    /// Stops watching for change events because of `error`. Updates then run at fixed intervals.
    fn switch_to_polling(&mut self, error: &notify::Error, observer: &impl Observer) {
        self.watcher = None;
        self.update_interval = self.update_interval.min(POLL_INTERVAL);
        observer.on_event(WatchEvent::Polling(error.to_string()));
    }

    /// Watches all roots that exist, and returns these roots. Reports to `observer` each root that has disappeared or
    /// reappeared.
    fn watch_present_roots(&mut self, observer: &impl Observer) -> Vec<PathBuf> {
        let mut present_roots = Vec::new();
        let mut watch_error = None;
        for root in &mut self.roots {
            let identity = path_identity(&root.path);
            if root.is_missing != identity.is_none() {
                root.is_missing = identity.is_none();
                let path = root.path.clone();
                observer.on_event(if root.is_missing {
                    WatchEvent::Missing(path)
                } else {
                    WatchEvent::Returned(path)
                });
            }
            if identity.is_some() && identity != root.identity {
                let watch_result =
                    self.watcher.as_mut().map(|watcher| watch_root(watcher, &root.path));
                watch_error = watch_result.and_then(notify::Result::err).or(watch_error);
            }
            root.identity = identity;
            if identity.is_some() {
                present_roots.push(root.path.clone());
            }
        }
        if let Some(error) = watch_error {
            self.switch_to_polling(&error, observer);
        }
        present_roots
    }

    /// Waits until a burst of events has ended or the interval has passed. Returns `false` if the observer stops the
    /// wait.
    fn wait_for_changes(&mut self, observer: &impl Observer) -> bool {
        let start_time = Instant::now();
        // Events contain canonical paths, and the canonical path of the index is known only once the index exists.
        if let Ok(index_dir) = self.index_dir.canonicalize() {
            self.index_dir = index_dir;
        }
        let (mut first_event, mut last_event): (Option<Instant>, Option<Instant>) = (None, None);
        while !observer.should_stop() {
            match self.events.recv_timeout(STOP_CHECK_INTERVAL) {
                Ok(event) if self.may_outdate_index(&event) => {
                    last_event = Some(Instant::now());
                    first_event = first_event.or(last_event);
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(STOP_CHECK_INTERVAL),
            }
            let has_passed = |start: Option<Instant>, duration| {
                start.is_some_and(|start| start.elapsed() >= duration)
            };
            if has_passed(last_event, BURST_END_QUIET_TIME)
                || has_passed(first_event, MAX_BURST_TIME)
                || start_time.elapsed() >= self.update_interval
                || self.roots.iter().any(|root| path_identity(&root.path) != root.identity)
            {
                return true;
            }
        }
        false
    }

    /// Returns whether an event means that the index may be out of date.
    fn may_outdate_index(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else { return true };
        let is_read = matches!(event.kind, EventKind::Access(_));
        let is_in_index = |path: &PathBuf| path.starts_with(&self.index_dir);
        !is_read && (event.paths.is_empty() || !event.paths.iter().all(is_in_index))
    }
}

/// Asks the system for the change events of a root. If the root is a file, watches its folder, because many programs
/// replace a file when they save it.
fn watch_root(watcher: &mut RecommendedWatcher, root: &Path) -> notify::Result<()> {
    let root = root.canonicalize()?;
    let (folder, mode) = match root.parent() {
        Some(parent) if root.is_file() => (parent, RecursiveMode::NonRecursive),
        _ => (root.as_path(), RecursiveMode::Recursive),
    };
    // A folder with this path may have been watched before, and may have been deleted since.
    drop(watcher.unwatch(folder));
    watcher.watch(folder, mode)
}

/// Returns the identity of the file or folder at `path`; `None` if `path` cannot be read. All files have the same
/// identity.
fn path_identity(path: &Path) -> Option<RootIdentity> {
    let metadata = fs::metadata(path).ok()?;
    // Replacing a file is an ordinary change, so all files have the same identity.
    Some(if metadata.is_dir() { (inode(&metadata), metadata.created().ok()) } else { (0, None) })
}

/// Returns the inode number of a file or folder.
#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
