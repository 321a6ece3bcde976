//! Pieces of text, as markup delivers them → the document text and its blocks.

use super::model::{Block, BlockKind};
use crate::span::Span;

/// Builds a document text and its blocks, one block after the other.
#[derive(Debug, Default)]
pub(super) struct BlockBuilder {
    pub(super) text: String,
    /// Closed blocks.
    pub(super) blocks: Vec<Block>,
    /// Offset where the open block begins.
    start: usize,
}

impl BlockBuilder {
    /// Adds text to the open block.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Returns the text of the open block.
    pub(super) fn open_text(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// Adds the blocks of a part.
    pub(super) fn append(&mut self, part: &Self) {
        self.close(BlockKind::Paragraph);
        for block in &part.blocks {
            self.push(block.span.of(&part.text));
            self.close(block.kind);
        }
    }

    /// Discards the text of the open block.
    pub(super) fn discard_open(&mut self) {
        self.text.truncate(self.start);
    }

    /// Closes the open block and returns whether it became one: a block without letters and digits
    /// is discarded.
    pub(super) fn close(&mut self, kind: BlockKind) -> bool {
        let open = self.open_text();
        if !open.chars().any(char::is_alphanumeric) {
            self.discard_open();
            return false;
        }
        let start = self.start + open.len() - open.trim_start().len();
        let span = Span::new(start, start + open.trim().len());
        self.blocks.push(Block { span, kind });
        self.text.truncate(span.end);
        self.text.push_str("\n\n");
        self.start = self.text.len();
        true
    }
}
