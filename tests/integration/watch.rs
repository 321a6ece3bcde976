//! Files that change while the index is kept up to date.
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

/// A test waits so long for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// Hands on what happens, as a line.
struct Told<'a> {
    sender: Sender<String>,
    stopped: &'a AtomicBool,
}

impl Progress for Told<'_> {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Observer for Told<'_> {
    fn on_event(&self, event: WatchEvent) {
        let line = match event {
            // A look that finds nothing is nothing.
            WatchEvent::Updated(found, _) if !found.has_changes() && found.unchanged > 0 => return,
            WatchEvent::Updated(found, stats) => {
                format!(
                    "+{} ~{} -{} ={}",
                    found.added, found.updated, found.removed, stats.documents
                )
            }
            WatchEvent::Missing(_) => "missing".to_owned(),
            WatchEvent::Returned(_) => "returned".to_owned(),
            other => format!("{other:?}"),
        };
        // A test that has failed hears no more.
        drop(self.sender.send(line));
    }
}

/// Watches `a` while `happens` does its part; `happens` is given what is told.
fn watched(folder: &Folder, poll: Option<Duration>, happens: impl FnOnce(&Receiver<String>)) {
    let stopped = AtomicBool::new(false);
    let (sender, told) = channel();
    let (dir, roots) = (folder.path("index"), [folder.path("a")]);
    thread::scope(|scope| {
        let observer = Told { sender, stopped: &stopped };
        let watching =
            scope.spawn(move || watch(&dir, &roots, &UpdateOptions::default(), poll, &observer));
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| happens(&told)));
        stopped.store(true, Ordering::Relaxed);
        watching.join().unwrap().unwrap();
        done.unwrap();
    });
}

#[track_caller]
fn next(told: &Receiver<String>) -> String {
    told.recv_timeout(PATIENCE).unwrap()
}

#[test]
fn changes_are_followed_while_queries_go_on() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    watched(&folder, None, |told| {
        assert_eq!(next(told), "+1 ~0 -0 =1");
        let index = Index::open(folder.path("index")).unwrap();
        let finds = |query| index.searcher().unwrap().search(&Query::new(query)).unwrap().total;
        // A burst is one update.
        for number in 0..50 {
            folder.write(&format!("a/new/{number}.txt"), &format!("Rails grew by {number}.\n"));
        }
        assert_eq!(next(told), "+50 ~0 -0 =51");
        assert_eq!(finds("rails"), 50);
        folder.write("a/one.txt", "Canals grew.\n");
        assert_eq!(next(told), "+0 ~1 -0 =51");
        assert_eq!((finds("ports"), finds("canals")), (0, 1));
        folder.remove("a/one.txt");
        assert_eq!(next(told), "+0 ~0 -1 =50");
        folder.write("a/.gzsearchignore", "new/\n");
        assert_eq!(next(told), "+0 ~0 -50 =0");
    });
}

#[test]
fn a_root_may_go_and_return() {
    let folder = Folder::new();
    watched(&folder, None, |told| {
        assert_eq!(next(told), "missing");
        folder.write("a/one.txt", "Ports grew.\n");
        assert_eq!((next(told), next(told)), ("returned".to_owned(), "+1 ~0 -0 =1".to_owned()));
        fs::rename(folder.path("a"), folder.path("b")).unwrap();
        assert_eq!(next(told), "missing");
        // What it held is found as long as nobody knows better.
        let index = Index::open(folder.path("index")).unwrap();
        assert_eq!(index.stats().unwrap().documents, 1);
        folder.write("b/two.txt", "Rails grew.\n");
        fs::rename(folder.path("b"), folder.path("a")).unwrap();
        assert_eq!((next(told), next(told)), ("returned".to_owned(), "+1 ~0 -0 =2".to_owned()));
        folder.write("a/three.txt", "Roads grew.\n");
        assert_eq!(next(told), "+1 ~0 -0 =3");
    });
}

#[test]
fn another_writer_is_waited_for() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    let index = Index::create(folder.path("index")).unwrap();
    let writer = index.writer().unwrap();
    watched(&folder, None, |told| {
        assert_eq!(next(told), "Waiting");
        drop(writer);
        assert_eq!(next(told), "+1 ~0 -0 =1");
    });
}

#[test]
fn without_events_all_is_looked_at() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    watched(&folder, Some(Duration::from_millis(200)), |told| {
        assert_eq!(next(told), "+1 ~0 -0 =1");
        folder.write("a/two.txt", "Rails grew.\n");
        assert_eq!(next(told), "+1 ~0 -0 =2");
    });
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_cleanly() {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };

    let folder = Folder::new();
    folder.write("one.txt", "Ports grew.\n");
    // The index lies in the folder that is watched.
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["watch", "."])
        .current_dir(folder.path(""))
        .env_remove("GZ_SEARCH_INDEX")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let says = "1 added, 0 updated, 0 unchanged, 0 removed, 0 failed";
    assert_eq!(lines.next().as_deref(), Some(says));
    assert_eq!(lines.next().as_deref(), Some("index: 1 document, 1 passage"));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.next(), None);
    assert_eq!(folder.run(&["query", "ports", "--count"]).out, "1\n");
}
