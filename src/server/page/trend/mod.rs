//! Page that shows how many releases match, by year or month of publication, for one to four queries.
//!
//! [`page`] counts the releases, `chart.rs` draws them, and a table shows the same numbers. The page shows the first
//! and the latest release of each query above the chart.

mod chart;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde::Deserialize;

use super::{
    address::ResultsAddress,
    filters,
    frame::{Frame, hidden_fields},
    markup,
    messages::{Messages, fill, format_number},
    preferences::Preferences,
};
use crate::{
    query::{Collapse, Facet, Query, Sort},
    search::{Hit, Searcher},
    server::{api_error::ApiError, extract::search_runner},
};

/// Maximum number of queries.
const MAX_COMPARED_QUERIES: usize = 4;
/// Maximum number of months of a chart. If the period is longer, the chart shows its latest months.
const MAX_CHART_MONTHS: usize = 240;

/// Parameters of the page.
#[derive(Debug, Deserialize)]
pub(super) struct TrendParameters {
    /// Query texts.
    #[serde(default)]
    q: Vec<String>,
    /// Unit of the periods.
    #[serde(default)]
    by: PeriodUnit,
    /// Selected facet values, as on a results page.
    #[serde(default)]
    only: Vec<String>,
    /// First day, month or year of publication.
    from: Option<String>,
    /// Last day, month or year of publication.
    to: Option<String>,
}

/// Unit of the periods of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PeriodUnit {
    #[default]
    Year,
    Month,
}

impl PeriodUnit {
    const fn period_facet(self) -> Facet {
        match self {
            Self::Year => Facet::Year,
            Self::Month => Facet::Month,
        }
    }
}

/// Number of releases that match one query, by period and in total.
#[derive(Debug)]
struct TrendSeries {
    address: ResultsAddress,
    /// Number of releases by period, as in `2025` or `2025-12`.
    counts: BTreeMap<String, u64>,
    /// Number of releases, including those without a date.
    total: u64,
    /// Earliest release that the query finds; `None` if no release with a date matches.
    first_release: Option<Hit>,
    /// Latest release that the query finds; `None` if no release with a date matches.
    latest_release: Option<Hit>,
}

impl TrendParameters {
    fn address(&self, q: &str) -> ResultsAddress {
        ResultsAddress {
            q: q.to_owned(),
            only: self.only.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            ..ResultsAddress::default()
        }
    }
}

