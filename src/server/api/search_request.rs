//! Parameters of `/search`, and their conversion to a [`Query`] of the library.

use serde::{Deserialize, Deserializer, de::IntoDeserializer};
use utoipa::{IntoParams, ToSchema};

use super::filters::Filters;
use crate::{
    error::Result,
    query::{Collapse, Facet, MAX_SHOWN_PASSAGES_PER_RELEASE, Query, Sort},
    render::CitationStyle,
    server::{
        api_error::ApiError,
        extract::checks::{check_range, invalid_parameter, non_blank},
    },
    span::OffsetUnit,
};

/// Parameters of a search. Each parameter has the name and the default of an option of `gz-search query`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SearchRequest {
    /// Words, "phrases" and operators; * matches every passage. Any text is a valid query.
    q: String,
    /// Maximum number of hits; 0 returns only the counts. A hit is a passage or, if `collapse` is set, a document or
    /// group.
    #[serde(default = "default_limit")]
    #[schema(maximum = 1000)]
    #[param(default = 10, maximum = 1000)]
    limit: usize,
    /// Number of best hits to skip. Cannot be combined with `cursor`.
    #[serde(default)]
    #[schema(maximum = 1_000_000)]
    #[param(maximum = 1_000_000)]
    offset: usize,
    /// Value of the field `next` in a page of results. Requests the page that follows.
    cursor: Option<String>,
    /// `release`: show each release once with its best passages, at most three, in `groups` in place of `hits`.
    /// `limit`, `offset` and `cursor` then count releases. Cannot be combined with `collapse`.
    group: Option<Group>,
    /// Return only the best passage of each document, or of each group of near-duplicates.
    #[serde(default)]
    collapse: Collapse,
    /// Order of the hits.
    #[serde(default)]
    sort: Sort,
    /// Do not relax a query that has no matches, and do not correct its spelling.
    #[serde(default)]
    strict: bool,
    /// Also find the synonyms of words, from the word lists of the index.
    #[serde(default = "default_synonyms")]
    #[param(default = true)]
    synonyms: bool,
    /// `last`: the user is still typing, so the last word may be unfinished. If the text ends with a word of two or
    /// more letters, the search also finds the most frequent words that begin with these letters. Chinese words are not
    /// completed.
    prefix: Option<Prefix>,
    /// Words of the issuer's name, in this order. If given several times, at least one value must match.
    #[serde(default)]
    issuer: Vec<String>,
    /// Words of the speaker's name, in this order.
    #[serde(default)]
    speaker: Vec<String>,
    /// Language code, or its beginning: zh matches zh-Hans and zh-Hant.
    #[serde(default)]
    lang: Vec<String>,
    /// Text that occurs in the path of the source file, relative to the indexed folder.
    #[serde(default)]
    source: Vec<String>,
    /// Only documents published on or after this day, month or year (2025-12-17, 2025-12, 2025).
    after: Option<String>,
    /// Only documents published before this day, month or year.
    before: Option<String>,
    /// Condition on a declared field: `FIELD=VALUE`, for example `desk=trade`, `amount=5..10`, `amount>=5` or
    /// `received=2024`. Of several conditions on one field, at least one must hold.
    #[serde(default)]
    filter: Vec<String>,
    /// Exact value of a facet or of a declared field, as an answer lists it: `FACET=VALUE`, for example `year=2025`.
    #[serde(default)]
    only: Vec<String>,
    /// Facets and declared fields whose values are counted over all matches: several parameters, or names separated by
    /// commas.
    #[serde(default, deserialize_with = "deserialize_facet_names")]
    facets: Vec<Facet>,
    /// Maximum number of values per facet. The facets `year` and `month` always list all values.
    #[serde(default = "default_facet_limit")]
    #[schema(maximum = 1000)]
    #[param(default = 20, maximum = 1000)]
    facet_limit: usize,
    /// Add a citation in this style to each passage: quote, speaker, issuer, title, date, paragraph, page, address, id.
    pub(super) cite: Option<CitationStyle>,
    /// Number of passages to add before and after each hit.
    #[serde(default)]
    #[schema(maximum = 20)]
    #[param(maximum = 20)]
    pub(super) context: usize,
    /// Add the components of the score to each hit.
    #[serde(default)]
    explain: bool,
    /// Maximum number of fragments of a snippet.
    #[serde(default = "default_fragments")]
    #[schema(minimum = 1, maximum = 100)]
    #[param(default = 3, minimum = 1, maximum = 100)]
    fragments: usize,
    /// Maximum width of a snippet in terminal columns: a Han character takes two.
    #[serde(default = "default_width")]
    #[schema(maximum = 10_000)]
    #[param(default = 320, maximum = 10_000)]
    width: usize,
    /// Unit of the offsets of highlight spans.
    #[serde(default)]
    pub(super) offsets: OffsetUnit,
    /// Format of the response. The API description has a path for each format instead, so that every operation has one
    /// media type.
    #[schema(ignore)]
    #[param(ignore)]
    pub(super) format: Option<Format>,
}

