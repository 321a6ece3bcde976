//! Text of a mail: its plain texts and its HTML.

use std::collections::HashSet;

use mailparse::ParsedMail;

use crate::document::{
    blocks::BlockBuilder,
    format::{html, mime_part::decoded_part_text},
    model::{BlockKind, Document},
};
use crate::script::is_basic_ideograph;

/// Separator of the cells in a row of a table that was read from HTML.
const CELL_SEPARATOR: &str = " | ";
/// Line that separates the text of a mail from its signature.
const SIGNATURE_SEPARATOR: &str = "-- ";

/// Text of a mail: a sequence of texts, each in plain text or in HTML.
#[derive(Debug, Default)]
pub(super) struct MailBody {
    parts: Vec<MailTextPart>,
}

/// Part of the text of a mail.
#[derive(Debug)]
enum MailTextPart {
    Text(String),
    Html(BlockBuilder),
}

impl MailBody {
    /// Adds a part in plain text.
    pub(super) fn add_text(&mut self, part: &ParsedMail<'_>) {
        let text = decoded_part_text(part);
        let has_parameter = |name: &str, value: &str| {
            part.ctype.params.get(name).is_some_and(|other| other.eq_ignore_ascii_case(value))
        };
        self.parts.push(MailTextPart::Text(if has_parameter("format", "flowed") {
            join_flowed_lines(&text, has_parameter("delsp", "yes"))
        } else {
            text
        }));
    }

    /// Adds a part in HTML. If the HTML cannot be read, its source is not added.
    pub(super) fn add_html(&mut self, part: &ParsedMail<'_>) {
        let markup = decoded_part_text(part);
        self.parts.extend(html::read_fragment(&markup).ok().map(MailTextPart::Html));
    }

    /// Appends the text of another body.
    pub(super) fn append(&mut self, mut other: Self) {
        self.parts.append(&mut other.parts);
    }

    /// Returns the number of letters and digits of the text.
    pub(super) fn letter_and_digit_count(&self) -> usize {
        self.texts().map(|text| text.chars().filter(|c| c.is_alphanumeric()).count()).sum()
    }

    /// Returns whether the body has a table of which `other` lacks most words: the plain text of some mails leaves out
    /// the tables of their HTML.
    pub(super) fn has_table_missing_in(&self, other: &Self) -> bool {
        const MIN_MISSING_WORDS: usize = 4;
        let other_words: HashSet<&str> = other.texts().flat_map(words).collect();
        let table_lines =
            self.texts().flat_map(str::lines).filter(|line| line.contains(CELL_SEPARATOR));
        let (mut word_count, mut missing_count) = (0, 0);
        for word in table_lines.flat_map(words) {
            word_count += 1;
            missing_count += usize::from(!other_words.contains(word));
        }
        missing_count >= MIN_MISSING_WORDS && missing_count * 2 > word_count
    }

    /// Returns whether the words that only this body has are more text than those that only `other` has. Addresses of
    /// links do not count, because the plain text of a mail prints those of its HTML.
    pub(super) fn says_more_than(&self, other: &Self) -> bool {
        const MIN_MISSING_CHARS: usize = 15;
        let char_count_missing_in = |body: &Self, other: &Self| -> usize {
            let other_words: HashSet<String> =
                other.texts().flat_map(words_outside_links).collect();
            let own_words = body.texts().flat_map(words_outside_links);
            let missing_words = own_words.filter(|word| !other_words.contains(word));
            missing_words.map(|word| word.chars().count()).sum()
        };
        let missing_in_other = char_count_missing_in(self, other);
        missing_in_other >= MIN_MISSING_CHARS
            && missing_in_other > char_count_missing_in(other, self)
    }

    /// Iterates over the texts of the parts.
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| match part {
            MailTextPart::Text(text) => text.as_str(),
            MailTextPart::Html(blocks) => blocks.text.as_str(),
        })
    }

    /// Returns a document with the text. If no part is HTML, the document has no blocks: its lines are joined to
    /// paragraphs later, like those of a text file.
    pub(super) fn into_document(self, id: &str) -> Document {
        let is_plain = |part: &MailTextPart| matches!(part, MailTextPart::Text(_));
        if self.parts.iter().all(is_plain) {
            let texts = self.parts.into_iter().filter_map(|part| match part {
                MailTextPart::Text(text) => Some(text),
                MailTextPart::Html(_) => None,
            });
            return Document::new(id, texts.collect::<Vec<_>>().join("\n\n"));
        }
        let mut blocks = BlockBuilder::default();
        for part in self.parts {
            match part {
                MailTextPart::Html(html_blocks) => blocks.append(&html_blocks),
                MailTextPart::Text(text) => {
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

/// Iterates over the words of a text, without punctuation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Iterates over the words of a text in lower case. Each Chinese character is a word, because the lines of a plain text
/// end at other characters than those of its HTML. Ignores the addresses of links.
fn words_outside_links(text: &str) -> impl Iterator<Item = String> {
    let is_link = |piece: &&str| piece.contains("://") || piece.contains("mailto:");
    let pieces = text.split_whitespace().filter(move |piece| !is_link(piece));
    pieces.flat_map(words).flat_map(|word| {
        if word.contains(is_basic_ideograph) {
            word.chars().map(String::from).collect()
        } else {
            vec![word.to_lowercase()]
        }
    })
}

/// Joins the lines of a text in which a space before a line break means that the line continues (RFC 3676). Quoted
/// lines remain unchanged. `deletes_spaces` tells whether the space is no part of the text, as in Chinese texts.
fn join_flowed_lines(text: &str, deletes_spaces: bool) -> String {
    let mut joined_text = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_quoted = |line: &str| line.starts_with('>');
        let continues_in_next = line.ends_with(' ')
            && line != SIGNATURE_SEPARATOR
            && !is_quoted(line)
            && lines.peek().is_some_and(|next| !is_quoted(next));
        let kept_line = line.strip_suffix(' ').filter(|_| continues_in_next && deletes_spaces);
        joined_text.push_str(kept_line.unwrap_or(line));
        if !continues_in_next {
            joined_text.push('\n');
        }
    }
    joined_text
}
