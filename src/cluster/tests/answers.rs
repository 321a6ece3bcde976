//! Tests that an index on a cluster and an embedded index give equal answers, and that searches send few requests.

use super::{embedded_and_remote_searchers, stub::Stub, without_duration};
use crate::{
    cluster::{Address, Cluster, wire},
    query::{Collapse, Facet, NoteKind, Query, Sort},
    search::{Hit, MatchKind, SearchResults, Searcher},
};

/// Queries to which an index on a cluster and an embedded index must give equal answers.
const COMPARED_QUERIES: &[&str] = &[
    "flying car",
    "\"flying cars\" grew",
    "flying AND school",
    "flying OR school",
    "school NOT color",
    "+port exports",
    "低空经济",
    "\"广州市\"",
    "广州 AND 惠州",
    "简单设备",
    "低空经挤~",
    "低?经济",
    "发*划",
    "39000",
    "3.9万",
    "possib*",
    "/possib(le|ly)/",
    "opned~1",
    "scholls",
    "flying NEAR/2 grew",
    "port NEAR/9 exports",
    "exports SAME port",
    "exports SAME grew",
    "NOT (exports SAME port)",
    "title:innovators",
    "title:review title:markets",
    "heading:quarter",
    "issuer:commerce",
    "issuer:发改委",
    "speaker:director",
    "lang:zh*",
    "id:release-03",
    "id:release-03#1",
    "date:2016..2018",
    "date:..2016 exports",
    "flying^3 school",
    "colour",
    "ecommerce",
    "LAE",
    "low altitude economy",
    "car flying nowhere",
    "*",
    "possible",
    "possibility",
    "\"car port\"~1",
    "exports -title:markets",
    "xyzzy AND plugh",
    "flying AND xyzzy",
    "广州市惠州",
];

/// Returns the hits that contain all words of the query.
fn full_matches(results: &SearchResults) -> impl Iterator<Item = &Hit> {
    results.hits.iter().filter(|hit| hit.matched == MatchKind::All)
}

#[test]
fn answers_equal_the_answers_of_the_embedded_index() {
    let stub = Stub::new();
    let (embedded, remote) = embedded_and_remote_searchers(&stub);
    for text in COMPARED_QUERIES {
        // The search fetches at most a hundred passages and computes all scores and counts locally.
        let query = Query::new(*text).limit(33).facets(Facet::ALL).explain(true);
        let [embedded, remote] =
            [&embedded, &remote].map(|searcher| without_duration(searcher.search(&query).unwrap()));
        // A cluster finds fewer other matches, and does not score whole documents.
        let notes = |results: &SearchResults| {
            let notes = results.notes.iter().filter(|note| note.kind != NoteKind::Other);
            notes.cloned().collect::<Vec<_>>()
        };
        assert_eq!(notes(&remote), notes(&embedded), "{text}");
        assert_eq!(remote.total, embedded.total, "{text}");
        assert_eq!(remote.total_documents, embedded.total_documents, "{text}");
        assert_eq!(remote.facets, embedded.facets, "{text}");
        if embedded.total <= 50 {
            let hits = |results: &SearchResults| {
                let hit =
                    |hit: &Hit| (hit.passage.clone(), hit.snippet.clone(), hit.document.clone());
                full_matches(results).map(hit).collect::<Vec<_>>()
            };
            assert_eq!(hits(&remote), hits(&embedded), "{text}");
        }
    }
}

#[test]
fn scores_equal_the_scores_of_the_embedded_index() {
    let stub = Stub::new();
    let (embedded, remote) = embedded_and_remote_searchers(&stub);
    for text in [
        "flying exports",
        "低空经济",
        "\"flying cars\" grew",
        "school color",
        "3.9万",
        "innovators port",
        "possible",
    ] {
        let query = Query::new(text).limit(100);
        let [embedded, remote] =
            [&embedded, &remote].map(|searcher| searcher.search(&query).unwrap());
        let scores = |results: &SearchResults| {
            let score = |hit: &Hit| (hit.passage.id.clone(), format!("{:.9}", hit.score));
            full_matches(results).map(score).collect::<Vec<_>>()
        };
        assert_eq!(scores(&remote), scores(&embedded), "{text}");
    }
}

