//! `/similar/ID`: a passage → the passages of other documents that resemble it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    documents::{Id, json},
    openapi::Refusals,
    passages::unknown,
    search_request::within,
};
use crate::{
    render::{self, CitationStyle, Page, object::ResultsObject},
    search::{SearchResults, Searcher},
    server::{
        api_error::Failure,
        extract::query_string::Parameters,
        place::shorten,
        state::{Service, Snapshot},
    },
    span::OffsetUnit,
};

/// What is asked for beside the passage.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SimilarRequest {
    /// How many passages to return, one of each document.
    #[serde(default = "limit")]
    #[param(default = 10, maximum = 100)]
    limit: usize,
    /// Add a citation of each passage.
    cite: Option<CitationStyle>,
    /// What spans count in.
    #[serde(default)]
    offsets: OffsetUnit,
}

const fn limit() -> usize {
    10
}

/// Find passages of other documents that resemble one
///
/// The best of each document, the most similar first. `query` is what was searched for: the words that tell the
/// passage from others.
#[utoipa::path(
    get, path = "/similar/{id}", operation_id = "similar", tag = "search",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), SimilarRequest),
    responses((status = 200, description = "The passages", body = ResultsObject<'_>), Refusals)
)]
pub(in crate::server) async fn get(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    Id(id): Id,
    Parameters(request): Parameters<SimilarRequest>,
) -> Result<Response, Failure> {
    within("limit", request.limit, 0, 100)?;
    let work = move || {
        let results = similar(&searcher, &id, request.limit)?;
        let page = Page::new(&results, &[]);
        let page = request.cite.map_or(page, |style| page.cite(style));
        Ok(render::json(page, request.offsets))
    };
    Ok(json(service.pool.run(work).await?))
}

/// What resembles the passage `id`.
pub(in crate::server) fn similar(
    searcher: &Searcher,
    id: &str,
    limit: usize,
) -> Result<SearchResults, Failure> {
    let mut results = searcher.similar(id, limit)?.ok_or_else(|| unknown(id))?;
    for hit in &mut results.hits {
        shorten(searcher, &mut hit.document)?;
    }
    Ok(results)
}
