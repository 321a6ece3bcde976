//! Several indexes that are searched as one: `gz-search query --index A --index B`.

use gz_search::{Document, Index, IndexWriter, Query, analysis::Chinese, index::Indexes};

use crate::fixture::{Folder, Run};

/// Indexes the same three releases in `one`, and split over `a` and `b`.
fn indexed_folder() -> Folder {
    let folder = Folder::new();
    folder.write(
        "releases/a/port.md",
        "---\ntitle: Port\n---\n\nThe port grew.\n\nA flying car landed.\n",
    );
    folder.write("releases/a/rail.md", "---\ntitle: Rail\n---\n\nRails to the port grew.\n");
    folder.write(
        "releases/b/sale.md",
        "---\ntitle: Sale\n---\n\nThe port was sold.\n\nThe harbour grew.\n",
    );
    for (dir, part) in [("one", "releases"), ("a", "releases/a"), ("b", "releases/b")] {
        let run = folder.run(&["index", part, "--index", dir]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    folder
}

/// Returns the text and the score of each hit, and the totals.
fn page(run: &Run) -> (Vec<String>, String) {
    let page = run.json();
    let hits = page["hits"].as_array().unwrap().iter();
    let hits = hits.map(|hit| format!("{} {}", hit["score"], hit["passage"]["text"]));
    (
        hits.collect(),
        format!("{} {} {}", page["total"], page["total_documents"], page["total_other"]),
    )
}

#[test]
fn the_ranking_is_that_of_one_index_with_all_documents() {
    let folder = indexed_folder();
    for query in ["port", "port grew", "harbour OR car", "*", "prot"] {
        let run = |indexes: &[&str]| {
            let run = folder.run(&[&["query", query, "--format", "json"], indexes].concat());
            assert_eq!(run.code, 0, "{run:?}");
            page(&run)
        };
        let expected = run(&["--index", "one"]);
        assert_eq!(run(&["--index", "a", "--index", "b"]), expected, "{query}");
        assert_eq!(run(&["--index", "b", "--index", "a"]), expected, "{query}");
    }
}

#[test]
fn reading_commands_take_several_indexes_and_the_others_refuse_them() {
    let folder = indexed_folder();
    let both = ["--index", "a", "--index", "b"];
    let run = |args: &[&str]| folder.run(&[args, &both].concat());
    let shown = run(&["show", "sale.md#0"]);
    assert!(shown.out.contains("The port was sold."), "{shown:?}");
    let suggested = run(&["suggest", "harb"]);
    assert!(suggested.out.starts_with("harbour · "), "{suggested:?}");
    assert_eq!(run(&["query", "port", "--count"]).out, "3\n");
    assert_eq!(run(&["query", "-l", "harbour"]).out.lines().count(), 1);
    for args in [&["index", "releases"][..], &["stats"], &["check"], &["snapshot", "copy"]] {
        let refused = run(args);
        assert_eq!(refused.code, 2, "{args:?}: {refused:?}");
        assert!(refused.err.contains("give --index once"), "{args:?}: {refused:?}");
    }
    let refused = run(&["serve", "--listen", "127.0.0.1:0", "--watch", "releases"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("name one index to watch folders"), "{refused:?}");
}

#[test]
fn a_document_in_two_indexes_is_that_of_the_first() {
    let folder = indexed_folder();
    folder.write("other/port.md", "---\ntitle: Port\n---\n\nThe harbour was closed.\n");
    assert_eq!(folder.run(&["index", "other", "--index", "c"]).code, 0);
    for (indexes, text, found) in
        [(["a", "c"], "The port grew.", "0\n"), (["c", "a"], "The harbour was closed.", "1\n")]
    {
        let indexes = ["--index", indexes[0], "--index", indexes[1]];
        let shown = folder.run(&[&["show", "port.md"], &indexes[..]].concat());
        assert!(shown.out.contains(text), "{shown:?}");
        let count = folder.run(&[&["query", "closed", "--count"], &indexes[..]].concat());
        assert_eq!(count.out, found, "{count:?}");
        // Without the hidden release, only the one of the other index and the rails are left.
        let releases = folder.run(&[&["query", "*", "-l"], &indexes[..]].concat());
        assert_eq!(releases.out.lines().count(), 2, "{releases:?}");
    }
}

#[test]
fn indexes_that_do_not_fit_are_refused() {
    let folder = indexed_folder();
    folder.run(&["snapshot", "copy", "--index", "a"]);
    folder.run(&["index", "releases/b", "--index", "fields", "--field", "desk:keyword"]);
    folder.run(&["index", "releases/b", "--index", "plain", "--chinese", "off"]);
    for (other, reason) in [
        ("a", "one index is given twice"),
        ("./a", "one index is given twice"),
        ("copy", "one index is a copy of another"),
        ("fields", "declare different fields"),
        ("plain", "other settings for Chinese text"),
        ("absent", "absent"),
    ] {
        let run = folder.run(&["query", "port", "--index", "a", "--index", other]);
        assert_eq!(run.code, 2, "{other}: {run:?}");
        assert!(run.err.contains(reason), "{other}: {run:?}");
    }
}

#[test]
fn a_searcher_of_several_indexes_reads_the_last_commit_of_each() {
    let folder = Folder::new();
    let (first, second) = (folder.path("first"), folder.path("second"));
    let add = |dir: &std::path::Path, id: &str| {
        let writer = Index::open(dir).unwrap().writer().unwrap();
        writer.add(&Document::new(id, "A port.")).unwrap();
        writer.commit().unwrap();
    };
    for dir in [&first, &second] {
        Index::create(dir).unwrap();
    }
    let indexes = Indexes::open([&first, &second]).unwrap();
    let total = || indexes.searcher().unwrap().search(&Query::new("port")).unwrap().total;
    assert_eq!(total(), 0);
    add(&first, "a");
    add(&second, "b");
    assert_eq!(total(), 2);
    let before = indexes.searcher().unwrap();
    add(&second, "a");
    add(&second, "c");
    let after = indexes.searcher().unwrap();
    assert_ne!(before.version(), after.version());
    assert_eq!(before.search(&Query::new("port")).unwrap().total, 2);
    assert_eq!(after.search(&Query::new("port")).unwrap().total, 3);
    let writer = IndexWriter::rebuild(&first, Chinese::Auto).unwrap();
    writer.commit().unwrap();
    assert_eq!(total(), 3, "the second index has the documents a, b and c");
}

#[test]
fn a_searcher_opens_while_a_writer_commits_and_merges() {
    let folder = Folder::new();
    let [first, second] = ["first", "second"].map(|dir| folder.path(dir));
    Index::create(&first).unwrap();
    let growing = Index::create(&second).unwrap();
    let indexes = Indexes::open([&first, &second]).unwrap();
    let commits = std::thread::spawn(move || {
        for number in 0..20 {
            let writer = growing.writer().unwrap();
            writer.add(&Document::new(format!("d{number}"), "A port.")).unwrap();
            writer.commit().unwrap();
        }
    });
    let mut totals = Vec::new();
    while !commits.is_finished() || totals.is_empty() {
        let searcher = indexes.searcher().unwrap();
        totals.push(searcher.search(&Query::new("port").limit(0)).unwrap().total);
    }
    commits.join().unwrap();
    assert!(totals.is_sorted(), "{totals:?}");
    let searcher = indexes.searcher().unwrap();
    assert_eq!(searcher.search(&Query::new("port")).unwrap().total, 20);
}
