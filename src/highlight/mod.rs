//! Query tree + passage → [`Snippet`]: the spans that satisfied the query, in fragments bounded by
//! sentences.

mod fragment;
mod spans;

use serde::Serialize;

pub(crate) use self::{fragment::snippet, spans::highlights};
use crate::span::Span;

/// An excerpt of a passage with what matched in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Snippet {
    /// Stretches of the passage, in its order.
    pub fragments: Vec<Fragment>,
    /// What matched in the document's title.
    pub title: Vec<Span>,
    /// What matched in each heading of the passage's heading path.
    pub headings: Vec<Vec<Span>>,
}

/// One stretch of a [`Snippet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// Exactly the slice of the passage text that `span` names.
    pub text: String,
    /// Where it stands in the passage text.
    pub span: Span,
    /// What matched, as spans of the passage text; in order, disjoint, never adjacent.
    pub highlights: Vec<Span>,
    /// Whether passage text before it was cut.
    pub cut_before: bool,
    /// Whether passage text after it was cut.
    pub cut_after: bool,
}
