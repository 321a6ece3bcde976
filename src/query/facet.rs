//! Facets: properties of passages by which matches can be counted and filtered.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de};

use crate::{
    document::FieldName,
    named::{self, ParseNameError},
};

/// Property of a passage by which matches are counted and filtered. A passage may have several issuers, speakers and
/// values of a declared field, but has at most one value of any other facet.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Facet {
    /// The organization that issued the document.
    Issuer,
    /// A person or organization that speaks in the passage.
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
    /// A declared field of the index, of any type but text. Of keywords that differ only in case, the spelling with the
    /// most matches stands for all.
    Declared(FieldName),
}

impl Facet {
    /// The facets that every index has, without the declared fields.
    pub const ALL: [Self; 6] =
        [Self::Issuer, Self::Speaker, Self::Year, Self::Month, Self::Lang, Self::Source];

    /// Returns whether the values of the facet are periods of time: years or months.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }

    /// Returns the name of the facet: `issuer`, `speaker`, `year`, `month`, `lang`, `source` or the name of a declared
    /// field.
    pub fn name(&self) -> &str {
        match self {
            Self::Declared(name) => name.as_str(),
            facet => facet.built_in_name(),
        }
    }

    /// Returns the name of a facet that every index has. Empty for a facet on a declared field.
    const fn built_in_name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Speaker => "speaker",
            Self::Year => "year",
            Self::Month => "month",
            Self::Lang => "lang",
            Self::Source => "source",
            Self::Declared(_) => "",
        }
    }
}

impl FromStr for Facet {
    type Err = ParseNameError;

    /// Parses the name of a facet that every index has, or of a declared field. The search, not this function, checks
    /// whether the index declares the field.
    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "facet", &Self::ALL, Self::built_in_name)
            .or_else(|error| name.parse().map(Self::Declared).map_err(|_| error))
    }
}

impl<'de> Deserialize<'de> for Facet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "server")]
impl utoipa::PartialSchema for Facet {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let names = "issuer, speaker, year, month, lang, source, or a declared field of the index";
        super::schema_of_name_parameter(names, "issuer")
    }
}

#[cfg(feature = "server")]
impl utoipa::ToSchema for Facet {
    fn name() -> std::borrow::Cow<'static, str> {
        "FacetName".into()
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
