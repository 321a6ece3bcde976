//! Tests that every operation checks its deadline while it runs, and ends once the deadline has passed.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    document::Document,
    error::{Error, Result},
    index::Index,
    query::{Collapse, Deadline, Facet, NoteKind, Query, Sort},
    search::{SearchResults, Searcher},
};

const DOCUMENT_COUNT: usize = 20;
const PASSAGES_PER_DOCUMENT: usize = 30;
const PASSAGE_COUNT: usize = DOCUMENT_COUNT * PASSAGES_PER_DOCUMENT;

/// Returns a searcher over passages in which every pattern of the tests matches many words.
fn searcher() -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for document in 0..DOCUMENT_COUNT {
        let passage = |passage: usize| {
            let number = document * PASSAGES_PER_DOCUMENT + passage;
            format!(
                "The administration{number} funded station{passage} number{document}. 广州港口增长{number}。\n\n"
            )
        };
        let text: String = (0..PASSAGES_PER_DOCUMENT).map(passage).collect();
        let mut release = Document::new(format!("release-{document}"), text);
        release.title = Some(format!("The station{document} plan"));
        release.issuer = Some(format!("Bureau {document}"));
        writer.add(&release).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

/// Name of an operation, minimum number of its checks of the deadline, and the operation.
type OperationWithMinChecks = (&'static str, usize, fn(&Searcher) -> Result<()>);

/// Runs a query. Fails if the deadline cut the search short.
fn search(searcher: &Searcher, query: &Query) -> Result<()> {
    error_if_cut_short(&searcher.search(query)?)
}

/// Converts results that a deadline cut short to the error of the deadline.
fn error_if_cut_short(results: &SearchResults) -> Result<()> {
    assert_eq!(results.cut, results.notes.iter().any(|note| note.kind == NoteKind::Cut));
    if results.cut { Err(Error::TimedOut(std::time::Duration::ZERO)) } else { Ok(()) }
}

/// Highlights all passages of the index, as the page of a very long document does.
fn highlight_all_passages(searcher: &Searcher, query: &str) -> Result<()> {
    let text = "The administration funded station1 near number7.";
    searcher.highlights_of_all(&Query::new(query), &[text; PASSAGE_COUNT]).map(drop)
}

/// Operations, each with a minimum number of checks of the deadline. If the work of an operation grows with the index,
/// its number of checks must grow with the index too.
const OPERATIONS_WITH_MIN_CHECKS: [OperationWithMinChecks; 22] = [
    ("a word", 5, |s| search(s, &Query::new("station1"))),
    ("a pattern", 50, |s| search(s, &Query::new("*tion*"))),
    ("a regular expression", 50, |s| search(s, &Query::new("/.*tion.*/"))),
    ("fuzzy words", 20, |s| search(s, &Query::new("statiom1~2"))),
    ("NEAR of patterns", PASSAGE_COUNT, |s| search(s, &Query::new("*tion* NEAR/9 *umber*"))),
    ("SAME of patterns", PASSAGE_COUNT, |s| search(s, &Query::new("*tion* SAME *umber*"))),
    ("a phrase with slop", 10, |s| search(s, &Query::new("\"the funded\"~3"))),
    ("a Chinese phrase", 5, |s| search(s, &Query::new("广州港口"))),
    ("a filter by id", 5, |s| search(s, &Query::new("id:*release*"))),
    ("everything with facets", 6, |s| {
        search(s, &Query::new("*").limit(0).facets([Facet::Issuer, Facet::Source, Facet::Year]))
    }),
    ("a page of many hits", PASSAGE_COUNT / 2, |s| {
        search(s, &Query::new("*").limit(PASSAGE_COUNT))
    }),
    ("an explained page", 100, |s| search(s, &Query::new("*tion* the").limit(50).explain(true))),
    ("one hit of each document", 5, |s| search(s, &Query::new("the").collapse(Collapse::Document))),
    ("groups of near-duplicates", 5, |s| search(s, &Query::new("the").collapse(Collapse::Near))),
    ("hits by date", 5, |s| search(s, &Query::new("the").sort(Sort::Date))),
    ("a page without full matches", 10, |s| search(s, &Query::new("station1 number7 Bureau"))),
    ("a word that occurs nowhere", 5, |s| search(s, &Query::new("stattion1"))),
    ("a ranking", 50, |s| s.ranking(&Query::new("*tion*")).map(drop)),
    ("highlights of a release", PASSAGE_COUNT, |s| {
        highlight_all_passages(s, "*tion* NEAR/9 *umber*")
    }),
    ("similar passages", 50, |s| error_if_cut_short(&s.similar("release-1#1", 10)?.unwrap())),
    ("a suggestion", 3, |s| s.suggest("the sta", 10).map(drop)),
    ("a document", PASSAGES_PER_DOCUMENT, |s| s.document("release-1").map(drop)),
];

/// Runs an operation whose deadline passes after `checks` checks. Returns its result and the number of checks.
fn run_with_check_limit(
    searcher: &Searcher,
    operation: OperationWithMinChecks,
    checks: usize,
) -> (Result<()>, usize) {
    let checks_left: &'static AtomicUsize = Box::leak(Box::new(AtomicUsize::new(checks)));
    let (.., run) = operation;
    let result = run(&searcher.with_deadline(Deadline::passing_after_checks(checks_left)));
    (result, checks - checks_left.load(Ordering::Relaxed))
}

#[test]
fn every_operation_checks_its_deadline_while_it_runs() {
    let searcher = searcher();
    for operation @ (name, min_checks, _) in OPERATIONS_WITH_MIN_CHECKS {
        let (result, checks) = run_with_check_limit(&searcher, operation, usize::MAX);
        assert!(result.is_ok(), "{name}: {result:?}");
        assert!(checks >= min_checks, "{name}: {checks} checks");
    }
}

#[test]
fn an_operation_ends_at_the_first_check_after_its_deadline() {
    let searcher = searcher();
    for operation @ (name, ..) in OPERATIONS_WITH_MIN_CHECKS {
        let (_, all_checks) = run_with_check_limit(&searcher, operation, usize::MAX);
        let cuts = (0..all_checks).step_by(all_checks.div_ceil(40)).chain([all_checks - 1]);
        for cut in cuts {
            let (result, checks) = run_with_check_limit(&searcher, operation, cut);
            assert_eq!(checks, cut, "{name}");
            assert!(
                matches!(result, Err(Error::TimedOut(_))),
                "{name}, cut after {cut} of {all_checks} checks: {result:?}"
            );
        }
    }
}

#[test]
fn a_searcher_has_no_more_time_than_its_request() {
    let no_time = searcher().with_timeout(std::time::Duration::ZERO);
    let patient = Query::new("the").timeout(std::time::Duration::from_secs(3600));
    assert!(matches!(search(&no_time, &patient), Err(Error::TimedOut(_))));
    let more_time = no_time.with_timeout(std::time::Duration::from_secs(3600));
    assert!(matches!(search(&more_time, &Query::new("the")), Err(Error::TimedOut(_))));
}
