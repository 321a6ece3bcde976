//! Converts the lines of a PDF to headings and paragraphs, which are joined across lines and pages.

use super::{
    dehyphenation::LineJoiner, headings, layout::TextLayout, lines::Line, rows::ParagraphRow,
};
use crate::document::blocks::BlockBuilder;

/// Returns the blocks of a document, and the offset in the text of the document at which each page
/// begins.
pub(super) fn build_blocks(pages: Vec<Vec<Line>>) -> (BlockBuilder, Vec<usize>) {
    let page_count = pages.len();
    let lines: Vec<Line> = pages.into_iter().flatten().collect();
    let layout = TextLayout::measure(&lines);
    let joiner = LineJoiner::new(&lines);
    let paragraphs = layout.join_paragraphs(lines);
    let kinds = headings::classify_paragraphs(&paragraphs, layout.text_size);
    let mut blocks = BlockBuilder::default();
    let mut page_starts: Vec<usize> = Vec::new();
    let mut remaining = paragraphs.iter().zip(kinds).peekable();
    while let Some((first_paragraph, kind)) = remaining.next() {
        let mut row = ParagraphRow::new(first_paragraph, kind);
        while let Some((next_paragraph, kind)) =
            remaining.next_if(|(next_paragraph, _)| row.accepts(next_paragraph))
        {
            row.add_paragraph(next_paragraph, kind);
        }
        let row_text = joiner.join_row(&row);
        if !row_text.text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let row_start = blocks.text.len();
        for (page, offset) in row_text.page_offsets {
            while page_starts.len() <= page {
                page_starts.push(row_start + offset);
            }
        }
        blocks.add_block(row.kind(), &row_text.text);
    }
    page_starts.resize(page_count.max(page_starts.len()), blocks.text.len());
    (blocks, page_starts)
}
