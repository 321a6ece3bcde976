//! Results → bytes: one file per format. Only here is markup known and are characters escaped.

mod citation;
mod csv;
mod facet;
mod html;
mod json;
mod markdown;
pub(crate) mod object;
mod page;
#[cfg(test)]
mod sample;
mod snippet;
mod text;

#[cfg(feature = "mcp")]
pub(crate) use self::snippet::excerpt;
pub use self::{
    citation::{Citation, CitationStyle, citations},
    csv::csv,
    facet::facets,
    html::html,
    json::{json, jsonl},
    markdown::markdown,
    page::{Context, Page, contexts},
    text::{Style, document_metadata, passage, text, visible},
};
#[cfg(feature = "server")]
pub(crate) use self::{
    html::{escape_html, html_with_highlights},
    snippet::{passage_issuer, snippet_line, title_or_id},
};
