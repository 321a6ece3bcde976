//! A search → the page of its results.

use std::time::Duration;

use maud::{Markup, html};

use super::{
    address::Address,
    facets,
    frame::Frame,
    hit::{self, Around},
    messages::Words,
    preferences::Preferences,
    shown,
};
use crate::{
    query::{Collapse, Note, Sort},
    search::{HitCount, SearchResults, Searcher},
    server::api_error::Failure,
};

/// The page of results. The parts with an id are those that scripts exchange while somebody types.
pub(super) fn page(
    searcher: &Searcher,
    address: &Address,
    preferences: &Preferences,
    timeout: Duration,
) -> Result<String, Failure> {
    let words = preferences.words;
    let query = address.query()?.timeout(timeout);
    let results = searcher.search(&query)?;
    let around = Around::of(searcher, &results, (!address.browses()).then_some(&query))?;
    let main = html! {
        h1.hidden { (if address.browses() { words.latest } else { words.search_label }) }
        div.columns {
            div.found {
                div.line {
                    p #status role="status" { (status(&results, words)) }
                    a.to-filters href="#filters" { (words.filters) " ↓" }
                }
                div #notes { (notes(&results.notes, words)) }
                div #chosen { (chosen(address, words)) }
                div #order { @if !address.browses() && results.total > 0 { (order(address, words)) } }
                section #results tabindex="-1" aria-labelledby="results-name" {
                    h2 #results-name.hidden { (if address.browses() { words.latest } else { words.results }) }
                    @for (hit, around) in results.hits.iter().zip(&around) {
                        (hit::article(hit, around, address, words))
                    }
                    @if results.hits.is_empty() { p.nothing { (words.nothing_hint) } }
                }
                div #pages { (pages(&results, address, words)) }
            }
            details.filters {
                summary { (words.filters) }
                div #filters { (facets::filters(&results.facets, address, words)) }
            }
        }
    };
    Ok(Frame { preferences, title: address.q.trim(), address }.around(&main))
}

fn status(results: &SearchResults, words: &Words) -> String {
    if results.total == 0 {
        return words.nothing.to_owned();
    }
    words.found(HitCount { passages: results.total, documents: results.total_documents })
}

/// What was done with the query beyond searching for it.
fn notes(notes: &[Note], words: &Words) -> Markup {
    html! {
        @for Note { kind, message } in notes {
            p.note {
                @if let Some(about) = words.note(*kind) { (about) "：" }
                span lang="en" { (shown(message)) }
            }
        }
    }
}

/// What is chosen of facets, each with a link that takes it back.
fn chosen(address: &Address, words: &Words) -> Markup {
    html! {
        @if address.chosen().next().is_some() {
            ul.chosen aria-label=(words.filters) {
                @for (facet, value) in address.chosen() {
                    li {
                        a href=(address.toggled(facet, value).href()) {
                            span.hidden { (words.remove_filter) ": " }
                            span.quiet { (words.facet(facet)) } " " (shown(words.value(facet, value)))
                            span aria-hidden="true" { " ×" }
                        }
                    }
                }
                @if address.chosen().nth(1).is_some() {
                    li { a.plain href=(address.unfiltered().href()) { (words.remove_all) } }
                }
            }
        }
    }
}

/// What comes first, and whether releases are shown once.
fn order(address: &Address, words: &Words) -> Markup {
    let collapse = address.collapse();
    let choices: [&[_]; 2] = [
        &[
            (words.best_first, address.sorted(Sort::Score), address.sort == Sort::Score),
            (words.newest_first, address.sorted(Sort::Date), address.sort == Sort::Date),
        ],
        &[
            (words.every_passage, address.collapsed(Collapse::None), collapse == Collapse::None),
            (words.same_once, address.collapsed(Collapse::Near), collapse == Collapse::Near),
            (words.one_of_each, address.collapsed(Collapse::Document), address.collapses()),
        ],
    ];
    html! {
        nav.order aria-label=(words.order) {
            @for choice in choices {
                span {
                    @for (name, other, now) in choice {
                        a href=(other.href()) data-key=(name) aria-current=[now.then_some("true")] { (name) }
                    }
                }
            }
        }
    }
}

fn pages(results: &SearchResults, address: &Address, words: &Words) -> Markup {
    let page = address.page();
    let next = results.next.as_ref().and_then(|_| address.next());
    html! {
        @if page > 1 || next.is_some() {
            nav.pages aria-label=(words.pages) {
                @if page > 1 { a href=(address.at(page - 1).href()) rel="prev" { "← " (words.previous) } }
                span { (words.page(page)) }
                @if let Some(next) = &next { a href=(next.href()) rel="next" { (words.next) " →" } }
            }
        }
    }
}
