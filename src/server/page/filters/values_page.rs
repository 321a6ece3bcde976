//! Page with all values of one facet. A field finds values by a part of their names.

use maud::html;
use serde::Deserialize;

use super::{folders, value_items, value_search_form};
use crate::{
    analysis::fold_text,
    query::{Collapse, Facet},
    search::{FacetValue, Searcher},
    server::{
        api_error::ApiError,
        extract::search_runner,
        page::{
            address::ResultsAddress, frame::Frame, messages::Messages, preferences::Preferences,
        },
    },
};

/// Maximum number of values on the page.
const MAX_LISTED_VALUES: usize = 500;

/// Parameters of the page, besides the address of the results.
#[derive(Debug, Deserialize)]
pub(in crate::server::page) struct ValuesParameters {
    /// Facet whose values the page lists.
    name: Facet,
    /// Text that the names of the listed values contain. An empty text lists all values.
    #[serde(default)]
    find: String,
}

/// Returns the page with the values of a facet for the results at `address`.
pub(in crate::server::page) fn page(
    searcher: &Searcher,
    parameters: &ValuesParameters,
    address: &ResultsAddress,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let ValuesParameters { name: facet, find } = parameters;
    let query = address.query()?.limit(0).offset(0).collapse(Collapse::Document);
    let query = query.facets([*facet]).facet_limit(usize::MAX);
    let results = search_runner::search(searcher, &query)?;
    let counts = results.facets.first();
    let values = counts.map(|counts| counts.values.as_slice()).unwrap_or_default();
    let matching_values: Vec<FacetValue> = values
        .iter()
        .filter(|value| name_contains(value, *facet, find, messages))
        .cloned()
        .collect();
    let (listed, unlisted) = matching_values.split_at(matching_values.len().min(MAX_LISTED_VALUES));
    let chosen_path =
        address.facet_values().find(|(other, _)| other == facet).map(|(_, path)| path);
    let main = html! {
        nav.release-bar { a #back href=(address.href()) { "← " (messages.release.back_to_results) } }
        h1 { (messages.facet(facet)) }
        section.facet.values-page {
            (value_search_form(*facet, "values", find, address, messages))
            ul #values {
                @if *facet == Facet::Source {
                    @for value in listed { (folders::folder_link(value, chosen_path.unwrap_or_default(), address)) }
                } @else {
                    (value_items(listed, *facet, address, messages))
                }
                @if matching_values.is_empty() { li.quiet { (messages.filters.no_facet_value_found) } }
                @if !unlisted.is_empty() { li.quiet { (messages.filters.more_values.with_number(unlisted.len() as u64)) } }
            }
        }
    };
    Ok(Frame { preferences, title: messages.facet(facet), address }.page(&main))
}

/// Returns whether the name of a value contains `name_part`. Ignores case, and the difference between simplified and
/// traditional characters.
fn name_contains(value: &FacetValue, facet: Facet, name_part: &str, messages: &Messages) -> bool {
    let folded = |text: &str| fold_text(text).to_lowercase();
    let name_part = folded(name_part.trim());
    folded(messages.facet_value(facet, &value.value)).contains(&name_part)
        || folded(&value.value).contains(&name_part)
}
