//! Counts of matches → filters to choose from, and a chart of the years.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{
    address::Address,
    messages::{Words, number},
    shown,
};
use crate::{
    query::Facet,
    search::{FacetCounts, FacetValue, HitCount},
};

/// Years without matches are shown between those that have some, unless that made a chart of nothing else.
const MOST_YEARS: u32 = 40;

pub(super) fn filters(counts: &[FacetCounts], address: &Address, words: &Words) -> Markup {
    let tells = |counts: &&FacetCounts| {
        counts.values.len() > 1 || address.chosen().any(|(facet, _)| facet == counts.facet)
    };
    let (years, others): (Vec<_>, Vec<_>) =
        counts.iter().filter(tells).partition(|counts| counts.facet == Facet::Year);
    html! {
        @for counts in years { (chart(counts, address, words)) }
        @for counts in others { (list(counts, address, words)) }
    }
}

fn list(counts: &FacetCounts, address: &Address, words: &Words) -> Markup {
    let FacetCounts { facet, values, more, .. } = counts;
    html! {
        section.facet {
            h2 { (words.facet(*facet)) }
            ul {
                @for FacetValue { value, count } in values {
                    li { (link(*facet, value, address, &html! {
                        span.value { (shown(words.value(*facet, value))) }
                        " " span.count { (number(counted(*count, address))) }
                    })) }
                }
            }
            @if *more > 0 { p.quiet { (words.more_values(*more)) } }
        }
    }
}

/// A bar for each year, as high as its share of the most.
fn chart(counts: &FacetCounts, address: &Address, words: &Words) -> Markup {
    let FacetCounts { facet, values, without, .. } = counts;
    let bars = bars(values, address);
    let most = bars.iter().map(|&(_, count)| count).max().unwrap_or_default().max(1);
    html! {
        section.facet {
            h2 { (words.facet(*facet)) }
            ol.years {
                @for (year, count) in &bars {
                    @let says = format!("{year}: {}", words.count(*count, address.collapses()));
                    @let height = (count * 100).div_ceil(most);
                    li {
                        @if *count == 0 && !address.has(*facet, year) {
                            span.bar title=(says) {}
                        } @else {
                            (link(*facet, year, address, &html! {
                                svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true" {
                                    title { (says) }
                                    rect.room width="1" height="100" {}
                                    rect width="1" height=(height) y=(100 - height) {}
                                }
                                span.hidden { (says) }
                            }))
                        }
                    }
                }
            }
            p.ends aria-hidden="true" {
                @if let Some((first, _)) = bars.first() { span { (first) } }
                @if let [_, .., (last, _)] = bars.as_slice() { span { (last) } }
            }
            @let undated = counted(*without, address);
            @if undated > 0 { p.quiet { (words.undated(undated)) } }
        }
    }
}

/// Years in their order with how many matches they have.
fn bars(values: &[FacetValue], address: &Address) -> Vec<(String, u64)> {
    let counts: BTreeMap<u32, u64> = values
        .iter()
        .filter_map(|FacetValue { value, count }| {
            Some((value.parse().ok()?, counted(*count, address)))
        })
        .collect();
    let (Some((&first, _)), Some((&last, _))) = (counts.first_key_value(), counts.last_key_value())
    else {
        return Vec::new();
    };
    let all = last - first < MOST_YEARS;
    let years = (first..=last).filter(|year| all || counts.contains_key(year));
    years.map(|year| (year.to_string(), counts.get(&year).copied().unwrap_or_default())).collect()
}

/// A link that chooses a value, or takes it back.
fn link(facet: Facet, value: &str, address: &Address, content: &Markup) -> Markup {
    let now = address.has(facet, value).then_some("true");
    let key = format!("{facet}={value}");
    html! {
        a href=(address.toggled(facet, value).href()) data-key=(key) aria-current=[now] { (content) }
    }
}

/// What the results are counted in: passages, or releases where each is shown once.
fn counted(count: HitCount, address: &Address) -> u64 {
    if address.collapses() { count.documents } else { count.passages }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_without_matches_stand_between_those_with_some() {
        let value = |&(year, passages): &(&str, u64)| FacetValue {
            value: year.to_owned(),
            count: HitCount { passages, documents: 1 },
        };
        let shown = |years: &[(&str, u64)]| {
            let address = Address { q: "a".to_owned(), ..Address::default() };
            let values: Vec<_> = years.iter().map(value).collect();
            bars(&values, &address).into_iter().map(|(_, count)| count).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[("2021", 3), ("2024", 1)]), [3, 0, 0, 1]);
        assert_eq!(shown(&[("1921", 3), ("2024", 1)]), [3, 1]);
        assert_eq!(shown(&[("2021", 3)]), [3]);
        assert!(shown(&[]).is_empty());
    }
}
