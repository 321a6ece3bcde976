//! The command `gz-search index`, which updates the index from files and folders.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use super::{
    args::{ChineseSegmentationArg, IndexArgs},
    config::{Configuration, SEED_RELEASES_DIR, UpdatePlan, update_plan},
    explain,
    file_table::FileTableWriter,
    location::IndexLocation,
    output::{print, print_status},
    progress::{ChangeRecorder, INTERRUPTED_EXIT_CODE, ProgressDisplay},
    report,
};
use crate::{
    analysis::Chinese,
    error::{Error, Result},
    hints,
    index::{
        Corruption, Index, IndexOptions, IndexStats, IndexWriter, MemoryBudget, Progress, Repair,
        Update, UpdateOptions, roots_contain_files, update, update_from, wait_for_lock,
    },
    render::visible_text,
};

/// Value of the argument PATH that stands for JSON Lines from standard input.
const STANDARD_INPUT_PATH: &str = "-";

/// Updates, rebuilds or repairs the index. Returns exit code 0 after a complete update, [`INTERRUPTED_EXIT_CODE`] after
/// a signal, and 1 if a file of a known format could not be read or if an error followed a commit.
pub(super) fn run(
    location: &IndexLocation,
    configuration: &Configuration,
    args: &IndexArgs,
) -> Result<u8> {
    if let Some(path) = &args.explain {
        let plan = update_plan(configuration, &args.paths, &args.files, &args.overrides)?;
        return explain::run(path, &plan, args.json);
    }
    if let Some(cluster) = location.cluster()? {
        return update_index_on_cluster(&cluster, location, configuration, args);
    }
    let dir = location.folder()?;
    let start_time = Instant::now();
    let mut plan = update_plan(configuration, &args.paths, &args.files, &args.overrides)?;
    plan.options.reread = args.reread;
    if args.repair {
        return repair_index(dir, args, &plan.options, start_time);
    }
    check_default_root_exists(dir, args)?;
    if args.dry_run {
        return dry_run(dir, args, &plan, start_time).map(|report| exit_code(&report));
    }
    let commit_before = last_commit_name(dir);
    let writer = open_locked_writer(dir, args, &plan)?;
    // Another process may have committed before this process got the lock.
    let unchanged_commits = [commit_before, last_commit_name(dir)];
    match update_index_in_folder(writer, dir, args, &plan, start_time) {
        Err(error) if !unchanged_commits.contains(&last_commit_name(dir)) => {
            print_status(&hints::message_with_causes(&error));
            print_status("the index has changed before this error: run it again for the rest");
            Ok(1)
        }
        report => Ok(exit_code(&report?)),
    }
}

/// Returns the name of the last commit of the index in `dir`; `None` if there is no index, or if it cannot be read.
fn last_commit_name(dir: &Path) -> Option<String> {
    Index::open(dir).and_then(|index| index.version()).ok()
}

/// Checks the arguments, waits for the lock of the index in `dir`, and returns a writer that holds the lock.
fn open_locked_writer(dir: &Path, args: &IndexArgs, plan: &UpdatePlan) -> Result<IndexWriter> {
    let memory = MemoryBudget::mib(args.memory)?;
    check_roots_exist(dir, plan, Index::exists(dir)?)?;
    let writer = wait_for_lock(lock_timeout(args), || {
        open_writer(dir, args.rebuild, chinese_setting(args.chinese), &plan.options)
    })?;
    writer.with_memory_limit(memory)
}

/// Updates the index in `dir` with `writer`, and prints the report.
fn update_index_in_folder(
    mut writer: IndexWriter,
    dir: &Path,
    args: &IndexArgs,
    plan: &UpdatePlan,
    start_time: Instant,
) -> Result<Update> {
    let report = update_with_progress(&mut writer, plan, args.report.as_deref())?;
    let stats = commit_changes(dir, writer, &report, args.rebuild)?;
    print_update_report(args, &report, dir, stats, start_time)?;
    print_missing_roots(dir)?;
    Ok(report)
}

/// Returns the files and folders from which the index in `dir` was read, with the number of files of each.
fn file_counts_by_recorded_root(dir: &Path) -> Result<BTreeMap<String, u64>> {
    let mut roots = BTreeMap::new();
    for source in Index::open(dir)?.searcher()?.sources()? {
        *roots.entry(source.root).or_default() += 1;
    }
    Ok(roots)
}

/// Prints the folders from which the index in `dir` was read and that no longer exist. An update of other folders keeps
/// the documents of the missing folders, and counts a file that was moved out of a missing folder as a duplicate.
fn print_missing_roots(dir: &Path) -> Result<()> {
    let is_missing = |root: &str| Path::new(root).is_absolute() && !Path::new(root).exists();
    for (root, files) in
        file_counts_by_recorded_root(dir)?.into_iter().filter(|(root, _)| is_missing(root))
    {
        print_status(&format!(
            "{} is missing: its {} the index, which only `gz-search index --rebuild` with the other folders removes",
            visible_text(&root),
            if files == 1 { "file stays in".to_owned() } else { format!("{files} files stay in") },
        ));
    }
    Ok(())
}

