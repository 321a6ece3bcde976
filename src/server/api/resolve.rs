//! `/resolve`: returns the state of the text that a link to a passage quotes: exact, moved, changed or gone.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::responses::{ErrorResponses, json_response};
use crate::{
    render::{object::ResolutionObject, resolution_json},
    search::{ParseLinkError, PassageLink, Searcher},
    server::{
        api_error::ApiError,
        extract::{
            checks::invalid_parameter, query_string::QueryString, search_runner::SearchRunner,
        },
        source_paths::make_sources_relative,
    },
    span::OffsetUnit,
};

/// Parameters of a request to resolve a link.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct ResolveRequest {
    /// Link of a citation: gz-search:DOCUMENT#ORDINAL@HASH, percent-encoded: # is %23.
    link: String,
    /// Unit of the offsets of every span.
    #[serde(default)]
    offsets: OffsetUnit,
}

/// Find the text that a link to a passage quotes
///
/// The status is `exact` if the passage still has the quoted text, `moved` if another passage has it, `changed` if only
/// the document is still there, and `gone` if neither is.
#[utoipa::path(
    get, path = "/resolve", operation_id = "resolve", tag = "documents", params(ResolveRequest),
    responses((status = 200, description = "State of the text", body = ResolutionObject<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    QueryString(ResolveRequest { link, offsets }): QueryString<ResolveRequest>,
) -> Result<Response, ApiError> {
    let link: PassageLink = link.parse().map_err(|error: ParseLinkError| {
        invalid_parameter(error.to_string(), "send the link of a citation, with # as %23")
    })?;
    Ok(json_response(
        runner
            .run_on_search_thread(move |searcher| resolved_json(searcher, &link, offsets))
            .await?,
    ))
}

fn resolved_json(
    searcher: &Searcher,
    link: &PassageLink,
    offsets: OffsetUnit,
) -> Result<String, ApiError> {
    let mut resolution = searcher.resolve(link)?;
    if let Some(document) = &mut resolution.document {
        make_sources_relative(searcher, document)?;
    }
    Ok(resolution_json(link, &resolution, offsets))
}
