//! Chooses the title of a document whose file format does not mark the title reliably, such as Word, OpenDocument and
//! PDF.
//!
//! [`TITLE_RULES`] lists the rules in order of precedence.

use super::{
    fields::{normalized_for_comparison, with_single_spaces},
    letterhead,
};
use crate::{
    document::{
        blocks::BlockBuilder,
        heading,
        model::{Block, BlockKind, Document},
        stock_title::is_stock_title,
    },
    span::Span,
};

/// Maximum length of a heading, in characters. A longer block counts as a paragraph, even in a heading style.
const MAX_HEADING_CHARS: usize = 300;
/// Number of blocks at the beginning of a document that are compared with the title in the file properties.
const BLOCKS_COMPARED_WITH_STATED_TITLE: usize = 8;

/// Title that a rule chose.
enum ChosenTitle {
    /// Index of the block that is the title.
    Block(usize),
    /// First line of the text, if [`heading::title_in_first_line`] accepts the line as the title. Counts as inferred.
    FirstLine(String),
    /// Title in the properties of the file.
    Stated(String),
}

/// Function that chooses a title from the document, the index of its first block below the letterhead, and the title in
/// the file properties. Returns `None` if the rule does not apply.
type TitleRule = fn(&Document, usize, Option<&str>) -> Option<ChosenTitle>;

/// Rules that choose the title, in order of precedence.
const TITLE_RULES: [TitleRule; 5] = [
    block_in_title_style,
    block_with_stated_title,
    first_block_that_is_heading,
    first_line_that_looks_like_title,
    stated_title,
];

/// Chooses the first block in the title style of the file format.
fn block_in_title_style(document: &Document, _: usize, _: Option<&str>) -> Option<ChosenTitle> {
    document.blocks.iter().position(|block| block.kind == BlockKind::Title).map(ChosenTitle::Block)
}

/// Chooses the first block whose text equals `title_in_properties`, the title in the file properties.
fn block_with_stated_title(
    document: &Document,
    _: usize,
    title_in_properties: Option<&str>,
) -> Option<ChosenTitle> {
    let folded_title = normalized_for_comparison(title_in_properties?);
    let mut blocks = document.blocks.iter().take(BLOCKS_COMPARED_WITH_STATED_TITLE);
    blocks
        .position(|block| normalized_for_comparison(block.span.of(&document.text)) == folded_title)
        .map(ChosenTitle::Block)
}

/// Chooses the first block below the letterhead if it is a heading. `first_index` is the index of this block.
fn first_block_that_is_heading(
    document: &Document,
    first_index: usize,
    _: Option<&str>,
) -> Option<ChosenTitle> {
    let first_block = document.blocks.get(first_index)?;
    matches!(first_block.kind, BlockKind::Heading(_)).then_some(ChosenTitle::Block(first_index))
}

/// Chooses the first line below the letterhead if it looks like a title.
fn first_line_that_looks_like_title(
    document: &Document,
    _: usize,
    _: Option<&str>,
) -> Option<ChosenTitle> {
    let title_line = heading::title_in_first_line(&document.text)?;
    (!title_line.contains(" | ")).then(|| ChosenTitle::FirstLine(title_line.to_owned()))
}

/// Chooses the title in the file properties, which is `stated`.
fn stated_title(_: &Document, _: usize, stated: Option<&str>) -> Option<ChosenTitle> {
    stated.map(|title| ChosenTitle::Stated(title.to_owned()))
}

impl BlockBuilder {
    /// Adds a block with normalized white space. A heading that is too long becomes a paragraph. Ignores a text that
    /// contains neither letters nor digits.
    pub(in crate::document) fn add_block(&mut self, kind: BlockKind, text: &str) {
        let text = normalize_space(text);
        let is_too_long_for_heading = text.chars().count() > MAX_HEADING_CHARS;
        self.push(&text);
        self.finish_block(if is_too_long_for_heading { BlockKind::Paragraph } else { kind });
    }

    /// Converts the blocks to a document, and chooses its title. `stated` is the title in the file properties.
    pub(in crate::document) fn into_document(self, id: &str, stated: Option<String>) -> Document {
        let mut document = Document::new(id, self.text);
        document.blocks = self.blocks;
        document.left_out = self.left_out;
        join_blocks_of_broken_title(&document.text, &mut document.blocks);
        let first_index = demote_letterhead(&document.text, &mut document.blocks);
        let stated = stated.filter(|title| !title.trim().is_empty() && !is_stock_title(title));
        let title =
            TITLE_RULES.iter().find_map(|rule| rule(&document, first_index, stated.as_deref()));
        for block in &mut document.blocks {
            if block.kind == BlockKind::Title {
                block.kind = BlockKind::Heading(1);
            }
        }
        if let Some(title) = title {
            set_chosen_title(&mut document, title);
        }
        document
    }
}

