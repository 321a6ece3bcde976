//! Renders the filters: links that select facet values, with the counts of the values, and a bar chart of the years.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{
    address::ResultsAddress,
    markup,
    messages::{Messages, format_number},
};
use crate::{
    query::Facet,
    search::{FacetCounts, FacetValue, HitCount},
};

/// Maximum length in years of a chart with a bar for every year. A chart of a longer period leaves out years without
/// matches.
const MAX_GAPLESS_YEARS: u32 = 40;

/// Returns the filters as HTML. Leaves out a facet that has at most one value and no selected value.
pub(super) fn filters(
    counts: &[FacetCounts],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let has_choice = |counts: &&FacetCounts| {
        counts.values.len() > 1 || address.facet_values().any(|(facet, _)| facet == counts.facet)
    };
    let (years, other_facets): (Vec<_>, Vec<_>) =
        counts.iter().filter(has_choice).partition(|counts| counts.facet == Facet::Year);
    html! {
        @for counts in years { (year_chart(counts, address, messages)) }
        @for counts in other_facets { (value_list(counts, address, messages)) }
    }
}

fn value_list(counts: &FacetCounts, address: &ResultsAddress, messages: &Messages) -> Markup {
    let FacetCounts { facet, values, more_values, .. } = counts;
    html! {
        section.facet {
            h2 { (messages.facet(*facet)) }
            ul {
                @for FacetValue { value, count } in values {
                    li { (toggle_link(*facet, value, address, &html! {
                        span.value { (markup::escaped_text(messages.facet_value(*facet, value))) }
                        " " span.count { (format_number(displayed_count(*count, address))) }
                    })) }
                }
            }
            @if *more_values > 0 { p.quiet { (messages.more_values(*more_values)) } }
        }
    }
}

/// Returns a bar chart of the years. The year with the most matches has the full height.
fn year_chart(counts: &FacetCounts, address: &ResultsAddress, messages: &Messages) -> Markup {
    let FacetCounts { facet, values, without_value, .. } = counts;
    let bars = year_counts(values, address);
    let max_count = bars.iter().map(|&(_, count)| count).max().unwrap_or_default().max(1);
    html! {
        section.facet {
            h2 { (messages.facet(*facet)) }
            ol.years {
                @for (year, count) in &bars {
                    @let label = format!("{year}: {}", messages.count(*count, address.collapses_releases()));
                    @let height = (count * 100).div_ceil(max_count);
                    li {
                        @if *count == 0 && !address.is_selected(*facet, year) {
                            span.bar title=(label) {}
                        } @else {
                            (toggle_link(*facet, year, address, &html! {
                                svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true" {
                                    title { (label) }
                                    rect.track width="1" height="100" {}
                                    rect width="1" height=(height) y=(100 - height) {}
                                }
                                span.hidden { (label) }
                            }))
                        }
                    }
                }
            }
            p.range aria-hidden="true" {
                @if let Some((first, _)) = bars.first() { span { (first) } }
                @if let [_, .., (last, _)] = bars.as_slice() { span { (last) } }
            }
            @let undated = displayed_count(*without_value, address);
            @if undated > 0 { p.quiet { (messages.undated(undated)) } }
        }
    }
}

/// Returns the years in ascending order, each with its number of matches.
fn year_counts(values: &[FacetValue], address: &ResultsAddress) -> Vec<(String, u64)> {
    let counts: BTreeMap<u32, u64> = values
        .iter()
        .filter_map(|FacetValue { value, count }| {
            Some((value.parse().ok()?, displayed_count(*count, address)))
        })
        .collect();
    let (Some((&first, _)), Some((&last, _))) = (counts.first_key_value(), counts.last_key_value())
    else {
        return Vec::new();
    };
    let include_gaps = last - first < MAX_GAPLESS_YEARS;
    let years = (first..=last).filter(|year| include_gaps || counts.contains_key(year));
    years.map(|year| (year.to_string(), counts.get(&year).copied().unwrap_or_default())).collect()
}

/// Returns a link that selects a facet value or, if the value is already selected, removes the value.
fn toggle_link(facet: Facet, value: &str, address: &ResultsAddress, content: &Markup) -> Markup {
    let aria_current = address.is_selected(facet, value).then_some("true");
    let data_key = format!("{facet}={value}");
    html! {
        a href=(address.with_toggled_value(facet, value).href()) data-key=(data_key) aria-current=[aria_current] { (content) }
    }
}

/// Returns the count that the page displays: the number of releases if each release appears once, otherwise the
/// number of passages.
fn displayed_count(count: HitCount, address: &ResultsAddress) -> u64 {
    if address.collapses_releases() { count.documents } else { count.passages }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ranges_include_years_without_matches() {
        let facet_value = |&(year, passages): &(&str, u64)| FacetValue {
            value: year.to_owned(),
            count: HitCount { passages, documents: 1 },
        };
        let counts = |years: &[(&str, u64)]| {
            let collapse = Some(crate::query::Collapse::None);
            let address = ResultsAddress { q: "a".to_owned(), collapse, ..Default::default() };
            let values: Vec<_> = years.iter().map(facet_value).collect();
            year_counts(&values, &address).into_iter().map(|(_, count)| count).collect::<Vec<_>>()
        };
        assert_eq!(counts(&[("2021", 3), ("2024", 1)]), [3, 0, 0, 1]);
        assert_eq!(counts(&[("1921", 3), ("2024", 1)]), [3, 1]);
        assert_eq!(counts(&[("2021", 3)]), [3]);
        assert!(counts(&[]).is_empty());
    }
}
