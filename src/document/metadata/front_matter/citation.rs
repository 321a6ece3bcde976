//! Finds the citation of a document under its title.

use std::ops::RangeInclusive;

use super::lines::EDGE_BLOCK_COUNT;
use crate::document::{
    metadata::fields::normalized_for_comparison,
    model::{BlockKind, Document},
};

/// Maximum length, in characters, of a status line under a citation, such as `Reviewed`.
const MAX_STATUS_LINE_CHARS: usize = 30;
/// Maximum number of status lines under a citation.
const MAX_STATUS_LINES: usize = 2;
/// Minimum length, in bytes, of the file name at the end of a URL. A shorter file name does not identify the document.
const MIN_FILE_NAME_BYTES: usize = 8;
/// Characters that end a sentence. Lines of a citation do not end with any of them.
const FULL_STOPS: [char; 4] = ['.', '。', '！', '？'];

/// Finds the citation of a document in the blocks below its title. `title_index` is the index of the title block.
/// Returns the range of the blocks of the citation, and its text. A citation contains a URL, and also the title or the
/// file name of the document. Short lines below the citation, such as `Reviewed`, belong to the range.
pub(super) fn find_citation(
    document: &Document,
    title_index: usize,
) -> Option<(RangeInclusive<usize>, String)> {
    let address_block = (title_index + 1..=title_index + EDGE_BLOCK_COUNT)
        .find(|&at| paragraph_text(document, at).is_some_and(|line| line.contains("://")))?;
    let address = paragraph_text(document, address_block)?;
    let line_before = Some(address_block - 1)
        .filter(|block_before| *block_before > title_index)
        .and_then(|block_before| paragraph_text(document, block_before))
        .filter(|line| !line.ends_with(FULL_STOPS));
    let citation = [line_before.unwrap_or_default(), address].concat();
    let title_text = normalized_for_comparison(document.title.as_deref().unwrap_or_default());
    let cites_title =
        !title_text.is_empty() && normalized_for_comparison(&citation).contains(&title_text);
    if !cites_title && !url_names_document_file(address, &document.id) {
        return None;
    }
    let is_status = |&below: &usize| {
        paragraph_text(document, below).is_some_and(|line| {
            line.chars().count() <= MAX_STATUS_LINE_CHARS
                && (!line.ends_with(FULL_STOPS) || !line.contains(' '))
        })
    };
    let first_block = if line_before.is_some() { address_block - 1 } else { address_block };
    let below_address = address_block + 1..document.blocks.len();
    let last_block = below_address.take(MAX_STATUS_LINES).take_while(is_status).last();
    Some((first_block..=last_block.unwrap_or(address_block), citation))
}

/// Returns whether the URL `address` names the file of the document: the file name in the document id ends with the
/// last path component of the URL.
fn url_names_document_file(address: &str, id: &str) -> bool {
    let address: String = address.split_whitespace().collect();
    let last_component = address.rsplit('/').next().unwrap_or_default();
    let last_component = last_component.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let file_name = id.rsplit('/').next().unwrap_or_default();
    last_component.len() >= MIN_FILE_NAME_BYTES && file_name.ends_with(last_component)
}

/// Returns the text of the block with the index `index`. `None` if the block is not a paragraph.
pub(super) fn paragraph_text(document: &Document, index: usize) -> Option<&str> {
    let block = document.blocks.get(index)?;
    (block.kind == BlockKind::Paragraph).then(|| block.span.of(&document.text))
}
