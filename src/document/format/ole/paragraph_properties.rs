//! Reads the properties of the paragraphs of a Word 97 document: headings, and the rows of tables.

use super::bytes::{slice_at, u16_at, usize_at};

/// Offset, in the document stream, of two numbers: the offset and the length of the table of property pages. A property
/// page holds the properties of several paragraphs.
const PROPERTY_PAGE_TABLE_OFFSET: usize = 258;
/// Size of a property page, in bytes.
const PROPERTY_PAGE_BYTES: usize = 512;
/// Number of the property that states whether a paragraph is in a table.
const IN_TABLE_PROPERTY: u16 = 0x2416;
/// Number of the property that states whether a paragraph ends a table row.
const ROW_END_PROPERTY: u16 = 0x2417;
/// Number of the property with the outline level of a paragraph.
const OUTLINE_LEVEL_PROPERTY: u16 = 0x2640;
/// Number of the property with the definition of a table. Its length is stored in two bytes, unlike the length of any
/// other property.
const TABLE_DEFINITION_PROPERTY: u16 = 0xD608;
/// Numbers of the heading styles, from level 1.
const HEADING_STYLE_NUMBERS: std::ops::RangeInclusive<u16> = 1..=9;
/// Maximum number of property pages.
const MAX_PROPERTY_PAGES: usize = 200_000;

/// Properties of a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParagraphProperties {
    /// Level of the heading, from 1. `None` if the paragraph is no heading.
    pub(super) heading_level: Option<u8>,
    pub(super) is_in_table: bool,
    /// Whether the mark of the paragraph ends a row of a table.
    pub(super) ends_row: bool,
}

/// Properties of all paragraphs of a Word document.
#[derive(Debug, Default)]
pub(super) struct ParagraphPropertyTable {
    /// Offsets in the stream at which paragraphs end, with their properties, in order.
    paragraphs: Vec<(usize, ParagraphProperties)>,
}

impl ParagraphPropertyTable {
    /// Reads the properties of the paragraphs from the document stream and the table stream. Properties beyond the end
    /// of a stream are missing.
    pub(super) fn read(stream: &[u8], table: &[u8]) -> Self {
        let mut paragraphs = Self::read_property_pages(stream, table).unwrap_or_default();
        paragraphs.sort_by_key(|(end, _)| *end);
        Self { paragraphs }
    }

    /// Returns the properties of the paragraph that contains the byte at `offset` of the stream.
    pub(super) fn properties_at(&self, offset: usize) -> ParagraphProperties {
        let index = self.paragraphs.partition_point(|(end, _)| *end <= offset);
        self.paragraphs.get(index).map(|(_, properties)| *properties).unwrap_or_default()
    }

    fn read_property_pages(
        stream: &[u8],
        table: &[u8],
    ) -> Option<Vec<(usize, ParagraphProperties)>> {
        let (offset, length) = (
            usize_at(stream, PROPERTY_PAGE_TABLE_OFFSET)?,
            usize_at(stream, PROPERTY_PAGE_TABLE_OFFSET + 4)?,
        );
        let pages = slice_at(table, offset, length)?;
        let count = (pages.len().checked_sub(4)? / 8).min(MAX_PROPERTY_PAGES);
        let mut paragraphs = Vec::new();
        for index in 0..count {
            let Some(number) = usize_at(pages, (count + 1) * 4 + index * 4) else { break };
            let page_start = (number & 0x3F_FFFF) * PROPERTY_PAGE_BYTES;
            let Some(page) = slice_at(stream, page_start, PROPERTY_PAGE_BYTES) else { continue };
            paragraphs.extend(read_property_page(page));
        }
        Some(paragraphs)
    }
}

/// Returns the end and the properties of each paragraph of a property page.
fn read_property_page(page: &[u8]) -> Vec<(usize, ParagraphProperties)> {
    let count = usize::from(page.last().copied().unwrap_or_default());
    let paragraph = |index: usize| {
        let end = usize_at(page, (index + 1) * 4)?;
        let word_offset = page.get((count + 1) * 4 + index * 13)?;
        let start = usize::from(*word_offset) * 2;
        let properties = if start == 0 { None } else { read_paragraph_properties(page, start) };
        Some((end, properties.unwrap_or_default()))
    };
    (0..count).map_while(paragraph).collect()
}

/// Reads the properties of one paragraph. They begin at the byte offset `start` of a property page.
fn read_paragraph_properties(page: &[u8], start: usize) -> Option<ParagraphProperties> {
    let half_length = usize::from(*page.get(start)?);
    let (start, length) = if half_length == 0 {
        (start + 2, usize::from(*page.get(start + 1)?) * 2)
    } else {
        (start + 1, half_length * 2 - 1)
    };
    let bytes = slice_at(page, start, length)?;
    let style = u16_at(bytes, 0)?;
    let mut properties = ParagraphProperties::default();
    if HEADING_STYLE_NUMBERS.contains(&style) {
        properties.heading_level = u8::try_from(style).ok();
    }
    let mut rest = bytes.get(2..)?;
    while let Some(number) = u16_at(rest, 0) {
        let value = rest.get(2).copied().unwrap_or_default();
        match number {
            IN_TABLE_PROPERTY => properties.is_in_table = value != 0,
            ROW_END_PROPERTY => properties.ends_row = value != 0,
            OUTLINE_LEVEL_PROPERTY => properties.heading_level = (value < 9).then_some(value + 1),
            _ => {}
        }
        // The upper three bits of the number state the length of the value.
        let value_length = match number >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ if number == TABLE_DEFINITION_PROPERTY => usize::from(u16_at(rest, 2)?) + 1,
            _ => usize::from(value) + 1,
        };
        rest = rest.get(2 + value_length..).unwrap_or_default();
    }
    Some(properties)
}
