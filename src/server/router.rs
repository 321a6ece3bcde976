//! Maps a path and a method to a handler, and lists the middleware of each group of routes.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
};

use super::{
    api::{
        citations, documents, exports, facts, openapi, passages, resolve, search, similar, status,
        suggest,
    },
    api_error::{ApiError, Code},
    middleware::{access_log, auth, etag, host, other_sites, rate_limit, security_headers},
    page,
    state::ServerState,
};
use crate::error::{Error, Result};

/// Maximum length of path and query string in bytes.
const MAX_URI_BYTES: usize = 8 << 10;

/// Returns the routes of the whole service. Each path needs two lines: one in this function, in the group of routes
/// with the required access, and one in `api/openapi.rs`.
///
/// A request passes through the layers in reverse order: the layer added last gets the request first.
pub(super) fn router(service: Arc<ServerState>) -> Result<Router> {
    let open_routes = Router::new()
        .route("/health", get(status::health))
        .route("/ready", get(status::ready))
        .route("/openapi.json", get(openapi::get));
    let cacheable_routes = Router::new()
        .route("/search", get(search::get).post(search::post))
        .route("/suggest", get(suggest::get))
        .route("/facts", get(facts::get))
        .merge(export_routes())
        .route("/documents/{*id}", get(documents::get))
        .route("/passages/{*id}", get(passages::get))
        .route("/similar/{*id}", get(similar::get))
        .route("/citations/{*id}", get(citations::get))
        .route("/resolve", get(resolve::get))
        .route_layer(from_fn_with_state(Arc::clone(&service), etag::answer_not_modified));
    let read_routes = Router::new()
        .route("/stats", get(status::stats))
        .route("/metrics", get(status::metrics))
        .merge(cacheable_routes)
        .merge(agent_routes(&service))
        .route_layer(from_fn_with_state(
            Arc::clone(&service),
            rate_limit::limit_requests_per_client,
        ))
        .route_layer(from_fn_with_state(Arc::clone(&service), auth::require_read_access));
    let write_routes = Router::new()
        .route("/documents", post(documents::post))
        .route("/documents/{*id}", delete(documents::delete))
        .route_layer(from_fn_with_state(
            Arc::clone(&service),
            rate_limit::limit_requests_per_client,
        ))
        .route_layer(from_fn_with_state(Arc::clone(&service), auth::require_write_access));
    let router = open_routes.merge(read_routes).merge(write_routes).merge(page::routes(&service));
    let router = router
        .fallback(no_such_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(
            Arc::clone(&service),
            other_sites::reject_requests_of_other_sites,
        ))
        .layer(from_fn_with_state(Arc::clone(&service), host::require_accepted_host))
        .layer(from_fn(limit_uri_length))
        .layer(from_fn(page::show_failures_as_pages))
        .layer(CompressionLayer::new());
    let router = match cors_layer(&service.settings.cors_origins)? {
        Some(cors) => router.layer(cors),
        None => router,
    };
    Ok(router
        .layer(CatchPanicLayer::custom(|_| ApiError::internal_error().into_response()))
        .layer(from_fn(security_headers::add_security_headers))
        .layer(from_fn_with_state(Arc::clone(&service), access_log::log_and_count_request))
        .with_state(service))
}

/// Returns the routes of searches and figures in formats other than JSON.
fn export_routes() -> Router<Arc<ServerState>> {
    let routes = Router::new()
        .route("/search.csv", get(exports::search_csv))
        .route("/search.jsonl", get(exports::search_jsonl))
        .route("/search.md", get(exports::search_markdown))
        .route("/search.html", get(exports::search_html))
        .route("/facts.csv", get(exports::facts_csv))
        .route("/facts.md", get(exports::facts_markdown));
    #[cfg(feature = "archive")]
    let routes = routes
        .route("/search.xlsx", get(exports::search_xlsx))
        .route("/facts.xlsx", get(exports::facts_xlsx));
    routes
}

/// Returns the route `/mcp` for AI agents; no route if the program is built without the feature `mcp`.
fn agent_routes(service: &Arc<ServerState>) -> Router<Arc<ServerState>> {
    #[cfg(feature = "mcp")]
    let routes = {
        use super::api::agents;
        Router::new()
            .route_service("/mcp", agents::agents(service))
            .route_layer(axum::middleware::from_fn(agents::report_malformed_message))
    };
    #[cfg(not(feature = "mcp"))]
    let routes = {
        let _ = service;
        Router::new()
    };
    routes
}

/// Rejects URIs that are too long.
async fn limit_uri_length(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let uri_length = uri.path().len() + uri.query().map_or(0, str::len);
    if uri_length > MAX_URI_BYTES {
        let hint = "send the search in the body of POST /search";
        let message = format!("the address has more than {MAX_URI_BYTES} bytes");
        return ApiError::new(Code::UriTooLong, message, hint).into_response();
    }
    next.run(request).await
}

async fn no_such_path() -> ApiError {
    ApiError::new(Code::NotFound, "there is nothing at this path", "/openapi.json lists all paths")
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(
        Code::MethodNotAllowed,
        "this path does not support that method",
        "the Allow header lists the methods of this path",
    )
}

/// Returns the CORS layer, which permits pages of `origins` to call the service; `None` if `origins` is empty.
fn cors_layer(origins: &[String]) -> Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let allowed_origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let origin_values = origins.iter().map(|origin| parse_origin(origin));
        AllowOrigin::list(origin_values.collect::<Result<Vec<_>>>()?)
    };
    let allowed_headers: [HeaderName; 3] =
        [header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH];
    Ok(Some(
        CorsLayer::new()
            .allow_origin(allowed_origins)
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            .allow_headers(allowed_headers)
            .expose_headers([header::ETAG, header::RETRY_AFTER]),
    ))
}

/// Parses an origin in the form that browsers send: scheme and host, without a path.
fn parse_origin(text: &str) -> Result<HeaderValue> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let header_value = host
        .filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ']))
        .and_then(|_| HeaderValue::from_str(text).ok());
    header_value.ok_or_else(|| {
        Error::invalid("cors", format!(
            "--cors {text}: not an origin; write scheme and host, as in https://example.org, or *"
        ))
    })
}
