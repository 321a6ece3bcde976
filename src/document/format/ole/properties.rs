//! Reads title and author of an OLE file.

use super::{
    OleContainer,
    bytes::{slice_at, u16_at, u32_at, usize_at, utf16_text},
};
use crate::document::format::code_page::encoding_of_code_page;
use encoding_rs::WINDOWS_1252;

/// Name of the stream with the properties.
const PROPERTIES_STREAM_NAME: &str = "\u{5}SummaryInformation";
/// Numbers of the properties that are read, each with its metadata key.
const NUMBERS_AND_KEYS_OF_PROPERTIES: [(u32, &str); 3] =
    [(2, "title"), (3, "subject"), (4, "creator")];
/// Number of the property with the code page of the texts.
const CODE_PAGE_PROPERTY: u32 = 1;
/// Types of the properties that are texts: in the code page of the file, and in UTF-16.
const TEXT_PROPERTY_TYPES: [u16; 2] = [0x1E, 0x1F];
/// Maximum number of properties.
const MAX_PROPERTIES: usize = 1_000;

/// Returns the properties of a file, each with its metadata key. Returns no properties if their stream cannot be read.
pub(super) fn read(container: &mut OleContainer<'_>) -> Vec<(String, String)> {
    let Ok(Some(stream)) = container.stream(PROPERTIES_STREAM_NAME) else { return Vec::new() };
    parse_property_stream(&stream).unwrap_or_default()
}

fn parse_property_stream(stream: &[u8]) -> Option<Vec<(String, String)>> {
    let section = stream.get(usize_at(stream, 44)?..)?;
    let count = usize_at(section, 4)?.min(MAX_PROPERTIES);
    let entries: Vec<(u32, usize)> = (0..count)
        .map_while(|index| {
            Some((u32_at(section, 8 + index * 8)?, usize_at(section, 12 + index * 8)?))
        })
        .collect();
    let code_page = entries.iter().find(|(number, _)| *number == CODE_PAGE_PROPERTY);
    let code_page = code_page.and_then(|(_, offset)| u16_at(section, offset.checked_add(4)?));
    let encoding = code_page
        .and_then(|code_page| encoding_of_code_page(i32::from(code_page)))
        .unwrap_or(WINDOWS_1252);
    let texts = NUMBERS_AND_KEYS_OF_PROPERTIES.iter().filter_map(|(number, key)| {
        let (_, offset) = entries.iter().find(|(other, _)| other == number)?;
        let kind = u16_at(section, *offset)?;
        let length = usize_at(section, offset.checked_add(4)?)?;
        let is_utf16 = kind == TEXT_PROPERTY_TYPES[1] || code_page == Some(1200);
        let length = if kind == TEXT_PROPERTY_TYPES[1] { length.checked_mul(2)? } else { length };
        let bytes = slice_at(section, offset.checked_add(8)?, length)?;
        let text = if is_utf16 { utf16_text(bytes) } else { encoding.decode(bytes).0.into_owned() };
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned();
        (TEXT_PROPERTY_TYPES.contains(&kind) && !text.is_empty()).then(|| ((*key).to_owned(), text))
    });
    Some(texts.collect())
}
