//! Fills metadata fields from the keys of a JSON object.

use serde_json::{Map, Value};

use super::text::{MIN_PROSE_CHARS, rendered_text};
use crate::document::{
    metadata::{
        fields::{self, MetadataField},
        organization,
    },
    model::Document,
};

/// JSON keys that denote metadata fields, in addition to the labels of [`fields`].
const KEYS_OF_METADATA_FIELDS: [(MetadataField, &[&str]); 5] = [
    (MetadataField::Title, &["name", "posttitle", "法規名稱", "法规名称"]),
    (
        MetadataField::Date,
        &[
            "firstpublishedat",
            "firstpublicat",
            "publishedat",
            "datepublished",
            "pubdate",
            "publishdate",
            "publishtime",
            "publicationdate",
            "publictimestamp",
            "postdate",
            "datetime",
            "created",
            "createdat",
            "最新異動日期",
            "publicupdatedat",
            "datemodified",
            "updatedat",
            "modified",
            "updated",
        ],
    ),
    (MetadataField::Issuer, &["agencies", "publisher", "author", "source", "主管機關"]),
    (MetadataField::Url, &["link", "weburl", "permalink", "canonical", "法規網址"]),
    (MetadataField::Lang, &["locale"]),
];
/// Keys that state the day of publication even inside of nested objects.
const PUBLICATION_DATE_KEYS: [&str; 4] =
    ["firstpublishedat", "firstpublicat", "publishedat", "datepublished"];
/// Keys of the objects in which exports of document databases wrap dates and numbers.
const DATE_AND_NUMBER_WRAPPER_KEYS: [&str; 2] = ["$date", "$numberLong"];
/// Maximum length of a category path such as `行政＞經濟部＞產業目`, in bytes.
const MAX_CATEGORY_PATH_BYTES: usize = 200;

/// Fills the metadata fields of `document` from keys that are recognized by their names. If several keys denote one
/// field, the key with the lowest rank ([`field_and_rank_of_key`]) takes precedence. Short values of other keys become
/// additional metadata. So do short lists of scalars, written as JSON.
pub(super) fn fill_metadata(document: &mut Document, object: &Map<String, Value>) {
    let mut field_candidates: Vec<(usize, MetadataField, &str, String)> = Vec::new();
    for (key, value) in object {
        let Some(text) = text_of_json_scalar(value).or_else(|| issuers_in_list(key, value)) else {
            let list =
                json_text_of_scalar_list(value).filter(|text| is_short_enough_for_metadata(text));
            document.metadata.extend(list.map(|text| (key.clone(), text)));
            continue;
        };
        match field_and_rank_of_key(&fields::normalized_label(key)) {
            // A value without letters is the number of an author, not a name.
            Some((MetadataField::Issuer, _)) if !text.contains(char::is_alphabetic) => {
                document.metadata.insert(key.clone(), text);
            }
            Some((field, rank)) => field_candidates.push((rank, field, key, text)),
            None if is_short_enough_for_metadata(&text) => {
                document.metadata.insert(key.clone(), text);
            }
            None => {}
        }
    }
    field_candidates.extend(nested_publication_dates(object));
    if let Some(name) = organization_name(object, 0) {
        field_candidates.push((usize::MAX, MetadataField::Issuer, "organisation", name));
    }
    if let Some((key, name)) = organization_in_category_path(object) {
        field_candidates.push((usize::MAX, MetadataField::Issuer, key, name));
    }
    field_candidates.sort_by_key(|(rank, ..)| *rank);
    for (_, field, key, text) in field_candidates {
        if !document.fill_field(field, &text, &format!("JSON {key}")) {
            document.metadata.insert(key.to_owned(), text);
        }
    }
}

/// Returns whether a value is short enough to be metadata.
fn is_short_enough_for_metadata(text: &str) -> bool {
    text.chars().count() <= MIN_PROSE_CHARS * 5
}

/// Returns a list of scalars as JSON text. `None` for other values and for an empty list.
fn json_text_of_scalar_list(value: &Value) -> Option<String> {
    let elements = value.as_array().filter(|elements| !elements.is_empty())?;
    let are_scalars = elements.iter().all(|element| !element.is_array() && !element.is_object());
    are_scalars.then(|| value.to_string())
}

