//! Results of a search: a page of ranked passages, with the data for displaying and citing them.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    document::{Date, Place},
    highlight::Snippet,
    passage::Speaker,
    query::{
        Facet, Note, Query,
        note_detail::{NoteDetail, TimeLimit},
    },
    span::{Offset, Span},
};

/// One page of ranked passages.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchResults {
    /// Text of the query.
    pub query: String,
    /// Notes on repairs and expansions of the query, and on limits of the results.
    pub notes: Vec<Note>,
    /// Number of passages that match in full, see [`MatchKind::All`].
    pub total: u64,
    /// Number of documents with at least one full match.
    pub total_documents: u64,
    /// Number of other matches: passages that lack a word of the query. 0 if the full matches fill the page, because
    /// the search then looks for no other matches.
    pub total_other: u64,
    /// Whether `total_other` is exact. `false` if other matches were not counted.
    pub total_other_exact: bool,
    /// Hits of the page, the best first.
    pub hits: Vec<Hit>,
    /// Number of matches for each value, for each of the [facets of the query](crate::Query::facets), in the order of
    /// the query.
    pub facets: Vec<FacetCounts>,
    /// Whether the search stopped early because the [timeout of the query](crate::Query::timeout) was over. If so,
    /// `total` may be too low, and more hits may follow the last hit of the page.
    pub cut: bool,
    /// Duration of the search.
    pub elapsed: Duration,
    /// Cursor of the next page, for [`Query::cursor`](crate::Query::cursor). `None` on the last page.
    pub next: Option<String>,
}

impl SearchResults {
    /// Returns every passage on the page: each hit, followed by the [next best passages](Hit::next_best) of the same
    /// document.
    pub fn shown_passages(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().flat_map(Hit::with_next_best)
    }

    /// Returns an empty page for a search whose timeout passed before any passage was ranked.
    pub(super) fn page_cut_before_first_hit(query: &Query, timeout: Duration) -> Self {
        Self {
            query: query.text.clone(),
            notes: vec![Note::new(NoteDetail::Cut(TimeLimit::BeforeFirstHit { timeout }))],
            total: 0,
            total_documents: 0,
            total_other: 0,
            total_other_exact: false,
            hits: Vec::new(),
            facets: Vec::new(),
            cut: true,
            elapsed: Duration::ZERO,
            next: None,
        }
    }
}

/// Kind of match: whether a passage has every word of a query. Passages with a greater value rank higher.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = Matched))]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// The passage lacks a word of the query.
    Some,
    /// The passage lacks a word, but its document has every word: the missing words are in other passages or in the
    /// title.
    Release,
    /// Full match: the passage has every word of the query. At least one word is in its text; the other words are in
    /// its text or in the title and headings above it.
    All,
}

impl MatchKind {
    /// Returns the name of the value: `all`, `release` or `some`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Release => "release",
            Self::Some => "some",
        }
    }
}

/// One passage of a ranking, without its text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankedPassage {
    /// Id of the document that contains the passage.
    pub document: String,
    /// Position of the passage in its document, from 0.
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
    /// Kind of match: whether the passage has every word of the query.
    pub matched: MatchKind,
    /// Words of the query that the passage has neither in its text nor in the title and headings above it, as the query
    /// spells them.
    pub missing: Vec<String>,
    /// Next best passages of the same document with the same kind of match ([`matched`](Self::matched)), the best
    /// first. Empty unless the query [collapses documents](crate::query::Collapse::Document) and requests [several
    /// passages](crate::Query::group_size) of each document.
    pub next_best: Vec<Self>,
    /// Number of further passages of the document with the same kind of match that the page does not contain. 0 if the
    /// query does not [collapse documents](crate::query::Collapse::Document).
    pub collapsed: u64,
    /// Other documents with a near-duplicate of the passage. `None` if the query does not [collapse
    /// near-duplicates](crate::query::Collapse::Near).
    pub near_duplicates: Option<NearDuplicates>,
    /// Document of the passage.
    pub document: DocumentInfo,
    /// Passage with its text.
    pub passage: PassageInfo,
    /// Snippet of the passage, with highlights.
    pub snippet: Snippet,
    /// Components of the score, whose sum is the score. Empty if the query does not ask to
    /// [explain](crate::Query::explain) scores.
    pub explanation: Vec<ScoreComponent>,
    /// Cursor of the page that begins after this hit, for [`Query::cursor`](crate::Query::cursor).
    pub cursor: String,
}

impl Hit {
    /// Returns the hit, followed by the next best passages of the same document.
    pub(crate) fn with_next_best(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.next_best)
    }

    /// Calls `change` on the hit, then on the next best passages of the same document.
    pub(crate) fn for_each_passage(&mut self, mut change: impl FnMut(&mut Self)) {
        change(self);
        self.next_best.iter_mut().for_each(change);
    }
}

