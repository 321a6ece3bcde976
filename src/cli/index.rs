//! `gz-search index`: files and folders → the index brought up to date.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{self, BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    args, complain,
    config::{self, Intake},
    place::Place,
    print, report,
};
use crate::{
    analysis,
    error::{Error, Result},
    index::{
        Change, Corruption, Index, IndexStats, IndexWriter, MemoryBudget, Progress, Repair, Update,
        UpdateOptions, holds_files, update, update_from, wait_for_lock,
    },
    render,
};

/// Root that stands for the lines of standard input.
const STANDARD_INPUT: &str = "-";

pub(super) fn run(place: &Place, config: Option<&Path>, args: &args::Index) -> Result<u8> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = place.cluster()? {
        return elsewhere(&cluster, place, config, args);
    }
    let dir = place.folder()?;
    let started = Instant::now();
    let intake = config::intake(dir, config, &args.paths, &args.files, &args.given)?;
    if args.repair {
        return repair(dir, args, &intake.options, started);
    }
    let found = if args.dry_run {
        rehearse(dir, args, &intake, started)?
    } else {
        let wanted = chinese(args.chinese);
        let memory = MemoryBudget::mib(args.memory)?;
        check_roots(dir, &intake, Index::exists(dir)?)?;
        let writer = wait_for_lock(patience(args), || writer(dir, args.rebuild, wanted))?;
        let mut writer = writer.with_memory_limit(memory)?;
        let shown = Shown::new();
        let found = read(&mut writer, &intake, &shown)?;
        shown.bar.finish_and_clear();
        report::tell(&found);
        let stats = finish(dir, writer, &found, args.rebuild)?;
        if args.json {
            print(&report::json(&found, stats, started, None))?;
        } else {
            drop(io::stderr().write_all(report::table(&found).as_bytes()));
            print(&report::summary(&found, Some((dir, stats))))?;
        }
        found
    };
    Ok(u8::from(!found.failures.is_empty() || !found.skipped.is_empty()))
}

/// Brings an index on a cluster up to date.
#[cfg(feature = "cluster")]
fn elsewhere(
    cluster: &crate::cluster::Cluster,
    place: &Place,
    config: Option<&Path>,
    args: &args::Index,
) -> Result<u8> {
    let started = Instant::now();
    if args.repair || args.dry_run {
        place.folder()?;
    }
    let intake = config::intake(&place.dir, config, &args.paths, &args.files, &args.given)?;
    check_roots(&place.dir, &intake, true)?;
    let mut writer = cluster.writer(args.rebuild, (&args.layout).into(), chinese(args.chinese))?;
    let shown = Shown::new();
    let found = read(&mut writer, &intake, &shown)?;
    shown.bar.finish_and_clear();
    report::tell(&found);
    if found.stopped && args.rebuild {
        return Err(unfinished());
    }
    let stats = writer.commit()?;
    if args.json {
        print(&report::json(&found, stats, started, None))?;
    } else {
        drop(io::stderr().write_all(report::table(&found).as_bytes()));
        let engine = place.engine.as_ref().map(ToString::to_string).unwrap_or_default();
        print(&report::summary(&found, Some((Path::new(&engine), stats))))?;
    }
    Ok(u8::from(!found.failures.is_empty() || !found.skipped.is_empty()))
}

fn unfinished() -> Error {
    Error::Stopped("before the new index was complete: the old one stays in use")
}

/// Makes a damaged index anew; tells what of it is lost.
fn repair(dir: &Path, args: &args::Index, options: &UpdateOptions, started: Instant) -> Result<u8> {
    let shown = Shown::new();
    let repair = wait_for_lock(patience(args), || Index::repair(dir, options, &shown))?;
    shown.bar.finish_and_clear();
    let Some(Repair { kept, update, lost, stats, .. }) = repair else {
        print(&report::sound(dir, args.json))?;
        return Ok(0);
    };
    report::tell(&update);
    for Corruption { what, detail, .. } in &lost {
        complain(&format!("{what}: {detail}"));
    }
    let done = serde_json::json!({"kept": kept, "lost": lost});
    print(&if args.json {
        report::json(&update, stats, started, Some(("repaired", done)))
    } else {
        format!("{kept} kept, {}", report::summary(&update, Some((dir, stats))))
    })?;
    Ok(u8::from(!lost.is_empty() || !update.failures.is_empty()))
}

