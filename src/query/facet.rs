//! What matches can be counted and chosen by.

use std::fmt;

use serde::Deserialize;

/// A property of passages that has one value, or none, on each.
///
/// ```
/// use gz_search::{Query, query::Facet};
///
/// let query = Query::new("exports")
///     .facets(Facet::ALL)
///     .only(Facet::Issuer, ["Bureau of Commerce"])
///     .only(Facet::Year, ["2024", "2025"]);
/// assert_eq!(Facet::named("year"), Some(Facet::Year));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = FacetName))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Facet {
    /// The body that announces it.
    Issuer,
    /// Who speaks.
    Speaker,
    /// The year of publication, in four digits.
    Year,
    /// The language code.
    Lang,
    /// Where it was read from, below the root that was indexed (of several, below the folder that all of them lie
    /// in): a folder, which ends with `/` and stands for all below it, or a file.
    /// The values are those folders and files in which the paths of the matches first differ.
    Source,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 5] = [Self::Issuer, Self::Speaker, Self::Year, Self::Lang, Self::Source];

    /// Its name: `issuer`, `speaker`, `year`, `lang` or `source`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Year => "year",
            Self::Lang => "lang",
            Self::Source => "source",
        }
    }

    /// The facet of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
