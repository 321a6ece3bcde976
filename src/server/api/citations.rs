//! `/citations/ID`: returns the citation of a passage in one style, as a text in the format of the style.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToResponse};

use super::responses::ErrorResponses;
use crate::{
    render::{Citation, CitationStyle},
    search::Searcher,
    server::{
        api_error::ApiError,
        extract::{path_id::PathId, query_string::QueryString, search_slot::SearchSlot},
    },
};

/// Parameters of a request for a citation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct CitationRequest {
    /// Style of the citation.
    style: CitationStyle,
    /// Make a browser save the citation as a file.
    #[serde(default)]
    download: bool,
}

/// The citation
#[derive(ToResponse)]
#[expect(dead_code, reason = "describes what handlers answer")]
enum StyledCitation {
    Text(#[content("text/plain")] String),
    Markdown(#[content("text/markdown")] String),
    Bibtex(#[content("application/x-bibtex")] String),
    Ris(#[content("application/x-research-info-systems")] String),
    CslJson(#[content("application/vnd.citationstyles.csl+json")] Vec<serde_json::Value>),
}

/// Get the citation of a passage in one style
///
/// Returns the format of the style itself: BibTeX, RIS, a CSL-JSON array, Markdown or plain text.
#[utoipa::path(
    get, path = "/citations/{id}", operation_id = "citation", tag = "documents",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), CitationRequest),
    responses((status = 200, response = inline(StyledCitation)), ErrorResponses)
)]
pub(in crate::server) async fn get(
    slot: SearchSlot,
    PathId(id): PathId,
    QueryString(CitationRequest { style, download }): QueryString<CitationRequest>,
) -> Result<Response, ApiError> {
    let citation = slot.run(move |searcher| citation_text(searcher, &id, style)).await?;
    let mut response = ([(header::CONTENT_TYPE, style.media_type())], citation).into_response();
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
