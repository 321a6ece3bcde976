//! Maps the glyphs in the character collections of Adobe to characters, for Chinese, Japanese and Korean fonts that
//! state glyphs by number (CID) without a map to Unicode.
//!
//! `unicode.gz` has one line for each collection, in the order of [`CharacterCollection`]. A line has the character of
//! each number from 0, and U+FFFD where no single character is known. README.md says how the file is made.

use std::{io::Read, sync::LazyLock};

/// Lines of `unicode.gz`, as one vector of characters for each collection. Empty if the file is damaged.
static CHARACTERS_BY_COLLECTION: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let mut text = String::new();
    let unpacked = flate2::read::GzDecoder::new(&include_bytes!("unicode.gz")[..]);
    drop(unpacked.take(MAX_UNPACKED_TABLE_BYTES).read_to_string(&mut text));
    text.split('\n').map(|line| line.chars().collect()).collect()
});
/// Maximum size of the unpacked table, in bytes.
const MAX_UNPACKED_TABLE_BYTES: u64 = 1 << 20;

/// Character collection of Adobe, which gives each character a number (CID).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterCollection {
    /// Adobe-GB1: Simplified Chinese.
    Gb1,
    /// Adobe-CNS1: Traditional Chinese.
    Cns1,
    /// Adobe-Japan1: Japanese.
    Japan1,
    /// Adobe-Korea1: Korean.
    Korea1,
}

impl CharacterCollection {
    /// Returns the collection with this ordering, such as `GB1`. `None` if it is unknown.
    pub(super) fn from_ordering(ordering: &str) -> Option<Self> {
        match ordering {
            "GB1" => Some(Self::Gb1),
            "CNS1" => Some(Self::Cns1),
            "Japan1" => Some(Self::Japan1),
            "Korea1" => Some(Self::Korea1),
            _ => None,
        }
    }
}

/// Returns the character with the number `cid` in `collection`. `None` if it is unknown.
pub(super) fn character(collection: CharacterCollection, cid: u32) -> Option<char> {
    let characters = CHARACTERS_BY_COLLECTION.get(collection as usize)?;
    characters.get(cid as usize).copied().filter(|character| *character != '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_numbers_map_to_the_characters_of_their_collection() {
        for (collection, cid, expected) in [
            (CharacterCollection::Gb1, 34, Some('A')),
            (CharacterCollection::Gb1, 4162, Some('一')),
            (CharacterCollection::Cns1, 812, Some('四')),
            (CharacterCollection::Japan1, 1059, Some('А')),
            (CharacterCollection::Korea1, 0, None),
            (CharacterCollection::Korea1, 60_000, None),
        ] {
            assert_eq!(character(collection, cid), expected, "{collection:?} {cid}");
        }
    }
}
