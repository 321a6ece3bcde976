//! `/assets/VERSION/NAME`: returns the scripts, styles and icon of the pages, which are compiled into the binary.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    index::content_hash,
    server::api_error::{ApiError, Code},
};

const SCRIPT_MEDIA_TYPE: &str = "text/javascript; charset=utf-8";
const STYLE_MEDIA_TYPE: &str = "text/css; charset=utf-8";

/// Name, media type and content of each script, style and icon.
const ASSET_FILES: [(&str, &str, &str); 12] = [
    ("page.css", STYLE_MEDIA_TYPE, include_str!("assets/page.css")),
    ("release.css", STYLE_MEDIA_TYPE, include_str!("assets/release.css")),
    ("page.js", SCRIPT_MEDIA_TYPE, include_str!("assets/page.js")),
    ("typing.js", SCRIPT_MEDIA_TYPE, include_str!("assets/typing.js")),
    ("suggestions.js", SCRIPT_MEDIA_TYPE, include_str!("assets/suggestions.js")),
    ("keyboard.js", SCRIPT_MEDIA_TYPE, include_str!("assets/keyboard.js")),
    ("matches.js", SCRIPT_MEDIA_TYPE, include_str!("assets/matches.js")),
    ("copy.js", SCRIPT_MEDIA_TYPE, include_str!("assets/copy.js")),
    ("unfold.js", SCRIPT_MEDIA_TYPE, include_str!("assets/unfold.js")),
    ("chart.js", SCRIPT_MEDIA_TYPE, include_str!("assets/chart.js")),
    ("quotes.js", SCRIPT_MEDIA_TYPE, include_str!("assets/quotes.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// Hash of all asset files, which is part of their addresses. If one file changes, the addresses of all files change,
/// so a browser never mixes versions.
static ASSETS_VERSION: LazyLock<String> = LazyLock::new(|| {
    let all_contents: String = ASSET_FILES.iter().map(|(_, _, content)| *content).collect();
    let mut version = content_hash(all_contents.as_bytes());
    version.truncate(12);
    version
});

/// Value of Cache-Control for an address with the current version.
const CACHE_FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Value of Cache-Control for an address with another version.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Returns the link to the asset file `name`.
pub(super) fn href(name: &str) -> String {
    format!("assets/{}/{name}", *ASSETS_VERSION)
}

pub(super) async fn get(Path((version, name)): Path<(String, String)>) -> Response {
    let Some((_, media_type, content)) = ASSET_FILES.iter().find(|(file, ..)| *file == name) else {
        let hint = "the pages link to all files";
        return ApiError::new(Code::NotFound, "there is no such file", hint).into_response();
    };
    let cache_control = if version == *ASSETS_VERSION { CACHE_FOREVER } else { REVALIDATE };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, cache_control),
    ];
    (headers, *content).into_response()
}
