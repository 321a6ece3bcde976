//! Runs gz-search as a library.

use std::{fs::File, io::BufReader, path::Path};

use gz_search::{Index, Query, Searcher};

use crate::{
    engine::{Engine, LIMIT},
    queries::BenchQuery,
};

struct GzSearch(Searcher);

/// Indexes the documents of a file of JSON Lines.
pub fn index(source: &Path, dir: &Path) {
    let writer = Index::create(dir).unwrap().writer().unwrap();
    let source = BufReader::new(File::open(source).unwrap());
    for document in gz_search::document::read_json_lines("source", source) {
        writer.add(&document.unwrap()).unwrap();
    }
    writer.commit().unwrap();
}

pub fn open(dir: &Path) -> impl Engine + use<> {
    GzSearch(Index::open(dir).unwrap().searcher().unwrap())
}

impl Engine for GzSearch {
    fn search(&self, query: &BenchQuery, snippets: bool) -> usize {
        let text = match query {
            BenchQuery::Words(words) => words.join(" "),
            BenchQuery::Phrase(words) => format!("\"{}\"", words.join(" ")),
            BenchQuery::Prefix(word) => format!("{word}*"),
        };
        let query = Query::new(text).limit(LIMIT);
        if snippets {
            self.0.search(&query).unwrap().hits.len()
        } else {
            self.0.ranking(&query.strict(true)).unwrap().len()
        }
    }
}
