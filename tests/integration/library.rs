//! The library as an embedder uses it.

use std::thread;

use gz_search::{Document, Index, Query, Searcher};

use crate::fixture::Folder;

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
