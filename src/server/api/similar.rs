//! `/similar/ID`: returns passages of other documents that are similar to a passage.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::responses::{ErrorResponses, json_response};
use crate::{
    render::{self, CitationStyle, Page, object::ResultsObject},
    search::Searcher,
    server::{
        api_error::ApiError,
        extract::{
            checks::check_range, path_id::PathId, query_string::QueryString,
            search_runner::SearchRunner,
        },
        source_paths::make_hit_sources_relative,
    },
    span::OffsetUnit,
};

/// Parameters of a request for similar passages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SimilarRequest {
    /// Maximum number of passages. Each document contributes at most one passage.
    #[serde(default = "default_limit")]
    #[param(default = 10, maximum = 100)]
    limit: usize,
    /// Add a citation in this style to each passage.
    cite: Option<CitationStyle>,
    /// Unit of the offsets of highlight spans.
    #[serde(default)]
    offsets: OffsetUnit,
}

const fn default_limit() -> usize {
    10
}

/// Find passages of other documents that are similar to a passage
///
/// Returns the most similar passage of each other document, most similar first. The field `query` of the response
/// contains the most distinctive terms of the passage, which the search used.
#[utoipa::path(
    get, path = "/similar/{id}", operation_id = "similar", tag = "search",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), SimilarRequest),
    responses((status = 200, description = "The passages", body = ResultsObject<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    PathId(id): PathId,
    QueryString(request): QueryString<SimilarRequest>,
) -> Result<Response, ApiError> {
    check_range("limit", request.limit, 0, 100)?;
    Ok(json_response(
        runner.run_on_search_thread(move |searcher| similar_json(searcher, &id, &request)).await?,
    ))
}

fn similar_json(
    searcher: &Searcher,
    id: &str,
    SimilarRequest { limit, cite, offsets }: &SimilarRequest,
) -> Result<String, ApiError> {
    let mut results = searcher.similar(id, *limit)?.ok_or_else(|| ApiError::unknown_passage(id))?;
    make_hit_sources_relative(searcher, &mut results.hits)?;
    let page = Page::new(&results, &[]);
    let page = cite.map_or(page, |style| page.cite(style));
    Ok(render::json(page, *offsets))
}
