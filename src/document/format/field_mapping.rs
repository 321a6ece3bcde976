//! The keys of JSON that the caller names → the fields they are for, before any is guessed.

use serde_json::{Map, Value};

use crate::{
    document::{Document, metadata::fields::MetadataField},
    error::{Error, Result},
};

/// Which keys of JSON hold which field, where their names do not tell. A key inside another object is
/// named by its path: `details.body`.
///
/// ```
/// use gz_search::FieldMapping;
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
    fields: Vec<(MetadataField, String)>,
    texts: Vec<String>,
    ids: Vec<String>,
}

/// What a key may be named for.
const NAMES: &str = "id, title, text, date, issuer, number, url and lang";

impl FieldMapping {
    /// Takes the value of `key` for `field`. Of several keys for one field the first that is there counts.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] where there is no such field.
    pub fn add(&mut self, field: &str, key: &str) -> Result<()> {
        let key = key.to_owned();
        match (field, MetadataField::from_name(field)) {
            ("text", _) => self.texts.push(key),
            ("id", _) => self.ids.push(key),
            (_, Some(field)) => self.fields.push((field, key)),
            (_, None) => {
                return Err(Error::invalid(
                    "field",
                    format!("there is no field {field}, only {NAMES}"),
                ));
            }
        }
        Ok(())
    }

    /// Whether no key is named.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Fills the fields of `document` whose keys are named.
    pub(in crate::document) fn describe(
        &self,
        document: &mut Document,
        object: &Map<String, Value>,
    ) {
        for (field, key) in &self.fields {
            if let Some(value) = at(object, key).and_then(plain) {
                document.fill_field(*field, &value, &format!("JSON {key}"));
            }
        }
    }

    /// The text, where its key is named.
    pub(in crate::document) fn text<'a>(
        &self,
        object: &'a Map<String, Value>,
    ) -> Option<&'a Value> {
        self.texts.iter().find_map(|key| at(object, key)).filter(|value| !value.is_null())
    }

    /// The id, where its key is named.
    pub(in crate::document) fn id(&self, object: &Map<String, Value>) -> Option<String> {
        self.ids.iter().find_map(|key| at(object, key).and_then(plain))
    }
}

/// The value under a path of keys; a key with points in it is looked for first.
fn at<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    object.get(path).or_else(|| {
        let (key, rest) = path.split_once('.')?;
        at(object.get(key)?.as_object()?, rest)
    })
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
