//! Query tree + passage → [`Snippet`]: the spans that satisfied the query, in fragments bounded by
//! sentences.

mod fragment;
mod merge;
mod occurrence;
mod satisfy;

use std::collections::HashSet;

use serde::Serialize;

use self::{
    occurrence::{Analyzed, Finder, Occurrence},
    satisfy::Reading,
};
use crate::{
    analysis::{Analysis, Analyzer},
    document::Date,
    query::{QueryPlan, TextField},
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

/// What a query can look at of one passage.
#[derive(Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) text: &'a str,
    /// The title and headings that are indexed with it.
    pub(crate) heads: &'a [String],
    pub(crate) title: Option<&'a str>,
    pub(crate) headings: &'a [String],
    pub(crate) issuer: Option<&'a str>,
    pub(crate) speaker: Option<&'a str>,
    pub(crate) date: Option<Date>,
    pub(crate) lang: &'a str,
    pub(crate) source: &'a str,
    pub(crate) document: &'a str,
    pub(crate) ordinal: u32,
}

/// Finds in passages what satisfies one query.
pub(crate) struct Highlighter<'a> {
    query: &'a QueryPlan,
    analyzer: &'a Analyzer,
    finder: Finder<'a>,
}

impl<'a> Highlighter<'a> {
    pub(crate) fn new(query: &'a QueryPlan, analyzer: &'a Analyzer) -> Self {
        Self { query, analyzer, finder: Finder::new(query) }
    }

    /// The snippet of a passage that matched: its best stretches within `width` columns, at most
    /// `count` of them; its beginning where nothing in it is to be marked.
    pub(crate) fn snippet(&self, subject: &Subject<'_>, width: usize, count: usize) -> Snippet {
        let texts = self.texts(subject);
        let reading = Reading { query: self.query, texts: &texts, subject: Some(subject) };
        let marks = reading.satisfying(&self.query.tree).unwrap_or_default();
        // The passage's own text comes first.
        let own: Vec<&Occurrence> =
            marks.iter().filter(|(text, _)| *text == 0).map(|(_, found)| *found).collect();
        let analysis = texts.first().map(|text| &text.analysis);
        let highlights = analysis
            .map(|analysis| merge::highlights(self.query, analysis, &own))
            .unwrap_or_default();
        let stretches =
            fragment::stretches(subject.text, (width, count), &own, &highlights, self.analyzer);
        Snippet {
            fragments: fragment::fragments(subject.text, &stretches, &highlights),
            title: self.beside(subject.title.unwrap_or_default(), TextField::Title),
            headings: subject
                .headings
                .iter()
                .map(|heading| self.beside(heading, TextField::Heading))
                .collect(),
        }
    }

    /// What in a text of the body could satisfy a part of the query.
    pub(crate) fn highlights(&self, text: &str) -> Vec<Span> {
        self.beside(text, TextField::Body)
    }

    /// What in a title or heading satisfies a leaf that looks there, or at the body.
    fn beside(&self, text: &str, scope: TextField) -> Vec<Span> {
        let mut spans = Vec::new();
        let scopes: &[TextField] =
            if scope == TextField::Body { &[scope] } else { &[TextField::Body, scope] };
        for &scope in scopes {
            let read = [self.analyzed(text, scope, None)];
            let reading = Reading { query: self.query, texts: &read, subject: None };
            let marks = reading.loose(&self.query.tree);
            let own: Vec<&Occurrence> = marks.iter().map(|(_, found)| *found).collect();
            let [Analyzed { analysis, .. }] = &read;
            spans.extend(merge::highlights(self.query, analysis, &own));
        }
        merge::merged(spans)
    }

    /// All that leaves look at of a passage: its own text first.
    fn texts(&self, subject: &Subject<'_>) -> Vec<Analyzed> {
        let mut pairs = HashSet::new();
        let body = || std::iter::once(subject.text).chain(subject.heads.iter().map(String::as_str));
        if self
            .query
            .leaves
            .iter()
            .any(|leaf| leaf.alternatives.iter().any(|variant| variant.contiguous))
        {
            for text in body() {
                let mut analysis = Analysis::default();
                self.analyzer.tokens(text, &mut analysis);
                occurrence::add_pairs(&analysis, &mut pairs);
            }
        }
        let headings = subject.headings.iter().map(|text| (text.as_str(), TextField::Heading));
        let beside = [
            (subject.title, TextField::Title),
            (subject.issuer, TextField::Issuer),
            (subject.speaker, TextField::Speaker),
        ];
        let beside = beside.into_iter().filter_map(|(text, scope)| Some((text?, scope)));
        let wanted = |scope: &TextField| self.query.leaves.iter().any(|leaf| leaf.field == *scope);
        let own = body().map(|text| self.analyzed(text, TextField::Body, Some(&pairs)));
        let beside = headings.chain(beside).filter(|(_, scope)| wanted(scope));
        own.chain(beside.map(|(text, scope)| self.analyzed(text, scope, None))).collect()
    }

    fn analyzed(&self, text: &str, scope: TextField, pairs: Option<&HashSet<String>>) -> Analyzed {
        self.finder.analyzed(text, scope, pairs, self.analyzer)
    }
}
