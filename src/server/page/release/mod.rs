//! Page of one release: the text with highlighted matches and figures, an outline, a link to the original file, and
//! links to the previous and the next release of the same issuer.
//!
//! `outline.rs` lists the headings, `figures.rs` highlights quantities, `neighbours.rs` finds the other releases of the
//! issuer, `original.rs` serves the file. Start with [`page`].

mod figures;
mod neighbours;
mod original;
mod outline;

use std::collections::BTreeMap;

use maud::{Markup, html};

pub(super) use self::original::read as original;
use self::outline::new_headings;
use super::{
    address::ResultsAddress,
    frame::Frame,
    hit,
    markup::{self, anchor},
    messages::Messages,
    preferences::Preferences,
};
use crate::{
    document::FieldName,
    error::Result as LibraryResult,
    query::{Clause, Collapse, Field, Query},
    search::{DocumentInfo, NearDuplicates, PassageInfo, Searcher},
    server::{api_error::ApiError, source_paths::make_sources_relative},
    span::Span,
};

/// Maximum number of passages of a release for which near-duplicates in other releases are searched.
const MAX_COMPARED_PASSAGES: usize = 200;

/// Passage with the spans that match the query.
type ReleasePassage = (PassageInfo, Vec<Span>);

/// Near-duplicates of the passages of a release in other releases, by the ordinal of the passage.
type DuplicatesByOrdinal = BTreeMap<u32, NearDuplicates>;

/// Returns the page of a release. `results_address` is the address of the results page that the reader came from. The
/// returned page highlights the matches of the query in this address.
pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    results_address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let (document, passages) =
        searcher.document(id)?.ok_or_else(|| ApiError::unknown_document(id))?;
    let query = (!results_address.lists_releases()).then(|| Query::new(&results_address.q));
    let title = markup::release_title(&document);
    let texts = passages.iter().map(|passage| passage.text.as_str());
    let texts: Vec<&str> = [title.as_str()].into_iter().chain(texts).collect();
    let spans = match &query {
        Some(query) => searcher.highlights_of_all(query, &texts)?,
        None => vec![Vec::new(); texts.len()],
    };
    let mut spans = spans.into_iter();
    let title_spans = spans.next().unwrap_or_default();
    let duplicates = near_duplicates_of_passages(searcher, &document, passages.len())?;
    let neighbours =
        neighbours::neighbouring_release_links(searcher, &document, results_address, messages)?;
    let highlighted: Vec<ReleasePassage> = passages.into_iter().zip(spans).collect();
    let outline = outline::outline(&highlighted, messages);
    let main = html! {
        nav.release-bar aria-label=(messages.release.match_navigation) {
            a #back href=(results_address.href()) { "← " (messages.release.back_to_results) }
            @if query.is_some() { (match_navigation(&highlighted, messages)) }
        }
        div.reading .without-outline[outline.is_none()] {
            @if let Some(outline) = outline { (outline) }
            article.release lang=(document.lang) {
                header {
                    h1 { (markup::highlighted_text(&title, &title_spans)) }
                    (metadata_list(searcher, &document, messages)?)
                    (release_actions(&document, &highlighted, messages))
                }
                (passage_sections(&document, &highlighted, &duplicates, results_address, messages))
                (neighbours)
            }
        }
    };
    Ok(Frame { preferences, title: &title, address: results_address }.page(&main))
}

/// Returns the near-duplicates of the passages of a release. Empty if the release has more than
/// [`MAX_COMPARED_PASSAGES`] passages.
fn near_duplicates_of_passages(
    searcher: &Searcher,
    document: &DocumentInfo,
    passage_count: usize,
) -> LibraryResult<DuplicatesByOrdinal> {
    let this_release = Clause::any_of(Field::Id, std::slice::from_ref(&document.id));
    let Some(this_release) = this_release.filter(|_| passage_count <= MAX_COMPARED_PASSAGES) else {
        return Ok(DuplicatesByOrdinal::new());
    };
    let query = Query::new("*").filter(this_release).collapse(Collapse::Near).limit(passage_count);
    let hits = searcher.search(&query)?.hits;
    let duplicates_by_ordinal = hits.into_iter().filter_map(|hit| {
        let duplicates = hit.near_duplicates.filter(|duplicates| duplicates.count > 0)?;
        Some((hit.passage.ordinal, duplicates))
    });
    Ok(duplicates_by_ordinal.collect())
}

/// Returns the link to the first match, and the buttons for the previous and the next match. The buttons need scripts.
fn match_navigation(passages: &[ReleasePassage], messages: &Messages) -> Markup {
    let texts = &messages.release;
    html! {
        @match passages.iter().find(|(_, spans)| !spans.is_empty()) {
            None => span.quiet { (texts.no_match_in_release) },
            Some((first, _)) => {
                a.first-match href={ "#" (anchor(first)) } { (texts.first_match) " ↓" }
                span.steps.needs-script {
                    button #previous type="button" aria-label=(texts.previous_match) { "↑" }
                    output #match-position aria-label=(texts.match_navigation) { (match_count(passages)) }
                    button #next type="button" aria-label=(texts.next_match) { "↓" }
                }
            }
        }
    }
}

fn match_count(passages: &[ReleasePassage]) -> usize {
    passages.iter().map(|(_, spans)| spans.len()).sum()
}

