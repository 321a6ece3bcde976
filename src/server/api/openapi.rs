//! OpenAPI description of the service, derived from the handlers and their types.

use std::sync::LazyLock;

use axum::response::Response;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Description,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    citations, documents, facts, passages, resolve, responses::json_response, search, similar,
    status, suggest,
};

/// OpenAPI description of the service. A new handler needs a line under `paths` and a route in `router.rs`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "gz-search",
        description = "Full-text search over policy press releases in English and Chinese. It returns passages."
    ),
    servers((url = "/")),
    paths(
        search::get, search::post, suggest::get, facts::get, documents::get, documents::post, documents::delete,
        passages::get, citations::get, resolve::get, similar::get, status::stats, status::health, status::ready, status::metrics, get,
    ),
    // utoipa finds the other schemas by the paths. It does not find the schemas of parameters, nor those of a response
    // in
  // several formats.
    components(schemas(facts::FactsFormat, facts::FactsResponse<'_>)),
    tags(
        (name = "search", description = "Find passages"),
        (name = "documents", description = "Read documents and passages, add and remove documents"),
        (name = "status", description = "Status of the service"),
    ),
    security((), ("key" = [])),
    modifiers(&BearerKey),
)]
pub(in crate::server) struct Api;

/// Adds the security scheme to the description: a key in the Authorization header.
struct BearerKey;

impl Modify for BearerKey {
    fn modify(&self, description: &mut Description) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A key that `gz-search keys add` has printed."));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
    }
}

/// Get the OpenAPI description
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "status",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
pub(in crate::server) async fn get() -> Response {
    static DESCRIPTION: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string(&Api::openapi()).unwrap_or_default());
    json_response(DESCRIPTION.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the targets of all references in a JSON value.
    fn references(value: &serde_json::Value) -> Vec<String> {
        match value {
            serde_json::Value::Object(object) => {
                let own = object.get("$ref").and_then(|target| target.as_str()).map(str::to_owned);
                own.into_iter().chain(object.values().flat_map(references)).collect()
            }
            serde_json::Value::Array(items) => items.iter().flat_map(references).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_referenced_schema_is_described() {
        let description = serde_json::to_value(Api::openapi()).unwrap();
        let targets = references(&description);
        assert!(targets.len() > 50);
        for target in targets {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(description.pointer(pointer).is_some(), "{target}");
        }
    }
}
