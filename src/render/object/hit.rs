//! JSON object that represents a hit, with its snippet, the passages before and after it, and its score components.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::{
    document::{DocumentObject, PassageObject},
    span::{SpanObject, span_objects},
};
use crate::{
    document::Date,
    highlight::Fragment,
    render::{
        Page,
        highlighted_text::html_with_highlights,
        page::{Context, HitWithContext},
        snippet::snippet_line,
    },
    search::{Hit, MatchKind, NearDuplicates, PassageInfo, ScoreComponent},
    span::OffsetUnit,
};

/// One ranked passage.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Hit))]
pub(crate) struct HitObject<'a> {
    /// Rank among all matches, from 1.
    rank: u64,
    /// Score of the passage, comparable only within one query.
    score: f64,
    /// How the passage matches the words of the query: `all` if the passage has every word, `release` if only its
    /// document has every word, `some` if both lack a word.
    matched: MatchKind,
    /// Words of the query that are neither in the passage nor in the title and headings above it.
    missing: &'a [String],
    /// Number of further matching passages of the document that are not shown; 0 unless hits are grouped by document.
    collapsed: u64,
    /// Other documents that contain a near-duplicate of this passage; absent unless hits are collapsed by
    /// near-duplicates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(nullable = false))]
    also: Option<NearDuplicatesObject<'a>>,
    document: DocumentObject<'a>,
    passage: PassageObject<'a>,
    snippet: SnippetObject<'a>,
    /// Passages before and after the hit; absent unless requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(nullable = false))]
    context: Option<ContextObject<'a>>,
    /// Citation of the passage; absent unless requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(nullable = false))]
    citation: Option<String>,
    /// Components of the score, which add up to the score; absent unless requested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(required = false))]
    explanation: Vec<ScoreComponentObject<'a>>,
}

/// Other documents that contain a near-duplicate of the passage of a hit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = NearDuplicates))]
pub(crate) struct NearDuplicatesObject<'a> {
    /// Number of documents that contain a near-duplicate.
    count: u64,
    /// Date of the earliest document; null if no document has a date.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    first: Option<Date>,
    /// Ids of at most 100 of the documents, the earliest first.
    documents: &'a [String],
}

/// Fragments of a passage, with highlights.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Snippet))]
pub(crate) struct SnippetObject<'a> {
    /// All fragments on one line, with `…` in place of omitted text of the passage.
    text: String,
    /// The snippet as HTML. Highlights are `<mark>` elements, and all text is escaped.
    html: String,
    fragments: Vec<FragmentObject<'a>>,
    /// Spans of the highlights in the title of the document.
    title: Vec<SpanObject>,
    /// Spans of the highlights in each heading of the passage.
    headings: Vec<Vec<SpanObject>>,
}

/// A fragment of a passage, with highlights.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Fragment))]
pub(crate) struct FragmentObject<'a> {
    /// Text of the fragment, which equals the text of the passage at `span`.
    text: &'a str,
    /// Span of the fragment in the passage.
    span: SpanObject,
    /// Spans of the highlights in the passage.
    highlights: Vec<SpanObject>,
}

/// Passages before and after a hit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Context))]
pub(crate) struct ContextObject<'a> {
    before: Vec<NeighbourObject<'a>>,
    after: Vec<NeighbourObject<'a>>,
}

/// A passage before or after a hit.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Neighbour))]
pub(crate) struct NeighbourObject<'a> {
    id: &'a str,
    text: &'a str,
}

/// One component of a score.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = ScoreComponent))]
pub(crate) struct ScoreComponentObject<'a> {
    /// Description of the score component.
    what: &'a str,
    /// Contribution of the component to the score.
    score: f64,
}

impl<'a> HitObject<'a> {
    /// Returns the JSON objects of all passages that a page shows, with spans in `unit`.
    pub(in crate::render) fn of_page(
        page: Page<'a>,
        unit: OffsetUnit,
    ) -> impl Iterator<Item = Self> {
        page.passages().map(move |passage| Self::of_passage(page, passage, unit))
    }

    /// Returns the JSON object of a passage of a page, with spans in `unit`.
    pub(super) fn of_passage(
        page: Page<'a>,
        (hit, context): HitWithContext<'a>,
        unit: OffsetUnit,
    ) -> Self {
        let citation = page.cite.map(|style| hit.citation().in_style(style));
        Self { citation, ..Self::new(hit, context, unit) }
    }

    fn new(hit: &'a Hit, context: Option<&'a Context>, unit: OffsetUnit) -> Self {
        Self {
            rank: hit.rank,
            score: hit.score,
            matched: hit.matched,
            missing: &hit.missing,
            collapsed: hit.collapsed,
            also: hit.near_duplicates.as_ref().map(NearDuplicatesObject::new),
            document: DocumentObject::new(&hit.document),
            passage: PassageObject::new(&hit.passage, unit),
            snippet: SnippetObject::new(hit, unit),
            context: context.map(ContextObject::new),
            citation: None,
            explanation: hit.explanation.iter().map(ScoreComponentObject::new).collect(),
        }
    }
}

impl<'a> NearDuplicatesObject<'a> {
    fn new(NearDuplicates { count, first, documents }: &'a NearDuplicates) -> Self {
        Self { count: *count, first: *first, documents }
    }
}

impl<'a> ScoreComponentObject<'a> {
    fn new(ScoreComponent { reason, score }: &'a ScoreComponent) -> Self {
        Self { what: reason, score: *score }
    }
}

impl<'a> SnippetObject<'a> {
    fn new(hit: &'a Hit, unit: OffsetUnit) -> Self {
        let Hit { document, passage, snippet, .. } = hit;
        let fragment = |Fragment { text, span, highlights, .. }: &'a Fragment| FragmentObject {
            text,
            span: SpanObject::new(*span, &passage.text, unit),
            highlights: span_objects(highlights, &passage.text, unit),
        };
        let headings = snippet.headings.iter().zip(&passage.headings);
        let title = document.title.as_deref().unwrap_or_default();
        Self {
            text: snippet_line(snippet, &passage.text, |text, _| text.to_owned()),
            html: snippet_line(snippet, &passage.text, html_with_highlights),
            fragments: snippet.fragments.iter().map(fragment).collect(),
            title: span_objects(&snippet.title, title, unit),
            headings: headings.map(|(spans, heading)| span_objects(spans, heading, unit)).collect(),
        }
    }
}

impl<'a> ContextObject<'a> {
    fn new(Context { before, after }: &'a Context) -> Self {
        let neighbour_objects = |passages: &'a [PassageInfo]| {
            passages
                .iter()
                .map(|PassageInfo { id, text, .. }| NeighbourObject { id, text })
                .collect()
        };
        Self { before: neighbour_objects(before), after: neighbour_objects(after) }
    }
}
