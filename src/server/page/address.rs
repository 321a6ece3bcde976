//! The address of a page ↔ what it shows. Every link to results or to a release is made here.
//!
//! Links are relative, so that the pages work below any path of a proxy.

use form_urlencoded::Serializer;
use serde::Deserialize;

use super::anchor;
use crate::{
    query::{Collapse, Facet, Query, Sort},
    search::PassageInfo,
    server::{
        api::search_request::{chosen, within},
        api_error::Failure,
    },
};

/// So many hits are on a page.
const HITS: usize = 10;
/// So many values of a facet are offered.
const FACET_VALUES: usize = 8;
/// Nobody reads further; it bounds the work for one page.
const MOST_PAGES: usize = 1_000;

/// What a page of results shows; the names are those of `/search`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub(super) struct Address {
    /// The query; without one, all releases, the newest first.
    #[serde(default)]
    pub(super) q: String,
    /// Values chosen of facets, as `FACET=VALUE`.
    #[serde(default)]
    pub(super) only: Vec<String>,
    #[serde(default)]
    pub(super) sort: Sort,
    #[serde(default)]
    pub(super) collapse: Collapse,
    /// Which page, from 1.
    pub(super) page: Option<usize>,
}

impl Address {
    /// Whether there is no query, and all releases are shown.
    pub(super) fn browses(&self) -> bool {
        self.q.trim().is_empty()
    }

    /// Whether each release is shown once.
    pub(super) fn collapses(&self) -> bool {
        self.collapse() == Collapse::Document
    }

    pub(super) fn collapse(&self) -> Collapse {
        if self.browses() { Collapse::Document } else { self.collapse }
    }

    pub(super) fn page(&self) -> usize {
        self.page.unwrap_or(1)
    }

    /// Facets of which something is chosen, with that.
    pub(super) fn chosen(&self) -> impl Iterator<Item = (Facet, &str)> {
        self.only.iter().filter_map(|text| chosen(text).ok())
    }

    pub(super) fn has(&self, facet: Facet, value: &str) -> bool {
        self.chosen().any(|one| one == (facet, value))
    }

    /// What to search for.
    pub(super) fn query(&self) -> Result<Query, Failure> {
        within("page", self.page(), 1, MOST_PAGES)?;
        let (text, sort) =
            if self.browses() { ("*", Sort::Date) } else { (self.q.as_str(), self.sort) };
        let query = Query::new(text)
            .sort(sort)
            .collapse(self.collapse())
            .limit(HITS)
            .offset((self.page() - 1) * HITS)
            .facets(Facet::ALL)
            .facet_limit(FACET_VALUES);
        self.only.iter().try_fold(query, |query, text| {
            let (facet, value) = chosen(text)?;
            Ok(query.only(facet, [value]))
        })
    }

    /// The same with a value of a facet chosen, or no longer.
    pub(super) fn toggled(&self, facet: Facet, value: &str) -> Self {
        let text = format!("{facet}={value}");
        let mut only = self.only.clone();
        only.retain(|other| *other != text);
        if only.len() == self.only.len() {
            only.push(text);
        }
        Self { only, page: None, ..self.clone() }
    }

    /// The same without anything chosen.
    pub(super) fn unfiltered(&self) -> Self {
        Self { only: Vec::new(), page: None, ..self.clone() }
    }

    pub(super) fn sorted(&self, sort: Sort) -> Self {
        Self { sort, page: None, ..self.clone() }
    }

    pub(super) fn collapsed(&self, collapse: Collapse) -> Self {
        Self { collapse, page: None, ..self.clone() }
    }

    pub(super) fn at(&self, page: usize) -> Self {
        Self { page: Some(page), ..self.clone() }
    }

    /// The address of the page after this one, if one may be asked for.
    pub(super) fn next(&self) -> Option<Self> {
        (self.page() < MOST_PAGES).then(|| self.at(self.page() + 1))
    }

    /// The link to these results.
    pub(super) fn href(&self) -> String {
        let pairs = self.pairs();
        if pairs.is_empty() { "./".to_owned() } else { format!("./?{}", encoded(pairs)) }
    }

    /// The link to a passage within its release, which leads back to these results.
    pub(super) fn release(&self, document: &str, passage: &PassageInfo) -> String {
        format!("{}#{}", self.whole_release(document), anchor(passage))
    }

    /// The link to a release, which leads back to these results.
    pub(super) fn whole_release(&self, document: &str) -> String {
        self.with_id("release", document)
    }

    /// The link to what resembles a passage, which leads back to these results.
    pub(super) fn similar(&self, passage: &PassageInfo) -> String {
        self.with_id("similar", &passage.id)
    }

    fn with_id(&self, path: &str, id: &str) -> String {
        let mut pairs = self.pairs();
        pairs.insert(0, ("id", id.to_owned()));
        format!("{path}?{}", encoded(pairs))
    }

    /// What a form must carry along so that a new query keeps the choices.
    pub(super) fn carried(&self) -> Vec<(&'static str, String)> {
        let fresh = Self { q: String::new(), page: None, ..self.clone() };
        fresh.pairs()
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.q.is_empty() {
            pairs.push(("q", self.q.clone()));
        }
        pairs.extend(self.only.iter().map(|text| ("only", text.clone())));
        if self.sort == Sort::Date {
            pairs.push(("sort", "date".to_owned()));
        }
        match self.collapse {
            Collapse::None => {}
            Collapse::Document => pairs.push(("collapse", "document".to_owned())),
            Collapse::Near => pairs.push(("collapse", "near".to_owned())),
        }
        if let Some(page) = self.page.filter(|page| *page != 1) {
            pairs.push(("page", page.to_string()));
        }
        pairs
    }
}

fn encoded(pairs: Vec<(&str, String)>) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Address {
        serde_html_form::from_str(query).unwrap()
    }

    #[test]
    fn an_address_is_written_as_it_is_read() {
        for query in [
            "q=flying+car",
            "q=%22a%26b%22&only=issuer%3DA%3DB&only=year%3D2025&sort=date&collapse=document&page=3",
            "only=lang%3Dzh-Hans",
            "q=a&collapse=near",
        ] {
            assert_eq!(read(query).href(), format!("./?{query}"));
        }
        assert_eq!(read("").href(), "./");
        assert_eq!(read("q=a&page=1&sort=score").href(), "./?q=a");
    }

    #[test]
    fn choices_begin_at_the_first_page() {
        let address = read("q=a&only=year%3D2025&page=3");
        for (other, href) in [
            (address.toggled(Facet::Year, "2024"), "./?q=a&only=year%3D2025&only=year%3D2024"),
            (address.toggled(Facet::Year, "2025"), "./?q=a"),
            (address.unfiltered(), "./?q=a"),
            (address.sorted(Sort::Date), "./?q=a&only=year%3D2025&sort=date"),
            (address.collapsed(Collapse::Document), "./?q=a&only=year%3D2025&collapse=document"),
            (address.at(2), "./?q=a&only=year%3D2025&page=2"),
        ] {
            assert_eq!(other.href(), href);
        }
        assert_eq!(address.carried(), [("only", "year=2025".to_owned())]);
    }

    #[test]
    fn pages_have_an_end() {
        assert_eq!(read("q=a").next(), Some(read("q=a&page=2")));
        assert_eq!(read("q=a&page=1000").next(), None);
    }

    #[test]
    fn what_is_no_choice_is_refused() {
        for query in ["only=size%3D1", "page=0", "page=1001"] {
            assert!(read(query).query().is_err(), "{query}");
        }
    }
}
