//! No query loads the whole dictionary. A process of its own: the counter is the process's.
#![cfg(all(feature = "cli", feature = "chinese"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

#[expect(dead_code, reason = "shared with the other tests of the command")]
mod fixture;

use gz_search::{Document, Index, Query, analysis::dictionary_loads};

#[test]
fn queries_leave_the_dictionary_alone() {
    let folder = fixture::Folder::new();
    folder.write("seeds/a.txt", "粤港澳大湾区建设取得新进展。\n");
    assert_eq!(folder.run(&["index"]).code, 0);
    let index = Index::open(folder.path("index")).unwrap();
    let searcher = index.searcher().unwrap();
    for query in ["粤港澳大湾区", "大湾区建设", "\"新进展\"", "進展 growth", "*"] {
        assert_eq!(searcher.search(&Query::new(query)).unwrap().total, 1, "{query}");
    }
    for typed in ["大湾", "大湾区建", "jz", "進"] {
        assert!(!searcher.suggest(typed, 10).unwrap().is_empty(), "{typed}");
    }
    assert_eq!(dictionary_loads(), 0);
    // The counter does count.
    let writer = index.writer().unwrap();
    writer.add(&Document::new("b", "预算报告")).unwrap();
    writer.commit().unwrap();
    assert_eq!(dictionary_loads(), 1);
}
