//! Reads Rich Text Format (.rtf) as a document: paragraphs, headings by outline level, rows of tables, notes, and the
//! title in the properties of the file.
//!
//! `control.rs` splits the file into groups, control words and text, and `text.rs` decodes text by the code page of its
//! font. Control words are from the specification of RTF 1.9.1.

mod control;
#[cfg(test)]
mod tests;
mod text;

use std::mem;

use self::{
    control::{ControlWord, RtfToken, tokens},
    text::{FontTable, TextDecoder},
};
use super::{
    drawn_field::read_drawn_field,
    raised_text::{RaisedText, superscript},
};
use crate::document::{
    blocks::BlockBuilder,
    left_out::{LeftOut, LeftOutReason},
    limits::ReadLimits,
    model::{BlockKind, Document},
};

/// Maximum nesting depth of groups. Deeper groups count as part of the deepest allowed group.
const MAX_GROUP_DEPTH: usize = 1_000;
/// Control words of the groups whose text is not part of the document.
const CONTROL_WORDS_OF_SKIPPED_GROUPS: [&str; 34] = [
    "stylesheet",
    "colortbl",
    "pict",
    "object",
    "objdata",
    "listtable",
    "listoverridetable",
    "leveltext",
    "levelnumbers",
    "listname",
    "sp",
    "upr",
    "pn",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "bkmkstart",
    "bkmkend",
    "filetbl",
    "revtbl",
    "userprops",
    "atnid",
    "atnauthor",
    "annotation",
    "comment",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "nonshppict",
];

/// Role of the text of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextRole {
    /// Text of the document.
    Body,
    /// Text of a footnote, which follows the paragraph that refers to it.
    Note,
    /// Text of a running head. Appears once, after the text of the document.
    Header,
    FontTable,
    Title,
    Author,
    /// Properties of the file; only the groups of title and author inside are read.
    Info,
    /// Instruction of a field.
    FieldInstruction,
    Skipped,
}

/// Formatting that a group inherits from the group around it.
#[derive(Debug, Clone, Copy)]
struct GroupFormatting {
    role: TextRole,
    /// Number of the font in the font table.
    font_number: i32,
    /// Number of fallback characters after each Unicode character. Programs without Unicode support show the fallback
    /// characters instead.
    fallback_count: i32,
    is_hidden: bool,
    /// Whether the text is raised (superscript).
    is_raised: bool,
}

/// Reads the document of a file in Rich Text Format.
pub(super) fn read(id: &str, bytes: &[u8], _: ReadLimits) -> Result<Document, String> {
    if !bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Err("is not Rich Text Format: it does not begin with {\\rtf".to_owned());
    }
    let mut reader = RtfReader::new();
    for token in tokens(bytes) {
        reader.handle_token(&token);
    }
    reader.close_paragraph();
    let headers = mem::take(&mut reader.headers);
    for header in headers.lines() {
        reader.blocks.add_block(BlockKind::Paragraph, header);
    }
    let title = Some(mem::take(&mut reader.title)).filter(|title| !title.trim().is_empty());
    let author = mem::take(&mut reader.author);
    let mut document = reader.blocks.into_document(id, title);
    if document.blocks.is_empty() && !reader.outer_groups.is_empty() {
        return Err(
            "is damaged or cut off: its groups do not end, and no text was found".to_owned()
        );
    }
    if !author.trim().is_empty() {
        document.metadata.insert("creator".to_owned(), author.trim().to_owned());
    }
    Ok(document)
}

/// Converts the tokens of a file to blocks.
#[derive(Debug)]
struct RtfReader {
    blocks: BlockBuilder,
    /// Formatting of the current group.
    group: GroupFormatting,
    /// Formatting of the groups around the current group, outermost first.
    outer_groups: Vec<GroupFormatting>,
    /// Number of open groups beyond [`MAX_GROUP_DEPTH`].
    excess_depth: usize,
    decoder: TextDecoder,
    fonts: FontTable,
    /// Number of fallback characters after the last Unicode character that are still to be skipped.
    chars_to_skip: i32,
    /// Whether the last token opened a group.
    is_at_group_start: bool,
    /// Whether the current group begins with `\*`. If so, the whole group is skipped if its control word is unknown.
    is_optional: bool,
    paragraph: String,
    /// Text of the notes to which the current paragraph refers.
    notes: String,
    /// Text of the running heads of the file.
    headers: String,
    /// Outline level of the current paragraph, from 0. `None` if the paragraph is not a heading.
    outline_level: Option<u8>,
    is_in_table: bool,
    cells: Vec<String>,
    /// Instruction of the field that is being read.
    field_instruction: String,
    title: String,
    author: String,
}

