//! Builds the text and the blocks of a document. The readers of formats with markup add the texts that they find, one
//! after the other.

use super::{
    left_out::{LeftOut, LeftOutReason},
    model::{Block, BlockKind},
    page_controls::is_page_control,
};
use crate::span::Span;

/// Builder of the text and the blocks of a document. Builds one block after the other.
#[derive(Debug, Default)]
pub(super) struct BlockBuilder {
    pub(super) text: String,
    /// Finished blocks.
    pub(super) blocks: Vec<Block>,
    /// Texts that were left out of the document.
    pub(super) left_out: Vec<LeftOut>,
    /// Byte offset at which the current, unfinished block begins.
    current_start: usize,
}

impl BlockBuilder {
    /// Adds text to the current block.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Returns the text of the current block.
    pub(super) fn current_text(&self) -> &str {
        self.text.get(self.current_start..).unwrap_or_default()
    }

    /// Finishes the current block, and appends the blocks of another builder.
    pub(super) fn append(&mut self, other_builder: &Self) {
        self.finish_block(BlockKind::Paragraph);
        self.left_out.extend_from_slice(&other_builder.left_out);
        for block in &other_builder.blocks {
            self.push(block.span.of(&other_builder.text));
            self.finish_block(block.kind);
        }
    }

    /// Discards the text of the current block, and records the reason.
    pub(super) fn leave_out_current(&mut self, reason: LeftOutReason) {
        self.left_out.extend(LeftOut::new(self.current_text(), reason));
        self.discard_current_block();
    }

    /// Discards the text of the current block.
    pub(super) fn discard_current_block(&mut self) {
        self.text.truncate(self.current_start);
    }

    /// Finishes the current block. If the block contains neither letters nor digits, or is a page control such as a
    /// print button, discards the block and returns `false`.
    pub(super) fn finish_block(&mut self, kind: BlockKind) -> bool {
        let current_text = self.current_text();
        if !current_text.chars().any(char::is_alphanumeric) {
            self.discard_current_block();
            return false;
        }
        if kind == BlockKind::Paragraph && is_page_control(current_text) {
            self.leave_out_current(LeftOutReason::PageControl);
            return false;
        }
        let trimmed_start =
            self.current_start + current_text.len() - current_text.trim_start().len();
        let span = Span::new(trimmed_start, trimmed_start + current_text.trim().len());
        self.blocks.push(Block { span, kind });
        self.text.truncate(span.end);
        self.text.push_str("\n\n");
        self.current_start = self.text.len();
        true
    }
}
