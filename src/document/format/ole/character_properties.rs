//! Reads the properties of the characters of a Word 97 document: deleted, hidden and raised text.

use super::{
    bytes::{slice_at, usize_at},
    property_pages::{entry_count, properties, read_property_pages},
};

/// Offset, in the document stream, of the offset and the length of the table of pages with properties of characters.
const CHARACTER_PAGE_TABLE_OFFSET: usize = 250;
/// Number of the property that states whether a tracked change deleted the characters.
const DELETED_PROPERTY: u16 = 0x0800;
/// Number of the property that states whether the characters are hidden.
const HIDDEN_PROPERTY: u16 = 0x083C;
/// Values of a property that is on: on itself, or the opposite of a style in which it is off.
const ON_VALUES: [u8; 2] = [0x01, 0x81];
/// Number of the property that states whether characters are raised or lowered.
const VERTICAL_POSITION_PROPERTY: u16 = 0x2A48;
/// Value of [`VERTICAL_POSITION_PROPERTY`] for raised characters.
const RAISED_VALUE: u8 = 1;

/// Properties of a character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CharacterProperties {
    /// Whether a tracked change deleted the character.
    pub(super) is_deleted: bool,
    pub(super) is_hidden: bool,
    /// Whether the character is raised (superscript).
    pub(super) is_raised: bool,
}

/// Properties of all characters of a Word document.
#[derive(Debug, Default)]
pub(super) struct CharacterPropertyTable {
    /// Offsets in the stream at which runs of equal properties end, with these properties, in order.
    runs: Vec<(usize, CharacterProperties)>,
}

impl CharacterPropertyTable {
    /// Reads the properties of the characters from the document stream and the table stream. Properties beyond the end
    /// of a stream are missing.
    pub(super) fn read(stream: &[u8], table: &[u8]) -> Self {
        let pages =
            read_property_pages(stream, table, CHARACTER_PAGE_TABLE_OFFSET).unwrap_or_default();
        let mut runs: Vec<_> = pages.into_iter().flat_map(read_page).collect();
        runs.sort_by_key(|(end, _)| *end);
        Self { runs }
    }

    /// Returns the properties of the character at the byte `offset` of the stream.
    pub(super) fn properties_at(&self, offset: usize) -> CharacterProperties {
        let index = self.runs.partition_point(|(end, _)| *end <= offset);
        self.runs.get(index).map(|(_, properties)| *properties).unwrap_or_default()
    }
}

/// Returns the end and the properties of each run of characters of a property page.
fn read_page(page: &[u8]) -> Vec<(usize, CharacterProperties)> {
    let count = entry_count(page);
    let run = |index: usize| {
        let end = usize_at(page, (index + 1) * 4)?;
        let start = usize::from(*page.get((count + 1) * 4 + index)?) * 2;
        let properties = if start == 0 { None } else { read_run_properties(page, start) };
        Some((end, properties.unwrap_or_default()))
    };
    (0..count).map_while(run).collect()
}

/// Reads the properties of one run. They begin at the byte offset `start` of a property page.
fn read_run_properties(page: &[u8], start: usize) -> Option<CharacterProperties> {
    let list = slice_at(page, start + 1, usize::from(*page.get(start)?))?;
    let mut run = CharacterProperties::default();
    for (number, value) in properties(list) {
        let value = value.first().copied().unwrap_or_default();
        match number {
            DELETED_PROPERTY => run.is_deleted = ON_VALUES.contains(&value),
            HIDDEN_PROPERTY => run.is_hidden = ON_VALUES.contains(&value),
            VERTICAL_POSITION_PROPERTY => run.is_raised = value == RAISED_VALUE,
            _ => {}
        }
    }
    Some(run)
}