/// Tells what a run would do.
fn rehearse(dir: &Path, args: &args::Index, intake: &Intake, started: Instant) -> Result<Update> {
    let exists = !args.rebuild && Index::exists(dir)?;
    let index = if exists { Index::open(dir)? } else { Index::in_memory() };
    let told = Told { shown: Shown::new(), changes: RefCell::default() };
    let found = read(&mut index.dry_run()?, intake, &told)?;
    told.shown.bar.finish_and_clear();
    report::tell(&found);
    let changes = told.changes.into_inner();
    if args.json {
        let named = changes.iter().map(|(change, ids)| (word(*change), ids));
        let would = serde_json::json!(named.collect::<BTreeMap<_, _>>());
        print(&report::json(&found, index.stats()?, started, Some(("would", would))))?;
        return Ok(found);
    }
    let mut text = String::new();
    for (change, ids) in &changes {
        for id in ids {
            text.extend([word(*change), " ", &render::visible(id), "\n"]);
        }
    }
    text.extend(["would be: ", &report::summary(&found, None)]);
    print(&text)?;
    Ok(found)
}

/// How long to wait for another process that writes.
fn patience(args: &args::Index) -> Duration {
    Duration::from_secs(args.wait.into())
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Added => "add",
        Change::Updated => "update",
        Change::Removed => "remove",
    }
}

/// Fails if a root is missing, or if there is neither an index nor a file to index. Call it before anything is created.
fn check_roots(dir: &Path, intake: &Intake, index_exists: bool) -> Result<()> {
    if intake.roots == [PathBuf::from(STANDARD_INPUT)] {
        return Ok(());
    }
    if holds_files(&intake.roots, &intake.options.filter, dir)? || index_exists {
        return Ok(());
    }
    let roots: Vec<_> = intake.roots.iter().map(|root| root.display().to_string()).collect();
    Err(Error::invalid("paths", format!("no files to index in {}", roots.join(", "))))
}

fn read(writer: &mut IndexWriter, intake: &Intake, progress: &impl Progress) -> Result<Update> {
    if intake.roots == [PathBuf::from(STANDARD_INPUT)] {
        let lines = BufReader::new(io::stdin().lock());
        update_from(writer, lines, &intake.options, progress)
    } else {
        update(writer, &intake.roots, &intake.options, progress)
    }
}

/// Builds the index of `seeds` in a folder that has none yet.
pub(super) fn build_default(dir: &Path, seeds: &Path) -> Result<()> {
    let mut writer = IndexWriter::rebuild(dir, analysis::Chinese::Auto)?;
    let options = UpdateOptions::default();
    let found = update(&mut writer, &[seeds.to_owned()], &options, &AtomicBool::new(false))?;
    report::tell(&found);
    writer.commit()?;
    Ok(())
}

fn chinese(wanted: Option<args::Chinese>) -> Option<analysis::Chinese> {
    wanted.map(|chinese| match chinese {
        args::Chinese::Auto => analysis::Chinese::Auto,
        args::Chinese::Off => analysis::Chinese::Off,
    })
}

fn writer(dir: &Path, rebuild: bool, wanted: Option<analysis::Chinese>) -> Result<IndexWriter> {
    if rebuild || !Index::exists(dir)? {
        return IndexWriter::rebuild(dir, wanted.unwrap_or_default());
    }
    let index = Index::open(dir)?;
    if wanted.is_some_and(|wanted| wanted != index.chinese()) {
        return Err(Error::invalid(
            "chinese",
            "the index was made with another --chinese: add --rebuild to make it anew".to_owned(),
        ));
    }
    index.writer()
}

/// Commits what has changed. A rebuild that was stopped is dropped: the old index is complete.
fn finish(dir: &Path, writer: IndexWriter, found: &Update, rebuild: bool) -> Result<IndexStats> {
    if found.stopped && rebuild {
        return Err(unfinished());
    }
    if found.has_changes() || rebuild || !Index::exists(dir)? {
        return writer.commit();
    }
    drop(writer);
    Index::open(dir)?.stats()
}

/// A progress bar at a terminal, and Ctrl-C.
pub(super) struct Shown {
    bar: ProgressBar,
    stopped: Arc<AtomicBool>,
}

impl Shown {
    pub(super) fn new() -> Self {
        Self::of("files")
    }

    pub(super) fn of(things: &str) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        // Without a handler Ctrl-C ends the process: the last commit stays either way.
        drop(ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)));
        let bar = ProgressBar::new(0);
        let template = format!("{{wide_bar}} {{pos}}/{{len}} {things}, {{per_sec}}, {{eta}} left");
        let style = ProgressStyle::with_template(&template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { bar, stopped }
    }

    #[cfg(feature = "watch")]
    pub(super) fn clear(&self) {
        self.bar.reset();
        self.bar.set_length(0);
    }

    #[cfg(feature = "cluster")]
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
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

/// The same, and what became of each document.
struct Told {
    shown: Shown,
    changes: RefCell<BTreeMap<Change, Vec<String>>>,
}

impl Progress for Told {
    fn advanced(&self, done: usize, all: usize) {
        self.shown.advanced(done, all);
    }

    fn changed(&self, change: Change, id: &str) {
        self.changes.borrow_mut().entry(change).or_default().push(id.to_owned());
    }

    fn is_stopped(&self) -> bool {
        self.shown.is_stopped()
    }
}
