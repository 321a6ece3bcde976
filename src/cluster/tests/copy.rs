//! Tests of copies between an embedded index and a cluster.

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{connect, stub::Stub, without_duration};
use crate::{
    cluster::{Layout, wire},
    document::Document,
    index::{Index, IndexStats, IndexWriter, Update, UpdateOptions, update},
    query::{Facet, Query},
};

/// Returns a folder with 31 files, two of which have equal content.
fn sample_folder() -> tempfile::TempDir {
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
fn update_index(folder: &Path, writer: &mut IndexWriter) -> Update {
    let roots = [PathBuf::from(folder)];
    update(writer, &roots, &UpdateOptions::default(), &AtomicBool::new(false)).unwrap()
}

#[test]
fn an_index_survives_a_copy_to_the_cluster_and_back() {
    let (folder, stub, other_stub) = (sample_folder(), Stub::new(), Stub::new());
    let (embedded, progress) = (Index::in_memory(), AtomicBool::new(false));
    let mut writer = embedded.writer().unwrap();
    update_index(folder.path(), &mut writer);
    let stats = writer.commit().unwrap();
    let mut writer = connect(&other_stub).writer(false, Layout::default(), None).unwrap();
    update_index(folder.path(), &mut writer);
    writer.commit().unwrap();

    let remote = connect(&stub);
    let copied = remote.copy_from(&embedded, Layout::default(), &progress).unwrap();
    assert_eq!(copied.left_out, []);
    let counts = |stats: IndexStats| (stats.documents, stats.passages, stats.copies);
    assert_eq!(counts(copied.stats), counts(stats));
    let [mut actual, mut expected] = [&stub, &other_stub].map(|stub| stub.documents("news"));
    for documents in [&mut actual, &mut expected] {
        documents.remove(wire::STATE_DOCUMENT);
    }
    assert!(actual.keys().eq(expected.keys()));
    for (id, document) in &actual {
        assert_eq!(document, &expected[id]);
    }

    let copy_dir = tempfile::tempdir().unwrap();
    let copied = remote.copy_to(copy_dir.path(), &progress).unwrap();
    assert_eq!((copied.left_out, counts(copied.stats)), (Vec::new(), counts(stats)));
    assert!(Index::check(copy_dir.path()).unwrap().is_sound());
    let answers = |index: &Index| {
        let query = Query::new("exports 低空经济").limit(100).facets(Facet::ALL);
        let searcher = index.searcher().unwrap();
        (without_duration(searcher.search(&query).unwrap()), searcher.sources().unwrap())
    };
    let copied_index = Index::open(copy_dir.path()).unwrap();
    assert_eq!(answers(&copied_index), answers(&embedded));
    // An update finds every file of the copy unchanged.
    let mut writer = copied_index.writer().unwrap();
    let report = update_index(folder.path(), &mut writer);
    assert_eq!((report.unchanged, report.has_changes()), (30, false));
}

#[test]
fn incomplete_documents_are_left_out_of_a_copy() {
    let (folder, stub) = (sample_folder(), Stub::new());
    let remote = connect(&stub);
    let mut writer = remote.writer(false, Layout::default(), None).unwrap();
    update_index(folder.path(), &mut writer);
    writer.commit().unwrap();
    stub.remove("news", &wire::passage_id("7.txt", 1));
    let copy_dir = tempfile::tempdir().unwrap();
    let copied = remote.copy_to(copy_dir.path(), &AtomicBool::new(false)).unwrap();
    let left_out: Vec<_> = copied.left_out.iter().map(|damage| damage.item.as_str()).collect();
    assert_eq!((left_out, copied.stats.documents), (vec!["7.txt"], 29));
    // The next update indexes the document again.
    let mut writer = Index::open(copy_dir.path()).unwrap().writer().unwrap();
    let report = update_index(folder.path(), &mut writer);
    assert_eq!((report.added, report.unchanged), (1, 29));
}

#[test]
fn a_stopped_copy_leaves_the_old_index() {
    let (stub, embedded) = (Stub::new(), Index::in_memory());
    let cluster = connect(&stub);
    let writer = embedded.writer().unwrap();
    writer.add(&Document::new("new", "New.")).unwrap();
    writer.commit().unwrap();
    let stop_flag = AtomicBool::new(true);
    let error =
        cluster.copy_from(&embedded, Layout::default(), &stop_flag).unwrap_err().to_string();
    assert!(error.contains("stays in use"), "{error}");
    assert!(cluster.searcher().unwrap_err().to_string().contains("has no index news"));
    let writer = cluster.writer(false, Layout::default(), None).unwrap();
    writer.add(&Document::new("old", "Old.")).unwrap();
    writer.commit().unwrap();
    cluster.copy_from(&embedded, Layout::default(), &stop_flag).unwrap_err();
    let hits = || cluster.searcher().unwrap().search(&Query::new("*")).unwrap().hits;
    assert_eq!(hits()[0].document.id, "old");
    cluster.copy_from(&embedded, Layout::default(), &AtomicBool::new(false)).unwrap();
    assert_eq!(hits().iter().map(|hit| hit.document.id.as_str()).collect::<Vec<_>>(), ["new"]);
}
