//! Defines a word of a text that becomes a query leaf.

use super::tree::Alternative;
use crate::{document::Date, span::Span};

/// Word of a text that becomes a query leaf.
pub(super) struct ParsedWord {
    /// Phrases that match the word: first the phrase of the query, then its other spellings.
    pub(super) alternatives: Vec<Alternative>,
    /// Day that the word names, if it is a date with day, month and year.
    pub(super) date: Option<Date>,
    /// Position of the first token of the word in the text.
    pub(super) position: u32,
    /// Number of token positions that the word covers.
    pub(super) position_count: u32,
    /// Span of the word in the text.
    pub(super) span: Span,
}
