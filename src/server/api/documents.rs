//! `/documents`: reads a document with its passages, adds documents, and removes a document.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Request, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    highlighted_passage::{HighlightedPassage, highlight_passages},
    responses::{ErrorResponses, WriteErrorResponses, json_response},
};
use crate::{
    document::{Document, read_json_lines, with_inferred_metadata},
    error::Result,
    passage::passages,
    query::Query,
    render::object::DocumentObject,
    search::Searcher,
    server::{
        api_error::{ApiError, Code},
        extract::{body, path_id::PathId, query_string::QueryString, search_slot::SearchSlot},
        source_paths::make_sources_relative,
        state::{QueuedWrite, ServerState, WriteSummary},
    },
    span::OffsetUnit,
};

/// Maximum number of refused documents that an error message lists.
const MAX_LISTED_ERRORS: usize = 5;
/// Maximum length of a document id in bytes. The index cannot find longer ids.
const MAX_ID_BYTES: usize = 1_024;

/// Parameters of a request for a document.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct DocumentRequest {
    /// Query whose matches are highlighted in the passages.
    q: Option<String>,
    /// Unit of the offsets of highlight spans.
    #[serde(default)]
    offsets: OffsetUnit,
}

/// A document with all its passages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct DocumentResponse<'a> {
    /// Unit of the offsets of every span: `utf-8`, `utf-16` or `codepoint`.
    offset_encoding: &'static str,
    document: DocumentObject<'a>,
    /// Further metadata of the document, by name.
    metadata: &'a BTreeMap<String, String>,
    /// All passages, in document order.
    passages: Vec<HighlightedPassage<'a>>,
}

/// Get a document with its passages
#[utoipa::path(
    get, path = "/documents/{id}", operation_id = "document", tag = "documents",
    params(("id" = String, Path, description = "Percent-encoded id; slashes may stay as they are"), DocumentRequest),
    responses((status = 200, description = "The document", body = DocumentResponse<'_>), ErrorResponses)
)]
pub(in crate::server) async fn get(
    slot: SearchSlot,
    PathId(id): PathId,
    QueryString(request): QueryString<DocumentRequest>,
) -> Result<Response, ApiError> {
    Ok(json_response(slot.run(move |searcher| document_json(searcher, &id, &request)).await?))
}

fn document_json(
    searcher: &Searcher,
    id: &str,
    DocumentRequest { q, offsets }: &DocumentRequest,
) -> Result<String, ApiError> {
    let (mut document, passages) =
        searcher.document(id)?.ok_or_else(|| ApiError::unknown_document(id))?;
    make_sources_relative(searcher, &mut document)?;
    let query = q.as_ref().map(Query::new);
    let response = DocumentResponse {
        offset_encoding: offsets.name(),
        document: DocumentObject::new(&document),
        metadata: &document.metadata,
        passages: highlight_passages(searcher, &passages, query.as_ref(), *offsets)?,
    };
    serde_json::to_string(&response).map_err(|_| ApiError::internal_error())
}

/// Parameters of a request that adds or removes documents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct WriteRequest {
    /// Whether to answer only after searches see the change. By default, searches see the change within a second
    /// after the answer.
    #[serde(default)]
    wait: bool,
}

/// Document to add. Keys that are not listed here are stored as metadata.
#[derive(Debug, ToSchema)]
#[schema(as = NewDocument)]
#[expect(dead_code, reason = "describes what read_json_lines reads")]
pub(in crate::server) struct NewDocument {
    /// Unique id. The document replaces a document with the same id.
    #[schema(min_length = 1)]
    id: String,
    title: Option<String>,
    /// Paragraphs, separated by empty lines.
    #[schema(min_length = 1)]
    text: String,
    /// Date of publication, as 2025-12-17.
    date: Option<String>,
    /// Name of the issuer: the organization that published the document.
    issuer: Option<String>,
    /// Canonical address of the document.
    url: Option<String>,
    /// BCP 47 language code. If absent, the service detects the language.
    lang: Option<String>,
}

