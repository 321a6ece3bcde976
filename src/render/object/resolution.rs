//! JSON object of a resolved link.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::document::{DocumentObject, PassageObject};
use crate::{
    search::{LinkStatus, PassageLink, Resolution},
    span::OffsetUnit,
};

/// Result of following a link to a passage: whether the current index still contains the text that the link quotes.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Resolution))]
pub(crate) struct ResolutionObject<'a> {
    /// The link in canonical form.
    link: String,
    /// `exact`: the passage has the quoted text. `moved`: another passage has it. `changed`: only the document is still
    /// there. `gone`: the index has neither the text nor the document.
    status: LinkStatus,
    /// Unit of the offsets of every span: `utf-8`, `utf-16` or `codepoint`.
    #[cfg_attr(feature = "server", schema(value_type = OffsetUnit))]
    offset_encoding: &'static str,
    /// Document that contains the passage of the link in the current index; null if `status` is `gone`.
    document: Option<DocumentObject<'a>>,
    /// Passage with the quoted text or, if the text has changed, the passage that now has the number of the quoted
    /// passage; null if no passage has that text or number.
    passage: Option<PassageObject<'a>>,
}

impl<'a> ResolutionObject<'a> {
    /// Returns the JSON object of `resolution`, with all spans in `unit`.
    pub(crate) fn new(link: &PassageLink, resolution: &'a Resolution, unit: OffsetUnit) -> Self {
        let Resolution { status, document, passage } = resolution;
        Self {
            link: link.to_string(),
            status: *status,
            offset_encoding: unit.name(),
            document: document.as_ref().map(DocumentObject::new),
            passage: passage.as_ref().map(|passage| PassageObject::new(passage, unit)),
        }
    }
}
