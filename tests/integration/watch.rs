//! `watch`: an index that follows changes of its files.
#![cfg(feature = "watch")]

use std::{
    fs,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use gz_search::{
    Index, Query,
    index::{Observer, Progress, UpdateOptions, WatchEvent, watch},
};

use crate::fixture::Folder;

/// Maximum time that a test waits for an event.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Observer that sends each event as a line of text.
struct EventSender<'a> {
    sender: Sender<String>,
    stopped: &'a AtomicBool,
}

impl Progress for EventSender<'_> {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Observer for EventSender<'_> {
    fn on_event(&self, event: WatchEvent) {
        let line = match event {
            // Updates without a change are left out.
            WatchEvent::Updated(report, _) if !report.has_changes() && report.unchanged > 0 => {
                return;
            }
            WatchEvent::Updated(report, stats) => format!(
                "{} added, {} updated, {} removed, {} in the index",
                report.added, report.updated, report.removed, stats.documents
            ),
            WatchEvent::Missing(_) => "missing".to_owned(),
            WatchEvent::Returned(_) => "returned".to_owned(),
            other => format!("{other:?}"),
        };
        // A test that failed has dropped the receiver.
        drop(self.sender.send(line));
    }
}

/// Watches `a` while `test` runs; `test` receives the events.
fn with_watch(folder: &Folder, poll: Option<Duration>, test: impl FnOnce(&Receiver<String>)) {
    let stopped = AtomicBool::new(false);
    let (sender, events) = channel();
    let (dir, roots) = (folder.path("index"), [folder.path("a")]);
    thread::scope(|scope| {
        let observer = EventSender { sender, stopped: &stopped };
        let watching =
            scope.spawn(move || watch(&dir, &roots, &UpdateOptions::default(), poll, &observer));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(&events)));
        stopped.store(true, Ordering::Relaxed);
        watching.join().unwrap().unwrap();
        outcome.unwrap();
    });
}

#[track_caller]
fn next(events: &Receiver<String>) -> String {
    events.recv_timeout(MAX_WAIT).unwrap()
}

#[test]
fn changes_reach_the_index_while_queries_run() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    with_watch(&folder, None, |events| {
        assert_eq!(next(events), "1 added, 0 updated, 0 removed, 1 in the index");
        let index = Index::open(folder.path("index")).unwrap();
        let finds = |query| index.searcher().unwrap().search(&Query::new(query)).unwrap().total;
        // Many changes at once are one update.
        for number in 0..50 {
            folder.write(&format!("a/new/{number}.txt"), &format!("Rails grew by {number}.\n"));
        }
        assert_eq!(next(events), "50 added, 0 updated, 0 removed, 51 in the index");
        assert_eq!(finds("rails"), 50);
        folder.write("a/one.txt", "Canals grew.\n");
        assert_eq!(next(events), "0 added, 1 updated, 0 removed, 51 in the index");
        assert_eq!((finds("ports"), finds("canals")), (0, 1));
        folder.remove("a/one.txt");
        assert_eq!(next(events), "0 added, 0 updated, 1 removed, 50 in the index");
        folder.write("a/.gzsearchignore", "new/\n");
        assert_eq!(next(events), "0 added, 0 updated, 50 removed, 0 in the index");
    });
}

#[test]
fn documents_of_a_missing_root_stay_until_it_returns() {
    let folder = Folder::new();
    with_watch(&folder, None, |events| {
        assert_eq!(next(events), "missing");
        folder.write("a/one.txt", "Ports grew.\n");
        assert_eq!(
            (next(events), next(events)),
            ("returned".to_owned(), "1 added, 0 updated, 0 removed, 1 in the index".to_owned())
        );
        fs::rename(folder.path("a"), folder.path("b")).unwrap();
        assert_eq!(next(events), "missing");
        // The documents of the missing root stay in the index.
        let index = Index::open(folder.path("index")).unwrap();
        assert_eq!(index.stats().unwrap().documents, 1);
        folder.write("b/two.txt", "Rails grew.\n");
        fs::rename(folder.path("b"), folder.path("a")).unwrap();
        assert_eq!(
            (next(events), next(events)),
            ("returned".to_owned(), "1 added, 0 updated, 0 removed, 2 in the index".to_owned())
        );
        folder.write("a/three.txt", "Roads grew.\n");
        assert_eq!(next(events), "1 added, 0 updated, 0 removed, 3 in the index");
    });
}

#[test]
fn watch_waits_for_another_writer() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    let index = Index::create(folder.path("index")).unwrap();
    let writer = index.writer().unwrap();
    with_watch(&folder, None, |events| {
        assert_eq!(next(events), "Waiting");
        drop(writer);
        assert_eq!(next(events), "1 added, 0 updated, 0 removed, 1 in the index");
    });
}

#[test]
fn polling_finds_changes_without_file_system_events() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    with_watch(&folder, Some(Duration::from_millis(200)), |events| {
        assert_eq!(next(events), "1 added, 0 updated, 0 removed, 1 in the index");
        folder.write("a/two.txt", "Rails grew.\n");
        assert_eq!(next(events), "1 added, 0 updated, 0 removed, 2 in the index");
    });
}

#[cfg(unix)]
#[test]
fn interrupt_ends_watch_with_exit_code_0() {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };

    let folder = Folder::new();
    folder.write("one.txt", "Ports grew.\n");
    // The index is inside the watched folder.
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["watch", "."])
        .current_dir(folder.path(""))
        .env_remove("GZ_SEARCH_INDEX")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let summary = "1 added, 0 updated, 0 unchanged, 0 removed, 0 failed";
    assert_eq!(lines.next().as_deref(), Some(summary));
    assert_eq!(lines.next().as_deref(), Some("index: 1 document, 1 passage"));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.next(), None);
    assert_eq!(folder.run(&["query", "ports", "--count"]).out, "1\n");
}
