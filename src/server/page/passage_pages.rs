//! Small pages about one passage or one release: citations, the paragraphs around a passage, all matches of a release.
//!
//! With scripts, the content of the element with the id `unfold` appears in the card of the result that links to the
//! page.

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    citation,
    frame::Frame,
    hit,
    markup::{self, anchor},
    messages::Messages,
    preferences::Preferences,
};
use crate::{
    query::{Clause, Collapse, Field, Query},
    search::{DocumentInfo, PassageInfo, Searcher, is_id_of_text},
    server::{api_error::ApiError, extract::search_runner},
};

/// Number of passages that the context page shows on each side of the passage.
const NEIGHBOUR_COUNT: usize = 2;
/// Maximum width of a passage that the results show as a whole, in columns. A wide character, such as a Han character,
/// takes two.
const MAX_WHOLE_PASSAGE_COLUMNS: usize = 320;
/// Maximum number of passages on the page of all matches of a release.
const MAX_LISTED_MATCHES: usize = 200;

/// Returns the page with the citations of a passage.
pub(super) fn citation_page(
    searcher: &Searcher,
    id: &str,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let (document, passages) = passage_with_neighbours(searcher, id, 0)?;
    let content = html! {
        @for passage in &passages { (citation::citations_in_all_styles(&document, passage, messages)) }
    };
    Ok(page(messages.results.cite_link, &document, &content, address, preferences))
}

/// Returns the page with the paragraphs before and after a passage. Does not repeat the passage if the results show it
/// as a whole.
pub(super) fn context_page(
    searcher: &Searcher,
    id: &str,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let (document, passages) = passage_with_neighbours(searcher, id, NEIGHBOUR_COUNT)?;
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let spans = if address.lists_releases() {
        vec![Vec::new(); texts.len()]
    } else {
        searcher.highlights_of_all(&Query::new(&address.q), &texts)?
    };
    let content = html! {
        div.context lang=(document.lang) {
            @for (passage, spans) in passages.iter().zip(&spans) {
                @if passage.id != id {
                    p { (markup::highlighted_text(&passage.text, spans)) }
                } @else if text_width(&passage.text) > MAX_WHOLE_PASSAGE_COLUMNS {
                    p.current { (markup::highlighted_text(&passage.text, spans)) }
                } @else {
                    p.here lang=(messages.lang) { (messages.paragraph(passage)) }
                }
            }
            @if let Some(passage) = passages.iter().find(|passage| is_id_of_text(&passage.id, id)) {
                p.whole lang=(messages.lang) {
                    a href={ (address.release_href(&document.id)) "#" (anchor(passage)) } { (messages.results.whole_release) }
                }
            }
        }
    };
    Ok(page(messages.results.context_page_title, &document, &content, address, preferences))
}

/// Returns the page with the passages of a release that match the query, in the order of the results. All listed
/// passages have the kind of match of the best passage. If the best passage matches the whole query, no passage that
/// lacks a word is listed.
pub(super) fn matches_page(
    searcher: &Searcher,
    id: &str,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let document = searcher.document_info(id)?.ok_or_else(|| ApiError::unknown_document(id))?;
    let query = address.query()?.offset(0).limit(MAX_LISTED_MATCHES).collapse(Collapse::None);
    let this_release = Clause::any_of(Field::Id, &[id.to_owned()]);
    let query = this_release.into_iter().fold(query, Query::filter);
    let results = search_runner::search(searcher, &query)?;
    let best_match = results.hits.first().map(|hit| hit.matched);
    let content = html! {
        @for hit in results.hits.iter().filter(|hit| Some(hit.matched) == best_match) {
            (hit::passage_content(hit, None, address, messages))
        }
    };
    Ok(page(messages.results.results, &document, &content, address, preferences))
}

/// Returns a page about a release with a link back to the results and to the release.
fn page(
    title: &str,
    document: &DocumentInfo,
    content: &Markup,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> String {
    let messages: &Messages = preferences.messages;
    let main = html! {
        nav.release-bar { a #back href=(address.href()) { "← " (messages.release.back_to_results) } }
        article.hit.alone lang=(document.lang) {
            h1 lang=(messages.lang) { (title) }
            p.about { a href=(address.release_href(&document.id)) { (markup::escaped_text(&markup::release_title(document))) } }
            div #unfold { (content) }
        }
    };
    Frame { preferences, title, address }.page(&main)
}

/// Returns the passage `id`, up to `neighbour_count` passages before and after the passage, and the document.
fn passage_with_neighbours(
    searcher: &Searcher,
    id: &str,
    neighbour_count: usize,
) -> Result<(DocumentInfo, Vec<PassageInfo>), ApiError> {
    searcher.passage(id, neighbour_count)?.ok_or_else(|| ApiError::unknown_passage(id))
}

/// Returns the width of a text in columns. A wide character, such as a Han character, takes two.
fn text_width(text: &str) -> usize {
    text.chars().map(|c| if crate::script::is_wide(c) { 2 } else { 1 }).sum()
}
