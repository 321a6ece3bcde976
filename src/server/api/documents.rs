//! `/documents`: reads a document with its passages, adds documents, and removes a document.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    highlighted_passage::{HighlightedPassage, highlight_passages},
    new_document::{NewDocument, parse_documents},
    responses::{ErrorResponses, WriteErrorResponses, json_response},
};
use crate::{
    error::Result,
    query::Query,
    render::object::DocumentObject,
    search::Searcher,
    server::{
        api_error::{ApiError, Code},
        extract::{body, path_id::PathId, query_string::QueryString, search_runner::SearchRunner},
        source_paths::make_sources_relative,
        state::{QueuedWrite, ServerState, WriteSummary},
    },
    span::OffsetUnit,
};

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
    #[schema(value_type = OffsetUnit)]
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
    runner: SearchRunner,
    PathId(id): PathId,
    QueryString(request): QueryString<DocumentRequest>,
) -> Result<Response, ApiError> {
    Ok(json_response(
        runner.run_on_search_thread(move |searcher| document_json(searcher, &id, &request)).await?,
    ))
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

/// Add documents, or replace documents with the same ids
///
/// Adds all documents or, if one of them cannot be indexed, none. The service answers once the documents are on disk.
/// A single object counts as a list of one document. With the media type `application/jsonl`, the body has one document
/// a line.
#[utoipa::path(
    post, path = "/documents", operation_id = "add_documents", tag = "documents", params(WriteRequest),
    request_body(content = Vec<NewDocument>, description = "Documents"),
    responses((status = 200, description = "The documents are on disk", body = WriteSummary), ErrorResponses, WriteErrorResponses),
    security(("key" = []))
)]
pub(in crate::server) async fn post(
    State(service): State<Arc<ServerState>>,
    QueryString(WriteRequest { wait }): QueryString<WriteRequest>,
    request: Request,
) -> Result<axum::Json<WriteSummary>, ApiError> {
    check_writable(&service)?;
    let _permit = service.write_queue.acquire_write_permit()?;
    let media_type = body::media_type(request.headers());
    let is_json_lines = match media_type.as_str() {
        "application/json" => false,
        "application/jsonl" | "application/x-ndjson" => true,
        _ => {
            return Err(body::unsupported_media_type("application/json or application/jsonl"));
        }
    };
    let bytes = body::read_bytes(request, &service, service.settings.max_body_bytes).await?;
    let searcher = service.current_snapshot.get().searcher;
    let parse = move || parse_documents(&bytes, is_json_lines, searcher.declared_fields());
    let parse_result = tokio::task::spawn_blocking(parse).await;
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
    check_writable(&service)?;
    let _permit = service.write_queue.acquire_write_permit()?;
    let summary = service.write_queue.write(QueuedWrite::Remove(id.clone()), wait).await?;
    if summary.removed == 0 {
        Err(ApiError::unknown_document(&id))
    } else {
        Ok(axum::Json(summary))
    }
}

/// Returns an error if the service searches several indexes, because a request does not say which index to change.
fn check_writable(service: &ServerState) -> Result<(), ApiError> {
    if !service.index.is_read_only() {
        return Ok(());
    }
    Err(ApiError::new(
        Code::MethodNotAllowed,
        "this service searches several indexes and changes none of them",
        "send the request to a service of the index to change",
    ))
}
