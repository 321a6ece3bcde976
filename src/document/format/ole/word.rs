//! Reads the text of a Word 97 document: its pieces in order, and the paragraphs in them.

use std::ops::Range;

use super::{
    OleContainer,
    bytes::{slice_at, u16_at, usize_at, utf16_text, western_text},
    character_properties::CharacterProperties,
    paragraph_properties::ParagraphProperties,
    properties,
    property_pages::PropertyTable,
};
use crate::document::{
    blocks::BlockBuilder,
    format::{
        drawn_field::OpenFields,
        raised_text::{RaisedText, superscript},
    },
    left_out::{LeftOut, LeftOutReason},
    limits::ReadLimits,
    model::{BlockKind, Document},
};

/// Number at the beginning of the stream of a Word document.
const WORD_STREAM_MAGIC_NUMBER: u16 = 0xA5EC;
/// Minimum version of a file that is read: Word 97, the first version with Unicode.
const MIN_WORD_VERSION: u16 = 0x00C1;
/// Flag in the header of the document stream: the file is encrypted.
const ENCRYPTED_FLAG: u16 = 0x0100;
/// Flag in the header of the document stream: the table stream is `1Table`, not `0Table`.
const SECOND_TABLE_STREAM_FLAG: u16 = 0x0200;
/// Offset of the version in the document stream.
const VERSION_OFFSET: usize = 2;
/// Offset of the flags in the document stream.
const FLAGS_OFFSET: usize = 10;
/// Offset in the document stream of the number of characters of the main text. The numbers of the other texts follow.
const TEXT_LENGTHS_OFFSET: usize = 76;
/// Whether each text of a document is read, in the order in which a file stores the texts. The texts are the main text,
/// the footnotes, the running heads, macros, the comments, the endnotes and the text boxes.
const IS_STORED_TEXT_READ: [bool; 7] = [true, true, false, false, false, true, true];
/// Offset, in the document stream, of two numbers: the offset and the length of the table of text pieces.
const PIECE_TABLE_OFFSET: usize = 418;
/// Flag in the stated offset of a piece whose characters have one byte each.
const ONE_BYTE_CHARACTERS_FLAG: usize = 0x4000_0000;

/// Reads the document of a Word file.
pub(in crate::document::format) fn read(
    id: &str,
    bytes: &[u8],
    _: ReadLimits,
) -> Result<Document, String> {
    let mut container = OleContainer::open(bytes, "Word")?;
    let stream = container.stream("WordDocument")?.ok_or("holds no text of a Word file")?;
    if u16_at(&stream, 0) != Some(WORD_STREAM_MAGIC_NUMBER)
        || u16_at(&stream, VERSION_OFFSET).is_none_or(|version| version < MIN_WORD_VERSION)
    {
        return Err("is in the format of Word 95 or older: save it as .docx".to_owned());
    }
    let flags = u16_at(&stream, FLAGS_OFFSET).unwrap_or_default();
    if flags & ENCRYPTED_FLAG != 0 {
        return Err("is protected by a password: save it without one".to_owned());
    }
    let table_name = if flags & SECOND_TABLE_STREAM_FLAG != 0 { "1Table" } else { "0Table" };
    let table =
        container.stream(table_name)?.ok_or("is damaged: its table of pieces is missing")?;
    let pieces =
        read_pieces(&stream, &table).ok_or("is damaged: its table of pieces is cut off")?;
    let mut reader = WordTextReader {
        paragraphs: PropertyTable::read(&stream, &table),
        characters: PropertyTable::read(&stream, &table),
        ..WordTextReader::default()
    };
    for text in ranges_of_texts_to_read(&stream) {
        reader.read_text(&stream, &pieces, &text)?;
    }
    let mut title = None;
    let properties = properties::read(&mut container);
    let mut metadata = Vec::new();
    for (key, value) in properties {
        if key == "title" { title = Some(value) } else { metadata.push((key, value)) }
    }
    let mut document = reader.blocks.into_document(id, title);
    document.metadata.extend(metadata);
    Ok(document)
}

