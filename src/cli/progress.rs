//! Progress bar of an index update, and the handler of the signal that Ctrl-C sends.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{self, IsTerminal},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::print_status;
use crate::{
    index::{Change, Progress},
    render::visible_text,
};

/// Exit code of a command that a signal stopped: 128 plus the number of SIGINT, as in shells.
pub(super) const INTERRUPTED_EXIT_CODE: u8 = 130;

/// Progress bar on standard error for an index update or for a copy to or from a cluster, and the stop flag that Ctrl-C
/// sets. The bar is hidden if standard error is not a terminal.
pub(super) struct ProgressDisplay {
    bar: ProgressBar,
    stop_flag: Arc<AtomicBool>,
}

impl ProgressDisplay {
    /// Returns a bar that counts `items` (a plural noun such as "files"), and installs the Ctrl-C handler.
    pub(super) fn new(items: &str) -> Self {
        let stop_flag = Arc::new(AtomicBool::new(false));
        let shared_flag = Arc::clone(&stop_flag);
        // If the handler cannot be installed, Ctrl-C ends the process, and the last commit stays valid.
        drop(ctrlc::set_handler(move || handle_stop_signal(&shared_flag)));
        Self { bar: progress_bar(items), stop_flag }
    }

    /// Resets the bar for the next update.
    #[cfg(feature = "watch")]
    pub(super) fn reset(&self) {
        self.bar.reset();
        self.bar.set_length(0);
    }

    /// Removes the bar from the terminal.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Returns a bar on standard error that counts `items` (a plural noun such as "files"). The bar is hidden if standard
/// error is not a terminal.
pub(super) fn progress_bar(items: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template =
        format!("{{wide_bar}} {{pos}}/{{len}} {items}, {{per_sec}}, {{eta}} left{{msg}}");
    let style = ProgressStyle::with_template(&template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    if !io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

/// Handles a stop signal. The first signal sets `stop_flag`, so that the update stops. The second signal ends the
/// process; the last commit stays valid.
fn handle_stop_signal(stop_flag: &AtomicBool) {
    if stop_flag.swap(true, Ordering::Relaxed) {
        #[expect(
            clippy::exit,
            reason = "the update may take minutes to reach a point where it can stop"
        )]
        std::process::exit(INTERRUPTED_EXIT_CODE.into());
    }
    print_status("stopping after this document or page; a second signal stops at once");
}

impl Progress for ProgressDisplay {
    fn advanced(&self, processed: usize, total: usize) {
        self.bar.set_message("");
        self.bar.set_length(total as u64);
        self.bar.set_position(processed as u64);
    }

    fn recognizes_page(&self, id: &str, number: usize, total: usize) {
        self.bar.set_message(format!("; page {number} of {total} of {}", visible_text(id)));
    }

    fn should_stop(&self) -> bool {
        self.stop_flag.load(Ordering::Relaxed)
    }
}

/// Progress bar that also records the change of each document.
pub(super) struct ChangeRecorder {
    display: ProgressDisplay,
    changes: RefCell<BTreeMap<Change, Vec<String>>>,
}

impl ChangeRecorder {
    pub(super) fn new() -> Self {
        Self { display: ProgressDisplay::new("files"), changes: RefCell::default() }
    }

    /// Removes the bar from the terminal. Returns the ids of the changed documents, by kind of change.
    pub(super) fn finish(self) -> BTreeMap<Change, Vec<String>> {
        self.display.finish();
        self.changes.into_inner()
    }
}

impl Progress for ChangeRecorder {
    fn advanced(&self, processed: usize, total: usize) {
        self.display.advanced(processed, total);
    }

    fn recognizes_page(&self, id: &str, number: usize, total: usize) {
        self.display.recognizes_page(id, number, total);
    }

    fn changed(&self, change: Change, id: &str) {
        self.changes.borrow_mut().entry(change).or_default().push(id.to_owned());
    }

    fn should_stop(&self) -> bool {
        self.display.should_stop()
    }
}
