//! Results → the objects that JSON has of them, with every span in the unit that was asked for.
//!
//! The command writes these and the service sends them; its description of itself is made of the same
//! types, so that none of the three can say something else.

use std::collections::BTreeMap;

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::{Page, html, page::Context, snippet::snippet_line};
use crate::{
    document::Date,
    highlight::Fragment,
    query::Note,
    search::{
        DocumentInfo, FacetCounts, FacetValue, Hit, HitCount, NearDuplicates, PassageInfo,
        ScoreComponent,
    },
    span::{Offset, OffsetUnit, Span},
};

/// Where something begins and ends, in the unit of the answer; the end is one past the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Span))]
pub(crate) struct SpanObject([usize; 2]);

/// One page of ranked passages.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = SearchResults))]
pub(crate) struct ResultsObject<'a> {
    /// The query text as it was given.
    query: &'a str,
    /// Every repair and expansion of the query.
    notes: &'a [Note],
    /// How many passages match.
    total: u64,
    /// Whether `total` is exact: it is, unless the search was cut after the time that it may take.
    total_exact: bool,
    /// In how many documents.
    total_documents: u64,
    /// How long the search took, in milliseconds.
    elapsed_ms: f64,
    /// What every span counts in: `utf-8`, `utf-16` or `codepoint`.
    offset_encoding: &'static str,
    /// How many matches have which values, for each facet that was asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "server", schema(required = false))]
    facets: BTreeMap<&'static str, FacetObject<'a>>,
    /// The page, best first.
    hits: Vec<HitObject<'a>>,
    /// Pass it as `cursor` for the next page; null after the last.
    next: Option<&'a str>,
}

/// How many matches have which value of a facet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Facet))]
pub(crate) struct FacetObject<'a> {
    /// Those with the most matches first; all years, in their order.
    values: Vec<ValueObject<'a>>,
    /// How many more values there are.
    more: u64,
    /// How many matches have no value.
    without: CountObject,
}

/// A value of a facet.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = FacetValue))]
pub(crate) struct ValueObject<'a> {
    /// As `only` takes it.
    value: &'a str,
    #[serde(flatten)]
    count: CountObject,
}

/// A number of matches.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = HitCount))]
pub(crate) struct CountObject {
    passages: u64,
    /// Documents that they stand in.
    documents: u64,
}

/// One ranked passage.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Hit))]
pub(crate) struct HitObject<'a> {
    /// Its place among all matches, from 1.
    rank: u64,
    /// What ranked it; comparable within one query only.
    score: f64,
    /// How many other matching passages of its document it stands for, where they are collapsed.
    collapsed: u64,
    /// The other documents that say nearly the same, where those are collapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<NearDuplicatesObject<'a>>,
    document: DocumentObject<'a>,
    passage: PassageObject<'a>,
    snippet: SnippetObject<'a>,
    /// The passages around it, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<ContextObject<'a>>,
    /// A citation of it, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<String>,
    /// What its score is the sum of, where it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(required = false))]
    explanation: Vec<ScoreComponentObject<'a>>,
}

/// Other documents with a passage that says the same as a hit, or nearly.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = NearDuplicates))]
pub(crate) struct NearDuplicatesObject<'a> {
    /// How many there are.
    count: u64,
    /// The day of the earliest.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    first: Option<Date>,
    /// Their ids, the earliest first; at most a hundred.
    documents: &'a [String],
}

/// What is known of a document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Document))]
pub(crate) struct DocumentObject<'a> {
    /// Unique in the index.
    id: &'a str,
    title: Option<&'a str>,
    /// The file it was read from; empty where it was sent.
    source: &'a str,
    /// The other files that say the same, in order.
    also_at: &'a [String],
    /// The day it was published.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    date: Option<Date>,
    /// The body that announced it.
    issuer: Option<&'a str>,
    /// Its language as a BCP 47 code.
    lang: &'a str,
    /// Its canonical address.
    url: Option<&'a str>,
    /// Its number.
    number: Option<&'a str>,
    /// Where these fields come from.
    origins: &'a BTreeMap<String, String>,
    /// Names of the fields that were inferred rather than read.
    inferred: &'a [String],
}

