//! The tool `similar_passages`: finds passages of other documents that are similar to a passage.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    arguments::{number_in_range, unknown_passage},
    cursor::PagedList,
    passage_excerpt::PassageExcerpt,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
};
use crate::{error::Result, search::Searcher};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a passage, from search
    id: String,
    /// Maximum number of passages, 1 to 50; default 5
    limit: Option<usize>,
    /// `next` of the last answer, for more passages; repeat all other arguments unchanged
    cursor: Option<String>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SimilarReply {
    /// The most similar passage of each other document, most similar first
    passages: Vec<PassageExcerpt>,
    /// Number of further documents with a similar passage
    left_out: u64,
    /// Value to pass as `cursor` for more passages; null after the last passage
    next: Option<String>,
}

pub(super) fn similar_passages(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = TokenBudget::new(arguments.max_tokens)?;
    let limit = number_in_range("limit", arguments.limit, 1..=50, 5)?;
    let list = PagedList::new(searcher, "similar_passages", &arguments.id);
    let skipped_passages = list.skipped_count(arguments.cursor.as_deref())?;
    let results = searcher
        .similar(&arguments.id, skipped_passages.saturating_add(limit))?
        .ok_or_else(|| unknown_passage(searcher, &arguments.id))?;
    let hits = results.hits.get(skipped_passages..).unwrap_or_default();
    fit_entries(
        budget,
        hits.len(),
        budget.max_tokens_per_passage(limit),
        |count, max_text_tokens| {
            let selected_hits = hits.get(..count).unwrap_or_default();
            let end_rank = skipped_passages + count;
            let left_out = results.total_documents.saturating_sub(end_rank as u64);
            SimilarReply {
                passages: selected_hits
                    .iter()
                    .map(|hit| PassageExcerpt::of_hit(hit, max_text_tokens))
                    .collect(),
                left_out,
                next: (left_out > 0 && count > 0).then(|| list.cursor(end_rank)),
            }
        },
    )
}

impl Reply for SimilarReply {
    fn text(&self) -> String {
        let Self { passages, left_out, next } = self;
        if passages.is_empty() {
            return "No other document has a similar passage.\n".to_owned();
        }
        let mut text = format!("{} similar passages.\n", passages.len());
        text.extend(passages.iter().map(PassageExcerpt::to_lines));
        if let Some(next) = next {
            let _ = write!(text, "\n{left_out} left out. For more: cursor {next}\n");
        }
        text
    }
}