/// Returns the ranges of the texts that are read, in characters from the beginning of the first text piece.
fn ranges_of_texts_to_read(stream: &[u8]) -> Vec<Range<usize>> {
    let mut end = 0_usize;
    let lengths = (0..).map(|index| usize_at(stream, TEXT_LENGTHS_OFFSET + index * 4));
    let texts = IS_STORED_TEXT_READ.into_iter().zip(lengths).filter_map(|(is_read, length)| {
        let start = end;
        end = start.saturating_add(length.unwrap_or_default());
        (is_read && end > start).then_some(start..end)
    });
    texts.collect()
}

/// Piece of the text of a document. The file stores the characters of a piece one after the other.
#[derive(Debug, Clone, Copy)]
struct TextPiece {
    /// Number of characters of the piece.
    length: usize,
    /// Byte offset of the first character in the document stream.
    offset: usize,
    /// Number of bytes of a character: 1 or 2.
    bytes_per_char: usize,
}

/// Returns the pieces of the text in order. `None` if their table is cut off.
fn read_pieces(stream: &[u8], table: &[u8]) -> Option<Vec<TextPiece>> {
    let (offset, length) =
        (usize_at(stream, PIECE_TABLE_OFFSET)?, usize_at(stream, PIECE_TABLE_OFFSET + 4)?);
    let mut clx = slice_at(table, offset, length)?;
    // Property modifiers precede the pieces.
    while let [1, rest @ ..] = clx {
        clx = rest.get(2 + usize::from(u16_at(rest, 0)?)..)?;
    }
    let [2, rest @ ..] = clx else { return None };
    let piece_table = slice_at(rest, 4, usize_at(rest, 0)?)?;
    let count = piece_table.len().checked_sub(4)? / 12;
    let piece = |index: usize| {
        let start = usize_at(piece_table, index * 4)?;
        let end = usize_at(piece_table, (index + 1) * 4)?;
        let stated_offset = usize_at(piece_table, (count + 1) * 4 + index * 8 + 2)?;
        let has_one_byte = stated_offset & ONE_BYTE_CHARACTERS_FLAG != 0;
        let offset = stated_offset & (ONE_BYTE_CHARACTERS_FLAG - 1);
        Some(TextPiece {
            length: end.checked_sub(start)?,
            offset: if has_one_byte { offset / 2 } else { offset },
            bytes_per_char: if has_one_byte { 1 } else { 2 },
        })
    };
    (0..count).map(piece).collect()
}

/// Converts the characters of the text to blocks.
#[derive(Debug, Default)]
struct WordTextReader {
    blocks: BlockBuilder,
    /// Properties of the paragraphs, by their position in the document stream.
    paragraphs: PropertyTable<ParagraphProperties>,
    /// Properties of the characters, by their position in the document stream.
    characters: PropertyTable<CharacterProperties>,
    /// Raised text at the end of the open paragraph or table cell.
    raised_text: String,
    /// Text that is left out since the last character that is read, with the reason.
    left_out: Option<(LeftOutReason, String)>,
    /// Text of the open paragraph or table cell.
    paragraph: String,
    /// Cell texts of the open table row.
    cells: Vec<String>,
    /// Open fields. The instruction of a field, before its result, is not text.
    open_fields: OpenFields,
}

impl WordTextReader {
    /// Reads the characters of one text of the document. `text_range` is the range of the text, in characters from the
    /// beginning of the first piece.
    ///
    /// # Errors
    ///
    /// Returns the reason if a piece is beyond the end of the stream.
    fn read_text(
        &mut self,
        stream: &[u8],
        pieces: &[TextPiece],
        text_range: &Range<usize>,
    ) -> Result<(), String> {
        let mut piece_start = 0_usize;
        for piece in pieces {
            let skipped = text_range.start.saturating_sub(piece_start).min(piece.length);
            let end = text_range.end.saturating_sub(piece_start).min(piece.length);
            piece_start = piece_start.saturating_add(piece.length);
            let width = piece.bytes_per_char;
            let offset = piece.offset.saturating_add(skipped.saturating_mul(width));
            let byte_count = end.saturating_sub(skipped).saturating_mul(width);
            let bytes = slice_at(stream, offset, byte_count)
                .ok_or("is damaged or cut off: a part of its text is missing")?;
            self.add_characters(bytes, offset, width);
        }
        self.close_paragraph(ParagraphProperties::default());
        Ok(())
    }

