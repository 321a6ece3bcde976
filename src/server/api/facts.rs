//! `/facts`: returns the figures of the passages that match a query, as a table.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{filters::Filters, responses::ErrorResponses};
use crate::{
    fact_table::FactRow,
    query::Query,
    render::{FactObject, facts_csv, facts_markdown},
    search::Searcher,
    server::{
        api_error::ApiError,
        extract::{
            checks::check_range,
            query_string::QueryString,
            search_runner::{self, SearchRunner},
        },
    },
};

/// Query that finds all passages.
const ALL_PASSAGES_QUERY: &str = "*";

/// Parameters of a request for figures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct FactsRequest {
    /// Words, "phrases" and operators that the passages must match. If absent or blank, all passages match.
    #[serde(default)]
    q: String,
    /// Maximum number of passages to read, the best first.
    #[serde(default = "default_limit")]
    #[param(default = 1000, maximum = 10_000)]
    limit: usize,
    /// Words of the issuer's name, in this order. If given several times, at least one value must match.
    #[serde(default)]
    issuer: Vec<String>,
    /// Words of the speaker's name, in this order.
    #[serde(default)]
    speaker: Vec<String>,
    /// Language code, or its beginning: zh matches zh-Hans and zh-Hant.
    #[serde(default)]
    lang: Vec<String>,
    /// Text that occurs in the path of the source file, relative to the indexed folder.
    #[serde(default)]
    source: Vec<String>,
    /// Only documents published on or after this day, month or year (2025-12-17, 2025-12, 2025).
    after: Option<String>,
    /// Only documents published before this day, month or year.
    before: Option<String>,
    /// Condition on a declared field: `FIELD=VALUE`, for example `desk=trade`, `amount=5..10`, `amount>=5` or
    /// `received=2024`. Of several conditions on one field, at least one must hold.
    #[serde(default)]
    filter: Vec<String>,
    /// Exact value of a facet or of a declared field, as an answer lists it: `FACET=VALUE`, for example `year=2025`.
    #[serde(default)]
    only: Vec<String>,
    /// Format of the response. The API description has a path for each format instead, so that every operation has one
    /// media type.
    #[param(ignore)]
    pub(super) format: Option<FactsFormat>,
}

/// Format of a table of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum FactsFormat {
    /// One JSON object.
    #[default]
    Json,
    /// CSV for spreadsheets: a byte order mark, a row of column names, then one row for each figure.
    Csv,
    /// A Markdown table.
    Markdown,
    /// A workbook of Excel 2007 and later.
    #[cfg(feature = "archive")]
    Xlsx,
}

const fn default_limit() -> usize {
    1_000
}

/// Figures of the passages that match a query.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct FactsResponse<'a> {
    /// Number of passages that match the whole query.
    total: u64,
    /// Number of passages whose figures are listed: the best matches, at most `limit`.
    passages: usize,
    /// Whether the search ran out of time, so that passages may be missing.
    cut: bool,
    /// Figures, sorted by what is measured, then by unit, then by period. The figures of a time series follow each
    /// other.
    facts: Vec<FactObject<'a>>,
}

/// Get the figures of the passages that match a query
///
/// `/facts.csv`, `/facts.xlsx` and `/facts.md` return the same figures as tables.
#[utoipa::path(
    get, path = "/facts", operation_id = "facts", tag = "search", params(FactsRequest),
    responses((status = 200, description = "Figures of passages", body = FactsResponse<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    QueryString(request): QueryString<FactsRequest>,
) -> Result<Response, ApiError> {
    let format = request.format.unwrap_or_default();
    respond(runner, request, format).await
}

/// Searches, and returns the figures of the passages in `format`.
pub(super) async fn respond(
    runner: SearchRunner,
    request: FactsRequest,
    format: FactsFormat,
) -> Result<Response, ApiError> {
    let media_type = match format {
        FactsFormat::Json => "application/json",
        FactsFormat::Csv => "text/csv; charset=utf-8",
        FactsFormat::Markdown => "text/markdown; charset=utf-8",
        #[cfg(feature = "archive")]
        FactsFormat::Xlsx => super::search::XLSX_MEDIA_TYPE,
    };
    let body = runner
        .run_on_search_thread(move |searcher| figures_table(searcher, &request, format))
        .await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response())
}

fn figures_table(
    searcher: &Searcher,
    request: &FactsRequest,
    format: FactsFormat,
) -> Result<Body, ApiError> {
    let results = search_runner::search(searcher, &request.query()?)?;
    let rows = FactRow::rows(results.hits.iter().map(|hit| (&hit.document, &hit.passage)));
    Ok(match format {
        FactsFormat::Json => {
            let response = FactsResponse {
                total: results.total,
                passages: results.hits.len(),
                cut: results.cut,
                facts: rows.iter().map(FactObject::new).collect(),
            };
            serde_json::to_string(&response).map_err(|_| ApiError::internal_error())?.into()
        }
        FactsFormat::Csv => facts_csv(&rows).into(),
        FactsFormat::Markdown => facts_markdown(&rows).into(),
        #[cfg(feature = "archive")]
        FactsFormat::Xlsx => crate::render::facts_xlsx(&rows).into(),
    })
}

impl FactsRequest {
    fn query(&self) -> Result<Query, ApiError> {
        check_range("limit", self.limit, 1, 10_000)?;
        let text = if self.q.trim().is_empty() { ALL_PASSAGES_QUERY } else { &self.q };
        let filters = Filters {
            issuer: &self.issuer,
            speaker: &self.speaker,
            lang: &self.lang,
            source: &self.source,
            after: self.after.as_deref(),
            before: self.before.as_deref(),
            filter: &self.filter,
            only: &self.only,
        };
        filters.restrict(Query::new(text).strict(true).limit(self.limit).fragments(1))
    }
}
