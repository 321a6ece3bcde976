//! Queries never load the whole dictionary. This test is a binary of its own because it counts loads per process.
#![cfg(all(feature = "cli", feature = "chinese"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

#[expect(dead_code, reason = "shared with the other tests of the command")]
mod fixture;

use gz_search::{Document, Index, Query, analysis::dictionary_load_count};

#[test]
fn queries_never_load_the_dictionary() {
    let folder = fixture::Folder::new();
    folder.write("seeds/a.txt", "粤港澳大湾区建设取得新进展。\n");
    assert_eq!(folder.run(&["index"]).code, 0);
    let index = Index::open(folder.path("index")).unwrap();
    let searcher = index.searcher().unwrap();
    for query in ["粤港澳大湾区", "大湾区建设", "\"新进展\"", "進展 growth", "*"] {
        assert_eq!(searcher.search(&Query::new(query)).unwrap().hits.len(), 1, "{query}");
    }
    for typed in ["大湾", "大湾区建", "jz", "進"] {
        assert!(!searcher.suggest(typed, 10).unwrap().is_empty(), "{typed}");
    }
    assert_eq!(dictionary_load_count(), 0);
    // Writing a document loads it: the counter works.
    let writer = index.writer().unwrap();
    writer.add(&Document::new("b", "预算报告")).unwrap();
    writer.commit().unwrap();
    assert_eq!(dictionary_load_count(), 1);
}
