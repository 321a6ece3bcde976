//! `/search`: returns a page of passages for a query, in the requested format.

use super::{
    responses::ErrorResponses,
    search_request::{Format, SearchRequest},
};
use crate::{
    error::Result,
    render::{self, Page, contexts, object::ResultsObject},
    search::Searcher,
    server::{
        api_error::ApiError,
        extract::{
            body::JsonBody,
            query_string::QueryString,
            search_runner::{self, SearchRunner},
        },
        source_paths::make_hit_sources_relative,
    },
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// Media type of a workbook of Excel 2007 and later.
#[cfg(feature = "archive")]
pub(in crate::server) const XLSX_MEDIA_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Find passages
///
/// `/search.csv`, `/search.xlsx`, `/search.jsonl`, `/search.md` and `/search.html` return the same passages in other
/// formats.
#[utoipa::path(
    get, path = "/search", operation_id = "search", tag = "search", params(SearchRequest),
    responses((status = 200, description = "A page of passages, best first", body = ResultsObject<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    let format = request.format.unwrap_or_default();
    respond(runner, request, format).await
}

/// Find passages, with the parameters in a JSON body
///
/// The parameters have the defaults of `GET /search`.
#[utoipa::path(
    post, path = "/search", operation_id = "search_by_body", tag = "search", request_body = SearchRequest,
    responses((status = 200, description = "A page of passages, best first", body = ResultsObject<'_>), ErrorResponses)
)]
pub(in crate::server) async fn post(
    runner: SearchRunner,
    JsonBody(request): JsonBody<SearchRequest>,
) -> Result<Response, ApiError> {
    let format = request.format.unwrap_or_default();
    respond(runner, request, format).await
}

/// Searches, and returns the page of passages in `format`.
pub(super) async fn respond(
    runner: SearchRunner,
    request: SearchRequest,
    format: Format,
) -> Result<Response, ApiError> {
    let body = runner
        .run_on_search_thread(move |searcher| results_page_body(searcher, &request, format))
        .await?;
    let media_type = match format {
        Format::Json => "application/json",
        Format::Jsonl => "application/jsonl",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Html => "text/html; charset=utf-8",
        #[cfg(feature = "archive")]
        Format::Xlsx => XLSX_MEDIA_TYPE,
    };
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response())
}

fn results_page_body(
    searcher: &Searcher,
    request: &SearchRequest,
    format: Format,
) -> Result<Body, ApiError> {
    let mut results = search_runner::search(searcher, &request.query()?)?;
    make_hit_sources_relative(searcher, &mut results.hits)?;
    // If the hits were cut, the search ran out of time, and a note tells the client. No time remains to load
    // neighbours.
    let context = if results.cut { 0 } else { request.context };
    let contexts = contexts(searcher, &results, context)?;
    let page = Page::new(&results, &contexts).by_release(request.groups_by_release());
    let page = request.cite.map_or(page, |style| page.cite(style));
    Ok(match format {
        Format::Json => render::json(page, request.offsets).into(),
        Format::Jsonl => render::jsonl(page, request.offsets).into(),
        Format::Csv => render::csv(page).into(),
        Format::Markdown => render::markdown(page).into(),
        Format::Html => render::html(page).into(),
        #[cfg(feature = "archive")]
        Format::Xlsx => render::xlsx(page).into(),
    })
}
