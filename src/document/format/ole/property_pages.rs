//! Reads the pages of a Word 97 document that hold the properties of paragraphs or of characters.

use super::bytes::{slice_at, u16_at, usize_at};

/// Size of a property page, in bytes.
const PROPERTY_PAGE_BYTES: usize = 512;
/// Maximum number of property pages.
const MAX_PROPERTY_PAGES: usize = 200_000;
/// Number of the property with the definition of a table. Its length is stored in two bytes, unlike the length of any
/// other property.
const TABLE_DEFINITION_PROPERTY: u16 = 0xD608;

/// Returns the property pages that a table lists. `stream` is the document stream. At `table_offset` it has two numbers:
/// the offset and the length of the table in the table stream `table`.
pub(super) fn read_property_pages<'a>(
    stream: &'a [u8],
    table: &[u8],
    table_offset: usize,
) -> Option<Vec<&'a [u8]>> {
    let (offset, length) = (usize_at(stream, table_offset)?, usize_at(stream, table_offset + 4)?);
    let page_numbers = slice_at(table, offset, length)?;
    let count = (page_numbers.len().checked_sub(4)? / 8).min(MAX_PROPERTY_PAGES);
    let numbers = (0..count).map_while(|index| usize_at(page_numbers, (count + 1) * 4 + index * 4));
    let pages = numbers.filter_map(|number| {
        slice_at(stream, (number & 0x3F_FFFF) * PROPERTY_PAGE_BYTES, PROPERTY_PAGE_BYTES)
    });
    Some(pages.collect())
}

/// Returns the number of paragraphs or character runs whose properties a page holds.
pub(super) fn entry_count(page: &[u8]) -> usize {
    usize::from(page.last().copied().unwrap_or_default())
}

/// Iterates over a list of properties: the number and the value of each.
pub(super) fn properties(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let number = u16_at(rest, 0)?;
        // The upper three bits of the number state the length of the value.
        let value_length = match number >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ if number == TABLE_DEFINITION_PROPERTY => usize::from(u16_at(rest, 2)?) + 1,
            _ => usize::from(*rest.get(2)?) + 1,
        };
        let value = rest.get(2..2 + value_length).or_else(|| rest.get(2..))?;
        rest = rest.get(2 + value_length..).unwrap_or_default();
        Some((number, value))
    })
}
