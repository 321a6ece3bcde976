//! Filters: links that select facet values, with the counts of the values, and a bar chart of the years.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{
    address::Address,
    markup,
    messages::{Messages, format_number},
};
use crate::{
    query::Facet,
    search::{FacetCounts, FacetValue, HitCount},
};

/// Maximum number of years from first to last for which the chart also has bars for years without matches.
const MAX_GAPLESS_YEARS: u32 = 40;

/// Returns the facets that offer a choice: facets with several values, or with a selected value.
pub(super) fn filters(counts: &[FacetCounts], address: &Address, messages: &Messages) -> Markup {
    let has_choice = |counts: &&FacetCounts| {
        counts.values.len() > 1 || address.facet_values().any(|(facet, _)| facet == counts.facet)
    };
    let (years, others): (Vec<_>, Vec<_>) =
        counts.iter().filter(has_choice).partition(|counts| counts.facet == Facet::Year);
    html! {
        @for counts in years { (chart(counts, address, messages)) }
        @for counts in others { (list(counts, address, messages)) }
    }
}

fn list(counts: &FacetCounts, address: &Address, messages: &Messages) -> Markup {
    let FacetCounts { facet, values, more, .. } = counts;
    html! {
        section.facet {
            h2 { (messages.facet(*facet)) }
            ul {
                @for FacetValue { value, count } in values {
                    li { (link(*facet, value, address, &html! {
                        span.value { (markup::text(messages.facet_value(*facet, value))) }
                        " " span.count { (format_number(displayed_count(*count, address))) }
                    })) }
                }
            }
            @if *more > 0 { p.quiet { (messages.more_values(*more)) } }
        }
    }
}

/// Returns a bar chart of the years. The year with the most matches has the full height.
fn chart(counts: &FacetCounts, address: &Address, messages: &Messages) -> Markup {
    let FacetCounts { facet, values, without, .. } = counts;
    let bars = bars(values, address);
    let max = bars.iter().map(|&(_, count)| count).max().unwrap_or_default().max(1);
    html! {
        section.facet {
            h2 { (messages.facet(*facet)) }
            ol.years {
                @for (year, count) in &bars {
                    @let label = format!("{year}: {}", messages.count(*count, address.collapses_releases()));
                    @let height = (count * 100).div_ceil(max);
                    li {
                        @if *count == 0 && !address.is_selected(*facet, year) {
                            span.bar title=(label) {}
                        } @else {
                            (link(*facet, year, address, &html! {
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
            @let undated = displayed_count(*without, address);
            @if undated > 0 { p.quiet { (messages.undated(undated)) } }
        }
    }
}

/// Returns the years in ascending order, each with its number of matches.
fn bars(values: &[FacetValue], address: &Address) -> Vec<(String, u64)> {
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

/// Returns a link that selects a facet value, or removes it if it is already selected.
fn link(facet: Facet, value: &str, address: &Address, content: &Markup) -> Markup {
    let current = address.is_selected(facet, value).then_some("true");
    let key = format!("{facet}={value}");
    html! {
        a href=(address.toggled(facet, value).href()) data-key=(key) aria-current=[current] { (content) }
    }
}

/// Returns the count that the page displays: the number of releases if each release appears once, otherwise of
/// passages.
fn displayed_count(count: HitCount, address: &Address) -> u64 {
    if address.collapses_releases() { count.documents } else { count.passages }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ranges_include_years_without_matches() {
        let value = |&(year, passages): &(&str, u64)| FacetValue {
            value: year.to_owned(),
            count: HitCount { passages, documents: 1 },
        };
        let counts = |years: &[(&str, u64)]| {
            let address = Address { q: "a".to_owned(), ..Address::default() };
            let values: Vec<_> = years.iter().map(value).collect();
            bars(&values, &address).into_iter().map(|(_, count)| count).collect::<Vec<_>>()
        };
        assert_eq!(counts(&[("2021", 3), ("2024", 1)]), [3, 0, 0, 1]);
        assert_eq!(counts(&[("1921", 3), ("2024", 1)]), [3, 1]);
        assert_eq!(counts(&[("2021", 3)]), [3]);
        assert!(counts(&[]).is_empty());
    }
}
