//! Links to passages. Each link contains a hash of the quoted text.

use std::{
    fmt::{self, Display},
    str::FromStr,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{lookup::split_passage_id, results::PassageInfo};

/// URI scheme of the links.
pub(super) const LINK_SCHEME: &str = "gz-search:";
/// Characters of a document id that are percent-encoded.
const PERCENT_ENCODED_ID_CHARS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b':');
/// Number of hexadecimal digits of the hash.
const HASH_HEX_DIGITS: usize = 16;

/// Link to a passage, with a hash of its text. Even after the index was built again, [`Searcher::resolve`] detects
/// whether the text of the passage is unchanged.
///
/// Its `Display` form is a URI, `gz-search:DOCUMENT#ORDINAL@HASH`, where all bytes of the document id other than ASCII
/// letters, digits and `-._~/:` are percent-encoded. Parsing also accepts a link without scheme, and an id without
/// percent-encoding.
///
/// ```
/// use gz_search::search::PassageLink;
///
/// let link: PassageLink = "gz-search:2025/a%20b.txt#4@0123456789abcdef".parse()?;
/// assert_eq!(link.passage_id(), "2025/a b.txt#4");
/// assert_eq!(link.to_string(), "gz-search:2025/a%20b.txt#4@0123456789abcdef");
/// # Ok::<(), gz_search::search::ParseLinkError>(())
/// ```
///
/// [`Searcher::resolve`]: crate::Searcher::resolve
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PassageLink {
    /// Id of the document.
    pub document: String,
    /// Position of the passage in its document, from 0.
    pub ordinal: u32,
    /// First 16 hexadecimal digits of the SHA-256 hash of the passage text, in lower case.
    pub hash: String,
}

/// Error for a text that is not a [`PassageLink`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a link to a passage: a link has the form gz-search:DOCUMENT#ORDINAL@HASH")]
pub struct ParseLinkError {
    text: String,
}

impl PassageLink {
    /// Returns the id that the passage had when the link was made.
    pub fn passage_id(&self) -> String {
        format!("{}#{}", self.document, self.ordinal)
    }
}

impl PassageInfo {
    /// Returns a link to the passage, with the hash of its text.
    pub fn link(&self) -> PassageLink {
        let document = self.id.rsplit_once('#').map_or(self.id.as_str(), |(document, _)| document);
        PassageLink {
            document: document.to_owned(),
            ordinal: self.ordinal,
            hash: self.hash.clone(),
        }
    }
}

impl Display for PassageLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = utf8_percent_encode(&self.document, PERCENT_ENCODED_ID_CHARS);
        write!(f, "{LINK_SCHEME}{document}#{}@{}", self.ordinal, self.hash)
    }
}

impl FromStr for PassageLink {
    type Err = ParseLinkError;

    fn from_str(text: &str) -> Result<Self, ParseLinkError> {
        parse(text.trim()).ok_or_else(|| ParseLinkError { text: text.to_owned() })
    }
}

/// Returns a link without the hash at its end. Returns any other text unchanged.
pub(super) fn without_hash(text: &str) -> &str {
    match text.rsplit_once('@') {
        Some((id, hash)) if is_hash(hash) => id,
        _ => text,
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == HASH_HEX_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Parses a link; `None` if the text is not a link.
fn parse(text: &str) -> Option<PassageLink> {
    let (id, hash) = text.rsplit_once('@').filter(|(_, hash)| is_hash(hash))?;
    let (id, is_encoded) = match id.strip_prefix(LINK_SCHEME) {
        Some(encoded_id) => (encoded_id, true),
        None => (id, false),
    };
    let (document, ordinal) = split_passage_id(id)?;
    let document = if is_encoded {
        percent_decode_str(document).decode_utf8().ok()?.into_owned()
    } else {
        document.to_owned()
    };
    let ordinal = u32::try_from(ordinal).ok()?;
    let hash = hash.to_ascii_lowercase();
    (!document.is_empty()).then_some(PassageLink { document, ordinal, hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_with_scheme_is_percent_decoded() {
        for (text, document) in [
            ("gz-search:a%23b%25/%E5%B9%BF.txt#2@0123456789ABCDEF", "a#b%/广.txt"),
            ("gz-search:广 州.txt#2@0123456789abcdef", "广 州.txt"),
            ("a#b%41.txt#2@0123456789abcdef", "a#b%41.txt"),
            (" mail@a.example#2@0123456789abcdef\n", "mail@a.example"),
            ("gz-search:100%#2@0123456789abcdef", "100%"),
        ] {
            let link: PassageLink = text.parse().unwrap();
            assert_eq!((link.document.as_str(), link.ordinal), (document, 2), "{text}");
            assert_eq!(link.hash, "0123456789abcdef");
        }
    }

    #[test]
    fn a_text_that_is_not_a_link_is_an_error() {
        for text in [
            "",
            "a.txt#4",
            "a.txt@0123456789abcdef",
            "#4@0123456789abcdef",
            "a.txt#4@0123456789abcde",
            "a.txt#4@0123456789abcdeg",
            "a.txt#x@0123456789abcdef",
            "gz-search:%FF#4@0123456789abcdef",
            "a.txt#4294967296@0123456789abcdef",
        ] {
            let error = text.parse::<PassageLink>().unwrap_err().to_string();
            assert!(error.contains("gz-search:DOCUMENT#ORDINAL@HASH"), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_printed_link_parses_to_an_equal_link(document in r".{1,20}|[%#@:/a广]{1,9}", ordinal: u32) {
            let hash = "0123456789abcdef".to_owned();
            let link = PassageLink { document, ordinal, hash };
            proptest::prop_assert!(link.to_string().is_ascii());
            proptest::prop_assert_eq!(link.to_string().parse(), Ok(link));
        }
    }
}
