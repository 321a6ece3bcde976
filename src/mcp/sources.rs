//! The tool `list_sources`: what the index holds, counted by folder, issuer, speaker, year or language.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pack::{Answer, Budget, Reply, packed},
    start,
};
use crate::{
    error::{Error, Result},
    query::{Facet, Query},
    render::visible,
    search::{FacetValue, Searcher},
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Arguments {
    /// Counted by source (folders and files; the default), issuer, speaker, year or lang
    #[schemars(extend("enum" = ["source", "issuer", "speaker", "year", "lang"]))]
    by: Option<String>,
    /// Only in this folder, a value of an answer by source
    folder: Option<String>,
    /// Only passages that match this query
    query: Option<String>,
    /// The `next` of the answer before, with all other arguments as they were
    cursor: Option<String>,
    /// Most tokens of the answer, 500 to 100000; 4000 if absent
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Sources {
    /// Documents counted
    total_documents: u64,
    /// Passages counted
    total_passages: u64,
    /// Those with the most passages first; years in their order
    values: Vec<Counted>,
    /// Values that come after these
    left_out: u64,
    /// Documents without a value
    without: u64,
    /// Pass it as cursor for more; null after the last
    next: Option<String>,
}

/// A value and how much has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
struct Counted {
    /// As the arguments source, issuer, speaker and lang of search take it; a folder ends with /
    value: String,
    documents: u64,
    passages: u64,
}

pub(super) fn sources(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = Budget::new(arguments.max_tokens)?;
    let start = start(arguments.cursor.as_deref())?;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let by = given(&arguments.by).map_or(Ok(Facet::Source), |name| {
        Facet::named(&name).ok_or_else(|| {
            Error::invalid(
                "by",
                format!("by is {name:?}: it is source, issuer, speaker, year or lang"),
            )
        })
    })?;
    let text = given(&arguments.query).unwrap_or_else(|| "*".to_owned());
    let query = Query::new(text).limit(0).facets([by]).facet_limit(usize::MAX);
    let folder = given(&arguments.folder);
    let results = searcher.search(
        &folder.into_iter().fold(query, |query, folder| query.only(Facet::Source, [folder])),
    )?;
    let counts = results.facets.first();
    let values = counts.and_then(|counts| counts.values.get(start..)).unwrap_or_default();
    packed(budget, values.len(), 0, |count, _| {
        let left_out = (values.len() - count) as u64;
        Sources {
            total_documents: results.total_documents,
            total_passages: results.total,
            values: values.iter().take(count).map(Counted::from).collect(),
            left_out,
            without: counts.map_or(0, |counts| counts.without.documents),
            next: (left_out > 0).then(|| (start + count).to_string()),
        }
    })
}

impl From<&FacetValue> for Counted {
    fn from(FacetValue { value, count }: &FacetValue) -> Self {
        Self { value: value.clone(), documents: count.documents, passages: count.passages }
    }
}

impl Reply for Sources {
    fn text(&self) -> String {
        let Self { total_documents, total_passages, values, without, left_out, next } = self;
        let mut text = format!("{total_documents} documents, {total_passages} passages\n\n");
        for Counted { value, documents, passages } in values {
            let value = visible(value);
            let _ = writeln!(text, "{value}: {documents} documents, {passages} passages");
        }
        if *without > 0 {
            let _ = writeln!(text, "(none): {without} documents");
        }
        if let Some(next) = next {
            let _ = writeln!(text, "\n{left_out} left out. For more: cursor {next}");
        }
        text
    }
}
