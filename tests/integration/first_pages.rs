//! First pages of queries over real releases, as `tests/relevance/first-pages` describes.

use std::path::Path;

use gz_search::{Hit, Query, Searcher, query::Collapse};

/// Minimum number of queries whose answer is on the first page.
const MIN_RIGHT: usize = 56;

/// A query and the answers, one of which must be among the first `within` releases.
struct Wanted {
    id: String,
    query: String,
    within: usize,
    answers: Vec<String>,
}

fn wanted_pages() -> Vec<Wanted> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relevance/first-pages/queries.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, _, query, within, answers, _] = cells[..] else { panic!("{line}") };
        Wanted {
            id: id.to_owned(),
            query: query.to_owned(),
            within: within.parse().unwrap(),
            answers: answers.split(" | ").map(|answer| answer.trim().to_owned()).collect(),
        }
    });
    rows.collect()
}

/// Asserts that most queries have an answer among the first releases. The index must contain the sample and the
/// releases of `corpora/dev`.
pub(crate) fn assert_first_pages(searcher: &Searcher) {
    let mut wrong = Vec::new();
    let pages = wanted_pages();
    for page in &pages {
        let query = Query::new(page.query.as_str()).collapse(Collapse::Document).limit(page.within);
        let hits = searcher.search(&query).unwrap().hits;
        let is_answer = |hit: &Hit| {
            page.answers.contains(&hit.passage.hash) || page.answers.contains(&hit.document.id)
        };
        if !hits.iter().any(is_answer) {
            wrong.push(format!("{} {}", page.id, page.query));
        }
    }
    assert!(pages.len() - wrong.len() >= MIN_RIGHT, "without an answer: {wrong:#?}");
}
