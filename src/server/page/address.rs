//! Addresses of pages: the parameters of a results page, and all links to results and releases.
//!
//! Links are relative, so that the pages work below any path prefix of a proxy.

use form_urlencoded::Serializer;
use serde::Deserialize;

use super::markup::anchor;
use crate::{
    document::folded_keyword,
    query::{Clause, Collapse, Facet, MAX_SHOWN_PASSAGES_PER_RELEASE, Period, Query, Sort},
    search::PassageInfo,
    server::{
        api::Prefix,
        api_error::ApiError,
        extract::checks::{check_range, non_blank, parse_facet_value},
    },
};

/// Number of hits on a results page.
pub(super) const HITS_PER_PAGE: usize = 10;
/// Number of values of a facet that are counted for a results page. The page lists the most frequent of them, and all
/// selected values.
const MAX_COUNTED_FACET_VALUES: usize = 1_000;
/// Maximum page number, which bounds the work for one page.
const MAX_PAGE_NUMBER: usize = 1_000;

/// Parameters of a results page. Each parameter has the name of a parameter of the API path
/// `/search`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub(super) struct ResultsAddress {
    /// Query text. If the query is blank, the page lists all releases, newest first.
    #[serde(default)]
    pub(super) q: String,
    /// Selected facet values, as `FACET=VALUE`.
    #[serde(default)]
    pub(super) only: Vec<String>,
    /// First day, month or year of the selected period of publication.
    pub(super) from: Option<String>,
    /// Last day, month or year of the selected period of publication.
    pub(super) to: Option<String>,
    #[serde(default)]
    pub(super) sort: Sort,
    /// Grouping of hits. `None` means that each release is shown once with its best passages.
    pub(super) collapse: Option<Collapse>,
    /// Page number, from 1; `None` means 1.
    pub(super) page: Option<usize>,
    /// Whether the last word may be unfinished. No link contains this parameter.
    pub(super) prefix: Option<Prefix>,
}

impl ResultsAddress {
    /// Returns whether the query is blank, so that the page lists all releases.
    pub(super) fn lists_releases(&self) -> bool {
        self.q.trim().is_empty()
    }

    /// Returns whether this is the address of the start page: no query, no filter, first page.
    pub(super) fn is_start_page(&self) -> bool {
        self.lists_releases() && !self.has_filters() && self.page() == 1
    }

    /// Returns whether a facet value or a period is selected.
    pub(super) fn has_filters(&self) -> bool {
        self.facet_values().next().is_some() || self.period() != Period::default()
    }

    /// Returns the selected period of publication. A bound that is not a date counts as absent.
    pub(super) fn period(&self) -> Period {
        let parse = |text: &Option<String>| text.as_deref()?.trim().parse::<Period>().ok();
        Period {
            first: parse(&self.from).and_then(|period| period.first),
            last: parse(&self.to).and_then(|period| period.last),
        }
    }

