//! Cursors with which a client requests the next results of a list. A cursor consists of the number of results in
//! earlier answers, and of check letters that identify the list.
//!
//! A model copies a cursor letter by letter, so a cursor is short: `20-bkdfmpqr`.

use serde::Serialize;

use super::{arguments::MAX_ERROR_TOKENS, token_estimate::truncate};
use crate::{
    analysis::fnv1a,
    error::{Error, Result},
    search::Searcher,
};

/// Alphabet of the check letters. Without vowels, check letters do not form words.
const CHECKSUM_ALPHABET: &[u8; 20] = b"bcdfghjkmnpqrstvwxyz";
/// Number of check letters for a text. Two different texts have the same letters with a probability of 1 in 160,000.
const CHECKSUM_LETTER_COUNT: usize = 4;
/// Maximum number of results that a cursor may skip.
const MAX_SKIPPED_RESULTS: usize = 1_000_000;

/// Identity of a list of results, which several answers return in portions. The list belongs to one request on one
/// commit of the index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PagedList {
    /// Check letters for the tool and for the arguments that determine the results and their order.
    request_check: String,
    /// Check letters for the commit of the index.
    commit_check: String,
}

impl PagedList {
    /// Returns the identity of a list of results. A cursor continues only a list with the same identity. `arguments`
    /// must contain all arguments of `tool` that determine the results and their order.
    pub(super) fn new(searcher: &Searcher, tool: &str, arguments: impl Serialize) -> Self {
        let request = serde_json::json!([tool, arguments]).to_string();
        Self {
            request_check: checksum_letters(&request),
            commit_check: checksum_letters(searcher.version()),
        }
    }

    /// Returns the cursor of the answer that follows the first `skipped` results.
    pub(super) fn cursor(&self, skipped: usize) -> String {
        format!("{skipped}-{}{}", self.request_check, self.commit_check)
    }

    /// Returns the number of results that `cursor` skips: 0 for an absent or blank cursor.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the text is not a cursor, if the cursor belongs to another request, or if the
    /// index has changed since.
    pub(super) fn skipped_count(&self, cursor: Option<&str>) -> Result<usize> {
        let Some(cursor) = cursor.map(str::trim).filter(|cursor| !cursor.is_empty()) else {
            return Ok(0);
        };
        let invalid = |reason| {
            let cursor = truncate(cursor, MAX_ERROR_TOKENS / 2);
            Error::invalid("cursor", format!("{cursor:?} {reason}"))
        };
        let (skipped, request_check, commit_check) = parse_cursor(cursor)
            .ok_or_else(|| invalid("is not a cursor: pass `next` of the last answer unchanged"))?;
        if request_check != self.request_check {
            return Err(invalid(
                "is a cursor of another request: repeat the arguments of the last answer, or leave out the cursor",
            ));
        }
        if commit_check != self.commit_check {
            return Err(invalid(
                "is out of date, because the index has changed: ask again without cursor",
            ));
        }
        Ok(skipped)
    }
}

/// Splits a cursor into the number of results to skip, the check letters of the request and the check letters of the
/// commit. `None` if the text is not a cursor.
fn parse_cursor(cursor: &str) -> Option<(usize, &str, &str)> {
    let (skipped, checks) = cursor.split_once('-')?;
    let skipped = skipped.parse().ok().filter(|&skipped| skipped <= MAX_SKIPPED_RESULTS)?;
    let is_check = checks.len() == 2 * CHECKSUM_LETTER_COUNT
        && checks.bytes().all(|letter| CHECKSUM_ALPHABET.contains(&letter));
    let (request_check, commit_check) = checks.split_at_checked(CHECKSUM_LETTER_COUNT)?;
    is_check.then_some((skipped, request_check, commit_check))
}

/// Returns the check letters of `text`, which are computed from a hash of the text.
fn checksum_letters(text: &str) -> String {
    let mut hash = fnv1a(text.as_bytes());
    let mut next_letter = || {
        let base = CHECKSUM_ALPHABET.len() as u64;
        let digit = (hash % base) as usize;
        hash /= base;
        CHECKSUM_ALPHABET.get(digit).copied().map_or('b', char::from)
    };
    (0..CHECKSUM_LETTER_COUNT).map(|_| next_letter()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Document, index::Index};

    fn index_with_one_document() -> Index {
        let index = Index::in_memory();
        add_document(&index, "ports");
        index
    }

    fn add_document(index: &Index, id: &str) {
        let writer = index.writer().unwrap();
        writer.add(&Document::new(id, "Exports grew.")).unwrap();
        writer.commit().unwrap();
    }

    #[test]
    fn a_cursor_is_short_and_keeps_the_number_of_skipped_results() {
        let list = PagedList::new(
            &index_with_one_document().searcher().unwrap(),
            "search",
            ("ports", None::<()>),
        );
        for skipped in [0, 10, MAX_SKIPPED_RESULTS] {
            let cursor = list.cursor(skipped);
            assert!(super::super::token_estimate::estimate_tokens(&cursor) <= 12, "{cursor}");
            assert_eq!(list.skipped_count(Some(&cursor)).unwrap(), skipped);
            assert_eq!(list.skipped_count(Some(&format!(" {cursor}\n"))).unwrap(), skipped);
        }
        assert_eq!(list.skipped_count(None).unwrap(), 0);
        assert_eq!(list.skipped_count(Some(" ")).unwrap(), 0);
    }

    #[test]
    fn cursors_of_other_lists_are_refused() {
        let index = index_with_one_document();
        let searcher = index.searcher().unwrap();
        let list = PagedList::new(&searcher, "search", "ports");
        add_document(&index, "cargo");
        let changed = index.searcher().unwrap();
        for (other, expected) in [
            (PagedList::new(&searcher, "search", "cargo"), "cursor of another request"),
            (PagedList::new(&searcher, "facts", "ports"), "cursor of another request"),
            (PagedList::new(&changed, "search", "ports"), "the index has changed"),
        ] {
            let error = list.skipped_count(Some(&other.cursor(10))).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn texts_that_are_no_cursors_are_refused() {
        let list =
            PagedList::new(&index_with_one_document().searcher().unwrap(), "search", "ports");
        let checks = list.cursor(0).split_off(2);
        for text in [
            "x",
            "10",
            "10-",
            "10-bcdf",
            "10-bcdfghja",
            "10-广广bc",
            &format!("-1-{checks}"),
            &format!("1000001-{checks}"),
            &format!("10-{checks}b"),
        ] {
            let error = list.skipped_count(Some(text)).unwrap_err().to_string();
            assert!(error.contains("is not a cursor"), "{text}: {error}");
        }
    }
}
