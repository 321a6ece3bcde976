//! SQLite FTS5: porter over unicode61 for English, trigrams for Chinese, bm25 order, `snippet()`.

use std::path::Path;

use rusqlite::Connection;

use crate::{
    ask::Ask,
    engine::{Engine, LIMIT, Script},
    text,
};

struct Fts(Connection);

/// The file in the folder of the index.
pub const FILE: &str = "fts5.db";

/// Indexes the passages that lie beside the documents.
pub fn index(source: &Path, dir: &Path) {
    let mut database = Connection::open(dir.join(FILE)).unwrap();
    let tokenizer = match Script::of(source.parent().unwrap()) {
        Script::English => "porter unicode61",
        Script::Chinese => "trigram",
    };
    let table = format!("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='{tokenizer}')");
    database.execute_batch(&table).unwrap();
    let all = database.transaction().unwrap();
    {
        let mut insert = all.prepare("INSERT INTO t(text) VALUES (?)").unwrap();
        text::each_passage(source, |passage| {
            insert.execute([passage]).unwrap();
        });
    }
    all.commit().unwrap();
}

pub fn open(dir: &Path) -> impl Engine + use<> {
    Fts(Connection::open(dir.join(FILE)).unwrap())
}

/// The statement that the command and the library run.
pub fn statement(snippets: bool) -> String {
    let shown = if snippets { "snippet(t, 0, '<b>', '</b>', '…', 32)" } else { "rowid" };
    format!("SELECT {shown} FROM t WHERE t MATCH ?1 ORDER BY bm25(t) LIMIT {LIMIT}")
}

/// A query in the language of FTS5.
pub fn matching(ask: &Ask) -> String {
    let quoted =
        |words: &[String]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
    match ask {
        Ask::Words(words) => quoted(words).join(" OR "),
        // A phrase of trigrams is their text.
        Ask::Phrase(words) if words.iter().any(|word| !word.is_ascii()) => {
            format!("\"{}\"", words.concat())
        }
        Ask::Phrase(words) => format!("\"{}\"", words.join(" ")),
        Ask::Prefix(word) => format!("\"{word}\"*"),
    }
}

impl Engine for Fts {
    fn search(&self, ask: &Ask, snippets: bool) -> usize {
        let mut statement = self.0.prepare_cached(&statement(snippets)).unwrap();
        let mut rows = statement.query([matching(ask)]).unwrap();
        let mut hits = 0;
        while let Some(row) = rows.next().unwrap() {
            std::hint::black_box(row.get_ref(0).unwrap());
            hits += 1;
        }
        hits
    }
}
