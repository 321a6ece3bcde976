//! What a query can look at beside the body of a passage.

use std::fmt;

/// A named part of a passage or its document, for `field:word`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The title of the document.
    Title,
    /// The headings above the passage.
    Heading,
    /// The body that announces it.
    Issuer,
    /// Who speaks.
    Speaker,
    /// The path of the file: any part of it.
    Source,
    /// The language code, or its beginning: `zh` is `zh-Hans` and `zh-Hant`.
    Lang,
    /// The id of a document or of a passage.
    Id,
}

impl Field {
    const ALL: [(&'static str, Self); 7] = [
        ("title", Self::Title),
        ("heading", Self::Heading),
        ("issuer", Self::Issuer),
        ("speaker", Self::Speaker),
        ("source", Self::Source),
        ("lang", Self::Lang),
        ("id", Self::Id),
    ];

    /// The field of that name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
        found.map(|&(_, field)| field)
    }

    /// Its name in queries.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
