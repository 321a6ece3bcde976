//! Fields that a query can name, in addition to the passage body.

use std::{fmt, str::FromStr};

use crate::{
    document::FieldName,
    named::{self, ParseNameError},
};

/// Field of a passage or of its document, for query text such as `title:word`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The title of the document.
    Title,
    /// The headings above the passage, without the title.
    Heading,
    /// The organization that issued the document.
    Issuer,
    /// The names of the persons and organizations that speak in the passage.
    Speaker,
    /// The path of the file. A query value matches any part of the path.
    Source,
    /// The language code. A query value matches codes that begin with the value: `zh` matches `zh-Hans` and
    /// `zh-Hant`.
    Lang,
    /// The id of a document or of a passage.
    Id,
    /// A declared field of the index.
    Declared(FieldName),
}

impl Field {
    /// The fields that every index has, without the declared fields.
    pub const ALL: [Self; 7] = [
        Self::Title,
        Self::Heading,
        Self::Issuer,
        Self::Speaker,
        Self::Source,
        Self::Lang,
        Self::Id,
    ];

    /// Returns the name of the field in query text.
    pub fn name(&self) -> &str {
        match self {
            Self::Declared(name) => name.as_str(),
            field => field.built_in_name(),
        }
    }

    /// Returns the name of a field that every index has. Empty for a declared field.
    const fn built_in_name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Source => "source",
            Self::Lang => "lang",
            Self::Id => "id",
            Self::Declared(_) => "",
        }
    }
}

impl FromStr for Field {
    type Err = ParseNameError;

    /// Parses the name of a field that every index has, ignoring letter case.
    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "field", &Self::ALL, Self::built_in_name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
