//! Columns of the report on a batch of queries.

use super::BatchAnswer;
use crate::{
    render::{CitationStyle, snippet::passage_issuer},
    search::Hit,
};

/// Names of the columns that describe a query, in order.
pub(super) const QUERY_COLUMNS: [&str; 8] =
    ["line", "name", "query", "releases", "passages", "other", "notes", "error"];

/// Names of the columns that describe a passage, in order.
pub(super) const PASSAGE_COLUMNS: [&str; 12] = [
    "rank", "matched", "title", "date", "issuer", "speaker", "text", "citation", "document",
    "passage", "link", "url",
];

/// Names of the columns whose values are numbers.
#[cfg(feature = "archive")]
pub(super) const NUMBER_COLUMNS: [&str; 5] = ["line", "releases", "passages", "other", "rank"];

/// Returns the values of the columns that describe a query. Texts are not escaped. The numbers are empty if the query
/// has no results. The column `other` is also empty if the passages that lack a word were not counted.
pub(super) fn query_values(answer: &BatchAnswer) -> [String; QUERY_COLUMNS.len()] {
    let BatchAnswer { line, name, query, results } = answer;
    let answer_results = results.as_ref().map(|answered| &answered.results);
    let search_results = answer_results.ok();
    let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    let notes =
        search_results.map(|results| results.notes.iter().map(ToString::to_string).collect());
    [
        line.to_string(),
        name.clone(),
        query.clone(),
        number(search_results.map(|results| results.total_documents)),
        number(search_results.map(|results| results.total)),
        number(
            search_results
                .filter(|results| results.total_other_exact)
                .map(|results| results.total_other),
        ),
        notes.map(|notes: Vec<String>| notes.join("; ")).unwrap_or_default(),
        answer_results.err().cloned().unwrap_or_default(),
    ]
}

/// Returns the values of the columns that describe a passage. Texts are not escaped. The column `citation` has the
/// citation in `style` or, if `style` is `None`, the attribution line, which does not repeat the text.
pub(super) fn passage_values(
    hit: &Hit,
    style: Option<CitationStyle>,
) -> [String; PASSAGE_COLUMNS.len()] {
    let Hit { rank, matched, document, passage, .. } = hit;
    let optional_text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let citation = hit.citation();
    let citation = match style {
        Some(style) => citation.in_style(style),
        // The attribution has a separate cell, so it needs no dash before it.
        None => citation.attribution().trim_start_matches(['—', ' ']).to_owned(),
    };
    [
        rank.to_string(),
        matched.name().to_owned(),
        optional_text(document.title.as_deref()),
        document.date.map(|date| date.to_string()).unwrap_or_default(),
        optional_text(passage_issuer(document, passage)),
        optional_text(passage.speaker.as_deref()),
        passage.text.clone(),
        citation.trim_end().to_owned(),
        document.id.clone(),
        passage.id.clone(),
        passage.link().to_string(),
        optional_text(document.url.as_deref()),
    ]
}
