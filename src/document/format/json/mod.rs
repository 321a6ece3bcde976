//! Reads the documents of a JSON file of any structure: a single document, or one document for each
//! element of an array.
//!
//! Titles, texts and other fields are recognized by their keys. `text.rs` finds the text by its key
//! or by its length, and `metadata.rs` fills the fields. Open this file first.

mod metadata;
#[cfg(test)]
mod tests;
mod text;

use serde_json::{Map, Value};

pub(super) use self::metadata::{issuers_in_list, text_of_json_scalar};
use self::{
    metadata::{field_and_rank_of_key, fill_metadata},
    text::{
        KEYS_OF_RELATED_DOCUMENTS, SUMMARY_KEYS, TEXT_KEYS, add_summaries, add_text,
        is_text_of_document, rendered_text, text_under_text_key, values_with_most_running_text,
    },
};
use crate::{
    document::{
        blocks::BlockBuilder,
        format::field_mapping::FieldMapping,
        metadata::fields::{self, MetadataField},
        model::{Document, unreadable},
    },
    error::Result,
};

/// Maximum size of a JSON text in bytes. Parsed values take several times as much memory.
const MAX_JSON_BYTES: usize = 64 << 20;

/// Keys under which a response of a search engine or another API contains the document.
const DOCUMENT_ENVELOPE_KEYS: [&str; 2] = ["_source", "attributes"];
/// Maximum number of levels of nested objects that are searched for the array of documents.
const MAX_LEVELS_SEARCHED_FOR_DOCUMENTS: usize = 4;

/// Reads the documents of a JSON text: a single document, or one document for each element of an
/// array.
pub(super) fn read(id: &str, text: &str, mapping: &FieldMapping) -> Vec<Result<Document>> {
    if text.len() > MAX_JSON_BYTES {
        return vec![Err(unreadable(
            id,
            format!("is JSON of more than {} MiB", MAX_JSON_BYTES >> 20),
        ))];
    }
    let value: Value = match serde_json::from_str(text)
        .or_else(|error| array_of_concatenated_values(text).ok_or(error))
    {
        Ok(value) => value,
        Err(error) => return vec![Err(unreadable(id, format!("is not JSON: {error}")))],
    };
    let read_value = |id: &str, value: &Value| match value {
        Value::Object(object) => {
            read_object(id, object, mapping).map_err(|reason| unreadable(id, reason))
        }
        _ => Err(unreadable(id, "is a JSON value, but not an object")),
    };
    match array_of_documents(&value, mapping) {
        None => vec![read_value(id, sole_document_in_response(&value, mapping))],
        Some([]) => vec![Err(unreadable(id, "holds no document"))],
        Some(elements) => {
            let numbered_elements = elements.iter().enumerate();
            numbered_elements
                .map(|(index, element)| {
                    let id_of_list_element = id_of_list_element(index, element, mapping);
                    read_value(&format!("{id}:{id_of_list_element}"), without_envelope(element))
                })
                .collect()
        }
    }
}

/// Returns whether an object has a text under a usual key, such as `body`.
pub(super) fn has_text_under_usual_key(object: &Map<String, Value>) -> bool {
    text_under_text_key(object).is_some()
}

/// Returns the id that an element of the document array contains. If the element contains no id,
/// returns the number of the element, counted from 1.
fn id_of_list_element(index: usize, element: &Value, mapping: &FieldMapping) -> String {
    let stated_id = element.as_object().and_then(|object| stated_id(object, mapping));
    stated_id.unwrap_or_else(|| (index + 1).to_string())
}

/// Returns the id that an object contains; `None` if it contains no id.
pub(super) fn stated_id(object: &Map<String, Value>, mapping: &FieldMapping) -> Option<String> {
    let stated_id = mapping.id(object).or_else(|| {
        ["id", "_id", "guid", "slug"].iter().find_map(|key| text_of_json_scalar(object.get(*key)?))
    });
    stated_id.filter(|id| !id.is_empty())
}

/// Parses a text that consists of several JSON values, one after the other. Returns the values as an array. `None` for
/// any other text.
fn array_of_concatenated_values(text: &str) -> Option<Value> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let values: Vec<Value> = values.collect::<Result<_, _>>().ok()?;
    (values.len() > 1).then_some(Value::Array(values))
}

/// Returns the document inside an element of the document array, if the element is an envelope such as
/// `{"_id": "1", "_source": {…}}`. Returns any other element unchanged.
fn without_envelope(element: &Value) -> &Value {
    let mut contents = DOCUMENT_ENVELOPE_KEYS.iter().filter_map(|key| element.get(*key));
    contents.find(|content| content.is_object()).unwrap_or(element)
}

/// Returns `value` if it is an object, or the only element of `value` if that is an object. `None` for other values.
fn sole_object(value: &Value) -> Option<&Value> {
    let sole_element = match value.as_array().map(Vec::as_slice) {
        Some([element]) => element,
        _ => value,
    };
    Some(sole_element).filter(|element| element.is_object())
}

/// Returns the only document in a response of an API, such as `{"data": [{"attributes": {…}}]}`. Returns `value` itself
/// if it states a field of a document, or if the response contains no document or several documents.
fn sole_document_in_response<'a>(value: &'a Value, mapping: &FieldMapping) -> &'a Value {
    let mut level_objects: Vec<&Value> = vec![value];
    for _ in 0..MAX_LEVELS_SEARCHED_FOR_DOCUMENTS {
        if level_objects.iter().any(|object| is_document(object, mapping)) {
            break;
        }
        let entries = level_objects.iter().filter_map(|value| value.as_object()).flatten();
        if entries.clone().any(|(key, value)| {
            sole_object(value).is_none()
                && field_and_rank_of_key(&fields::normalized_label(key)).is_some()
        }) {
            return value;
        }
        level_objects = entries.filter_map(|(_, value)| sole_object(value)).collect();
    }
    match level_objects.as_slice() {
        [object] if is_document(object, mapping) => object,
        _ => value,
    }
}

