//! Searches and figures in other formats than JSON: one path for each format, so that every operation of the API
//! description has one media type, which generated clients need.

use axum::response::Response;
#[cfg(feature = "archive")]
use utoipa::ToSchema;

use super::{
    facts::{self, FactsFormat, FactsRequest},
    responses::ErrorResponses,
    search,
    search_request::{Format, SearchRequest},
};
use crate::server::{
    api_error::ApiError,
    extract::{checks::invalid_parameter, query_string::QueryString, search_runner::SearchRunner},
};

/// Content of a workbook file. Only describes the response; no handler returns this type.
#[cfg(feature = "archive")]
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes what handlers answer")]
struct Workbook(Vec<u8>);

/// Returns the page of passages in `format`, the format that the path of the request names.
async fn export_search(
    runner: SearchRunner,
    request: SearchRequest,
    format: Format,
) -> Result<Response, ApiError> {
    check_format_parameter(request.format, &format)?;
    search::respond(runner, request, format).await
}

/// Returns the figures of passages in `format`, the format that the path of the request names.
async fn export_facts(
    runner: SearchRunner,
    request: FactsRequest,
    format: FactsFormat,
) -> Result<Response, ApiError> {
    check_format_parameter(request.format, &format)?;
    facts::respond(runner, request, format).await
}

/// Checks the parameter `format` of a request: it must be absent, or name the same format as the path of the request.
fn check_format_parameter<F: PartialEq>(
    parameter: Option<F>,
    path_format: &F,
) -> Result<(), ApiError> {
    if parameter.is_none_or(|format| format == *path_format) {
        return Ok(());
    }
    Err(invalid_parameter(
        "format: the path names another format",
        "leave out the parameter, or send it to the path without an extension",
    ))
}

/// Find passages, as CSV for spreadsheets
#[utoipa::path(
    get, path = "/search.csv", operation_id = "search_csv", tag = "search", params(SearchRequest),
    responses((
        status = 200, description = "A byte order mark, a row of column names, then one row for each passage", body = String,
        content_type = "text/csv",
    ), ErrorResponses)
)]
pub(in crate::server) async fn search_csv(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    export_search(runner, request, Format::Csv).await
}

/// Find passages, as JSON Lines
#[utoipa::path(
    get, path = "/search.jsonl", operation_id = "search_jsonl", tag = "search", params(SearchRequest),
    responses((
        status = 200, description = "One JSON object for each passage", body = String,
        content_type = "application/jsonl",
    ), ErrorResponses)
)]
pub(in crate::server) async fn search_jsonl(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    export_search(runner, request, Format::Jsonl).await
}

/// Find passages, as Markdown
#[utoipa::path(
    get, path = "/search.md", operation_id = "search_markdown", tag = "search", params(SearchRequest),
    responses((
        status = 200, description = "A numbered list of passages", body = String,
        content_type = "text/markdown",
    ), ErrorResponses)
)]
pub(in crate::server) async fn search_markdown(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    export_search(runner, request, Format::Markdown).await
}

/// Find passages, as an HTML page
#[utoipa::path(
    get, path = "/search.html", operation_id = "search_html", tag = "search", params(SearchRequest),
    responses((
        status = 200, description = "A page with the passages", body = String,
        content_type = "text/html",
    ), ErrorResponses)
)]
pub(in crate::server) async fn search_html(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    export_search(runner, request, Format::Html).await
}

/// Find passages, as a workbook of Excel 2007 and later
#[cfg(feature = "archive")]
#[utoipa::path(
    get, path = "/search.xlsx", operation_id = "search_xlsx", tag = "search", params(SearchRequest),
    responses((
        status = 200, description = "A sheet with the columns of CSV", body = inline(Workbook),
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ), ErrorResponses)
)]
pub(in crate::server) async fn search_xlsx(
    runner: SearchRunner,
    QueryString(request): QueryString<SearchRequest>,
) -> Result<Response, ApiError> {
    export_search(runner, request, Format::Xlsx).await
}

/// Get the figures of passages, as CSV for spreadsheets
#[utoipa::path(
    get, path = "/facts.csv", operation_id = "facts_csv", tag = "search", params(FactsRequest),
    responses((
        status = 200, description = "A byte order mark, a row of column names, then one row for each figure", body = String,
        content_type = "text/csv",
    ), ErrorResponses)
)]
pub(in crate::server) async fn facts_csv(
    runner: SearchRunner,
    QueryString(request): QueryString<FactsRequest>,
) -> Result<Response, ApiError> {
    export_facts(runner, request, FactsFormat::Csv).await
}

/// Get the figures of passages, as Markdown
#[utoipa::path(
    get, path = "/facts.md", operation_id = "facts_markdown", tag = "search", params(FactsRequest),
    responses((
        status = 200, description = "A table with one row for each figure", body = String,
        content_type = "text/markdown",
    ), ErrorResponses)
)]
pub(in crate::server) async fn facts_markdown(
    runner: SearchRunner,
    QueryString(request): QueryString<FactsRequest>,
) -> Result<Response, ApiError> {
    export_facts(runner, request, FactsFormat::Markdown).await
}

/// Get the figures of passages, as a workbook of Excel 2007 and later
#[cfg(feature = "archive")]
#[utoipa::path(
    get, path = "/facts.xlsx", operation_id = "facts_xlsx", tag = "search", params(FactsRequest),
    responses((
        status = 200, description = "A sheet with one row for each figure", body = inline(Workbook),
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ), ErrorResponses)
)]
pub(in crate::server) async fn facts_xlsx(
    runner: SearchRunner,
    QueryString(request): QueryString<FactsRequest>,
) -> Result<Response, ApiError> {
    export_facts(runner, request, FactsFormat::Xlsx).await
}
