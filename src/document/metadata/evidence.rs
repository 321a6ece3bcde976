//! Lines of a document that the rules for its date, issuer and number read.

use crate::document::model::{BlockKind, Document};

/// First lines that may hold a dateline, a byline or a number.
const FIRST_LINES: usize = 12;
/// Last lines that may hold a signature.
const LAST_LINES: usize = 6;
/// First blocks whose headings may say what the document is.
const TITLE_BLOCKS: usize = 12;

/// A document and the lines at both ends of its text, trimmed and without blank ones.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) document: &'a Document,
    pub(super) first_lines: Vec<&'a str>,
    pub(super) last_lines: Vec<&'a str>,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let first_lines = lines(document).take(FIRST_LINES).collect();
        let mut last_lines: Vec<&str> = lines(document).rev().take(LAST_LINES).collect();
        last_lines.reverse();
        Self { document, first_lines, last_lines }
    }

    /// Returns all lines of the text.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a str> {
        lines(self.document)
    }

    /// Returns the first lines without a signature: a short text loses its last line, unless that is its
    /// only one.
    pub(super) fn lines_above_signature(&self) -> &[&'a str] {
        match self.first_lines.split_last() {
            Some((_, above)) if !above.is_empty() && self.first_lines.len() <= LAST_LINES => above,
            _ => &self.first_lines,
        }
    }

    /// Returns the title, if there is one, and then the first lines.
    pub(super) fn title_and_first_lines(&self) -> impl Iterator<Item = &'a str> {
        self.document.title.as_deref().into_iter().chain(self.first_lines.iter().copied())
    }

    /// Returns the title and the headings among the first blocks, or the title and the first line of a
    /// text without blocks.
    pub(super) fn title_and_headings(&self) -> impl Iterator<Item = &'a str> {
        let Document { title, text, blocks, .. } = self.document;
        let headings = blocks
            .iter()
            .take(TITLE_BLOCKS)
            .filter(|block| block.kind != BlockKind::Paragraph)
            .map(|block| block.span.of(text));
        let first_line = self.first_lines.first().copied().filter(|_| blocks.is_empty());
        title.as_deref().into_iter().chain(headings).chain(first_line)
    }

    /// Returns the name of the file, which is the last part of the id.
    pub(super) fn file_name(&self) -> &'a str {
        self.document.id.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the address of the document, or "" if there is none.
    pub(super) fn address(&self) -> &'a str {
        self.document.url.as_deref().unwrap_or_default()
    }
}

fn lines(document: &Document) -> impl DoubleEndedIterator<Item = &str> {
    document.text.lines().map(str::trim).filter(|line| !line.is_empty())
}
