//! Reads the documents in the body of a request. Refuses a document that cannot be indexed, and states its name and the
//! reason.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    document::{DeclaredFields, Document, read_strict_object},
    passage::passages,
    server::api_error::{ApiError, Code},
};

/// Maximum number of refused documents that an error message lists.
const MAX_LISTED_ERRORS: usize = 5;

/// Document to add. A declared field of the index may also be a key of the document itself, like `title` and `text`.
/// The service refuses a document with another key.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what parse_documents reads")]
pub(in crate::server) struct NewDocument {
    /// Unique id. The document replaces a document with the same id.
    #[schema(min_length = 1)]
    id: String,
    title: Option<String>,
    /// Paragraphs, separated by empty lines.
    #[schema(min_length = 1)]
    text: String,
    /// Date of publication.
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<String>,
    /// Name of the issuer: the organization that published the document.
    issuer: Option<String>,
    /// Canonical address of the document.
    url: Option<String>,
    /// BCP 47 language code. If absent, the service detects the language.
    lang: Option<String>,
    /// Official number of the document.
    number: Option<String>,
    /// Further metadata, and values of the declared fields of the index: texts, numbers, truth values, and lists of
    /// them.
    #[schema(required = false)]
    metadata: BTreeMap<String, Value>,
}

/// Parses the documents in a request body: JSON Lines if `is_json_lines`, otherwise one object or an array of objects.
/// `fields` are the declared fields of the index.
///
/// # Errors
///
/// [`Code::InvalidDocument`] if the body contains no document, or a document that cannot be indexed.
pub(in crate::server) fn parse_documents(
    bytes: &[u8],
    is_json_lines: bool,
    fields: &DeclaredFields,
) -> Result<Vec<Document>, ApiError> {
    let records = if is_json_lines {
        named_objects_of_json_lines(bytes)
    } else {
        named_objects_of_json(bytes)?
    };
    let mut documents = Vec::new();
    let mut errors = Vec::new();
    for (name, object) in records {
        match object.and_then(|object| read_document(&name, object, fields)) {
            Ok(document) => documents.push(document),
            Err(reason) => errors.push(reason),
        }
    }
    if documents.is_empty() && errors.is_empty() {
        errors.push("the body holds no document".to_owned());
    }
    if errors.is_empty() {
        return Ok(documents);
    }
    let unlisted_errors = errors.len().saturating_sub(MAX_LISTED_ERRORS);
    errors.truncate(MAX_LISTED_ERRORS);
    if unlisted_errors > 0 {
        errors.push(format!("… and {unlisted_errors} more"));
    }
    Err(ApiError::new(
        Code::InvalidDocument,
        errors.join("; "),
        "nothing was changed; a document is {\"id\": …, \"title\": …, \"text\": …} with an id and a text, and further \
         keys belong into \"metadata\"",
    ))
}

/// Name of a document in error messages, and its JSON object or the reason why it has none.
type NamedJsonObject = (String, Result<Map<String, Value>, String>);

/// Returns the JSON object of each line. Skips blank lines.
fn named_objects_of_json_lines(bytes: &[u8]) -> Vec<NamedJsonObject> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = text.split(|byte| *byte == b'\n').enumerate();
    let filled_lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let records = filled_lines.map(|(index, line)| {
        let name = format!("line {}", index + 1);
        let object = serde_json::from_slice(line)
            .map_err(|error| format!("{name}: column {}: {error}", error.column()));
        (name, object)
    });
    records.collect()
}

/// Returns the documents of a JSON text: one object, or the elements of an array.
fn named_objects_of_json(bytes: &[u8]) -> Result<Vec<NamedJsonObject>, ApiError> {
    let body: Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::malformed_request(format!("the body is not JSON: {error}")))?;
    let values = match body {
        Value::Array(values) => values,
        value => vec![value],
    };
    let records = values.into_iter().enumerate().map(|(index, value)| {
        let name = format!("document {}", index + 1);
        let object = match value {
            Value::Object(object) => Ok(object),
            _ => Err(format!("{name}: is not a JSON object")),
        };
        (name, object)
    });
    Ok(records.collect())
}

/// Reads a document, or returns the reason why it cannot be indexed. Messages name a document without an id by `name`.
fn read_document(
    name: &str,
    object: Map<String, Value>,
    fields: &DeclaredFields,
) -> Result<Document, String> {
    let document = read_strict_object(name, object, fields).map_err(|error| error.to_string())?;
    if passages(&document).is_empty() {
        return Err(format!("{}: holds no text", document.id));
    }
    Ok(document)
}
