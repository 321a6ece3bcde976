//! Page of one release: all its passages with highlighted matches, and links between consecutive matches.

use maud::{Markup, PreEscaped, html};

use super::{
    address::ResultsAddress,
    frame::Frame,
    hit::citation,
    markup::{self, anchor},
    messages::Messages,
    preferences::Preferences,
};
use crate::{
    query::Query,
    render::{html_with_highlights, title_or_id},
    search::{DocumentInfo, PassageInfo, Searcher},
    server::{api_error::ApiError, source_paths::make_sources_relative},
    span::Span,
};

/// Passage with the spans that match the query.
type ReleasePassage = (PassageInfo, Vec<Span>);

/// Returns the page of a release. `results` is the address of the results page that the reader came from. The
/// returned page highlights the matches of the query in `results`.
pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    results: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let (mut document, passages) =
        searcher.document(id)?.ok_or_else(|| ApiError::unknown_document(id))?;
    make_sources_relative(searcher, &mut document)?;
    let query = (!results.lists_releases()).then(|| Query::new(&results.q));
    let title = title_or_id(&document);
    let texts = passages.iter().map(|passage| passage.text.as_str());
    let texts: Vec<&str> = [title].into_iter().chain(texts).collect();
    let spans = match &query {
        Some(query) => searcher.highlights_of_all(query, &texts)?,
        None => vec![Vec::new(); texts.len()],
    };
    let mut spans = spans.into_iter();
    let title_spans = spans.next().unwrap_or_default();
    let highlighted: Vec<ReleasePassage> = passages.into_iter().zip(spans).collect();
    let main = html! {
        nav.release-bar aria-label=(messages.matches) {
            a #back href=(results.href()) { "← " (messages.back_to_results) }
            @if query.is_some() { (match_navigation(&highlighted, messages)) }
        }
        article.release lang=(document.lang) {
            header {
                h1 { (PreEscaped(html_with_highlights(title, &title_spans))) }
                (metadata(&document, messages))
            }
            (passage_sections(&document, &highlighted, results, messages))
        }
    };
    Ok(Frame { preferences, title, address: results }.page(&main))
}

/// Returns the link to the first match, and the buttons for the previous and the next match. The buttons need scripts.
fn match_navigation(passages: &[ReleasePassage], messages: &Messages) -> Markup {
    html! {
        @match passages.iter().find(|(_, spans)| !spans.is_empty()) {
            None => span.quiet { (messages.no_match) },
            Some((first, _)) => {
                a.first-match href={ "#" (anchor(first)) } { (messages.first_match) " ↓" }
                span.steps.needs-script {
                    button #previous type="button" aria-label=(messages.previous_match) { "↑" }
                    output #match-position aria-label=(messages.matches) { (match_count(passages)) }
                    button #next type="button" aria-label=(messages.next_match) { "↓" }
                }
            }
        }
    }
}

fn match_count(passages: &[ReleasePassage]) -> usize {
    passages.iter().map(|(_, spans)| spans.len()).sum()
}

/// Returns issuer, date, number, address and file of the release, as HTML.
fn metadata(document: &DocumentInfo, messages: &Messages) -> Markup {
    let DocumentInfo { issuer, date, number, source, url, .. } = document;
    let date = date.map(|date| date.to_string());
    let is_inferred = |field: &str| document.inferred.iter().any(|name| name == field);
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if issuer.is_some() || date.is_some() {
            p.about {
                @if let Some(issuer) = issuer {
                    span { (markup::escaped_text(issuer)) (inferred_label(is_inferred("issuer"), messages)) }
                }
                @if let Some(date) = &date {
                    time datetime=(date) { (date) (inferred_label(is_inferred("date"), messages)) }
                }
            }
        }
        dl lang=(messages.lang()) {
            @if let Some(number) = number {
                dt { (messages.document_number) } dd { (markup::escaped_text(number)) }
            }
            @if let Some(url) = url.as_ref().filter(is_web) {
                dt { (messages.published_at) }
                dd { a href=(url) rel="noopener noreferrer" { (markup::escaped_text(url)) } }
            }
            @if !source.is_empty() { dt { (messages.source) } dd { (markup::escaped_text(source)) } }
        }
    }
}

/// Returns the label of a metadata value that was inferred from the text. Returns nothing if `inferred` is false.
fn inferred_label(inferred: bool, messages: &Messages) -> Markup {
    html! {
        @if inferred { " " small.quiet lang=(messages.lang()) { "[" (messages.inferred) "]" } }
    }
}

/// Returns all passages as HTML sections, and the headings before them.
fn passage_sections(
    document: &DocumentInfo,
    passages: &[ReleasePassage],
    results: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let previous_headings = [[].as_slice()]
        .into_iter()
        .chain(passages.iter().map(|(passage, _)| passage.headings.as_slice()));
    html! {
        @for (index, ((passage, spans), previous)) in passages.iter().zip(previous_headings).enumerate() {
            @for (level, text) in new_headings(previous, &passage.headings) { (heading(level, text)) }
            section.passage #(anchor(passage)) {
                p { (PreEscaped(html_with_highlights(&passage.text, spans))) }
                div.actions lang=(messages.lang()) {
                    a href={ "#" (anchor(passage)) } { (messages.paragraph(passage)) }
                    (citation(document, passage, messages))
                    a href=(results.similar_href(passage)) { (messages.similar) }
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
            a.next-match href={ "#" (anchor(next)) } { (messages.next_match) " ↓" }
        }
    }
}

/// Returns the headings that differ from the heading path of the previous passage, each with its level, from 0.
fn new_headings<'a>(
    previous: &[String],
    headings: &'a [String],
) -> impl Iterator<Item = (usize, &'a str)> {
    let common_levels =
        previous.iter().zip(headings).take_while(|(before, now)| before == now).count();
    headings.iter().map(String::as_str).enumerate().skip(common_levels)
}

fn heading(level: usize, text: &str) -> Markup {
    html! {
        @match level {
            0 => h2 { (markup::escaped_text(text)) },
            1 => h3 { (markup::escaped_text(text)) },
            2 => h4 { (markup::escaped_text(text)) },
            _ => h5 { (markup::escaped_text(text)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_written_before_its_first_passage_only() {
        let heading_path = |text: &str| {
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        for (previous, headings, expected) in [
            ("", "a/b", vec![(0, "a"), (1, "b")]),
            ("a/b", "a/b", vec![]),
            ("a/b", "a/c", vec![(1, "c")]),
            ("a/b", "c/b", vec![(0, "c"), (1, "b")]),
            ("a/b", "a", vec![]),
            ("a", "", vec![]),
        ] {
            assert_eq!(
                new_headings(&heading_path(previous), &heading_path(headings)).collect::<Vec<_>>(),
                expected,
                "{previous} {headings}"
            );
        }
    }
}
