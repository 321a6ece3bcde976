//! The tool `list_sources`: counts documents and passages by folder, issuer, speaker, year or language.

use std::{collections::BTreeMap, fmt::Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    cursor::PagedList,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
};
use crate::{
    document::DeclaredFields,
    error::{Error, Result},
    query::{Facet, Query},
    render::visible_text,
    search::{FacetValue, Searcher},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Property to count by: source (folders and files; the default), issuer, speaker, year, month, lang, or a declared
    /// field
    by: Option<String>,
    /// Count only in this folder: a value that an answer by source lists
    folder: Option<String>,
    /// Count only passages that match this query
    query: Option<String>,
    /// `next` of the last answer, for more values; repeat all other arguments unchanged
    cursor: Option<String>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SourcesReply {
    /// Number of documents counted
    total_documents: u64,
    /// Number of passages counted
    total_passages: u64,
    /// Values with the most passages first; years in ascending order
    values: Vec<ValueCount>,
    /// Number of further values
    left_out: u64,
    /// Number of documents without a value
    without: u64,
    /// Value to pass as `cursor` for more values; null after the last value
    next: Option<String>,
    /// Declared fields of the index with their types, for the arguments filter and sort of search
    #[serde(skip_serializing_if = "DeclaredFields::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    fields: DeclaredFields,
    /// Advice if nothing is counted
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// A value of the counted property, such as an issuer, with its number of documents and its number of passages.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
struct ValueCount {
    /// Value for the argument source, issuer, speaker or lang of search; a folder ends with /
    value: String,
    documents: u64,
    passages: u64,
}

pub(super) fn list_sources(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = TokenBudget::new(arguments.max_tokens)?;
    let facet = match non_blank_untrimmed(arguments.by.as_deref()) {
        Some(name) => parse_facet(name, searcher.declared_fields())?,
        None => Facet::Source,
    };
    let query_text = non_blank_untrimmed(arguments.query.as_deref()).unwrap_or("*");
    let mut query = Query::new(query_text).limit(0).facets([facet]).facet_limit(usize::MAX);
    let folder = non_blank_untrimmed(arguments.folder.as_deref());
    let list = PagedList::new(searcher, "list_sources", (facet.name(), folder, query_text));
    let skipped_values = list.skipped_count(arguments.cursor.as_deref())?;
    if let Some(folder) = folder {
        query = query.only(Facet::Source, [folder]);
    }
    let results = searcher.search(&query)?;
    let facet_counts = results.facets.first();
    let hint =
        (results.total == 0 && !results.cut).then(|| hint_for_empty_answer(folder, query_text));
    let remaining_values =
        facet_counts.and_then(|counts| counts.values.get(skipped_values..)).unwrap_or_default();
    fit_entries(budget, remaining_values.len(), 0, |count, _| {
        let left_out = (remaining_values.len() - count) as u64;
        SourcesReply {
            total_documents: results.total_documents,
            total_passages: results.total,
            values: remaining_values.iter().take(count).map(ValueCount::from).collect(),
            left_out,
            without: facet_counts.map_or(0, |counts| counts.without_value.documents),
            next: (left_out > 0).then(|| list.cursor(skipped_values + count)),
            fields: searcher.declared_fields().clone(),
            hint: hint.clone(),
        }
    })
}

/// Returns the hint for a folder and a query that no passage matches.
fn hint_for_empty_answer(folder: Option<&str>, query: &str) -> String {
    let advice = match folder {
        Some(_) if query == "*" => "list_sources without folder lists the folders; they end with /",
        Some(_) => "leave out the folder or the query",
        None if query == "*" => "the index is empty",
        None => "use fewer or other words in the query",
    };
    format!("nothing matches: {advice}")
}

/// Returns a text argument without trimming its spaces. Returns `None` for a blank text.
fn non_blank_untrimmed(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn parse_facet(name: &str, fields: &DeclaredFields) -> Result<Facet> {
    let facet = name.parse().ok().filter(|facet| match facet {
        Facet::Declared(name) => fields.type_of(*name).is_some(),
        _ => true,
    });
    facet.ok_or_else(|| {
        let declared = if fields.is_empty() {
            String::new()
        } else {
            format!(", or of the declared fields {fields}")
        };
        Error::invalid(
            "by",
            format!(
                "by is {name:?}: it must be source, issuer, speaker, year, month or lang{declared}"
            ),
        )
    })
}

impl From<&FacetValue> for ValueCount {
    fn from(FacetValue { value, count }: &FacetValue) -> Self {
        Self { value: value.clone(), documents: count.documents, passages: count.passages }
    }
}

impl Reply for SourcesReply {
    fn text(&self) -> String {
        let Self { total_documents, total_passages, values, without, left_out, next, fields, hint } =
            self;
        let mut text = format!("{total_documents} documents, {total_passages} passages\n\n");
        if let Some(hint) = hint {
            let _ = writeln!(text, "Hint: {hint}");
        }
        for ValueCount { value, documents, passages } in values {
            let value = visible_text(value);
            let _ = writeln!(text, "{value}: {documents} documents, {passages} passages");
        }
        if *without > 0 {
            let _ = writeln!(text, "(none): {without} documents");
        }
        if let Some(next) = next {
            let _ = writeln!(text, "\n{left_out} left out. For more: cursor {next}");
        }
        if !fields.is_empty() {
            let _ = writeln!(text, "\nDeclared fields: {fields}");
        }
        text
    }
}
