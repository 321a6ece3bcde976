//! Passage → what an agent is shown of it: its text, where it stands, and how to cite it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{pack::cut, tokens::tokens};
use crate::{
    render::{self, Citation, visible},
    search::{DocumentInfo, Hit, PassageInfo},
};

/// Headings are shown up to here.
const HEADINGS: usize = 80;
/// An attribution is shown up to here.
const ATTRIBUTION: usize = 200;

/// One passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Shown {
    /// Id for `read_passage` and `similar_passages`
    id: String,
    /// Headings above it
    #[serde(skip_serializing_if = "String::is_empty")]
    headings: String,
    /// Verbatim; … stands only where something was cut
    text: String,
    /// Whether text was cut: `read_passage` has the whole
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    /// Speaker, issuer, title, date, paragraph, page, address; in brackets what was inferred
    attribution: String,
}

impl Shown {
    /// A passage of `document`, cut at its end to `longest` tokens.
    pub(super) fn new(document: &DocumentInfo, passage: &PassageInfo, longest: usize) -> Self {
        Self::with(document, passage, &passage.text, longest)
    }

    /// The passage of a hit: where it is longer than `longest`, what of it satisfied the query.
    pub(super) fn hit(hit: &Hit, longest: usize) -> Self {
        let Hit { document, passage, .. } = hit;
        if tokens(&passage.text) <= longest {
            return Self::new(document, passage, longest);
        }
        Self::with(document, passage, &render::excerpt(hit), longest)
    }

    fn with(document: &DocumentInfo, passage: &PassageInfo, text: &str, longest: usize) -> Self {
        let text = cut(text, longest);
        Self {
            id: passage.id.clone(),
            headings: cut(&passage.headings.join(" › "), HEADINGS),
            cut: text != passage.text,
            text,
            attribution: cut(&Citation::new(document, passage).attribution(), ATTRIBUTION),
        }
    }

    /// Three lines: nothing in a text can look like another passage.
    pub(super) fn lines(&self) -> String {
        let Self { id, headings, text, attribution, .. } = self;
        let first = format!("[{}] {}", visible(id), visible(headings));
        format!("\n{}\n{}\n{attribution}\n", first.trim_end(), visible(text))
    }
}
