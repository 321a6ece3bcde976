//! Reads the strings of a workbook: short strings in a record, and the shared strings, which may continue in several
//! records.

use super::bytes::{slice_at, u16_at, u32_at, utf16_text};

/// Flag of a string with two bytes for each character.
const TWO_BYTES_PER_CHARACTER_FLAG: u8 = 1;
/// Flag of a string with phonetic data.
const PHONETIC_DATA_FLAG: u8 = 4;
/// Flag of a string with formatting.
const FORMATTED_STRING_FLAG: u8 = 8;
/// Maximum number of shared strings.
const MAX_STRINGS: usize = 5_000_000;

/// Returns the string that is stored at `offset` of a record. The first two bytes are its length in characters.
pub(super) fn string_with_two_byte_length(data: &[u8], offset: usize) -> Option<String> {
    let length = usize::from(u16_at(data, offset)?);
    text_of_string_at(data, offset + 2, length)
}

/// Returns the string that is stored at `offset` of a record. The first byte is its length in characters.
pub(super) fn string_with_one_byte_length(data: &[u8], offset: usize) -> Option<String> {
    text_of_string_at(data, offset + 1, usize::from(*data.get(offset)?))
}

/// Returns the text of a string of `length` characters whose flags are at `offset`. If the string is cut off, returns
/// the characters before the end of `data`.
fn text_of_string_at(data: &[u8], offset: usize, length: usize) -> Option<String> {
    let flags = *data.get(offset)?;
    let width = if flags & TWO_BYTES_PER_CHARACTER_FLAG != 0 { 2 } else { 1 };
    let mut start = offset + 1;
    start += if flags & FORMATTED_STRING_FLAG != 0 { 2 } else { 0 };
    start += if flags & PHONETIC_DATA_FLAG != 0 { 4 } else { 0 };
    let rest = data.get(start..)?;
    let bytes = rest.get(..length * width).unwrap_or(rest);
    Some(if width == 2 { utf16_text(bytes) } else { text_of_lower_bytes(bytes) })
}

/// Returns the text of bytes that are the lower bytes of UTF-16 code units.
fn text_of_lower_bytes(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Reads the shared strings from the data of their record and of the records that continue it. Returns the strings
/// before the first one that is cut off. Ignores the stated number of strings, which some programs write too small.
pub(super) fn shared_strings(records: &[&[u8]]) -> Vec<String> {
    let mut reader = StringReader { records, record_index: 0, offset: 8 };
    let mut strings = Vec::new();
    while strings.len() < MAX_STRINGS {
        let Some(text) = reader.read_string() else { break };
        strings.push(text);
    }
    strings
}

/// Reader of strings that may continue in the data of the next record.
struct StringReader<'a> {
    /// Data of the records that hold the strings.
    records: &'a [&'a [u8]],
    /// Index of the current record.
    record_index: usize,
    /// Offset, in bytes, in the current record.
    offset: usize,
}

impl<'a> StringReader<'a> {
    /// Returns the rest of the current record. If nothing of the record is left, goes to the next record first. `None`
    /// after the last record.
    fn rest_of_current_record(&mut self) -> Option<&'a [u8]> {
        while self.offset >= self.records.get(self.record_index)?.len() {
            self.offset -= self.records.get(self.record_index)?.len();
            self.record_index += 1;
        }
        self.records.get(self.record_index)?.get(self.offset..)
    }

    /// Returns the next `length` bytes. `None` if they are not in one record.
    fn take_bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let bytes = slice_at(self.rest_of_current_record()?, 0, length)?;
        self.offset += length;
        Some(bytes)
    }

    /// Reads the next string. `None` if it is cut off.
    fn read_string(&mut self) -> Option<String> {
        let head = self.take_bytes(3)?;
        let mut remaining_chars = usize::from(u16_at(head, 0)?);
        let flags = *head.get(2)?;
        let mut is_wide = flags & TWO_BYTES_PER_CHARACTER_FLAG != 0;
        let run_count = if flags & FORMATTED_STRING_FLAG != 0 {
            usize::from(u16_at(self.take_bytes(2)?, 0)?)
        } else {
            0
        };
        let phonetic_length = if flags & PHONETIC_DATA_FLAG != 0 {
            u32_at(self.take_bytes(4)?, 0)? as usize
        } else {
            0
        };
        let mut text = String::new();
        while remaining_chars > 0 {
            let is_at_record_end =
                self.records.get(self.record_index).is_some_and(|data| self.offset >= data.len());
            let rest = self.rest_of_current_record()?;
            if is_at_record_end && !text.is_empty() {
                // A text that continues in another record begins there with new flags.
                is_wide = rest.first()? & TWO_BYTES_PER_CHARACTER_FLAG != 0;
                self.offset += 1;
                continue;
            }
            let width = if is_wide { 2 } else { 1 };
            let char_count = remaining_chars.min(rest.len() / width).max(1);
            let bytes = slice_at(rest, 0, char_count * width)?;
            text.push_str(&if is_wide { utf16_text(bytes) } else { text_of_lower_bytes(bytes) });
            self.offset += bytes.len();
            remaining_chars -= char_count;
        }
        // Formatting and phonetic data may continue in further records without flags.
        self.offset = self.offset.checked_add(run_count * 4)?.checked_add(phonetic_length)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_continue_in_further_records() {
        // The stated number of strings is too small.
        let mut first = vec![2, 0, 0, 0, 1, 0, 0, 0];
        first.extend([4, 0, 0, b'p', b'o']);
        let second =
            [&[1][..], &[0x2F, 0x6E, 0xE3, 0x53], &[2, 0, 8, 1, 0, b'o'], &[b'k', 0, 0, 0, 0]]
                .concat();
        assert_eq!(shared_strings(&[&first, &second]), ["po港口", "ok"]);
        assert_eq!(shared_strings(&[&first]), Vec::<String>::new());
        assert!(shared_strings(&[]).is_empty());
    }
}
