//! The tool `cite`: returns the citation of a passage in one style.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    arguments::unknown_passage,
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
};
use crate::{
    error::Result,
    render::{Citation, CitationStyle},
    search::Searcher,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Id of a passage, from another tool: DOCUMENT#NUMBER
    id: String,
    /// text, markdown, bibtex, ris, csl-json, apa or gbt7714; default text
    style: Option<CitationStyle>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CitationReply {
    /// Complete text in the format of the style: verbatim quote and source
    citation: String,
    /// Link to the passage, with a hash of the quoted text; `resolve_link` finds the text again
    link: String,
}

pub(super) fn cite(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let Arguments { id, style, max_tokens } = arguments;
    let budget = TokenBudget::new(*max_tokens)?;
    let (document, passages) =
        searcher.passage(id, 0)?.ok_or_else(|| unknown_passage(searcher, id))?;
    let passage = passages.first().ok_or_else(|| unknown_passage(searcher, id))?;
    let citation = Citation::new(&document, passage).in_style(style.unwrap_or(CitationStyle::Text));
    fit_entries(budget, 1, 0, |_, _| CitationReply {
        citation: citation.clone(),
        link: passage.link().to_string(),
    })
}

impl Reply for CitationReply {
    fn text(&self) -> String {
        self.citation.clone()
    }
}
