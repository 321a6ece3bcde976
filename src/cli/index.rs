//! `gz-search index`: files and folders → the index brought up to date.

use std::{
    io::{self, BufReader, IsTerminal},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{args, complain, counted, print};
use crate::{
    analysis,
    error::{Error, Result},
    index::{Index, IndexStats, IndexWriter, Progress, Update, update, update_from},
};

/// Failures are all counted, but so many are told one by one.
const MAX_TOLD: usize = 50;

pub(super) fn run(dir: &Path, args: &args::Index) -> Result<u8> {
    let started = Instant::now();
    let mut writer = writer(dir, args)?;
    let shown = Shown::new();
    let found = if args.paths == [PathBuf::from("-")] {
        update_from(&mut writer, BufReader::new(io::stdin().lock()))?
    } else {
        update(&mut writer, &args.paths, &shown)?
    };
    shown.bar.finish_and_clear();
    tell(&found);
    let stats = finish(dir, writer, &found, args.rebuild)?;
    let report = if args.json { json(&found, stats, started) } else { summary(dir, &found, stats) };
    print(&report)?;
    Ok(u8::from(!found.failures.is_empty() || !found.skipped.is_empty()))
}

/// Builds the index of `seeds` in a folder that has none yet.
pub(super) fn build_default(dir: &Path, seeds: &Path) -> Result<()> {
    let mut writer = Index::rebuild(dir, analysis::Chinese::Auto)?;
    let found = update(&mut writer, &[seeds.to_owned()], &AtomicBool::new(false))?;
    tell(&found);
    writer.commit()?;
    Ok(())
}

fn writer(dir: &Path, args: &args::Index) -> Result<IndexWriter> {
    let wanted = args.chinese.map(|chinese| match chinese {
        args::Chinese::Auto => analysis::Chinese::Auto,
        args::Chinese::Off => analysis::Chinese::Off,
    });
    if args.rebuild || !Index::exists(dir)? {
        return Index::rebuild(dir, wanted.unwrap_or_default());
    }
    let index = Index::open(dir)?;
    if wanted.is_some_and(|wanted| wanted != index.chinese()) {
        return Err(Error::Invalid(
            "the index was made with another --chinese: add --rebuild to make it anew".to_owned(),
        ));
    }
    index.writer()
}

/// Commits what has changed. A rebuild that was stopped is dropped: the old index is complete.
fn finish(dir: &Path, writer: IndexWriter, found: &Update, rebuild: bool) -> Result<IndexStats> {
    if found.stopped && rebuild {
        return Err(Error::Invalid(
            "stopped before the new index was complete: the old one stays in use".to_owned(),
        ));
    }
    if found.has_changes() || rebuild || !Index::exists(dir)? {
        return writer.commit();
    }
    drop(writer);
    Index::open(dir)?.stats()
}

fn tell(found: &Update) {
    for (path, reason) in found.failures.iter().take(MAX_TOLD) {
        complain(&format!("{path}: {reason}"));
    }
    if found.failures.len() > MAX_TOLD {
        complain(&format!("… and {} more that could not be read", found.failures.len() - MAX_TOLD));
    }
    for (kind, count) in &found.skipped {
        complain(&format!(
            "{} of kind {kind} not read: `gz-search help index` names those that are",
            counted(*count, "file")
        ));
    }
    if found.stopped {
        complain("stopped: what was complete is kept, run it again for the rest");
    }
}

fn summary(dir: &Path, found: &Update, stats: IndexStats) -> String {
    let Update { added, updated, unchanged, removed, failures, .. } = found;
    let done = if found.has_changes() {
        format!(
            "{added} added, {updated} updated, {unchanged} unchanged, {removed} removed, {} failed",
            failures.len()
        )
    } else {
        format!("nothing changed: {unchanged} unchanged, {} failed", failures.len())
    };
    let mut holds = vec![counted(stats.documents, "document"), counted(stats.passages, "passage")];
    match stats.copies {
        0 => {}
        1 => holds.push("1 more file says the same as another".to_owned()),
        copies => holds.push(format!("{copies} more files say the same as others")),
    }
    format!("{done}\n{}: {}\n", dir.display(), holds.join(", "))
}

fn json(found: &Update, stats: IndexStats, started: Instant) -> String {
    let report = serde_json::json!({
        "documents": {
            "added": found.added,
            "updated": found.updated,
            "unchanged": found.unchanged,
            "removed": found.removed,
            "failed": found.failures.len(),
        },
        "passages": stats.passages,
        "copies": stats.copies,
        "source_bytes": found.source_bytes,
        "index_bytes": stats.index_bytes,
        "elapsed_ms": started.elapsed().as_millis() as u64,
    });
    format!("{report}\n")
}

/// A progress bar at a terminal, and Ctrl-C.
struct Shown {
    bar: ProgressBar,
    stopped: Arc<AtomicBool>,
}

impl Shown {
    fn new() -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        // Without a handler Ctrl-C ends the process: the last commit stays either way.
        drop(ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)));
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} files, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { bar, stopped }
    }
}

impl Progress for Shown {
    fn advanced(&self, done: usize, all: usize) {
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