    /// Returns the bounds of the period that are not dates.
    pub(super) fn malformed_dates(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.from, &self.to].into_iter().flatten();
        texts.filter_map(|text| non_blank(text)).filter(|text| text.parse::<Period>().is_err())
    }

    /// Returns whether the results contain each release at most once.
    pub(super) fn collapses_releases(&self) -> bool {
        self.collapse() == Collapse::Document
    }

    /// Returns the grouping of hits. The default, and the grouping of a list of all releases, is
    /// [`Collapse::Document`].
    pub(super) fn collapse(&self) -> Collapse {
        if self.lists_releases() {
            Collapse::Document
        } else {
            self.collapse.unwrap_or(Collapse::Document)
        }
    }

    /// Returns the page number, from 1.
    pub(super) fn page(&self) -> usize {
        self.page.unwrap_or(1)
    }

    /// Returns the selected facet values. Leaves out malformed values.
    pub(super) fn facet_values(&self) -> impl Iterator<Item = (Facet, &str)> {
        self.only.iter().filter_map(|text| parse_facet_value(text).ok())
    }

    pub(super) fn is_selected(&self, facet: Facet, value: &str) -> bool {
        self.facet_values().any(|(selected_facet, selected)| {
            selected_facet == facet && is_same_facet_value(facet, selected, value)
        })
    }

    /// Converts the parameters to a query.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRequest`](crate::server::api_error::Code::InvalidRequest) if the page number is out of range or
    /// a facet value is malformed.
    pub(super) fn query(&self) -> Result<Query, ApiError> {
        check_range("page", self.page(), 1, MAX_PAGE_NUMBER)?;
        let (query_text, sort) =
            if self.lists_releases() { ("*", Sort::Date) } else { (self.q.as_str(), self.sort) };
        let query = Query::new(query_text)
            .sort(sort)
            .collapse(self.collapse())
            .group_size(if self.lists_releases() { 1 } else { MAX_SHOWN_PASSAGES_PER_RELEASE })
            .prefix_last(self.prefix == Some(Prefix::Last))
            .limit(HITS_PER_PAGE)
            .offset((self.page() - 1) * HITS_PER_PAGE)
            .facet_limit(MAX_COUNTED_FACET_VALUES);
        self.add_filters(query)
    }

    /// Adds the selected facet values and the selected period to a query.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRequest`](crate::server::api_error::Code::InvalidRequest) if a facet value is malformed.
    pub(super) fn add_filters(&self, query: Query) -> Result<Query, ApiError> {
        let period = self.period();
        let query =
            if period == Period::default() { query } else { query.filter(Clause::Dates(period)) };
        self.only.iter().try_fold(query, |query, text| {
            let (facet, value) = parse_facet_value(text)?;
            Ok(query.only(facet, [value]))
        })
    }

    /// Returns the address after a click on a facet value. Selects the value or, if the value is already selected,
    /// removes the value.
    pub(super) fn with_toggled_value(&self, facet: Facet, value: &str) -> Self {
        let mut only = self.only.clone();
        only.retain(|text| {
            !parse_facet_value(text).is_ok_and(|(other_facet, other)| {
                other_facet == facet && is_same_facet_value(facet, other, value)
            })
        });
        if only.len() == self.only.len() {
            only.push(format!("{facet}={value}"));
        }
        Self { only, page: None, ..self.clone() }
    }

    /// Returns the address with `value` as the only selected value of the facet. Without a value, selects no value of
    /// the facet.
    pub(super) fn with_only_value(&self, facet: Facet, value: Option<&str>) -> Self {
        let mut only = self.only.clone();
        only.retain(|text| parse_facet_value(text).is_ok_and(|(other, _)| other != facet));
        only.extend(value.map(|value| format!("{facet}={value}")));
        Self { only, page: None, ..self.clone() }
    }

    /// Returns the address without filters.
    pub(super) fn without_filters(&self) -> Self {
        Self { only: Vec::new(), from: None, to: None, page: None, ..self.clone() }
    }

    /// Returns the address with another period of publication.
    pub(super) fn with_period(&self, from: Option<&str>, to: Option<&str>) -> Self {
        let [from, to] = [from, to].map(|text| text.map(str::to_owned));
        Self { from, to, page: None, ..self.clone() }
    }

    /// Returns the address of the first results page for another query text.
    pub(super) fn with_query(&self, q: impl Into<String>) -> Self {
        Self { q: q.into(), page: None, ..self.clone() }
    }

    pub(super) fn with_sort(&self, sort: Sort) -> Self {
        Self { sort, page: None, ..self.clone() }
    }

    pub(super) fn with_collapse(&self, collapse: Collapse) -> Self {
        let collapse = Some(collapse).filter(|other| *other != Collapse::Document);
        Self { collapse, page: None, ..self.clone() }
    }

    pub(super) fn with_page(&self, page: usize) -> Self {
        Self { page: Some(page), ..self.clone() }
    }

    /// Returns the address of the next page; `None` on the last permitted page.
    pub(super) fn next_page(&self) -> Option<Self> {
        (self.page() < MAX_PAGE_NUMBER).then(|| self.with_page(self.page() + 1))
    }

    /// Returns the link to the results page of this address.
    pub(super) fn href(&self) -> String {
        let parameters = self.query_parameters();
        if parameters.is_empty() {
            "./".to_owned()
        } else {
            format!("./?{}", query_string(parameters))
        }
    }

    /// Returns the link to a passage on the page of its release. The link contains this address, so that the page can
    /// link back to the results.
    pub(super) fn passage_href(&self, document: &str, passage: &PassageInfo) -> String {
        format!("{}#{}", self.release_href(document), anchor(passage))
    }

    /// Returns the link to a release. The link contains this address, so that the page can link back to the results.
    pub(super) fn release_href(&self, document: &str) -> String {
        self.href_with_id("release", document)
    }

    /// Returns the link to the passages similar to a passage. The link contains this address, so that the page can link
    /// back to the results.
    pub(super) fn similar_href(&self, passage: &PassageInfo) -> String {
        self.href_with_id("similar", &passage.id)
    }

    /// Returns the link to a page about the release or passage `id`. The link contains this address.
    pub(super) fn href_with_id(&self, path: &str, id: &str) -> String {
        self.href_with_parameters(path, &[("id", id)])
    }

    /// Returns the link to another page with further parameters. The link contains this address.
    pub(super) fn href_with_parameters(
        &self,
        path: &str,
        parameters: &[(&'static str, &str)],
    ) -> String {
        let further = parameters.iter().map(|(name, value)| (*name, (*value).to_owned()));
        format!("{path}?{}", query_string(further.chain(self.query_parameters()).collect()))
    }

    /// Returns the hidden fields of the search form, so that a new query uses the current filters and order.
    pub(super) fn hidden_form_fields(&self) -> Vec<(&'static str, String)> {
        self.with_query("").query_parameters()
    }

    /// Returns the parameters of the query string that differ from their defaults.
    pub(super) fn query_parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if !self.q.is_empty() {
            parameters.push(("q", self.q.clone()));
        }
        parameters.extend(self.only.iter().map(|text| ("only", text.clone())));
        for (name, date) in [("from", &self.from), ("to", &self.to)] {
            let date = date.as_deref().and_then(non_blank);
            parameters.extend(date.map(|date| (name, date.to_owned())));
        }
        if self.sort != Sort::Score {
            parameters.push(("sort", self.sort.to_string()));
        }
        match self.collapse {
            None | Some(Collapse::Document) => {}
            Some(other) => parameters.push(("collapse", other.name().to_owned())),
        }
        if let Some(page) = self.page.filter(|page| *page != 1) {
            parameters.push(("page", page.to_string()));
        }
        parameters
    }
}

