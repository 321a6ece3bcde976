//! What a search returns: a page of ranked passages, with all that is needed to show and cite them.

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
    /// The query text as it was given.
    pub query: String,
    /// Every repair and expansion.
    pub notes: Vec<Note>,
    /// How many passages match.
    pub total: u64,
    /// In how many documents.
    pub total_documents: u64,
    /// The page, best first.
    pub hits: Vec<Hit>,
    /// How many matches have which values, for each facet [asked for](crate::Query::facets), in that
    /// order.
    pub facets: Vec<FacetCounts>,
    /// Whether the [time of the query](crate::Query::timeout) was over before all was done: then there may be
    /// more matches than `total`, and hits after the last.
    pub cut: bool,
    /// How long the search took.
    pub elapsed: Duration,
    /// Pass it to [`Query::cursor`](crate::Query::cursor) for the next page; none after the last.
    pub next: Option<String>,
}

impl SearchResults {
    /// Nothing: the time was over before anything was ranked.
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

/// The place of a passage in a ranking, without the passage.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankedPassage {
    /// The id of the release it stands in.
    pub document: String,
    /// Its place there, from 0.
    pub ordinal: u32,
    /// What ranked it; comparable within one query only.
    pub score: f64,
}

/// One ranked passage.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// Its place among all matches, from 1.
    pub rank: u64,
    /// What ranked it; comparable within one query only.
    pub score: f64,
    /// How many other matching passages of its document it stands for; 0 unless
    /// [collapsed](crate::query::Collapse::Document) by document.
    pub collapsed: u64,
    /// Where else the same is said; none unless [collapsed](crate::query::Collapse::Near) by what is said.
    pub also: Option<NearDuplicates>,
    /// The release it stands in.
    pub document: DocumentInfo,
    /// The passage itself.
    pub passage: PassageInfo,
    /// What to show of it.
    pub snippet: Snippet,
    /// What its score is the sum of; empty unless [asked for](crate::Query::explain).
    pub explanation: Vec<ScoreComponent>,
    /// Pass it to [`Query::cursor`](crate::Query::cursor) for what comes after this hit, where not all
    /// of a page is shown.
    pub cursor: String,
}

/// How many matches have which value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetCounts {
    /// What was counted.
    pub facet: Facet,
    /// The values with the most matches first, at most as many as [asked
    /// for](crate::Query::facet_limit); all years, in their order.
    pub values: Vec<FacetValue>,
    /// How many more values there are.
    pub more: u64,
    /// How many matches have no value.
    pub without: HitCount,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetValue {
    /// As [`Query::only`](crate::Query::only) takes it.
    pub value: String,
    /// How many matches have it.
    pub count: HitCount,
}

/// A number of matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HitCount {
    /// Passages.
    pub passages: u64,
    /// Documents that they stand in.
    pub documents: u64,
}

/// The other documents with a passage that says the same as a hit, or nearly, whether or not they
/// satisfy the query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NearDuplicates {
    /// How many there are.
    pub count: u64,
    /// The day of the earliest; none where none of them has a date.
    pub first: Option<Date>,
    /// Their ids, the earliest first, those without a date last; at most a hundred.
    pub documents: Vec<String>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreComponent {
    /// What it is for, in words.
    pub what: String,
    /// How much it adds.
    pub score: f64,
}

/// What is known of a document in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentInfo {
    /// Unique in the index.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// The file it was read from; empty for a document made in memory.
    pub source: String,
    /// The other files that say the same, in order.
    pub also_at: Vec<String>,
    /// The day it was published.
    pub date: Option<Date>,
    /// The body that announced it.
    pub issuer: Option<String>,
    /// Its language as a BCP 47 code.
    pub lang: String,
    /// Its canonical address.
    pub url: Option<String>,
    /// Its number, with the year in 〔〕.
    pub number: Option<String>,
    /// What else is said about it.
    pub metadata: BTreeMap<String, String>,
    /// Where fields above come from: `table`, `meta pubdate`, `dateline` …
    pub origins: BTreeMap<String, String>,
    /// Names of the fields above that were inferred rather than read.
    pub inferred: Vec<String>,
    /// How many passages it has.
    pub passages: u32,
}

/// A passage as the index keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassageInfo {
    /// `DOCUMENT#ORDINAL`.
    pub id: String,
    /// Its place in the document, from 0.
    pub ordinal: u32,
    /// The number of its paragraph in the document, from 1: a very long paragraph is several passages.
    pub paragraph: u32,
    /// The first 16 hexadecimal digits of the SHA-256 of its text.
    pub hash: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The body that announces it.
    pub issuer: Option<String>,
    /// Who is quoted or reported.
    pub speaker: Option<String>,
    /// The page of the file that it begins on, from 1; none where the file has no pages.
    pub page: Option<u32>,
    /// Where it stands in the document text.
    pub span: Span,
    /// Where it begins there, in every unit.
    pub start: Offset,
    /// Its text: exactly that slice.
    pub text: String,
}