/// Add documents, or replace documents with the same ids
///
/// Adds all documents or, if one of them cannot be indexed, none. The service answers once the documents are on disk.
#[utoipa::path(
    post, path = "/documents", operation_id = "add_documents", tag = "documents", params(WriteRequest),
    request_body(description = "A document, an array of documents, or one document a line", content(
        (NewDocument = "application/json"), (String = "application/jsonl"), (String = "application/x-ndjson"),
    )),
    responses((status = 200, description = "The documents are on disk", body = WriteSummary), ErrorResponses, WriteErrorResponses),
    security(("key" = []))
)]
pub(in crate::server) async fn post(
    State(service): State<Arc<ServerState>>,
    QueryString(WriteRequest { wait }): QueryString<WriteRequest>,
    request: Request,
) -> Result<axum::Json<WriteSummary>, ApiError> {
    let _permit = service.write_queue.permit()?;
    let media_type = body::media_type(request.headers());
    let is_json_lines = match media_type.as_str() {
        "application/json" => false,
        "application/jsonl" | "application/x-ndjson" => true,
        _ => {
            return Err(body::unsupported_media_type("application/json or application/jsonl"));
        }
    };
    let bytes = body::read_bytes(request, &service, service.settings.max_body_bytes).await?;
    let parse_result =
        tokio::task::spawn_blocking(move || parse_documents(&bytes, is_json_lines)).await;
    let documents = parse_result.unwrap_or_else(|_| Err(ApiError::internal_error()))?;
    service.write_queue.write(QueuedWrite::Add(documents), wait).await.map(axum::Json)
}

/// Remove a document
#[utoipa::path(
    delete, path = "/documents/{id}", operation_id = "remove_document", tag = "documents",
    params(("id" = String, Path, description = "Percent-encoded id; slashes may stay as they are"), WriteRequest),
    responses((status = 200, description = "The document is removed from disk", body = WriteSummary), ErrorResponses, WriteErrorResponses),
    security(("key" = []))
)]
pub(in crate::server) async fn delete(
    State(service): State<Arc<ServerState>>,
    PathId(id): PathId,
    QueryString(WriteRequest { wait }): QueryString<WriteRequest>,
) -> Result<axum::Json<WriteSummary>, ApiError> {
    let _permit = service.write_queue.permit()?;
    let summary = service.write_queue.write(QueuedWrite::Remove(id.clone()), wait).await?;
    if summary.removed == 0 {
        Err(ApiError::unknown_document(&id))
    } else {
        Ok(axum::Json(summary))
    }
}

/// Parses the documents in a request body: JSON Lines if `is_json_lines`, otherwise one object or an array of objects.
///
/// # Errors
///
/// [`Code::InvalidDocument`] if the body contains no document, or a document that cannot be indexed.
fn parse_documents(bytes: &Bytes, is_json_lines: bool) -> Result<Vec<Document>, ApiError> {
    let json_lines = if is_json_lines { bytes.to_vec() } else { to_json_lines(bytes)? };
    let mut documents = Vec::new();
    let mut errors = Vec::new();
    for document in read_json_lines(&format!("{NO_ID_PREFIX}line"), json_lines.as_slice()) {
        match document
            .and_then(with_inferred_metadata)
            .map_err(|error| error.to_string())
            .and_then(check_document)
        {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error.replace(NO_ID_PREFIX, "")),
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
        "nothing was changed; a document is {\"id\": …, \"title\": …, \"text\": …} with an id and a text",
    ))
}

/// Prefix of the name that the JSON reader gives to a document without an id. The prefix is a Unicode noncharacter,
/// with which no real id begins.
const NO_ID_PREFIX: char = '\u{FDD0}';

/// Returns the document, or the reason why the document cannot be indexed.
fn check_document(document: Document) -> Result<Document, String> {
    if document.id.starts_with(NO_ID_PREFIX) {
        return Err(format!("{}: has no id", document.id));
    }
    if document.id.len() > MAX_ID_BYTES {
        let id_start: String = document.id.chars().take(40).collect();
        return Err(format!("{id_start}…: the id has more than {MAX_ID_BYTES} bytes"));
    }
    if passages(&document).is_empty() {
        return Err(format!("{}: holds no text", document.id));
    }
    Ok(document)
}

/// Converts a JSON object, or an array of objects, to JSON Lines.
fn to_json_lines(bytes: &[u8]) -> Result<Vec<u8>, ApiError> {
    let body_value: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::malformed_request(format!("the body is not JSON: {error}")))?;
    let documents = match body_value {
        serde_json::Value::Array(documents) => documents,
        object => vec![object],
    };
    let json_lines: Vec<String> = documents.iter().map(ToString::to_string).collect();
    Ok(json_lines.join("\n").into_bytes())
}
