//! The place after which the next page begins, as an opaque string.

use std::fmt;

use crate::{
    error::{Error, Result},
    search::ranking::CollectionStats,
};

/// The last hit of a page: score, document, ordinal, and the index it was found in.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) struct Cursor {
    /// What the page is sorted by.
    pub(in crate::search) key: f64,
    pub(in crate::search) score: f64,
    pub(in crate::search) document: String,
    pub(in crate::search) ordinal: u32,
    passages: u64,
    positions: u64,
}

impl Cursor {
    pub(in crate::search) fn new(
        (key, score): (f64, f64),
        (document, ordinal): (&str, u32),
        collection: &CollectionStats,
    ) -> Self {
        let CollectionStats { passages, positions } = *collection;
        Self { key, score, document: document.to_owned(), ordinal, passages, positions }
    }

    /// Reads what [`Display`](fmt::Display) wrote.
    pub(in crate::search) fn parse(text: &str) -> Result<Self> {
        let invalid = || {
            Error::invalid(
                "cursor",
                format!("{text:?} is not a cursor: pass the `next` of a page as it is"),
            )
        };
        let mut parts = text.splitn(6, '-');
        let mut hexadecimal = || u64::from_str_radix(parts.next()?, 16).ok();
        let mut number = || hexadecimal().ok_or_else(invalid);
        let (key, score) = (number()?, number()?);
        let (ordinal, passages, positions) = (number()?, number()?, number()?);
        Ok(Self {
            key: f64::from_bits(key),
            score: f64::from_bits(score),
            ordinal: u32::try_from(ordinal).map_err(|_| invalid())?,
            passages,
            positions,
            document: parts.next().ok_or_else(invalid)?.to_owned(),
        })
    }

    /// Whether the index still holds what it held when the cursor was made.
    pub(in crate::search) fn is_of(&self, collection: &CollectionStats) -> bool {
        (self.passages, self.positions) == (collection.passages, collection.positions)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, score, document, ordinal, passages, positions } = self;
        let (key, score) = (key.to_bits(), score.to_bits());
        write!(f, "{key:x}-{score:x}-{ordinal:x}-{passages:x}-{positions:x}-{document}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let collection = CollectionStats { passages: 27, positions: 3000 };
        let cursor = Cursor::new((9.25, 9.25), ("a-b/ü#x.txt", 4), &collection);
        assert_eq!(Cursor::parse(&cursor.to_string()).unwrap(), cursor);
        assert!(cursor.is_of(&collection) && !cursor.is_of(&CollectionStats::default()));
    }

    #[test]
    fn refuses_other_text() {
        for text in ["", "x", "1-2-3-4-5", "1-g-1-1-1-d", "1-1-ffffffffff-1-1-d"] {
            assert!(Cursor::parse(text).is_err(), "{text}");
        }
    }
}
