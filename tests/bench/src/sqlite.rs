//! Runs SQLite FTS5 with the tokenizer `porter unicode61` for English and `trigram` for Chinese, ordered by `bm25()`,
//! with snippets by `snippet()`.

use std::path::Path;

use rusqlite::Connection;

use crate::{
    corpus,
    engine::{Engine, LIMIT, Script},
    queries::BenchQuery,
};

struct Fts(Connection);

/// Name of the database file in the index folder.
pub const FILE: &str = "fts5.db";

/// Indexes the passages of the documents.
pub fn index(source: &Path, dir: &Path) {
    let mut database = Connection::open(dir.join(FILE)).unwrap();
    let tokenizer = match Script::of(source.parent().unwrap()) {
        Script::English => "porter unicode61",
        Script::Chinese => "trigram",
    };
    let table = format!("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='{tokenizer}')");
    database.execute_batch(&table).unwrap();
    let transaction = database.transaction().unwrap();
    {
        let mut insert = transaction.prepare("INSERT INTO t(text) VALUES (?)").unwrap();
        corpus::for_each_passage(source, |passage| {
            insert.execute([passage]).unwrap();
        });
    }
    transaction.commit().unwrap();
}

pub fn open(dir: &Path) -> impl Engine + use<> {
    Fts(Connection::open(dir.join(FILE)).unwrap())
}

/// Returns the SQL statement of a search, for the `sqlite3` command and the library.
pub fn statement(snippets: bool) -> String {
    let column = if snippets { "snippet(t, 0, '<b>', '</b>', '…', 32)" } else { "rowid" };
    format!("SELECT {column} FROM t WHERE t MATCH ?1 ORDER BY bm25(t) LIMIT {LIMIT}")
}

/// Returns a query in the syntax of FTS5.
pub fn match_expression(query: &BenchQuery) -> String {
    let quoted =
        |words: &[String]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
    match query {
        BenchQuery::Words(words) => quoted(words).join(" OR "),
        // The trigram tokenizer matches a phrase as a substring.
        BenchQuery::Phrase(words) if words.iter().any(|word| !word.is_ascii()) => {
            format!("\"{}\"", words.concat())
        }
        BenchQuery::Phrase(words) => format!("\"{}\"", words.join(" ")),
        BenchQuery::Prefix(word) => format!("\"{word}\"*"),
    }
}

impl Engine for Fts {
    fn search(&self, query: &BenchQuery, snippets: bool) -> usize {
        let mut statement = self.0.prepare_cached(&statement(snippets)).unwrap();
        let mut rows = statement.query([match_expression(query)]).unwrap();
        let mut hits = 0;
        while let Some(row) = rows.next().unwrap() {
            std::hint::black_box(row.get_ref(0).unwrap());
            hits += 1;
        }
        hits
    }
}
