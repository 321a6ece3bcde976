//! `/assets/VERSION/NAME`: the files that pages consist of, which are in the binary.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    index::content_hash,
    server::api_error::{Code, Failure},
};

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, media type and content.
const FILES: [(&str, &str, &str); 8] = [
    ("page.css", "text/css; charset=utf-8", include_str!("assets/page.css")),
    ("page.js", SCRIPT, include_str!("assets/page.js")),
    ("typing.js", SCRIPT, include_str!("assets/typing.js")),
    ("suggestions.js", SCRIPT, include_str!("assets/suggestions.js")),
    ("keyboard.js", SCRIPT, include_str!("assets/keyboard.js")),
    ("matches.js", SCRIPT, include_str!("assets/matches.js")),
    ("citation.js", SCRIPT, include_str!("assets/citation.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// Names all the files as they are: where one has changed, each has another address, so that none is kept
/// beside a newer one.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String = FILES.iter().map(|(_, _, content)| *content).collect();
    let mut version = content_hash(all.as_bytes());
    version.truncate(12);
    version
});

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_NOW: HeaderValue = HeaderValue::from_static("no-cache");

/// The link to a file.
pub(super) fn href(name: &str) -> String {
    format!("assets/{}/{name}", *VERSION)
}

pub(super) async fn get(Path((version, name)): Path<(String, String)>) -> Response {
    let Some((_, media_type, content)) = FILES.iter().find(|(file, ..)| *file == name) else {
        let hint = "the pages name the files that there are";
        return Failure::new(Code::NotFound, "there is no such file", hint).into_response();
    };
    let keep = if version == *VERSION { FOR_EVER } else { FOR_NOW };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, keep),
    ];
    (headers, *content).into_response()
}
