//! Pages for browsers: search results, one release, pages about a passage, a chart over time, and collected quotes.
//!
//! The parameters of a URL ([`address::ResultsAddress`]) give a complete HTML page. No page needs scripts: the scripts
//! in `assets/` only fetch new pages and replace elements of the current page, so that all HTML comes from the server.
//! [`markup::escaped_text`] and [`html_with_highlights`](crate::render::html_with_highlights) escape the texts of
//! documents, and the templates escape everything else. Read `results.rs` first.

mod address;
mod assets;
mod citation;
mod download;
mod examples;
mod failure;
mod feed;
mod filters;
mod frame;
mod help;
mod hit;
mod markup;
mod messages;
mod no_results;
mod notes;
mod passage_pages;
mod preferences;
mod quotes;
mod release;
mod results;
mod similar;
mod start;
#[cfg(test)]
mod tests;
mod trend;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde::Deserialize;

use self::{
    address::ResultsAddress, download::ReferenceParameters, filters::ValuesParameters,
    preferences::Preferences, quotes::QuotesParameters, start::ExampleQueryCache,
    trend::TrendParameters,
};
use super::{
    api_error::ApiError,
    extract::{query_string::QueryString, search_runner::SearchRunner},
    middleware::{auth, rate_limit},
    state::ServerState,
};
use crate::search::Searcher;

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
const BASIC_AUTHENTICATION_CHALLENGE: HeaderValue =
    HeaderValue::from_static("Basic realm=\"gz-search\", charset=\"UTF-8\"");

/// Returns the routes of the pages and of their scripts and styles.
pub(super) fn routes(service: &Arc<ServerState>) -> Router<Arc<ServerState>> {
    Router::new()
        .route("/", get(get_results_page))
        .route("/release", route_of_id_page(release::page))
        .route("/similar", route_of_id_page(similar::page))
        .route("/cite", route_of_id_page(passage_pages::citation_page))
        .route("/context", route_of_id_page(passage_pages::context_page))
        .route("/more", route_of_id_page(passage_pages::matches_page))
        .route("/values", get(get_values_page))
        .route("/trend", get(get_trend_page))
        .route("/quotes", get(get_quotes_page))
        .route("/feed", get(get_feed))
        .route("/references", get(get_references))
        .route("/original", get(get_original))
        .layer(Extension(Arc::new(ExampleQueryCache::default())))
        .route_layer(from_fn_with_state(Arc::clone(service), rate_limit::limit_requests_per_client))
        .route_layer(from_fn_with_state(Arc::clone(service), auth::require_read_access))
        .route_layer(from_fn(prepare_page_response))
        .route("/assets/{version}/{name}", get(assets::get))
}

/// Query parameter `id` of the pages about one release or passage. The remaining query
/// parameters ([`ResultsAddress`]) identify the results page that the reader came from.
#[derive(Debug, Deserialize)]
struct IdParameter {
    id: String,
}

async fn get_results_page(
    runner: SearchRunner,
    preferences: Preferences,
    Extension(examples): Extension<Arc<ExampleQueryCache>>,
    QueryString(address): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    runner
        .run_on_search_thread(move |searcher| {
            results::page(searcher, &address, &examples, &preferences)
        })
        .await
}

async fn get_values_page(
    runner: SearchRunner,
    preferences: Preferences,
    QueryString(parameters): QueryString<ValuesParameters>,
    QueryString(address): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    runner
        .run_on_search_thread(move |searcher| {
            filters::values_page(searcher, &parameters, &address, &preferences)
        })
        .await
}

async fn get_trend_page(
    runner: SearchRunner,
    preferences: Preferences,
    QueryString(parameters): QueryString<TrendParameters>,
) -> Result<String, ApiError> {
    runner
        .run_on_search_thread(move |searcher| trend::page(searcher, &parameters, &preferences))
        .await
}

async fn get_quotes_page(
    runner: SearchRunner,
    preferences: Preferences,
    QueryString(parameters): QueryString<QuotesParameters>,
) -> Result<Response, ApiError> {
    runner
        .run_on_search_thread(move |searcher| {
            quotes::quotes_document(searcher, &parameters, &preferences)
        })
        .await
}

async fn get_feed(
    runner: SearchRunner,
    preferences: Preferences,
    headers: HeaderMap,
    QueryString(address): QueryString<ResultsAddress>,
) -> Result<Response, ApiError> {
    let origin = feed::request_origin(&headers);
    let messages = preferences.messages;
    let feed = runner
        .run_on_search_thread(move |searcher| feed::feed(searcher, &address, &origin, messages))
        .await?;
    Ok(file_response("application/atom+xml; charset=utf-8", feed))
}

