//! The judged queries of `tests/relevance/judged/`: where each finds its answer, beside what was
//! accepted last. A query that moves is no defect by itself, but nobody should miss it.
// Without the dictionary Chinese is ranked by its characters: other ranks, and none are committed.
#![cfg(feature = "chinese")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use gz_search::{Index, Query};

use crate::fixture::Folder;

const JUDGED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/relevance/judged");
/// A little below what was measured when they were set: single queries may move, all together may not
/// sink.
const LEAST_NDCG_10: f64 = 0.868;
const LEAST_RECIPROCAL_RANK: f64 = 0.862;
/// The grade of a passage that says what was asked; 1 only touches it.
const SAYS_IT: u8 = 2;
/// Ranks beyond that are as good as none.
const DEPTH: &str = "100";

/// What a query finds: a line of `ranks.tsv`.
struct Row {
    id: String,
    /// The rank of the first passage that says it, and of the first that touches it at least.
    says: Option<usize>,
    touches: Option<usize>,
    ndcg_10: f64,
    text: String,
}

impl Row {
    fn line(&self) -> String {
        let rank = |rank: Option<usize>| rank.map_or("-".to_owned(), |rank| rank.to_string());
        let Self { id, ndcg_10, text, .. } = self;
        format!("{id}\t{}\t{}\t{ndcg_10:.3}\t{text}", rank(self.says), rank(self.touches))
    }
}

#[test]
fn every_query_finds_its_answer_where_it_did() {
    let rows = measured();
    let mean = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>() / rows.len() as f64;
    let ndcg_10 = mean(|row| row.ndcg_10);
    let reciprocal_rank = mean(|row| row.says.map_or(0.0, |rank| 1.0 / rank as f64));
    let means = format!("mean nDCG@10 {ndcg_10:.4}, mean reciprocal rank {reciprocal_rank:.4}");

    let path = judged("ranks.tsv");
    let now: Vec<String> = rows.iter().map(Row::line).collect();
    if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
        fs::write(&path, format!("{}\n", now.join("\n"))).unwrap();
    }
    let accepted = fs::read_to_string(&path).unwrap();
    let moved = moved(&accepted, &now);
    assert!(
        moved.is_empty(),
        "the answers of some queries moved, or their judgments did (- accepted, + now):\n{moved}now {means}\n\
         if each is better, or worth what it costs, accept them and commit ranks.tsv:\n\
         GZ_SEARCH_UPDATE=1 cargo test --test integration relevance"
    );
    assert!(
        ndcg_10 >= LEAST_NDCG_10 && reciprocal_rank >= LEAST_RECIPROCAL_RANK,
        "{means}: below {LEAST_NDCG_10} or {LEAST_RECIPROCAL_RANK}, which should hold whatever moves"
    );
}

/// The lines of a table that are not those of another, query by query.
fn moved(accepted: &str, now: &[String]) -> String {
    let by_query =
        |line: &str| (line.split('\t').next().unwrap_or_default().to_owned(), line.to_owned());
    let before: BTreeMap<String, String> = accepted.lines().map(by_query).collect();
    let after: BTreeMap<String, String> = now.iter().map(|line| by_query(line)).collect();
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut shown = String::new();
    for id in ids {
        let (was, is) = (before.get(id), after.get(id));
        if was != is {
            for (mark, line) in [('-', was), ('+', is)] {
                if let Some(line) = line {
                    writeln!(shown, "{mark} {line}").unwrap();
                }
            }
        }
    }
    shown
}

fn measured() -> Vec<Row> {
    let folder = Folder::with_sample();
    let run = folder.run(&["index", "seeds", &judged("releases")]);
    assert_eq!(run.code, 0, "{run:?}");
    let judgments = judgments();
    judgments_name_passages(&folder, &judgments);

    let (queries, qrels) = (judged("queries.tsv"), judged("qrels.txt"));
    let files = ["evaluate", "--queries", &queries, "--qrels", &qrels, "--run", "run.txt"];
    let run =
        folder.run(&[&files[..], &["--unit", "passage", "--depth", DEPTH, "--per-query"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let ndcg_10: BTreeMap<&str, f64> = run
        .out
        .lines()
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (columns[0], columns[1].parse().unwrap())
        })
        .collect();
    let rankings = rankings(&fs::read_to_string(folder.path("run.txt")).unwrap());
    let queries = fs::read_to_string(queries).unwrap();
    let row = |line: &str| {
        let (id, text) = line.split_once('\t').unwrap();
        let first = |least: u8| {
            let is_such = |passage: &String| judgments[id].get(passage) >= Some(&least);
            rankings.get(id)?.iter().position(is_such).map(|index| index + 1)
        };
        Row {
            says: first(SAYS_IT),
            touches: first(1),
            ndcg_10: ndcg_10[id],
            id: id.to_owned(),
            text: text.to_owned(),
        }
    };
    queries.lines().map(row).collect()
}

/// A release that is split otherwise moves the ids of its passages: then the judgments are at fault,
/// and not the ranking.
fn judgments_name_passages(folder: &Folder, judgments: &BTreeMap<String, BTreeMap<String, u8>>) {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    let all = searcher.ranking(&Query::new("*").limit(10_000)).unwrap();
    let passages: BTreeSet<String> =
        all.iter().map(|one| format!("{}#{}", one.document, one.ordinal)).collect();
    for (query, grades) in judgments {
        assert!(grades.values().any(|&grade| grade == SAYS_IT), "nothing answers query {query}");
        for passage in grades.keys() {
            assert!(passages.contains(passage), "query {query}: there is no passage {passage}");
        }
    }
}

/// By query, then by passage.
fn judgments() -> BTreeMap<String, BTreeMap<String, u8>> {
    let mut judgments: BTreeMap<String, BTreeMap<String, u8>> = BTreeMap::new();
    for line in fs::read_to_string(judged("qrels.txt")).unwrap().lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        let grades = judgments.entry(columns[0].to_owned()).or_default();
        grades.insert(columns[2].to_owned(), columns[3].parse().unwrap());
    }
    judgments
}

/// The passages that a run has for each query, best first.
fn rankings(run: &str) -> BTreeMap<String, Vec<String>> {
    let mut rankings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in run.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        rankings.entry(columns[0].to_owned()).or_default().push(columns[2].to_owned());
    }
    rankings
}

fn judged(name: &str) -> String {
    Path::new(JUDGED).join(name).to_str().unwrap().to_owned()
}
