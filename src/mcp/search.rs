//! The tool `search`: a query → passages.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pack::{Answer, Budget, Reply, packed, shortened},
    passage::Shown,
    within,
};
use crate::{
    error::{Error, Result},
    query::{Clause, Collapse, Field, Period, Query, Sort},
    search::Searcher,
};

/// How many passages of an answer have a share of its budget reserved: a longer one is shown as an excerpt.
const SHARES: usize = 3;
/// How wide an excerpt is, in columns of a terminal.
const EXCERPT: usize = 600;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Arguments {
    /// Words, "exact phrases", AND OR NOT, title:word, date:2025; English or Chinese; * finds everything
    #[schemars(required)]
    query: String,
    /// Only of this announcing body (its words, in order)
    issuer: Option<String>,
    /// Only where this person speaks
    speaker: Option<String>,
    /// Only in this language: en, zh, zh-Hans, zh-Hant
    lang: Option<String>,
    /// Only from files whose path has this
    source: Option<String>,
    /// Published on this day, month or year or later: 2025-12-17, 2025-12, 2025
    after: Option<String>,
    /// Published before this day, month or year
    before: Option<String>,
    /// Only the best passage of each document
    one_per_document: bool,
    /// The newest first instead of the best
    newest_first: bool,
    /// Most passages to return, 1 to 50; 10 if absent
    limit: Option<usize>,
    /// The `next` of the answer before, with all other arguments as they were
    cursor: Option<String>,
    /// Most tokens of the answer, 500 to 100000; 4000 if absent
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Found {
    /// Passages that match
    total: u64,
    /// Documents they stand in
    total_documents: u64,
    /// Best first
    passages: Vec<Shown>,
    /// Matches that come after these (documents, with `one_per_document`)
    left_out: u64,
    /// Pass it as cursor for more; null after the last
    next: Option<String>,
    /// What was repaired or expanded in the query
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

pub(super) fn search(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = Budget::new(arguments.max_tokens)?;
    let limit = within("limit", arguments.limit, 1..=50, 10)?;
    let one_per_document = arguments.one_per_document;
    let results = searcher.search(&query(arguments, limit)?)?;
    let counted = if one_per_document { results.total_documents } else { results.total };
    let hits = &results.hits;
    let longest = budget.tokens() / limit.min(SHARES);
    packed(budget, hits.len(), longest, |count, longest| {
        let shown = hits.get(..count).unwrap_or_default();
        let left_out = shown.last().map_or(0, |last| counted.saturating_sub(last.rank));
        Found {
            total: results.total,
            total_documents: results.total_documents,
            passages: shown.iter().map(|hit| Shown::hit(hit, longest)).collect(),
            left_out,
            next: shown.last().filter(|_| left_out > 0).map(|last| last.cursor.clone()),
            notes: shortened(&results.notes),
        }
    })
}

fn query(arguments: &Arguments, limit: usize) -> Result<Query> {
    let Arguments { query, cursor, after, before, .. } = arguments;
    if query.trim().is_empty() {
        return Err(Error::invalid(
            "query",
            "query is empty: give words to find, or * for everything".to_owned(),
        ));
    }
    let sort = if arguments.newest_first { Sort::Date } else { Sort::Score };
    let mut wanted = Query::new(query)
        .limit(limit)
        .collapse(if arguments.one_per_document { Collapse::Document } else { Collapse::None })
        .sort(sort)
        .snippet_width(EXCERPT);
    let filters = [
        (Field::Issuer, &arguments.issuer),
        (Field::Speaker, &arguments.speaker),
        (Field::Lang, &arguments.lang),
        (Field::Source, &arguments.source),
    ];
    for (field, text) in filters {
        // A model that fills in every argument leaves them empty.
        if let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let phrase = Clause::Phrase { text: text.to_owned(), gap: 0 };
            wanted = wanted.filter(Clause::In(field, Box::new(phrase)));
        }
    }
    let dates: [(_, _, fn(&str) -> _); 2] =
        [("after", after, Period::since), ("before", before, Period::before)];
    for (name, text, read) in dates {
        if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
            wanted = wanted.filter(Clause::Dates(read(text).ok_or_else(|| no_date(name, text))?));
        }
    }
    Ok(match cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => wanted.cursor(cursor),
        None => wanted,
    })
}

fn no_date(name: &str, text: &str) -> Error {
    Error::invalid(
        name.to_owned(),
        format!(
            "{name} is {text:?}, which is no date: write a day (2025-12-17), a month (2025-12) or a year (2025)"
        ),
    )
}

impl Reply for Found {
    fn text(&self) -> String {
        let Self { total, total_documents, passages, left_out, next, notes } = self;
        let shown = passages.len();
        let mut text = if *total == 0 {
            "Nothing matches.\n".to_owned()
        } else {
            format!("{shown} shown of {total} passages in {total_documents} documents.\n")
        };
        text.extend(notes.iter().map(|note| format!("Note: {}\n", crate::render::visible(note))));
        text.extend(passages.iter().map(Shown::lines));
        if let Some(next) = next {
            let _ = write!(text, "\n{left_out} left out. For more: cursor {next}\n");
        }
        text
    }
}
