//! Renders the answer to one query of a batch as one JSON object.

use serde::Serialize;

use super::BatchAnswer;
use crate::render::{json::to_json, object::ResultsObject};

/// Answer to one query of a batch.
#[derive(Debug, Serialize)]
struct AnswerObject<'a> {
    /// Number of the line at which the query begins, from 1.
    line: usize,
    /// Name of the query; absent if it has none.
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(flatten)]
    outcome: BatchOutcomeObject<'a>,
}

/// Page of results, or an error.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum BatchOutcomeObject<'a> {
    Results(Box<ResultsObject<'a>>),
    Error { query: &'a str, error: &'a str },
}

/// Renders the answer as one JSON object without a line break. The object has the keys of a page of results, or the key
/// `error`.
pub(crate) fn batch_json(answer: &BatchAnswer) -> String {
    let BatchAnswer { line, name, query, results } = answer;
    let outcome = match results {
        Ok(answered) => BatchOutcomeObject::Results(Box::new(ResultsObject::new(
            answered.page(),
            answered.unit,
        ))),
        Err(error) => BatchOutcomeObject::Error { query, error },
    };
    to_json(&AnswerObject { line: *line, name, outcome })
}
