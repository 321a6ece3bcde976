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
