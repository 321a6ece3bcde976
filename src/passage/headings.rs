//! Decides which headings are shown above passages: each heading of a heading path must apply to at least one passage.

use crate::{
    document::{Block, BlockKind, Document},
    span::Span,
};

/// Returns whether the title or heading `blocks[index]` is shown above a passage. A title or heading that is not shown
/// must become a passage itself, so that a reader can see the text.
///
/// A heading is not shown if neither a paragraph nor a deeper heading follows it directly, such as the first of two
/// adjacent headings of the same level. A title block is not shown if it differs from the title of the document.
/// Returns `false` for a paragraph.
pub(super) fn is_shown_above_passage(document: &Document, blocks: &[Block], index: usize) -> bool {
    let Some(block) = blocks.get(index) else { return false };
    let next_kind = blocks.get(index + 1).map(|next| next.kind);
    match block.kind {
        BlockKind::Paragraph => false,
        BlockKind::Title => next_kind.is_some() && is_document_title(document, block.span),
        BlockKind::Heading(level) => match next_kind {
            Some(BlockKind::Paragraph) => true,
            // The deeper heading is either shown above a passage or becomes a passage itself.
            Some(BlockKind::Heading(next_level)) => next_level > level,
            Some(BlockKind::Title) | None => false,
        },
    }
}

/// Returns whether the text of a title block has the same letters and digits as the title of the document, in the same
/// order.
fn is_document_title(document: &Document, span: Span) -> bool {
    let title = document.title.as_deref().unwrap_or_default();
    alphanumeric_chars(span.of(&document.text)).eq(alphanumeric_chars(title))
}

/// Iterates over the letters and digits of a text in lower case.
fn alphanumeric_chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_without_text_of_their_own_are_not_above_a_passage() {
        // Each digit is a heading of this level, `t` is a title and `p` is a paragraph. `x` replaces a block that is
        // not shown.
        for (kinds, expected) in [
            ("1p", "1p"),
            ("11p", "x1p"),
            ("12p", "12p"),
            ("21p", "x1p"),
            ("123p", "123p"),
            ("131p", "1x1p"),
            ("1231p", "12x1p"),
            ("p1", "px"),
            ("p12", "p1x"),
            ("1tp", "xtp"),
            ("t", "x"),
            ("t1p", "t1p"),
            ("111", "xxx"),
        ] {
            let mut document = Document::new("x", "Line ".repeat(kinds.len()));
            document.title = Some("line".to_owned());
            for (index, kind) in kinds.bytes().enumerate() {
                let kind = match kind {
                    b'p' => BlockKind::Paragraph,
                    b't' => BlockKind::Title,
                    level => BlockKind::Heading(level - b'0'),
                };
                document.blocks.push(Block { span: Span::new(index * 5, index * 5 + 4), kind });
            }
            let is_visible = |index: usize, kind: char| {
                kind == 'p' || is_shown_above_passage(&document, &document.blocks, index)
            };
            let visible_blocks = kinds.chars().enumerate();
            let visible_blocks: String = visible_blocks
                .map(|(index, kind)| if is_visible(index, kind) { kind } else { 'x' })
                .collect();
            assert_eq!(visible_blocks, expected, "{kinds}");
        }
    }
}
