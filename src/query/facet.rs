//! Facets: the properties of passages that matches can be counted and narrowed by.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::named::{self, ParseNameError};

/// Property that has at most one value for each passage.
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
    /// The announcing body.
    Issuer,
    /// The speaker.
    Speaker,
    /// The year of publication, in four digits.
    Year,
    /// The language code.
    Lang,
    /// The path of the file or a folder above it, below the root that was indexed; of several roots, below the folder
    /// that all of them lie in. A folder ends with `/` and stands for all files below it.
    /// The values are the folders and files in which the paths of the matches first differ.
    Source,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 5] = [Self::Issuer, Self::Speaker, Self::Year, Self::Lang, Self::Source];

    /// Returns its name: `issuer`, `speaker`, `year`, `lang` or `source`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Year => "year",
            Self::Lang => "lang",
            Self::Source => "source",
        }
    }
}

impl FromStr for Facet {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse(name, "facet", &Self::ALL, Self::name)
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
