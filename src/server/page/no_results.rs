//! Offers other queries if a query finds nothing: similar words of the index, any of the words, fewer filters.

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

/// Maximum number of words of a query for which similar words are searched.
const MAX_QUERY_WORDS: usize = 4;
/// Maximum number of similar words for each word of the query.
const MAX_SIMILAR_WORDS: usize = 4;
/// Maximum number of selected facet values for which the query is tried without the value.
const MAX_TRIED_FILTER_VALUES: usize = 6;

/// Returns links to alternative queries as HTML. Empty if the results have a hit.
pub(super) fn alternative_links(
    searcher: &Searcher,
    results: &SearchResults,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup, ApiError> {
    if !results.hits.is_empty() || address.is_start_page() {
        return Ok(html! {});
    }
    let texts = &messages.results;
    let words = similar_words(searcher, address)?;
    let filter_alternatives = alternatives_with_fewer_filters(searcher, address, messages)?;
    let any_word_alternative = any_word_alternative(searcher, address)?;
    Ok(html! {
        div.no-results {
            p { (texts.nothing_found_hint) }
            @if !words.is_empty() {
                p { (texts.similar_words) }
                (alternative_list(&words))
            }
            @if let Some((target, count)) = &any_word_alternative {
                p { (texts.any_word) " " a href=(target.href()) { (markup::escaped_text(&target.q)) } " " span.count { (format_number(*count)) } }
            }
            @if !filter_alternatives.is_empty() {
                p { (texts.without_filters) }
                (alternative_list(&filter_alternatives))
            }
        }
    })
}

/// An alternative query with hits: its label, its address and the number of releases that it finds.
type AlternativeQuery = (String, ResultsAddress, u64);

/// Returns links to the alternatives as an HTML list.
fn alternative_list(alternatives: &[AlternativeQuery]) -> Markup {
    html! {
        ul.examples { @for (label, target, count) in alternatives {
            li { a.chip href=(target.href()) { (markup::text_with_lang(label)) " " span.count { (format_number(*count)) } } }
        } }
    }
}

/// Returns the words that the index suggests for the words of the query. Omits words without hits under the filters of
/// the query.
fn similar_words(
    searcher: &Searcher,
    address: &ResultsAddress,
) -> Result<Vec<AlternativeQuery>, ApiError> {
    let mut similar_words: Vec<AlternativeQuery> = Vec::new();
    let is_plain = |word: &&str| word.chars().all(char::is_alphanumeric);
    for word in address.q.split_whitespace().filter(is_plain).take(MAX_QUERY_WORDS) {
        for suggestion in searcher.suggest(word, MAX_SIMILAR_WORDS)? {
            let word = suggestion.text;
            let is_listed = similar_words.iter().any(|(listed_word, ..)| *listed_word == word);
            if suggestion.kind == SuggestionKind::Title || is_listed {
                continue;
            }
            let target = address.with_query(word.as_str());
            let count = release_count(searcher, &target)?;
            if count > 0 {
                similar_words.push((word, target, count));
            }
        }
    }
    Ok(similar_words)
}

/// Returns the address of a query for any of the words, with the number of releases that the query finds. `None` if the
/// query finds nothing.
fn any_word_alternative(
    searcher: &Searcher,
    address: &ResultsAddress,
) -> Result<Option<(ResultsAddress, u64)>, ApiError> {
    let words: Vec<&str> = address.q.split_whitespace().collect();
    if words.len() < 2 || !words.iter().all(|word| word.chars().all(char::is_alphanumeric)) {
        return Ok(None);
    }
    let target = address.with_query(format!("any:({})", words.join(" ")));
    let count = release_count(searcher, &target)?;
    Ok((count > 0).then_some((target, count)))
}

/// Returns the query with one filter removed, for each filter, and the query without any filter. Leaves out queries
/// that find nothing.
fn alternatives_with_fewer_filters(
    searcher: &Searcher,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Vec<AlternativeQuery>, ApiError> {
    if !address.has_filters() {
        return Ok(Vec::new());
    }
    let label = |facet: Facet, value: &str| {
        format!("{}: {} ×", messages.facet(&facet), messages.facet_value(facet, value))
    };
    let mut targets: Vec<(String, ResultsAddress)> = address
        .facet_values()
        .take(MAX_TRIED_FILTER_VALUES)
        .map(|(facet, value)| (label(facet, value), address.with_toggled_value(facet, value)))
        .collect();
    if address.from.is_some() || address.to.is_some() {
        targets.push((format!("{} ×", messages.filters.date), address.with_period(None, None)));
    }
    if targets.len() > 1 {
        targets.push((messages.filters.remove_all_filters.to_owned(), address.without_filters()));
    }
    let mut alternatives = Vec::new();
    for (label, target) in targets {
        let count = release_count(searcher, &target)?;
        if count > 0 {
            alternatives.push((label, target, count));
        }
    }
    Ok(alternatives)
}

/// Returns the number of releases with a passage that matches the whole query.
fn release_count(searcher: &Searcher, address: &ResultsAddress) -> Result<u64, ApiError> {
    let text = if address.lists_releases() { "*" } else { address.q.as_str() };
    let query = address.add_filters(Query::new(text).limit(0))?;
    Ok(searcher.search(&query)?.total_documents)
}
