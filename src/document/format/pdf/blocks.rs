//! Converts the lines of a PDF to headings and paragraphs. A paragraph may continue across lines
//! and pages.

use super::{
    dehyphenation::LineJoiner, headings, layout::TextLayout, line::Line, rows::ParagraphRow,
};
use crate::document::blocks::BlockBuilder;

/// Returns the blocks of a document, and the text offset at which each page begins.
pub(super) fn build_blocks(pages: Vec<Vec<Line>>) -> (BlockBuilder, Vec<usize>) {
    let page_count = pages.len();
    let lines: Vec<Line> = pages.into_iter().flatten().collect();
    let layout = TextLayout::measure(lines.iter());
    let line_joiner = LineJoiner::new(&lines);
    let paragraphs = layout.join_lines_into_paragraphs(lines);
    let paragraph_kinds = headings::kinds_of_paragraphs(&paragraphs, layout.text_size);
    let mut blocks = BlockBuilder::default();
    let mut page_starts: Vec<usize> = Vec::new();
    let mut remaining_paragraphs = paragraphs.iter().zip(paragraph_kinds).peekable();
    while let Some((first_paragraph, kind)) = remaining_paragraphs.next() {
        let mut block_paragraphs = ParagraphRow::new(first_paragraph, kind);
        while let Some((next_paragraph, kind)) = remaining_paragraphs
            .next_if(|(next_paragraph, _)| block_paragraphs.can_take_paragraph(next_paragraph))
        {
            block_paragraphs.add_paragraph(next_paragraph, kind);
        }
        let block_text = line_joiner.join_cells_of_row(&block_paragraphs);
        if !block_text.text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let block_start = blocks.text.len();
        for (page, offset) in block_text.page_indexes_and_offsets {
            while page_starts.len() <= page {
                page_starts.push(block_start + offset);
            }
        }
        blocks.add_block(block_paragraphs.kind(), &block_text.text);
    }
    page_starts.resize(page_count.max(page_starts.len()), blocks.text.len());
    (blocks, page_starts)
}