/// Grouping of passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Grouping)]
pub(in crate::server) enum Group {
    /// One group for each release.
    Release,
}

/// Word of the query text that may be unfinished, and is then completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum Prefix {
    /// The last word of the query text.
    Last,
}

/// Format of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// One JSON object for the whole page.
    #[default]
    Json,
    /// JSON Lines: one JSON object for each passage.
    Jsonl,
    /// CSV for spreadsheets: a byte order mark, a row of column names, then one row for each passage. An apostrophe
    /// precedes a text that a spreadsheet would evaluate as a formula.
    Csv,
    /// Markdown: a numbered list of passages.
    Markdown,
    /// An HTML page.
    Html,
    /// A workbook of Excel 2007 and later, with the columns of CSV.
    #[cfg(feature = "archive")]
    Xlsx,
}

/// Reads a list of facets. Each element may hold several names, separated by commas.
fn deserialize_facet_names<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Facet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let names = texts.iter().flat_map(|text| text.split(',')).filter_map(non_blank);
    names.map(|name| Facet::deserialize(name.into_deserializer())).collect()
}

const fn default_synonyms() -> bool {
    true
}

const fn default_limit() -> usize {
    10
}

const fn default_facet_limit() -> usize {
    20
}

const fn default_fragments() -> usize {
    3
}

const fn default_width() -> usize {
    320
}

impl SearchRequest {
    /// Converts the parameters to a query.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidRequest`](crate::server::api_error::Code::InvalidRequest) if a value is out of range or
    /// malformed, or if `cursor` and `offset` are both given.
    pub(super) fn query(&self) -> Result<Query, ApiError> {
        check_range("limit", self.limit, 0, 1_000)?;
        check_range("offset", self.offset, 0, 1_000_000)?;
        check_range("facet_limit", self.facet_limit, 0, 1_000)?;
        check_range("context", self.context, 0, 20)?;
        check_range("fragments", self.fragments, 1, 100)?;
        check_range("width", self.width, 0, 10_000)?;
        let (collapse, group_size) = match (self.group, self.collapse) {
            (None, collapse) => (collapse, 1),
            (Some(Group::Release), Collapse::None) => {
                (Collapse::Document, MAX_SHOWN_PASSAGES_PER_RELEASE)
            }
            (Some(Group::Release), _) => {
                return Err(invalid_parameter(
                    "group and collapse cannot be combined",
                    "send only one of them",
                ));
            }
        };
        let mut query = Query::new(&self.q)
            .limit(self.limit)
            .offset(self.offset)
            .collapse(collapse)
            .group_size(group_size)
            .sort(self.sort)
            .strict(self.strict)
            .synonyms(self.synonyms)
            .prefix_last(self.prefix == Some(Prefix::Last))
            .explain(self.explain)
            .fragments(self.fragments)
            .width(self.width)
            .facets(self.facets.iter().copied())
            .facet_limit(self.facet_limit);
        if let Some(cursor) = self.cursor.as_deref().and_then(non_blank) {
            if self.offset > 0 {
                return Err(invalid_parameter(
                    "cursor and offset cannot be combined",
                    "send only one of them",
                ));
            }
            query = query.cursor(cursor);
        }
        self.filters().restrict(query)
    }

    /// Returns whether the answer lists releases, each with its best passages.
    pub(super) fn groups_by_release(&self) -> bool {
        self.group.is_some()
    }

    fn filters(&self) -> Filters<'_> {
        Filters {
            issuer: &self.issuer,
            speaker: &self.speaker,
            lang: &self.lang,
            source: &self.source,
            after: self.after.as_deref(),
            before: self.before.as_deref(),
            filter: &self.filter,
            only: &self.only,
        }
    }
}
