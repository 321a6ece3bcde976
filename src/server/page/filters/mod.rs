//! Filters next to the results: a chart of dates, lists of facet values, a tree of folders, and the selected filters
//! above the results.
//!
//! [`filter_sections`] turns the counts of the facets into HTML.

mod chart;
mod folders;
mod values_page;

use maud::{Markup, html};

pub(super) use self::values_page::{ValuesParameters, page as values_page};
use super::{
    address::{ResultsAddress, is_same_facet_value},
    frame::hidden_fields,
    markup::{self, Icon},
    messages::{Messages, fill, format_number},
};
use crate::{
    document::{DeclaredFields, FieldName, FieldType},
    query::{Facet, Period},
    search::{FacetCounts, FacetValue, HitCount},
};

/// Number of values that a facet lists besides the selected values, the most frequent first.
const LISTED_VALUE_COUNT: usize = 6;

/// Maximum number of declared fields that are counted for a results page.
const MAX_DECLARED_FACETS: usize = 12;

/// Returns the facets to count for a results page: the facets of every index, with either years or months, and the
/// declared fields of the types keyword and truth value. Months take the place of years if the selected period is
/// short.
pub(super) fn counted_facets(
    address: &ResultsAddress,
    fields: &DeclaredFields,
) -> impl Iterator<Item = Facet> {
    let time = chart::month_or_year_facet(address.period());
    let counted = |(_, field_type): &(FieldName, FieldType)| {
        matches!(field_type, FieldType::Keyword | FieldType::Bool)
    };
    let declared = fields.iter().filter(counted).map(|(name, _)| Facet::Declared(name));
    let fixed = Facet::ALL.into_iter().filter(move |facet| !facet.is_time() || *facet == time);
    fixed.chain(declared.take(MAX_DECLARED_FACETS))
}

/// Returns the filters as HTML. Leaves out a facet that has at most one value and no selected value.
pub(super) fn filter_sections(
    counts: &[FacetCounts],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let is_listed_facet = |counts: &&FacetCounts| {
        counts.values.len() > 1 || address.facet_values().any(|(facet, _)| facet == counts.facet)
    };
    html! {
        @for counts in counts.iter().filter(|counts| counts.facet.is_time()) {
            (chart::date_section(counts, address, messages))
        }
        @for counts in counts.iter().filter(|counts| !counts.facet.is_time()).filter(is_listed_facet) {
            @if counts.facet == Facet::Source {
                (folders::folder_section(counts, address, messages))
            } @else {
                (value_section(counts, address, messages))
            }
        }
    }
}

/// Returns the section of one facet: its selected values, its most frequent values, and a field that finds other
/// values.
fn value_section(counts: &FacetCounts, address: &ResultsAddress, messages: &Messages) -> Markup {
    let FacetCounts { facet, values, more_values, .. } = counts;
    let total = values.len() as u64 + more_values;
    let list_id = format!("values-{facet}");
    html! {
        section.facet {
            h2 { (messages.facet(facet)) }
            @if total as usize > LISTED_VALUE_COUNT {
                (value_search_form(*facet, &list_id, "", address, messages))
            }
            ul id=(list_id) { (value_items(&listed_values(counts, address), *facet, address, messages)) }
            @if total as usize > LISTED_VALUE_COUNT {
                p.all { a href=(values_href(*facet, address)) data-list=(list_id) { (fill(messages.filters.all_values, &[&format_number(total)])) } }
            }
        }
    }
}

/// Returns the address of the page with all values of a facet.
fn values_href(facet: Facet, address: &ResultsAddress) -> String {
    address.href_with_parameters("values", &[("name", facet.name())])
}

/// Returns the form that finds values of a facet whose names contain the text `name_part`. With scripts, the found
/// values replace the list with the id `list_id` while the reader types.
fn value_search_form(
    facet: Facet,
    list_id: &str,
    name_part: &str,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let label = fill(messages.filters.find_value_label, &[messages.facet(&facet)]);
    html! {
        form.find action="values" role="search" aria-label=(label) data-list=(list_id) {
            input type="hidden" name="name" value=(facet.name());
            (hidden_fields(address.query_parameters()))
            input type="search" name="find" value=(name_part) placeholder=(label) aria-label=(label) autocomplete="off";
        }
    }
}

/// Returns the selected values of a facet, then its most frequent values. A selected value without matches has the
/// count 0.
fn listed_values(counts: &FacetCounts, address: &ResultsAddress) -> Vec<FacetValue> {
    let is_selected = |value: &&FacetValue| address.is_selected(counts.facet, &value.value);
    let mut listed: Vec<FacetValue> = counts.values.iter().filter(is_selected).cloned().collect();
    for (facet, value) in address.facet_values() {
        let is_listed = |other: &FacetValue| is_same_facet_value(facet, &other.value, value);
        if facet == counts.facet && !listed.iter().any(is_listed) {
            listed.push(FacetValue { value: value.to_owned(), count: HitCount::default() });
        }
    }
    let others = counts.values.iter().filter(|value| !is_selected(value));
    listed.extend(others.take(LISTED_VALUE_COUNT).cloned());
    listed
}

/// Returns the values as list items: each a link that selects the value or removes it from the selection.
fn value_items(
    values: &[FacetValue],
    facet: Facet,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    html! {
        @for FacetValue { value, count } in values {
            @let is_selected = address.is_selected(facet, value);
            li {
                a href=(address.with_toggled_value(facet, value).href()) data-key={ (facet) "=" (value) } aria-current=[is_selected.then_some("true")] {
                    span.value { (markup::text_with_lang(messages.facet_value(facet, value))) }
                    " " span.count { (format_number(displayed_count(*count, address))) }
                }
            }
        }
    }
}

/// Returns the count that the page displays: the number of releases if each release appears once, otherwise the
/// number of passages.
fn displayed_count(count: HitCount, address: &ResultsAddress) -> u64 {
    if address.collapses_releases() { count.documents } else { count.passages }
}

/// Returns the selected filters, each with a link that removes it.
pub(super) fn selected_filters(address: &ResultsAddress, messages: &Messages) -> Markup {
    let filters = &messages.filters;
    let chip = |label: &str, value: &str, target: &ResultsAddress| {
        html! {
            li {
                a.chip href=(target.href()) {
                    span.hidden { (filters.remove_filter) ": " }
                    span.quiet { (label) } " " (markup::text_with_lang(value)) (markup::icon(Icon::Close))
                }
            }
        }
    };
    let (from, to) = (address.from.as_deref(), address.to.as_deref());
    let Period { first, last } = address.period();
    html! {
        @if address.has_filters() {
            ul.chips aria-label=(filters.filters) {
                @for (facet, value) in address.facet_values() {
                    (chip(messages.facet(&facet), messages.facet_value(facet, value), &address.with_toggled_value(facet, value)))
                }
                @if let (Some(from), Some(_)) = (from, first) { (chip(filters.from_date, from, &address.with_period(None, to))) }
                @if let (Some(to), Some(_)) = (to, last) { (chip(filters.to_date, to, &address.with_period(from, None))) }
                @if address.query_parameters().iter().filter(|(name, _)| matches!(*name, "only" | "from" | "to")).count() > 1 {
                    li { a.plain href=(address.without_filters().href()) { (filters.remove_all_filters) } }
                }
            }
        }
    }
}
