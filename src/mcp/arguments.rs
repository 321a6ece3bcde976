//! Reads and checks arguments that several tools share.

use std::ops::RangeInclusive;

use super::token_estimate::truncate;
use crate::{
    error::{Error, Result},
    search::Searcher,
};

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

/// Returns the error for an id that no passage has. If the document of the id exists, the error states the ids of the
/// first and the last passage of the document.
pub(super) fn unknown_passage(searcher: &Searcher, id: &str) -> Error {
    let passages_of = |document: &str| match searcher.document_info(document) {
        Ok(Some(document)) if document.passages > 0 => {
            let (id, last) = (truncate(&document.id, MAX_ERROR_TOKENS / 4), document.passages - 1);
            Some(format!("the document has the passages {id}#0 to {id}#{last}"))
        }
        _ => None,
    };
    let document = id.rsplit_once('#').map_or(id, |(document, _)| document);
    let advice = passages_of(id).or_else(|| passages_of(document));
    let advice = advice.unwrap_or_else(|| "copy one from search, DOCUMENT#NUMBER".to_owned());
    let id = truncate(id, MAX_ERROR_TOKENS / 4);
    Error::invalid("id", format!("no passage has the id {id:?}: {advice}"))
}