/// A passage: a paragraph of a document, and where it stands.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Passage))]
pub(crate) struct PassageObject<'a> {
    /// `DOCUMENT#ORDINAL`.
    id: &'a str,
    /// Its place in the document, from 0.
    ordinal: u32,
    /// The number of its paragraph, from 1: a very long paragraph is several passages.
    paragraph: u32,
    /// The page it begins on, from 1, where the document has pages.
    page: Option<u32>,
    /// The first 16 hexadecimal digits of the SHA-256 of its text.
    hash: &'a str,
    /// The headings above it, outermost first.
    headings: &'a [String],
    /// The body that announces it.
    issuer: Option<&'a str>,
    /// Who is quoted or reported.
    speaker: Option<&'a str>,
    /// Where it stands in the text of the document.
    span: SpanObject,
    /// Exactly that slice.
    text: &'a str,
}

/// What to show of a passage.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Snippet))]
pub(crate) struct SnippetObject<'a> {
    /// All fragments in one line, with `…` where text was cut.
    text: String,
    /// The same with matches in `<mark>` and everything else escaped.
    html: String,
    fragments: Vec<FragmentObject<'a>>,
    /// What matched in the title of the document.
    title: Vec<SpanObject>,
    /// What matched in each of the passage's headings.
    headings: Vec<Vec<SpanObject>>,
}

/// A stretch of a passage.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Fragment))]
pub(crate) struct FragmentObject<'a> {
    /// Exactly the slice of the passage that `span` names.
    text: &'a str,
    /// Where it stands in the passage.
    span: SpanObject,
    /// What matched, as spans of the passage.
    highlights: Vec<SpanObject>,
}

/// The passages around a hit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Context))]
pub(crate) struct ContextObject<'a> {
    before: Vec<NeighbourObject<'a>>,
    after: Vec<NeighbourObject<'a>>,
}

/// A passage beside a hit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Neighbour))]
pub(crate) struct NeighbourObject<'a> {
    id: &'a str,
    text: &'a str,
}

/// A part of a score.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = ScoreComponent))]
pub(crate) struct ScoreComponentObject<'a> {
    /// What it is for, in words.
    what: &'a str,
    /// How much it adds.
    score: f64,
}

impl<'a> ResultsObject<'a> {
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
            facets: results.facets.iter().map(FacetObject::named).collect(),
            hits: HitObject::all(page, unit).collect(),
            next: results.next.as_deref(),
        }
    }
}

impl<'a> FacetObject<'a> {
    fn named(counts: &'a FacetCounts) -> (&'static str, Self) {
        let FacetCounts { facet, values, more, without } = counts;
        let value = |FacetValue { value, count }: &'a FacetValue| ValueObject {
            value,
            count: CountObject::new(*count),
        };
        let values = values.iter().map(value).collect();
        (facet.name(), Self { values, more: *more, without: CountObject::new(*without) })
    }
}

impl CountObject {
    const fn new(HitCount { passages, documents }: HitCount) -> Self {
        Self { passages, documents }
    }
}

impl<'a> HitObject<'a> {
    /// Every hit of a page.
    pub(super) fn all(page: Page<'a>, unit: OffsetUnit) -> impl Iterator<Item = Self> {
        let hits = page.hits();
        hits.map(move |(hit, context)| Self {
            citation: page.cite.map(|style| hit.citation().in_style(style)),
            ..Self::new(hit, context, unit)
        })
    }

    fn new(hit: &'a Hit, context: Option<&'a Context>, unit: OffsetUnit) -> Self {
        let reason = |ScoreComponent { what, score }: &'a ScoreComponent| ScoreComponentObject {
            what,
            score: *score,
        };
        Self {
            rank: hit.rank,
            score: hit.score,
            collapsed: hit.collapsed,
            also: hit.also.as_ref().map(NearDuplicatesObject::new),
            document: DocumentObject::new(&hit.document),
            passage: PassageObject::new(&hit.passage, unit),
            snippet: SnippetObject::new(hit, unit),
            context: context.map(ContextObject::new),
            citation: None,
            explanation: hit.explanation.iter().map(reason).collect(),
        }
    }
}