    /// Adds characters of `width` bytes each that are stored at `offset` of the document stream.
    fn add_characters(&mut self, bytes: &[u8], offset: usize, width: usize) {
        let text = if width == 1 { western_text(bytes) } else { utf16_text(bytes) };
        let mut offset = offset;
        for character in text.chars() {
            self.add_char(character, offset);
            offset += if width == 1 { 1 } else { character.len_utf16() * 2 };
        }
    }

    /// Adds a character that is stored at `offset` of the document stream.
    fn add_char(&mut self, character: char, offset: usize) {
        let properties = self.characters.properties_at(offset);
        let reason = if properties.is_deleted {
            Some(LeftOutReason::Deleted)
        } else {
            properties.is_hidden.then_some(LeftOutReason::Hidden)
        };
        if self.left_out.as_ref().map(|(reason, _)| *reason) != reason {
            self.end_left_out_text();
        }
        if !properties.is_raised {
            self.end_raised_text();
        }
        match character {
            '\u{13}' => self.open_fields.begin(),
            '\u{14}' => self.open_fields.begin_result(),
            '\u{15}' => self.end_field(reason),
            // Without its deleted mark, a paragraph goes on in the next one.
            '\r' if properties.is_deleted => {}
            '\r' if self.paragraphs.properties_at(offset).is_drop_capital => {
                self.end_raised_text();
            }
            '\r' | '\u{C}' => self.close_paragraph(self.paragraphs.properties_at(offset)),
            '\u{7}' => self.close_cell(self.paragraphs.properties_at(offset)),
            c if self.open_fields.is_in_instruction() => {
                self.open_fields.add_instruction_text(c.encode_utf8(&mut [0; 4]));
            }
            '\u{B}' => self.paragraph.push('\n'),
            '\u{1E}' => self.paragraph.push('-'),
            c if c.is_control() && c != '\t' => {}
            // Private characters are the bullets of symbol fonts.
            '\u{E000}'..='\u{F8FF}' => {}
            c => match reason {
                Some(reason) => {
                    self.left_out.get_or_insert_with(|| (reason, String::new())).1.push(c);
                }
                None if properties.is_raised => self.raised_text.push(c),
                None => self.paragraph.push(c),
            },
        }
    }

    /// Ends a field. Adds what a program draws for a field without stored result, unless there is a `reason` to leave
    /// it out.
    fn end_field(&mut self, reason: Option<LeftOutReason>) {
        let Some(field) = self.open_fields.end().filter(|_| reason.is_none()) else { return };
        self.paragraph.push_str(&field.text);
        for text in field.pronunciations {
            self.blocks.left_out.extend(LeftOut::new(&text, LeftOutReason::Pronunciation));
        }
    }

    /// Ends the text that is left out, and records it.
    fn end_left_out_text(&mut self) {
        let left_out = self.left_out.take();
        let left_out = left_out.and_then(|(reason, text)| LeftOut::new(&text, reason));
        self.blocks.left_out.extend(left_out);
    }

    /// Ends the raised text at the end of the open paragraph. An exponent becomes raised digits, the mark of a note is
    /// left out.
    fn end_raised_text(&mut self) {
        let raised = std::mem::take(&mut self.raised_text);
        match RaisedText::classify(&self.paragraph, &raised) {
            RaisedText::NoteMark => {
                self.blocks.left_out.extend(LeftOut::new(&raised, LeftOutReason::NoteMark));
            }
            RaisedText::Exponent => self.paragraph.extend(raised.chars().map(superscript)),
            RaisedText::Plain => self.paragraph.push_str(&raised),
        }
    }

    fn close_paragraph(&mut self, properties: ParagraphProperties) {
        self.end_raised_text();
        self.end_left_out_text();
        if properties.is_in_table {
            self.paragraph.push(' ');
            return;
        }
        // An instruction of a field never goes beyond its paragraph, except in a damaged file.
        self.open_fields.drop_instructions();
        self.close_row();
        let text = std::mem::take(&mut self.paragraph);
        let kind = properties.heading_level.map_or(BlockKind::Paragraph, BlockKind::Heading);
        self.blocks.add_block(kind, &text);
    }

    fn close_cell(&mut self, properties: ParagraphProperties) {
        self.end_raised_text();
        if properties.ends_row {
            self.close_row();
        }
        let text = std::mem::take(&mut self.paragraph);
        self.cells.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }

    fn close_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let texts: Vec<&str> =
            cells.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        self.blocks.add_block(BlockKind::Paragraph, &texts.join(" | "));
    }
}
