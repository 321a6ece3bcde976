//! Chart of the dates of the results: one bar per year, group of years or month, on an axis without gaps.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::displayed_count;
use crate::{
    query::{Facet, Period},
    search::FacetCounts,
    server::page::{
        address::ResultsAddress,
        frame::hidden_fields,
        messages::{Messages, format_number},
    },
};

/// Maximum number of bars of a chart by year.
const MAX_YEAR_BARS: u32 = 48;
/// Maximum number of months of a period whose bars are months.
const MAX_MONTH_BARS: u32 = 36;
/// Numbers of years that one bar of the chart may cover, ascending.
const YEARS_PER_BAR_CHOICES: [u32; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/// Maximum number of labels below the axis.
const MAX_AXIS_LABELS: u32 = 5;

/// Bar of the chart, for one month, one year or several years.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bar {
    /// First year or month, as in the parameter `from` of a results page.
    from: String,
    /// Last year or month.
    to: String,
    /// Number of releases in the period of the bar. If the page lists every passage, number of passages.
    count: u64,
    /// Label below the bar; `None` for most bars of a long axis.
    label: Option<String>,
}

impl Bar {
    fn period_name(&self) -> String {
        if self.from == self.to {
            self.from.clone()
        } else {
            format!("{}–{}", self.from, self.to)
        }
    }
}

/// Returns the unit of the bars: months if the selected period has both bounds and is short, otherwise years.
pub(super) fn month_or_year_facet(period: Period) -> Facet {
    let months = period.first.zip(period.last).and_then(|(first, last)| {
        let number = |(year, month): (u16, u16)| u32::from(year) * 12 + u32::from(month);
        number(last.year_and_month()?).checked_sub(number(first.year_and_month()?))
    });
    if months.is_some_and(|months| months < MAX_MONTH_BARS) { Facet::Month } else { Facet::Year }
}

/// Returns the chart, and the fields for the first and the last date.
pub(super) fn date_section(
    counts: &FacetCounts,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let bars = bars_of_counts(counts, address);
    let has_bar = bars.iter().any(|bar| bar.count > 0);
    let filters = &messages.filters;
    let undated = displayed_count(counts.without_value, address);
    html! {
        section.facet.dates {
            h2 { (filters.date) }
            @if has_bar && (bars.len() > 1 || address.has_filters()) { (chart(&bars, address, messages)) }
            @if has_bar && bars.len() > 1 { p.quiet.needs-script.drag-hint { (filters.period_drag_hint) } }
            form.period action="./" {
                (hidden_fields(address.with_period(None, None).query_parameters()))
                label { span { (filters.from_date) } input name="from" value=[address.from.as_deref()] inputmode="numeric" placeholder="2024-05" autocomplete="off" title=(filters.date_format_hint); }
                label { span { (filters.to_date) } input name="to" value=[address.to.as_deref()] inputmode="numeric" placeholder="2024-12" autocomplete="off" title=(filters.date_format_hint); }
                button { (filters.apply_dates_button) }
            }
            @if address.period() != Period::default() {
                p.all { a href=(address.with_period(None, None).href()) { (filters.all_years) } }
            }
            @if undated > 0 { p.quiet { (filters.undated_release_count.with_number(undated)) } }
        }
    }
}

/// Returns the bars with their axis, as HTML. The highest bar has the full height. Each bar is a link that selects the
/// period of the bar.
fn chart(bars: &[Bar], address: &ResultsAddress, messages: &Messages) -> Markup {
    let max_count = bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
    let unit = if address.collapses_releases() {
        messages.results.releases
    } else {
        messages.results.passages
    };
    html! {
        div.chart {
            p.peak aria-hidden="true" { (format_number(max_count)) }
            ol.bars data-chart {
                @for bar in bars {
                    @let height = (bar.count * 100).div_ceil(max_count);
                    @let label = format!("{}: {}", bar.period_name(), unit.with_number(bar.count));
                    @let target = address.with_period(Some(&bar.from), Some(&bar.to));
                    li data-from=(bar.from) data-to=(bar.to) data-count=(bar.count) {
                        @if bar.count > 0 {
                            a href=(target.href()) data-key={ "date=" (bar.from) } {
                                svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true" {
                                    rect width="1" height=(height) y=(100 - height) {}
                                }
                                span.value { (label) }
                            }
                        }
                        @if let Some(tick) = &bar.label { span.tick aria-hidden="true" { (tick) } }
                    }
                }
            }
            output.chosen hidden {}
        }
    }
}

