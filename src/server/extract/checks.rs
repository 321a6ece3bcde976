//! Checks parameter values that have a valid type but may be out of range or malformed.

use crate::{
    query::Facet,
    server::api_error::{ApiError, Code},
};

/// Checks that the parameter `name` is between `min` and `max`, inclusive.
pub(in crate::server) fn check_range(
    name: &str,
    value: usize,
    min: usize,
    max: usize,
) -> Result<(), ApiError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(invalid_parameter(
        format!("{name} is {value}"),
        format!("use a number from {min} to {max}"),
    ))
}

/// Parses a value of the parameter `only`: `FACET=VALUE`.
pub(in crate::server) fn parse_facet_value(text: &str) -> Result<(Facet, &str), ApiError> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let unknown_facet = || {
        invalid_parameter(
            format!("only: there is no facet {name:?}"),
            format!(
                "write FACET=VALUE with one of {}",
                Facet::ALL.each_ref().map(Facet::name).join(", ")
            ),
        )
    };
    Ok((name.parse().map_err(|_| unknown_facet())?, value))
}

/// Returns the trimmed value of a parameter; `None` if the value is blank. HTML forms send empty fields, so a blank
/// parameter counts as absent.
pub(in crate::server) fn non_blank(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Returns the error for an invalid parameter.
pub(in crate::server) fn invalid_parameter(
    message: impl Into<String>,
    hint: impl Into<String>,
) -> ApiError {
    ApiError::new(Code::InvalidRequest, message, hint)
}
