//! Results → JSON, one object; or JSON Lines, one hit a line.

use serde_json::{Value, json as object};

use super::html;
use crate::search::{Hit, SearchResults};

/// One object with the page and all that is known of it.
pub fn json(results: &SearchResults) -> String {
    let hits: Vec<Value> = results.hits.iter().map(hit).collect();
    object!({
        "query": results.query,
        "notes": results.notes,
        "total": results.total,
        "total_exact": true,
        "total_documents": results.total_documents,
        "elapsed_ms": (results.elapsed.as_secs_f64() * 1e6).round() / 1e3,
        "offset_encoding": "utf-8",
        "hits": hits,
        "next": results.next,
    })
    .to_string()
}

/// One line for each hit of the page.
pub fn json_lines(results: &SearchResults) -> String {
    results.hits.iter().flat_map(|found| [hit(found).to_string(), "\n".to_owned()]).collect()
}

fn hit(hit: &Hit) -> Value {
    let Hit { rank, score, collapsed, document, passage, snippet } = hit;
    let texts: Vec<&str> =
        snippet.fragments.iter().map(|fragment| fragment.text.as_str()).collect();
    let htmls: Vec<String> = snippet.fragments.iter().map(html::fragment).collect();
    let fragments: Vec<Value> = snippet
        .fragments
        .iter()
        .map(|fragment| object!({"text": fragment.text, "span": fragment.span, "highlights": fragment.highlights}))
        .collect();
    object!({
        "rank": rank,
        "score": score,
        "collapsed": collapsed,
        "document": {
            "id": document.id,
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "issuer": document.issuer,
            "lang": document.lang,
            "url": document.url,
            "inferred": document.inferred,
        },
        "passage": {
            "id": passage.id,
            "ordinal": passage.ordinal,
            "hash": passage.hash,
            "headings": passage.headings,
            "issuer": passage.issuer,
            "speaker": passage.speaker,
            "span": passage.span,
            "text": passage.text,
        },
        "snippet": {
            "text": texts.join(" … "),
            "html": htmls.join(" … "),
            "fragments": fragments,
            "title": snippet.title,
            "headings": snippet.headings,
        },
    })
}
