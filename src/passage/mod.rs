//! [`Document`] → [`Passage`]s: title, headings and paragraphs told apart, speaker and issuer
//! attributed.

use crate::{document::Document, span::Span};

/// A paragraph of a document: the unit of retrieval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// Its place in the document, from 0.
    pub ordinal: u32,
    /// Where it stands in the document text.
    pub span: Span,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The title (on the first passage) and the headings that stand directly above this passage and
    /// above no earlier one: they are indexed together with it, so that each is found exactly once.
    pub heads: Vec<String>,
    /// The body that announces it: read from the nearest heading that names one, else the document's.
    pub issuer: Option<String>,
    /// Who is quoted or reported, carried forward until the next speaker or heading.
    pub speaker: Option<String>,
}

/// Splits a document into its passages.
pub fn passages(document: &Document) -> Vec<Passage> {
    let _ = document;
    Vec::new()
}
