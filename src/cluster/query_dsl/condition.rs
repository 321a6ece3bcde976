//! Conditions on cluster documents, and functions that combine queries.

use serde_json::{Value, json};

use crate::cluster::wire::PASSAGE_KIND;

/// Condition that documents must meet, and the query with which the cluster finds these documents.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cluster) struct Condition {
    /// Query of the cluster that matches every document that meets the condition.
    pub(in crate::cluster) query: Value,
    /// Whether `query` matches only documents that meet the condition. If `false`, `query` may match other documents
    /// too.
    pub(in crate::cluster) is_exact: bool,
}

impl Condition {
    /// Returns the condition that a document matches `query`.
    pub(super) const fn exact(query: Value) -> Self {
        Self { query, is_exact: true }
    }

    /// Returns the conjunction of `conditions`.
    pub(super) fn all_of(conditions: Vec<Self>) -> Self {
        Self::combine(conditions, all_of)
    }

    /// Returns the disjunction of `conditions`.
    pub(super) fn any_of(conditions: Vec<Self>) -> Self {
        Self::combine(conditions, any_of)
    }

    /// Joins the queries of `conditions` with `join`. The result is exact if all `conditions` are exact.
    fn combine(conditions: Vec<Self>, join: fn(Vec<Value>) -> Value) -> Self {
        let is_exact = conditions.iter().all(|condition| condition.is_exact);
        Self {
            query: join(conditions.into_iter().map(|condition| condition.query).collect()),
            is_exact,
        }
    }
}

/// Returns a query for documents that match all of `queries`. If `queries` is empty, the query matches every document.
pub(super) fn all_of(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_all": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"filter": queries}}),
    }
}

/// Returns a query for documents that match at least one of `queries`. If `queries` is empty, the query matches no
/// document.
pub(super) fn any_of(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_none": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"should": queries, "minimum_should_match": 1}}),
    }
}

/// Returns a query for documents that do not match `query`.
pub(super) fn negated_query(query: &Value) -> Value {
    json!({"bool": {"must_not": [query]}})
}

/// Returns a query for documents that contain `term` in `field`.
pub(in crate::cluster) fn term_query(field: &str, term: &str) -> Value {
    json!({"term": {field: {"value": term}}})
}

/// Returns a case-insensitive query for documents whose `field` matches `glob`, with the wildcards `*` and `?`. A
/// backslash in `glob` is an ordinary character.
pub(super) fn wildcard_query(field: &str, glob: &str) -> Value {
    let glob = glob.replace('\\', "\\\\");
    json!({"wildcard": {field: {"value": glob, "case_insensitive": true}}})
}

/// Returns a query for the passages that match `query`.
pub(in crate::cluster) fn matching_passages_query(query: &Value) -> Value {
    json!({"bool": {"filter": [term_query("kind", PASSAGE_KIND), query]}})
}

/// Returns a query for all passages.
pub(in crate::cluster) fn all_passages_query() -> Value {
    term_query("kind", PASSAGE_KIND)
}
