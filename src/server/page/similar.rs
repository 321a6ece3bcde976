//! Page of the passages in other releases that are similar to a passage.

use maud::html;

use super::{
    address::Address,
    frame::Frame,
    hit::{self, HitContext},
    markup,
    preferences::Preferences,
};
use crate::{render::title_or_id, search::Searcher, server::api_error::ApiError};

/// Maximum number of hits. Each release contributes at most one.
const MAX_HITS: usize = 10;

/// Returns the page of similar passages. `results` is the address of the results page that the reader came from.
pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    results: &Address,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let unknown = || ApiError::unknown_passage(id);
    let (document, passages) = searcher.passage(id, 0)?.ok_or_else(unknown)?;
    let similar = searcher.similar(id, MAX_HITS)?.ok_or_else(unknown)?;
    let contexts = HitContext::load(searcher, &similar, None)?;
    let main = html! {
        nav.release-bar { a #back href=(results.href()) { "← " (messages.back_to_results) } }
        h1.similar { (messages.similar_to) }
        @for passage in &passages {
            blockquote.quoted lang=(document.lang) {
                p { (markup::text(&passage.text)) }
                footer {
                    a href=(results.passage_href(&document.id, passage)) { (markup::text(title_or_id(&document))) }
                }
            }
        }
        section #results tabindex="-1" aria-label=(messages.results) {
            @for (hit, context) in similar.hits.iter().zip(&contexts) {
                (hit::article(hit, context, results, messages))
            }
            @if similar.hits.is_empty() { p.no-results { (messages.nothing_similar) } }
        }
    };
    Ok(Frame { preferences, title: messages.similar_to, address: results }.page(&main))
}
