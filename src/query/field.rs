//! Fields that a query can name beside the body of a passage.

use std::{fmt, str::FromStr};

use crate::named::{self, ParseNameError};

/// Named part of a passage or its document, for `field:word`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The title of the document.
    Title,
    /// The headings above the passage.
    Heading,
    /// The announcing body.
    Issuer,
    /// The speaker.
    Speaker,
    /// The path of the file; any part of it matches.
    Source,
    /// The language code, or its beginning: `zh` matches `zh-Hans` and `zh-Hant`.
    Lang,
    /// The id of a document or of a passage.
    Id,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::Title,
        Self::Heading,
        Self::Issuer,
        Self::Speaker,
        Self::Source,
        Self::Lang,
        Self::Id,
    ];

    /// Returns its name in queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Source => "source",
            Self::Lang => "lang",
            Self::Id => "id",
        }
    }
}

impl FromStr for Field {
    type Err = ParseNameError;

    /// Parses a name in any letter case.
    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse(&name.to_ascii_lowercase(), "field", &Self::ALL, Self::name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