/// Checks that the default folder exists if the argument PATH is absent.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if it is missing. If the index already has documents, the message suggests as PATH a
/// folder whose files are indexed.
fn check_default_root_exists(dir: &Path, args: &IndexArgs) -> Result<()> {
    if !args.paths.is_empty() || Path::new(SEED_RELEASES_DIR).exists() {
        return Ok(());
    }
    let roots =
        if Index::exists(dir)? { file_counts_by_recorded_root(dir)? } else { BTreeMap::new() };
    let example = roots.into_keys().find(|root| Path::new(root).exists());
    Err(Error::invalid(
        "paths",
        format!(
            "name the files and folders to index, as in `gz-search index {}`: there is no folder {SEED_RELEASES_DIR}",
            example.map_or_else(|| "FOLDER".to_owned(), |root| visible_text(&root))
        ),
    ))
}

/// Updates an index on a cluster and prints the report.
fn update_index_on_cluster(
    cluster: &crate::cluster::Cluster,
    location: &IndexLocation,
    configuration: &Configuration,
    args: &IndexArgs,
) -> Result<u8> {
    let start_time = Instant::now();
    if args.repair || args.dry_run {
        location.folder()?;
    }
    let mut plan = update_plan(configuration, &args.paths, &args.files, &args.overrides)?;
    plan.options.reread = args.reread;
    if plan.options.fields.as_ref().is_some_and(|fields| !fields.is_empty()) {
        let message = "an index on a cluster has no declared fields: omit --field and [index.field], or index into a folder";
        return Err(Error::invalid("engine", message));
    }
    check_roots_exist(&location.dir, &plan, true)?;
    let mut writer =
        cluster.writer(args.rebuild, (&args.layout).into(), chinese_setting(args.chinese))?;
    let report = update_with_progress(&mut writer, &plan, args.report.as_deref())?;
    if report.stopped && args.rebuild {
        return Err(stopped_rebuild_error());
    }
    let stats = writer.commit()?;
    let engine = location.cluster_address.as_ref().map(ToString::to_string).unwrap_or_default();
    print_update_report(args, &report, Path::new(&engine), stats, start_time)?;
    Ok(exit_code(&report))
}

fn exit_code(report: &Update) -> u8 {
    if report.stopped {
        return INTERRUPTED_EXIT_CODE;
    }
    u8::from(!report.failures.is_empty())
}

fn stopped_rebuild_error() -> Error {
    Error::Stopped("before the new index was complete: the old one stays in use")
}

/// Runs the update with a progress bar, writes the table of the files to `table_path` if it is given, and prints the
/// failures.
fn update_with_progress(
    writer: &mut IndexWriter,
    plan: &UpdatePlan,
    table_path: Option<&Path>,
) -> Result<Update> {
    let display = ProgressDisplay::new("files");
    let report = run_update_with_table(writer, plan, &display, table_path)?;
    display.finish();
    report::print_file_failures(&report);
    Ok(report)
}

/// Prints the report of an update of the index at `location`.
fn print_update_report(
    args: &IndexArgs,
    report: &Update,
    location: &Path,
    stats: IndexStats,
    start_time: Instant,
) -> Result<()> {
    if args.json {
        return print(&report::update_json_report(report, stats, start_time, None));
    }
    drop(io::stderr().write_all(report::file_format_table(report).as_bytes()));
    print(&report::update_summary(report, Some((location, stats))))
}

/// Repairs a damaged index and prints the report. Returns exit code 1 if a document was lost.
fn repair_index(
    dir: &Path,
    args: &IndexArgs,
    options: &UpdateOptions,
    start_time: Instant,
) -> Result<u8> {
    let display = ProgressDisplay::new("files");
    let repair = wait_for_lock(lock_timeout(args), || Index::repair(dir, options, &display))?;
    display.finish();
    let Some(Repair { copied, update, lost, stats, .. }) = repair else {
        print(&report::sound_index_report(dir, args.json))?;
        return Ok(0);
    };
    report::print_file_failures(&update);
    for Corruption { item, detail, .. } in &lost {
        print_status(&format!("{item}: {detail}"));
    }
    print(&if args.json {
        let repair_counts = serde_json::json!({"kept": copied, "lost": lost});
        report::update_json_report(&update, stats, start_time, Some(("repaired", repair_counts)))
    } else {
        format!("{copied} kept, {}", report::update_summary(&update, Some((dir, stats))))
    })?;
    Ok(u8::from(!lost.is_empty() || !update.failures.is_empty()))
}

