//! Results of a search: a page of ranked passages, with all that is needed to show and cite them.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    document::Date,
    error::Error,
    highlight::Snippet,
    query::{Facet, Note, NoteKind, Query},
    span::{Offset, Span},
};

/// One page of ranked passages.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchResults {
    /// Query text.
    pub query: String,
    /// Repairs and expansions of the query.
    pub notes: Vec<Note>,
    /// Number of passages that match.
    pub total: u64,
    /// Number of documents with a passage that matches.
    pub total_documents: u64,
    /// Hits of the page, the best first.
    pub hits: Vec<Hit>,
    /// Counts of matches by value, for each of the [facets of the query](crate::Query::facets), in their order.
    pub facets: Vec<FacetCounts>,
    /// Whether the [time of the query](crate::Query::timeout) was over before the search was complete. Then there may be
    /// more matches than `total`, and hits after the last.
    pub cut: bool,
    /// Duration of the search.
    pub elapsed: Duration,
    /// Cursor of the next page, for [`Query::cursor`](crate::Query::cursor). `None` on the last page.
    pub next: Option<String>,
}

impl SearchResults {
    /// Returns an empty page for a search whose time was over before any passage was ranked.
    pub(super) fn cut_before_any(query: &Query, error: &Error) -> Self {
        Self {
            query: query.text.clone(),
            notes: vec![Note::new(NoteKind::Cut, error.to_string())],
            total: 0,
            total_documents: 0,
            hits: Vec::new(),
            facets: Vec::new(),
            cut: true,
            elapsed: Duration::ZERO,
            next: None,
        }
    }
}

/// One passage of a ranking, without its text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankedPassage {
    /// Id of its document.
    pub document: String,
    /// Number of the passage in the document, from 0.
    pub ordinal: u32,
    /// Score of the passage. Scores of different queries are not comparable.
    pub score: f64,
}

/// One ranked passage.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// Rank among all matches, from 1.
    pub rank: u64,
    /// Score of the passage. Scores of different queries are not comparable.
    pub score: f64,
    /// Number of other matching passages of the document that are not shown. 0 unless the query
    /// [collapses documents](crate::query::Collapse::Document).
    pub collapsed: u64,
    /// Other documents with a near-duplicate of the passage. `None` unless the query
    /// [collapses near-duplicates](crate::query::Collapse::Near).
    pub also: Option<NearDuplicates>,
    /// Document of the passage.
    pub document: DocumentInfo,
    /// Passage with its text.
    pub passage: PassageInfo,
    /// Snippet of the passage, with highlights.
    pub snippet: Snippet,
    /// Parts of the score, which add up to it. Empty unless the query asks to [explain](crate::Query::explain).
    pub explanation: Vec<ScoreComponent>,
    /// Cursor of the page that begins after this hit, for [`Query::cursor`](crate::Query::cursor).
    pub cursor: String,
}

/// Numbers of matches by value of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetCounts {
    /// Counted facet.
    pub facet: Facet,
    /// Values with the most matches, at most [`Query::facet_limit`](crate::Query::facet_limit) of them, the most frequent
    /// first. Years are all there, in their order.
    pub values: Vec<FacetValue>,
    /// Number of values that are left out.
    pub more: u64,
    /// Number of matches without a value.
    pub without: HitCount,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetValue {
    /// Value in the form that [`Query::only`](crate::Query::only) takes.
    pub value: String,
    /// Number of matches with the value.
    pub count: HitCount,
}

/// Number of matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HitCount {
    /// Number of passages.
    pub passages: u64,
    /// Number of their documents.
    pub documents: u64,
}

/// Other documents with a near-duplicate of a hit, whether or not that passage matches the query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NearDuplicates {
    /// Number of documents.
    pub count: u64,
    /// Date of the earliest document. `None` if no document has a date.
    pub first: Option<Date>,
    /// Ids of at most 100 documents: by date, the earliest first, then documents without a date.
    pub documents: Vec<String>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreComponent {
    /// Reason in words.
    pub what: String,
    /// Score that it adds.
    pub score: f64,
}

/// Fields of a document in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentInfo {
    /// Id, unique in the index.
    pub id: String,
    /// Title.
    pub title: Option<String>,
    /// Path of the file that it was read from. Empty for a document made in memory.
    pub source: String,
    /// Paths of the other files with equal content, sorted.
    pub also_at: Vec<String>,
    /// Date of publication.
    pub date: Option<Date>,
    /// Announcing body.
    pub issuer: Option<String>,
    /// Language as a BCP 47 code.
    pub lang: String,
    /// Canonical address.
    pub url: Option<String>,
    /// Document number, with the year in 〔〕.
    pub number: Option<String>,
    /// Further fields by name.
    pub metadata: BTreeMap<String, String>,
    /// Origin of each field by its name: `table`, `meta pubdate`, `dateline` …
    pub origins: BTreeMap<String, String>,
    /// Names of the fields that were inferred, not read.
    pub inferred: Vec<String>,
    /// Number of passages.
    pub passages: u32,
}

/// Fields of a passage in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassageInfo {
    /// Id: `DOCUMENT#ORDINAL`.
    pub id: String,
    /// Number of the passage in the document, from 0.
    pub ordinal: u32,
    /// Number of its paragraph in the document, from 1. A very long paragraph is several passages.
    pub paragraph: u32,
    /// First 16 hexadecimal digits of the SHA-256 of the text.
    pub hash: String,
    /// Headings above the passage, the outermost first.
    pub headings: Vec<String>,
    /// Announcing body of the passage.
    pub issuer: Option<String>,
    /// Person who is quoted or reported.
    pub speaker: Option<String>,
    /// Page of the file on which it begins, from 1. `None` if the file has no pages.
    pub page: Option<u32>,
    /// Byte range in the document text.
    pub span: Span,
    /// Start in the document text, in every offset unit.
    pub start: Offset,
    /// Text: exactly the slice `span` of the document text.
    pub text: String,
}
