//! Names and media types of the styles of citations.

use std::str::FromStr;

use serde::Deserialize;

use crate::named::{self, ParseNameError};

/// Format of a [`Citation`](super::Citation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CitationStyle {
    /// Plain text.
    Text,
    /// Markdown: a block quote and an attribution line, with a link to the release if its web address is known.
    Markdown,
    /// An entry for BibTeX and `biblatex`. An inferred issuer and the year of an inferred date are in square brackets.
    Bibtex,
    /// A record in the RIS format of reference managers. An inferred issuer is in square brackets; an inferred date is
    /// marked in the field `DA`, and the field of the year is left out.
    Ris,
    /// An array of items in CSL-JSON, the format of citation processors. An inferred issuer is in square brackets; an
    /// inferred date is marked as uncertain (`circa`).
    CslJson,
    /// Quote with a citation in parentheses, and a reference in the style of the American Psychological Association
    /// (7th edition), in the Chinese form if the release is Chinese.
    Apa,
    /// Quote with a citation in parentheses, and a reference in the style of the Chinese national standard GB/T
    /// 7714-2015, without the day of access.
    Gbt7714,
}

impl CitationStyle {
    /// All styles.
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::Markdown,
        Self::Bibtex,
        Self::Ris,
        Self::CslJson,
        Self::Apa,
        Self::Gbt7714,
    ];

    /// Returns the name of the style in commands and requests, such as `csl-json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Bibtex => "bibtex",
            Self::Ris => "ris",
            Self::CslJson => "csl-json",
            Self::Apa => "apa",
            Self::Gbt7714 => "gbt7714",
        }
    }

    /// Returns the name of the style for people, such as `GB/T 7714`. All names but `Text` are
    /// the same in every language.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Markdown => "Markdown",
            Self::Bibtex => "BibTeX",
            Self::Ris => "RIS",
            Self::CslJson => "CSL-JSON",
            Self::Apa => "APA",
            Self::Gbt7714 => "GB/T 7714",
        }
    }

    /// Returns the media type of texts in the style.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Text | Self::Apa | Self::Gbt7714 => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Bibtex => "application/x-bibtex; charset=utf-8",
            Self::Ris => "application/x-research-info-systems; charset=utf-8",
            Self::CslJson => "application/vnd.citationstyles.csl+json",
        }
    }

    /// Returns the usual extension of files in the style, without dot.
    pub const fn file_extension(self) -> &'static str {
        match self {
            Self::Text | Self::Apa | Self::Gbt7714 => "txt",
            Self::Markdown => "md",
            Self::Bibtex => "bib",
            Self::Ris => "ris",
            Self::CslJson => "json",
        }
    }
}

impl FromStr for CitationStyle {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "citation style", &Self::ALL, Self::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_commands_and_requests() {
        for style in CitationStyle::ALL {
            let name = serde_json::Value::from(style.name());
            assert_eq!(serde_json::from_value::<CitationStyle>(name).unwrap(), style);
            assert_eq!(style.name().parse(), Ok(style));
        }
    }
}
