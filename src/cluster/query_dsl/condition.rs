//! Conditions on documents of a cluster, and functions that combine queries.

use serde_json::{Value, json};

use crate::cluster::wire::PASSAGE;

/// A query for documents of the cluster, and whether it is exact.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cluster) struct Condition {
    pub(in crate::cluster) query: Value,
    /// Whether the condition matches only documents that the query matches. An inexact condition also matches other
    /// documents.
    pub(in crate::cluster) is_exact: bool,
}

impl Condition {
    pub(super) const fn exact(query: Value) -> Self {
        Self { query, is_exact: true }
    }

    /// Returns the conjunction of `conditions`.
    pub(super) fn all(conditions: Vec<Self>) -> Self {
        Self::combine(conditions, all)
    }

    /// Returns the disjunction of `conditions`.
    pub(super) fn any(conditions: Vec<Self>) -> Self {
        Self::combine(conditions, any)
    }

    fn combine(conditions: Vec<Self>, join: fn(Vec<Value>) -> Value) -> Self {
        let is_exact = conditions.iter().all(|condition| condition.is_exact);
        Self {
            query: join(conditions.into_iter().map(|condition| condition.query).collect()),
            is_exact,
        }
    }
}

/// Returns a query for documents that match all of `queries`. The query matches every document if `queries` is empty.
pub(super) fn all(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_all": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"filter": queries}}),
    }
}

/// Returns a query for documents that match any of `queries`. The query matches no document if `queries` is empty.
pub(super) fn any(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_none": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"should": queries, "minimum_should_match": 1}}),
    }
}

pub(super) fn not(query: &Value) -> Value {
    json!({"bool": {"must_not": [query]}})
}

/// Returns a query for documents that contain `term` in `field`.
pub(in crate::cluster) fn term(field: &str, term: &str) -> Value {
    json!({"term": {field: {"value": term}}})
}

/// Returns a case-insensitive query for the wildcards `*` and `?`. A backslash in `glob` is an ordinary character.
pub(super) fn wildcard(field: &str, glob: &str) -> Value {
    let glob = glob.replace('\\', "\\\\");
    json!({"wildcard": {field: {"value": glob, "case_insensitive": true}}})
}

/// Returns a query for the passages that match `query`.
pub(in crate::cluster) fn passages_that(query: &Value) -> Value {
    json!({"bool": {"filter": [term("kind", PASSAGE), query]}})
}

/// Returns a query for all passages.
pub(in crate::cluster) fn every_passage() -> Value {
    term("kind", PASSAGE)
}
