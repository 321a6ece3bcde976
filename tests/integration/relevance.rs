//! Compares the ranks of the judged queries in `tests/relevance/judged/` with the accepted ones. A changed rank is not
//! a defect by itself, but a developer has to look at the query.
// Without the dictionary Chinese text gets other ranks, and none of them are committed.
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
/// Lower bounds of the means, slightly below the measured values. The ranks of single queries may change, but the mean
/// must not fall below its bound.
const LEAST_NDCG_10: f64 = 0.868;
const LEAST_RECIPROCAL_RANK: f64 = 0.862;
/// Grade of a passage that answers the query; grade 1 means the same topic only.
const ANSWERS: u8 = 2;
/// Number of ranked passages. A passage with a lower rank counts as not found.
const DEPTH: &str = "100";

/// Result of one query: a line of `ranks.tsv`.
struct Row {
    id: String,
    /// Rank of the first passage of grade 2.
    first_answer: Option<usize>,
    /// Rank of the first passage of grade 1 or 2.
    first_relevant: Option<usize>,
    ndcg_10: f64,
    text: String,
}

impl Row {
    fn line(&self) -> String {
        let rank = |rank: Option<usize>| rank.map_or("-".to_owned(), |rank| rank.to_string());
        let Self { id, ndcg_10, text, .. } = self;
        format!(
            "{id}\t{}\t{}\t{ndcg_10:.3}\t{text}",
            rank(self.first_answer),
            rank(self.first_relevant)
        )
    }
}

#[test]
fn ranks_of_judged_queries_equal_the_accepted_ones() {
    let rows = evaluate();
    let mean = |measure: fn(&Row) -> f64| rows.iter().map(measure).sum::<f64>() / rows.len() as f64;
    let ndcg_10 = mean(|row| row.ndcg_10);
    let reciprocal_rank = mean(|row| row.first_answer.map_or(0.0, |rank| 1.0 / rank as f64));
    let means = format!("mean nDCG@10 {ndcg_10:.4}, mean reciprocal rank {reciprocal_rank:.4}");

    let path = judged("ranks.tsv");
    let measured: Vec<String> = rows.iter().map(Row::line).collect();
    if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
        fs::write(&path, format!("{}\n", measured.join("\n"))).unwrap();
    }
    let accepted = fs::read_to_string(&path).unwrap();
    let moved = moved(&accepted, &measured);
    assert!(
        moved.is_empty(),
        "the ranks or the judgments of some queries changed (- accepted, + now):\n{moved}now {means}\n\
         if the change is an improvement on the whole, write ranks.tsv and commit it:\n\
         GZ_SEARCH_UPDATE=1 cargo test --test integration relevance"
    );
    assert!(
        ndcg_10 >= LEAST_NDCG_10 && reciprocal_rank >= LEAST_RECIPROCAL_RANK,
        "{means}: below the lower bounds {LEAST_NDCG_10} and {LEAST_RECIPROCAL_RANK}"
    );
}

/// Returns the lines that differ between two tables, by query.
fn moved(accepted: &str, now: &[String]) -> String {
    let by_query =
        |line: &str| (line.split('\t').next().unwrap_or_default().to_owned(), line.to_owned());
    let before: BTreeMap<String, String> = accepted.lines().map(by_query).collect();
    let after: BTreeMap<String, String> = now.iter().map(|line| by_query(line)).collect();
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut differences = String::new();
    for id in ids {
        let (old, new) = (before.get(id), after.get(id));
        if old != new {
            for (sign, line) in [('-', old), ('+', new)] {
                if let Some(line) = line {
                    writeln!(differences, "{sign} {line}").unwrap();
                }
            }
        }
    }
    differences
}

fn evaluate() -> Vec<Row> {
    let folder = Folder::with_sample();
    let run = folder.run(&["index", "seeds", &judged("releases")]);
    assert_eq!(run.code, 0, "{run:?}");
    let judgments = judgments();
    assert_judgments_name_passages(&folder, &judgments);

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
        let first_rank = |least_grade: u8| {
            let has_grade = |passage: &String| judgments[id].get(passage) >= Some(&least_grade);
            rankings.get(id)?.iter().position(has_grade).map(|index| index + 1)
        };
        Row {
            first_answer: first_rank(ANSWERS),
            first_relevant: first_rank(1),
            ndcg_10: ndcg_10[id],
            id: id.to_owned(),
            text: text.to_owned(),
        }
    };
    queries.lines().map(row).collect()
}

/// Fails if a judgment names a missing passage. If a release is split in another way, its passage ids change, and the
/// judgments must be corrected.
fn assert_judgments_name_passages(
    folder: &Folder,
    judgments: &BTreeMap<String, BTreeMap<String, u8>>,
) {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    let all_passages = searcher.ranking(&Query::new("*").limit(10_000)).unwrap();
    let passages: BTreeSet<String> =
        all_passages.iter().map(|one| format!("{}#{}", one.document, one.ordinal)).collect();
    for (query, grades) in judgments {
        assert!(
            grades.values().any(|&grade| grade == ANSWERS),
            "query {query} has no passage of grade 2"
        );
        for passage in grades.keys() {
            assert!(passages.contains(passage), "query {query}: there is no passage {passage}");
        }
    }
}

/// Returns the grades by query and passage.
fn judgments() -> BTreeMap<String, BTreeMap<String, u8>> {
    let mut judgments: BTreeMap<String, BTreeMap<String, u8>> = BTreeMap::new();
    for line in fs::read_to_string(judged("qrels.txt")).unwrap().lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        let grades = judgments.entry(columns[0].to_owned()).or_default();
        grades.insert(columns[2].to_owned(), columns[3].parse().unwrap());
    }
    judgments
}

/// Returns the ranked passages of each query of a TREC run, best first.
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
