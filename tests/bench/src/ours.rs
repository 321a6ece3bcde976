//! gz-search, by its library.

use std::{fs::File, io::BufReader, path::Path};

use gz_search::{Index, Query, Searcher};

use crate::{
    ask::Ask,
    engine::{Engine, LIMIT},
};

struct Ours(Searcher);

/// Indexes documents.
pub fn index(source: &Path, dir: &Path) {
    let writer = Index::create(dir).unwrap().writer().unwrap();
    let source = BufReader::new(File::open(source).unwrap());
    for document in gz_search::document::read_json_lines("source", source) {
        writer.add(&document.unwrap()).unwrap();
    }
    writer.commit().unwrap();
}

pub fn open(dir: &Path) -> impl Engine + use<> {
    Ours(Index::open(dir).unwrap().searcher().unwrap())
}

impl Engine for Ours {
    fn search(&self, ask: &Ask, snippets: bool) -> usize {
        let text = match ask {
            Ask::Words(words) => words.join(" "),
            Ask::Phrase(words) => format!("\"{}\"", words.join(" ")),
            Ask::Prefix(word) => format!("{word}*"),
        };
        let query = Query::new(text).limit(LIMIT);
        if snippets {
            self.0.search(&query).unwrap().hits.len()
        } else {
            self.0.ranking(&query.strict(true)).unwrap().len()
        }
    }
}
