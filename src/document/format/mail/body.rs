//! Text of a mail: its plain texts and its HTML.

use mailparse::ParsedMail;

use crate::document::{
    blocks::BlockBuilder,
    format::{html, mime_part::part_text},
    model::{BlockKind, Document},
};

/// Line that separates the text of a mail from its signature.
const SIGNATURE_SEPARATOR: &str = "-- ";

/// Text of a mail: a sequence of texts, each in plain text or in HTML.
#[derive(Debug, Default)]
pub(super) struct MailBody {
    parts: Vec<BodyPart>,
}

/// Part of the text of a mail.
#[derive(Debug)]
enum BodyPart {
    Text(String),
    Html(BlockBuilder),
}

impl MailBody {
    /// Adds a part in plain text.
    pub(super) fn add_text(&mut self, part: &ParsedMail<'_>) {
        let text = part_text(part);
        let is_flowed = part
            .ctype
            .params
            .get("format")
            .is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
        self.parts.push(BodyPart::Text(if is_flowed { join_flowed_lines(&text) } else { text }));
    }

    /// Adds a part in HTML. If the HTML cannot be read, its source is not added.
    pub(super) fn add_html(&mut self, part: &ParsedMail<'_>) {
        let markup = part_text(part);
        self.parts.extend(html::read_fragment(&markup).ok().map(BodyPart::Html));
    }

    /// Appends the text of another body.
    pub(super) fn append(&mut self, mut other: Self) {
        self.parts.append(&mut other.parts);
    }

    /// Returns the number of letters and digits of the text.
    pub(super) fn alphanumeric_count(&self) -> usize {
        let texts = self.parts.iter().map(|part| match part {
            BodyPart::Text(text) => text,
            BodyPart::Html(blocks) => &blocks.text,
        });
        texts.map(|text| text.chars().filter(|c| c.is_alphanumeric()).count()).sum()
    }

    /// Returns a document with the text. Text without HTML has no blocks, so that its lines are joined as in a text
    /// file.
    pub(super) fn into_document(self, id: &str) -> Document {
        let is_plain = |part: &BodyPart| matches!(part, BodyPart::Text(_));
        if self.parts.iter().all(is_plain) {
            let texts = self.parts.into_iter().filter_map(|part| match part {
                BodyPart::Text(text) => Some(text),
                BodyPart::Html(_) => None,
            });
            return Document::new(id, texts.collect::<Vec<_>>().join("\n\n"));
        }
        let mut blocks = BlockBuilder::default();
        for part in self.parts {
            match part {
                BodyPart::Html(html_blocks) => blocks.append(&html_blocks),
                BodyPart::Text(text) => {
                    for paragraph in text.split("\n\n") {
                        blocks.push(paragraph.trim());
                        blocks.finish_block(BlockKind::Paragraph);
                    }
                }
            }
        }
        let mut document = Document::new(id, blocks.text);
        (document.blocks, document.left_out) = (blocks.blocks, blocks.left_out);
        document
    }
}

/// Joins the lines of a text in which a space before a line break means that the line continues (RFC 3676). Quoted
/// lines remain unchanged.
fn join_flowed_lines(text: &str) -> String {
    let mut joined_text = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_quoted = |line: &str| line.starts_with('>');
        let continues_in_next = line.ends_with(' ')
            && line != SIGNATURE_SEPARATOR
            && !is_quoted(line)
            && lines.peek().is_some_and(|next| !is_quoted(next));
        joined_text.push_str(line);
        if !continues_in_next {
            joined_text.push('\n');
        }
    }
    joined_text
}
