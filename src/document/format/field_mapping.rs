//! Maps JSON keys to the fields of a document, as the caller specifies. A mapped key takes
//! precedence over a key that is recognized by its name.

use serde_json::{Map, Value};

use crate::{
    document::{metadata::fields::MetadataField, model::Document},
    error::{Error, Result},
};

/// Names of the fields to which a key can be mapped, for the error message.
const MAPPABLE_FIELD_NAMES: &str = "id, title, text, date, issuer, number, url and lang";

/// Mapping from JSON keys to the fields of a document, for input with unusual keys. A key in a
/// nested object is written as a path: `details.body`.
///
/// ```
/// use gz_search::document::FieldMapping;
///
/// # fn main() -> gz_search::Result<()> {
/// let mut mapping = FieldMapping::default();
/// mapping.add("title", "headline")?;
/// mapping.add("text", "details.story")?;
/// assert!(mapping.add("story", "text").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMapping {
    /// Metadata fields, each with the JSON key that is mapped to it.
    metadata: Vec<(MetadataField, String)>,
    /// JSON keys that are mapped to the text of a document.
    text: Vec<String>,
    /// JSON keys that are mapped to the id of a document.
    id: Vec<String>,
}

impl FieldMapping {
    /// Maps the JSON key `key` to the document field `field`. If several keys are mapped to one
    /// field, the first key that a document contains is used.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if no field has the name `field`.
    pub fn add(&mut self, field: &str, key: &str) -> Result<()> {
        let key = key.to_owned();
        match (field, MetadataField::from_name(field)) {
            ("text", _) => self.text.push(key),
            ("id", _) => self.id.push(key),
            (_, Some(field)) => self.metadata.push((field, key)),
            (_, None) => {
                return Err(Error::invalid(
                    "field",
                    format!("there is no field {field}, only {MAPPABLE_FIELD_NAMES}"),
                ));
            }
        }
        Ok(())
    }

    /// Returns whether no key is mapped.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Fills the metadata fields of `document` from the mapped keys in `object`.
    pub(super) fn fill_metadata(&self, document: &mut Document, object: &Map<String, Value>) {
        for (field, key) in &self.metadata {
            if let Some(value) = value_at_key_path(object, key).and_then(text_of_string_or_number) {
                document.fill_field(*field, &value, &format!("JSON {key}"));
            }
        }
    }

    /// Returns the value in `object` of the first existing key that is mapped to the text. `None`
    /// if no such key exists or if its value is null.
    pub(super) fn text<'a>(&self, object: &'a Map<String, Value>) -> Option<&'a Value> {
        let value = self.text.iter().find_map(|key| value_at_key_path(object, key));
        value.filter(|value| !value.is_null())
    }

    /// Returns the first non-empty value in `object` of the keys that are mapped to the id. `None`
    /// if all such values are missing or empty.
    pub(super) fn id(&self, object: &Map<String, Value>) -> Option<String> {
        self.id
            .iter()
            .find_map(|key| value_at_key_path(object, key).and_then(text_of_string_or_number))
    }
}

/// Returns the value at a path of keys, such as `details.body`. A key that itself is
/// `details.body`, with the full stop, takes precedence.
fn value_at_key_path<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    object.get(path).or_else(|| {
        let (first_key, subpath) = path.split_once('.')?;
        value_at_key_path(object.get(first_key)?.as_object()?, subpath)
    })
}

/// Returns a string or a number as trimmed text; `None` for other values and for empty text.
fn text_of_string_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
