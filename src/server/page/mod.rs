//! Search page for browsers: results, one release, and passages similar to a passage.
//!
//! The parameters of a URL come in ([`address::ResultsAddress`]), and a complete HTML page goes out. No page needs
//! scripts: the scripts in `assets/` only fetch new pages and replace elements of the current page, so that all HTML
//! comes from the server. [`markup::escaped_text`] and [`html_with_highlights`](crate::render::html_with_highlights)
//! escape the texts of documents, and the templates escape everything else. Open `results.rs` first.

mod address;
mod assets;
mod facets;
mod frame;
mod hit;
mod markup;
mod messages;
mod preferences;
mod release;
mod results;
mod similar;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use self::{address::ResultsAddress, preferences::Preferences};
use super::{
    api_error::ApiError,
    extract::{query_string::QueryString, search_slot::SearchSlot},
    middleware::{auth, rate_limit},
    state::Service,
};

/// Content security policy: permits only files of the service. A browser then ignores scripts and styles inside a page,
/// even if a malicious document contains them.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// Value of Cache-Control: browsers may store a page but must revalidate it, so that no reader sees a page that is
/// older than the index.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARY: HeaderValue = HeaderValue::from_static("accept-language, cookie");
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
const HTML_MEDIA_TYPE: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// Value of WWW-Authenticate: makes the browser ask for a name and a password. The password is the key.
const BASIC_AUTHENTICATION: HeaderValue =
    HeaderValue::from_static("Basic realm=\"gz-search\", charset=\"UTF-8\"");

/// Returns the routes of the pages and of their scripts and styles.
pub(super) fn routes(service: &Arc<Service>) -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(search))
        .route("/release", get(release))
        .route("/similar", get(similar))
        .route_layer(from_fn_with_state(Arc::clone(service), rate_limit::limit_per_client))
        .route_layer(from_fn_with_state(Arc::clone(service), auth::require_read))
        .route_layer(from_fn(finish_page))
        .route("/assets/{version}/{name}", get(assets::get))
}

/// Query parameter `id` of the pages `/release` and `/similar`: the id of a release or passage. The remaining query
/// parameters ([`ResultsAddress`]) identify the results page that the reader came from.
#[derive(Debug, Deserialize)]
struct IdParameter {
    id: String,
}

async fn search(
    slot: SearchSlot,
    preferences: Preferences,
    QueryString(address): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    slot.run(move |searcher| results::page(searcher, &address, &preferences)).await
}

async fn release(
    slot: SearchSlot,
    preferences: Preferences,
    QueryString(IdParameter { id }): QueryString<IdParameter>,
    QueryString(results): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    slot.run(move |searcher| release::page(searcher, &id, &results, &preferences)).await
}

async fn similar(
    slot: SearchSlot,
    preferences: Preferences,
    QueryString(IdParameter { id }): QueryString<IdParameter>,
    QueryString(results): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    slot.run(move |searcher| similar::page(searcher, &id, &results, &preferences)).await
}

/// Attaches the reader's preferences to the request. Sets headers and cookies of the page, and converts errors to HTML
/// pages.
async fn finish_page(mut request: Request, next: Next) -> Response {
    let preferences = Preferences::read(request.headers(), request.uri());
    request.extensions_mut().insert(preferences.clone());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        let (mut response_parts, _) = response.into_parts();
        response_parts.headers.remove(header::CONTENT_LENGTH);
        if response_parts.headers.contains_key(header::WWW_AUTHENTICATE) {
            response_parts.headers.insert(header::WWW_AUTHENTICATE, BASIC_AUTHENTICATION);
        }
        let body = frame::error_page(&error, &preferences);
        response = Response::from_parts(response_parts, body.into());
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HTML_MEDIA_TYPE);
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    headers.insert(header::VARY, VARY);
    for cookie in preferences.cookies() {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
