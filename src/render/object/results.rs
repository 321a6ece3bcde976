//! JSON object that represents a page of results, with its facet counts.

use std::collections::BTreeMap;

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::hit::HitObject;
use crate::{
    query::Note,
    render::{Page, page::HitWithContext},
    search::{FacetCounts, FacetValue, Hit, HitCount},
    span::OffsetUnit,
};

/// One page of ranked passages.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = SearchResults))]
pub(crate) struct ResultsObject<'a> {
    /// The query text as the client sent it.
    query: &'a str,
    /// Notes about repairs and expansions of the query.
    notes: &'a [Note],
    /// Number of passages that match in full: every word is in the passage, or in the title and headings above it while
    /// at least one word is in the passage itself.
    total: u64,
    /// Whether `total` is exact. False if the time limit ended the search early.
    total_exact: bool,
    /// Number of documents that contain a full match.
    total_documents: u64,
    /// Number of other matches: passages that lack a word of the query. Other matches follow the full matches.
    total_other: u64,
    /// Whether `total_other` is exact. False if the full matches filled the page, so that other matches were not
    /// counted.
    total_other_exact: bool,
    /// Duration of the search in milliseconds.
    elapsed_ms: f64,
    /// Unit of every span: `utf-8`, `utf-16` or `codepoint`.
    #[cfg_attr(feature = "server", schema(value_type = OffsetUnit))]
    offset_encoding: &'static str,
    /// Numbers of matches by value, for each requested facet.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "server", schema(required = false))]
    facets: BTreeMap<&'a str, FacetObject<'a>>,
    /// Hits of this page, the best first. Empty if hits are grouped by release.
    hits: Vec<HitObject<'a>>,
    /// Releases of this page, the best first; absent unless hits are grouped by release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(nullable = false))]
    groups: Option<Vec<GroupObject<'a>>>,
    /// Value of the parameter `cursor` that requests the next page; null on the last page.
    next: Option<&'a str>,
}

/// A release with its best passages.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Group))]
pub(crate) struct GroupObject<'a> {
    /// Rank of the release among all matching releases, from 1.
    rank: u64,
    /// Id of the document.
    document: &'a str,
    /// Best passages of the release, at most three, the best first.
    hits: Vec<HitObject<'a>>,
    /// Number of further matching passages of the release that are not shown.
    more: u64,
}

/// Numbers of matches by the values of one facet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Facet))]
pub(crate) struct FacetObject<'a> {
    /// Values of the facet, the value with the most matches first. Years are complete and in chronological order.
    values: Vec<FacetValueObject<'a>>,
    /// Number of values of the facet that are not listed.
    more: u64,
    /// Number of matches without a value of the facet.
    without: CountObject,
}

/// A value of a facet, with its number of matches.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = FacetValue))]
pub(crate) struct FacetValueObject<'a> {
    /// Value of the facet, in the form that the parameter `only` accepts.
    value: &'a str,
    #[serde(flatten)]
    count: CountObject,
}

/// A number of matches, in passages and in documents.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = HitCount))]
pub(crate) struct CountObject {
    passages: u64,
    /// Number of documents that contain a matching passage.
    documents: u64,
}

impl<'a> ResultsObject<'a> {
    /// Returns the JSON object of a page, with spans in `unit`.
    pub(crate) fn new(page: Page<'a>, unit: OffsetUnit) -> Self {
        let results = page.results;
        Self {
            query: &results.query,
            notes: &results.notes,
            total: results.total,
            total_exact: !results.cut,
            total_documents: results.total_documents,
            total_other: results.total_other,
            total_other_exact: results.total_other_exact,
            elapsed_ms: (results.elapsed.as_secs_f64() * 1e6).round() / 1e3,
            offset_encoding: unit.name(),
            facets: results
                .facets
                .iter()
                .map(|counts| (counts.facet.name(), FacetObject::new(counts)))
                .collect(),
            hits: if page.groups_by_release {
                Vec::new()
            } else {
                HitObject::of_page(page, unit).collect()
            },
            groups: page.groups_by_release.then(|| GroupObject::of_page(page, unit)),
            next: results.next.as_deref(),
        }
    }
}

impl<'a> GroupObject<'a> {
    fn of_page(page: Page<'a>, unit: OffsetUnit) -> Vec<Self> {
        let group = |(hit, passages): (&'a Hit, Vec<HitWithContext<'a>>)| Self {
            rank: hit.rank,
            document: &hit.document.id,
            more: hit.collapsed,
            hits: passages
                .into_iter()
                .map(|passage| HitObject::of_passage(page, passage, unit))
                .collect(),
        };
        page.results.hits.iter().zip(page.hits()).map(group).collect()
    }
}

impl<'a> FacetObject<'a> {
    fn new(FacetCounts { values, more_values, without_value, .. }: &'a FacetCounts) -> Self {
        let value_object = |FacetValue { value, count }: &'a FacetValue| FacetValueObject {
            value,
            count: CountObject::new(*count),
        };
        Self {
            values: values.iter().map(value_object).collect(),
            more: *more_values,
            without: CountObject::new(*without_value),
        }
    }
}

impl CountObject {
    const fn new(HitCount { passages, documents }: HitCount) -> Self {
        Self { passages, documents }
    }
}
