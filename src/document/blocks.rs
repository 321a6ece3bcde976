//! Pieces of text, as markup gives them → the document text and its blocks.

use super::{Block, BlockKind};
use crate::span::Span;

/// The document text and its blocks so far.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) text: String,
    pub(super) done: Vec<Block>,
    /// Where the block that is open begins.
    start: usize,
}

impl Blocks {
    /// Adds to the block that is open.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The text of the block that is open.
    pub(super) fn open(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// Adds the blocks of a part; its headings stand under one of level `above`.
    pub(super) fn append(&mut self, part: &Self, above: u8) {
        self.close(BlockKind::Paragraph);
        for block in &part.done {
            self.push(block.span.of(&part.text));
            self.close(match block.kind {
                BlockKind::Heading(level) => BlockKind::Heading(level.saturating_add(above)),
                kind => kind,
            });
        }
    }

    /// Forgets the block that is open.
    pub(super) fn clear(&mut self) {
        self.text.truncate(self.start);
    }

    /// Ends the block that is open; false where it holds nothing that can be read aloud, and is none.
    pub(super) fn close(&mut self, kind: BlockKind) -> bool {
        let open = self.open();
        let (lead, visible) = (open.len() - open.trim_start().len(), open.trim().len());
        if !open.chars().any(char::is_alphanumeric) {
            self.clear();
            return false;
        }
        let span = Span::new(self.start + lead, self.start + lead + visible);
        self.done.push(Block { span, kind });
        self.text.truncate(span.end);
        self.text.push_str("\n\n");
        self.start = self.text.len();
        true
    }
}

/// Whether `c` is of a script that is written without spaces, or a full-width sign.
pub(super) fn is_wide(c: char) -> bool {
    ('\u{2E80}'..='\u{FFEF}').contains(&c)
}
