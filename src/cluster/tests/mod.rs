//! Tests against a stub of a cluster: requests, responses, and equality of answers with an embedded index.

mod answers;
mod copy;
mod failures;
mod stub;
mod stub_query;
mod writing;

use self::stub::Stub;
use super::{Address, Cluster, Layout};
use crate::{
    document::Document,
    index::{Index, IndexStats},
    search::{SearchResults, Searcher},
};

/// Connects to the index `news` of a stub.
fn connect(stub: &Stub) -> Cluster {
    Cluster::connect(Address::parse(&format!("{}/news", stub.address)).unwrap()).unwrap()
}

/// Adds `documents`, removes the documents with the ids in `removed`, and commits.
fn write_documents(cluster: &Cluster, documents: &[(&str, &str)], removed: &[&str]) -> IndexStats {
    let writer = cluster.writer(false, Layout::default(), None).unwrap();
    for (id, text) in documents {
        writer.add(&Document::new(*id, *text)).unwrap();
    }
    for id in removed {
        writer.remove(id).unwrap();
    }
    writer.commit().unwrap()
}

/// Returns releases in English and Chinese, with titles, headings, dates, issuers and definitions.
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
            Some(format!("Review of {} {number}", if even { "markets" } else { "innovators" }));
        release.date = format!("{}-{month:02}-01", 2015 + number / 2).parse().ok();
        release.issuer = Some(if even { "Bureau of Commerce" } else { "发改委" }.to_owned());
        release.lang = if even { "en" } else { "zh-Hans" }.to_owned();
        releases.push(release);
    }
    releases
}

/// Indexes the releases in memory and on a cluster. Returns the searchers of both indexes.
fn embedded_and_remote_searchers(stub: &Stub) -> (Searcher, Searcher) {
    let (embedded, remote) = (Index::in_memory(), connect(stub));
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

/// Returns the results with the duration of the search set to zero.
fn without_duration(mut results: SearchResults) -> SearchResults {
    results.elapsed = std::time::Duration::ZERO;
    results
}
