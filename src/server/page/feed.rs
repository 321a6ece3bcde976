//! Atom feed of a query (RFC 4287): the newest releases that the query finds, each with the passage that matches.

use axum::http::{HeaderMap, header};
use quick_xml::escape::escape;

use super::{
    address::ResultsAddress,
    markup::{self, anchor},
    messages::Messages,
};
use crate::{
    query::{Collapse, Sort},
    render::passage_issuer,
    search::{Hit, Searcher},
    server::{api_error::ApiError, extract::search_runner},
};

/// Maximum number of releases in a feed.
const MAX_FEED_ENTRIES: usize = 50;
/// Date that the feed states for a release without a date, and for the feed itself if no release has a date.
const PLACEHOLDER_DATE: &str = "1970-01-01";

/// Returns the scheme and host with which the client addressed the service. The scheme is that of the header
/// `X-Forwarded-Proto`, which a proxy that ends TLS sets.
pub(super) fn request_origin(headers: &HeaderMap) -> String {
    let header_text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header_text(header::HOST.as_str()).unwrap_or("localhost");
    let scheme = if header_text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{host}/")
}

/// Returns the feed of the query at `address`.
pub(super) fn feed(
    searcher: &Searcher,
    address: &ResultsAddress,
    origin: &str,
    messages: &Messages,
) -> Result<String, ApiError> {
    let address = ResultsAddress { page: None, prefix: None, ..address.clone() };
    let query = address.query()?.sort(Sort::Date).collapse(Collapse::Document).group_size(1);
    let results = search_runner::search(searcher, &query.limit(MAX_FEED_ENTRIES))?;
    let full_match_count = (results.total_documents as usize).min(results.hits.len());
    let hits = results.hits.get(..full_match_count).unwrap_or_default();
    let title =
        if address.lists_releases() { messages.start.latest_releases } else { address.q.trim() };
    let updated = hits.iter().filter_map(|hit| hit.document.date).max();
    let updated = updated.map_or_else(|| PLACEHOLDER_DATE.to_owned(), |date| date.to_string());
    let link =
        |path: &str| escape(format!("{origin}{}", path.trim_start_matches("./"))).into_owned();
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title>{} – gz-search</title>\n<id>{}</id>\n<updated>{updated}T00:00:00Z</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link href=\"{}\"/>\n",
        messages.lang,
        xml_text(title),
        link(&address.href_with_parameters("feed", &[])),
        link(&address.href_with_parameters("feed", &[])),
        link(&address.href()),
    );
    for hit in hits {
        feed.push_str(&feed_entry(hit, &link));
    }
    feed.push_str("</feed>\n");
    Ok(feed)
}

fn feed_entry(hit: &Hit, link: &dyn Fn(&str) -> String) -> String {
    let Hit { document, passage, .. } = hit;
    let release = ResultsAddress::default().release_href(&document.id);
    let date = document.date.map_or_else(|| PLACEHOLDER_DATE.to_owned(), |date| date.to_string());
    let author = passage_issuer(document, passage).unwrap_or("–");
    format!(
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}\"/>\n<updated>{date}T00:00:00Z</updated>\n\
         <author><name>{}</name></author>\n<summary>{}</summary>\n</entry>\n",
        xml_text(&markup::release_title(document)),
        link(&release),
        link(&format!("{release}#{}", anchor(passage))),
        xml_text(author),
        xml_text(&passage.text),
    )
}

/// Escapes a text for XML, and leaves out the control characters that XML does not allow.
fn xml_text(text: &str) -> String {
    let allowed: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    escape(allowed).into_owned()
}
