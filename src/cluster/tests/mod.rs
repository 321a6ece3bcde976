//! Tests of requests and responses against a stub of a cluster, and comparison of its answers with an embedded index.

mod copy;
mod stub;
mod stub_query;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde_json::json;

use self::stub::Stub;
use super::*;
use crate::{
    document::Document,
    error::ClusterFailure,
    index::{Index, Progress, UpdateOptions, update},
    query::{Collapse, Facet, Query, Sort},
    search::SearchResults,
};

fn cluster(stub: &Stub) -> Cluster {
    Cluster::connect(Address::parse(&format!("{}/news", stub.address)).unwrap()).unwrap()
}

/// Adds `documents`, removes the documents `removed`, and commits.
fn write(cluster: &Cluster, documents: &[(&str, &str)], removed: &[&str]) -> IndexStats {
    let writer = cluster.writer(false, Layout::default(), None).unwrap();
    for (id, text) in documents {
        writer.add(&Document::new(*id, *text)).unwrap();
    }
    for id in removed {
        writer.remove(id).unwrap();
    }
    writer.commit().unwrap()
}

/// Returns releases in both languages, with titles, headings, dates, issuers and definitions.
fn releases() -> Vec<Document> {
    let mut releases = Vec::new();
    for number in 0..24 {
        let (month, even) = (number % 12 + 1, number % 2 == 0);
        let text = format!(
            "Results of quarter {number}\n\nExports of flying cars grew by {number},000 units. The city opened a flying-car port.\n\n\
             Low-altitude economy ({}) policy was published, the bureau's director said. It replaces e-commerce rules.\n\n\
             低空经济发展规划{number}号发布，广州市、惠州市将安装简单设备。投资3.9万元。\n\n\
             Schools opened the color centre; possibly the possibility of {} remains.\n",
            if even { "LAE" } else { "LAX" },
            if even { "markets" } else { "innovation" },
        );
        let mut release = Document::new(format!("release-{number:02}"), text);
        release.title =
            Some(format!("Flying {} of {number}", if even { "markets" } else { "innovators" }));
        release.date = format!("{}-{month:02}-01", 2015 + number / 2).parse().ok();
        release.issuer = Some(if even { "Bureau of Commerce" } else { "发改委" }.to_owned());
        release.lang = if even { "en" } else { "zh-Hans" }.to_owned();
        releases.push(release);
    }
    releases
}

/// Indexes the releases in memory and on a cluster. Returns a searcher of each.
fn embedded_and_remote(stub: &Stub) -> (Searcher, Searcher) {
    let (embedded, remote) = (Index::in_memory(), cluster(stub));
    for writer in
        [embedded.writer().unwrap(), remote.writer(false, Layout::default(), None).unwrap()]
    {
        for release in releases() {
            writer.add(&release).unwrap();
        }
        let stats = writer.commit().unwrap();
        assert_eq!((stats.documents, stats.passages), (24, 24 * 5));
    }
    (embedded.searcher().unwrap(), remote.searcher().unwrap())
}

/// Returns the results without the duration of the search.
fn comparable(mut results: SearchResults) -> SearchResults {
    results.elapsed = std::time::Duration::ZERO;
    results
}

const QUERIES: &[&str] = &[
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
    "title:flying title:markets",
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

#[test]
fn answers_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (here, there) = embedded_and_remote(&stub);
    for text in QUERIES {
        // Up to a hundred passages are fetched, and then everything is computed locally.
        let query = Query::new(*text).limit(33).facets(Facet::ALL).explain(true);
        let [here, there] = [&here, &there].map(|one| comparable(one.search(&query).unwrap()));
        assert_eq!(there.notes, here.notes, "{text}");
        assert_eq!(there.total, here.total, "{text}");
        assert_eq!(there.total_documents, here.total_documents, "{text}");
        assert_eq!(there.facets, here.facets, "{text}");
        if here.total <= 50 {
            let hits = |results: &SearchResults| {
                let hit = |hit: &crate::Hit| {
                    (hit.passage.clone(), hit.snippet.clone(), hit.document.clone())
                };
                results.hits.iter().map(hit).collect::<Vec<_>>()
            };
            assert_eq!(hits(&there), hits(&here), "{text}");
        }
    }
}

