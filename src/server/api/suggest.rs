//! `/suggest`: completes a query that is being typed.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::responses::ErrorResponses;
use crate::{
    search::{Searcher, Suggestion},
    server::{
        api_error::ApiError,
        extract::{checks::check_range, query_string::QueryString, search_runner::SearchRunner},
    },
};

/// Parameters of a request for suggestions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SuggestRequest {
    /// Beginning of a query. Suggestions complete the last word or, after a space, add a next word. Latin letters are
    /// also read as pinyin.
    q: String,
    /// Maximum number of suggestions.
    #[serde(default = "default_limit")]
    #[param(default = 10, maximum = 100)]
    limit: usize,
}

const fn default_limit() -> usize {
    10
}

/// Suggested completions of the beginning of a query.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct Suggestions {
    /// Beginning of the query, as sent.
    text: String,
    /// Completed queries, most likely first.
    suggestions: Vec<Suggestion>,
}

/// Complete a query that is being typed
#[utoipa::path(
    get, path = "/suggest", operation_id = "suggest", tag = "search", params(SuggestRequest),
    responses((status = 200, description = "Completed queries, the likeliest first", body = Suggestions), ErrorResponses)
)]
pub(in crate::server) async fn get(
    runner: SearchRunner,
    QueryString(SuggestRequest { q: text, limit }): QueryString<SuggestRequest>,
) -> Result<Response, ApiError> {
    check_range("limit", limit, 0, 100)?;
    let work = move |searcher: &Searcher| {
        let suggestions = searcher.suggest(&text, limit)?;
        Ok(Suggestions { text, suggestions })
    };
    Ok(Json(runner.run_on_search_thread(work).await?).into_response())
}
