//! OpenAPI description of the service, derived from the handlers and their types.

use std::sync::LazyLock;

use axum::response::Response;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Description, RefOr, Schema,
        schema::{SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    citations, documents, exports, facts, passages, resolve, responses::json_response, search,
    similar, status, suggest,
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
        passages::get, citations::get, resolve::get, similar::get, status::stats, status::health, status::ready, status::metrics,
        exports::search_csv, exports::search_jsonl, exports::search_markdown, exports::search_html, exports::facts_csv,
        exports::facts_markdown,
    ),
    tags(
        (name = "search", description = "Find passages"),
        (name = "documents", description = "Read documents and passages, add and remove documents"),
        (name = "status", description = "Status of the service"),
    ),
    security((), ("key" = [])),
    modifiers(&BearerKeyModifier, &WorkbookPathsModifier, &NullableFieldsModifier),
)]
pub(in crate::server) struct Api;

/// Adds the paths that return Excel workbooks to the description, if the program can write workbooks.
struct WorkbookPathsModifier;

impl Modify for WorkbookPathsModifier {
    #[cfg(feature = "archive")]
    fn modify(&self, description: &mut Description) {
        #[derive(OpenApi)]
        #[openapi(paths(exports::search_xlsx, exports::facts_xlsx))]
        struct WorkbookPaths;

        description.paths.paths.append(&mut WorkbookPaths::openapi().paths.paths);
    }

    #[cfg(not(feature = "archive"))]
    fn modify(&self, _: &mut Description) {}
}

/// Adds the security scheme to the description: a key in the Authorization header.
struct BearerKeyModifier;

impl Modify for BearerKeyModifier {
    fn modify(&self, description: &mut Description) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A key that `gz-search keys add` has printed."));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
    }
}

/// Names of the schemas of requests, in which a field that may be null may also be absent.
const REQUEST_SCHEMAS: [&str; 2] = ["NewDocument", "SearchRequest"];

/// Marks the fields of answers that may be null as required, because an answer always contains them. Generated clients
/// then have one empty value for them, not two.
struct NullableFieldsModifier;

impl Modify for NullableFieldsModifier {
    fn modify(&self, description: &mut Description) {
        let components = description.components.get_or_insert_default();
        for (name, schema) in &mut components.schemas {
            if let RefOr::T(Schema::Object(object)) = schema
                && !REQUEST_SCHEMAS.contains(&name.as_str())
            {
                let nullable =
                    object.properties.iter().filter(|(_, field)| schema_allows_null(field));
                object.required.extend(nullable.map(|(field, _)| field.clone()));
            }
        }
    }
}

/// Returns whether null is a value of the schema.
fn schema_allows_null(schema: &RefOr<Schema>) -> bool {
    let includes_null = |schema_type: &SchemaType| match schema_type {
        SchemaType::Array(types) => types.contains(&Type::Null),
        schema_type => *schema_type == SchemaType::Type(Type::Null),
    };
    match schema {
        RefOr::T(Schema::Object(object)) => includes_null(&object.schema_type),
        RefOr::T(Schema::Array(array)) => includes_null(&array.schema_type),
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter().any(schema_allows_null),
        _ => false,
    }
}

/// Returns the description. The path `/openapi.json` itself is not part of the description.
pub(in crate::server) async fn get() -> Response {
    static OPENAPI_DESCRIPTION: LazyLock<String> =
        LazyLock::new(|| serde_json::to_string(&Api::openapi()).unwrap_or_default());
    json_response(OPENAPI_DESCRIPTION.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the targets of all references in a JSON value.
    fn reference_targets(value: &serde_json::Value) -> Vec<String> {
        match value {
            serde_json::Value::Object(object) => {
                let own = object.get("$ref").and_then(|target| target.as_str()).map(str::to_owned);
                own.into_iter().chain(object.values().flat_map(reference_targets)).collect()
            }
            serde_json::Value::Array(items) => items.iter().flat_map(reference_targets).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_referenced_schema_is_described() {
        let description = serde_json::to_value(Api::openapi()).unwrap();
        let targets = reference_targets(&description);
        assert!(targets.len() > 50);
        for target in targets {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(description.pointer(pointer).is_some(), "{target}");
        }
    }
}
