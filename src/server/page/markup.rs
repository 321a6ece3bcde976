//! Small pieces of HTML that several pages use.

use maud::{Markup, PreEscaped};

use crate::{render::escape_html, search::PassageInfo};

/// Returns a text of a document as HTML: escaped, and with invisible characters made visible.
pub(super) fn text(text: &str) -> Markup {
    PreEscaped(escape_html(text))
}

/// Returns the fragment identifier of a passage on the page of its release.
pub(super) fn anchor(passage: &PassageInfo) -> String {
    format!("p{}", passage.ordinal)
}
