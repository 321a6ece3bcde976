//! `/documents`: a document and its passages; documents that are sent → the index.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::openapi::{Refusals, WriteRefusals};
use crate::{
    document::{Document, read_json_lines, with_inferred_metadata},
    error::Result,
    passage::passages,
    query::Query,
    render::object::{DocumentObject, PassageObject, SpanObject, span_objects},
    search::{PassageInfo, Searcher},
    server::{
        api_error::{Code, Failure},
        extract::{body, query_string::Parameters},
        place::shorten,
        state::{Change, Service, Snapshot, Written},
    },
    span::OffsetUnit,
};

/// So many refused documents are told one by one.
const MAX_TOLD: usize = 5;

/// The id at the end of a path. It may have slashes, as they are or percent-encoded.
#[derive(Debug)]
pub(in crate::server) struct Id(pub(in crate::server) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|rejection| body::misread("id", &rejection.body_text()))
    }
}

/// How a document is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct DocumentRequest {
    /// Highlight what satisfies this query.
    q: Option<String>,
    /// What spans count in.
    #[serde(default)]
    offsets: OffsetUnit,
}

/// A document with all its passages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct DocumentAnswer<'a> {
    /// What every span counts in: `utf-8`, `utf-16` or `codepoint`.
    offset_encoding: &'static str,
    document: DocumentObject<'a>,
    /// What else is said about it.
    metadata: &'a BTreeMap<String, String>,
    /// In the order of the document.
    passages: Vec<ShownPassage<'a>>,
}

/// A passage with what is highlighted in it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct ShownPassage<'a> {
    #[serde(flatten)]
    passage: PassageObject<'a>,
    /// What satisfies the query, as spans of the passage; empty without one.
    highlights: Vec<SpanObject>,
}

/// Show a document with its passages
#[utoipa::path(
    get, path = "/documents/{id}", operation_id = "document", tag = "documents",
    params(("id" = String, Path, description = "Percent-encoded; slashes may stand as they are"), DocumentRequest),
    responses((status = 200, description = "The document", body = DocumentAnswer<'_>), Refusals)
)]
pub(in crate::server) async fn get(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    Id(id): Id,
    Parameters(request): Parameters<DocumentRequest>,
) -> Result<Response, Failure> {
    Ok(json(service.pool.run(move || written(&searcher, &id, &request)).await?))
}

fn written(
    searcher: &Searcher,
    id: &str,
    DocumentRequest { q, offsets }: &DocumentRequest,
) -> Result<String, Failure> {
    let (mut document, passages) = searcher.document(id)?.ok_or_else(|| unknown(id))?;
    shorten(searcher, &mut document)?;
    let query = q.as_ref().map(Query::new);
    let answer = DocumentAnswer {
        offset_encoding: offsets.name(),
        document: DocumentObject::new(&document),
        metadata: &document.metadata,
        passages: shown(searcher, &passages, query.as_ref(), *offsets)?,
    };
    serde_json::to_string(&answer).map_err(|_| Failure::internal())
}

/// Passages with what satisfies `query` in each.
pub(in crate::server) fn shown<'a>(
    searcher: &Searcher,
    passages: &'a [PassageInfo],
    query: Option<&Query>,
    unit: OffsetUnit,
) -> Result<Vec<ShownPassage<'a>>> {
    let one = |passage: &'a PassageInfo| {
        let spans = query.map(|query| searcher.highlights(query, &passage.text)).transpose()?;
        let highlights = span_objects(&spans.unwrap_or_default(), &passage.text, unit);
        Ok(ShownPassage { passage: PassageObject::new(passage, unit), highlights })
    };
    passages.iter().map(one).collect()
}

/// An answer of JSON that is written already.
pub(in crate::server) fn json(body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.into())
        .into_response()
}

pub(in crate::server) fn unknown(id: &str) -> Failure {
    Failure::new(
        Code::UnknownDocument,
        format!("no document has the id {id:?}"),
        "ids are those of /search, percent-encoded",
    )
}

/// How a write is answered.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct WriteRequest {
    /// Answer only when searches see the change. Without it they do within a second.
    #[serde(default)]
    wait: bool,
}

/// A document as it is sent. Other keys are kept as metadata.
#[derive(Debug, ToSchema)]
#[schema(as = NewDocument)]
#[expect(dead_code, reason = "describes what read_json_lines reads")]
pub(in crate::server) struct NewDocument {
    /// Unique in the index: takes the place of the document that has it.
    #[schema(min_length = 1)]
    id: String,
    title: Option<String>,
    /// Its paragraphs, with an empty line between two.
    #[schema(min_length = 1)]
    text: String,
    /// The day it was published, as 2025-12-17.
    date: Option<String>,
    /// The body that announced it.
    issuer: Option<String>,
    /// Its canonical address.
    url: Option<String>,
    /// A BCP 47 code; told from the text where there is none.
    lang: Option<String>,
}

