//! The cursor of a page: an opaque string that encodes the position of the last hit of the page.

use std::fmt::{self, Write as _};

use crate::{
    error::{Error, Result},
    search::{ranking::CollectionStats, results::MatchKind},
};

/// The last hit of a page, and the size of the index at the time of the search.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::search) struct Cursor {
    /// Sort key of the hit: the score before regularization, the date as a Julian day, or the key of a declared field.
    pub(in crate::search) sort_key: f64,
    /// Keyword of the hit, in place of `sort_key`, if the hits are sorted by keywords.
    pub(in crate::search) keyword: Option<String>,
    /// Kind of match of the hit.
    pub(in crate::search) match_kind: MatchKind,
    /// Rank of the set of query words that the hit contains: see `ScoredDoc::word_set_rank`.
    pub(in crate::search) word_set_rank: u8,
    /// The score before regularization.
    pub(in crate::search) score: f64,
    /// Id of the document of the hit.
    pub(in crate::search) document: String,
    /// Position of the hit in its document, from 0.
    pub(in crate::search) ordinal: u32,
    /// Number of passages of the index at the time of the search.
    passage_count: u64,
    /// Number of token positions of the index at the time of the search.
    position_count: u64,
}

impl Cursor {
    pub(in crate::search) fn new(
        (match_kind, word_set_rank): (MatchKind, u8),
        (sort_key, score): (f64, f64),
        (document, ordinal): (&str, u32),
        collection: &CollectionStats,
    ) -> Self {
        let CollectionStats { passage_count, position_count } = *collection;
        let document = document.to_owned();
        Self {
            sort_key,
            keyword: None,
            match_kind,
            word_set_rank,
            score,
            document,
            ordinal,
            passage_count,
            position_count,
        }
    }

    /// Sets the keyword of the hit.
    pub(in crate::search) fn with_sort_keyword(self, keyword: Option<String>) -> Self {
        Self { keyword, ..self }
    }

    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the text is not a cursor.
    pub(in crate::search) fn parse(text: &str) -> Result<Self> {
        let invalid_cursor = || {
            Error::invalid(
                "cursor",
                format!("{text:?} is not a cursor: pass the `next` value of a page unchanged"),
            )
        };
        let mut fields = text.splitn(7, '-');
        let mut next_number = || {
            let digits = fields.next().ok_or_else(invalid_cursor)?;
            u64::from_str_radix(digits, 16).map_err(|_| invalid_cursor())
        };
        let match_and_word_set = next_number()?;
        let match_kind = match match_and_word_set >> 8 {
            0 => MatchKind::Some,
            1 => MatchKind::Release,
            2 => MatchKind::All,
            _ => return Err(invalid_cursor()),
        };
        let (sort_key, keyword) =
            parse_sort_key_or_keyword(fields.next().ok_or_else(invalid_cursor)?)
                .ok_or_else(invalid_cursor)?;
        let mut next_number = || {
            let digits = fields.next().ok_or_else(invalid_cursor)?;
            u64::from_str_radix(digits, 16).map_err(|_| invalid_cursor())
        };
        let score = next_number()?;
        let (ordinal, passage_count, position_count) =
            (next_number()?, next_number()?, next_number()?);
        Ok(Self {
            match_kind,
            word_set_rank: (match_and_word_set & 0xFF) as u8,
            sort_key,
            keyword,
            score: f64::from_bits(score),
            ordinal: u32::try_from(ordinal).map_err(|_| invalid_cursor())?,
            passage_count,
            position_count,
            document: fields.next().ok_or_else(invalid_cursor)?.to_owned(),
        })
    }

