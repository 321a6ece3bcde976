//! Renders the answers to several queries as one report: CSV, a workbook, JSON Lines or Markdown.
//!
//! Each format is one file with a function from [`BatchAnswer`]s to a text or a file. Read `columns.rs` first.

mod columns;
mod csv;
mod json;
mod markdown;
#[cfg(test)]
mod tests;
#[cfg(feature = "archive")]
mod xlsx;

#[cfg(feature = "archive")]
pub(crate) use self::xlsx::batch_xlsx;
pub(crate) use self::{
    csv::{batch_csv, batch_csv_header},
    json::batch_json,
    markdown::batch_markdown,
};
use super::{CitationStyle, Context, Page};
use crate::{search::SearchResults, span::OffsetUnit};

/// One query of a batch, with its results or the reason why it has no results.
#[derive(Debug)]
pub(crate) struct BatchAnswer {
    /// Number of the line at which the query begins, from 1.
    pub(crate) line: usize,
    /// Name of the query. Empty if the query has no name.
    pub(crate) name: String,
    /// Text of the query.
    pub(crate) query: String,
    /// Results of the query, or the reason why it has no results.
    pub(crate) results: Result<BatchResults, String>,
}

/// Results of one query of a batch, and options for rendering them.
#[derive(Debug)]
pub(crate) struct BatchResults {
    pub(crate) results: SearchResults,
    /// Passages before and after each passage; empty if none were requested.
    pub(crate) contexts: Vec<Context>,
    /// Whether JSON lists releases, each with its best passages, in place of passages.
    pub(crate) groups_by_release: bool,
    /// Style of the citation of each passage. `None` for the default of the format.
    pub(crate) citation: Option<CitationStyle>,
    /// Unit of the spans in JSON.
    pub(crate) unit: OffsetUnit,
}

impl BatchResults {
    fn page(&self) -> Page<'_> {
        let page = Page::new(&self.results, &self.contexts).by_release(self.groups_by_release);
        self.citation.map_or(page, |style| page.cite(style))
    }
}
