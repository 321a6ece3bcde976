//! Builder of a document text and its blocks, from the pieces of text that a markup reader
//! delivers.

use super::model::{Block, BlockKind};
use crate::span::Span;

/// Document text and blocks, built one block after the other.
#[derive(Debug, Default)]
pub(super) struct BlockBuilder {
    pub(super) text: String,
    /// Finished blocks.
    pub(super) blocks: Vec<Block>,
    /// Byte offset at which the current, unfinished block begins.
    start: usize,
}

impl BlockBuilder {
    /// Adds text to the current block.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Returns the text of the current block.
    pub(super) fn open_text(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// Appends the blocks of another builder.
    pub(super) fn append(&mut self, part: &Self) {
        self.close(BlockKind::Paragraph);
        for block in &part.blocks {
            self.push(block.span.of(&part.text));
            self.close(block.kind);
        }
    }

    /// Discards the text of the current block.
    pub(super) fn discard_open(&mut self) {
        self.text.truncate(self.start);
    }

    /// Finishes the current block. Returns `false`, and discards the block, if it contains no
    /// letters and digits.
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
