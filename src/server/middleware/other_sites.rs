//! Rejects requests that a browser sends for a page of another site, such as the request for an image whose URL is a
//! search.
//!
//! The page could not read the response, but the service would run the search. Browsers state the origin of a request
//! in the Sec-Fetch headers (W3C Fetch Metadata), which a page cannot change. Clients that are not browsers do not send
//! these headers.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::server::{
    api_error::{ApiError, Code},
    state::ServerState,
};

/// Value of the setting `cors_origins` that permits every origin.
const ANY_ORIGIN: &str = "*";

/// Rejects requests from pages of other origins, except links to a page and requests from an origin of the setting
/// `cors_origins`.
pub(in crate::server) async fn reject_requests_of_other_sites(
    State(service): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    if is_allowed_request(request.method(), request.headers(), &service.settings.cors_origins) {
        return next.run(request).await;
    }
    ApiError::new(
        Code::Forbidden,
        "a page of another site sent this request",
        "`serve --cors ORIGIN` lets the pages of a site search",
    )
    .into_response()
}

/// Returns whether a request with this method and these headers is accepted: a request from no other site, a link that
/// the reader follows, or a request from one of `allowed_origins`.
fn is_allowed_request(method: &Method, headers: &HeaderMap, allowed_origins: &[String]) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // `none` means that the user typed the address or opened a bookmark.
    let Some("same-site" | "cross-site") = value("sec-fetch-site") else { return true };
    let is_link = *method == Method::GET
        && value("sec-fetch-mode") == Some("navigate")
        && value("sec-fetch-dest") == Some("document");
    let origin = value(header::ORIGIN.as_str());
    let is_allowed_origin = |allowed_origin: &String| {
        allowed_origin == ANY_ORIGIN
            || origin.is_some_and(|origin| origin.eq_ignore_ascii_case(allowed_origin))
    };
    is_link || allowed_origins.iter().any(is_allowed_origin)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_page_of_another_site_may_only_link_to_the_service() {
        const SITE: &str = "sec-fetch-site";
        const MODE: &str = "sec-fetch-mode";
        const DEST: &str = "sec-fetch-dest";
        let listed_origins = ["https://example.org".to_owned()];
        let everyone = ["*".to_owned()];
        let (get, post) = (Method::GET, Method::POST);
        for (method, headers, cors, expected) in [
            // Programs other than browsers send none of these headers.
            (&get, &[][..], &[][..], true),
            (&post, &[("origin", "https://evil.example")], &[], true),
            (&get, &[(SITE, "none"), (MODE, "navigate"), (DEST, "document")], &[], true),
            (&get, &[(SITE, "same-origin"), (MODE, "cors"), (DEST, "empty")], &[], true),
            (&get, &[(SITE, "cross-site"), (MODE, "no-cors"), (DEST, "image")], &[], false),
            (&get, &[(SITE, "cross-site"), (MODE, "no-cors"), (DEST, "script")], &[], false),
            (&get, &[(SITE, "same-site"), (MODE, "no-cors"), (DEST, "image")], &[], false),
            (&get, &[(SITE, "cross-site"), (MODE, "cors"), (DEST, "empty")], &[], false),
            (&get, &[(SITE, "cross-site")], &[], false),
            // A link to the service is allowed; a frame and a form are not.
            (&get, &[(SITE, "cross-site"), (MODE, "navigate"), (DEST, "document")], &[], true),
            (&get, &[(SITE, "cross-site"), (MODE, "navigate"), (DEST, "iframe")], &[], false),
            (&post, &[(SITE, "cross-site"), (MODE, "navigate"), (DEST, "document")], &[], false),
            // Origins of the setting `cors_origins`.
            (
                &post,
                &[(SITE, "cross-site"), (MODE, "cors"), ("origin", "https://example.org")],
                &listed_origins,
                true,
            ),
            (
                &get,
                &[(SITE, "cross-site"), (MODE, "cors"), ("origin", "https://evil.example")],
                &listed_origins,
                false,
            ),
            (
                &get,
                &[(SITE, "cross-site"), (MODE, "no-cors"), (DEST, "image")],
                &listed_origins,
                false,
            ),
            (&get, &[(SITE, "cross-site"), (MODE, "no-cors"), (DEST, "image")], &everyone, true),
        ] {
            let header_map = headers.iter().map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            let is_accepted = is_allowed_request(method, &header_map.collect(), cors);
            assert_eq!(is_accepted, expected, "{method} {headers:?} {cors:?}");
        }
    }
}
