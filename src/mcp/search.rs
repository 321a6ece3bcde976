//! The tool `search`: finds the passages that match a query.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    arguments::{non_blank, number_in_range},
    cursor::PagedList,
    no_match::{self, SearchFilter},
    passage_excerpt::PassageExcerpt,
    token_budget::{Answer, Reply, TokenBudget, fit_entries, truncated_notes},
};
use crate::{
    error::{Error, Result},
    query::{
        Clause, Collapse, Field, Note, ParseNameError, Period, Query, Sort, declared_field_filters,
    },
    search::Searcher,
};

/// Maximum width of an excerpt, in terminal columns.
const MAX_EXCERPT_COLUMNS: usize = 600;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Words, "exact phrases", AND OR NOT, title:word, date:2025; English or Chinese; * matches everything
    query: String,
    /// Only by this issuer: words of its name, in order
    issuer: Option<String>,
    /// Only spoken by this person
    speaker: Option<String>,
    /// Only in this language: en, zh, zh-Hans, zh-Hant
    lang: Option<String>,
    /// Only from paths that contain this text
    source: Option<String>,
    /// Declared fields: desk=trade, amount>=5
    #[serde(default)]
    filter: Vec<String>,
    /// Published on or after this day, month or year: 2025-12-17, 2025
    after: Option<String>,
    /// Published before this day
    before: Option<String>,
    /// Only the best passage of each document
    #[serde(default)]
    one_per_document: bool,
    /// Newest first instead of best first
    #[serde(default)]
    newest_first: bool,
    /// Order by a declared field: amount:desc
    sort: Option<String>,
    /// Whether to find synonyms; default true
    synonyms: Option<bool>,
    /// Maximum passages, 1 to 50; default 10
    limit: Option<usize>,
    /// `next` of the last answer, for more; repeat all other arguments
    cursor: Option<String>,
    /// Maximum tokens, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SearchReply {
    /// Number of passages that have every word of the query
    total: u64,
    /// Number of documents that contain such passages
    total_documents: u64,
    /// Number of passages that lack a word; they come last, and each lists its `missing` words
    total_other: u64,
    /// Passages, best first
    passages: Vec<PassageExcerpt>,
    /// Number of further matching passages; with `one_per_document`, of further documents
    left_out: u64,
    /// Value to pass as `cursor` for more passages; null after the last passage
    next: Option<String>,
    /// Notes on repairs and expansions of the query
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// Advice if nothing matches
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
}

pub(super) fn search(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = TokenBudget::new(arguments.max_tokens)?;
    let limit = number_in_range("limit", arguments.limit, 1..=50, 10)?;
    let one_per_document = arguments.one_per_document;
    let list = paged_list(searcher, arguments);
    let skipped = list.skipped_count(arguments.cursor.as_deref())?;
    let filters = search_filters(arguments)?;
    let query = build_query(arguments, &filters)?.limit(limit).offset(skipped);
    let results = searcher.search(&query)?;
    let is_empty = results.total == 0 && results.total_other == 0 && !results.cut;
    let advice = if is_empty {
        no_match::empty_result_hints(searcher, &query, &filters)?
    } else {
        Vec::new()
    };
    // A hint repeats the note on a value that no passage has.
    let is_in_hint = |note: &&Note| advice.iter().any(|hint| hint.starts_with(&note.message));
    let notes: Vec<&Note> = results.notes.iter().filter(|note| !is_in_hint(note)).collect();
    let total_hits = results.total_other
        + if one_per_document { results.total_documents } else { results.total };
    let hits = &results.hits;
    fit_entries(
        budget,
        hits.len(),
        budget.max_tokens_per_passage(limit),
        |count, max_text_tokens| {
            let selected_hits = hits.get(..count).unwrap_or_default();
            let left_out =
                selected_hits.last().map_or(0, |last| total_hits.saturating_sub(last.rank));
            SearchReply {
                total: results.total,
                total_documents: results.total_documents,
                total_other: results.total_other,
                passages: selected_hits
                    .iter()
                    .map(|hit| PassageExcerpt::of_hit(hit, max_text_tokens))
                    .collect(),
                left_out,
                next: selected_hits
                    .last()
                    .filter(|_| left_out > 0)
                    .map(|last| list.cursor(last.rank as usize)),
                notes: truncated_notes(&notes),
                hints: advice.clone(),
            }
        },
    )
}

