//! The dialect of Quickwit, against a server that refuses what Quickwit refuses.

mod stub;

use std::{path::PathBuf, sync::atomic::AtomicBool};

use self::stub::Quickwit;
use super::{QUERIES, both_of, cluster, comparable, releases, write};
use crate::{
    Document,
    cluster::Layout,
    index::{Index, UpdateOptions, update},
    query::{Collapse, Facet, Query, Sort},
    search::Searcher,
};

fn texts(searcher: &Searcher, query: &str) -> Vec<String> {
    let found = searcher.search(&Query::new(query).limit(100)).unwrap();
    assert_eq!(found.total as usize, found.hits.len());
    let mut texts: Vec<_> = found.hits.into_iter().map(|hit| hit.passage.text).collect();
    texts.sort();
    texts
}

#[test]
fn answers_are_those_of_the_embedded_index() {
    let quickwit = Quickwit::new();
    let (here, there) = both_of(&cluster(&quickwit.stub));
    for text in QUERIES {
        let query = Query::new(*text).limit(33);
        let [here, there] = [&here, &there].map(|one| comparable(one.search(&query).unwrap()));
        assert_eq!(there.notes, here.notes, "{text}");
        assert_eq!(there.total, here.total, "{text}");
        assert_eq!(there.total_documents, here.total_documents, "{text}");
    }
}

#[test]
fn what_is_chosen_sorted_and_collapsed_is_the_same() {
    let quickwit = Quickwit::new();
    let (here, there) = both_of(&cluster(&quickwit.stub));
    let query = || Query::new("flying").limit(100);
    for query in [
        query().only(Facet::Issuer, ["发改委"]).facets(Facet::ALL),
        query().only(Facet::Year, ["2016", "2017"]).facets([Facet::Year, Facet::Lang]),
        query().sort(Sort::Date),
        query().collapse(Collapse::Document),
        query().limit(0),
    ] {
        let [here, there] = [&here, &there].map(|one| comparable(one.search(&query).unwrap()));
        assert_eq!(there, here, "{query:?}");
    }
}

#[test]
fn documents_and_passages_are_read_as_they_were_added() {
    let quickwit = Quickwit::new();
    let (here, there) = both_of(&cluster(&quickwit.stub));
    for id in ["release-00", "release-11", "none"] {
        assert_eq!(there.document(id).unwrap(), here.document(id).unwrap());
        assert_eq!(there.document_text(id).unwrap(), here.document_text(id).unwrap());
        let passage = format!("{id}#2");
        assert_eq!(there.passage(&passage, 1).unwrap(), here.passage(&passage, 1).unwrap());
    }
}

#[test]
fn what_was_replaced_or_removed_is_gone_at_once_and_is_taken_away_later() {
    let quickwit = Quickwit::new();
    let there = cluster(&quickwit.stub);
    let stats = write(&there, &[("a", "One.\n\nTwo.\n\nThree.\n"), ("b", "Four.\n")], &[]);
    assert_eq!((stats.documents, stats.passages), (2, 4));
    let version = there.version().unwrap();
    let stats = write(&there, &[("a", "Five.\n"), ("c", "Six.\n")], &["b"]);
    assert_eq!((stats.documents, stats.passages), (2, 2));
    assert_ne!(there.version().unwrap(), version);
    assert_eq!(texts(&there.searcher().unwrap(), "*"), ["Five.", "Six."]);
    // All of it lies there until Quickwit takes it away.
    assert_eq!(quickwit.stored("passage"), 6);
    quickwit.run_tasks();
    assert_eq!(quickwit.stored("passage"), 2);
    assert_eq!(texts(&there.searcher().unwrap(), "*"), ["Five.", "Six."]);
    // What is removed may come again, and the same may come twice in one run.
    write(&there, &[("b", "Seven.\n"), ("a", "Eight.\n"), ("a", "Nine.\n")], &[]);
    assert_eq!(texts(&there.searcher().unwrap(), "*"), ["Nine.", "Seven.", "Six."]);
}

#[test]
fn a_run_that_was_interrupted_leaves_nothing_and_is_run_again() {
    let (folder, quickwit) = (tempfile::tempdir().unwrap(), Quickwit::new());
    for number in 0..12 {
        let text = format!("Release {number}.\n\nExports grew by {number} %.\n");
        std::fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    let roots = [PathBuf::from(folder.path())];
    let run = |is_committed: bool| {
        let there = cluster(&quickwit.stub);
        let mut writer = there.writer(false, Layout::default(), None).unwrap();
        let progress = AtomicBool::new(false);
        let done = update(&mut writer, &roots, &UpdateOptions::default(), &progress).unwrap();
        if is_committed {
            writer.commit().unwrap();
        }
        (done.added, there.searcher().unwrap().search(&Query::new("exports")).unwrap().total)
    };
    assert_eq!(run(false), (12, 0));
    assert_eq!(run(true), (12, 12));
    assert_eq!(run(true), (0, 12));
}

#[test]
fn a_rebuild_takes_the_place_of_the_index_at_its_end() {
    let quickwit = Quickwit::new();
    let there = cluster(&quickwit.stub);
    write(&there, &[("a", "Old.")], &[]);
    for is_committed in [false, true] {
        let writer = there.writer(true, Layout::default(), None).unwrap();
        writer.add(&Document::new("a", "New.")).unwrap();
        assert_eq!(texts(&there.searcher().unwrap(), "*"), ["Old."]);
        if is_committed {
            writer.commit().unwrap();
        }
    }
    assert_eq!(texts(&there.searcher().unwrap(), "*"), ["New."]);
    // The one that was not finished is gone as well.
    assert_eq!(quickwit.indexes(), ["news-000003"]);
}

#[test]
fn an_index_is_copied_there_and_back() {
    let (here, quickwit) = (Index::in_memory(), Quickwit::new());
    let writer = here.writer().unwrap();
    for release in releases() {
        writer.add(&release).unwrap();
    }
    let stats = writer.commit().unwrap();
    let (there, back) = (cluster(&quickwit.stub), tempfile::tempdir().unwrap());
    let progress = AtomicBool::new(false);
    let copied = there.copy_from(&here, Layout::default(), &progress).unwrap();
    assert_eq!((copied.stats.passages, copied.left_out), (stats.passages, Vec::new()));
    let copied = there.copy_to(back.path(), &progress).unwrap();
    assert_eq!((copied.stats.passages, copied.left_out), (stats.passages, Vec::new()));
    assert!(Index::check(back.path()).unwrap().is_sound());
}