#[test]
fn facets_sorting_and_grouping_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (embedded, remote) = embedded_and_remote_searchers(&stub);
    let query = || Query::new("flying").limit(100);
    for query in [
        query().only(Facet::Issuer, ["发改委"]).facets(Facet::ALL),
        query().only(Facet::Year, ["2016", "2017"]).facets([Facet::Year, Facet::Lang]),
        query().sort(Sort::Date),
        query().collapse(Collapse::Document),
        query().collapse(Collapse::Near),
        query().offset(7),
        query().limit(0),
    ] {
        let [embedded, remote] =
            [&embedded, &remote].map(|searcher| without_duration(searcher.search(&query).unwrap()));
        assert_eq!(remote, embedded, "{query:?}");
    }
    let mut cursor = None;
    let mut paged_ids = Vec::new();
    loop {
        let query = Query::new("flying").limit(7);
        let query = cursor.iter().fold(query, |query: Query, cursor: &String| query.cursor(cursor));
        let page = remote.search(&query).unwrap();
        paged_ids.extend(page.hits.into_iter().map(|hit| hit.passage.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let all_ids = embedded.search(&query()).unwrap().hits.into_iter().map(|hit| hit.passage.id);
    assert_eq!(paged_ids, all_ids.collect::<Vec<_>>());
}

#[test]
fn a_search_is_one_request() {
    let stub = Stub::new();
    let (_, remote) = embedded_and_remote_searchers(&stub);
    for (text, max_requests) in [
        ("exports grew", 1),
        ("低空经济 port", 1),
        ("\"flying cars\" -school", 1),
        ("possib*", 2),
        ("opned~1", 2),
        ("possib*", 1),
    ] {
        let earlier_request_count = stub.requests().len();
        remote.search(&Query::new(text)).unwrap();
        let requests = stub.requests().split_off(earlier_request_count);
        assert!(requests.len() <= max_requests, "{text}: {} requests", requests.len());
        assert!(requests.iter().all(|request| request.path == "/news/_msearch"), "{requests:?}");
    }
}

#[test]
fn counts_of_the_cluster_are_cached() {
    let stub = Stub::new();
    let (_, remote) = embedded_and_remote_searchers(&stub);
    let count_searches = |text: &str| {
        let earlier_request_count = stub.requests().len();
        remote.search(&Query::new(text)).unwrap();
        let requests = stub.requests().split_off(earlier_request_count);
        requests.iter().map(|request| request.body.lines().count() / 2).sum::<usize>()
    };
    let first_count = count_searches("exports grew");
    assert!(first_count > 3, "{first_count}");
    // One search finds the full matches, one the other matches.
    assert_eq!(count_searches("exports grew"), 2);
    assert!(count_searches("exports opened") < first_count);
}

#[test]
fn opening_an_index_takes_one_request() {
    let stub = Stub::new();
    embedded_and_remote_searchers(&stub);
    let paths_of_open = || {
        let earlier_request_count = stub.requests().len();
        let address = Address::parse(&format!("{}/news", stub.address)).unwrap();
        assert_eq!(
            Cluster::open(address).unwrap().search(&Query::new("exports")).unwrap().total,
            24
        );
        let requests = stub.requests().split_off(earlier_request_count).into_iter();
        requests.map(|request| request.path).collect::<Vec<_>>()
    };
    assert_eq!(paths_of_open(), ["/news/_doc/state", "/news/_msearch"]);
    // An index without a completed run does not store its format in the state.
    stub.remove("news", wire::STATE_DOCUMENT);
    let state_path = "/news/_doc/state";
    assert_eq!(paths_of_open(), [state_path, "/", state_path, "/news/_mapping", "/news/_msearch"]);
}

#[test]
fn documents_and_passages_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (embedded, remote) = embedded_and_remote_searchers(&stub);
    for id in ["release-00", "release-11", "none"] {
        assert_eq!(remote.document(id).unwrap(), embedded.document(id).unwrap());
        assert_eq!(remote.document_info(id).unwrap(), embedded.document_info(id).unwrap());
        assert_eq!(remote.document_text(id).unwrap(), embedded.document_text(id).unwrap());
        let passage_id = format!("{id}#2");
        assert_eq!(
            remote.passage(&passage_id, 1).unwrap(),
            embedded.passage(&passage_id, 1).unwrap()
        );
    }
    let highlights =
        |searcher: &Searcher| searcher.highlights(&Query::new("car"), "Cars, a car.").unwrap();
    assert_eq!(highlights(&remote), highlights(&embedded));
    // The score of the cluster orders equally similar passages, but the stub computes no scores.
    let similar_results = remote.similar("release-03#1", 5).unwrap().unwrap();
    let similar_documents: std::collections::BTreeSet<_> =
        similar_results.hits.iter().map(|hit| hit.document.id.as_str()).collect();
    assert_eq!((similar_documents.len(), similar_documents.contains("release-03")), (5, false));
}