async fn get_references(
    runner: SearchRunner,
    QueryString(parameters): QueryString<ReferenceParameters>,
    QueryString(address): QueryString<ResultsAddress>,
) -> Result<Response, ApiError> {
    let (media_type, references) = runner
        .run_on_search_thread(move |searcher| download::references(searcher, &parameters, &address))
        .await?;
    Ok(file_response(media_type, references))
}

async fn get_original(
    runner: SearchRunner,
    QueryString(IdParameter { id }): QueryString<IdParameter>,
) -> Result<Response, ApiError> {
    let original =
        runner.run_on_search_thread(move |searcher| release::original(searcher, &id)).await?;
    let mut response = original.into_response();
    response.extensions_mut().insert(FileResponseMarker);
    Ok(response)
}

/// Response extension that marks a file, as opposed to a page. [`prepare_page_response`] does not replace the headers
/// of a file.
#[derive(Debug, Clone, Copy)]
struct FileResponseMarker;

/// Returns the response that sends `content` as a file.
fn file_response(media_type: &'static str, content: String) -> Response {
    let media_type = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))];
    let mut response = (media_type, content).into_response();
    response.extensions_mut().insert(FileResponseMarker);
    response
}

/// Function that returns the page about the release or passage with an id. Its argument of type [`ResultsAddress`] is
/// the address of the results page that the reader came from.
type IdPage = fn(&Searcher, &str, &ResultsAddress, &Preferences) -> Result<String, ApiError>;

/// Returns the route of a page about one release or passage.
fn route_of_id_page(build_page: IdPage) -> MethodRouter<Arc<ServerState>> {
    get(move |runner, preferences, id, results| {
        get_id_page(build_page, runner, preferences, id, results)
    })
}

/// Answers a request for a page about one release or passage.
async fn get_id_page(
    build_page: IdPage,
    runner: SearchRunner,
    preferences: Preferences,
    QueryString(IdParameter { id }): QueryString<IdParameter>,
    QueryString(results): QueryString<ResultsAddress>,
) -> Result<String, ApiError> {
    runner
        .run_on_search_thread(move |searcher| build_page(searcher, &id, &results, &preferences))
        .await
}

/// Attaches the reader's preferences to the request. Sets headers and cookies of the page, and converts errors to HTML
/// pages.
async fn prepare_page_response(mut request: Request, next: Next) -> Response {
    let preferences = Preferences::read(request.headers(), request.uri());
    request.extensions_mut().insert(preferences.clone());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = failure_page(response, &error, &preferences, 0);
    }
    if response.extensions().get::<FileResponseMarker>().is_some() {
        response.headers_mut().insert(header::REFERRER_POLICY, REFERRER_POLICY);
        return response;
    }
    set_page_headers(&mut response);
    for cookie in preferences.cookies() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Shows failures outside of the pages, such as an unknown path, as a page if a browser opens the address. Programs get
/// JSON.
pub(super) async fn show_failures_as_pages(request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_browser = accept.is_some_and(|accept| accept.contains("text/html"));
    if request.method() != Method::GET || !is_browser {
        return next.run(request).await;
    }
    let preferences = Preferences::read(request.headers(), request.uri());
    let depth = request.uri().path().matches('/').count().saturating_sub(1);
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = failure_page(response, &error, &preferences, depth);
        set_page_headers(&mut response);
    }
    response
}

/// Returns a response with the status and the headers of `response`, whose body is a page about the failure. `depth` is
/// the number of folders in the path of the address. The relative links of the page go up by as many folders.
fn failure_page(
    response: Response,
    error: &ApiError,
    preferences: &Preferences,
    depth: usize,
) -> Response {
    let (mut response_parts, _) = response.into_parts();
    response_parts.headers.remove(header::CONTENT_LENGTH);
    if response_parts.headers.contains_key(header::WWW_AUTHENTICATE) {
        response_parts.headers.insert(header::WWW_AUTHENTICATE, BASIC_AUTHENTICATION_CHALLENGE);
    }
    let mut page = failure::page(error, preferences);
    if depth > 0 {
        let up = "../".repeat(depth);
        for link in ["\"assets/", "\"./", "\"quotes\""] {
            page = page.replace(link, &link.replacen('"', &format!("\"{up}"), 1));
        }
    }
    Response::from_parts(response_parts, page.into())
}

fn set_page_headers(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HTML_MEDIA_TYPE);
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    headers.insert(header::VARY, VARY);
}
