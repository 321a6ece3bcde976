//! An address that a browser asks for → a page: results, a whole release, or what resembles a passage.
//!
//! Every page is complete as the server writes it. The scripts in `assets/` fetch the same pages and exchange
//! parts of them, so that nothing is rendered in two places. Texts of documents go through [`shown`] or
//! [`html_with_highlights`](crate::render::html_with_highlights), which escape them, as do the templates everything else.

mod address;
mod assets;
mod facets;
mod frame;
mod hit;
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
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use maud::{Markup, PreEscaped};
use serde::Deserialize;

use self::{address::Address, preferences::Preferences};
use super::{
    api_error::Failure,
    extract::query_string::Parameters,
    middleware::auth,
    state::{Service, Snapshot},
};
use crate::{render::escape_html, search::PassageInfo};

/// Nothing but the service's own files: no script or style in a page is ever obeyed, whatever a document says.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// Pages may be kept, but are asked for again: so they are never older than the index.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARY: HeaderValue = HeaderValue::from_static("accept-language, cookie");
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// Browsers ask for a name and a password; the password is the key.
const ASK_FOR_KEY: HeaderValue =
    HeaderValue::from_static("Basic realm=\"gz-search\", charset=\"UTF-8\"");

/// The pages, and the files that they consist of.
pub(super) fn routes(service: &Arc<Service>) -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(search))
        .route("/release", get(release))
        .route("/similar", get(similar))
        .route_layer(from_fn_with_state(Arc::clone(service), auth::readers))
        .route_layer(from_fn(framed))
        .route("/assets/{version}/{name}", get(assets::get))
}

/// Which release or passage a page is of; the rest of its address says in which results it was found.
#[derive(Debug, Deserialize)]
struct Which {
    id: String,
}

async fn search(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    preferences: Preferences,
    Parameters(address): Parameters<Address>,
) -> Result<String, Failure> {
    let timeout = service.settings.timeout;
    service.pool.run(move || results::page(&searcher, &address, &preferences, timeout)).await
}

async fn release(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    preferences: Preferences,
    Parameters(Which { id }): Parameters<Which>,
    Parameters(found_in): Parameters<Address>,
) -> Result<String, Failure> {
    service.pool.run(move || release::page(&searcher, &id, &found_in, &preferences)).await
}

async fn similar(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    preferences: Preferences,
    Parameters(Which { id }): Parameters<Which>,
    Parameters(found_in): Parameters<Address>,
) -> Result<String, Failure> {
    service.pool.run(move || similar::page(&searcher, &id, &found_in, &preferences)).await
}

/// Finds out how the reader wants pages, remembers what was chosen, and makes pages of failures.
async fn framed(mut request: Request, next: Next) -> Response {
    let preferences = Preferences::of(request.headers(), request.uri());
    request.extensions_mut().insert(preferences.clone());
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        if parts.headers.contains_key(header::WWW_AUTHENTICATE) {
            parts.headers.insert(header::WWW_AUTHENTICATE, ASK_FOR_KEY);
        }
        let body = frame::failed(&failure, &preferences);
        response = Response::from_parts(parts, body.into());
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HTML);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
    headers.insert(header::VARY, VARY);
    for cookie in preferences.cookies() {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// A text of a document as it may stand on a page: nothing in it is markup, and nothing is invisible.
fn shown(text: &str) -> Markup {
    PreEscaped(escape_html(text))
}

/// The name of a passage within the page of its release.
fn anchor(passage: &PassageInfo) -> String {
    format!("p{}", passage.ordinal)
}
