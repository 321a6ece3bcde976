//! Builds a passage of an answer from the text or an excerpt of the text, the heading path and the attribution.

use schemars::JsonSchema;
use serde::Serialize;

use super::token_estimate::{estimate_tokens, truncate};
use crate::{
    render::{self, Citation, visible_text},
    search::{DocumentInfo, Hit, PassageInfo},
};

/// Maximum number of tokens of the heading path.
const MAX_HEADINGS_TOKENS: usize = 80;
/// Maximum number of tokens of the attribution.
const MAX_ATTRIBUTION_TOKENS: usize = 200;

/// A passage with its full text or an excerpt of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct PassageExcerpt {
    /// Id for `read_passage` and `similar_passages`
    id: String,
    /// Heading path
    #[serde(skip_serializing_if = "String::is_empty")]
    headings: String,
    /// Verbatim text; … stands for omitted text
    text: String,
    /// Whether text was omitted; `read_passage` returns the full text
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    /// Speaker, issuer, title, date, paragraph, page and address; inferred values in brackets
    attribution: String,
    /// Link to cite, with a hash of the full text; `resolve_link` finds the text again
    link: String,
    /// Words of the query that the passage lacks
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
}

impl PassageExcerpt {
    /// Returns a passage of `document`. Truncates a text of more than `max_tokens` tokens.
    pub(super) fn new(document: &DocumentInfo, passage: &PassageInfo, max_tokens: usize) -> Self {
        Self::with_text(document, passage, &passage.text, max_tokens)
    }

    /// Returns the passage of a hit. From a text of more than `max_tokens` tokens, returns only the fragments that
    /// match the query.
    pub(super) fn of_hit(hit: &Hit, max_tokens: usize) -> Self {
        let Hit { document, passage, .. } = hit;
        let excerpt = if estimate_tokens(&passage.text) <= max_tokens {
            Self::new(document, passage, max_tokens)
        } else {
            Self::with_text(document, passage, &render::snippet_text(hit), max_tokens)
        };
        Self { missing: hit.missing.clone(), ..excerpt }
    }

    /// Returns a passage of an answer whose text is `text`, truncated to `max_tokens` tokens. `text` is the text of
    /// `passage` or an excerpt of it.
    fn with_text(
        document: &DocumentInfo,
        passage: &PassageInfo,
        text: &str,
        max_tokens: usize,
    ) -> Self {
        let text = truncate(text, max_tokens);
        Self {
            id: passage.id.clone(),
            headings: truncate(&passage.headings.join(" › "), MAX_HEADINGS_TOKENS),
            cut: text != passage.text,
            text,
            attribution: truncate(
                &Citation::new(document, passage).attribution(),
                MAX_ATTRIBUTION_TOKENS,
            ),
            link: passage.link().to_string(),
            missing: Vec::new(),
        }
    }

    /// Returns the passage as lines: id and headings, text, attribution with the link, and missing words if there are
    /// any. Replaces line breaks in texts by spaces, so that no text can imitate a further passage.
    pub(super) fn to_lines(&self) -> String {
        let Self { id, headings, text, attribution, link, missing, .. } = self;
        let heading_line = format!("[{}] {}", visible_text(id), visible_text(headings));
        let missing_line = match &missing[..] {
            [] => String::new(),
            words => format!("without: {}\n", visible_text(&words.join(", "))),
        };
        format!(
            "\n{}\n{}\n{attribution} {link}\n{missing_line}",
            heading_line.trim_end(),
            visible_text(text)
        )
    }
}
