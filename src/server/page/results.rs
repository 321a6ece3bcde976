//! Page of search results, and the start page, which lists the latest releases.

use maud::{Markup, html};

use super::{
    address::{HITS_PER_PAGE, ResultsAddress},
    download, filters,
    frame::Frame,
    hit,
    markup::{self, Icon},
    messages::{Messages, fill, format_number},
    no_results, notes,
    preferences::Preferences,
    start::{self, ExampleQueryCache},
};
use crate::{
    query::{Collapse, Sort},
    search::{SearchResults, Searcher},
    server::{api_error::ApiError, extract::search_runner},
};

/// Returns the page of results. While the reader types, the script `typing.js` fetches this page for the new query,
/// and replaces the content of some elements by the content of the new elements with the same ids.
pub(super) fn page(
    searcher: &Searcher,
    address: &ResultsAddress,
    cache: &ExampleQueryCache,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let facets = filters::counted_facets(address, searcher.declared_fields());
    let query = address.query()?.facets(facets);
    let results = search_runner::search(searcher, &query)?;
    let hits = hit::hit_cards(searcher, &results, address, messages)?;
    let introduction = if address.is_start_page() && !results.cut {
        start::introduction(searcher, &results, cache, messages)?
    } else {
        html! {}
    };
    let offers = no_results::alternative_links(searcher, &results, address, messages)?;
    let lists_releases = address.lists_releases();
    let heading =
        if lists_releases { messages.start.latest_releases } else { messages.results.results };
    let main = html! {
        h1.hidden { (messages.frame.search_label) }
        div #intro { (introduction) }
        div.columns {
            div.results-column {
                (summary_line(&results, address, messages))
                div #active-filters { (filters::selected_filters(address, messages)) }
                div #order { (toolbar(&results, address, messages)) }
                div #notes {
                    @for text in address.malformed_dates() {
                        p.problem role="alert" { (fill(messages.filters.malformed_date_template, &[text])) }
                    }
                    (notes::note_paragraphs(&results.notes, address, messages))
                }
                section #results tabindex="-1" aria-labelledby="results-name" {
                    h2 #results-name .hidden[!lists_releases] { (heading) }
                    (hits)
                    (offers)
                }
                div #pages { (page_links(&results, address, messages)) }
            }
            aside.panel #panel popover aria-label=(messages.filters.filters) {
                div.popover-head {
                    h2 { (messages.filters.filters) }
                    button.tool type="button" popovertarget="panel" popovertargetaction="hide" aria-label=(messages.frame.close_button) { (markup::icon(Icon::Close)) }
                }
                div #filters { (filters::filter_sections(&results.facets, address, messages)) }
                div #show.sheet-foot {
                    button.primary type="button" popovertarget="panel" popovertargetaction="hide" { (messages.filters.show_results_button.with_number(result_total(&results, address))) }
                }
            }
        }
    };
    Ok(Frame { preferences, title: address.q.trim(), address }.page(&main))
}

/// Returns the line above the results: the number of results, the range on this page, and the button that opens the
/// filters on a phone.
fn summary_line(results: &SearchResults, address: &ResultsAddress, messages: &Messages) -> Markup {
    html! {
        div.line {
            p #status role="status" { (result_counts(results, address, messages)) }
            p #range { (full_match_range_on_page(results, address, messages).unwrap_or_default()) }
            button.to-filters type="button" popovertarget="panel" { (markup::icon(Icon::Filter)) (messages.filters.filters) }
        }
    }
}

/// Returns the numbers of releases and passages, the releases first.
fn result_counts(results: &SearchResults, address: &ResultsAddress, messages: &Messages) -> Markup {
    let texts = &messages.results;
    html! {
        @match (results.total, results.total_other) {
            (0, 0) => strong { (texts.nothing_found_text) },
            (0, _) => strong { (texts.no_full_match_text) },
            _ => {
                strong { (texts.releases.with_number(results.total_documents)) }
                @if !address.lists_releases() { " · " (texts.passages.with_number(results.total)) }
            }
        }
    }
}

/// Returns the number of results in the unit of the page: releases if the page groups by release, otherwise passages.
fn result_total(results: &SearchResults, address: &ResultsAddress) -> u64 {
    if address.collapses_releases() { results.total_documents } else { results.total }
}

/// Returns the range of the full matches on the page, as in "11–20 of 272". `None` if the page has no full match.
fn full_match_range_on_page(
    results: &SearchResults,
    address: &ResultsAddress,
    messages: &Messages,
) -> Option<String> {
    let total = result_total(results, address);
    let first = ((address.page() - 1) * HITS_PER_PAGE) as u64 + 1;
    let last = (first + results.hits.len() as u64).saturating_sub(1).min(total);
    let numbers = [first, last, total].map(format_number);
    let numbers = numbers.each_ref().map(String::as_str);
    (first <= last).then(|| fill(messages.results.result_range_template, &numbers))
}

/// Returns the links to other orders and groupings, to the chart over time, and the menu of formats.
fn toolbar(results: &SearchResults, address: &ResultsAddress, messages: &Messages) -> Markup {
    let texts = &messages.results;
    let by_sort = |name, sort| (name, address.with_sort(sort), address.sort == sort);
    let by_collapse =
        |name, other| (name, address.with_collapse(other), address.collapse() == other);
    html! {
        @if results.total + results.total_other > 0 {
            div.toolbar {
                @if !address.lists_releases() {
                    (link_group(texts.order_label, &[
                        by_sort(texts.best_first, Sort::Score),
                        by_sort(texts.newest_first, Sort::Date),
                    ]))
                    (link_group(texts.grouping_label, &[
                        by_collapse(texts.group_by_release, Collapse::Document),
                        by_collapse(texts.group_by_passage, Collapse::None),
                        by_collapse(texts.merge_near_duplicates, Collapse::Near),
                    ]))
                }
                (download::download_menu(results, address, messages))
            }
        }
    }
}

/// Returns a group of links, one of which is selected. Each of `links` consists of a name, an address, and whether the
/// link is selected.
fn link_group(label: &str, links: &[(&str, ResultsAddress, bool)]) -> Markup {
    html! {
        nav.order aria-label=(label) {
            @for (name, target, is_current) in links {
                a href=(target.href()) data-key=(name) aria-current=[is_current.then_some("true")] { (name) }
            }
        }
    }
}

fn page_links(results: &SearchResults, address: &ResultsAddress, messages: &Messages) -> Markup {
    let page_number = address.page();
    let next_address = results.next.as_ref().and_then(|_| address.next_page());
    let range = full_match_range_on_page(results, address, messages)
        .unwrap_or_else(|| page_number.to_string());
    html! {
        @if page_number > 1 || next_address.is_some() {
            nav.pages aria-label=(messages.results.page_links_label) {
                @if page_number > 1 {
                    a.button href=(address.with_page(page_number - 1).href()) rel="prev" { "← " (messages.results.previous_page) }
                }
                span { (range) }
                @if let Some(next) = &next_address { a.button href=(next.href()) rel="next" { (messages.results.next_page) " →" } }
            }
        }
    }
}