#[test]
fn scores_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (here, there) = embedded_and_remote(&stub);
    for text in [
        "flying markets",
        "低空经济",
        "\"flying cars\" grew",
        "school color",
        "3.9万",
        "innovators port",
        "possible",
    ] {
        let query = Query::new(text).limit(100);
        let [here, there] = [&here, &there].map(|one| one.search(&query).unwrap());
        let scores = |results: &SearchResults| {
            let score = |hit: &crate::Hit| (hit.passage.id.clone(), format!("{:.9}", hit.score));
            results.hits.iter().map(score).collect::<Vec<_>>()
        };
        assert_eq!(scores(&there), scores(&here), "{text}");
    }
}

#[test]
fn facets_sorting_and_grouping_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (here, there) = embedded_and_remote(&stub);
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
        let [here, there] = [&here, &there].map(|one| comparable(one.search(&query).unwrap()));
        assert_eq!(there, here, "{query:?}");
    }
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        let query = Query::new("flying").limit(7);
        let query = cursor.iter().fold(query, |query: Query, cursor: &String| query.cursor(cursor));
        let page = there.search(&query).unwrap();
        pages.extend(page.hits.into_iter().map(|hit| hit.passage.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let whole = here.search(&query()).unwrap().hits.into_iter().map(|hit| hit.passage.id);
    assert_eq!(pages, whole.collect::<Vec<_>>());
}

#[test]
fn a_search_is_one_request() {
    let stub = Stub::new();
    let (_, there) = embedded_and_remote(&stub);
    for (text, most) in [
        ("exports grew", 1),
        ("低空经济 port", 1),
        ("\"flying cars\" -school", 1),
        ("possib*", 2),
        ("opned~1", 2),
        ("possib*", 1),
    ] {
        let before = stub.requests().len();
        there.search(&Query::new(text)).unwrap();
        let asked = stub.requests().split_off(before);
        assert!(asked.len() <= most, "{text}: {} requests", asked.len());
        assert!(asked.iter().all(|asked| asked.path == "/news/_msearch"), "{asked:?}");
    }
}

#[test]
fn counts_are_cached() {
    let stub = Stub::new();
    let (_, there) = embedded_and_remote(&stub);
    let searches = |text: &str| {
        let before = stub.requests().len();
        there.search(&Query::new(text)).unwrap();
        let asked = stub.requests().split_off(before);
        asked.iter().map(|asked| asked.body.lines().count() / 2).sum::<usize>()
    };
    let first = searches("exports grew");
    assert!(first > 3, "{first}");
    assert_eq!(searches("exports grew"), 1);
    assert!(searches("exports opened") < first);
}

#[test]
fn certificates_must_be_trusted() {
    let stub = Stub::secure();
    let authority =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cluster/tests/tls/authority.pem");
    let address = Address::parse(&format!("{}/news", stub.address)).unwrap();
    let there = Cluster::connect(address.clone().authority(&authority)).unwrap();
    assert_eq!(write(&there, &[("a", "Exports grew.")], &[]).documents, 1);
    assert_eq!(there.searcher().unwrap().search(&Query::new("exports")).unwrap().total, 1);

    let started = std::time::Instant::now();
    let error = Cluster::connect(address.clone()).unwrap_err().to_string();
    assert!(error.contains("has no trusted certificate"), "{error}");
    // The certificate is not valid for another name, and retries are skipped.
    let renamed = Address::parse(&stub.address.replace("127.0.0.1", "localhost")).unwrap();
    let error = Cluster::connect(renamed.authority(&authority)).unwrap_err().to_string();
    assert!(error.contains("has no trusted certificate"), "{error}");
    assert!(started.elapsed() < std::time::Duration::from_secs(20));

    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = plain.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let plain = Address::parse(&format!("https://{host}")).unwrap().authority(&authority);
    let error = Cluster::connect(plain).unwrap_err().to_string();
    assert!(error.contains("is it http://?"), "{error}");
    for (file, expected) in [("none.pem", "none.pem"), ("mod.rs", "contains no certificate")] {
        let file = authority.with_file_name("..").join(file);
        let error = Cluster::connect(address.clone().authority(&file)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn opening_an_index_takes_one_request() {
    let stub = Stub::new();
    embedded_and_remote(&stub);
    let opened = || {
        let before = stub.requests().len();
        let address = Address::parse(&format!("{}/news", stub.address)).unwrap();
        assert_eq!(
            Cluster::open(address).unwrap().search(&Query::new("exports")).unwrap().total,
            24
        );
        let asked = stub.requests().split_off(before).into_iter();
        asked.map(|asked| asked.path).collect::<Vec<_>>()
    };
    assert_eq!(opened(), ["/news/_doc/state", "/news/_msearch"]);
    // An index without a completed run does not store its format in the state.
    stub.remove("news", wire::STATE);
    let state = "/news/_doc/state";
    assert_eq!(opened(), [state, "/", state, "/news/_mapping", "/news/_msearch"]);
}

#[test]
fn documents_and_passages_equal_those_of_the_embedded_index() {
    let stub = Stub::new();
    let (here, there) = embedded_and_remote(&stub);
    for id in ["release-00", "release-11", "none"] {
        assert_eq!(there.document(id).unwrap(), here.document(id).unwrap());
        assert_eq!(there.document_info(id).unwrap(), here.document_info(id).unwrap());
        assert_eq!(there.document_text(id).unwrap(), here.document_text(id).unwrap());
        let passage = format!("{id}#2");
        assert_eq!(there.passage(&passage, 1).unwrap(), here.passage(&passage, 1).unwrap());
    }
    let highlights =
        |searcher: &Searcher| searcher.highlights(&Query::new("car"), "Cars, a car.").unwrap();
    assert_eq!(highlights(&there), highlights(&here));
    // Among equally similar passages the score of the cluster decides, and the stub has no scores.
    let similar = there.similar("release-03#1", 5).unwrap().unwrap();
    let documents: std::collections::BTreeSet<_> =
        similar.hits.iter().map(|hit| hit.document.id.as_str()).collect();
    assert_eq!((documents.len(), documents.contains("release-03")), (5, false));
}

#[test]
fn documents_are_replaced_and_removed() {
    let stub = Stub::new();
    let there = cluster(&stub);
    let write = |documents: &[(&str, &str)], removed: &[&str]| write(&there, documents, removed);
    let stats = write(&[("a", "One.\n\nTwo.\n\nThree.\n"), ("b", "Four.\n")], &[]);
    assert_eq!((stats.documents, stats.passages), (2, 4));
    let version = there.version().unwrap();
    let stats = write(&[("a", "Five.\n")], &["b"]);
    assert_eq!((stats.documents, stats.passages), (1, 1));
    assert_ne!(there.version().unwrap(), version);
    let found = there.searcher().unwrap().search(&Query::new("*")).unwrap();
    assert_eq!(
        found.hits.iter().map(|hit| hit.passage.text.as_str()).collect::<Vec<_>>(),
        ["Five."]
    );
}

#[test]
fn a_rebuild_replaces_the_index_at_the_commit() {
    let stub = Stub::new();
    let there = cluster(&stub);
    for (text, rebuild) in [("Old.", false), ("New.", true)] {
        let writer = there.writer(rebuild, Layout::default(), None).unwrap();
        writer.add(&Document::new("a", text)).unwrap();
        let old_matches = || there.searcher().unwrap().search(&Query::new("old")).unwrap().total;
        assert_eq!(old_matches(), u64::from(rebuild));
        writer.commit().unwrap();
    }
    let searcher = there.searcher().unwrap();
    assert_eq!(searcher.search(&Query::new("new")).unwrap().total, 1);
    assert_eq!(searcher.search(&Query::new("old")).unwrap().total, 0);
    assert!(stub.requests().iter().any(|asked| asked.path == "/_aliases"));
}

/// Stops an update after this number of files.
struct StopAfter(AtomicUsize);

impl Progress for StopAfter {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) == 0
    }
}

#[test]
fn an_interrupted_run_can_be_continued() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..12 {
        let text = format!("Release {number}.\n\nExports grew by {number} %.\n");
        std::fs::write(folder.path().join(format!("{number}.txt")), text).unwrap();
    }
    let roots = [PathBuf::from(folder.path())];
    let options = UpdateOptions::default();
    let uninterrupted = Stub::new();
    let mut writer = cluster(&uninterrupted).writer(false, Layout::default(), None).unwrap();
    update(&mut writer, &roots, &options, &AtomicBool::new(false)).unwrap();
    writer.commit().unwrap();
    let interrupted = Stub::new();
    for files in [3, 0, 5, 100] {
        let mut writer = cluster(&interrupted).writer(false, Layout::default(), None).unwrap();
        update(&mut writer, &roots, &options, &StopAfter(AtomicUsize::new(files))).unwrap();
        // A killed run commits nothing, but the entries that it sent remain.
        if files != 5 {
            writer.commit().unwrap();
        }
    }
    let mut expected = uninterrupted.documents("news");
    let mut actual = interrupted.documents("news");
    for documents in [&mut expected, &mut actual] {
        documents.remove(wire::STATE);
    }
    assert_eq!(actual, expected);
}

#[test]
fn busy_clusters_are_retried_and_lost_hosts_are_skipped() {
    let refusals = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&refusals);
    let busy = Stub::scripted(move |asked, number| {
        let refused = asked.path.ends_with("_bulk") && number % 2 == 0;
        refused.then(|| {
            counter.fetch_add(1, Ordering::Relaxed);
            (429, json!({"error": {"reason": "rejected"}}))
        })
    });
    // No service listens at the first host.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = Address::parse(&format!("http://{gone},{}/news", busy.address)).unwrap();
    let there = Cluster::connect(address).unwrap();
    let writer = there.writer(false, Layout::default(), None).unwrap();
    for release in releases() {
        writer.add(&release).unwrap();
    }
    assert_eq!(writer.commit().unwrap().documents, 24);
    assert!(refusals.load(Ordering::Relaxed) > 0);
}

