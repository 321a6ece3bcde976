//! Two writers and eight readers of one index: every reader sees whole commits, no commit is lost, and the second
//! writer waits or fails, as its options say.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use gz_search::{Document, Index, Query, Searcher};

use crate::{fixture::Folder, random::count};

const READERS: usize = 8;
/// Number of documents that each commit replaces.
const DOCUMENTS_PER_COMMIT: usize = 5;
/// Names of the writers, with which the ids of their documents begin.
const WRITERS: [&str; 2] = ["here", "command"];

fn text(writer: &str, version: usize) -> String {
    format!("Cranes of {writer} grew.\n\nThis is version {version}.")
}

fn ids(writer: &str) -> impl Iterator<Item = String> {
    (0..DOCUMENTS_PER_COMMIT).map(move |number| format!("{writer} {number}"))
}

/// Returns the version of a writer's documents in a snapshot, 0 before the first commit. Fails if two documents have
/// different versions.
fn version(searcher: &Searcher, writer: &str) -> usize {
    // Strict: before the writer's first commit, a relaxed query would match the documents of the other writer.
    let query = Query::new(format!("\"cranes of {writer}\"")).strict(true).limit(50);
    let results = searcher.search(&query).unwrap();
    let ids: Vec<_> = results.hits.into_iter().map(|hit| hit.document.id).collect();
    if ids.is_empty() {
        return 0;
    }
    assert_eq!(ids.len(), DOCUMENTS_PER_COMMIT, "{ids:?}");
    let mut versions = ids.iter().map(|id| {
        let text = searcher.document_text(id).unwrap().unwrap();
        let (_, version) = text.split_once("version ").unwrap();
        version.trim_end_matches('.').parse::<usize>().unwrap()
    });
    let first = versions.next().unwrap();
    assert!(versions.all(|version| version == first), "mixed commits: {ids:?}");
    first
}

/// Reads until `done` is set, and returns the number of versions seen. If `reopen` is true, each round opens the index
/// again.
fn read(dir: &Path, reopen: bool, acknowledged: &[AtomicUsize; 2], done: &AtomicBool) -> usize {
    let (mut index, mut versions_seen) = (Index::open(dir).unwrap(), 0);
    let mut last = BTreeMap::new();
    while !done.load(Ordering::Relaxed) {
        if reopen {
            index = Index::open(dir).unwrap();
        }
        // A searcher sees every commit that was acknowledged before the searcher was opened.
        let committed = acknowledged.each_ref().map(|version| version.load(Ordering::SeqCst));
        let searcher = index.searcher().unwrap();
        for (writer, committed) in WRITERS.into_iter().zip(committed) {
            let seen = version(&searcher, writer);
            assert!(seen >= committed, "{writer}: {seen}, but {committed} was acknowledged");
            let last = last.entry(writer).or_insert(0);
            assert!(seen >= *last, "{writer}: {seen} after {last}");
            versions_seen += usize::from(seen > *last);
            *last = seen;
        }
    }
    versions_seen
}

/// Commits in this process; tries again while the other writer holds the lock.
fn write(dir: &Path, acknowledged: &AtomicUsize, until: Instant) {
    let mut next = 1;
    while Instant::now() < until {
        let writer = Index::open(dir).and_then(|index| index.writer());
        let Ok(writer) = writer else {
            thread::sleep(Duration::from_millis(5));
            continue;
        };
        for id in ids(WRITERS[0]) {
            writer.add(&Document::new(id, text(WRITERS[0], next))).unwrap();
        }
        writer.commit().unwrap();
        acknowledged.store(next, Ordering::SeqCst);
        next += 1;
        thread::sleep(Duration::from_millis(20));
    }
}

/// Commits with the command, every second time with `--wait`. Returns how often it was refused.
fn write_with_command(folder: &Folder, acknowledged: &AtomicUsize, until: Instant) -> usize {
    let (mut next, mut refused) = (1, 0);
    while Instant::now() < until {
        let mut lines = String::new();
        for id in ids(WRITERS[1]) {
            let line = serde_json::json!({"id": id, "text": text(WRITERS[1], next)});
            writeln!(lines, "{line}").unwrap();
        }
        let waits = next % 2 == 0;
        let wait: &[&str] = if waits { &["index", "-", "--wait", "60"] } else { &["index", "-"] };
        let run = folder.run_with(wait, &lines);
        if run.code == 2 {
            assert!(!waits && run.err.contains("another process is writing"), "{run:?}");
            refused += 1;
            continue;
        }
        assert_eq!(run.code, 0, "{run:?}");
        acknowledged.store(next, Ordering::SeqCst);
        next += 1;
    }
    refused
}

#[test]
fn readers_see_whole_commits_of_two_writers() {
    let folder = Folder::new();
    let dir = folder.path("index");
    Index::create(&dir).unwrap();
    let until = Instant::now() + Duration::from_secs(count("GZ_SEARCH_TOGETHER", 3) as u64);
    let acknowledged = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let done = AtomicBool::new(false);
    let (refused, seen) = thread::scope(|scope| {
        let (dir, acknowledged, done) = (&dir, &acknowledged, &done);
        let readers: Vec<_> = (0..READERS)
            .map(|number| scope.spawn(move || read(dir, number % 2 == 0, acknowledged, done)))
            .collect();
        let writer = scope.spawn(move || write(dir, &acknowledged[0], until));
        let command = scope.spawn(|| write_with_command(&folder, &acknowledged[1], until));
        let written = (writer.join(), command.join());
        done.store(true, Ordering::Relaxed);
        let seen: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        written.0.unwrap();
        (written.1.unwrap(), seen)
    });
    let check = Index::check(&dir).unwrap();
    assert!(check.is_sound(), "{check:?}");
    let searcher = Index::open(&dir).unwrap().searcher().unwrap();
    let versions = WRITERS.map(|writer| version(&searcher, writer));
    assert_eq!(versions, acknowledged.each_ref().map(|version| version.load(Ordering::SeqCst)));
    println!("commits: {versions:?}; refused: {refused}; versions seen: {seen}");
    assert!(versions.iter().all(|version| *version > 0) && seen > READERS);
}