impl RtfReader {
    fn new() -> Self {
        Self {
            blocks: BlockBuilder::default(),
            group: GroupFormatting {
                role: TextRole::Body,
                font_number: 0,
                fallback_count: 1,
                is_hidden: false,
                is_raised: false,
            },
            outer_groups: Vec::new(),
            excess_depth: 0,
            decoder: TextDecoder::default(),
            fonts: FontTable::default(),
            chars_to_skip: 0,
            is_at_group_start: false,
            is_optional: false,
            paragraph: String::new(),
            notes: String::new(),
            headers: String::new(),
            outline_level: None,
            is_in_table: false,
            cells: Vec::new(),
            field_instruction: String::new(),
            title: String::new(),
            author: String::new(),
        }
    }

    fn handle_token(&mut self, token: &RtfToken<'_>) {
        let was_at_group_start =
            mem::replace(&mut self.is_at_group_start, matches!(token, RtfToken::OpenGroup));
        match token {
            RtfToken::OpenGroup => {
                self.add_decoded_text();
                self.chars_to_skip = 0;
                self.is_optional = false;
                if self.outer_groups.len() < MAX_GROUP_DEPTH {
                    self.outer_groups.push(self.group);
                } else {
                    self.excess_depth += 1;
                }
            }
            RtfToken::CloseGroup => {
                self.add_decoded_text();
                self.chars_to_skip = 0;
                self.is_optional = false;
                if self.excess_depth > 0 {
                    self.excess_depth -= 1;
                } else if let Some(outer_group) = self.outer_groups.pop() {
                    let closed_group = mem::replace(&mut self.group, outer_group);
                    if closed_group.role == TextRole::FieldInstruction
                        && self.group.role != TextRole::FieldInstruction
                    {
                        self.end_field_instruction();
                    }
                }
            }
            RtfToken::OptionalGroup => self.is_optional = was_at_group_start,
            RtfToken::Byte(byte) => {
                if self.chars_to_skip > 0 {
                    self.chars_to_skip -= 1;
                } else {
                    self.decoder.push_byte(*byte);
                }
            }
            RtfToken::Text(text) => {
                let skipped = usize::try_from(self.chars_to_skip).unwrap_or_default();
                let skipped = skipped.min(text.len());
                self.chars_to_skip -= i32::try_from(skipped).unwrap_or_default();
                for byte in text.get(skipped..).unwrap_or_default() {
                    self.decoder.push_byte(*byte);
                }
            }
            RtfToken::ControlWord(control) => self.handle_control(*control),
        }
    }

    fn handle_control(&mut self, control: ControlWord<'_>) {
        let ControlWord { word, value } = control;
        if word == "u" {
            self.decode_collected_bytes();
            self.decoder.push_code_unit(value.unwrap_or_default());
            self.chars_to_skip = self.group.fallback_count;
            return;
        }
        self.chars_to_skip = 0;
        self.add_decoded_text();
        let was_optional = mem::take(&mut self.is_optional);
        match word {
            "ansicpg" => self.fonts.set_default_code_page(value.unwrap_or_default()),
            "uc" => self.group.fallback_count = value.unwrap_or(1).clamp(0, 100),
            "f" if self.group.role == TextRole::FontTable => {
                self.fonts.begin_font_definition(value.unwrap_or_default());
            }
            "fcharset" => self.fonts.set_charset(value.unwrap_or_default()),
            "f" => self.group.font_number = value.unwrap_or_default(),
            "plain" => (self.group.is_hidden, self.group.is_raised) = (false, false),
            "super" => self.group.is_raised = value != Some(0),
            "sub" | "nosupersub" => self.group.is_raised = false,
            "v" | "deleted" => self.group.is_hidden = value != Some(0),
            "fonttbl" => self.group.role = TextRole::FontTable,
            "info" => self.group.role = TextRole::Info,
            "title" if self.group.role == TextRole::Info => self.group.role = TextRole::Title,
            "author" if self.group.role == TextRole::Info => self.group.role = TextRole::Author,
            "footnote" => self.group.role = TextRole::Note,
            "header" | "headerl" | "headerr" | "headerf" => self.group.role = TextRole::Header,
            "fldinst" if self.group.role != TextRole::Skipped => {
                self.group.role = TextRole::FieldInstruction;
            }
            "ud" => self.group.role = TextRole::Body,
            "shptxt" | "fldrslt" | "shpinst" => {}
            _ if was_optional || CONTROL_WORDS_OF_SKIPPED_GROUPS.contains(&word) => {
                self.group.role = TextRole::Skipped;
            }
            _ => self.handle_layout_control_word(word, value),
        }
    }