/// Returns the array of the documents in a JSON file: `value` itself, or an array inside of the object `value`. `None`
/// if the file is a single document. An object with a title may itself be the document; it counts as a list only if it
/// directly contains an array of at least two documents. If no array has documents with texts, returns an array of
/// summaries ([`is_summary`]).
fn array_of_documents<'a>(value: &'a Value, mapping: &FieldMapping) -> Option<&'a [Value]> {
    let object = match value {
        Value::Array(elements) => return Some(elements),
        Value::Object(object) => object,
        _ => return None,
    };
    let has_title = has_text_under_key(object, is_title_key);
    let (max_levels, min_elements) =
        if has_title { (1, 2) } else { (MAX_LEVELS_SEARCHED_FOR_DOCUMENTS, 1) };
    find_array_of(object, max_levels, min_elements, |element| is_document(element, mapping))
        .or_else(|| {
            let is_single = has_text_under_usual_key(object) || mapping.text(object).is_some();
            let states_date = object.keys().any(|key| field_of(key) == Some(MetadataField::Date));
            if is_single || has_title && states_date {
                return None;
            }
            find_array_of(object, max_levels, min_elements, is_summary)
        })
}

/// Returns the first array in `object`, or else in its nested objects, whose elements are all documents. Searches
/// `max_levels` levels, outermost first. An array directly in `object` needs at least two elements, and a deeper array
/// at least `min_elements`. Ignores arrays of related documents.
fn find_array_of(
    object: &Map<String, Value>,
    max_levels: usize,
    min_elements: usize,
    is_document: impl Fn(&Value) -> bool,
) -> Option<&[Value]> {
    let mut level_objects = vec![object];
    for level in 0..max_levels {
        let min_elements = if level == 0 { 2 } else { min_elements };
        let entries = level_objects.iter().flat_map(|object| object.iter());
        let mut arrays = entries.filter_map(|(key, value)| {
            let is_related = KEYS_OF_RELATED_DOCUMENTS.contains(&&*fields::normalized_label(key));
            value.as_array().filter(|_| !is_related)
        });
        let list = arrays.find(|elements| {
            elements.len() >= min_elements
                && elements.iter().all(|element| is_document(without_envelope(element)))
        });
        if list.is_some() {
            return list.map(Vec::as_slice);
        }
        let values = level_objects.iter().flat_map(|object| object.values());
        level_objects = values.filter_map(Value::as_object).collect();
    }
    None
}

/// Returns whether a value is an object that describes a document by a title, a summary and a date, without the text:
/// `{"title": …, "abstract": …, "publication_date": …}`.
fn is_summary(value: &Value) -> bool {
    let Value::Object(object) = value else { return false };
    has_text_under_key(object, is_title_key)
        && has_text_under_key(object, |key| SUMMARY_KEYS.contains(&key))
        && object.keys().any(|key| field_of(key) == Some(MetadataField::Date))
}

/// Returns whether a value is an object that contains a document: a text under a mapped key, or a text together with a
/// title, a date or a URL. Other keys than mapped keys are recognized by their names.
pub(super) fn is_document(value: &Value, mapping: &FieldMapping) -> bool {
    let Value::Object(object) = value else { return false };
    if mapping.text(object).is_some() {
        return true;
    }
    let mut entries = object.iter();
    let has_text = entries.any(|(key, value)| {
        TEXT_KEYS.contains(&&*fields::normalized_label(key)) && is_text_of_document(value)
    });
    has_text
        && (has_text_under_key(object, is_title_key)
            || object.keys().any(|key| is_date_or_url_key(key)))
}

fn has_text_under_key(object: &Map<String, Value>, is_key: fn(&str) -> bool) -> bool {
    object.iter().any(|(key, value)| {
        let is_text = value.is_string() || value.as_object().and_then(rendered_text).is_some();
        is_text && is_key(&fields::normalized_label(key))
    })
}

fn is_title_key(key: &str) -> bool {
    field_of(key) == Some(MetadataField::Title)
}

fn is_date_or_url_key(key: &str) -> bool {
    matches!(field_of(key), Some(MetadataField::Date | MetadataField::Url))
}

/// Returns the field that a key denotes. `None` for other keys.
fn field_of(key: &str) -> Option<MetadataField> {
    field_and_rank_of_key(&fields::normalized_label(key)).map(|(field, _)| field)
}

/// Reads a JSON object as a document.
///
/// # Errors
///
/// The reason, if the object has neither text nor title, or contains HTML that cannot be read.
pub(super) fn read_object(
    id: &str,
    object: &Map<String, Value>,
    mapping: &FieldMapping,
) -> Result<Document, String> {
    let mut document = Document::new(id, String::new());
    mapping.fill_metadata(&mut document, object);
    fill_metadata(&mut document, object);
    let mut blocks = BlockBuilder::default();
    let text_value = mapping.text(object).or_else(|| text_under_text_key(object));
    let text_values =
        text_value.map_or_else(|| values_with_most_running_text(object), |text| vec![text]);
    text_values.iter().try_for_each(|value| add_text(value, &mut blocks, 0))?;
    if blocks.blocks.is_empty() {
        add_summaries(object, &mut blocks)?;
    }
    if blocks.blocks.is_empty() {
        blocks.text = document.title.clone().ok_or("has neither text nor title")?;
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    document.left_out = blocks.left_out;
    Ok(document)
}
