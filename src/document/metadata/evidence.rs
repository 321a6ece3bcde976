//! Collects the lines of a document from which rules infer the date, the issuer and the document number.

use crate::document::model::{BlockKind, Document};

/// Number of lines at the beginning of the text that are searched for datelines, bylines and document numbers.
const SEARCHED_FIRST_LINE_COUNT: usize = 12;
/// Number of lines at the end of the text that are searched for a signature.
const SEARCHED_LAST_LINE_COUNT: usize = 6;
/// Number of blocks at the beginning of a document that are searched for headings. Rules that read the title also read
/// these headings.
const BLOCKS_SEARCHED_FOR_HEADINGS: usize = 12;

/// A document, and the first and last lines of its text. The lines are trimmed, and blank lines are left out.
#[derive(Debug)]
pub(super) struct DocumentEvidence<'a> {
    pub(super) document: &'a Document,
    /// First lines of the text, at most [`SEARCHED_FIRST_LINE_COUNT`].
    pub(super) first_lines: Vec<&'a str>,
    /// Last lines of the text, at most [`SEARCHED_LAST_LINE_COUNT`], in the order of the text.
    pub(super) last_lines: Vec<&'a str>,
}

impl<'a> DocumentEvidence<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let first_lines = lines(document).take(SEARCHED_FIRST_LINE_COUNT).collect();
        let mut last_lines: Vec<&str> =
            lines(document).rev().take(SEARCHED_LAST_LINE_COUNT).collect();
        last_lines.reverse();
        Self { document, first_lines, last_lines }
    }

    /// Iterates over all lines of the text.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a str> {
        lines(self.document)
    }

    /// Returns the first lines of the text without the signature. If the text has 2 to [`SEARCHED_LAST_LINE_COUNT`]
    /// lines, its last line counts as the signature.
    pub(super) fn lines_above_signature(&self) -> &[&'a str] {
        match self.first_lines.split_last() {
            Some((_, above))
                if !above.is_empty() && self.first_lines.len() <= SEARCHED_LAST_LINE_COUNT =>
            {
                above
            }
            _ => &self.first_lines,
        }
    }

    /// Iterates over the title, if the document has one, and the first lines.
    pub(super) fn title_and_first_lines(&self) -> impl Iterator<Item = &'a str> {
        self.document.title.as_deref().into_iter().chain(self.first_lines.iter().copied())
    }

    /// Iterates over the title and the headings among the first blocks. If the document has no blocks, iterates over
    /// the title and the first line.
    pub(super) fn title_and_headings(&self) -> impl Iterator<Item = &'a str> {
        let Document { title, text, blocks, .. } = self.document;
        let headings = blocks
            .iter()
            .take(BLOCKS_SEARCHED_FOR_HEADINGS)
            .filter(|block| block.kind != BlockKind::Paragraph)
            .map(|block| block.span.of(text));
        let first_line = self.first_lines.first().copied().filter(|_| blocks.is_empty());
        title.as_deref().into_iter().chain(headings).chain(first_line)
    }

    /// Returns the file name, which is the last component of the document id.
    pub(super) fn file_name(&self) -> &'a str {
        self.document.id.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the URL of the document. Empty if the document has no URL.
    pub(super) fn url(&self) -> &'a str {
        self.document.url.as_deref().unwrap_or_default()
    }
}

/// Iterates over the lines of the text that are not blank, without white space around them.
fn lines(document: &Document) -> impl DoubleEndedIterator<Item = &str> {
    document.text.lines().map(str::trim).filter(|line| !line.is_empty())
}
