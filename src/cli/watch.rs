//! `gz-search watch`: files that change → the index kept up to date, a line for each update.

use std::{
    cell::{Cell, RefCell},
    path::Path,
    time::{Duration, Instant},
};

use super::{args, complain, config, index::Shown, print, report};
use crate::{
    error::Result,
    index::{Failure, Observer, Progress, WatchEvent, watch},
};

pub(super) fn run(dir: &Path, config: Option<&Path>, args: &args::Watch) -> Result<u8> {
    let intake = config::intake(dir, config, &args.paths, &args.files, &args.given)?;
    let told = Told {
        dir,
        json: args.json,
        shown: Shown::new(),
        started: Cell::new(Instant::now()),
        failed: RefCell::default(),
        printed: RefCell::new(Ok(())),
    };
    let poll = args.poll.map(|seconds| Duration::from_secs(u64::from(seconds.get())));
    watch(dir, &intake.roots, &intake.options, poll, &told)?;
    told.printed.into_inner()?;
    Ok(0)
}

/// Tells what happens; stops where there is nobody to tell any more.
struct Told<'a> {
    dir: &'a Path,
    json: bool,
    shown: Shown,
    /// When the update began.
    started: Cell<Instant>,
    /// What was told of the last update: what cannot be read is read again each time.
    failed: RefCell<Vec<Failure>>,
    printed: RefCell<Result<()>>,
}

impl Progress for Told<'_> {
    fn advanced(&self, done: usize, all: usize) {
        if done == 1 {
            self.started.set(Instant::now());
        }
        self.shown.advanced(done, all);
    }

    fn is_stopped(&self) -> bool {
        self.shown.is_stopped() || self.printed.borrow().is_err()
    }
}

impl Observer for Told<'_> {
    fn on_event(&self, event: WatchEvent) {
        self.shown.clear();
        match event {
            WatchEvent::Updated(found, stats) => {
                let again = self.failed.replace(found.failures.clone()) == found.failures;
                if again && !found.has_changes() {
                    return;
                }
                report::tell(&found);
                let line = if self.json {
                    report::json(&found, stats, self.started.get(), None)
                } else {
                    report::summary(&found, Some((self.dir, stats)))
                };
                *self.printed.borrow_mut() = print(&line);
            }
            WatchEvent::Waiting => complain("another process is writing to the index: waiting"),
            WatchEvent::Missing(root) => complain(&format!(
                "{} is not there: what is known of it stays until it returns",
                root.display()
            )),
            WatchEvent::Returned(root) => complain(&format!("{} is there again", root.display())),
            WatchEvent::Polling(why) => complain(&format!(
                "the system does not tell of changes ({why}): looking at all files from time to time"
            )),
        }
    }
}