/// Returns the days of publication in nested objects, such as `{"details": {"first_public_at": "2011-09-29"}}`.
fn nested_publication_dates(
    object: &Map<String, Value>,
) -> impl Iterator<Item = (usize, MetadataField, &str, String)> {
    let nested_objects = object.values().filter_map(Value::as_object);
    nested_objects.flatten().filter_map(|(key, value)| {
        let (field, rank) = field_and_rank_of_key(&fields::normalized_label(key))?;
        let is_publication_key =
            PUBLICATION_DATE_KEYS.contains(&fields::normalized_label(key).as_str());
        is_publication_key
            .then(|| Some((rank, field, key.as_str(), text_of_json_scalar(value)?)))?
    })
}

/// Returns the first key whose value is a category path with the name of an organization, such as `行政＞經濟部＞產業目`, and
/// this name.
fn organization_in_category_path(object: &Map<String, Value>) -> Option<(&str, String)> {
    object.iter().find_map(|(key, value)| {
        let category_path = value.as_str().filter(|category_path| {
            category_path.len() <= MAX_CATEGORY_PATH_BYTES && !category_path.contains('<')
        })?;
        let mut categories = category_path.split(['＞', '>']).map(str::trim);
        let top_category = categories.next().filter(|top_category| !top_category.is_empty());
        let name = categories.find(|name| organization::is_organization_name(name))?;
        // The headquarters (院本部) of a branch of the state are named after the branch: 司法＞院本部 is 司法院.
        let name = match (top_category?, name) {
            (branch, "院本部") => format!("{branch}院"),
            (_, name) => name.to_owned(),
        };
        Some((key.as_str(), name))
    })
}

/// Returns the name of the organization in an object such as
/// `{"organisations": [{"title": "Office of Ports"}]}`. Searches nested objects to a depth of 2.
/// `depth` is the depth of `object` itself.
fn organization_name(object: &Map<String, Value>, depth: usize) -> Option<String> {
    let direct_name = object.iter().find_map(|(key, value)| {
        let key = fields::normalized_label(key);
        let is_organization = ["organisation", "organization", "organisations", "organizations"]
            .iter()
            .any(|name| key.ends_with(name))
            || fields::field_of_label(&key)
                .is_some_and(|(field, _)| field == MetadataField::Issuer)
            || key == "publisher";
        if !is_organization {
            return None;
        }
        // The first of several organizations issues the document; the others only take part.
        name_in_object(value.as_array().map_or(Some(value), |elements| elements.first())?)
    });
    if direct_name.is_some() || depth >= 2 {
        return direct_name;
    }
    object
        .values()
        .filter_map(Value::as_object)
        .find_map(|inner| organization_name(inner, depth + 1))
}

/// Returns the names in a list under a key that denotes the issuer. `None` for other keys and values.
pub(in crate::document::format) fn issuers_in_list(key: &str, value: &Value) -> Option<String> {
    let label = fields::normalized_label(key);
    let is_issuer = label == "agencies"
        || fields::field_of_label(&label).is_some_and(|(field, _)| field == MetadataField::Issuer);
    joined_names(value.as_array().filter(|_| is_issuer)?)
}

/// Returns the distinct names in a list of names or of objects with names, in order, as one text. `None` if the list
/// holds anything else.
fn joined_names(values: &[Value]) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for value in values {
        let name = value.as_str().map(str::to_owned).or_else(|| name_in_object(value))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| fields::joined_values("issuer", &names))
}

/// Returns the name in an object such as `{"title": "Office of Ports"}`.
fn name_in_object(value: &Value) -> Option<String> {
    ["title", "name"].iter().find_map(|key| text_of_json_scalar(value.get(key)?))
}

/// Returns the field that a normalized key denotes, and the rank of the key. The key with the
/// lowest rank takes precedence.
pub(super) fn field_and_rank_of_key(key: &str) -> Option<(MetadataField, usize)> {
    fields::field_of_label(key).or_else(|| {
        KEYS_OF_METADATA_FIELDS.iter().find_map(|(field, keys)| {
            let rank = keys.iter().position(|field_key| *field_key == key)?;
            Some((*field, 100 + rank))
        })
    })
}

/// Returns the text of a string, a number or a Boolean, also inside wrappers such as `{"$date": …}` and
/// `{"rendered": …}`; `None` for other values.
pub(in crate::document::format) fn text_of_json_scalar(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) if rendered_text(object).is_some() => {
            rendered_text(object).map(str::to_owned)
        }
        Value::Object(object) if object.len() == 1 => text_of_json_scalar(
            DATE_AND_NUMBER_WRAPPER_KEYS.iter().find_map(|key| object.get(*key))?,
        ),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
