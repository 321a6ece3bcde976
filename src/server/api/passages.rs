//! `/passages/ID`: returns a passage, with the passages before and after it.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    highlighted_passage::{HighlightedPassage, highlight_passages},
    responses::{ErrorResponses, json_response},
};
use crate::{
    query::Query,
    render::{Citation, object::DocumentObject},
    search::{PassageInfo, Searcher, is_id_of_text},
    server::{
        api_error::ApiError,
        extract::{
            checks::check_range, path_id::PathId, query_string::QueryString,
            search_runner::SearchRunner,
        },
        source_paths::make_sources_relative,
    },
    span::OffsetUnit,
};

/// Parameters of a request for a passage.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct PassageRequest {
    /// Number of passages to add before and after the passage.
    #[serde(default = "default_context")]
    #[param(default = 1, maximum = 100)]
    context: usize,
    /// Query whose matches are highlighted in the passages.
    q: Option<String>,
    /// Unit of the offsets of highlight spans.
    #[serde(default)]
    offsets: OffsetUnit,
}

const fn default_context() -> usize {
    1
}

/// A passage, with the passages before and after it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct PassageResponse<'a> {
    /// Unit of the offsets of every span: `utf-8`, `utf-16` or `codepoint`.
    #[schema(value_type = OffsetUnit)]
    offset_encoding: &'static str,
    document: DocumentObject<'a>,
    passage: HighlightedPassage<'a>,
    /// Citation of the passage, in plain text.
    citation: String,
    /// Passages before the requested passage, in document order.
    before: Vec<HighlightedPassage<'a>>,
    /// Passages after the requested passage, in document order.
    after: Vec<HighlightedPassage<'a>>,
}

/// Get a passage, with the passages before and after it
#[utoipa::path(
    get, path = "/passages/{id}", operation_id = "passage", tag = "documents",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), PassageRequest),
    responses((status = 200, description = "The passage", body = PassageResponse<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    PathId(id): PathId,
    QueryString(request): QueryString<PassageRequest>,
) -> Result<Response, ApiError> {
    check_range("context", request.context, 0, 100)?;
    Ok(json_response(
        runner.run_on_search_thread(move |searcher| passage_json(searcher, &id, &request)).await?,
    ))
}

fn passage_json(
    searcher: &Searcher,
    id: &str,
    PassageRequest { context, q, offsets }: &PassageRequest,
) -> Result<String, ApiError> {
    let (mut document, passages) =
        searcher.passage(id, *context)?.ok_or_else(|| ApiError::unknown_passage(id))?;
    make_sources_relative(searcher, &mut document)?;
    let query = q.as_ref().map(Query::new);
    let is_requested = |passage: &PassageInfo| is_id_of_text(&passage.id, id);
    let passage_index = passages.iter().position(is_requested).unwrap_or_default();
    let citation =
        passages.get(passage_index).map(|passage| Citation::new(&document, passage).text());
    let mut passages_before = highlight_passages(searcher, &passages, query.as_ref(), *offsets)?;
    let mut passages_from_requested = passages_before.split_off(passage_index).into_iter();
    let passage = passages_from_requested.next().ok_or_else(ApiError::internal_error)?;
    let response = PassageResponse {
        offset_encoding: offsets.name(),
        document: DocumentObject::new(&document),
        passage,
        citation: citation.unwrap_or_default(),
        before: passages_before,
        after: passages_from_requested.collect(),
    };
    serde_json::to_string(&response).map_err(|_| ApiError::internal_error())
}
