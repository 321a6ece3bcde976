//! The command `gz-search watch`, which updates the index whenever files change, and prints a line for each update.

use std::{
    cell::{Cell, RefCell},
    path::Path,
    time::{Duration, Instant},
};

use super::{
    args::WatchArgs,
    config::{Configuration, update_plan},
    output::{print, print_status},
    progress::ProgressDisplay,
    report,
};
use crate::{
    error::Result,
    index::{Failure, IndexStats, Observer, Progress, Update, WatchEvent, watch},
};

/// Updates the index until Ctrl-C, or until standard output is closed.
pub(super) fn run(dir: &Path, configuration: &Configuration, args: &WatchArgs) -> Result<u8> {
    let plan = update_plan(configuration, &args.paths, &args.files, &args.overrides)?;
    let reporter = WatchReporter {
        dir,
        json: args.json,
        display: ProgressDisplay::new("files"),
        start_time: Cell::new(Instant::now()),
        last_failures: RefCell::default(),
        print_result: RefCell::new(Ok(())),
    };
    let poll_interval = args.poll.map(|seconds| Duration::from_secs(u64::from(seconds.get())));
    watch(dir, &plan.roots, &plan.options, poll_interval, &reporter)?;
    reporter.print_result.into_inner()?;
    Ok(0)
}

/// Prints a report of each update. Stops the watch if standard output cannot be written.
struct WatchReporter<'a> {
    dir: &'a Path,
    json: bool,
    display: ProgressDisplay,
    /// Start time of the current update.
    start_time: Cell<Instant>,
    /// Failures of the last update. The same files fail again in each update, and are not reported again.
    last_failures: RefCell<Vec<Failure>>,
    /// Result of the last write to standard output. At the end, the function [`run`] returns the error, if there is
    /// one.
    print_result: RefCell<Result<()>>,
}

impl WatchReporter<'_> {
    /// Prints the report of an update. Prints nothing if the update changed nothing and its failures equal the failures
    /// of the previous update.
    fn print_update(&self, report: &Update, stats: IndexStats) {
        let same_failures = self.last_failures.replace(report.failures.clone()) == report.failures;
        if same_failures && !report.has_changes() {
            return;
        }
        report::print_file_failures(report);
        let report_text = if self.json {
            report::update_json_report(report, stats, self.start_time.get(), None)
        } else {
            report::update_summary(report, Some((self.dir, stats)))
        };
        *self.print_result.borrow_mut() = print(&report_text);
    }
}

impl Progress for WatchReporter<'_> {
    fn advanced(&self, processed: usize, total: usize) {
        if processed == 1 {
            self.start_time.set(Instant::now());
        }
        self.display.advanced(processed, total);
    }

    fn recognizes_page(&self, id: &str, number: usize, total: usize) {
        self.display.recognizes_page(id, number, total);
    }

    fn should_stop(&self) -> bool {
        self.display.should_stop() || self.print_result.borrow().is_err()
    }
}

impl Observer for WatchReporter<'_> {
    fn on_event(&self, event: WatchEvent) {
        self.display.reset();
        match event {
            WatchEvent::Updated(report, stats) => self.print_update(&report, stats),
            WatchEvent::Waiting => print_status("another process is writing to the index: waiting"),
            WatchEvent::Missing(root) => print_status(&format!(
                "{} is missing: its documents stay in the index until it returns",
                root.display()
            )),
            WatchEvent::Returned(root) => {
                print_status(&format!("{} is back", root.display()));
            }
            WatchEvent::Polling(reason) => print_status(&format!(
                "no change events from the system ({reason}): scanning all files at intervals"
            )),
        }
    }
}
