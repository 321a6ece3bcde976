//! Parses a name that must be in a fixed list: a facet such as `issuer`, or an offset unit such as `utf-16`.

/// Error for an unknown name. The message lists the expected names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {value_kind} {name}, only {}", expected.join(", "))]
pub struct ParseNameError {
    value_kind: &'static str,
    name: String,
    expected: Vec<&'static str>,
}

impl ParseNameError {
    /// Returns all valid names.
    pub fn expected(&self) -> &[&'static str] {
        &self.expected
    }
}

/// Returns the value in `values` whose name is `name`, comparing only letters and digits, and ignoring their case. In
/// the error message, `value_kind` describes the values, such as `offset unit`.
///
/// # Errors
///
/// [`ParseNameError`] if no value in `values` has this name.
pub(crate) fn parse_name<T: Copy>(
    name: &str,
    value_kind: &'static str,
    values: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, ParseNameError> {
    let value = values.iter().copied().find(|&value| is_same_name(name_of(value), name));
    value.ok_or_else(|| ParseNameError {
        value_kind,
        name: name.to_owned(),
        expected: values.iter().map(|&value| name_of(value)).collect(),
    })
}

/// Returns whether two names have the same letters and digits, ignoring case: `gbt7714` is `GB/T 7714`.
pub(crate) fn is_same_name(name: &str, other_name: &str) -> bool {
    let letters_and_digits = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters_and_digits(name) == letters_and_digits(other_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::OffsetUnit;

    #[test]
    fn errors_list_the_expected_names() {
        assert_eq!("utf-16".parse(), Ok(OffsetUnit::Utf16));
        assert_eq!("UTF-16".parse(), Ok(OffsetUnit::Utf16));
        let error: ParseNameError = "utf-7".parse::<OffsetUnit>().unwrap_err();
        assert_eq!(error.expected(), ["utf-8", "utf-16", "codepoint"]);
        assert_eq!(
            error.to_string(),
            "there is no offset unit utf-7, only utf-8, utf-16, codepoint"
        );
    }
}
