//! Files that change → an index that follows them: one update for each burst of events.

use std::{
    fs::{self, Metadata},
    path::{Path, PathBuf, absolute},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::{
    error::{Error, Result},
    index::{Index, IndexStats, IndexWriter, Progress, Update, UpdateOptions, update},
};

/// How often it is asked whether to stop, and whether roots are there.
const TICK: Duration = Duration::from_millis(100);
/// A burst of events is over when so long nothing came.
const QUIET: Duration = Duration::from_millis(300);
/// So long a burst may go on before an update is made all the same.
const LONGEST_BURST: Duration = Duration::from_secs(5);
/// Events may get lost: all is looked at so often in any case.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// How often all is looked at where there are no events.
const POLL_EVERY: Duration = Duration::from_secs(10);

/// What happens while an index is kept up to date.
#[derive(Debug)]
#[non_exhaustive]
pub enum Happening {
    /// An update was made, and committed where it changed anything.
    Updated(Update, IndexStats),
    /// Another process is writing to the index: it is waited for.
    Waiting,
    /// A root is not there. What the index knows of it stays until it returns.
    Missing(PathBuf),
    /// A root is there again.
    Returned(PathBuf),
    /// The system tells nothing of changes, and why: all is looked at from time to time.
    Polling(String),
}

/// Who is told what happens, and may stop it.
pub trait Observer: Progress {
    /// Takes note of it.
    fn noticed(&self, happening: Happening);
}

/// Keeps the index in `dir` up to date with `roots` until `observer` stops it; makes it where there is
/// none. The index is locked only while an update is made, and can be searched at any time. With `poll`
/// the roots are looked at so often, without events of the system: on a network share there are none.
///
/// # Errors
///
/// Errors of the index, and [`Error::InvalidArgument`] for a glob that is none. That a root is not there, or
/// that another process writes, is no error.
pub fn watch(
    dir: &Path,
    roots: &[PathBuf],
    options: &UpdateOptions,
    poll: Option<Duration>,
    observer: &impl Observer,
) -> Result<()> {
    let mut changes = Changes::new(dir, roots, poll, observer)?;
    loop {
        let present = changes.follow(observer);
        bring_up_to_date(dir, &present, options, observer)?;
        if !changes.wait(observer) {
            return Ok(());
        }
    }
}

fn bring_up_to_date(
    dir: &Path,
    roots: &[PathBuf],
    options: &UpdateOptions,
    observer: &impl Observer,
) -> Result<()> {
    if roots.is_empty() {
        return Ok(());
    }
    let Some((mut writer, is_new)) = writer(dir, observer)? else { return Ok(()) };
    let found = match update(&mut writer, roots, options, observer) {
        // It went a moment ago; the next look tells so.
        Err(Error::Io { path, .. }) if !path.exists() => return Ok(()),
        found => found?,
    };
    let stats = if found.has_changes() || is_new {
        writer.commit()?
    } else {
        drop(writer);
        Index::open(dir)?.stats()?
    };
    observer.noticed(Happening::Updated(found, stats));
    Ok(())
}

/// A writer as soon as there can be one, and whether the index is new; none where it was stopped.
fn writer(dir: &Path, observer: &impl Observer) -> Result<Option<(IndexWriter, bool)>> {
    let mut told = false;
    while !observer.is_stopped() {
        let is_new = !Index::exists(dir)?;
        let writer = if is_new {
            Index::rebuild(dir, crate::analysis::Chinese::default())
        } else {
            Index::open(dir).and_then(|index| index.writer())
        };
        match writer {
            Err(Error::Locked(_)) => {
                if !told {
                    observer.noticed(Happening::Waiting);
                }
                told = true;
                thread::sleep(TICK);
            }
            writer => return Ok(Some((writer?, is_new))),
        }
    }
    Ok(None)
}

/// One root, and what was there when it was looked at last.
struct Root {
    path: PathBuf,
    identity: Option<Identity>,
    missing: bool,
}

/// What tells a folder from another one that has come in its place.
type Identity = (u64, Option<SystemTime>);

struct Changes {
    roots: Vec<Root>,
    watcher: Option<RecommendedWatcher>,
    events: Receiver<notify::Result<Event>>,
    /// Keeps the channel open where there is no watcher.
    _sender: Sender<notify::Result<Event>>,
    /// The folder of the index, whose changes are its own.
    own: PathBuf,
    /// How often all is looked at without an event.
    every: Duration,
}

impl Changes {
    fn new(
        dir: &Path,
        roots: &[PathBuf],
        poll: Option<Duration>,
        observer: &impl Observer,
    ) -> Result<Self> {
        let (sender, events) = channel();
        let roots = roots.iter().map(|root| {
            let path = absolute(root).map_err(Error::io("read", root))?;
            Ok(Root { path, identity: None, missing: false })
        });
        let mut changes = Self {
            roots: roots.collect::<Result<_>>()?,
            watcher: None,
            events,
            own: absolute(dir).map_err(Error::io("read", dir))?,
            every: poll.unwrap_or(LOOK_EVERY),
            _sender: sender.clone(),
        };
        if poll.is_none() {
            match notify::recommended_watcher(sender) {
                Ok(watcher) => changes.watcher = Some(watcher),
                Err(error) => changes.poll_instead(&error, observer),
            }
        }
        Ok(changes)
    }

    fn poll_instead(&mut self, error: &notify::Error, observer: &impl Observer) {
        self.watcher = None;
        self.every = self.every.min(POLL_EVERY);
        observer.noticed(Happening::Polling(error.to_string()));
    }

    /// Follows the roots that are there, and returns them.
    fn follow(&mut self, observer: &impl Observer) -> Vec<PathBuf> {
        let mut present = Vec::new();
        let mut failed = None;
        for root in &mut self.roots {
            let identity = identity(&root.path);
            if root.missing != identity.is_none() {
                root.missing = identity.is_none();
                let path = root.path.clone();
                observer.noticed(if root.missing {
                    Happening::Missing(path)
                } else {
                    Happening::Returned(path)
                });
            }
            if identity.is_some() && identity != root.identity {
                let listens = self.watcher.as_mut().map(|watcher| listen(watcher, &root.path));
                failed = listens.and_then(notify::Result::err).or(failed);
            }
            root.identity = identity;
            if identity.is_some() {
                present.push(root.path.clone());
            }
        }
        if let Some(error) = failed {
            self.poll_instead(&error, observer);
        }
        present
    }

    /// Waits until something has changed and the changes have come to rest; false where it was stopped.
    fn wait(&mut self, observer: &impl Observer) -> bool {
        let started = Instant::now();
        // Events name the real path, which is known only when the index is there.
        if let Ok(own) = self.own.canonicalize() {
            self.own = own;
        }
        let (mut first, mut last): (Option<Instant>, Option<Instant>) = (None, None);
        while !observer.is_stopped() {
            match self.events.recv_timeout(TICK) {
                Ok(event) if self.matters(&event) => {
                    last = Some(Instant::now());
                    first = first.or(last);
                }
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK),
            }
            let is_over =
                |since: Option<Instant>, wait| since.is_some_and(|at| at.elapsed() >= wait);
            if is_over(last, QUIET)
                || is_over(first, LONGEST_BURST)
                || started.elapsed() >= self.every
                || self.roots.iter().any(|root| identity(&root.path) != root.identity)
            {
                return true;
            }
        }
        false
    }

    /// Whether an event may mean that the index is not up to date.
    fn matters(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else { return true };
        let reads = matches!(event.kind, EventKind::Access(_));
        let own = |path: &PathBuf| path.starts_with(&self.own);
        !reads && (event.paths.is_empty() || !event.paths.iter().all(own))
    }
}

/// Asks the system to tell of changes. Of a file it tells where its folder is followed: many a program
/// replaces a file when it saves.
fn listen(watcher: &mut RecommendedWatcher, root: &Path) -> notify::Result<()> {
    let root = root.canonicalize()?;
    let (folder, mode) = match root.parent() {
        Some(parent) if root.is_file() => (parent, RecursiveMode::NonRecursive),
        _ => (root.as_path(), RecursiveMode::Recursive),
    };
    // What was followed under this name before may be gone.
    drop(watcher.unwatch(folder));
    watcher.watch(folder, mode)
}

fn identity(path: &Path) -> Option<Identity> {
    let metadata = fs::metadata(path).ok()?;
    // A file that was replaced is a change like any other.
    Some(if metadata.is_dir() { (inode(&metadata), metadata.created().ok()) } else { (0, None) })
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
