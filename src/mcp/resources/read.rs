//! Returns the Markdown of a release or a passage.

use std::fmt::Write as _;

use rmcp::model::{MetaObject, ReadResourceResult, ResourceContents};
use serde::Serialize;

use super::{Address, MAX_RESOURCE_LINE_TOKENS, MEDIA_TYPE};
use crate::{
    error::{Error, Result},
    mcp::{
        document_outline::selected_metadata,
        token_budget::{Answer, Reply, TokenBudget, fit_entries},
        token_estimate::truncate,
    },
    render::{passage_markdown, release_markdown},
    search::{DocumentInfo, PassageInfo, Searcher},
};

/// Key in the metadata of a resource. Its value is the address of the next part of the release.
const NEXT_PART_METADATA_KEY: &str = "gz-search/next";

/// Content of a resource: Markdown, and the address of the next part of a release.
#[derive(Debug, Serialize)]
struct ResourceReply {
    #[serde(skip)]
    markdown: String,
    /// Address of the next part of the release. `None` for the last part of a release, and for a single passage.
    next: Option<String>,
}

impl Reply for ResourceReply {
    fn text(&self) -> String {
        self.markdown.clone()
    }
}

/// Returns the content of the resource with the address `uri`. `None` if there is no such release or passage.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the address contains a passage number that is too high for the release, or an error if
/// the index cannot be read.
pub(in crate::mcp) fn read_resource(
    searcher: &Searcher,
    uri: &str,
) -> Result<Option<ReadResourceResult>> {
    for address in Address::parse(uri) {
        let answer = match &address {
            Address::Release { id, first } => match searcher.document(id)? {
                Some((document, passages)) => read_release(searcher, &document, &passages, *first)?,
                None => continue,
            },
            Address::Passage { id } => match searcher.passage(id, 0)? {
                Some((document, passages)) => read_passage(searcher, &document, &passages)?,
                None => continue,
            },
        };
        return Ok(Some(to_result(uri, answer)));
    }
    Ok(None)
}

/// Returns as many passages of a release as the token budget allows, beginning with the passage number `first`.
fn read_release(
    searcher: &Searcher,
    document: &DocumentInfo,
    passages: &[PassageInfo],
    first: usize,
) -> Result<Answer> {
    let passage_count = passages.len();
    let remaining = passages.get(first..).unwrap_or_default();
    if remaining.is_empty() && first > 0 {
        let reason = format!(
            "the release has {passage_count} passages: give a number from 0 to {}",
            passage_count.saturating_sub(1)
        );
        return Err(Error::invalid("uri", reason));
    }
    let header = shortened_document(document, searcher);
    let budget = TokenBudget::FOR_RESOURCE;
    fit_entries(budget, remaining.len(), budget.tokens(), |count, max_text_tokens| {
        let shortened_passages: Vec<PassageInfo> = remaining
            .iter()
            .take(count)
            .map(|passage| shortened_passage(passage, max_text_tokens))
            .collect();
        let end = first + count;
        let next = (end < passage_count)
            .then(|| Address::Release { id: document.id.clone(), first: end }.to_string());
        let mut markdown = release_markdown(&header, &shortened_passages);
        // Writing to a string cannot fail.
        let _ = match &next {
            Some(next) => writeln!(
                markdown,
                "\nPassages {first} to {} of {passage_count}. The release goes on at {next}",
                end.saturating_sub(1)
            ),
            None => writeln!(markdown, "\nEnd of the release, {passage_count} passages."),
        };
        ResourceReply { markdown, next }
    })
}

/// Returns the headings of a passage, the citation of the passage, and the address of the whole release.
fn read_passage(
    searcher: &Searcher,
    document: &DocumentInfo,
    passages: &[PassageInfo],
) -> Result<Answer> {
    let header = shortened_document(document, searcher);
    let release = Address::of_release(&document.id);
    let budget = TokenBudget::FOR_RESOURCE;
    fit_entries(budget, passages.len(), budget.tokens(), |_, max_text_tokens| {
        let passages = passages.iter().map(|passage| shortened_passage(passage, max_text_tokens));
        let citations: String =
            passages.map(|passage| passage_markdown(&header, &passage)).collect();
        let markdown = format!("{citations}\nThe whole release: {release}\n");
        ResourceReply { markdown, next: None }
    })
}

/// Returns the document with shortened texts, and with only the metadata that fit into a few lines.
fn shortened_document(document: &DocumentInfo, searcher: &Searcher) -> DocumentInfo {
    let shorten = |text: &Option<String>| {
        text.as_deref().map(|text| truncate(text, MAX_RESOURCE_LINE_TOKENS))
    };
    DocumentInfo {
        title: shorten(&document.title),
        issuer: shorten(&document.issuer),
        url: shorten(&document.url),
        metadata: selected_metadata(document, searcher.declared_fields()),
        ..document.clone()
    }
}

/// Returns the passage with shortened headings, and with at most `max_tokens` tokens of text.
fn shortened_passage(passage: &PassageInfo, max_tokens: usize) -> PassageInfo {
    let headings =
        passage.headings.iter().map(|heading| truncate(heading, MAX_RESOURCE_LINE_TOKENS));
    PassageInfo {
        headings: headings.collect(),
        text: truncate(&passage.text, max_tokens),
        ..passage.clone()
    }
}

/// Converts an answer to the result of a request for the resource `uri`.
fn to_result(uri: &str, answer: Answer) -> ReadResourceResult {
    let contents = ResourceContents::text(answer.text, uri).with_mime_type(MEDIA_TYPE);
    let next = answer.structured.get("next").filter(|next| next.is_string()).cloned();
    let meta = next
        .map(|next| MetaObject([(NEXT_PART_METADATA_KEY.to_owned(), next)].into_iter().collect()));
    ReadResourceResult::new(vec![match meta {
        Some(meta) => contents.with_meta(meta),
        None => contents,
    }])
}