/// Add documents, in place of those that have the same ids
///
/// All of them or, where one cannot be indexed, none. The answer comes when they are on disk.
#[utoipa::path(
    post, path = "/documents", operation_id = "add_documents", tag = "documents", params(WriteRequest),
    request_body(description = "A document, a list of documents, or one on each line", content(
        (NewDocument = "application/json"), (String = "application/jsonl"), (String = "application/x-ndjson"),
    )),
    responses((status = 200, description = "They are on disk", body = Written), Refusals, WriteRefusals),
    security(("key" = []))
)]
pub(in crate::server) async fn post(
    State(service): State<Arc<Service>>,
    Parameters(WriteRequest { wait }): Parameters<WriteRequest>,
    request: Request,
) -> Result<axum::Json<Written>, Failure> {
    let _place = service.writes.place()?;
    let media_type = body::media_type(request.headers());
    let lines = match media_type.as_str() {
        "application/json" => false,
        "application/jsonl" | "application/x-ndjson" => true,
        _ => return Err(body::unsupported("application/json or application/jsonl")),
    };
    let bytes = body::bytes(request, &service, service.settings.max_body_bytes).await?;
    let documents = tokio::task::spawn_blocking(move || documents(&bytes, lines)).await;
    let documents = documents.unwrap_or_else(|_| Err(Failure::internal()))?;
    service.writes.write(Change::Add(documents), wait).await.map(axum::Json)
}

/// Remove a document
#[utoipa::path(
    delete, path = "/documents/{id}", operation_id = "remove_document", tag = "documents",
    params(("id" = String, Path, description = "Percent-encoded; slashes may stand as they are"), WriteRequest),
    responses((status = 200, description = "It is gone from disk", body = Written), Refusals, WriteRefusals),
    security(("key" = []))
)]
pub(in crate::server) async fn delete(
    State(service): State<Arc<Service>>,
    Id(id): Id,
    Parameters(WriteRequest { wait }): Parameters<WriteRequest>,
) -> Result<axum::Json<Written>, Failure> {
    let _place = service.writes.place()?;
    let written = service.writes.write(Change::Remove(id.clone()), wait).await?;
    if written.removed == 0 { Err(unknown(&id)) } else { Ok(axum::Json(written)) }
}

/// The documents of a body: each must have an id and a text.
fn documents(bytes: &Bytes, lines: bool) -> Result<Vec<Document>, Failure> {
    let lines = if lines { bytes.to_vec() } else { as_lines(bytes)? };
    let mut documents = Vec::new();
    let mut refused = Vec::new();
    for document in read_json_lines(&format!("{MARK}line"), lines.as_slice()) {
        match document
            .and_then(with_inferred_metadata)
            .map_err(|error| error.to_string())
            .and_then(fit)
        {
            Ok(document) => documents.push(document),
            Err(error) => refused.push(error.replace(MARK, "")),
        }
    }
    if documents.is_empty() && refused.is_empty() {
        refused.push("the body holds no document".to_owned());
    }
    if refused.is_empty() {
        return Ok(documents);
    }
    let more = refused.len().saturating_sub(MAX_TOLD);
    refused.truncate(MAX_TOLD);
    if more > 0 {
        refused.push(format!("… and {more} more"));
    }
    Err(Failure::new(
        Code::InvalidDocument,
        refused.join("; "),
        "nothing was changed; a document is {\"id\": …, \"title\": …, \"text\": …} with an id and a text",
    ))
}

/// Stands before the place that a document without an id is named by: no text of JSON has it by chance.
const MARK: char = '\u{FDD0}';
/// Longer ids cannot be looked up.
const MAX_ID_BYTES: usize = 1_024;

/// A document that can be indexed, or why it cannot.
fn fit(document: Document) -> Result<Document, String> {
    if document.id.starts_with(MARK) {
        return Err(format!("{}: has no id", document.id));
    }
    if document.id.len() > MAX_ID_BYTES {
        let begin: String = document.id.chars().take(40).collect();
        return Err(format!("{begin}…: the id has more than {MAX_ID_BYTES} bytes"));
    }
    if passages(&document).is_empty() {
        return Err(format!("{}: holds no text", document.id));
    }
    Ok(document)
}

/// A JSON value, an object or a list of them, as one object on each line.
fn as_lines(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let value: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|error| body::misread(".", &format!("the body is not JSON: {error}")))?;
    let values = match value {
        serde_json::Value::Array(values) => values,
        value => vec![value],
    };
    let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
    Ok(lines.join("\n").into_bytes())
}
