//! Orders of the hits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de};

use crate::{
    document::FieldName,
    named::{self, ParseNameError},
};

/// Order of the hits.
///
/// ```
/// use gz_search::query::Sort;
///
/// assert_eq!("date".parse(), Ok(Sort::Date));
/// assert_eq!("amount:desc".parse::<Sort>().unwrap().to_string(), "amount:desc");
/// assert_eq!("Date:desc".parse(), Ok(Sort::Date));
/// assert!("amount:up".parse::<Sort>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Sort {
    /// By score, highest first.
    #[default]
    Score,
    /// By date of publication, newest first. Documents without a date come last.
    Date,
    /// By a declared field of any type but text. Documents without a value come last. Of several values, the one that
    /// comes first in the order counts.
    Field {
        /// Name of the field.
        name: FieldName,
        /// Whether the greatest value comes first.
        descending: bool,
    },
}

impl Sort {
    /// The sort orders that every index supports, without the orders by a declared field.
    pub const ALL: [Self; 2] = [Self::Score, Self::Date];

    /// Returns the name of a sort order that every index supports. Empty for an order by a declared field.
    const fn built_in_name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Date => "date",
            Self::Field { .. } => "",
        }
    }
}

impl FromStr for Sort {
    type Err = ParseNameError;

    /// Parses `score`, `date`, or the name of a declared field with `:asc`, `:desc` or nothing after it. `score` and
    /// `date` may have `:desc` after them, because they are descending orders.
    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        let name = text.strip_suffix(":desc").unwrap_or(text);
        named::parse_name(name, "sort order", &Self::ALL, Self::built_in_name).or_else(|error| {
            let (name, direction) = text.split_once(':').unwrap_or((text, "asc"));
            match (name.parse(), direction) {
                (Ok(name), "asc") => Ok(Self::Field { name, descending: false }),
                (Ok(name), "desc") => Ok(Self::Field { name, descending: true }),
                _ => Err(error),
            }
        })
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { name, descending: true } => write!(f, "{name}:desc"),
            Self::Field { name, descending: false } => write!(f, "{name}:asc"),
            sort => f.write_str(sort.built_in_name()),
        }
    }
}

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "server")]
impl utoipa::PartialSchema for Sort {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let names = "score: highest first; date: newest first; the name of a declared field, with :asc or :desc after it";
        super::schema_of_name_parameter(names, "date")
    }
}

#[cfg(feature = "server")]
impl utoipa::ToSchema for Sort {}
