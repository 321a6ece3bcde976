//! Names of declared fields.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Result};

/// Maximum length of a name, in bytes.
const MAX_NAME_BYTES: usize = 47;
/// Names that no declared field can have, because they already have a meaning in queries, in filters or in the metadata
/// of every document.
const RESERVED_NAMES: [&str; 21] = [
    "after", "any", "asof", "before", "date", "figure", "heading", "id", "issuer", "lang", "month",
    "number", "period", "score", "source", "speaker", "text", "title", "url", "year", "filter",
];

/// Name of a declared field: a letter, then letters, digits, `_` and `-`, in any script and at most 47 bytes.
/// Upper-case letters become lower case. A metadata key denotes the field whose name is the key in lower case, with `_`
/// for each run of spaces: `Lead Desk` denotes `lead_desk`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName {
    /// Name in UTF-8, padded with zeros at the end.
    bytes: [u8; MAX_NAME_BYTES],
    /// Length of the name in bytes, without the padding.
    length: u8,
}

impl FieldName {
    /// Returns the name in lower case.
    pub fn as_str(&self) -> &str {
        let name = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// Returns the name of the field that a metadata key denotes: `lead_desk` for `Lead Desk`. `None` if the key cannot
    /// be made a name.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        let normalized_key = normalized_key(key);
        let mut chars = normalized_key.chars();
        let is_valid = chars.next().is_some_and(char::is_alphabetic)
            && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let length = u8::try_from(normalized_key.len()).ok().filter(|_| is_valid)?;
        let mut bytes = [0; MAX_NAME_BYTES];
        bytes.get_mut(..normalized_key.len())?.copy_from_slice(normalized_key.as_bytes());
        Some(Self { bytes, length })
    }
}

/// Returns a key in lower case, without spaces around it, and with `_` for each run of spaces inside it.
fn normalized_key(key: &str) -> String {
    key.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

impl FromStr for FieldName {
    type Err = Error;

    /// Parses the name of a declared field.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the name is empty, too long, has other characters, or is the name of a field of
    /// every index, such as `title`.
    fn from_str(text: &str) -> Result<Self> {
        let invalid = |problem: &str| {
            let name = text.trim();
            let name = if name.is_empty() { "the name of a field" } else { name };
            Err(Error::invalid("field", format!("{name} {problem}")))
        };
        if text.trim().is_empty() {
            return invalid("is empty");
        }
        let normalized_key = normalized_key(text);
        if RESERVED_NAMES.contains(&normalized_key.as_str()) {
            return invalid(
                "is a field of every index or a word of the query language: choose another name",
            );
        }
        if normalized_key.len() > MAX_NAME_BYTES {
            return invalid(&format!("is longer than {MAX_NAME_BYTES} bytes"));
        }
        match Self::from_key(text) {
            Some(name) => Ok(name),
            None => {
                invalid("is not the name of a field: write a letter, then letters, digits, _ or -")
            }
        }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for FieldName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_lower_case_without_spaces() {
        for (text, expected) in [
            ("desk", Some("desk")),
            (" Grant ID ", Some("grant_id")),
            ("covid-19", Some("covid-19")),
            ("主题分类", Some("主题分类")),
            ("title", None),
            ("Date", None),
            ("1st", None),
            ("a:b", None),
            ("a.b", None),
            ("", None),
            (&"a".repeat(47), Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
            (&"a".repeat(48), None),
            (&"主".repeat(16), None),
        ] {
            let name = text.parse::<FieldName>().ok();
            assert_eq!(name.as_ref().map(FieldName::as_str), expected, "{text}");
        }
    }

    #[test]
    fn names_are_ordered_as_texts() {
        let mut names =
            ["desk", "de", "主题", "dest"].map(|name| name.parse::<FieldName>().unwrap());
        names.sort_unstable();
        assert_eq!(names.map(|name| name.to_string()), ["de", "desk", "dest", "主题"]);
    }
}
