//! `gz-search evaluate` on a small corpus whose measures are computed by hand.

use std::fs;

use crate::fixture::{Folder, Run};

const CORPUS: &str = r#"{"id":"port","text":"The port opened.\n\nIts cranes are electric."}
{"id":"rail","text":"The railway opened.\n\nThe railway carries freight.\n\nIts trains are electric."}
{"id":"air","text":"Drones carry parcels."}
"#;
const QUERIES: &str = "1\tport cranes\n2\tparcels\n3\tsubmarine\n4\tfreight\n";
/// Query 3 matches nothing, query 4 has no relevant document, and query 9 is not in `QUERIES`.
const QRELS: &str =
    "1 0 port 1\n1 0 rail 0\n2 0 air 2\n2 0 rail 1\n3 0 port 1\n4 0 rail 0\n9 0 air 1\n";

fn indexed_corpus() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.run_with(&["index", "-"], CORPUS).code, 0);
    folder.write("queries.tsv", QUERIES);
    folder.write("qrels.txt", QRELS);
    folder
}

fn evaluate(folder: &Folder, args: &[&str]) -> Run {
    let files = ["evaluate", "--queries", "queries.tsv", "--qrels", "qrels.txt"];
    folder.run(&[&files, args].concat())
}

#[test]
fn document_measures_equal_those_computed_by_hand() {
    let folder = indexed_corpus();
    let run = evaluate(&folder, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    // Query 1 has the ideal ranking, query 2 lacks the document of grade 1, query 3 has no hit, query 4 is left out.
    let expected = "nDCG@10  MAP     MRR@10  Recall@100  queries\n\
                    0.5867   0.5000  0.6667  0.5000      3\n";
    assert_eq!(run.out, expected);
    assert!(run.err.contains("1 of 4 queries skipped"), "{run:?}");
    let each = evaluate(&folder, &["--per-query"]);
    let expected = "3\t0.0000\t0.0000\tsubmarine\n\
                    2\t0.7602\t1.0000\tparcels\n\
                    1\t1.0000\t1.0000\tport cranes\n";
    assert_eq!(each.out, expected);
}

#[test]
fn run_file_lists_each_document_once() {
    let folder = indexed_corpus();
    folder.write("queries.tsv", "1\tport cranes\n5\telectric\n6\trailway opened\n");
    assert_eq!(evaluate(&folder, &["--run", "run.txt"]).code, 0);
    let run = fs::read_to_string(folder.path("run.txt")).unwrap();
    let rows: Vec<Vec<&str>> = run.lines().map(|line| line.split(' ').collect()).collect();
    let rankings: Vec<String> = rows.iter().map(|row| [row[0], row[2], row[3]].join(" ")).collect();
    assert_eq!(rankings, ["1 port 1", "5 port 1", "5 rail 2", "6 rail 1", "6 port 2"]);
    assert!(rows.iter().all(|row| (row[1], row[5], row.len()) == ("Q0", "gz-search", 6)));
    let first = evaluate(&folder, &["--run", "first.txt", "--depth", "1"]);
    assert_eq!(first.code, 0, "{first:?}");
    let first = fs::read_to_string(folder.path("first.txt")).unwrap();
    let best: Vec<&str> = run.lines().filter(|line| line.split(' ').nth(3) == Some("1")).collect();
    assert_eq!(first.lines().collect::<Vec<_>>(), best);
}

#[test]
fn passage_measures_equal_those_computed_by_hand() {
    let folder = indexed_corpus();
    folder.write("queries.tsv", "1\tcranes\n2\trailway\n");
    folder.write("qrels.txt", "1 0 port#1 1\n2 0 rail#0 1\n2 0 rail#1 1\n");
    let run = evaluate(&folder, &["--unit", "passage"]);
    assert!(run.out.ends_with("1.0000   1.0000  1.0000  1.0000      2\n"), "{run:?}");
}

#[test]
fn errors_name_the_file_and_the_line() {
    let folder = indexed_corpus();
    let cases = [
        ("1\tport\n2 rail\n", QRELS, "queries.tsv:2: is not a query: write ID, a tab and the text"),
        (
            QUERIES,
            "1 0 port 1\n\n2 0 rail\n",
            "qrels.txt:3: is not a judgment: write QUERY 0 ID GRADE",
        ),
        (
            QUERIES,
            "x 0 port 1\n",
            "no relevant judgment in qrels.txt belongs to a query in queries.tsv",
        ),
    ];
    for (queries, qrels, message) in cases {
        folder.write("queries.tsv", queries);
        folder.write("qrels.txt", qrels);
        let run = evaluate(&folder, &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains(message), "{run:?}");
    }
    folder.remove("qrels.txt");
    let run = evaluate(&folder, &[]);
    assert!(run.code == 2 && run.err.contains("cannot read qrels.txt"), "{run:?}");
}
