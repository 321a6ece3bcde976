//! Chooses the title of a document whose file format does not mark the title reliably: Word, OpenDocument,
//! PDF.
//!
//! [`RULES`] lists the rules in order of precedence.

use super::fields::{folded, one_line};
use crate::{
    document::{
        blocks::BlockBuilder,
        heading,
        model::{Block, BlockKind, Document},
    },
    span::Span,
};

/// Maximum length of a heading, in characters. A longer block is a paragraph that only uses the style of a
/// heading.
const MAX_HEADING_CHARS: usize = 300;
/// Number of blocks at the beginning that are compared with the title in the file properties.
const TITLE_BLOCKS: usize = 8;
/// Words that cannot end a title. If the first block ends with one of them, the title continues in the
/// second block.
const OPEN_ENDINGS: [&str; 12] =
    ["and", "of", "for", "the", "to", "in", "on", "at", "by", "with", "from", "&"];

/// Title chosen by a rule.
enum Title {
    /// The block with this index.
    Block(usize),
    /// The first line of the text, which is short and does not end like a sentence. Counts as inferred.
    FirstLine(String),
    /// The title in the properties of the file.
    Stated(String),
}

/// Rule that chooses the title from a document and the title in the file properties. `None` if the rule
/// does not apply.
type TitleRule = fn(&Document, Option<&str>) -> Option<Title>;

/// Rules that choose the title, in order of precedence.
const RULES: [TitleRule; 5] =
    [block_in_title_style, block_with_stated_title, leading_heading, first_line, stated_title];

fn block_in_title_style(document: &Document, _: Option<&str>) -> Option<Title> {
    document.blocks.iter().position(|block| block.kind == BlockKind::Title).map(Title::Block)
}

fn block_with_stated_title(document: &Document, stated: Option<&str>) -> Option<Title> {
    let stated = folded(stated?);
    let mut blocks = document.blocks.iter().take(TITLE_BLOCKS);
    blocks.position(|block| folded(block.span.of(&document.text)) == stated).map(Title::Block)
}

fn leading_heading(document: &Document, _: Option<&str>) -> Option<Title> {
    let first = document.blocks.first()?;
    matches!(first.kind, BlockKind::Heading(_)).then_some(Title::Block(0))
}

fn first_line(document: &Document, _: Option<&str>) -> Option<Title> {
    let line = heading::first_line_title(&document.text)?;
    (!line.contains(" | ")).then(|| Title::FirstLine(line.to_owned()))
}

fn stated_title(_: &Document, stated: Option<&str>) -> Option<Title> {
    stated.map(|title| Title::Stated(title.to_owned()))
}

impl BlockBuilder {
    /// Adds a block with normalized white space. A heading that is too long becomes a paragraph. A text
    /// without letters and digits is ignored.
    pub(in crate::document) fn add_block(&mut self, kind: BlockKind, text: &str) {
        let text = normalize_space(text);
        let is_long = text.chars().count() > MAX_HEADING_CHARS;
        self.push(&text);
        self.close(if is_long { BlockKind::Paragraph } else { kind });
    }

    /// Returns a document of these blocks, with its title. `stated` is the title in the file properties.
    pub(in crate::document) fn into_document(self, id: &str, stated: Option<String>) -> Document {
        let mut document = Document::new(id, self.text);
        document.blocks = self.blocks;
        join_broken_title(&document.text, &mut document.blocks);
        let stated = stated.filter(|title| !title.trim().is_empty());
        let title = RULES.iter().find_map(|rule| rule(&document, stated.as_deref()));
        for block in &mut document.blocks {
            if block.kind == BlockKind::Title {
                block.kind = BlockKind::Heading(1);
            }
        }
        if let Some(title) = title {
            set_title(&mut document, title);
        }
        document
    }
}

/// Sets the title of a document, and makes the block that contains it the title block.
fn set_title(document: &mut Document, title: Title) {
    let Document { text, blocks, inferred, .. } = &mut *document;
    document.title = match title {
        Title::Block(index) => blocks.get_mut(index).map(|block| {
            block.kind = BlockKind::Title;
            one_line(block.span.of(text))
        }),
        Title::FirstLine(line) => {
            if let Some(block) = blocks.first_mut().filter(|block| block.span.of(text) == line) {
                block.kind = BlockKind::Title;
            }
            inferred.push("title".to_owned());
            Some(line)
        }
        Title::Stated(title) => Some(title),
    };
}

/// Joins the first two blocks if the first ends in the middle of a phrase: `A Programme for`, `the Ports`.
fn join_broken_title(text: &str, blocks: &mut Vec<Block>) {
    let &[first, second, ..] = blocks.as_slice() else { return };
    let (line, next_line) = (first.span.of(text), second.span.of(text));
    let last_word = line.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let breaks_off = OPEN_ENDINGS.contains(&last_word.as_str()) && !line.contains(" | ");
    let can_join = line.len() + next_line.len() <= MAX_HEADING_CHARS && !next_line.ends_with('.');
    if breaks_off && can_join {
        let span = Span::new(first.span.start, second.span.end);
        blocks.splice(..2, [Block { span, kind: second.kind }]);
    }
}

/// Returns `text` with each run of white space replaced by one space or one line break, without white
/// space at the ends, and without control characters, soft hyphens and zero-width spaces.
fn normalize_space(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    let mut gap = None;
    for c in text.chars() {
        match c {
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            '\n' => gap = Some('\n'),
            c if c.is_whitespace() || c.is_control() => gap = gap.or(Some(' ')),
            c => {
                normalized.extend(gap.take().filter(|_| !normalized.is_empty()));
                normalized.push(c);
            }
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(blocks: &[(BlockKind, &str)], stated: Option<&str>) -> (Option<String>, bool) {
        let mut built = BlockBuilder::default();
        for (kind, text) in blocks {
            built.add_block(*kind, text);
        }
        let document = built.into_document("x", stated.map(str::to_owned));
        (document.title, document.inferred == ["title"])
    }

    #[test]
    fn titles_by_precedence() {
        use BlockKind::{Heading, Paragraph, Title};
        let cases: [(&[_], _, _); 7] = [
            (&[(Paragraph, "No. 5"), (Title, "Real"), (Heading(1), "One")], Some("junk"), "Real"),
            (&[(Paragraph, "Annex A"), (Paragraph, "The  Plan")], Some("the plan"), "The Plan"),
            (&[(Paragraph, "A Plan for"), (Heading(2), "Ports")], None, "A Plan for Ports"),
            (&[(Heading(2), "First"), (Paragraph, "x.")], Some("junk"), "First"),
            (&[(Paragraph, "A line"), (Heading(1), "One")], Some("junk"), "A line (inferred)"),
            (&[(Paragraph, "A sentence.")], Some("stated"), "stated"),
            (&[(Paragraph, "A sentence.")], Some(" "), "none"),
        ];
        for (blocks, stated, expected) in cases {
            let (title, inferred) = titled(blocks, stated);
            let title = title.unwrap_or_else(|| "none".to_owned());
            assert_eq!(title + if inferred { " (inferred)" } else { "" }, expected);
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
