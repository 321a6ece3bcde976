//! Page of the passages in other releases that are similar to a passage.

use maud::html;

use super::{address::ResultsAddress, frame::Frame, hit, markup, preferences::Preferences};
use crate::{search::Searcher, server::api_error::ApiError};

/// Maximum number of hits. Each release contributes at most one hit.
const MAX_SIMILAR_HITS: usize = 10;

/// Returns the page of similar passages. `results_address` is the address of the results page that the reader came
/// from.
pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    results_address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let unknown_passage = || ApiError::unknown_passage(id);
    let (document, passages) = searcher.passage(id, 0)?.ok_or_else(unknown_passage)?;
    let similar_results = searcher.similar(id, MAX_SIMILAR_HITS)?.ok_or_else(unknown_passage)?;
    if similar_results.cut {
        searcher.check_deadline()?;
    }
    let hits = hit::hit_cards(searcher, &similar_results, results_address, messages)?;
    let main = html! {
        nav.release-bar { a #back href=(results_address.href()) { "← " (messages.release.back_to_results) } }
        h1.similar { (messages.results.similar_passages_title) }
        @for passage in &passages {
            blockquote.quoted lang=(document.lang) {
                p { (markup::escaped_text(&passage.text)) }
                footer {
                    a href=(results_address.passage_href(&document.id, passage)) { (markup::escaped_text(&markup::release_title(&document))) }
                }
            }
        }
        section #results tabindex="-1" aria-label=(messages.results.results) {
            (hits)
            @if similar_results.hits.is_empty() { p.no-results { (messages.results.no_similar_passage) } }
        }
    };
    Ok(Frame {
        preferences,
        title: messages.results.similar_passages_title,
        address: results_address,
    }
    .page(&main))
}
