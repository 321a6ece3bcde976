//! The tool `resolve_link`: returns the state of the text that a link quotes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    passage_excerpt::PassageExcerpt,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
};
use crate::{
    error::{Error, Result},
    search::{LinkStatus, ParseLinkError, PassageLink, Searcher},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Link of a citation: gz-search:DOCUMENT#NUMBER@HASH
    link: String,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ResolutionReply {
    /// exact: the passage has the quoted text; moved: another passage has it; changed: only the document is still
    /// there; gone: neither is there
    status: LinkStatus,
    /// Passage of the link in the current index; null if there is none
    passage: Option<PassageExcerpt>,
}

pub(super) fn resolve_link(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let budget = TokenBudget::new(arguments.max_tokens)?;
    let link: PassageLink = arguments
        .link
        .parse()
        .map_err(|error: ParseLinkError| Error::invalid("link", error.to_string()))?;
    let resolution = searcher.resolve(&link)?;
    let passage = resolution.document.as_ref().zip(resolution.passage.as_ref());
    fit_entries(budget, 1, budget.tokens(), |_, max_text_tokens| ResolutionReply {
        status: resolution.status,
        passage: passage
            .map(|(document, passage)| PassageExcerpt::new(document, passage, max_text_tokens)),
    })
}

impl Reply for ResolutionReply {
    fn text(&self) -> String {
        let passage = self.passage.as_ref().map(PassageExcerpt::to_lines).unwrap_or_default();
        format!("{}\n{passage}", self.status.name())
    }
}
