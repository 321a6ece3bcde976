//! Tests of rejected requests, lost hosts, untrusted certificates and missing shards.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;

use super::{connect, embedded_and_remote_searchers, releases, stub::Stub, write_documents};
use crate::{
    cluster::{Address, Cluster, Layout},
    error::{ClusterFailure, Error},
    query::Query,
};

#[test]
fn certificates_must_be_trusted() {
    let stub = Stub::with_tls();
    let certificate_file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cluster/tests/tls/authority.pem");
    let address = Address::parse(&format!("{}/news", stub.address)).unwrap();
    let remote = Cluster::connect(address.clone().certificate_file(&certificate_file)).unwrap();
    assert_eq!(write_documents(&remote, &[("a", "Exports grew.")], &[]).documents, 1);
    assert_eq!(remote.searcher().unwrap().search(&Query::new("exports")).unwrap().total, 1);

    let start_time = std::time::Instant::now();
    let error = Cluster::connect(address.clone()).unwrap_err().to_string();
    assert!(error.contains("has no trusted certificate"), "{error}");
    // The certificate is not valid for `localhost`. The client does not retry after this error.
    let localhost_address =
        Address::parse(&stub.address.replace("127.0.0.1", "localhost")).unwrap();
    let error = Cluster::connect(localhost_address.certificate_file(&certificate_file))
        .unwrap_err()
        .to_string();
    assert!(error.contains("has no trusted certificate"), "{error}");
    assert!(start_time.elapsed() < std::time::Duration::from_secs(20));

    let plain_listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain_host = plain_listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = plain_listener.accept().unwrap();
        std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let plain_address = Address::parse(&format!("https://{plain_host}"))
        .unwrap()
        .certificate_file(&certificate_file);
    let error = Cluster::connect(plain_address).unwrap_err().to_string();
    assert!(error.contains("is it http://?"), "{error}");
    for (file, expected) in [("none.pem", "none.pem"), ("mod.rs", "contains no certificate")] {
        let file = certificate_file.with_file_name("..").join(file);
        let error =
            Cluster::connect(address.clone().certificate_file(&file)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn busy_clusters_are_retried_and_lost_hosts_are_skipped() {
    let refusals = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&refusals);
    let busy_stub = Stub::with_response_override(move |request, number| {
        let is_refused = request.path.ends_with("_bulk") && number % 2 == 0;
        is_refused.then(|| {
            counter.fetch_add(1, Ordering::Relaxed);
            (429, json!({"error": {"reason": "rejected"}}))
        })
    });
    // No service listens at the first host.
    let unreachable_host =
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address =
        Address::parse(&format!("http://{unreachable_host},{}/news", busy_stub.address)).unwrap();
    let remote = Cluster::connect(address).unwrap();
    let writer = remote.writer(false, Layout::default(), None).unwrap();
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
        (403, "denies this request: no permissions"),
        (301, "redirects to another address"),
        (400, "refuses (status 400): no permissions"),
    ] {
        let stub = Stub::with_response_override(move |_, _| {
            Some((status, json!({"error": {"reason": "no permissions"}})))
        });
        let address = Address::parse(&stub.address).unwrap().user("me", "secret");
        let error = Cluster::connect(address).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("secret"), "{error}");
        let authorization = stub.requests()[0].headers["authorization"].clone();
        assert_eq!(authorization, "Basic bWU6c2VjcmV0");
    }
    let missing_index = connect(&Stub::new()).searcher().unwrap_err();
    assert!(missing_index.to_string().contains("has no index news"), "{missing_index}");
    let Error::Cluster { failure: ClusterFailure::NoIndex { address }, .. } = &missing_index else {
        panic!("{missing_index:?}");
    };
    assert!(address.ends_with("/news"), "{address}");
    let other_format_stub =
        Stub::with_response_override(|request, _| match request.path.as_str() {
            "/news/_mapping" => Some((200, json!({"x": {"mappings": {"_meta": {"format": 0}}}}))),
            "/news/_doc/state" => Some((404, json!({"found": false}))),
            _ => None,
        });
    let error = connect(&other_format_stub).searcher().unwrap_err();
    assert!(error.to_string().contains("another kind (format 0, analyzer none)"), "{error}");
    let is_incompatible =
        matches!(error, Error::Cluster { failure: ClusterFailure::Incompatible, .. });
    assert!(is_incompatible, "{error:?}");
    let old_stub =
        Stub::with_response_override(|_, _| Some((200, json!({"version": {"number": "6.8.0"}}))));
    let error =
        Cluster::connect(Address::parse(&old_stub.address).unwrap()).unwrap_err().to_string();
    assert!(error.contains("6.8.0"), "{error}");
}

#[test]
fn missing_shards_are_reported() {
    let stub = Stub::new();
    let (_, remote) = embedded_and_remote_searchers(&stub);
    drop(remote);
    let broken_stub = Stub::with_response_override(|request, _| {
        let reply_count = request.body.lines().count() / 2;
        let reply = json!({
            "_shards": {"total": 3, "successful": 2},
            "hits": {"total": {"value": 1}, "hits": []},
            "aggregations": {"chosen": {"doc_count": 1, "documents": {"value": 1}}, "positions": {"value": 9}},
        });
        let is_search = request.path.ends_with("_msearch") && request.body.contains("dfs_query");
        is_search.then(|| (200, json!({"responses": vec![reply; reply_count]})))
    });
    connect(&broken_stub).writer(false, Layout::default(), None).unwrap().commit().unwrap();
    let results = connect(&broken_stub).searcher().unwrap().search(&Query::new("exports")).unwrap();
    assert!(
        results
            .notes
            .iter()
            .any(|note| note.message.contains("1 of 3 parts of the index did not answer")),
        "{results:?}"
    );
}
