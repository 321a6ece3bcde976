//! `/passages/ID`: a passage with its neighbours.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    documents::{Id, ShownPassage, json, shown},
    openapi::Refusals,
    search_request::within,
};
use crate::{
    query::Query,
    render::{Citation, object::DocumentObject},
    search::Searcher,
    server::{
        api_error::{Code, Failure},
        extract::query_string::Parameters,
        place::shorten,
        state::{Service, Snapshot},
    },
    span::OffsetUnit,
};

/// How a passage is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::server) struct PassageRequest {
    /// How many neighbours to return on each side.
    #[serde(default = "context")]
    #[param(default = 1, maximum = 100)]
    context: usize,
    /// Highlight what satisfies this query.
    q: Option<String>,
    /// What spans count in.
    #[serde(default)]
    offsets: OffsetUnit,
}

const fn context() -> usize {
    1
}

/// A passage and what stands around it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::server) struct PassageAnswer<'a> {
    /// What every span counts in: `utf-8`, `utf-16` or `codepoint`.
    offset_encoding: &'static str,
    document: DocumentObject<'a>,
    passage: ShownPassage<'a>,
    /// A citation of it, in plain text.
    citation: String,
    /// The passages before it, in the order of the document.
    before: Vec<ShownPassage<'a>>,
    /// The passages after it.
    after: Vec<ShownPassage<'a>>,
}

/// Show a passage with its neighbours
#[utoipa::path(
    get, path = "/passages/{id}", operation_id = "passage", tag = "documents",
    params(("id" = String, Path, description = "DOCUMENT#ORDINAL, percent-encoded: # is %23", example = "000_a379037c3665faf0.txt#4"), PassageRequest),
    responses((status = 200, description = "The passage", body = PassageAnswer<'_>), Refusals)
)]
pub(in crate::server) async fn get(
    State(service): State<Arc<Service>>,
    Snapshot { searcher, .. }: Snapshot,
    Id(id): Id,
    Parameters(request): Parameters<PassageRequest>,
) -> Result<Response, Failure> {
    within("context", request.context, 0, 100)?;
    let written = service.pool.run(move || written(&searcher, &id, &request)).await?;
    Ok(json(written))
}

fn written(
    searcher: &Searcher,
    id: &str,
    PassageRequest { context, q, offsets }: &PassageRequest,
) -> Result<String, Failure> {
    let found = searcher.passage(id, *context)?;
    let (mut document, passages) = found.ok_or_else(|| unknown(id))?;
    shorten(searcher, &mut document)?;
    let query = q.as_ref().map(Query::new);
    let at = passages.iter().position(|passage| passage.id == id).unwrap_or_default();
    let cited = passages.get(at).map(|passage| Citation::new(&document, passage).text());
    let mut before = shown(searcher, &passages, query.as_ref(), *offsets)?;
    let mut rest = before.split_off(at).into_iter();
    let passage = rest.next().ok_or_else(Failure::internal)?;
    let answer = PassageAnswer {
        offset_encoding: offsets.name(),
        document: DocumentObject::new(&document),
        passage,
        citation: cited.unwrap_or_default(),
        before,
        after: rest.collect(),
    };
    serde_json::to_string(&answer).map_err(|_| Failure::internal())
}

pub(in crate::server) fn unknown(id: &str) -> Failure {
    Failure::new(
        Code::UnknownPassage,
        format!("no passage has the id {id:?}"),
        "an id is DOCUMENT#ORDINAL with # as %23; a release that has changed may have fewer passages",
    )
}