    /// Returns whether the index still has the size recorded in the cursor. If the size differs, the index has changed.
    pub(in crate::search) fn has_same_index_size_as(&self, collection: &CollectionStats) -> bool {
        (self.passage_count, self.position_count)
            == (collection.passage_count, collection.position_count)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sort_key,
            keyword,
            match_kind,
            word_set_rank,
            score,
            document,
            ordinal,
            passage_count,
            position_count,
        } = self;
        let match_and_word_set = u64::from(*match_kind as u8) << 8 | u64::from(*word_set_rank);
        let sort_key = match keyword {
            Some(keyword) => {
                keyword.bytes().fold(String::from(KEYWORD_MARKER_IN_CURSOR), |mut digits, byte| {
                    // Writing to a string cannot fail.
                    let _ = write!(digits, "{byte:02x}");
                    digits
                })
            }
            None => format!("{:x}", sort_key.to_bits()),
        };
        let score = score.to_bits();
        // The id comes last, because it may contain the separator.
        write!(
            f,
            "{match_and_word_set:x}-{sort_key}-{score:x}-{ordinal:x}-{passage_count:x}-{position_count:x}-{document}"
        )
    }
}

/// Character before the hexadecimal digits of a keyword in the text of a cursor. The character itself is not a
/// hexadecimal digit.
const KEYWORD_MARKER_IN_CURSOR: char = 'k';

/// Parses a sort key, which is a number, or a keyword in place of a number. `None` if the text is neither.
fn parse_sort_key_or_keyword(text: &str) -> Option<(f64, Option<String>)> {
    let Some(digits) = text.strip_prefix(KEYWORD_MARKER_IN_CURSOR) else {
        return Some((f64::from_bits(u64::from_str_radix(text, 16).ok()?), None));
    };
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let keyword = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    Some((0.0, Some(keyword)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_formatted_cursor_parses_to_an_equal_cursor(
            sort_key in any::<f64>(),
            score in any::<f64>(),
            document in "\\PC*",
            keyword in prop::option::of("\\PC*"),
            ordinal in any::<u32>(),
            passage_count in any::<u64>(),
            position_count in any::<u64>(),
        ) {
            let collection = CollectionStats { passage_count, position_count };
            let cursor = Cursor::new((MatchKind::Some, 7), (sort_key, score), (&document, ordinal), &collection)
                .with_sort_keyword(keyword.clone());
            let parsed_cursor = Cursor::parse(&cursor.to_string()).unwrap();
            if keyword.is_none() {
                prop_assert_eq!(parsed_cursor.sort_key.to_bits(), sort_key.to_bits());
            }
            prop_assert_eq!(&parsed_cursor.keyword, &keyword);
            prop_assert_eq!(parsed_cursor.score.to_bits(), score.to_bits());
            prop_assert_eq!((&parsed_cursor.document, parsed_cursor.ordinal), (&document, ordinal));
            prop_assert!(parsed_cursor.has_same_index_size_as(&collection));
        }
    }

    #[test]
    fn a_document_id_may_contain_the_separator_of_cursors() {
        let collection = CollectionStats { passage_count: 27, position_count: 3000 };
        let cursor =
            Cursor::new((MatchKind::All, 0), (9.25, 9.25), ("a-b/ü#x.txt", 4), &collection);
        assert_eq!(Cursor::parse(&cursor.to_string()).unwrap(), cursor);
    }

    #[test]
    fn a_cursor_detects_an_index_of_another_size() {
        let collection = CollectionStats { passage_count: 27, position_count: 3000 };
        let cursor = Cursor::new((MatchKind::All, 0), (9.25, 9.25), ("a", 4), &collection);
        assert!(cursor.has_same_index_size_as(&collection));
        assert!(!cursor.has_same_index_size_as(&CollectionStats::default()));
    }

    #[test]
    fn text_that_is_not_a_cursor_is_an_error() {
        for text in [
            "",
            "x",
            "200-1-2-3-4-5",
            "200-1-g-1-1-1-d",
            "200-k6-1-1-1-1-d",
            "200-kff-1-1-1-1-d",
            "200-kg1-1-1-1-1-d",
            "200-1-1-ffffffffff-1-1-d",
            "300-1-1-1-1-1-d",
        ] {
            assert!(Cursor::parse(text).is_err(), "{text}");
        }
    }
}