    /// Handles a control word that ends or formats a paragraph, or stands for a character.
    fn handle_layout_control_word(&mut self, word: &str, value: Option<i32>) {
        match word {
            "par" | "sect" | "page" if self.group.role == TextRole::Body => self.close_paragraph(),
            "par" | "line" | "softline" => self.add_text("\n"),
            "cell" | "nestcell" if self.group.role == TextRole::Body => self.close_cell(),
            "row" | "nestrow" if self.group.role == TextRole::Body => self.close_row(),
            "pard" if self.group.role == TextRole::Body => {
                self.outline_level = None;
                self.is_in_table = false;
            }
            "intbl" => self.is_in_table = true,
            "outlinelevel" => {
                let level = value.and_then(|level| u8::try_from(level).ok());
                self.outline_level = level.filter(|level| *level < 9);
            }
            "emdash" => self.add_text("—"),
            "endash" => self.add_text("–"),
            "lquote" => self.add_text("‘"),
            "rquote" => self.add_text("’"),
            "ldblquote" => self.add_text("“"),
            "rdblquote" => self.add_text("”"),
            "bullet" => self.add_text("•"),
            "tab" | "~" | "emspace" | "enspace" | "qmspace" => self.add_text(" "),
            "_" => self.add_text("-"),
            _ => {}
        }
    }

    /// Adds the text that was decoded so far to the current paragraph, note, running head or property.
    fn add_decoded_text(&mut self) {
        self.decode_collected_bytes();
        let text = self.decoder.take_decoded_text();
        self.add_text(&text);
    }

    /// Decodes the collected bytes in the encoding of the current font.
    fn decode_collected_bytes(&mut self) {
        if self.group.role == TextRole::FontTable {
            self.decoder.discard();
        } else {
            self.decoder.decode_added_bytes(self.fonts.encoding(self.group.font_number));
        }
    }

    fn add_text(&mut self, text: &str) {
        match self.group.role {
            _ if self.group.is_hidden => {}
            TextRole::Body if self.group.is_raised => self.add_raised_text(text),
            TextRole::Body => self.paragraph.push_str(text),
            TextRole::Note => self.notes.push_str(text),
            TextRole::Header => self.headers.push_str(text),
            TextRole::Title => self.title.push_str(text),
            TextRole::Author => self.author.push_str(text),
            TextRole::FieldInstruction => self.field_instruction.push_str(text),
            TextRole::FontTable | TextRole::Info | TextRole::Skipped => {}
        }
    }

    /// Adds raised text to the current paragraph. An exponent becomes raised digits, the mark of a note is left out.
    fn add_raised_text(&mut self, text: &str) {
        match RaisedText::classify(&self.paragraph, text) {
            RaisedText::NoteMark => {
                self.blocks.left_out.extend(LeftOut::new(text, LeftOutReason::NoteMark));
            }
            RaisedText::Exponent => self.paragraph.extend(text.chars().map(superscript)),
            RaisedText::Plain => self.paragraph.push_str(text),
        }
    }

    /// Ends the instruction of a field. Adds what a program draws for a field that has no stored result.
    fn end_field_instruction(&mut self) {
        let instruction = mem::take(&mut self.field_instruction);
        let Some(field) = read_drawn_field(&instruction) else { return };
        self.add_text(&field.text);
        for text in field.pronunciations {
            self.blocks.left_out.extend(LeftOut::new(&text, LeftOutReason::Pronunciation));
        }
    }

    fn close_paragraph(&mut self) {
        if self.is_in_table {
            self.paragraph.push(' ');
            return;
        }
        self.close_row();
        let text = mem::take(&mut self.paragraph);
        let kind =
            self.outline_level.map_or(BlockKind::Paragraph, |level| BlockKind::Heading(level + 1));
        self.blocks.add_block(kind, &text);
        let notes = mem::take(&mut self.notes);
        for note in notes.lines() {
            self.blocks.add_block(BlockKind::Paragraph, note);
        }
    }

    fn close_cell(&mut self) {
        let text = mem::take(&mut self.paragraph);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.cells.push(text);
    }

    fn close_row(&mut self) {
        let cells = mem::take(&mut self.cells);
        let texts: Vec<&str> =
            cells.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        self.blocks.add_block(BlockKind::Paragraph, &texts.join(" | "));
    }
}
