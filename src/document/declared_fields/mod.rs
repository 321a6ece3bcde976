//! Declared fields: keys of the metadata that can be searched, filtered, counted and sorted, because the index declares
//! their types.
//!
//! [`DeclaredFields::values`] turns the metadata of a document, texts by key, into typed values of the declared fields.
//! `name.rs` defines the names, `value.rs` reads the values.

mod name;
mod value;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use self::name::FieldName;
pub(crate) use self::value::{FieldValue, folded_keyword, parse_bool, parse_number};
use crate::{
    error::{Error, Result},
    named::{self, ParseNameError},
};

/// Type of the values of a declared field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FieldType {
    /// Text that is searched by its words.
    Text,
    /// Text that is compared as a whole, ignoring case. Each element of a list in the metadata is a value.
    Keyword,
    /// Decimal number.
    Number,
    /// Day of the calendar.
    Date,
    /// Truth value: `true` or `false`, `yes` or `no`.
    Bool,
}

impl FieldType {
    /// All types of declared fields.
    pub const ALL: [Self; 5] = [Self::Text, Self::Keyword, Self::Number, Self::Date, Self::Bool];

    /// Returns the name of the type: `text`, `keyword`, `number`, `date` or `bool`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Keyword => "keyword",
            Self::Number => "number",
            Self::Date => "date",
            Self::Bool => "bool",
        }
    }
}

impl FromStr for FieldType {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "type of a field", &Self::ALL, Self::name)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The fields that an index declares, each with its type.
///
/// ```
/// use gz_search::document::{DeclaredFields, FieldType};
///
/// # fn main() -> gz_search::Result<()> {
/// let mut fields = DeclaredFields::default();
/// fields.declare("desk", FieldType::Keyword)?;
/// fields.declare("amount", FieldType::Number)?;
/// assert_eq!(fields.type_of("desk".parse()?), Some(FieldType::Keyword));
/// assert!(fields.declare("title", FieldType::Text).is_err(), "title is a field of every index");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeclaredFields {
    types: BTreeMap<FieldName, FieldType>,
}

impl DeclaredFields {
    /// Declares a field. A second declaration of a field replaces the first.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if `name` is not a [`FieldName`].
    pub fn declare(&mut self, name: &str, field_type: FieldType) -> Result<()> {
        self.types.insert(name.parse()?, field_type);
        Ok(())
    }

    /// Declares a field by a text such as `desk:keyword`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the text has no colon, or if its name or its type is invalid.
    pub fn declare_from_text(&mut self, declaration: &str) -> Result<()> {
        let parts = declaration.split_once(':').map(|(name, type_name)| (name, type_name.trim()));
        let (name, type_name) = parts.ok_or_else(|| {
            let message = format!("{declaration:?} needs a type, as in desk:keyword");
            Error::invalid("field", message)
        })?;
        let field_type = type_name.parse().map_err(|error: ParseNameError| {
            Error::invalid("field", format!("{declaration:?}: {error}"))
        })?;
        self.declare(name, field_type)
    }

    /// Returns the type of a field. `None` if the field is not declared.
    pub fn type_of(&self, name: FieldName) -> Option<FieldType> {
        self.types.get(&name).copied()
    }

    /// Returns the fields with their types, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (FieldName, FieldType)> {
        self.types.iter().map(|(name, field_type)| (*name, *field_type))
    }

    /// Returns whether no field is declared.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// Returns the values of the declared fields in the metadata of a document. Calls `report` with a message on each
    /// value that does not have the type of its field; such a value is omitted.
    pub(crate) fn values(
        &self,
        metadata: &BTreeMap<String, String>,
        mut report: impl FnMut(String),
    ) -> Vec<(FieldName, FieldValue)> {
        let mut values: Vec<(FieldName, FieldValue)> = Vec::new();
        if self.is_empty() {
            return values;
        }
        for (key, text) in metadata {
            let Some(name) = FieldName::from_key(key) else { continue };
            let Some(field_type) = self.type_of(name) else { continue };
            for value in value::read_values(field_type, text) {
                match value {
                    Ok(value) => {
                        let is_same = |(other_name, other): &(FieldName, FieldValue)| {
                            *other_name == name && other.is_same(&value)
                        };
                        if !values.iter().any(is_same) {
                            values.push((name, value));
                        }
                    }
                    Err(reason) => report(format!("{name}: {reason}")),
                }
            }
        }
        values
    }
}

impl fmt::Display for DeclaredFields {
    /// Writes the declarations as `amount:number, desk:keyword`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, field_type)) in self.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            write!(f, "{name}:{field_type}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns declared fields from declarations such as `desk:keyword`.
    fn fields(declarations: &[&str]) -> DeclaredFields {
        let mut fields = DeclaredFields::default();
        for text in declarations {
            fields.declare_from_text(text).unwrap();
        }
        fields
    }

    #[test]
    fn declarations_are_read_and_written() {
        let declared = fields(&["Desk:keyword", "amount: number", "主题:text"]);
        assert_eq!(declared.to_string(), "amount:number, desk:keyword, 主题:text");
        let json = serde_json::to_string(&declared).unwrap();
        assert_eq!(json, r#"{"amount":"number","desk":"keyword","主题":"text"}"#);
        assert_eq!(serde_json::from_str::<DeclaredFields>(&json).unwrap(), declared);
        for (text, expected) in [
            ("desk", "needs a type"),
            ("desk:words", "there is no type of a field words"),
            ("title:text", "title is a field of every index"),
            (":text", "is empty"),
        ] {
            let error = DeclaredFields::default().declare_from_text(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn metadata_gives_values_of_the_declared_types() {
        let declared = fields(&["desk:keyword", "grant_total:number", "urgent:bool"]);
        let metadata = [
            ("Desk", "Trade, trade, Rail"),
            ("Grant total", "many"),
            ("URGENT", "yes"),
            ("office", "3"),
        ];
        let metadata =
            metadata.map(|(key, text)| (key.to_owned(), text.to_owned())).into_iter().collect();
        let mut messages = Vec::new();
        let values = declared.values(&metadata, |message| messages.push(message));
        let values: Vec<_> =
            values.iter().map(|(name, value)| format!("{name} {value:?}")).collect();
        assert_eq!(
            values,
            ["desk Keyword(\"Trade\")", "desk Keyword(\"Rail\")", "urgent Bool(true)"]
        );
        assert_eq!(messages, ["grant_total: \"many\" is not a number such as 1,250 or 3.5"]);
    }
}
