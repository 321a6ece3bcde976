//! Addresses of releases, parts of releases and passages.

use std::fmt::{self, Display};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const RELEASE_PREFIX: &str = "gz-search://release/";
const PASSAGE_PREFIX: &str = "gz-search://passage/";
/// Text between the id of a release and the number of a passage.
const RELEASE_PART_SEPARATOR: &str = "/from/";
/// Characters of an id that clients percent-encode when they fill in a template.
const PERCENT_ENCODED_CHARS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Address of a resource. Displays as a URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mcp) enum Address {
    /// Release. If `first` is not 0, only the part of the release that begins with the passage number `first`.
    Release { id: String, first: usize },
    /// Passage.
    Passage { id: String },
}

impl Address {
    /// Template of the address of a release.
    pub(in crate::mcp) const RELEASE_TEMPLATE: &str = "gz-search://release/{id}";
    /// Template of the address of a part of a release. The part begins with the passage that has the number `{number}`.
    pub(in crate::mcp) const RELEASE_PART_TEMPLATE: &str = "gz-search://release/{id}/from/{number}";
    /// Template of the address of a passage.
    pub(in crate::mcp) const PASSAGE_TEMPLATE: &str = "gz-search://passage/{id}";

    /// Returns the address of a whole release.
    pub(in crate::mcp) fn of_release(id: &str) -> Self {
        Self::Release { id: id.to_owned(), first: 0 }
    }

    /// Returns the possible addresses in `uri`, the most likely first. The id in `uri` may be percent-encoded or not,
    /// because some models fill in a template without encoding. Empty if `uri` is not an address.
    pub(in crate::mcp) fn parse(uri: &str) -> Vec<Self> {
        let uri = uri.trim();
        let decoded = |text: &str| {
            let id = percent_decode_str(text).decode_utf8().ok()?.into_owned();
            (!id.is_empty()).then_some(id)
        };
        let mut addresses = Vec::new();
        if let Some(id) = uri.strip_prefix(PASSAGE_PREFIX) {
            addresses.extend([decoded(id), Some(id.to_owned())].into_iter().flatten());
            addresses.dedup();
            return addresses.into_iter().map(|id| Self::Passage { id }).collect();
        }
        let Some(id_and_part) = uri.strip_prefix(RELEASE_PREFIX) else { return Vec::new() };
        let part = id_and_part
            .rsplit_once(RELEASE_PART_SEPARATOR)
            .and_then(|(id, first)| Some((id, first.parse().ok()?)));
        let (id, first) = part.unwrap_or((id_and_part, 0));
        addresses.extend([decoded(id), Some(id.to_owned())].into_iter().flatten());
        addresses.dedup();
        addresses.into_iter().map(|id| Self::Release { id, first }).collect()
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release { id, first } => {
                write!(f, "{RELEASE_PREFIX}{}", utf8_percent_encode(id, PERCENT_ENCODED_CHARS))?;
                if *first > 0 { write!(f, "{RELEASE_PART_SEPARATOR}{first}") } else { Ok(()) }
            }
            Self::Passage { id } => {
                write!(f, "{PASSAGE_PREFIX}{}", utf8_percent_encode(id, PERCENT_ENCODED_CHARS))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_with_and_without_encoding() {
        let release = |id: &str, first| Address::Release { id: id.to_owned(), first };
        let passage = |id: &str| Address::Passage { id: id.to_owned() };
        for (uri, expected) in [
            ("gz-search://release/ports", vec![release("ports", 0)]),
            ("gz-search://release/a%2Fb.txt", vec![release("a/b.txt", 0), release("a%2Fb.txt", 0)]),
            ("gz-search://release/a/b.txt/from/12", vec![release("a/b.txt", 12)]),
            ("gz-search://release/a/from/b", vec![release("a/from/b", 0)]),
            (" gz-search://passage/ports#1\n", vec![passage("ports#1")]),
            ("gz-search://passage/ports%231", vec![passage("ports#1"), passage("ports%231")]),
            ("gz-search://issuer/ports", vec![]),
            ("https://example.org/ports", vec![]),
            ("ports", vec![]),
        ] {
            assert_eq!(Address::parse(uri), expected, "{uri}");
        }
    }

    proptest::proptest! {
        #[test]
        fn printed_addresses_are_read_again(id in ".{1,20}|[%#@:/a广]{1,9}", first in 0usize..9, is_passage: bool) {
            let address = if is_passage { Address::Passage { id } } else { Address::Release { id, first } };
            let uri = address.to_string();
            proptest::prop_assert!(uri.is_ascii());
            let parsed = Address::parse(&uri);
            proptest::prop_assert_eq!(parsed.first(), Some(&address), "{}", uri);
        }
    }
}
