//! Page of the passages in other releases that are similar to a passage.

use maud::html;

use super::{
    address::ResultsAddress,
    frame::Frame,
    hit::{self, HitContext},
    markup,
    preferences::Preferences,
};
use crate::{render::title_or_id, search::Searcher, server::api_error::ApiError};

/// Maximum number of hits. Each release contributes at most one hit.
const MAX_HITS: usize = 10;

/// Returns the page of similar passages. `results` is the address of the results page that the reader came from.
pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    results: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let unknown_passage = || ApiError::unknown_passage(id);
    let (document, passages) = searcher.passage(id, 0)?.ok_or_else(unknown_passage)?;
    let similar_results = searcher.similar(id, MAX_HITS)?.ok_or_else(unknown_passage)?;
    if similar_results.cut {
        searcher.check_deadline()?;
    }
    let contexts = HitContext::load(searcher, &similar_results, None)?;
    let main = html! {
        nav.release-bar { a #back href=(results.href()) { "← " (messages.back_to_results) } }
        h1.similar { (messages.similar_to) }
        @for passage in &passages {
            blockquote.quoted lang=(document.lang) {
                p { (markup::escaped_text(&passage.text)) }
                footer {
                    a href=(results.passage_href(&document.id, passage)) { (markup::escaped_text(title_or_id(&document))) }
                }
            }
        }
        section #results tabindex="-1" aria-label=(messages.results) {
            (hit::articles(&similar_results, &contexts, results, messages))
            @if similar_results.hits.is_empty() { p.no-results { (messages.nothing_similar) } }
        }
    };
    Ok(Frame { preferences, title: messages.similar_to, address: results }.page(&main))
}
