//! The parameters of a search → a [`Query`] of the library and how its answer is written.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::Result,
    query::{Clause, Collapse, Facet, Field, ParsePeriodError, Period, Query, Sort},
    render::CitationStyle,
    server::api_error::{Code, Failure},
    span::OffsetUnit,
};

/// What is asked for; the same names and defaults as those of the options of `gz-search query`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct SearchRequest {
    /// Words, "phrases" and operators; * finds everything. Any text is a valid query.
    pub(in crate::server) q: String,
    /// How many passages to return, or documents where they are collapsed; 0 only counts.
    #[serde(default = "limit")]
    #[schema(default = 10, maximum = 1000)]
    #[param(default = 10, maximum = 1000)]
    limit: usize,
    /// How many of the best to leave out; with `cursor` there is no need to.
    #[serde(default)]
    #[schema(maximum = 1_000_000)]
    #[param(maximum = 1_000_000)]
    offset: usize,
    /// Continue after the page whose `next` this is.
    cursor: Option<String>,
    /// One passage, the best, of each document or of those that say nearly the same.
    #[serde(default)]
    collapse: Collapse,
    /// What comes first.
    #[serde(default)]
    sort: Sort,
    /// Find nothing rather than what has less than was asked for, or is spelled otherwise.
    #[serde(default)]
    strict: bool,
    /// Words of the announcing body, in this order; of several values any may hold.
    #[serde(default)]
    issuer: Vec<String>,
    /// Words of who speaks, in this order.
    #[serde(default)]
    speaker: Vec<String>,
    /// Language code or its beginning: zh is zh-Hans and zh-Hant.
    #[serde(default)]
    lang: Vec<String>,
    /// Any part of the path of the file below the root that was indexed.
    #[serde(default)]
    source: Vec<String>,
    /// Published on this day, month or year (2025-12-17, 2025-12, 2025) or later.
    after: Option<String>,
    /// Published before this day, month or year.
    before: Option<String>,
    /// Exactly this value of a facet, as the answer has it: `FACET=VALUE`, as in `year=2025`.
    #[serde(default)]
    only: Vec<String>,
    /// What to count the matches by.
    #[serde(default)]
    facets: Vec<Facet>,
    /// How many values of each, years excepted.
    #[serde(default = "facet_limit")]
    #[schema(default = 20, maximum = 1000)]
    #[param(default = 20, maximum = 1000)]
    facet_limit: usize,
    /// Add a citation of each passage: quote, speaker, issuer, title, date, paragraph, page, address, id.
    pub(in crate::server) cite: Option<CitationStyle>,
    /// How many neighbours of each passage to return on each side.
    #[serde(default)]
    #[schema(maximum = 20)]
    #[param(maximum = 20)]
    pub(in crate::server) context: usize,
    /// Say of each passage what its score is made of.
    #[serde(default)]
    explain: bool,
    /// How many stretches of a passage a snippet may have.
    #[serde(default = "fragments")]
    #[schema(default = 3, minimum = 1, maximum = 100)]
    #[param(default = 3, minimum = 1, maximum = 100)]
    fragments: usize,
    /// How wide they may be together, in columns of a terminal: a Han character takes two.
    #[serde(default = "width")]
    #[schema(default = 320, maximum = 10_000)]
    #[param(default = 320, maximum = 10_000)]
    width: usize,
    /// What spans count in.
    #[serde(default)]
    pub(in crate::server) offsets: OffsetUnit,
    /// How the answer is written.
    #[serde(default)]
    pub(in crate::server) format: Format,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::server) enum Format {
    /// One object.
    #[default]
    Json,
    /// One passage a line.
    Jsonl,
    /// One passage a row, below a row of names.
    Csv,
    /// A numbered list.
    Markdown,
    /// A page for a browser.
    Html,
}

const fn limit() -> usize {
    10
}

const fn facet_limit() -> usize {
    20
}

const fn fragments() -> usize {
    3
}

const fn width() -> usize {
    320
}

impl SearchRequest {
    /// The query of the library.
    pub(in crate::server) fn query(&self) -> Result<Query, Failure> {
        within("limit", self.limit, 0, 1_000)?;
        within("offset", self.offset, 0, 1_000_000)?;
        within("facet_limit", self.facet_limit, 0, 1_000)?;
        within("context", self.context, 0, 20)?;
        within("fragments", self.fragments, 1, 100)?;
        within("width", self.width, 0, 10_000)?;
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
        for text in self.only.iter().filter_map(|text| said(text)) {
            let (facet, value) = chosen(text)?;
            query = query.only(facet, [value]);
        }
        if let Some(cursor) = self.cursor.as_deref().and_then(said) {
            if self.offset > 0 {
                return Err(refused("cursor and offset say two things", "leave one of them out"));
            }
            query = query.cursor(cursor);
        }
        Ok(self.filters()?.into_iter().fold(query, Query::filter))
    }

    /// One clause for each kind of filter; all of them must hold.
    fn filters(&self) -> Result<Vec<Clause>, Failure> {
        let values = [
            (Field::Issuer, &self.issuer),
            (Field::Speaker, &self.speaker),
            (Field::Lang, &self.lang),
            (Field::Source, &self.source),
        ];
        let mut clauses = Vec::new();
        for (field, texts) in values {
            let texts: Vec<String> =
                texts.iter().filter_map(|text| said(text)).map(str::to_owned).collect();
            clauses.extend(Clause::any_of(field, &texts));
        }
        let days = [
            ("after", &self.after, Period::since as fn(&str) -> Result<Period, ParsePeriodError>),
            ("before", &self.before, Period::before),
        ];
        for (name, text, read) in days {
            if let Some(text) = text.as_deref().and_then(said) {
                let none = || {
                    refused(
                        format!("{name}: {text:?} is no date"),
                        "write a day (2025-12-17), a month (2025-12) or a year (2025)",
                    )
                };
                clauses.push(Clause::Dates(read(text).map_err(|_| none())?));
            }
        }
        Ok(clauses)
    }
}

/// What a text says: blank ones say nothing, as forms of pages send every field.
fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A facet and a value of it.
pub(in crate::server) fn chosen(text: &str) -> Result<(Facet, &str), Failure> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let none = || {
        refused(
            format!("only: there is no facet {name:?}"),
            format!("write FACET=VALUE with one of {}", Facet::ALL.map(Facet::name).join(", ")),
        )
    };
    Ok((name.parse().map_err(|_| none())?, value))
}

/// Whether a number is in its range.
pub(in crate::server) fn within(
    name: &str,
    value: usize,
    least: usize,
    most: usize,
) -> Result<(), Failure> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(refused(format!("{name} is {value}"), format!("it may be from {least} to {most}")))
}

fn refused(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidRequest, message, hint)
}
