//! Two writers and eight readers of one index: every reader sees whole commits, none is lost, and the second
//! writer waits or is refused as it asks for.

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
/// So many documents are of one commit.
const TOGETHER: usize = 5;
/// The writers, which are also how their documents are called.
const WRITERS: [&str; 2] = ["here", "command"];

fn text(writer: &str, version: usize) -> String {
    format!("Cranes of {writer} grew.\n\nThis is version {version}.")
}

fn ids(writer: &str) -> impl Iterator<Item = String> {
    (0..TOGETHER).map(move |number| format!("{writer} {number}"))
}

/// The version that a searcher finds of a writer's documents, which is the same of all; 0 before the first.
fn version(searcher: &Searcher, writer: &str) -> usize {
    // Before the first commit of one writer, looser words would find what the other one wrote.
    let query = Query::new(format!("\"cranes of {writer}\"")).strict(true).limit(50);
    let found = searcher.search(&query).unwrap();
    let ids: Vec<_> = found.hits.into_iter().map(|hit| hit.document.id).collect();
    if ids.is_empty() {
        return 0;
    }
    assert_eq!(ids.len(), TOGETHER, "{ids:?}");
    let mut versions = ids.iter().map(|id| {
        let text = searcher.document_text(id).unwrap().unwrap();
        let (_, version) = text.split_once("version ").unwrap();
        version.trim_end_matches('.').parse::<usize>().unwrap()
    });
    let first = versions.next().unwrap();
    assert!(versions.all(|version| version == first), "torn: {ids:?}");
    first
}

/// Reads commit after commit: by one handle, or by a new one each time. How many versions it saw.
fn read(dir: &Path, anew: bool, acknowledged: &[AtomicUsize; 2], done: &AtomicBool) -> usize {
    let (mut index, mut seen) = (Index::open(dir).unwrap(), 0);
    let mut last = BTreeMap::new();
    while !done.load(Ordering::Relaxed) {
        if anew {
            index = Index::open(dir).unwrap();
        }
        // What was acknowledged before a searcher is asked for is in what it finds.
        let known = acknowledged.each_ref().map(|version| version.load(Ordering::SeqCst));
        let searcher = index.searcher().unwrap();
        for (writer, known) in WRITERS.into_iter().zip(known) {
            let found = version(&searcher, writer);
            assert!(found >= known, "{writer}: {found}, but {known} was acknowledged");
            let last = last.entry(writer).or_insert(0);
            assert!(found >= *last, "{writer}: {found} after {last}");
            seen += usize::from(found > *last);
            *last = found;
        }
    }
    seen
}

/// Writes in this process; comes again where another one writes.
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

/// Writes by the command, which waits every other time. How often it was refused.
fn command(folder: &Folder, acknowledged: &AtomicUsize, until: Instant) -> usize {
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
fn two_writers_and_eight_readers() {
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
        let command = scope.spawn(|| command(&folder, &acknowledged[1], until));
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
