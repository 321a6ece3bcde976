//! The description of the service, made from its handlers and the types they answer with.

use std::sync::LazyLock;

use axum::response::Response;
use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        OpenApi as Description,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    documents::{self, json},
    passages, search, similar, status, suggest,
};
use crate::server::api_error::Failure;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "gz-search",
        description = "Full-text search over policy press releases, English and Chinese, that answers with passages."
    ),
    servers((url = "/")),
    paths(
        search::get, search::post, suggest::get, documents::get, documents::post, documents::delete,
        passages::get, similar::get, status::stats, status::health, status::ready, status::metrics, get,
    ),
    tags(
        (name = "search", description = "Find passages"),
        (name = "documents", description = "Read documents and passages, add and remove them"),
        (name = "status", description = "What the service says of itself"),
    ),
    security((), ("key" = [])),
    modifiers(&Keys),
)]
pub(in crate::server) struct Api;

/// Keys are sent in the Authorization header.
struct Keys;

impl Modify for Keys {
    fn modify(&self, description: &mut Description) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A key that `gz-search keys add` has printed."));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
    }
}

/// How any request may be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what handlers answer")]
pub(in crate::server) enum Refusals {
    /// A parameter or the body is not of its form
    #[response(status = 400)]
    Invalid(Failure),
    /// A key is needed
    #[response(status = 401)]
    Unauthorized(Failure),
    /// There is nothing of this id
    #[response(status = 404)]
    Unknown(Failure),
    /// The body came too slowly
    #[response(status = 408)]
    Slow(Failure),
    /// The body is larger than allowed
    #[response(status = 413)]
    Large(Failure),
    /// The address is longer than allowed
    #[response(status = 414)]
    Long(Failure),
    /// The body is of a type that is not read here
    #[response(status = 415)]
    Unsupported(Failure),
    /// The service does not go by the name in the header Host
    #[response(status = 421)]
    Misdirected(Failure),
    /// Too many requests of this client, or too many writes, are under way
    #[response(status = 429)]
    Many(Failure),
    /// Another process writes, or too much is going on
    #[response(status = 503)]
    Busy(Failure),
}

/// How else a request to write may be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what handlers answer")]
pub(in crate::server) enum WriteRefusals {
    /// The key may read and not write
    #[response(status = 403)]
    Forbidden(Failure),
    /// A document cannot be indexed; none of them was
    #[response(status = 422)]
    Document(Failure),
}

/// This description
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "status",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
pub(in crate::server) async fn get() -> Response {
    static WRITTEN: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string(&Api::openapi()).unwrap_or_default());
    json(WRITTEN.as_str())
}
