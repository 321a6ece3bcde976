//! Reads a document that a program passes as a JSON object. An unknown key or an invalid value is an error that names
//! the key, so that a misspelled key or a malformed date is not ignored.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::with_inferred_metadata;
use crate::{
    document::{
        declared_fields::{DeclaredFields, FieldName},
        format::json_lines::read_json_object,
        model::{Document, unreadable},
    },
    error::Result,
};

/// Maximum length of a document id in bytes. The index cannot find longer ids.
const MAX_DOCUMENT_ID_BYTES: usize = 1_024;
/// Maximum number of characters of a key or value that a message quotes.
const MAX_CHARS_QUOTED_IN_MESSAGE: usize = 40;
/// Keys that the JSON object of any document may have. Other keys must be declared fields.
const DOCUMENT_KEYS: [&str; 9] =
    ["id", "title", "text", "date", "issuer", "url", "lang", "number", "metadata"];

/// Reads a document from a JSON object with the keys `id`, `title`, `text`, `date`, `issuer`, `url`, `lang`, `number`
/// and `metadata`, and with the declared fields of an index. Infers missing metadata from the text. An error message on
/// a document without an id begins with `name`.
///
/// ```
/// use gz_search::document::{DeclaredFields, read_strict_json};
///
/// # fn main() -> gz_search::Result<()> {
/// let mut fields = DeclaredFields::default();
/// fields.declare_from_text("amount:number")?;
/// let json = r#"{"id": "grant", "text": "The port receives a grant.", "amount": 1250}"#;
/// let grant = read_strict_json("document 1", json, &fields)?;
/// assert_eq!((grant.lang.as_str(), grant.metadata["amount"].as_str()), ("en", "1250"));
/// let misspelled = r#"{"id": "grant", "text": "The port receives a grant.", "amuont": 1250}"#;
/// let error = read_strict_json("document 1", misspelled, &fields).unwrap_err();
/// assert!(error.to_string().starts_with("grant: there is no field \"amuont\""));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the text is not a JSON object, or if the document has no id, no text,
/// an unknown key, a malformed date, or a value of a declared field that does not have its type.
pub fn read_strict_json(name: &str, json: &str, fields: &DeclaredFields) -> Result<Document> {
    let object = serde_json::from_str(json).map_err(|error| unreadable(name, error.to_string()))?;
    read_strict_object(name, object, fields)
}

/// Reads the document of a JSON object like [`read_strict_json`].
pub(crate) fn read_strict_object(
    name: &str,
    mut object: Map<String, Value>,
    fields: &DeclaredFields,
) -> Result<Document> {
    let name = match object.get("id").and_then(metadata_text) {
        Some(id) if id.len() > MAX_DOCUMENT_ID_BYTES => {
            let reason = format!("the id has more than {MAX_DOCUMENT_ID_BYTES} bytes");
            return Err(unreadable(&quoted_beginning(&id), reason));
        }
        Some(id) if !id.is_empty() => id,
        _ => return Err(unreadable(name, "has no id")),
    };
    let named = |reason: String| unreadable(&name, reason);
    let metadata = take_metadata_as_texts(&mut object, fields).map_err(named)?;
    let number = object.remove("number").as_ref().and_then(metadata_text);
    let stated_date = object.get("date").and_then(metadata_text);
    let mut document = read_json_object(&name, object)?;
    if let Some(date) = stated_date.filter(|date| !date.trim().is_empty())
        && document.date.is_none()
    {
        return Err(named(format!(
            "date: {} is not a day such as 2025-12-17",
            quoted_beginning(&date)
        )));
    }
    document.metadata = metadata;
    document.number = number.filter(|number| !number.trim().is_empty());
    if document.number.is_some() {
        document.origins.insert("number".to_owned(), "JSON".to_owned());
    }
    let mut wrong_values = Vec::new();
    fields.values(&document.metadata, |reason| wrong_values.push(reason));
    if !wrong_values.is_empty() {
        return Err(named(wrong_values.join(", ")));
    }
    with_inferred_metadata(document)
}

/// Removes the declared fields and the further metadata from the object of a document, and returns them as texts.
///
/// # Errors
///
/// The reason if a key is neither a key of every document nor a declared field, or if `metadata` is no object.
fn take_metadata_as_texts(
    object: &mut Map<String, Value>,
    fields: &DeclaredFields,
) -> Result<BTreeMap<String, String>, String> {
    let mut metadata = Map::new();
    match object.remove("metadata") {
        Some(Value::Object(further)) => metadata = further,
        None | Some(Value::Null) => {}
        Some(_) => return Err("metadata: give an object with texts, numbers and lists".to_owned()),
    }
    for (key, value) in std::mem::take(object) {
        if DOCUMENT_KEYS.contains(&key.as_str()) {
            object.insert(key, value);
        } else if FieldName::from_key(&key).is_some_and(|name| fields.type_of(name).is_some()) {
            metadata.insert(key, value);
        } else {
            let declared: Vec<String> = fields.iter().map(|(name, _)| name.to_string()).collect();
            let keys = DOCUMENT_KEYS.map(str::to_owned).into_iter().chain(declared);
            let keys = keys.collect::<Vec<_>>().join(", ");
            return Err(format!(
                "there is no field {}: the fields are {keys}",
                quoted_beginning(&key)
            ));
        }
    }
    let texts = metadata.into_iter().filter_map(|(key, value)| Some((key, metadata_text(&value)?)));
    Ok(texts.collect())
}

/// Returns a text unchanged, and any other value as JSON text; `None` for null.
fn metadata_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Returns, in quotes, the first [`MAX_CHARS_QUOTED_IN_MESSAGE`] characters of a text.
fn quoted_beginning(text: &str) -> String {
    let start: String = text.chars().take(MAX_CHARS_QUOTED_IN_MESSAGE).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("{start:?}{more}")
}
