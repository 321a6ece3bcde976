//! Reads the text boxes of a sheet of an Excel 97 workbook.

use super::{
    bytes::{u16_at, utf16_text, western_text},
    records::{CONTINUATION_RECORD, Record},
};
use crate::document::format::sheet::{TextBox, on_one_line};

/// `Obj`: an object that lies on the cells. Its text follows.
const OBJECT_RECORD: u16 = 0x005D;
/// `TxO`: length of the text of an object. Records with the text follow.
const OBJECT_TEXT_RECORD: u16 = 0x01B6;
/// Type of an object that is a comment of a cell.
const COMMENT_OBJECT_TYPE: u16 = 0x0019;
/// Flag of a text whose characters have two bytes each.
const TWO_BYTE_CHARACTERS_FLAG: u8 = 1;

/// Reader of the text boxes in the records of a sheet.
#[derive(Debug, Default)]
pub(super) struct TextBoxReader {
    /// Whether the last object is a comment of a cell.
    is_comment: bool,
    /// Number of characters of the open text that are still to be read.
    missing_chars: usize,
    text: String,
    text_boxes: Vec<TextBox>,
}

impl TextBoxReader {
    /// Reads the next record of the sheet. Ignores records of other kinds.
    pub(super) fn read_record(&mut self, record: Record<'_>) {
        match record.kind {
            OBJECT_RECORD => {
                self.end_text();
                self.is_comment = u16_at(record.data, 4) == Some(COMMENT_OBJECT_TYPE);
            }
            OBJECT_TEXT_RECORD => {
                self.end_text();
                let length = u16_at(record.data, 10).filter(|_| !self.is_comment);
                self.missing_chars = length.map_or(0, usize::from);
            }
            CONTINUATION_RECORD if self.missing_chars > 0 => self.read_characters(record.data),
            _ => {}
        }
    }

    /// Reads the characters of a record, which follow a flag.
    fn read_characters(&mut self, data: &[u8]) {
        let Some((flag, bytes)) = data.split_first() else { return };
        let width = if flag & TWO_BYTE_CHARACTERS_FLAG == 0 { 1 } else { 2 };
        let char_count = self.missing_chars.min(bytes.len() / width);
        let bytes = bytes.get(..char_count * width).unwrap_or_default();
        self.text.push_str(&if width == 1 { western_text(bytes) } else { utf16_text(bytes) });
        self.missing_chars -= char_count;
    }

    fn end_text(&mut self) {
        let text = on_one_line(&std::mem::take(&mut self.text));
        if !text.is_empty() {
            self.text_boxes.push(TextBox { anchor: None, text });
        }
        self.missing_chars = 0;
    }

    /// Returns the text boxes that were read.
    pub(super) fn into_text_boxes(mut self) -> Vec<TextBox> {
        self.end_text();
        self.text_boxes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_objects_other_than_comments_are_read() {
        let object = |kind: u8| [0x15, 0, 0x12, 0, kind, 0];
        let length = |count: u8| [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, 0];
        let (comment, text_box) = (object(0x19), object(6));
        let (comment_length, box_length) = (length(4), length(8));
        let mut reader = TextBoxReader::default();
        for (kind, data) in [
            (OBJECT_RECORD, &comment[..]),
            (OBJECT_TEXT_RECORD, &comment_length),
            (CONTINUATION_RECORD, b"\0Note"),
            (OBJECT_RECORD, &text_box),
            (OBJECT_TEXT_RECORD, &box_length),
            (CONTINUATION_RECORD, b"\0In "),
            (CONTINUATION_RECORD, b"\x01c\0r\0o\0w\0n\0"),
            (CONTINUATION_RECORD, b"\0\0\0\0"),
        ] {
            reader.read_record(Record { kind, data });
        }
        let text_box = TextBox { anchor: None, text: "In crown".to_owned() };
        assert_eq!(reader.into_text_boxes(), [text_box]);
    }
}