/// Returns issuer, date, number, address, values of declared fields and file of the release, as HTML.
fn metadata_list(
    searcher: &Searcher,
    document: &DocumentInfo,
    messages: &Messages,
) -> LibraryResult<Markup> {
    let mut document = document.clone();
    make_sources_relative(searcher, &mut document)?;
    let DocumentInfo { issuer, date, number, source, url, metadata, .. } = &document;
    let fields = searcher.declared_fields();
    let is_declared = |(key, _): &(&String, &String)| {
        FieldName::from_key(key).is_some_and(|name| fields.type_of(name).is_some())
    };
    let date = date.map(|date| date.to_string());
    let texts = &messages.release;
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    Ok(html! {
        @if issuer.is_some() || date.is_some() {
            p.about {
                @if let Some(issuer) = issuer {
                    span { (markup::text_with_lang(issuer)) (inferred_label("issuer", &document, messages)) }
                }
                @if let Some(date) = &date {
                    time datetime=(date) { (date) (inferred_label("date", &document, messages)) }
                }
            }
        }
        dl lang=(messages.lang) {
            @if let Some(number) = number { dt { (texts.document_number) } dd { (markup::text_with_lang(number)) } }
            @if let Some(url) = url.as_ref().filter(is_web) {
                dt { (texts.web_address_label) }
                dd { a href=(url) rel="noopener noreferrer" { (markup::escaped_text(url)) } }
            }
            @for (key, value) in metadata.iter().filter(is_declared) {
                dt { (markup::text_with_lang(key)) } dd { (markup::text_with_lang(value)) }
            }
            @if !source.is_empty() { dt { (texts.source_file) } dd { (markup::text_with_lang(source)) } }
        }
    })
}

/// Returns a label that says whether a metadata value was inferred from the text or from the file name. Returns nothing
/// for a value that the release states.
fn inferred_label(field: &str, document: &DocumentInfo, messages: &Messages) -> Markup {
    let is_inferred = document.inferred.iter().any(|name| name == field);
    let is_from_name = document.origins.get(field).is_some_and(|origin| origin.contains("name"));
    let texts = &messages.release;
    let label =
        if is_from_name { texts.inferred_from_file_name } else { texts.inferred_from_text_label };
    html! { @if is_inferred { " " small.quiet lang=(messages.lang) { "[" (label) "]" } } }
}

/// Returns the links and buttons for the whole release. The link to the original file opens the page of the first
/// match.
fn release_actions(
    document: &DocumentInfo,
    passages: &[ReleasePassage],
    messages: &Messages,
) -> Markup {
    let first_match = passages.iter().find(|(_, spans)| !spans.is_empty());
    let page = first_match.and_then(|(passage, _)| passage.page);
    html! {
        div.release-actions lang=(messages.lang) {
            @if let Some(href) = original::href(document, page) {
                a.button.original href=(href) target="_blank" rel="noopener" { (messages.release.open_original_link) }
            }
            button.needs-script type="button" data-copy-link { (messages.results.copy_link) }
            button.needs-script type="button" data-print { (messages.release.print_button) }
        }
    }
}

/// Returns all passages as HTML sections, and the headings before them.
fn passage_sections(
    document: &DocumentInfo,
    passages: &[ReleasePassage],
    duplicates_by_ordinal: &DuplicatesByOrdinal,
    results_address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let previous_headings = [[].as_slice()]
        .into_iter()
        .chain(passages.iter().map(|(passage, _)| passage.headings.as_slice()));
    html! {
        @for (index, (release_passage, previous)) in passages.iter().zip(previous_headings).enumerate() {
            @let (passage, spans) = release_passage;
            @for (level, text) in new_headings(previous, &passage.headings) {
                @if document.title.as_deref() != Some(text) { (heading_element(level, text)) }
            }
            section.passage #(anchor(passage)) {
                p.text { (figures::text_with_marked_figures(&passage.text, spans, document)) }
                div.actions lang=(messages.lang) {
                    a.number href={ "#" (anchor(passage)) } aria-label={ (messages.release.link_to_paragraph) ": " (messages.paragraph(passage)) } { (messages.paragraph(passage)) }
                    @if let Some(href) = original::href(document, passage.page).filter(|href| href.contains('#')) {
                        a href=(href) target="_blank" rel="noopener" { (messages.release.open_original_link) }
                    }
                    button.needs-script type="button" data-copy-quote { (messages.release.copy_quote_button) }
                    (hit::collect_and_cite_links(passage, results_address, messages))
                    @if let Some(duplicates) = duplicates_by_ordinal.get(&passage.ordinal) {
                        a.elsewhere href=(results_address.similar_href(passage)) { (hit::near_duplicate_summary(duplicates, messages)) }
                    } @else {
                        a href=(results_address.similar_href(passage)) { (messages.results.similar_link) }
                    }
                    @if !spans.is_empty() {
                        (next_match_link(passages.get(index + 1..).unwrap_or_default(), messages))
                    }
                }
            }
        }
    }
}

/// Returns a link to the first of `later_passages` that has a match.
fn next_match_link(later_passages: &[ReleasePassage], messages: &Messages) -> Markup {
    let next_match = later_passages.iter().find(|(_, spans)| !spans.is_empty());
    html! {
        @if let Some((next, _)) = next_match {
            a.next-match href={ "#" (anchor(next)) } { (messages.release.next_match) " ↓" }
        }
    }
}

fn heading_element(level: usize, text: &str) -> Markup {
    html! {
        @match level {
            0 => h2 { (markup::escaped_text(text)) },
            1 => h3 { (markup::escaped_text(text)) },
            2 => h4 { (markup::escaped_text(text)) },
            _ => h5 { (markup::escaped_text(text)) },
        }
    }
}
