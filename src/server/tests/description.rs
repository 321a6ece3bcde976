//! Tests of the OpenAPI description: it covers every route, agrees with the answers, and has a form from which programs
//! can generate clients.

use super::*;
use crate::server::api::openapi::Api;

/// Returns the description of the service.
fn description() -> Value {
    serde_json::to_value(<Api as utoipa::OpenApi>::openapi()).unwrap()
}

/// Returns all operations, each with its method and path, as in `get /search`.
fn operations(description: &Value) -> Vec<(String, &Value)> {
    let paths = description["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.collect()
}

/// Returns the schema, or the schema that it refers to.
fn resolved_schema<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .map_or(schema, |target| description.pointer(target.strip_prefix('#').unwrap()).unwrap())
}

#[tokio::test]
async fn the_openapi_description_covers_every_route() {
    let (_, router) = service(Settings::default());
    let (_, description) = get(&router, "/openapi.json").await;
    assert_eq!(description, self::description());
    let mut ids = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let uri = path.replace("{id}", "none");
            let request = build_request(&method.to_uppercase(), &uri, &[], "");
            let status = send(&router, request).await.status();
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert!(status != StatusCode::NOT_FOUND || path.ends_with("{id}"), "{method} {path}");
            ids.push(operation["operationId"].to_string());
        }
    }
    let operations = if cfg!(feature = "archive") { 23 } else { 21 };
    assert_eq!(ids.len(), operations);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), operations, "{ids:?}");
}

#[test]
fn every_operation_has_one_media_type() {
    let description = description();
    for (name, operation) in operations(&description) {
        let body = operation.get("requestBody").map(|body| ("body", body));
        let answers = operation["responses"].as_object().unwrap().iter();
        for (part, described) in
            answers.map(|(status, answer)| (status.as_str(), answer)).chain(body)
        {
            let media_types = described["content"].as_object().unwrap();
            assert_eq!(media_types.len(), 1, "{name} {part}");
            let schema = &media_types.values().next().unwrap()["schema"];
            assert!(schema.get("$ref").or(schema.get("type")).is_some(), "{name} {part}");
        }
    }
}

#[test]
fn parameters_are_scalars_or_lists_of_scalars() {
    let description = description();
    let mut checked = 0;
    for (name, operation) in operations(&description) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = resolved_schema(&description, &parameter["schema"]);
            let element =
                schema.get("items").map_or(schema, |items| resolved_schema(&description, items));
            let type_name =
                element["type"].as_str().unwrap_or_else(|| panic!("{name} {parameter}"));
            assert!(matches!(type_name, "string" | "integer" | "boolean"), "{name} {parameter}");
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked}");
}

/// Checks a value against its schema: it has every required field, and no field that is not described. A field that
/// may be absent is never null.
fn check_against_schema(description: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolved_schema(description, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        for part in parts {
            let part = resolved_schema(description, part);
            let fields = part["properties"].as_object().unwrap().keys();
            let fields = fields.filter_map(|key| Some((key.clone(), value.get(key)?.clone())));
            check_against_schema(description, part, &Value::Object(fields.collect()), place);
        }
        return;
    }
    if let Some(alternatives) = schema["oneOf"].as_array() {
        let described = alternatives.iter().find(|schema| schema["type"] != "null").unwrap();
        if !value.is_null() {
            check_against_schema(description, described, value, place);
        }
        return;
    }
    for (index, element) in value.as_array().into_iter().flatten().enumerate() {
        check_against_schema(description, &schema["items"], element, &format!("{place}[{index}]"));
    }
    let Some(object) = value.as_object() else { return };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for name in &required {
        assert!(object.contains_key(*name), "{place} lacks {name}");
    }
    for (name, field) in object {
        let place = format!("{place}.{name}");
        let further_fields = schema.get("additionalProperties");
        let field_schema = schema["properties"].get(name).or(further_fields);
        let field_schema = field_schema.unwrap_or_else(|| panic!("{place} is not described"));
        let is_optional = further_fields.is_none() && !required.contains(&name.as_str());
        assert!(!(is_optional && field.is_null()), "{place} is null, but may be absent");
        check_against_schema(description, field_schema, field, &place);
    }
}

#[tokio::test]
async fn answers_have_the_required_fields() {
    let description = description();
    let (_, router) = service(Settings::default());
    for (path, parameters) in [
        ("/search", "q=port&facets=year,issuer&explain=true&context=1&cite=apa"),
        ("/search", "q=port&collapse=near&limit=1"),
        ("/search", "q=port&group=release"),
        ("/suggest", "q=po"),
        ("/facts", ""),
        ("/stats", ""),
        ("/health", ""),
        ("/documents/{id}", "q=port"),
        ("/passages/{id}", "q=port"),
        ("/similar/{id}", ""),
        ("/resolve", "link=none%231@0123456789abcdef"),
    ] {
        let id = if path.starts_with("/documents") { "2025/port.txt" } else { "2025/port.txt%231" };
        let uri = format!("{}?{parameters}", path.replace("{id}", id));
        let (status, answer) = get(&router, &uri).await;
        assert_eq!(status, StatusCode::OK, "{uri} {answer}");
        let content = &description["paths"][path]["get"]["responses"]["200"]["content"];
        check_against_schema(&description, &content["application/json"]["schema"], &answer, &uri);
    }
}
