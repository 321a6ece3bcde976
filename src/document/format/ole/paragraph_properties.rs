//! Reads the properties of the paragraphs of a Word 97 document: headings, and the rows of tables.

use super::{
    bytes::{slice_at, u16_at},
    property_pages::{WordProperties, properties},
};

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

impl WordProperties for ParagraphProperties {
    const PAGE_TABLE_OFFSET: usize = 258;
    const ENTRY_BYTES: usize = 13;

    fn read(page: &[u8], start: usize) -> Option<Self> {
        let half_length = usize::from(*page.get(start)?);
        let (start, length) = if half_length == 0 {
            (start + 2, usize::from(*page.get(start + 1)?) * 2)
        } else {
            (start + 1, half_length * 2 - 1)
        };
        let bytes = slice_at(page, start, length)?;
        let style = u16_at(bytes, 0)?;
        let mut paragraph = Self::default();
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
                OUTLINE_LEVEL_PROPERTY => {
                    paragraph.heading_level = (value < 9).then_some(value + 1);
                }
                _ => {}
            }
        }
        Some(paragraph)
    }
}
