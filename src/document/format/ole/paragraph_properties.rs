//! Reads the properties of the paragraphs of a Word 97 document: headings, and the rows of tables.

use super::{
    bytes::{slice_at, u16_at, usize_at},
    property_pages::{entry_count, properties, read_property_pages},
};

/// Offset, in the document stream, of the offset and the length of the table of pages with properties of paragraphs.
const PARAGRAPH_PAGE_TABLE_OFFSET: usize = 258;
/// Number of the property that states whether a paragraph is in a table.
const IN_TABLE_PROPERTY: u16 = 0x2416;
/// Number of the property that states whether a paragraph ends a table row.
const ROW_END_PROPERTY: u16 = 0x2417;
/// Number of the property with the outline level of a paragraph.
const OUTLINE_LEVEL_PROPERTY: u16 = 0x2640;
/// Number of the property that states whether the paragraph is a drop capital.
const DROP_CAPITAL_PROPERTY: u16 = 0x442C;
/// Numbers of the heading styles, from level 1.
const HEADING_STYLE_NUMBERS: std::ops::RangeInclusive<u16> = 1..=9;

/// Properties of a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ParagraphProperties {
    /// Level of the heading, from 1. `None` if the paragraph is no heading.
    pub(super) heading_level: Option<u8>,
    pub(super) is_in_table: bool,
    /// Whether the mark of the paragraph ends a row of a table.
    pub(super) ends_row: bool,
    /// Whether the paragraph is a drop capital, whose word the next paragraph continues.
    pub(super) is_drop_capital: bool,
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
        let pages =
            read_property_pages(stream, table, PARAGRAPH_PAGE_TABLE_OFFSET).unwrap_or_default();
        let mut paragraphs: Vec<_> = pages.into_iter().flat_map(read_property_page).collect();
        paragraphs.sort_by_key(|(end, _)| *end);
        Self { paragraphs }
    }

    /// Returns the properties of the paragraph that contains the byte at `offset` of the stream.
    pub(super) fn properties_at(&self, offset: usize) -> ParagraphProperties {
        let index = self.paragraphs.partition_point(|(end, _)| *end <= offset);
        self.paragraphs.get(index).map(|(_, properties)| *properties).unwrap_or_default()
    }
}

/// Returns the end and the properties of each paragraph of a property page.
fn read_property_page(page: &[u8]) -> Vec<(usize, ParagraphProperties)> {
    let count = entry_count(page);
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
    let mut paragraph = ParagraphProperties::default();
    if HEADING_STYLE_NUMBERS.contains(&style) {
        paragraph.heading_level = u8::try_from(style).ok();
    }
    for (number, value) in properties(bytes.get(2..)?) {
        let value = value.first().copied().unwrap_or_default();
        match number {
            IN_TABLE_PROPERTY => paragraph.is_in_table = value != 0,
            ROW_END_PROPERTY => paragraph.ends_row = value != 0,
            // The lower three bits state the kind of the drop capital.
            DROP_CAPITAL_PROPERTY => paragraph.is_drop_capital = value & 7 != 0,
            OUTLINE_LEVEL_PROPERTY => paragraph.heading_level = (value < 9).then_some(value + 1),
            _ => {}
        }
    }
    Some(paragraph)
}
