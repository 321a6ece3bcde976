//! Page of search results, with filters and links to other orders and to further pages.

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    facets,
    frame::Frame,
    hit::{self, HitContext},
    markup,
    messages::Messages,
    preferences::Preferences,
};
use crate::{
    query::{Collapse, Note, Sort},
    search::{HitCount, SearchResults, Searcher},
    server::{api_error::ApiError, extract::search_slot},
};

/// Returns the page of results. While the reader types, the script `typing.js` fetches this page for the new query,
/// and replaces the content of some elements by the content of the new elements with the same ids.
pub(super) fn page(
    searcher: &Searcher,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let lists_releases = address.lists_releases();
    let query = address.query()?;
    let results = search_slot::search(searcher, &query)?;
    let contexts = HitContext::load(searcher, &results, (!lists_releases).then_some(&query))?;
    let main = html! {
        h1.hidden { (if lists_releases { messages.latest } else { messages.search_label }) }
        div.columns {
            div.results-column {
                div.line {
                    p #status role="status" { (status_text(&results, messages)) }
                    a.to-filters href="#filters" { (messages.filters) " ↓" }
                }
                div #notes { (notes(&results.notes, messages)) }
                div #active-filters { (active_filters(address, messages)) }
                div #order { @if !lists_releases && results.total > 0 { (order_links(address, messages)) } }
                section #results tabindex="-1" aria-labelledby="results-name" {
                    h2 #results-name.hidden { (if lists_releases { messages.latest } else { messages.results }) }
                    (hit::articles(&results, &contexts, address, messages))
                    @if results.hits.is_empty() { p.no-results { (messages.no_results_hint) } }
                }
                div #pages { (page_links(&results, address, messages)) }
            }
            details.filters {
                summary { (messages.filters) }
                div #filters { (facets::filters(&results.facets, address, messages)) }
            }
        }
    };
    Ok(Frame { preferences, title: address.q.trim(), address }.page(&main))
}

fn status_text(results: &SearchResults, messages: &Messages) -> String {
    match (results.total, results.total_other) {
        (0, 0) => messages.no_results.to_owned(),
        (0, other) => messages.only_other_count(other),
        (passages, _) => {
            messages.result_count(HitCount { passages, documents: results.total_documents })
        }
    }
}

/// Returns the notes on repairs and expansions of the query.
fn notes(notes: &[Note], messages: &Messages) -> Markup {
    html! {
        @for Note { kind, message } in notes {
            p.note {
                @if let Some(label) = messages.note_label(*kind) { (label) "：" }
                span lang="en" { (markup::escaped_text(message)) }
            }
        }
    }
}

/// Returns the selected facet values, each with a link that removes the value.
fn active_filters(address: &ResultsAddress, messages: &Messages) -> Markup {
    html! {
        @if address.facet_values().next().is_some() {
            ul.active-filters aria-label=(messages.filters) {
                @for (facet, value) in address.facet_values() {
                    li {
                        a href=(address.with_toggled_value(facet, value).href()) {
                            span.hidden { (messages.remove_filter) ": " }
                            span.quiet { (messages.facet(facet)) } " "
                            (markup::escaped_text(messages.facet_value(facet, value)))
                            span aria-hidden="true" { " ×" }
                        }
                    }
                }
                @if address.facet_values().nth(1).is_some() {
                    li { a.plain href=(address.without_facet_values().href()) { (messages.remove_all) } }
                }
            }
        }
    }
}

/// Returns the links to other orders and other groupings of the hits.
fn order_links(address: &ResultsAddress, messages: &Messages) -> Markup {
    let current_collapse = address.collapse();
    let by_sort = |name, sort| (name, address.with_sort(sort), address.sort == sort);
    let by_collapse = |name, other| (name, address.with_collapse(other), current_collapse == other);
    let choice_groups: [&[_]; 2] = [
        &[by_sort(messages.best_first, Sort::Score), by_sort(messages.newest_first, Sort::Date)],
        &[
            by_collapse(messages.by_release, Collapse::Document),
            by_collapse(messages.every_passage, Collapse::None),
            by_collapse(messages.merge_duplicates, Collapse::Near),
        ],
    ];
    html! {
        nav.order aria-label=(messages.order) {
            @for choices in choice_groups {
                span {
                    @for (name, target, is_current) in choices {
                        a href=(target.href()) data-key=(name) aria-current=[is_current.then_some("true")] { (name) }
                    }
                }
            }
        }
    }
}

fn page_links(results: &SearchResults, address: &ResultsAddress, messages: &Messages) -> Markup {
    let page_number = address.page();
    let next_address = results.next.as_ref().and_then(|_| address.next_page());
    html! {
        @if page_number > 1 || next_address.is_some() {
            nav.pages aria-label=(messages.pages) {
                @if page_number > 1 {
                    a href=(address.with_page(page_number - 1).href()) rel="prev" { "← " (messages.previous) }
                }
                span { (messages.page(page_number)) }
                @if let Some(next) = &next_address { a href=(next.href()) rel="next" { (messages.next) " →" } }
            }
        }
    }
}
