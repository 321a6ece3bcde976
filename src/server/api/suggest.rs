//! `/suggest`: the beginning of a query → how it may go on.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{openapi::Refusals, search_request::within};
use crate::{
    search::Suggestion,
    server::{
        api_error::Failure,
        extract::query_string::Parameters,
        state::{Service, Snapshot},
    },
};

/// What is being typed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SuggestRequest {
    /// The beginning of a query: its last word is completed or, after a space, the next one; Latin letters
    /// also as pinyin.
    q: String,
    /// How many suggestions to return.
    #[serde(default = "limit")]
    #[param(default = 10, maximum = 100)]
    limit: usize,
}

const fn limit() -> usize {
    10
}

/// How a text may go on, the likeliest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct Suggestions {
    /// As it was given.
    text: String,
    suggestions: Vec<Suggestion>,
}

/// Complete what is being typed
#[utoipa::path(
    get, path = "/suggest", operation_id = "suggest", tag = "search", params(SuggestRequest),
    responses((status = 200, description = "How it may go on, the likeliest first", body = Suggestions), Refusals)
)]
pub(in crate::server) async fn get(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    Parameters(SuggestRequest { q: text, limit }): Parameters<SuggestRequest>,
) -> Result<Response, Failure> {
    within("limit", limit, 0, 100)?;
    let work = move || {
        let suggestions = searcher.suggest(&text, limit)?;
        Ok(Suggestions { text, suggestions })
    };
    Ok(Json(service.pool.run(work).await?).into_response())
}
