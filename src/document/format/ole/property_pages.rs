//! Reads the pages of a Word 97 document that hold the properties of paragraphs or of characters.

use super::bytes::{slice_at, u16_at, usize_at};

/// Size of a property page, in bytes.
const PROPERTY_PAGE_BYTES: usize = 512;
/// Maximum number of property pages.
const MAX_PROPERTY_PAGES: usize = 200_000;
/// Number of the property with the definition of a table. Its length is stored in two bytes, unlike the length of any
/// other property.
const TABLE_DEFINITION_PROPERTY: u16 = 0xD608;

/// Properties of a paragraph or of a character, as a Word 97 document stores them.
pub(super) trait WordProperties: Copy + Default {
    /// Offset, in the document stream, of the offset and the length of the table of property pages.
    const PAGE_TABLE_OFFSET: usize;
    /// Number of bytes that a property page holds for each run besides the offset of its end.
    const ENTRY_BYTES: usize;

    /// Reads properties that begin at the byte offset `start` of a property page. `None` if they are cut off.
    fn read(page: &[u8], start: usize) -> Option<Self>;
}

/// Properties of all paragraphs, or of all characters, of a Word document.
#[derive(Debug, Default)]
pub(super) struct PropertyTable<T> {
    /// Offsets in the stream at which runs of equal properties end, with these properties, in order.
    runs: Vec<(usize, T)>,
}

impl<T: WordProperties> PropertyTable<T> {
    /// Reads the properties from the document stream and the table stream. Properties beyond the end of a stream are
    /// missing.
    pub(super) fn read(stream: &[u8], table: &[u8]) -> Self {
        let pages = property_pages(stream, table, T::PAGE_TABLE_OFFSET).unwrap_or_default();
        let mut runs: Vec<(usize, T)> = pages.into_iter().flat_map(runs_of_page).collect();
        runs.sort_by_key(|(end, _)| *end);
        Self { runs }
    }

    /// Returns the properties of the paragraph or character that contains the byte at `offset` of the stream.
    pub(super) fn properties_at(&self, offset: usize) -> T {
        let index = self.runs.partition_point(|(end, _)| *end <= offset);
        self.runs.get(index).map(|(_, properties)| *properties).unwrap_or_default()
    }
}

/// Returns the end and the properties of each run of a property page.
fn runs_of_page<T: WordProperties>(page: &[u8]) -> Vec<(usize, T)> {
    // The last byte of a page is the number of its runs.
    let count = usize::from(page.last().copied().unwrap_or_default());
    let run = |index: usize| {
        let end = usize_at(page, (index + 1) * 4)?;
        let word_offset = page.get((count + 1) * 4 + index * T::ENTRY_BYTES)?;
        let start = usize::from(*word_offset) * 2;
        let properties = if start == 0 { None } else { T::read(page, start) };
        Some((end, properties.unwrap_or_default()))
    };
    (0..count).map_while(run).collect()
}

/// Returns the property pages that a table lists. `stream` is the document stream. At `table_offset` it has two numbers:
/// the offset and the length of the table in the table stream `table`.
fn property_pages<'a>(
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