/// Returns the identity of the list of matching passages, from which cursors are made. Arguments that only limit the
/// size of an answer are not part of the identity.
fn paged_list(searcher: &Searcher, arguments: &Arguments) -> PagedList {
    let Arguments { query, issuer, speaker, lang, source, after, before, .. } = arguments;
    let texts = [issuer, speaker, lang, source, after, before, &arguments.sort];
    let texts = texts.map(|text| non_blank(text.as_deref()));
    let Arguments { filter, one_per_document, newest_first, synonyms, .. } = arguments;
    let options = (one_per_document, newest_first, synonyms.unwrap_or(true));
    PagedList::new(searcher, "search", (query.trim(), texts, filter, options))
}

/// Returns the query of the arguments, without limit and offset.
fn build_query(arguments: &Arguments, filters: &[SearchFilter]) -> Result<Query> {
    let query = &arguments.query;
    if query.trim().is_empty() {
        return Err(Error::invalid(
            "query",
            "query is empty: give words to find, or * for everything".to_owned(),
        ));
    }
    let sort = match non_blank(arguments.sort.as_deref()) {
        Some(sort) => sort.parse().map_err(|error: ParseNameError| {
            Error::invalid("sort", format!("sort: {error}, or a declared field as in amount:desc"))
        })?,
        None if arguments.newest_first => Sort::Date,
        None => Sort::Score,
    };
    let search_query = Query::new(query)
        .collapse(if arguments.one_per_document { Collapse::Document } else { Collapse::None })
        .sort(sort)
        .synonyms(arguments.synonyms.unwrap_or(true))
        .width(MAX_EXCERPT_COLUMNS);
    Ok(filters.iter().fold(search_query, |query, filter| query.filter(filter.clause.clone())))
}

/// Returns the filters of the arguments.
fn search_filters(arguments: &Arguments) -> Result<Vec<SearchFilter>> {
    let Arguments { after, before, .. } = arguments;
    let mut filters = Vec::new();
    let fields = [
        ("issuer", Field::Issuer, &arguments.issuer),
        ("speaker", Field::Speaker, &arguments.speaker),
        ("lang", Field::Lang, &arguments.lang),
        ("source", Field::Source, &arguments.source),
    ];
    for (argument, field, text) in fields {
        let text = non_blank(text.as_deref());
        filters.extend(text.map(|text| SearchFilter::filter_on_field(argument, field, text)));
    }
    for clause in declared_field_filters(&arguments.filter)? {
        filters.push(SearchFilter {
            argument_name: "filter",
            argument_value: clause.to_string(),
            clause,
        });
    }
    let date_filters: [(_, _, fn(&str) -> _); 2] =
        [("after", after, Period::since), ("before", before, Period::before)];
    for (name, text, parse) in date_filters {
        if let Some(text) = non_blank(text.as_deref()) {
            let period = parse(text).map_err(|_| invalid_date_error(name, text))?;
            let (value, clause) = (text.to_owned(), Clause::Dates(period));
            filters.push(SearchFilter { argument_name: name, argument_value: value, clause });
        }
    }
    Ok(filters)
}

fn invalid_date_error(name: &str, text: &str) -> Error {
    Error::invalid(
        name.to_owned(),
        format!(
            "{name} is {text:?}, which is not a date: write a day (2025-12-17), a month (2025-12) or a year (2025)"
        ),
    )
}

impl Reply for SearchReply {
    fn text(&self) -> String {
        let Self { total, total_documents, total_other, passages, left_out, next, notes, hints } =
            self;
        let mut text = if *total == 0 && *total_other == 0 {
            "Nothing matches.\n".to_owned()
        } else {
            let count = passages.len();
            let other_text = match total_other {
                0 => String::new(),
                other_count => format!(", and of {other_count} that lack a word"),
            };
            format!(
                "{count} shown of {total} passages in {total_documents} documents{other_text}.\n"
            )
        };
        text.extend(
            notes.iter().map(|note| format!("Note: {}\n", crate::render::visible_text(note))),
        );
        text.extend(
            hints.iter().map(|hint| format!("Hint: {}\n", crate::render::visible_text(hint))),
        );
        text.extend(passages.iter().map(PassageExcerpt::to_lines));
        if let Some(next) = next {
            let _ = write!(text, "\n{left_out} left out. For more: cursor {next}\n");
        }
        text
    }
}
