//! Tests of copies between an embedded index and a cluster.

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{cluster, comparable, stub::Stub};
use crate::{
    cluster::{Layout, wire},
    document::Document,
    index::{Index, IndexStats, IndexWriter, Update, UpdateOptions, update},
    query::{Facet, Query},
};

/// Returns a folder with files, two of which have equal content.
fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..30 {
        let text =
            format!("Release {number}.\n\nExports grew by {number} %.\n\n低空经济{number}号。\n");
        std::fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    std::fs::copy(folder.path().join("3.txt"), folder.path().join("copy.txt")).unwrap();
    folder
}

/// Updates an index from the files in a folder.
fn index(folder: &Path, writer: &mut IndexWriter) -> Update {
    let roots = [PathBuf::from(folder)];
    update(writer, &roots, &UpdateOptions::default(), &AtomicBool::new(false)).unwrap()
}

#[test]
fn an_index_survives_a_copy_to_the_cluster_and_back() {
    let (folder, stub, other) = (files(), Stub::new(), Stub::new());
    let (here, progress) = (Index::in_memory(), AtomicBool::new(false));
    let mut writer = here.writer().unwrap();
    index(folder.path(), &mut writer);
    let stats = writer.commit().unwrap();
    let mut writer = cluster(&other).writer(false, Layout::default(), None).unwrap();
    index(folder.path(), &mut writer);
    writer.commit().unwrap();

    let there = cluster(&stub);
    let copied = there.copy_from(&here, Layout::default(), &progress).unwrap();
    assert_eq!(copied.left_out, []);
    let size = |stats: IndexStats| (stats.documents, stats.passages, stats.copies);
    assert_eq!(size(copied.stats), size(stats));
    let [mut actual, mut expected] = [&stub, &other].map(|stub| stub.documents("news"));
    for documents in [&mut actual, &mut expected] {
        documents.remove(wire::STATE);
    }
    assert!(actual.keys().eq(expected.keys()));
    for (id, document) in &actual {
        assert_eq!(document, &expected[id]);
    }

    let back = tempfile::tempdir().unwrap();
    let copied = there.copy_to(back.path(), &progress).unwrap();
    assert_eq!((copied.left_out, size(copied.stats)), (Vec::new(), size(stats)));
    assert!(Index::check(back.path()).unwrap().is_sound());
    let answers = |index: &Index| {
        let query = Query::new("exports 低空经济").limit(100).facets(Facet::ALL);
        let searcher = index.searcher().unwrap();
        (comparable(searcher.search(&query).unwrap()), searcher.sources().unwrap())
    };
    let back = Index::open(back.path()).unwrap();
    assert_eq!(answers(&back), answers(&here));
    // An update finds every file of the copy unchanged.
    let mut writer = back.writer().unwrap();
    let report = index(folder.path(), &mut writer);
    assert_eq!((report.unchanged, report.has_changes()), (30, false));
}

#[test]
fn incomplete_documents_are_left_out_of_a_copy() {
    let (folder, stub) = (files(), Stub::new());
    let there = cluster(&stub);
    let mut writer = there.writer(false, Layout::default(), None).unwrap();
    index(folder.path(), &mut writer);
    writer.commit().unwrap();
    stub.remove("news", &wire::passage_id("7.txt", 1));
    let back = tempfile::tempdir().unwrap();
    let copied = there.copy_to(back.path(), &AtomicBool::new(false)).unwrap();
    let left_out: Vec<_> = copied.left_out.iter().map(|damage| damage.what.as_str()).collect();
    assert_eq!((left_out, copied.stats.documents), (vec!["7.txt"], 29));
    // The next update indexes the document again.
    let mut writer = Index::open(back.path()).unwrap().writer().unwrap();
    let report = index(folder.path(), &mut writer);
    assert_eq!((report.added, report.unchanged), (1, 29));
}

#[test]
fn a_stopped_copy_leaves_the_old_index() {
    let (stub, there) = (Stub::new(), Index::in_memory());
    let cluster = cluster(&stub);
    let writer = there.writer().unwrap();
    writer.add(&Document::new("new", "New.")).unwrap();
    writer.commit().unwrap();
    let stopped = AtomicBool::new(true);
    let error = cluster.copy_from(&there, Layout::default(), &stopped).unwrap_err().to_string();
    assert!(error.contains("stays in use"), "{error}");
    assert!(cluster.searcher().unwrap_err().to_string().contains("has no index news"));
    let writer = cluster.writer(false, Layout::default(), None).unwrap();
    writer.add(&Document::new("old", "Old.")).unwrap();
    writer.commit().unwrap();
    cluster.copy_from(&there, Layout::default(), &stopped).unwrap_err();
    let hits = || cluster.searcher().unwrap().search(&Query::new("*")).unwrap().hits;
    assert_eq!(hits()[0].document.id, "old");
    cluster.copy_from(&there, Layout::default(), &AtomicBool::new(false)).unwrap();
    assert_eq!(hits().iter().map(|hit| hit.document.id.as_str()).collect::<Vec<_>>(), ["new"]);
}
