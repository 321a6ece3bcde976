//! The object of a page of results, with its facet counts.

use std::collections::BTreeMap;

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::hit::HitObject;
use crate::{
    query::Note,
    render::Page,
    search::{FacetCounts, FacetValue, HitCount},
    span::OffsetUnit,
};

/// One page of ranked passages.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = SearchResults))]
pub(crate) struct ResultsObject<'a> {
    /// The query text as the client sent it.
    query: &'a str,
    /// Repairs and expansions of the query.
    notes: &'a [Note],
    /// Number of matching passages.
    total: u64,
    /// Whether `total` is exact; false only if the time limit ended the search early.
    total_exact: bool,
    /// Number of documents with a matching passage.
    total_documents: u64,
    /// Duration of the search in milliseconds.
    elapsed_ms: f64,
    /// Unit of every span: `utf-8`, `utf-16` or `codepoint`.
    offset_encoding: &'static str,
    /// Counts of matches by value, for each requested facet.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "server", schema(required = false))]
    facets: BTreeMap<&'static str, FacetObject<'a>>,
    /// Hits of this page, best first.
    hits: Vec<HitObject<'a>>,
    /// Value of `cursor` for the next page; null after the last.
    next: Option<&'a str>,
}

/// Counts of matches by the values of one facet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Facet))]
pub(crate) struct FacetObject<'a> {
    /// Values with the most matches first; for `year` all years in chronological order.
    values: Vec<FacetValueObject<'a>>,
    /// Number of further values that are not listed.
    more: u64,
    /// Matches without a value.
    without: CountObject,
}

/// A value of a facet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = FacetValue))]
pub(crate) struct FacetValueObject<'a> {
    /// Value in the form that the parameter `only` takes.
    value: &'a str,
    #[serde(flatten)]
    count: CountObject,
}

/// A number of matches.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = HitCount))]
pub(crate) struct CountObject {
    passages: u64,
    /// Number of documents with such a passage.
    documents: u64,
}

impl<'a> ResultsObject<'a> {
    /// Returns the object of a page, with spans in `unit`.
    pub(crate) fn new(page: Page<'a>, unit: OffsetUnit) -> Self {
        let results = page.results;
        Self {
            query: &results.query,
            notes: &results.notes,
            total: results.total,
            total_exact: !results.cut,
            total_documents: results.total_documents,
            elapsed_ms: (results.elapsed.as_secs_f64() * 1e6).round() / 1e3,
            offset_encoding: unit.name(),
            facets: results
                .facets
                .iter()
                .map(|counts| (counts.facet.name(), FacetObject::new(counts)))
                .collect(),
            hits: HitObject::all(page, unit).collect(),
            next: results.next.as_deref(),
        }
    }
}

impl<'a> FacetObject<'a> {
    fn new(FacetCounts { values, more, without, .. }: &'a FacetCounts) -> Self {
        let value = |FacetValue { value, count }: &'a FacetValue| FacetValueObject {
            value,
            count: CountObject::new(*count),
        };
        Self {
            values: values.iter().map(value).collect(),
            more: *more,
            without: CountObject::new(*without),
        }
    }
}

impl CountObject {
    const fn new(HitCount { passages, documents }: HitCount) -> Self {
        Self { passages, documents }
    }
}
