//! HTML fragments that several pages use.

use maud::{Markup, PreEscaped};

use crate::{render::escape_html, search::PassageInfo};

/// Returns a document text as HTML: escapes special characters, and makes invisible characters visible.
pub(super) fn escaped_text(text: &str) -> Markup {
    PreEscaped(escape_html(text))
}

/// Returns the fragment identifier of a passage on the page of its release.
pub(super) fn anchor(passage: &PassageInfo) -> String {
    format!("p{}", passage.ordinal)
}
