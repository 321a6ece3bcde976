//! The blocks of a file whose markup names no title → a document and its title.

use crate::{
    document::{Block, BlockKind, Document, blocks::BlockBuilder, format::text},
    span::Span,
};

/// A longer heading is a paragraph that somebody styled so.
const HEADING_CHARS: usize = 300;

impl BlockBuilder {
    /// Adds a block of its own, tidied; nothing where the text holds nothing that can be read aloud.
    pub(in crate::document) fn add_block(&mut self, kind: BlockKind, text: &str) {
        let text = tidy(text);
        let long = text.chars().count() > HEADING_CHARS;
        self.push(&text);
        self.close(if long { BlockKind::Paragraph } else { kind });
    }

    /// The document, with its title. It is the block that says so, else the one that says what the
    /// file's properties do, else the first heading where no paragraph stands before it, else what the
    /// first line looks like, else what the properties say.
    pub(in crate::document) fn into_document(self, id: &str, stated: Option<String>) -> Document {
        let mut document = Document::new(id, self.text);
        document.blocks = self.blocks;
        let stated = stated.filter(|title| !title.trim().is_empty());
        let Document { title, text, blocks, inferred, .. } = &mut document;
        join_head(text, blocks);
        let said = |block: &Block| {
            stated.as_deref().is_some_and(|title| folded(title) == folded(block.span.of(text)))
        };
        let first = blocks.iter().take(TITLE_BLOCKS);
        let found = blocks
            .iter()
            .position(|block| block.kind == BlockKind::Title)
            .or_else(|| first.clone().position(said))
            .or_else(|| first.take(1).position(|b| matches!(b.kind, BlockKind::Heading(_))));
        for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Title) {
            block.kind = BlockKind::Heading(1);
        }
        if let Some(block) = found.and_then(|found| blocks.get_mut(found)) {
            block.kind = BlockKind::Title;
            *title = Some(one_line(block.span.of(text)));
        } else if let Some(line) = text::title(text).filter(|line| !line.contains(" | ")) {
            let own = blocks.first_mut().filter(|block| block.span.of(text) == line);
            if let Some(block) = own {
                block.kind = BlockKind::Title;
            }
            *title = Some(line.to_owned());
            inferred.push("title".to_owned());
        } else {
            *title = stated;
        }
        document
    }
}

/// Only so near the beginning a block is looked at for the title that the properties name.
const TITLE_BLOCKS: usize = 8;

/// Joins the first two blocks where the first breaks off: `A Programme for`, `the Ports`.
fn join_head(text: &str, blocks: &mut Vec<Block>) {
    const OPEN: [&str; 12] =
        ["and", "of", "for", "the", "to", "in", "on", "at", "by", "with", "from", "&"];
    let &[first, second, ..] = blocks.as_slice() else { return };
    let line = first.span.of(text);
    let last = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    let open = OPEN.contains(&&*last.to_lowercase()) && !line.contains(" | ");
    let next = second.span.of(text);
    if open && line.len() + next.len() <= HEADING_CHARS && !next.ends_with('.') {
        let span = Span::new(first.span.start, second.span.end);
        blocks.splice(..2, [Block { span, kind: second.kind }]);
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` without white space at its ends, with one space or line break for each run of them, and without
/// characters that only tell where a word may be broken.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut gap = None;
    for c in text.chars() {
        match c {
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            '\n' => gap = Some('\n'),
            // Control characters have no place in a text, and none in a terminal.
            c if c.is_whitespace() || c.is_control() => gap = gap.or(Some(' ')),
            c => {
                tidied.extend(gap.take().filter(|_| !tidied.is_empty()));
                tidied.push(c);
            }
        }
    }
    tidied
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
    fn the_title_by_what_is_surest() {
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
            let shown = title.unwrap_or_else(|| "none".to_owned());
            assert_eq!(shown + if inferred { " (inferred)" } else { "" }, expected);
        }
    }

    #[test]
    fn white_space_is_tidied() {
        let mut blocks = BlockBuilder::default();
        blocks.add_block(BlockKind::Paragraph, " \u{3000}a\u{A0}\t b\u{AD}c \n\n d\u{7}\n");
        blocks.add_block(BlockKind::Paragraph, "\u{200B} ");
        let document = blocks.into_document("x", None);
        assert_eq!(document.text, "a bc\nd\n\n");
        assert_eq!(document.blocks.len(), 1);
    }
}
