//! Parameters of `/search`, and their conversion to a [`Query`] of the library.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::Result,
    query::{Clause, Collapse, Facet, Field, ParsePeriodError, Period, Query, Sort},
    render::CitationStyle,
    server::{
        api_error::ApiError,
        extract::checks::{check_range, invalid, non_blank, parse_facet_value},
    },
    span::OffsetUnit,
};

/// Parameters of a search. Names and defaults equal those of the options of `gz-search query`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SearchRequest {
    /// Words, "phrases" and operators; * finds everything. Any text is a valid query.
    q: String,
    /// Maximum number of passages, or of documents if collapsed; 0 only counts.
    #[serde(default = "default_limit")]
    #[schema(default = 10, maximum = 1000)]
    #[param(default = 10, maximum = 1000)]
    limit: usize,
    /// Number of best hits to skip; not together with `cursor`.
    #[serde(default)]
    #[schema(maximum = 1_000_000)]
    #[param(maximum = 1_000_000)]
    offset: usize,
    /// The `next` value of a page; continues after that page.
    cursor: Option<String>,
    /// Return only the best passage of each document, or of each group of near-duplicates.
    #[serde(default)]
    collapse: Collapse,
    /// Order of the hits.
    #[serde(default)]
    sort: Sort,
    /// Do not relax a query that finds nothing, and do not correct its spelling.
    #[serde(default)]
    strict: bool,
    /// Words of the announcing body, in this order; one of several values must match.
    #[serde(default)]
    issuer: Vec<String>,
    /// Words of the speaker, in this order.
    #[serde(default)]
    speaker: Vec<String>,
    /// Language code or its prefix: zh means zh-Hans and zh-Hant.
    #[serde(default)]
    lang: Vec<String>,
    /// Any part of the path of the file, below the indexed root.
    #[serde(default)]
    source: Vec<String>,
    /// Published on or after this day, month or year (2025-12-17, 2025-12, 2025).
    after: Option<String>,
    /// Published before this day, month or year.
    before: Option<String>,
    /// Exact value of a facet, as the answer lists it: `FACET=VALUE`, as in `year=2025`.
    #[serde(default)]
    only: Vec<String>,
    /// Facets to count the matches by.
    #[serde(default)]
    facets: Vec<Facet>,
    /// Maximum number of values of each facet; all years are listed.
    #[serde(default = "default_facet_limit")]
    #[schema(default = 20, maximum = 1000)]
    #[param(default = 20, maximum = 1000)]
    facet_limit: usize,
    /// Add a citation of each passage: quote, speaker, issuer, title, date, paragraph, page, address, id.
    pub(super) cite: Option<CitationStyle>,
    /// Number of neighbours of each passage on each side.
    #[serde(default)]
    #[schema(maximum = 20)]
    #[param(maximum = 20)]
    pub(super) context: usize,
    /// Add the components of each score.
    #[serde(default)]
    explain: bool,
    /// Maximum number of fragments of a snippet.
    #[serde(default = "default_fragments")]
    #[schema(default = 3, minimum = 1, maximum = 100)]
    #[param(default = 3, minimum = 1, maximum = 100)]
    fragments: usize,
    /// Maximum width of a snippet in terminal columns: a Han character takes two.
    #[serde(default = "default_width")]
    #[schema(default = 320, maximum = 10_000)]
    #[param(default = 320, maximum = 10_000)]
    width: usize,
    /// Unit of spans.
    #[serde(default)]
    pub(super) offsets: OffsetUnit,
    /// Format of the answer.
    #[serde(default)]
    pub(super) format: Format,
}

/// Format of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// One JSON object.
    #[default]
    Json,
    /// One JSON object a line, for each passage.
    Jsonl,
    /// One row for each passage, below a row of names.
    Csv,
    /// A numbered list.
    Markdown,
    /// An HTML page.
    Html,
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
    /// malformed, or if `cursor` and `offset` are combined.
    pub(super) fn query(&self) -> Result<Query, ApiError> {
        check_range("limit", self.limit, 0, 1_000)?;
        check_range("offset", self.offset, 0, 1_000_000)?;
        check_range("facet_limit", self.facet_limit, 0, 1_000)?;
        check_range("context", self.context, 0, 20)?;
        check_range("fragments", self.fragments, 1, 100)?;
        check_range("width", self.width, 0, 10_000)?;
        let mut query = Query::new(&self.q)
            .limit(self.limit)
            .offset(self.offset)
            .collapse(self.collapse)
            .sort(self.sort)
            .strict(self.strict)
            .explain(self.explain)
            .fragments(self.fragments)
            .width(self.width)
            .facets(self.facets.iter().copied())
            .facet_limit(self.facet_limit);
        for text in self.only.iter().filter_map(|text| non_blank(text)) {
            let (facet, value) = parse_facet_value(text)?;
            query = query.only(facet, [value]);
        }
        if let Some(cursor) = self.cursor.as_deref().and_then(non_blank) {
            if self.offset > 0 {
                return Err(invalid(
                    "cursor and offset contradict each other",
                    "leave one of them out",
                ));
            }
            query = query.cursor(cursor);
        }
        Ok(self.filters()?.into_iter().fold(query, Query::filter))
    }

    /// Returns one clause for each kind of filter. All of them must match.
    fn filters(&self) -> Result<Vec<Clause>, ApiError> {
        let fields = [
            (Field::Issuer, &self.issuer),
            (Field::Speaker, &self.speaker),
            (Field::Lang, &self.lang),
            (Field::Source, &self.source),
        ];
        let mut clauses = Vec::new();
        for (field, values) in fields {
            let values: Vec<String> =
                values.iter().filter_map(|text| non_blank(text)).map(str::to_owned).collect();
            clauses.extend(Clause::any_of(field, &values));
        }
        let bounds = [
            ("after", &self.after, Period::since as fn(&str) -> Result<Period, ParsePeriodError>),
            ("before", &self.before, Period::before),
        ];
        for (name, value, parse) in bounds {
            if let Some(text) = value.as_deref().and_then(non_blank) {
                let malformed = || {
                    invalid(
                        format!("{name}: {text:?} is not a date"),
                        "write a day (2025-12-17), a month (2025-12) or a year (2025)",
                    )
                };
                clauses.push(Clause::Dates(parse(text).map_err(|_| malformed())?));
            }
        }
        Ok(clauses)
    }
}