/// Sets the title of a document. The block that contains the title gets the kind [`BlockKind::Title`].
fn set_chosen_title(document: &mut Document, title: ChosenTitle) {
    let Document { text, blocks, inferred, .. } = &mut *document;
    document.title = match title {
        ChosenTitle::Block(index) => blocks.get_mut(index).map(|block| {
            block.kind = BlockKind::Title;
            with_single_spaces(block.span.of(text))
        }),
        ChosenTitle::FirstLine(line) => {
            let mut blocks = blocks.iter_mut().take(BLOCKS_COMPARED_WITH_STATED_TITLE);
            if let Some(block) = blocks.find(|block| block.span.of(text) == line) {
                block.kind = BlockKind::Title;
            }
            inferred.push("title".to_owned());
            Some(line)
        }
        ChosenTitle::Stated(title) => Some(title),
    };
}

/// Converts the blocks above the title, such as `PRESS RELEASE` or a red letterhead, to paragraphs. Returns the index
/// of the first block below them.
pub(in crate::document) fn demote_letterhead(text: &str, blocks: &mut [Block]) -> usize {
    let lines = blocks.iter().map(|block| block.span.of(text));
    let count = letterhead::lines_above_title(lines, heading::can_be_title).unwrap_or(1);
    for block in blocks.iter_mut().take(count) {
        block.kind = BlockKind::Paragraph;
    }
    count
}

/// Joins the first two blocks if the first block ends within a phrase: `A Programme for` and `the Ports`.
fn join_blocks_of_broken_title(text: &str, blocks: &mut Vec<Block>) {
    let &[first_block, second_block, ..] = blocks.as_slice() else { return };
    let (line, next_line) = (first_block.span.of(text), second_block.span.of(text));
    let ends_with_non_final_word = heading::ends_with_non_final_word(line) && !line.contains(" | ");
    let can_join = line.len() + next_line.len() <= MAX_HEADING_CHARS && !next_line.ends_with('.');
    if ends_with_non_final_word && can_join {
        let span = Span::new(first_block.span.start, second_block.span.end);
        blocks.splice(..2, [Block { span, kind: second_block.kind }]);
    }
}

/// Replaces each run of white space and control characters in `text` by one space, or by one line break if the run
/// contains a line break. Removes white space at both ends, soft hyphens and zero-width spaces.
fn normalize_space(text: &str) -> String {
    let mut normalized_text = String::with_capacity(text.len());
    let mut pending_space = None;
    for c in text.chars() {
        match c {
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            '\n' => pending_space = Some('\n'),
            c if c.is_whitespace() || c.is_control() => pending_space = pending_space.or(Some(' ')),
            c => {
                normalized_text
                    .extend(pending_space.take().filter(|_| !normalized_text.is_empty()));
                normalized_text.push(c);
            }
        }
    }
    normalized_text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the title that the rules choose for a document with these blocks, and whether it counts as inferred.
    fn title_chosen_by_rules(
        blocks: &[(BlockKind, &str)],
        stated: Option<&str>,
    ) -> (Option<String>, bool) {
        let mut builder = BlockBuilder::default();
        for (kind, text) in blocks {
            builder.add_block(*kind, text);
        }
        let document = builder.into_document("x", stated.map(str::to_owned));
        (document.title, document.inferred == ["title"])
    }

    #[test]
    fn first_rule_that_applies_chooses_the_title() {
        use BlockKind::{Heading, Paragraph, Title};
        let cases: [(&[_], _, _); 11] = [
            (
                &[(Title, "PRESS RELEASE"), (Paragraph, "3 May 2025"), (Paragraph, "Ports Grow")],
                None,
                "Ports Grow (inferred)",
            ),
            (
                &[(Title, "某市港口局文件"), (Heading(1), "某市港口局关于泊位的通知")],
                None,
                "某市港口局关于泊位的通知",
            ),
            (&[(Heading(1), "PRESS RELEASE"), (Paragraph, "A sentence.")], None, "none"),
            (&[(Paragraph, "A sentence.")], Some("Microsoft Word - x.docx"), "none"),
            (&[(Paragraph, "No. 5"), (Title, "Real"), (Heading(1), "One")], Some("junk"), "Real"),
            (&[(Paragraph, "Annex A"), (Paragraph, "The  Plan")], Some("the plan"), "The Plan"),
            (&[(Paragraph, "A Plan for"), (Heading(2), "Ports")], None, "A Plan for Ports"),
            (&[(Heading(2), "First"), (Paragraph, "x.")], Some("junk"), "First"),
            (&[(Paragraph, "A line"), (Heading(1), "One")], Some("junk"), "A line (inferred)"),
            (&[(Paragraph, "A sentence.")], Some("stated"), "stated"),
            (&[(Paragraph, "A sentence.")], Some(" "), "none"),
        ];
        for (blocks, stated, expected) in cases {
            let (title, is_inferred) = title_chosen_by_rules(blocks, stated);
            let title = title.unwrap_or_else(|| "none".to_owned());
            assert_eq!(title + if is_inferred { " (inferred)" } else { "" }, expected);
        }
    }

    #[test]
    fn white_space_is_normalized() {
        let mut blocks = BlockBuilder::default();
        blocks.add_block(BlockKind::Paragraph, " \u{3000}a\u{A0}\t b\u{AD}c \n\n d\u{7}\n");
        blocks.add_block(BlockKind::Paragraph, "\u{200B} ");
        let document = blocks.into_document("x", None);
        assert_eq!(document.text, "a bc\nd\n\n");
        assert_eq!(document.blocks.len(), 1);
    }
}
