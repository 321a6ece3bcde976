//! The tool `similar_passages`: a passage → what resembles it in other documents.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    pack::{Answer, Budget, Reply, packed},
    passage::Shown,
    start, unknown_passage, within,
};
use crate::{error::Result, search::Searcher};

const SHARES: usize = 3;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a passage, as search gives it
    #[schemars(required)]
    id: String,
    /// Most passages to return, 1 to 50; 5 if absent
    limit: Option<usize>,
    /// The `next` of the answer before, with all other arguments as they were
    cursor: Option<String>,
    /// Most tokens of the answer, 500 to 100000; 4000 if absent
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Similar {
    /// The best passage of each other document, the most similar first
    passages: Vec<Shown>,
    /// Documents that come after these
    left_out: u64,
    /// Pass it as cursor for more; null after the last
    next: Option<String>,
}

pub(super) fn similar(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = Budget::new(arguments.max_tokens)?;
    let limit = within("limit", arguments.limit, 1..=50, 5)?;
    let first = start(arguments.cursor.as_deref())?;
    let found = searcher.similar(&arguments.id, first.saturating_add(limit))?;
    let found = found.ok_or_else(|| unknown_passage(&arguments.id))?;
    let hits = found.hits.get(first..).unwrap_or_default();
    packed(budget, hits.len(), budget.tokens() / limit.min(SHARES), |count, longest| {
        let shown = hits.get(..count).unwrap_or_default();
        let last = first + count;
        let left_out = found.total_documents.saturating_sub(last as u64);
        Similar {
            passages: shown.iter().map(|hit| Shown::hit(hit, longest)).collect(),
            left_out,
            next: (left_out > 0 && count > 0).then(|| last.to_string()),
        }
    })
}

impl Reply for Similar {
    fn text(&self) -> String {
        let Self { passages, left_out, next } = self;
        if passages.is_empty() {
            return "No other document resembles it.\n".to_owned();
        }
        let mut text = format!("{} similar passages.\n", passages.len());
        text.extend(passages.iter().map(Shown::lines));
        if let Some(next) = next {
            let _ = write!(text, "\n{left_out} left out. For more: cursor {next}\n");
        }
        text
    }
}
