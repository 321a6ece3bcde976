//! The lines of a PDF → its blocks: headings and paragraphs, joined across lines and pages.

use super::{dehyphenation::Joining, headings, layout::Shape, lines::Line, rows::Row};
use crate::document::blocks::BlockBuilder;

/// The blocks of a document, and where in its text each page begins.
pub(super) fn blocks(pages: Vec<Vec<Line>>) -> (BlockBuilder, Vec<usize>) {
    let count = pages.len();
    let lines: Vec<Line> = pages.into_iter().flatten().collect();
    let shape = Shape::of(&lines);
    let joining = Joining::of(&lines);
    let paragraphs = shape.paragraphs(lines);
    let kinds = headings::kinds(&paragraphs, shape.size);
    let mut blocks = BlockBuilder::default();
    let mut starts: Vec<usize> = Vec::new();
    let mut paragraphs = paragraphs.iter().zip(kinds).peekable();
    while let Some((first, kind)) = paragraphs.next() {
        let mut row = Row::new(first, kind);
        while let Some((next, kind)) = paragraphs.next_if(|(next, _)| row.takes(next)) {
            row.add(next, kind);
        }
        let (text, places) = joining.row(&row);
        if !text.chars().any(char::is_alphanumeric) {
            continue;
        }
        let begin = blocks.text.len();
        for (page, offset) in places {
            while starts.len() <= page {
                starts.push(begin + offset);
            }
        }
        blocks.add_block(row.kind(), &text);
    }
    starts.resize(count.max(starts.len()), blocks.text.len());
    (blocks, starts)
}
