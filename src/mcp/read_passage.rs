//! The tool `read_passage`: returns a full passage, and the passages before and after it in the document.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    arguments::{number_in_range, unknown_passage},
    passage_excerpt::PassageExcerpt,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
};
use crate::{
    error::Result,
    search::{PassageInfo, Searcher, is_id_of_text},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a passage, from another tool: DOCUMENT#NUMBER; the first passage of a document is #0
    id: String,
    /// Number of passages to add before and after the passage, 0 to 50 each; default 1
    context: Option<usize>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PassageReply {
    /// Passages in document order; the passages farthest from the requested passage are left out first
    passages: Vec<PassageExcerpt>,
    /// Number of passages of the document before the first passage of this answer
    left_out_before: u64,
    /// Number of passages of the document after the last passage of this answer
    left_out_after: u64,
    /// Id of the passage before the first passage of this answer; null at the start of the document
    previous: Option<String>,
    /// Id of the passage after the last passage of this answer; null at the end of the document
    next: Option<String>,
}

pub(super) fn read_passage(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let Arguments { id, context, max_tokens } = arguments;
    let budget = TokenBudget::new(*max_tokens)?;
    let context = number_in_range("context", *context, 0..=50, 1)?;
    let unknown_error = || unknown_passage(searcher, id);
    let (document, mut passages) = searcher.passage(id, context)?.ok_or_else(unknown_error)?;
    let requested_ordinal = passages
        .iter()
        .find(|passage| is_id_of_text(&passage.id, id))
        .ok_or_else(unknown_error)?
        .ordinal;
    // Nearest passages first; at equal distance, the later passage first.
    passages.sort_by_key(|passage| {
        (passage.ordinal.abs_diff(requested_ordinal), passage.ordinal < requested_ordinal)
    });
    fit_entries(budget, passages.len(), budget.tokens(), |count, max_text_tokens| {
        let mut selected_passages: Vec<&PassageInfo> = passages.iter().take(count).collect();
        selected_passages.sort_by_key(|passage| passage.ordinal);
        let first_ordinal = selected_passages.first().map_or(0, |first| first.ordinal);
        let end_ordinal = selected_passages.last().map_or(0, |last| last.ordinal + 1);
        let passage_id = |ordinal| format!("{}#{ordinal}", document.id);
        PassageReply {
            passages: selected_passages
                .iter()
                .map(|passage| PassageExcerpt::new(&document, passage, max_text_tokens))
                .collect(),
            left_out_before: first_ordinal.into(),
            left_out_after: document.passages.saturating_sub(end_ordinal).into(),
            previous: first_ordinal.checked_sub(1).map(passage_id),
            next: (end_ordinal < document.passages).then(|| passage_id(end_ordinal)),
        }
    })
}

impl Reply for PassageReply {
    fn text(&self) -> String {
        let Self { passages, left_out_before, left_out_after, .. } = self;
        let mut text = format!("{left_out_before} passages before.\n");
        text.extend(passages.iter().map(PassageExcerpt::to_lines));
        let _ = write!(text, "\n{left_out_after} passages after.");
        if let Some(next) = &self.next {
            let _ = write!(text, " Next: {}", crate::render::visible_text(next));
        }
        text.push('\n');
        text
    }
}
