//! Document of collected passages: quotations with their citations, as a page or as a file in a citation style.
//!
//! The address names the passages, so that the document needs no storage and can be sent to others.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    address::{ResultsAddress, query_string},
    file_response,
    frame::Frame,
    markup::{self, anchor},
    messages::Messages,
    preferences::Preferences,
};
use crate::{
    render::{Citation, CitationStyle},
    search::{DocumentInfo, PassageInfo, Searcher},
    server::{api_error::ApiError, extract::checks::check_range},
};

/// Maximum number of collected passages in a document.
const MAX_QUOTED_PASSAGES: usize = 100;

/// Parameters of the document.
#[derive(Debug, Deserialize)]
pub(super) struct QuotesParameters {
    /// Ids of the passages.
    #[serde(default)]
    id: Vec<String>,
    /// Style of the citations of a file; `None` for the page.
    format: Option<CitationStyle>,
}

/// Styles in which the document can be downloaded as a file.
const DOWNLOAD_STYLES: [CitationStyle; 4] =
    [CitationStyle::Markdown, CitationStyle::Text, CitationStyle::Bibtex, CitationStyle::Ris];

/// A collected passage with its release.
type QuotedPassage = (DocumentInfo, PassageInfo);

/// Returns the quotes that the reader collected, as a file in the requested format.
pub(super) fn quotes_document(
    searcher: &Searcher,
    parameters: &QuotesParameters,
    preferences: &Preferences,
) -> Result<Response, ApiError> {
    check_range("number of ids", parameters.id.len(), 0, MAX_QUOTED_PASSAGES)?;
    let mut quotes: Vec<QuotedPassage> = Vec::new();
    let mut removed_count = 0;
    for id in &parameters.id {
        match searcher.passage(id, 0)? {
            Some((document, passages)) => {
                quotes.extend(passages.into_iter().map(|passage| (document.clone(), passage)));
            }
            None => removed_count += 1,
        }
    }
    let Some(style) = parameters.format else {
        return Ok(page(&quotes, removed_count, parameters, preferences).into_response());
    };
    let citations =
        quotes.iter().map(|(document, passage)| Citation::new(document, passage).in_style(style));
    Ok(file_response(style.media_type(), citations.collect::<Vec<_>>().join("\n")))
}

fn page(
    quotes: &[QuotedPassage],
    removed_count: u64,
    parameters: &QuotesParameters,
    preferences: &Preferences,
) -> String {
    let messages = preferences.messages;
    let texts = &messages.quotes;
    let address = ResultsAddress::default();
    let main = html! {
        div.quotes {
            h1 { (texts.quotes_title) }
            @if quotes.is_empty() && removed_count == 0 {
                p { (texts.no_quotes_notice) }
            } @else {
                p.quiet { (texts.quote_storage_hint) }
                div.release-actions {
                    @for style in DOWNLOAD_STYLES {
                        a.button href=(href(parameters, style)) download={ "quotes." (style.file_extension()) } { (style.label()) }
                    }
                    button.needs-script type="button" data-copy-link { (messages.results.copy_link) }
                    button.needs-script type="button" data-print { (messages.release.print_button) }
                    button.needs-script type="button" data-remove="all" { (texts.remove_all_quotes) }
                }
            }
            @if removed_count > 0 { p.problem { (texts.removed_passages_notice.with_number(removed_count)) } }
            ol { @for (document, passage) in quotes { (quotation(document, passage, &address, messages)) } }
        }
    };
    Frame { preferences, title: texts.quotes_title, address: &address }.page(&main)
}

/// Returns one quotation with its attribution, its citations, and a button that removes the quotation from the
/// collection.
fn quotation(
    document: &DocumentInfo,
    passage: &PassageInfo,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let href = format!("{}#{}", address.release_href(&document.id), anchor(passage));
    html! {
        li.quoted lang=(document.lang) {
            p { (markup::escaped_text(&passage.text)) }
            footer {
                a href=(href) { (markup::escaped_text(&Citation::new(document, passage).attribution())) }
                div.actions lang=(messages.lang) {
                    a href=(address.href_with_id("cite", &passage.id)) data-unfold="row" { (messages.results.cite_link) }
                    button.needs-script type="button" data-remove=(passage.id) { (messages.quotes.remove_quote_button) }
                }
            }
        }
    }
}

/// Returns the address of the document in another format.
fn href(parameters: &QuotesParameters, style: CitationStyle) -> String {
    let mut pairs: Vec<(&str, String)> =
        parameters.id.iter().map(|id| ("id", id.clone())).collect();
    pairs.push(("format", style.name().to_owned()));
    format!("quotes?{}", query_string(pairs))
}
