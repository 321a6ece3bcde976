//! Path and method → handler, and what every request passes through before it.

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
    api::{documents, openapi, passages, search, similar, status, suggest},
    api_error::{Code, Failure},
    middleware::{access_log::observe, auth, etag::conditional, host},
    page,
    state::Service,
};
use crate::error::{Error, Result};

const MAX_URI_BYTES: usize = 8 << 10;

/// The whole service. A path is a line here, under what it takes to ask for it, and one in `openapi`.
pub(super) fn router(service: Arc<Service>) -> Result<Router> {
    let open = Router::new()
        .route("/health", get(status::health))
        .route("/ready", get(status::ready))
        .route("/openapi.json", get(openapi::get));
    let same_commit = Router::new()
        .route("/search", get(search::get).post(search::post))
        .route("/suggest", get(suggest::get))
        .route("/documents/{*id}", get(documents::get))
        .route("/passages/{*id}", get(passages::get))
        .route("/similar/{*id}", get(similar::get))
        .route_layer(from_fn_with_state(Arc::clone(&service), conditional));
    let reading = Router::new()
        .route("/stats", get(status::stats))
        .route("/metrics", get(status::metrics))
        .merge(same_commit)
        .route_layer(from_fn_with_state(Arc::clone(&service), auth::readers));
    let writing = Router::new()
        .route("/documents", post(documents::post))
        .route("/documents/{*id}", delete(documents::delete))
        .route_layer(from_fn_with_state(Arc::clone(&service), auth::writers));
    let router = open.merge(reading).merge(writing).merge(page::routes(&service));
    let router = router
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_so)
        .layer(from_fn_with_state(Arc::clone(&service), host::known))
        .layer(from_fn(checked))
        .layer(CompressionLayer::new());
    let router = match cors(&service.settings.cors)? {
        Some(cors) => router.layer(cors),
        None => router,
    };
    Ok(router
        .layer(CatchPanicLayer::custom(|_| Failure::internal().into_response()))
        .layer(from_fn_with_state(Arc::clone(&service), observe))
        .with_state(service))
}

/// Refuses what is too long to be meant, and tells browsers to take answers for what they are.
async fn checked(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    let mut response = if length > MAX_URI_BYTES {
        let hint = "send the search in the body of POST /search";
        let message = format!("the address has more than {MAX_URI_BYTES} bytes");
        Failure::new(Code::UriTooLong, message, hint).into_response()
    } else {
        next.run(request).await
    };
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

async fn nothing_here() -> Failure {
    Failure::new(
        Code::NotFound,
        "there is nothing at this path",
        "/openapi.json says what there is",
    )
}

async fn not_so() -> Failure {
    Failure::new(
        Code::MethodNotAllowed,
        "this path is not for that method",
        "the header Allow says which it is for",
    )
}

/// Which pages may ask from a browser; nothing where none may.
fn cors(origins: &[String]) -> Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let origins = origins.iter().map(|origin| self::origin(origin));
        AllowOrigin::list(origins.collect::<Result<Vec<_>>>()?)
    };
    let headers: [HeaderName; 3] =
        [header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH];
    Ok(Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            .allow_headers(headers)
            .expose_headers([header::ETAG, header::RETRY_AFTER]),
    ))
}

/// An origin as browsers send it: scheme and host, nothing behind.
fn origin(text: &str) -> Result<HeaderValue> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let value = host
        .filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ']))
        .and_then(|_| HeaderValue::from_str(text).ok());
    value.ok_or_else(|| {
        Error::invalid(
            "cors",
            format!(
                "--cors {text}: no origin; write scheme and host, as in https://example.org, or *"
            ),
        )
    })
}