/// Prints the changes that an update would make, without writing them.
fn dry_run(dir: &Path, args: &IndexArgs, plan: &UpdatePlan, start_time: Instant) -> Result<Update> {
    let opens_index = !args.rebuild && Index::exists(dir)?;
    let fields = plan.options.fields.clone().unwrap_or_default();
    let index = if opens_index { Index::open(dir)? } else { Index::in_memory_with(fields) };
    let recorder = ChangeRecorder::new();
    let mut writer = index.dry_run()?;
    let report = run_update_with_table(&mut writer, plan, &recorder, args.report.as_deref())?;
    let changes = recorder.finish();
    report::print_file_failures(&report);
    print(&if args.json {
        let extra_key = Some(("would", report::changes_json(&changes)));
        report::update_json_report(&report, index.stats()?, start_time, extra_key)
    } else {
        let summary = report::update_summary(&report, None);
        format!("{}would be: {summary}", report::dry_run_change_lines(&changes))
    })?;
    Ok(report)
}

/// Returns the maximum time to wait for the lock of the index while another process writes.
fn lock_timeout(args: &IndexArgs) -> Duration {
    Duration::from_secs(args.wait.into())
}

/// Checks that the files and folders to index exist, before the program creates any folder or index. Accepts standard
/// input without a check.
///
/// # Errors
///
/// [`Error::Io`] if a file or folder is missing, and [`Error::InvalidArgument`] if no index exists and the folders
/// contain no file to index.
fn check_roots_exist(dir: &Path, plan: &UpdatePlan, index_exists: bool) -> Result<()> {
    if plan.roots == [PathBuf::from(STANDARD_INPUT_PATH)] {
        return Ok(());
    }
    if roots_contain_files(&plan.roots, &plan.options.filter, dir)? || index_exists {
        return Ok(());
    }
    let roots: Vec<_> = plan.roots.iter().map(|root| root.display().to_string()).collect();
    Err(Error::invalid("paths", format!("no files to index in {}", roots.join(", "))))
}

/// Runs the update, and writes the table of the files to `table_path` if it is given.
fn run_update_with_table(
    writer: &mut IndexWriter,
    plan: &UpdatePlan,
    progress: &impl Progress,
    table_path: Option<&Path>,
) -> Result<Update> {
    let Some(path) = table_path else { return run_update(writer, plan, progress) };
    let table = FileTableWriter::create(path, progress)?;
    let report = run_update(writer, plan, &table)?;
    table.finish()?;
    Ok(report)
}

/// Indexes the files and folders of `plan`, or the documents that standard input contains as JSON Lines.
fn run_update(
    writer: &mut IndexWriter,
    plan: &UpdatePlan,
    progress: &impl Progress,
) -> Result<Update> {
    if plan.roots == [PathBuf::from(STANDARD_INPUT_PATH)] {
        let input_lines = BufReader::new(io::stdin().lock());
        update_from(writer, input_lines, &plan.options, progress)
    } else {
        update(writer, &plan.roots, &plan.options, progress)
    }
}

/// Converts the argument of `--chinese` to the setting of the index.
fn chinese_setting(mode: Option<ChineseSegmentationArg>) -> Option<Chinese> {
    mode.map(|mode| match mode {
        ChineseSegmentationArg::Auto => Chinese::Auto,
        ChineseSegmentationArg::Off => Chinese::Off,
    })
}

/// Opens a writer of the index in `dir`. If `rebuild` is true or no index exists, the writer fills a new index with the
/// declared fields of `options`.
fn open_writer(
    dir: &Path,
    rebuild: bool,
    chinese: Option<Chinese>,
    options: &UpdateOptions,
) -> Result<IndexWriter> {
    if rebuild || !Index::exists(dir)? {
        let fields = options.fields.clone().unwrap_or_default();
        let options = IndexOptions::from(fields).chinese(chinese.unwrap_or_default());
        return IndexWriter::rebuild(dir, options);
    }
    let index = Index::open(dir)?;
    if chinese.is_some_and(|chinese| chinese != index.chinese()) {
        return Err(Error::invalid(
            "chinese",
            "the index was built with another setting for Chinese words",
        ));
    }
    index.writer()
}

/// Commits the changes, if there are any. Discards a rebuild that was stopped, because the old index is complete.
fn commit_changes(
    dir: &Path,
    writer: IndexWriter,
    report: &Update,
    rebuild: bool,
) -> Result<IndexStats> {
    if report.stopped && rebuild {
        return Err(stopped_rebuild_error());
    }
    if report.has_changes() || rebuild || !Index::exists(dir)? {
        return writer.commit();
    }
    drop(writer);
    Index::open(dir)?.stats()
}
