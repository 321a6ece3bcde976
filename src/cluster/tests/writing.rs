//! Tests of updates, rebuilds and interrupted runs.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::{connect, stub::Stub, write_documents};
use crate::{
    cluster::{Layout, wire},
    document::Document,
    index::{Progress, UpdateOptions, update},
    query::Query,
};

#[test]
fn documents_are_replaced_and_removed() {
    let stub = Stub::new();
    let remote = connect(&stub);
    let write =
        |documents: &[(&str, &str)], removed: &[&str]| write_documents(&remote, documents, removed);
    let stats = write(&[("a", "One.\n\nTwo.\n\nThree.\n"), ("b", "Four.\n")], &[]);
    assert_eq!((stats.documents, stats.passages), (2, 4));
    let version = remote.version().unwrap();
    let stats = write(&[("a", "Five.\n")], &["b"]);
    assert_eq!((stats.documents, stats.passages), (1, 1));
    assert_ne!(remote.version().unwrap(), version);
    let results = remote.searcher().unwrap().search(&Query::new("*")).unwrap();
    assert_eq!(
        results.hits.iter().map(|hit| hit.passage.text.as_str()).collect::<Vec<_>>(),
        ["Five."]
    );
}

#[test]
fn a_rebuild_replaces_the_index_at_the_commit() {
    let stub = Stub::new();
    let remote = connect(&stub);
    for (text, rebuild) in [("Old.", false), ("New.", true)] {
        let writer = remote.writer(rebuild, Layout::default(), None).unwrap();
        writer.add(&Document::new("a", text)).unwrap();
        let old_matches = || remote.searcher().unwrap().search(&Query::new("old")).unwrap().total;
        assert_eq!(old_matches(), u64::from(rebuild));
        writer.commit().unwrap();
    }
    let searcher = remote.searcher().unwrap();
    assert_eq!(searcher.search(&Query::new("new")).unwrap().total, 1);
    assert_eq!(searcher.search(&Query::new("old")).unwrap().total, 0);
    assert!(stub.requests().iter().any(|request| request.path == "/_aliases"));
}

/// Observer that lets an update continue a number of times, and then stops it. The number decreases whenever the update
/// asks whether to stop.
struct StopAfterCountdown(AtomicUsize);

impl Progress for StopAfterCountdown {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) == 0
    }
}

#[test]
fn an_interrupted_run_can_be_continued() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..12 {
        let text = format!("Release {number}.\n\nExports grew by {number} %.\n");
        std::fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    let roots = [PathBuf::from(folder.path())];
    let options = UpdateOptions::default();
    let uninterrupted_stub = Stub::new();
    let mut writer = connect(&uninterrupted_stub).writer(false, Layout::default(), None).unwrap();
    update(&mut writer, &roots, &options, &AtomicBool::new(false)).unwrap();
    writer.commit().unwrap();
    let interrupted_stub = Stub::new();
    for question_count in [3, 0, 5, 100] {
        let mut writer = connect(&interrupted_stub).writer(false, Layout::default(), None).unwrap();
        update(
            &mut writer,
            &roots,
            &options,
            &StopAfterCountdown(AtomicUsize::new(question_count)),
        )
        .unwrap();
        // A killed run commits nothing, but the entries that it sent remain.
        if question_count != 5 {
            writer.commit().unwrap();
        }
    }
    let mut expected = uninterrupted_stub.documents("news");
    let mut actual = interrupted_stub.documents("news");
    for documents in [&mut expected, &mut actual] {
        documents.remove(wire::STATE_DOCUMENT);
    }
    assert_eq!(actual, expected);
}
