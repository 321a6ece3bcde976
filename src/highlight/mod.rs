//! Query tree + passage → [`Snippet`]: the spans that satisfied the query, in fragments bounded by
//! sentences.

mod fragment;
mod occurrence;

use serde::Serialize;

use crate::{
    analysis::{Analysis, Analyzer},
    query::Lowered,
    span::Span,
};

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

/// Finds in a text what satisfies one query.
pub(crate) struct Highlighter<'a> {
    query: &'a Lowered,
    analyzer: &'a Analyzer,
}

impl<'a> Highlighter<'a> {
    pub(crate) const fn new(query: &'a Lowered, analyzer: &'a Analyzer) -> Self {
        Self { query, analyzer }
    }

    /// The spans of `text` that satisfy leaves of the query: in order, disjoint, never adjacent.
    pub(crate) fn highlights(&self, text: &str) -> Vec<Span> {
        let analysis = self.analyzed(text);
        occurrence::highlights(
            self.query,
            &analysis,
            &occurrence::occurrences(self.query, &analysis),
        )
    }

    /// The best stretches of `text` within `width` columns, in its order; its beginning where
    /// nothing in it matches.
    pub(crate) fn fragments(&self, text: &str, width: usize) -> Vec<Fragment> {
        let analysis = self.analyzed(text);
        let occurrences = occurrence::occurrences(self.query, &analysis);
        let highlights = occurrence::highlights(self.query, &analysis, &occurrences);
        let stretches = fragment::stretches(text, width, &occurrences, &highlights, self.analyzer);
        fragment::fragments(text, &stretches, &highlights)
    }

    fn analyzed(&self, text: &str) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(text, &mut analysis);
        analysis
    }
}
