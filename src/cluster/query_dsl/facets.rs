//! Builds queries that restrict a search to chosen facet values.

use serde_json::{Value, json};

use super::condition::{all_of, any_of};
use crate::{query::Facet, search::remote::RemoteQuery};

/// Returns a query for the passages with the chosen facet values: a passage must have one of the chosen values of each
/// facet for which `narrows` returns true. A facet without chosen values does not restrict the passages.
pub(in crate::cluster) fn chosen_facet_values_query(
    remote_query: &RemoteQuery,
    narrows: impl Fn(Facet) -> bool,
) -> Value {
    let chosen_facets = remote_query.chosen_facet_values.iter();
    let narrowing_facets =
        chosen_facets.filter(|(facet, values)| !values.is_empty() && narrows(**facet));
    all_of(narrowing_facets.map(|(facet, values)| any_facet_value_query(*facet, values)).collect())
}

/// Returns a query for the passages in which `facet` has one of `values`. A value of [`Facet::Source`] that ends with
/// a path separator matches all files in that folder.
fn any_facet_value_query(facet: Facet, values: &[String]) -> Value {
    let field = facet_field(facet);
    let (folders, exact_values): (Vec<&String>, Vec<&String>) = values
        .iter()
        .partition(|value| facet == Facet::Source && value.ends_with(std::path::is_separator));
    let exact_query = if facet == Facet::Year {
        let years = exact_values.iter().filter_map(|year| year.parse::<u64>().ok());
        json!({"terms": {field: years.collect::<Vec<_>>()}})
    } else {
        json!({"terms": {field: exact_values}})
    };
    let folder_queries =
        folders.into_iter().map(|folder| json!({"prefix": {field: {"value": folder}}}));
    any_of(std::iter::once(exact_query).chain(folder_queries).collect())
}

/// Returns the name of the field that holds the values of a facet.
pub(in crate::cluster) const fn facet_field(facet: Facet) -> &'static str {
    match facet {
        Facet::Issuer => "issuer_name",
        Facet::Speaker => "speaker_name",
        Facet::Year => "year",
        Facet::Month => "month",
        Facet::Lang => "lang",
        Facet::Source => "source",
        // An index on a cluster has no declared fields, so a search refuses such a facet.
        Facet::Declared(_) => "",
    }
}
