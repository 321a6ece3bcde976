//! Serializes a passage as JSON, with the spans that match a query.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error::Result,
    query::Query,
    render::object::{PassageObject, SpanObject, span_objects},
    search::{PassageInfo, Searcher},
    span::OffsetUnit,
};

/// A passage with highlights.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HighlightedPassage<'a> {
    #[serde(flatten)]
    passage: PassageObject<'a>,
    /// Spans of the passage text that match the query; empty if the request has no query.
    highlights: Vec<SpanObject>,
}

/// Returns each of `passages` with the spans that match `query`.
pub(super) fn highlight_passages<'a>(
    searcher: &Searcher,
    passages: &'a [PassageInfo],
    query: Option<&Query>,
    unit: OffsetUnit,
) -> Result<Vec<HighlightedPassage<'a>>> {
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    let spans = match query {
        Some(query) => searcher.highlights_of_all(query, &texts)?,
        None => vec![Vec::new(); passages.len()],
    };
    let highlighted_passages =
        passages.iter().zip(spans).map(|(passage, spans)| HighlightedPassage {
            passage: PassageObject::new(passage, unit),
            highlights: span_objects(&spans, &passage.text, unit),
        });
    Ok(highlighted_passages.collect())
}
