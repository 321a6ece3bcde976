//! Reads the properties of the characters of a Word 97 document: deleted, hidden and raised text.

use super::{
    bytes::slice_at,
    property_pages::{WordProperties, properties},
};

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

impl WordProperties for CharacterProperties {
    const PAGE_TABLE_OFFSET: usize = 250;
    const ENTRY_BYTES: usize = 1;

    fn read(page: &[u8], start: usize) -> Option<Self> {
        let list = slice_at(page, start + 1, usize::from(*page.get(start)?))?;
        let mut run = Self::default();
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
}