/// Returns the bars of the selected period or, without a period, from the first to the last date of the results.
fn bars_of_counts(counts: &FacetCounts, address: &ResultsAddress) -> Vec<Bar> {
    let period = address.period();
    let is_month = counts.facet == Facet::Month;
    let number = |text: &str| {
        let mut parts = text.split('-').map_while(|part| part.parse::<u32>().ok());
        let (year, month) = (parts.next()?, parts.next().unwrap_or(1));
        Some(if is_month { year * 12 + month - 1 } else { year })
    };
    let counted: BTreeMap<u32, u64> = counts
        .values
        .iter()
        .filter_map(|value| Some((number(&value.value)?, displayed_count(value.count, address))))
        .collect();
    let bound = |day: Option<crate::document::Date>| day.and_then(|day| number(&day.to_string()));
    let first = bound(period.first).or_else(|| counted.keys().next().copied());
    let last = bound(period.last).or_else(|| counted.keys().next_back().copied());
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    if last < first {
        return Vec::new();
    }
    if is_month { month_bars(&counted, first, last) } else { year_bars(&counted, first, last) }
}

/// Returns one bar for each year or, for a long period, for each group of years.
fn year_bars(counts: &BTreeMap<u32, u64>, first: u32, last: u32) -> Vec<Bar> {
    let fitting_years = |max_steps: u32| {
        let fits = |years: &&u32| (last - first) / **years < max_steps;
        YEARS_PER_BAR_CHOICES.iter().find(fits).copied().unwrap_or(1_000)
    };
    let bar_years = fitting_years(MAX_YEAR_BARS);
    let label_years = fitting_years(MAX_AXIS_LABELS).max(bar_years);
    let starts = (first - first % bar_years..=last).step_by(bar_years as usize);
    starts
        .map(|start| {
            let end = start + bar_years - 1;
            Bar {
                from: format!("{start:04}"),
                to: format!("{end:04}"),
                count: counts.range(start..=end).map(|(_, count)| count).sum(),
                label: start.is_multiple_of(label_years).then(|| start.to_string()),
            }
        })
        .collect()
}

/// Returns one bar for each month. Months are numbered from January of the year 0.
fn month_bars(counts: &BTreeMap<u32, u64>, first: u32, last: u32) -> Vec<Bar> {
    let is_short = last - first < 12;
    let bar = |number: u32| {
        let (year, month) = (number / 12, number % 12 + 1);
        let name = format!("{year:04}-{month:02}");
        let is_labelled = month == 1 || is_short && (month % 3 == 1 || number == first);
        Bar {
            from: name.clone(),
            to: name.clone(),
            count: counts.get(&number).copied().unwrap_or_default(),
            label: is_labelled.then(|| if month == 1 { format!("{year}") } else { name }),
        }
    };
    (first..=last).map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(u32, u64)]) -> BTreeMap<u32, u64> {
        pairs.iter().copied().collect()
    }

    #[test]
    fn the_axis_has_a_bar_for_every_year() {
        let bars = year_bars(&counts(&[(2021, 3), (2024, 1)]), 2021, 2024);
        assert_eq!(bars.iter().map(|bar| bar.count).collect::<Vec<_>>(), [3, 0, 0, 1]);
        let bars = year_bars(&counts(&[(1881, 1), (1999, 2), (2026, 4)]), 1881, 2026);
        assert_eq!(bars.len(), 30);
        assert_eq!((bars[0].period_name().as_str(), bars[0].count), ("1880–1884", 1));
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 7);
        let ticks: Vec<_> = bars.iter().filter_map(|bar| bar.label.as_deref()).collect();
        assert_eq!(ticks, ["1900", "1950", "2000"]);
        assert_eq!(year_bars(&counts(&[(2021, 3)]), 2021, 2021).len(), 1);
    }

    #[test]
    fn a_short_period_has_bars_of_months() {
        let period = |text: &str| text.parse::<Period>().unwrap();
        for (text, facet) in [
            ("2022..2024", Facet::Month),
            ("2021..2024", Facet::Year),
            ("2024..", Facet::Year),
            ("2024-05..2024-05", Facet::Month),
        ] {
            assert_eq!(month_or_year_facet(period(text)), facet, "{text}");
        }
        let january = 2024 * 12;
        let bars = month_bars(&counts(&[(january + 1, 7)]), january - 1, january + 1);
        let names: Vec<_> = bars.iter().map(|bar| (bar.from.as_str(), bar.count)).collect();
        assert_eq!(names, [("2023-12", 0), ("2024-01", 0), ("2024-02", 7)]);
    }
}
