//! Facets: properties of passages by which matches can be counted and filtered.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::named::{self, ParseNameError};

/// Property of a passage by which matches are counted and filtered. A passage may have several issuers and
/// speakers, but has at most one value of any other facet.
///
/// ```
/// use gz_search::{Query, query::Facet};
///
/// let query = Query::new("exports")
///     .facets(Facet::ALL)
///     .only(Facet::Issuer, ["Bureau of Commerce"])
///     .only(Facet::Year, ["2024", "2025"]);
/// assert_eq!("year".parse(), Ok(Facet::Year));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = FacetName))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Facet {
    /// The body that issued the document.
    Issuer,
    /// A person or body that speaks in the passage.
    Speaker,
    /// The year of publication, in four digits.
    Year,
    /// The month of publication, as `2025-12`.
    Month,
    /// The language code.
    Lang,
    /// The path of the source file, or of a folder that contains the file. The path is relative to the indexed root;
    /// if several roots are indexed, to the deepest folder that contains all roots. The path of a folder ends with `/`
    /// and covers all files below the folder. The values that are counted are the folders and files at which the paths
    /// of the matches first differ.
    Source,
}

impl Facet {
    /// All facets.
    pub const ALL: [Self; 6] =
        [Self::Issuer, Self::Speaker, Self::Year, Self::Month, Self::Lang, Self::Source];

    /// Returns whether the values of the facet are periods of time: years or months.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }

    /// Returns the name of the facet: `issuer`, `speaker`, `year`, `month`, `lang` or `source`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Year => "year",
            Self::Month => "month",
            Self::Lang => "lang",
            Self::Source => "source",
        }
    }
}

impl FromStr for Facet {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "facet", &Self::ALL, Self::name)
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
