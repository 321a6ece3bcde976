//! Results as cards: one card per hit with the title of the release and its best passages. Links with the attribute
//! `data-unfold` lead to separate pages. With scripts, the content of such a page appears in the card instead.

use maud::{Markup, PreEscaped, html};

use super::{
    address::ResultsAddress,
    markup::{self, Icon},
    messages::{Messages, fill},
    start,
};
use crate::{
    error::Result,
    render::{html_with_highlights, passage_issuer, passage_speaker, snippet_line},
    search::{DocumentInfo, Hit, MatchKind, NearDuplicates, PassageInfo, SearchResults, Searcher},
};

/// Maximum number of releases with a near-duplicate that the card of a hit lists.
const MAX_LISTED_NEAR_DUPLICATES: usize = 10;

/// Returns the cards of all hits. A heading precedes the first hit that does not match the whole query.
pub(super) fn hit_cards(
    searcher: &Searcher,
    results: &SearchResults,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup> {
    let mut cards = Vec::with_capacity(results.hits.len());
    let mut previous = if results.total == 0 { None } else { Some(MatchKind::All) };
    for hit in &results.hits {
        if previous != Some(hit.matched) {
            cards.push(match_kind_heading(hit.matched, messages));
        }
        previous = Some(hit.matched);
        let lead = if address.lists_releases() && !results.cut {
            let document = searcher.document(&hit.document.id)?;
            document.and_then(|(_, passages)| start::lead_of_release(&passages))
        } else {
            None
        };
        cards.push(hit_card(searcher, hit, lead.as_deref(), address, messages)?);
    }
    Ok(html! { @for card in cards { (card) } })
}

/// Returns the heading above the hits of the kind `match_kind`.
fn match_kind_heading(match_kind: MatchKind, messages: &Messages) -> Markup {
    html! {
        @match match_kind {
            MatchKind::All => {},
            MatchKind::Release => h2.group { (messages.results.matches_across_passages) },
            MatchKind::Some => h2.group { (messages.results.other_matches) },
        }
    }
}

/// Returns the card of a hit. `lead` is the beginning of the release, which replaces the snippet; `None` keeps the
/// snippet.
fn hit_card(
    searcher: &Searcher,
    hit: &Hit,
    lead: Option<&str>,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup> {
    let Hit { document, passage, snippet, collapsed, near_duplicates, .. } = hit;
    let title = match &document.title {
        Some(title) => markup::highlighted_text(title, &snippet.title),
        None => markup::escaped_text(&markup::release_title(document)),
    };
    let duplicates = match near_duplicates {
        Some(near_duplicates) if near_duplicates.count > 0 => {
            near_duplicate_list(searcher, near_duplicates, address, messages)?
        }
        _ => html! {},
    };
    let passage_contents =
        hit.with_next_best().map(|hit| passage_content(hit, lead, address, messages));
    Ok(html! {
        article.hit lang=(document.lang) {
            h3 { a href=(address.passage_href(&document.id, passage)) { (title) } }
            (byline(document, passage))
            @for content in passage_contents { (content) }
            (duplicates)
            @if *collapsed > 0 && address.collapses_releases() && !address.lists_releases() {
                p.more lang=(messages.lang) {
                    a href=(address.href_with_id("more", &document.id)) data-unfold="card" { (messages.results.more_matches_in_release.with_number(*collapsed)) }
                }
            }
        }
    })
}

/// Returns the headings, the snippet and the actions of one passage of a hit. `lead` is the beginning of the release,
/// which replaces the snippet; `None` keeps the snippet.
pub(super) fn passage_content(
    hit: &Hit,
    lead: Option<&str>,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let Hit { passage, snippet, missing, .. } = hit;
    html! {
        div.hit-passage {
            (headings_of_hit(hit))
            @if let Some(speaker) = passage_speaker(passage) { p.speaker { (markup::text_with_lang(&speaker)) } }
            @match lead {
                Some(lead) => p.snippet { (markup::escaped_text(lead)) },
                None => p.snippet { (PreEscaped(snippet_line(snippet, &passage.text, html_with_highlights))) },
            }
            @if !missing.is_empty() {
                p.missing lang=(messages.lang) {
                    (messages.results.missing_words) " "
                    @for word in missing { s { (markup::text_with_lang(word)) } " " }
                }
            }
            @if !address.lists_releases() { (passage_actions(passage, address, messages)) }
        }
    }
}

/// Returns the links for a passage: collect it, cite it, show its context, find similar passages.
fn passage_actions(passage: &PassageInfo, address: &ResultsAddress, messages: &Messages) -> Markup {
    html! {
        div.actions lang=(messages.lang) {
            (collect_and_cite_links(passage, address, messages))
            a href=(address.href_with_id("context", &passage.id)) data-unfold="row" { (messages.results.show_context_link) }
            a href=(address.similar_href(passage)) { (messages.results.similar_link) }
        }
    }
}

/// Returns the button that collects a passage, and the link to its citations.
pub(super) fn collect_and_cite_links(
    passage: &PassageInfo,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    html! {
        button.keep.needs-script type="button" data-keep=(passage.id) aria-pressed="false" {
            (markup::icon(Icon::Quote)) span { (messages.quotes.add_quote_button) }
        }
        a href=(address.href_with_id("cite", &passage.id)) data-unfold="row" { (messages.results.cite_link) }
    }
}

/// Returns the innermost heading of a passage, and the outer headings with a match. Leaves out the title of the
/// release.
fn headings_of_hit(hit: &Hit) -> Markup {
    let Hit { document, passage, snippet, .. } = hit;
    let last = passage.headings.len().saturating_sub(1);
    let shown_headings: Vec<_> = passage
        .headings
        .iter()
        .zip(&snippet.headings)
        .enumerate()
        .filter(|(index, (heading, spans))| {
            (*index == last || !spans.is_empty()) && document.title.as_ref() != Some(*heading)
        })
        .map(|(_, heading_and_spans)| heading_and_spans)
        .collect();
    html! {
        @if !shown_headings.is_empty() {
            p.headings {
                @for (heading, spans) in shown_headings { span { (markup::highlighted_text(heading, spans)) } }
            }
        }
    }
}

/// Returns issuer and date of a passage.
fn byline(document: &DocumentInfo, passage: &PassageInfo) -> Markup {
    let date = document.date.map(|date| date.to_string());
    html! {
        @if passage_issuer(document, passage).is_some() || date.is_some() {
            p.about {
                @if let Some(issuer) = passage_issuer(document, passage) { span { (markup::text_with_lang(issuer)) } }
                @if let Some(date) = &date { time datetime=(date) { (date) } }
            }
        }
    }
}

/// Returns the list of the releases that contain a near-duplicate of the passage, the oldest first.
fn near_duplicate_list(
    searcher: &Searcher,
    near_duplicates: &NearDuplicates,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup> {
    let listed = near_duplicates.documents.iter().take(MAX_LISTED_NEAR_DUPLICATES);
    let listed: Vec<DocumentInfo> =
        listed.filter_map(|id| searcher.document_info(id).transpose()).collect::<Result<_>>()?;
    let unlisted_count = near_duplicates.count.saturating_sub(listed.len() as u64);
    Ok(html! {
        details.near-duplicates lang=(messages.lang) {
            summary { (near_duplicate_summary(near_duplicates, messages)) }
            ul {
                @for document in &listed {
                    li {
                        a href=(address.release_href(&document.id)) lang=(document.lang) { (markup::escaped_text(&markup::release_title(document))) }
                        @let date = document.date.map(|date| date.to_string());
                        @for detail in document.issuer.iter().chain(&date) { span.quiet { (markup::text_with_lang(detail)) } }
                    }
                }
            }
            @if unlisted_count > 0 { p.quiet { (messages.filters.more_values.with_number(unlisted_count)) } }
        }
    })
}

/// Returns a text with the number of other releases that contain a near-duplicate, and the date of the oldest.
pub(super) fn near_duplicate_summary(
    near_duplicates: &NearDuplicates,
    messages: &Messages,
) -> String {
    let count =
        messages.results.count_of_releases_with_duplicate.with_number(near_duplicates.count);
    match near_duplicates.first {
        Some(date) => {
            let first = fill(messages.results.first_duplicate_date_template, &[&date.to_string()]);
            format!("{count}{}{first}", messages.comma())
        }
        None => count,
    }
}