#[test]
fn refusals_name_their_reason_but_no_password() {
    for (status, expected) in [
        (401, "needs a user and a password"),
        (403, "does not allow this: no permissions"),
        (301, "redirects to another address"),
        (400, "refuses (status 400): no permissions"),
    ] {
        let stub = Stub::scripted(move |_, _| {
            Some((status, json!({"error": {"reason": "no permissions"}})))
        });
        let address = Address::parse(&stub.address).unwrap().user("me", "secret");
        let error = Cluster::connect(address).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("secret"), "{error}");
        let header = stub.requests()[0].headers["authorization"].clone();
        assert_eq!(header, "Basic bWU6c2VjcmV0");
    }
    let missing = cluster(&Stub::new()).searcher().unwrap_err();
    assert!(missing.to_string().contains("has no index news"), "{missing}");
    let Error::Cluster { failure: ClusterFailure::NoIndex { address }, .. } = &missing else {
        panic!("{missing:?}");
    };
    assert!(address.ends_with("/news"), "{address}");
    let other = Stub::scripted(|asked, _| match asked.path.as_str() {
        "/news/_mapping" => Some((200, json!({"x": {"mappings": {"_meta": {"format": 0}}}}))),
        "/news/_doc/state" => Some((404, json!({"found": false}))),
        _ => None,
    });
    let error = cluster(&other).searcher().unwrap_err();
    assert!(error.to_string().contains("another kind (format 0, analyzer none)"), "{error}");
    let incompatible =
        matches!(error, Error::Cluster { failure: ClusterFailure::Incompatible, .. });
    assert!(incompatible, "{error:?}");
    let old = Stub::scripted(|_, _| Some((200, json!({"version": {"number": "6.8.0"}}))));
    let error = Cluster::connect(Address::parse(&old.address).unwrap()).unwrap_err().to_string();
    assert!(error.contains("6.8.0"), "{error}");
}

#[test]
fn missing_shards_are_reported() {
    let stub = Stub::new();
    let (_, there) = embedded_and_remote(&stub);
    drop(there);
    let broken = Stub::scripted(|asked, _| {
        let replies = asked.body.lines().count() / 2;
        let reply = json!({
            "_shards": {"total": 3, "successful": 2},
            "hits": {"total": {"value": 1}, "hits": []},
            "aggregations": {"chosen": {"doc_count": 1, "documents": {"value": 1}}, "positions": {"value": 9}},
        });
        let seeks = asked.path.ends_with("_msearch") && asked.body.contains("dfs_query");
        seeks.then(|| (200, json!({"responses": vec![reply; replies]})))
    });
    cluster(&broken).writer(false, Layout::default(), None).unwrap().commit().unwrap();
    let results = cluster(&broken).searcher().unwrap().search(&Query::new("exports")).unwrap();
    assert!(
        results
            .notes
            .iter()
            .any(|note| note.message.contains("1 of 3 parts of the index did not answer")),
        "{results:?}"
    );
}
