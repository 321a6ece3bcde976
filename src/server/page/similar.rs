//! A passage → a page of what resembles it in other releases.

use maud::html;

use super::{
    address::Address,
    frame::Frame,
    hit::{self, Around},
    preferences::Preferences,
    shown,
};
use crate::{
    render::title_or_id,
    search::Searcher,
    server::{
        api::{passages::unknown, similar::similar},
        api_error::Failure,
    },
};

/// So many releases are on a page.
const HITS: usize = 10;

pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    found_in: &Address,
    preferences: &Preferences,
) -> Result<String, Failure> {
    let words = preferences.words;
    let (document, passages) = searcher.passage(id, 0)?.ok_or_else(|| unknown(id))?;
    let results = similar(searcher, id, HITS)?;
    let around = Around::of(searcher, &results, None)?;
    let main = html! {
        nav.release-bar { a #back href=(found_in.href()) { "← " (words.back) } }
        h1.similar { (words.similar_to) }
        @for passage in &passages {
            blockquote.quoted lang=(document.lang) {
                p { (shown(&passage.text)) }
                footer { a href=(found_in.release(&document.id, passage)) { (shown(title_or_id(&document))) } }
            }
        }
        section #results tabindex="-1" aria-label=(words.results) {
            @for (hit, around) in results.hits.iter().zip(&around) {
                (hit::article(hit, around, found_in, words))
            }
            @if results.hits.is_empty() { p.nothing { (words.nothing_similar) } }
        }
    };
    Ok(Frame { preferences, title: words.similar_to, address: found_in }.around(&main))
}
