//! Renders search results as text, JSON, JSON Lines, CSV, workbooks, Markdown, HTML and citations, and figures as
//! tables.
//!
//! Each format is one file with a function from a [`Page`] to a string; read `text.rs` first. `batch/` renders the
//! answers to several queries. All escaping of markup and control characters happens in this folder.

#[cfg(feature = "cli")]
mod batch;
mod citation;
mod csv;
mod facet;
mod fact;
mod highlighted_text;
mod html;
mod json;
mod link;
mod markdown;
pub(crate) mod object;
mod page;
#[cfg(feature = "mcp")]
mod release;
#[cfg(test)]
mod sample;
mod sanitize;
mod snippet;
mod text;
#[cfg(feature = "archive")]
mod workbook;
mod wrap;
#[cfg(feature = "archive")]
mod xlsx;

#[cfg(all(feature = "cli", feature = "archive"))]
pub(crate) use self::batch::batch_xlsx;
#[cfg(feature = "mcp")]
pub(crate) use self::release::{passage_markdown, release_markdown};
#[cfg(feature = "cli")]
pub(crate) use self::{
    batch::{BatchAnswer, BatchResults, batch_csv, batch_csv_header, batch_json, batch_markdown},
    csv::text_cell as csv_text_cell,
};
pub use self::{
    citation::{Citation, CitationStyle, citation_list, citations},
    csv::csv,
    facet::facets,
    fact::{check_json, check_markdown, facts_csv, facts_json, facts_markdown},
    html::html,
    json::{json, jsonl, resolution_json},
    markdown::markdown,
    page::{Context, Page, contexts},
    sanitize::visible_text,
    snippet::{snippet_html, snippet_text},
    text::{Style, document_metadata, passage, text},
};
#[cfg(feature = "server")]
pub(crate) use self::{
    fact::FactObject,
    highlighted_text::{escape_html, html_with_highlights},
    snippet::{passage_issuer, passage_speaker, snippet_line},
};
#[cfg(feature = "archive")]
pub use self::{fact::facts_xlsx, xlsx::xlsx};