/// Returns the page with the chart over time.
pub(super) fn page(
    searcher: &Searcher,
    parameters: &TrendParameters,
    preferences: &Preferences,
) -> Result<String, ApiError> {
    let messages = preferences.messages;
    let texts = parameters.q.iter().map(|q| q.trim()).filter(|q| !q.is_empty());
    let series: Vec<TrendSeries> = texts
        .take(MAX_COMPARED_QUERIES)
        .map(|q| count_releases(searcher, parameters.address(q), parameters.by))
        .collect::<Result<_, _>>()?;
    let periods = periods_without_gaps(&series);
    let first_query = series.first().map(|series| series.address.q.as_str()).unwrap_or_default();
    let results = parameters.address(first_query);
    let trend = &messages.trend;
    let main = html! {
        nav.release-bar { a #back href=(results.href()) { "← " (messages.release.back_to_results) } }
        div.trend {
            h1 { (trend.title) }
            p.quiet { (trend.intro) }
            (filters::selected_filters(&parameters.address(""), messages))
            (form(parameters, messages))
            @if periods.is_empty() && !series.is_empty() { p { (trend.no_dated_release_notice) } }
            @if !periods.is_empty() {
                (legend(&series, messages))
                (chart::chart(&series, &periods, messages))
                (table(&series, &periods, messages))
            }
        }
    };
    Ok(Frame { preferences, title: trend.title, address: &results }.page(&main))
}

/// Counts the releases that a query finds, and finds the first and the latest of these releases.
fn count_releases(
    searcher: &Searcher,
    address: ResultsAddress,
    unit: PeriodUnit,
) -> Result<TrendSeries, ApiError> {
    let query = || -> Result<Query, ApiError> {
        address.add_filters(Query::new(&address.q).sort(Sort::Date).collapse(Collapse::Document))
    };
    let counted =
        search_runner::search(searcher, &query()?.limit(1).facets([unit.period_facet()]))?;
    let facet_values = counted.facets.iter().flat_map(|counts| &counts.values);
    let counts: BTreeMap<String, u64> =
        facet_values.map(|value| (value.value.clone(), value.count.documents)).collect();
    let is_match = |hit: &Hit| counted.total > 0 && hit.document.date.is_some();
    let latest_release = counted.hits.into_iter().next().filter(is_match);
    let first_release = match counts.first_key_value() {
        Some((period, &releases)) => {
            let earliest = query()?.only(unit.period_facet(), [period.as_str()]);
            let offset = (releases as usize).saturating_sub(1);
            search_runner::search(searcher, &earliest.limit(1).offset(offset))?
                .hits
                .into_iter()
                .next()
        }
        None => None,
    };
    Ok(TrendSeries {
        address,
        counts,
        total: counted.total_documents,
        first_release,
        latest_release,
    })
}

/// Returns all periods from the first to the last period of all series, without gaps. Returns at most the latest
/// [`MAX_CHART_MONTHS`] months.
fn periods_without_gaps(series: &[TrendSeries]) -> Vec<String> {
    let named: BTreeSet<&str> =
        series.iter().flat_map(|series| series.counts.keys()).map(String::as_str).collect();
    let (Some(first), Some(last)) = (named.first(), named.last()) else { return Vec::new() };
    let parse = |text: &str| -> Option<(u32, Option<u32>)> {
        match text.split_once('-') {
            Some((year, month)) => Some((year.parse().ok()?, Some(month.parse().ok()?))),
            None => Some((text.parse().ok()?, None)),
        }
    };
    match (parse(first), parse(last)) {
        (Some((first, None)), Some((last, None))) => {
            (first..=last).map(|year| format!("{year:04}")).collect()
        }
        (Some((first, Some(first_month))), Some((last, Some(last_month)))) => {
            let (first, last) = (first * 12 + first_month - 1, last * 12 + last_month - 1);
            let name = |number: u32| format!("{:04}-{:02}", number / 12, number % 12 + 1);
            let months = (first..=last).map(name);
            let count = (last - first + 1) as usize;
            months.skip(count.saturating_sub(MAX_CHART_MONTHS)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the form with the queries and the unit of the periods.
fn form(parameters: &TrendParameters, messages: &Messages) -> Markup {
    let texts = &messages.trend;
    let query = |index: usize| parameters.q.get(index).map(String::as_str).unwrap_or_default();
    let filters = parameters.address("").query_parameters();
    html! {
        form.trend-form action="trend" {
            (hidden_fields(filters))
            @for index in 0..MAX_COMPARED_QUERIES {
                @let label = fill(texts.query_number_label, &[&(index + 1).to_string()]);
                label class={ "series-" (index + 1) } {
                    span { (label) }
                    input name="q" value=(query(index)) lang=[markup::chinese_lang(query(index))] autocomplete="off";
                }
            }
            fieldset {
                legend { (texts.period_unit_label) }
                @for (unit, value, name) in [(PeriodUnit::Year, "year", texts.year_unit_name), (PeriodUnit::Month, "month", texts.month_unit)] {
                    label { input type="radio" name="by" value=(value) checked[unit == parameters.by]; " " (name) }
                }
            }
            button.primary { (texts.show_chart_button) }
        }
    }
}

/// Returns the queries with their totals, and the first and the latest release of each.
fn legend(series: &[TrendSeries], messages: &Messages) -> Markup {
    let release = |label: &str, hit: &Hit, address: &ResultsAddress| {
        let date = hit.document.date.map(|date| date.to_string()).unwrap_or_default();
        html! {
            p { span.quiet { (label) " " (date) } " " a href=(address.passage_href(&hit.document.id, &hit.passage)) { (markup::text_with_lang(&markup::release_title(&hit.document))) } }
        }
    };
    html! {
        ul.legend {
            @for (index, TrendSeries { address, total, first_release, latest_release, .. }) in series.iter().enumerate() {
                li class={ "series-" (index + 1) } {
                    h2 { a href=(address.href()) { (markup::text_with_lang(&address.q)) } " " span.count { (messages.results.releases.with_number(*total)) } }
                    @if let Some(hit) = first_release { (release(messages.trend.first_release_label, hit, address)) }
                    @if let Some(hit) = latest_release { (release(messages.trend.latest_release_label, hit, address)) }
                }
            }
        }
    }
}

/// Returns a table with the numbers of the chart. Each number is a link to the counted releases.
fn table(series: &[TrendSeries], periods: &[String], messages: &Messages) -> Markup {
    html! {
        table.numbers {
            caption { (messages.trend.table_caption) }
            thead {
                tr {
                    th scope="col" { (messages.trend.period_column) }
                    @for series in series { th scope="col" { (markup::text_with_lang(&series.address.q)) } }
                }
            }
            tbody {
                @for period in periods {
                    tr {
                        th scope="row" { (period) }
                        @for TrendSeries { address, counts, .. } in series {
                            td {
                                @match counts.get(period) {
                                    Some(count) => a href=(address.with_period(Some(period), Some(period)).href()) { (format_number(*count)) },
                                    None => "0",
                                }
                            }
                        }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" { (messages.trend.total_row_label) }
                    @for series in series { td { (format_number(series.counts.values().sum())) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn releases_are_counted_by_period_with_their_first_and_latest() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, date) in
            [("a", "2021-05-01"), ("b", "2021-03-01"), ("c", "2023-12-01"), ("d", "2024-01-09")]
        {
            let mut document = Document::new(id, "Ports grow.\n\nPorts grow more.");
            document.date = date.parse().ok();
            writer.add(&document).unwrap();
        }
        writer.add(&Document::new("e", "Ports grow.")).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let address = || ResultsAddress { q: "ports".to_owned(), ..ResultsAddress::default() };
        let id = |hit: &Option<Hit>| hit.as_ref().map(|hit| hit.document.id.clone()).unwrap();
        let by_year = count_releases(&searcher, address(), PeriodUnit::Year).unwrap();
        assert_eq!((by_year.total, by_year.counts["2021"]), (5, 2));
        assert_eq!(
            (id(&by_year.first_release), id(&by_year.latest_release)),
            ("b".to_owned(), "d".to_owned())
        );
        assert_eq!(periods_without_gaps(&[by_year]), ["2021", "2022", "2023", "2024"]);
        let by_month = count_releases(&searcher, address(), PeriodUnit::Month).unwrap();
        assert_eq!(id(&by_month.first_release), "b");
        assert_eq!(periods_without_gaps(&[by_month]).len(), 35);
    }
}