impl<'a> NearDuplicatesObject<'a> {
    fn new(NearDuplicates { count, first, documents }: &'a NearDuplicates) -> Self {
        Self { count: *count, first: *first, documents }
    }
}

impl<'a> DocumentObject<'a> {
    pub(crate) fn new(document: &'a DocumentInfo) -> Self {
        Self {
            id: &document.id,
            title: document.title.as_deref(),
            source: &document.source,
            also_at: &document.also_at,
            date: document.date,
            issuer: document.issuer.as_deref(),
            lang: &document.lang,
            url: document.url.as_deref(),
            number: document.number.as_deref(),
            origins: &document.origins,
            inferred: &document.inferred,
        }
    }
}

impl<'a> PassageObject<'a> {
    pub(crate) fn new(passage: &'a PassageInfo, unit: OffsetUnit) -> Self {
        let end = passage.start.after(&passage.text);
        Self {
            id: &passage.id,
            ordinal: passage.ordinal,
            paragraph: passage.paragraph,
            page: passage.page,
            hash: &passage.hash,
            headings: &passage.headings,
            issuer: passage.issuer.as_deref(),
            speaker: passage.speaker.as_deref(),
            span: SpanObject([passage.start.count(unit), end.count(unit)]),
            text: &passage.text,
        }
    }
}

impl<'a> SnippetObject<'a> {
    fn new(hit: &'a Hit, unit: OffsetUnit) -> Self {
        let Hit { document, passage, snippet, .. } = hit;
        let fragment = |Fragment { text, span, highlights, .. }: &'a Fragment| FragmentObject {
            text,
            span: span_object(*span, &passage.text, unit),
            highlights: span_objects(highlights, &passage.text, unit),
        };
        let headings = snippet.headings.iter().zip(&passage.headings);
        let title = document.title.as_deref().unwrap_or_default();
        Self {
            text: snippet_line(snippet, &passage.text, |text, _| text.to_owned()),
            html: snippet_line(snippet, &passage.text, html::html_with_highlights),
            fragments: snippet.fragments.iter().map(fragment).collect(),
            title: span_objects(&snippet.title, title, unit),
            headings: headings.map(|(spans, heading)| span_objects(spans, heading, unit)).collect(),
        }
    }
}

impl<'a> ContextObject<'a> {
    fn new(Context { before, after }: &'a Context) -> Self {
        let short = |passages: &'a [PassageInfo]| {
            passages
                .iter()
                .map(|PassageInfo { id, text, .. }| NeighbourObject { id, text })
                .collect()
        };
        Self { before: short(before), after: short(after) }
    }
}

/// A span of `text`, in `unit`.
fn span_object(span: Span, text: &str, unit: OffsetUnit) -> SpanObject {
    if unit == OffsetUnit::Utf8 {
        return SpanObject([span.start, span.end]);
    }
    let start = Offset::default().after(text.get(..span.start).unwrap_or_default());
    SpanObject([start.count(unit), start.after(span.of(text)).count(unit)])
}

/// Spans of `text`, in `unit`.
pub(crate) fn span_objects(spans: &[Span], text: &str, unit: OffsetUnit) -> Vec<SpanObject> {
    spans.iter().map(|&span| span_object(span, text, unit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_every_unit() {
        let text = "a广😀b";
        for (span, unit, expected) in [
            (Span::new(1, 8), OffsetUnit::Utf8, [1, 8]),
            (Span::new(1, 8), OffsetUnit::Utf16, [1, 4]),
            (Span::new(1, 8), OffsetUnit::Codepoint, [1, 3]),
            (Span::new(8, 9), OffsetUnit::Utf16, [4, 5]),
            (Span::new(8, 9), OffsetUnit::Codepoint, [3, 4]),
            (Span::new(0, 0), OffsetUnit::Utf16, [0, 0]),
        ] {
            assert_eq!(span_object(span, text, unit), SpanObject(expected), "{span:?} {unit:?}");
        }
    }
}
