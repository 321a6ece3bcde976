//! `/citations/ID`: returns the citation of a passage in one style, as a text in the format of the style.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::responses::ErrorResponses;
use crate::{
    render::{Citation, CitationStyle},
    search::Searcher,
    server::{
        api_error::ApiError,
        extract::{path_id::PathId, query_string::QueryString, search_runner::SearchRunner},
    },
};

/// Parameters of a request for a citation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct CitationRequest {
    /// Style of the citation.
    style: CitationStyle,
    /// Whether a browser saves the citation as a file, which then has the media type of the style. The API description
    /// omits this parameter, so that the operation has one media type.
    #[serde(default)]
    #[param(ignore)]
    download: bool,
}

/// Get the citation of a passage in one style
///
/// Returns a text in the format of the style itself: BibTeX, RIS, a CSL-JSON array, Markdown or plain text.
#[utoipa::path(
    get, path = "/citations/{id}", operation_id = "citation", tag = "documents",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), CitationRequest),
    responses((status = 200, description = "The citation", body = String, content_type = "text/plain"), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    PathId(id): PathId,
    QueryString(CitationRequest { style, download }): QueryString<CitationRequest>,
) -> Result<Response, ApiError> {
    let citation =
        runner.run_on_search_thread(move |searcher| citation_text(searcher, &id, style)).await?;
    let media_type = if download { style.media_type() } else { "text/plain; charset=utf-8" };
    let mut response = ([(header::CONTENT_TYPE, media_type)], citation).into_response();
    if download {
        let disposition = format!("attachment; filename=\"citation.{}\"", style.file_extension());
        let disposition = disposition.try_into().map_err(|_| ApiError::internal_error())?;
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

fn citation_text(searcher: &Searcher, id: &str, style: CitationStyle) -> Result<String, ApiError> {
    let (document, passages) =
        searcher.passage(id, 0)?.ok_or_else(|| ApiError::unknown_passage(id))?;
    let passage = passages.first().ok_or_else(ApiError::internal_error)?;
    Ok(Citation::new(&document, passage).in_style(style))
}
