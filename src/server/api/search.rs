//! `/search`: a query → a page of passages.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    openapi::Refusals,
    search_request::{Format, SearchRequest},
};
use crate::{
    error::Result,
    render::{self, Page, contexts, object::ResultsObject},
    search::Searcher,
    server::{
        api_error::Failure,
        extract::{body::Json, query_string::Parameters},
        place::shorten,
        state::{Service, Snapshot},
    },
};

/// Find passages
#[utoipa::path(
    get, path = "/search", operation_id = "search", tag = "search", params(SearchRequest),
    responses((status = 200, description = "A page of passages, best first", content(
        (ResultsObject<'_> = "application/json"),
        (String = "application/jsonl"),
        (String = "text/csv"),
        (String = "text/markdown"),
        (String = "text/html"),
    )), Refusals)
)]
pub(in crate::server) async fn get(
    State(service): State<Arc<Service>>,
    snapshot: Snapshot,
    Parameters(request): Parameters<SearchRequest>,
) -> Result<Response, Failure> {
    answer(&service, snapshot, request).await
}

/// Find passages, with a body of the same names
#[utoipa::path(
    post, path = "/search", operation_id = "search_by_body", tag = "search", request_body = SearchRequest,
    responses((status = 200, description = "A page of passages, best first", content(
        (ResultsObject<'_> = "application/json"),
        (String = "application/jsonl"),
        (String = "text/csv"),
        (String = "text/markdown"),
        (String = "text/html"),
    )), Refusals)
)]
pub(in crate::server) async fn post(
    State(service): State<Arc<Service>>,
    snapshot: Snapshot,
    Json(request): Json<SearchRequest>,
) -> Result<Response, Failure> {
    answer(&service, snapshot, request).await
}

async fn answer(
    service: &Service,
    Snapshot { searcher, .. }: Snapshot,
    request: SearchRequest,
) -> Result<Response, Failure> {
    let (format, timeout) = (request.format, service.settings.timeout);
    let body = service.pool.run(move || written(&searcher, &request, timeout)).await?;
    let media_type = match format {
        Format::Json => "application/json",
        Format::Jsonl => "application/jsonl",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Html => "text/html; charset=utf-8",
    };
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response())
}

fn written(
    searcher: &Searcher,
    request: &SearchRequest,
    timeout: Duration,
) -> Result<String, Failure> {
    let mut results = searcher.search(&request.query()?.timeout(timeout))?;
    for hit in &mut results.hits {
        shorten(searcher, &mut hit.document)?;
    }
    let contexts = contexts(searcher, &results, request.context)?;
    let page = Page::new(&results, &contexts);
    let page = request.cite.map_or(page, |style| page.cite(style));
    Ok(match request.format {
        Format::Json => render::json(page, request.offsets),
        Format::Jsonl => render::jsonl(page, request.offsets),
        Format::Csv => render::csv(page),
        Format::Markdown => render::markdown(page),
        Format::Html => render::html(page),
    })
}
