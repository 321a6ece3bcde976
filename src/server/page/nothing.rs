//! Offers for a query that finds nothing: near words, any of the words, fewer filters.

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    markup,
    messages::{Messages, format_number},
};
use crate::{
    query::{Facet, Query},
    search::{SearchResults, Searcher, SuggestionKind},
    server::api_error::ApiError,
};

/// Maximum number of words of a query for which near words are offered.
const MAX_WORDS: usize = 4;
/// Maximum number of near words for each word of the query.
const MAX_NEAR_WORDS: usize = 4;
/// Maximum number of filters that are tried.
const MAX_FILTERS: usize = 6;

/// Returns the offers as HTML; nothing if the results have a hit.
pub(super) fn offers(
    searcher: &Searcher,
    results: &SearchResults,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup, ApiError> {
    if !results.hits.is_empty() || address.is_start() {
        return Ok(html! {});
    }
    let texts = &messages.results;
    let words = near_words(searcher, address)?;
    let reduced = fewer_filters(searcher, address, messages)?;
    let any = any_word(searcher, address)?;
    Ok(html! {
        div.no-results {
            p { (texts.nothing_hint) }
            @if !words.is_empty() {
                p { (texts.nearest_words) }
                ul.examples { @for word in &words {
                    li { a.chip href=(address.with_query(word.as_str()).href()) { (markup::name(word)) } }
                } }
            }
            @if let Some((target, count)) = &any {
                p { (texts.any_word) " " a href=(target.href()) { (markup::escaped_text(&target.q)) } " " span.count { (format_number(*count)) } }
            }
            @if !reduced.is_empty() {
                p { (texts.without_filters) }
                ul.examples { @for (label, target, count) in &reduced {
                    li { a.chip href=(target.href()) { (markup::name(label)) " " span.count { (format_number(*count)) } } }
                } }
            }
        }
    })
}

/// Returns words of the index near to the words of the query.
fn near_words(searcher: &Searcher, address: &ResultsAddress) -> Result<Vec<String>, ApiError> {
    let mut near_words: Vec<String> = Vec::new();
    let is_plain = |word: &&str| word.chars().all(char::is_alphanumeric);
    for word in address.q.split_whitespace().filter(is_plain).take(MAX_WORDS) {
        for suggestion in searcher.suggest(word, MAX_NEAR_WORDS)? {
            let is_word = suggestion.kind != SuggestionKind::Title;
            if is_word && !near_words.contains(&suggestion.text) {
                near_words.push(suggestion.text);
            }
        }
    }
    Ok(near_words)
}

/// Returns the address of the query for any of its words, with the number of releases; `None` if that finds nothing.
fn any_word(
    searcher: &Searcher,
    address: &ResultsAddress,
) -> Result<Option<(ResultsAddress, u64)>, ApiError> {
    let words: Vec<&str> = address.q.split_whitespace().collect();
    if words.len() < 2 || !words.iter().all(|word| word.chars().all(char::is_alphanumeric)) {
        return Ok(None);
    }
    let target = address.with_query(format!("any:({})", words.join(" ")));
    let count = count(searcher, &target)?;
    Ok((count > 0).then_some((target, count)))
}

/// Returns the addresses without one of the filters and without all filters that have results, each with a label and the
/// number of releases.
fn fewer_filters(
    searcher: &Searcher,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Vec<(String, ResultsAddress, u64)>, ApiError> {
    if !address.has_filters() {
        return Ok(Vec::new());
    }
    let label = |facet: Facet, value: &str| {
        format!("{}: {} ×", messages.facet(facet), messages.facet_value(facet, value))
    };
    let mut targets: Vec<(String, ResultsAddress)> = address
        .facet_values()
        .take(MAX_FILTERS)
        .map(|(facet, value)| (label(facet, value), address.with_toggled_value(facet, value)))
        .collect();
    if address.from.is_some() || address.to.is_some() {
        targets.push((format!("{} ×", messages.filters.date), address.with_period(None, None)));
    }
    if targets.len() > 1 {
        targets.push((messages.filters.remove_all.to_owned(), address.without_filters()));
    }
    let mut found = Vec::new();
    for (label, target) in targets {
        let count = count(searcher, &target)?;
        if count > 0 {
            found.push((label, target, count));
        }
    }
    Ok(found)
}

/// Returns the number of releases with a full match.
fn count(searcher: &Searcher, address: &ResultsAddress) -> Result<u64, ApiError> {
    let text = if address.lists_releases() { "*" } else { address.q.as_str() };
    let query = address.add_filters(Query::new(text).limit(0))?;
    Ok(searcher.search(&query)?.total_documents)
}
