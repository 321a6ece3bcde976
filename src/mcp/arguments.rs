//! Reads and checks arguments that several tools share.

use std::ops::RangeInclusive;

use super::token_estimate::truncate;
use crate::error::{Error, Result};

/// Maximum number of tokens of an error message.
pub(super) const MAX_ERROR_TOKENS: usize = 250;

/// Returns the value of the numeric argument `name`. Returns `default` if the argument is absent.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the value is outside `range`.
pub(super) fn number_in_range(
    name: &str,
    value: Option<usize>,
    range: RangeInclusive<usize>,
    default: usize,
) -> Result<usize> {
    let number = value.unwrap_or(default);
    if range.contains(&number) {
        return Ok(number);
    }
    let (min, max) = (range.start(), range.end());
    Err(Error::invalid(
        name.to_owned(),
        format!("{name} is {number}: give a number from {min} to {max}"),
    ))
}

/// Parses a cursor and returns its value: the number of results in earlier answers. Returns 0 for an absent or empty
/// cursor.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the cursor is not a number below 1,000,000.
pub(super) fn parse_cursor(cursor: Option<&str>) -> Result<usize> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(0) };
    cursor.parse().ok().filter(|&skipped: &usize| skipped < 1_000_000).ok_or_else(|| {
        let cursor = truncate(cursor, MAX_ERROR_TOKENS / 2);
        Error::invalid(
            "cursor",
            format!(
                "{cursor:?} is not a cursor of this tool: pass `next` of its last answer unchanged"
            ),
        )
    })
}

/// Trims an optional text argument. Returns `None` for a blank text: some models send every argument, so a blank
/// argument counts as absent.
pub(super) fn non_blank(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

pub(super) fn unknown_passage(id: &str) -> Error {
    let id = truncate(id, MAX_ERROR_TOKENS / 2);
    Error::invalid(
        "id",
        format!("no passage has the id {id:?}: copy one from search, DOCUMENT#NUMBER"),
    )
}
