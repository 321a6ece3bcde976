//! The library as an embedder uses it.

use std::thread;

use gz_search::{Document, Index, Query, Searcher};

use crate::fixture::Folder;

/// A release, as a title and its paragraphs.
fn release(id: &str, title: &str, paragraphs: &[&str]) -> Document {
    let mut document = Document::new(id, format!("{title}\n\n{}\n", paragraphs.join("\n\n")));
    document.title = Some(title.to_owned());
    document
}

fn best(releases: &[Document], query: &str) -> Vec<String> {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for release in releases {
        writer.add(release).unwrap();
    }
    writer.commit().unwrap();
    let hits = index.searcher().unwrap().search(&Query::new(query)).unwrap().hits;
    hits.into_iter().map(|hit| hit.passage.id).collect()
}

#[test]
fn a_detail_is_found_with_the_topic_of_its_release() {
    let releases = [
        release("water", "Safe Water Act", &["the act was signed.", "fines double for offenders."]),
        release(
            "parking",
            "Parking Rules",
            &["fines, fines and more fines await.", "water damage is common."],
        ),
    ];
    assert_eq!(best(&releases, "water act fines")[0], "water#1");
    // The title alone finds one passage of its release, not every one.
    assert_eq!(best(&releases, "safe"), ["water#0"]);
}

#[test]
fn passages_with_all_words_come_first() {
    let releases = [
        release("one", "", &["ports ports ports ports ports ports of the coast."]),
        release(
            "both",
            "",
            &[
                "the budget says much about many other things in a long list of items, and of a port too.",
            ],
        ),
        release("other", "", &["budget, budget and budget again."]),
    ];
    assert_eq!(best(&releases, "port budget")[0], "both#0");
}

#[test]
fn no_repetition_makes_up_for_a_common_word_that_is_missing() {
    let filler = "and so the report goes on with what else was done in that year by many others. ";
    let whole = format!("a port. {}the budget. {}some water.", filler.repeat(8), filler.repeat(8));
    let mut releases = vec![
        release("repeats", "", &[&"budget water ".repeat(40)]),
        release("whole", "", &[&whole]),
    ];
    releases.extend((0..30).map(|number| release(&format!("port{number}"), "", &["a port."])));
    assert_eq!(best(&releases, "budget water port")[0], "whole#0");
}

#[test]
fn an_exact_spelling_outranks_another_one() {
    let releases = [
        release("near", "", &["the part grew, the part grew, the part grew."]),
        release(
            "exact",
            "",
            &["the port grew, and many other things happened there in the same long year."],
        ),
    ];
    let found = best(&releases, "port~");
    assert_eq!(found, ["exact#0", "near#0"]);
}

#[test]
fn an_index_on_disk_is_written_and_read_by_turns() {
    let folder = Folder::new();
    let index = Index::create(folder.path("index")).unwrap();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", "The port grew.")).unwrap();
    writer.add(&Document::new("b", "The port shrank.")).unwrap();
    assert_eq!(index.searcher().unwrap().search(&Query::new("port")).unwrap().total, 0);
    let stats = writer.commit().unwrap();
    assert_eq!((stats.documents, stats.passages), (2, 2));
    let before = index.searcher().unwrap();
    let writer = Index::open(folder.path("index")).unwrap().writer().unwrap();
    assert!(index.writer().is_err(), "one writer at a time");
    writer.remove("a").unwrap();
    writer.add(&Document::new("b", "The harbour shrank.")).unwrap();
    writer.commit().unwrap();
    // A searcher is a snapshot: what it answered it answers still.
    assert_eq!(before.search(&Query::new("port")).unwrap().total, 2);
    let after = index.searcher().unwrap();
    assert_eq!(after.search(&Query::new("port")).unwrap().total, 0);
    assert_eq!(after.search(&Query::new("harbour")).unwrap().total, 1);
}

#[test]
fn a_refused_document_changes_nothing() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", "The port grew.")).unwrap();
    assert!(writer.add(&Document::new("a", "  \n")).is_err());
    assert!(writer.add(&Document::new("", "text")).is_err());
    writer.commit().unwrap();
    assert_eq!(index.searcher().unwrap().search(&Query::new("port")).unwrap().total, 1);
}

#[test]
fn a_searcher_is_shared_between_threads() {
    const fn shared<T: Clone + Send + Sync>() {}
    const { shared::<Searcher>() };
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for number in 0..50 {
        let text = format!("Port {number} grew by {number} %.");
        writer.add(&Document::new(format!("d{number}"), text)).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let ids = |searcher: &Searcher| -> Vec<String> {
        let results = searcher.search(&Query::new("port grew")).unwrap();
        results.hits.into_iter().map(|hit| hit.passage.id).collect()
    };
    let alone = ids(&searcher);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| ids(&searcher))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

#[test]
fn the_text_of_a_document_is_kept() {
    let text = "Title\n\nHeading: of it\n\n  One.\n\n\nTwo.\n\n";
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("a", text)).unwrap();
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    assert_eq!(searcher.document_text("a").unwrap().as_deref(), Some(text));
    let (info, passages) = searcher.document("a").unwrap().unwrap();
    assert_eq!(info.passages as usize, passages.len());
    assert!(passages.iter().all(|passage| passage.span.of(text) == passage.text));
}

#[test]
fn a_ranking_is_the_page_without_its_text() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for number in 0..9 {
        let text = format!("Port news\n\nPorts grew.\n\nThe port {number} grew by {number} %.");
        writer.add(&Document::new(format!("d{number}"), text)).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let query = Query::new("port grew 7").limit(12).offset(3);
    let page = searcher.search(&query).unwrap().hits;
    let ranking = searcher.ranking(&query).unwrap();
    assert_eq!((page.len(), ranking.len()), (12, 12));
    for (hit, ranked) in page.iter().zip(&ranking) {
        assert_eq!(hit.passage.id, format!("{}#{}", ranked.document, ranked.ordinal));
        assert_eq!(hit.score.to_bits(), ranked.score.to_bits());
    }
}