pub(super) fn query_string(pairs: Vec<(&str, String)>) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Returns whether two texts are the same value of a facet. Two spellings of a keyword that differ only in case are the
/// same value.
pub(super) fn is_same_facet_value(facet: Facet, value: &str, other: &str) -> bool {
    match facet {
        Facet::Declared(_) => folded_keyword(value) == folded_keyword(other),
        _ => value == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::extract::query_string::parse_query_string;

    fn parse(query: &str) -> ResultsAddress {
        parse_query_string(query).unwrap()
    }

    #[test]
    fn an_address_printed_as_a_link_parses_to_an_equal_address() {
        for query in [
            "q=flying+car",
            "q=%22a%26b%22&only=issuer%3DA%3DB&only=year%3D2025&sort=date&collapse=none&page=3",
            "only=lang%3Dzh-Hans",
            "q=a&from=2024-05&to=2025",
            "q=a&collapse=near",
        ] {
            assert_eq!(parse(query).href(), format!("./?{query}"));
        }
        assert_eq!(parse("").href(), "./");
        assert_eq!(parse("q=a&page=1&sort=score&collapse=document").href(), "./?q=a");
    }

    #[test]
    fn new_filters_and_orders_start_at_the_first_page() {
        let address = parse("q=a&only=year%3D2025&page=3");
        for (other, href) in [
            (
                address.with_toggled_value(Facet::Year, "2024"),
                "./?q=a&only=year%3D2025&only=year%3D2024",
            ),
            (address.with_toggled_value(Facet::Year, "2025"), "./?q=a"),
            (address.without_filters(), "./?q=a"),
            (address.with_sort(Sort::Date), "./?q=a&only=year%3D2025&sort=date"),
            (address.with_collapse(Collapse::Document), "./?q=a&only=year%3D2025"),
            (address.with_page(2), "./?q=a&only=year%3D2025&page=2"),
        ] {
            assert_eq!(other.href(), href);
        }
        assert_eq!(address.hidden_form_fields(), [("only", "year=2025".to_owned())]);
    }

    #[test]
    fn bounds_of_the_period_are_optional_and_inclusive() {
        for (query, period) in [
            ("from=2024-05&to=2025", "2024-05-01..2025-12-31"),
            ("from=2024", "2024-01-01.."),
            ("to=2024-02", "..2024-02-29"),
            ("from=soon&to=2024", "..2024-12-31"),
            ("from=&to=", ".."),
        ] {
            assert_eq!(parse(query).period().to_string(), period, "{query}");
        }
        assert_eq!(parse("from=soon&to=2024").malformed_dates().collect::<Vec<_>>(), ["soon"]);
        assert!(parse("from=&to=").is_start_page());
    }

    #[test]
    fn page_numbers_are_limited() {
        assert_eq!(parse("q=a").next_page(), Some(parse("q=a&page=2")));
        assert_eq!(parse("q=a&page=1000").next_page(), None);
    }

    #[test]
    fn malformed_filters_and_page_numbers_are_refused() {
        for query in ["only=title%3D1", "page=0", "page=1001"] {
            assert!(parse(query).query().is_err(), "{query}");
        }
    }
}