/// Number of matches for each value of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetCounts {
    /// Facet whose values are counted.
    pub facet: Facet,
    /// Values with the most matches, the most frequent first, up to [`Query::facet_limit`](crate::Query::facet_limit)
    /// values. For [`Facet::Year`] and [`Facet::Month`], all values in ascending order.
    pub values: Vec<FacetValue>,
    /// Number of further values that exceed the limit and are left out.
    pub more_values: u64,
    /// Number of matches without a value of the facet.
    pub without_value: HitCount,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FacetValue {
    /// Value in the form that [`Query::only`](crate::Query::only) takes.
    pub value: String,
    /// Number of matches that have the facet value.
    pub count: HitCount,
}

/// Number of matches, as passages and as documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HitCount {
    /// Number of matching passages.
    pub passages: u64,
    /// Number of documents with at least one matching passage.
    pub documents: u64,
}

/// Other documents that contain a near-duplicate of a hit. The near-duplicate need not match the query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NearDuplicates {
    /// Number of other documents that contain a near-duplicate.
    pub count: u64,
    /// Earliest date of a document that contains a near-duplicate. `None` if no such document has a date.
    pub first: Option<Date>,
    /// Ids of the documents that contain a near-duplicate, at most 100. Sorted by date, the earliest first. Documents
    /// without a date come last.
    pub documents: Vec<String>,
}

/// A component of the score of a hit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreComponent {
    /// Reason for the component, as English text.
    pub reason: String,
    /// Value that the component adds to the score. Can be negative.
    pub score: f64,
}

/// Fields of a document in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentInfo {
    /// Id of the document, unique in the index.
    pub id: String,
    /// Title of the document.
    pub title: Option<String>,
    /// Path of the source file. Empty for a document that was created in memory.
    pub source: String,
    /// Paths of the other files with equal content, sorted.
    pub also_at: Vec<String>,
    /// Date of publication.
    pub date: Option<Date>,
    /// Public body that issued the document.
    pub issuer: Option<String>,
    /// Language of the document as a BCP 47 code.
    pub lang: String,
    /// Canonical web address of the document.
    pub url: Option<String>,
    /// Official number of the document, with the year in 〔〕.
    pub number: Option<String>,
    /// Additional metadata fields by name.
    pub metadata: BTreeMap<String, String>,
    /// Origin of each field by field name, such as `table`, `meta pubdate` or `dateline`.
    pub origins: BTreeMap<String, String>,
    /// Names of the fields whose values were inferred, not read.
    pub inferred: Vec<String>,
    /// Number of passages of the document.
    pub passages: u32,
}

/// Fields of a passage in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassageInfo {
    /// Id of the passage: `DOCUMENT#ORDINAL`.
    pub id: String,
    /// Position of the passage in its document, from 0.
    pub ordinal: u32,
    /// Number of the paragraph that contains the passage, counted from 1 in the document. A very long paragraph is
    /// split into several passages.
    pub paragraph: u32,
    /// First 16 hexadecimal digits of the SHA-256 hash of the passage text.
    pub hash: String,
    /// Headings above the passage, the outermost first.
    pub headings: Vec<String>,
    /// Public body that issued the passage.
    pub issuer: Option<String>,
    /// Name of the person or body that speaks the whole passage, or of the only person whom the passage quotes. `None`
    /// if the speaker is unknown, or if the passage quotes several persons.
    pub speaker: Option<String>,
    /// Speakers of the passage, in the order of their words: the person or body whose speech contains the passage, and
    /// the persons whom the passage quotes.
    pub speakers: Vec<Speaker>,
    /// Page of the source file on which the passage begins, from 1. `None` if the file has no pages.
    pub page: Option<u32>,
    /// Slide or cells of the source file in which the passage begins. `None` if the file has neither.
    pub place: Option<Place>,
    /// Whether the passage, or a part of it, was recognized in a picture of the source file (OCR).
    pub recognized: bool,
    /// Byte range of the passage in the document text.
    pub span: Span,
    /// Start of the passage in the document text, in every offset unit.
    pub start: Offset,
    /// Text of the passage: exactly the slice `span` of the document text.
    pub text: String,
}

impl PassageInfo {
    /// Returns the speaker of the passage as a whole, whose name is [`speaker`](Self::speaker).
    pub fn principal_speaker(&self) -> Option<&Speaker> {
        let name = self.speaker.as_deref()?;
        self.speakers.iter().find(|speaker| speaker.name == name)
    }
}
