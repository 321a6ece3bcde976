//! Reads the parameters of requests that the crate rmcp could not read. Some models send the arguments of a tool as a
//! JSON text, which is accepted. Any other malformed parameter is an error that says what is wrong.

use rmcp::{
    ErrorData,
    model::{CustomResult, JsonObject, ServerResult},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{arguments::MAX_ERROR_TOKENS, token_estimate::truncate};

/// Reads the parameters of a request.
///
/// # Errors
///
/// The protocol error for invalid parameters. The error message names the parameter.
pub(super) fn read_request_params<T: DeserializeOwned>(
    params: Option<Value>,
) -> Result<T, ErrorData> {
    let params = params.filter(|params| !params.is_null());
    let params = params.unwrap_or_else(|| Value::Object(JsonObject::new()));
    let problem = match params.get("arguments") {
        Some(Value::Object(_) | Value::Null) | None => None,
        Some(_) => Some("arguments must be an object: {\"name\": value, …}".to_owned()),
    };
    let read = serde_json::from_value(params);
    read.map_err(|error| {
        let message = problem.unwrap_or_else(|| format!("malformed parameters: {error}"));
        ErrorData::invalid_params(truncate(&message, MAX_ERROR_TOKENS), None)
    })
}

/// Returns `params` after parsing the value of the key `arguments`. If this value is a text that contains a JSON
/// object, the object replaces the text. Null replaces a blank text. Other values stay unchanged.
pub(super) fn with_parsed_arguments(params: Option<Value>) -> Option<Value> {
    let mut params = params?;
    if let Some(arguments) = params.get_mut("arguments")
        && let Some(text) = arguments.as_str()
    {
        if text.trim().is_empty() {
            *arguments = Value::Null;
        } else if let Ok(object) = serde_json::from_str::<JsonObject>(text) {
            *arguments = Value::Object(object);
        }
    }
    Some(params)
}

/// Converts a result to the type that the crate rmcp requires for the answer to a request that it could not read.
///
/// # Errors
///
/// An internal error if the result cannot be written as JSON.
pub(super) fn to_custom_result(result: impl Into<ServerResult>) -> Result<CustomResult, ErrorData> {
    let value = serde_json::to_value(result.into());
    value.map(CustomResult::new).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

#[cfg(test)]
mod tests {
    use rmcp::model::{CallToolRequestParams, ReadResourceRequestParams};
    use serde_json::json;

    use super::*;

    #[test]
    fn tool_arguments_may_be_a_json_text() {
        for (arguments, expected) in [
            (json!("{\"query\": \"ports\"}"), Some(json!({"query": "ports"}))),
            (json!({"query": "ports"}), Some(json!({"query": "ports"}))),
            (json!(""), None),
        ] {
            let params = json!({"name": "search", "arguments": arguments});
            let call: CallToolRequestParams =
                read_request_params(with_parsed_arguments(Some(params))).unwrap();
            assert_eq!(call.arguments.map(Value::Object), expected, "{arguments}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let call_error = |params: Option<Value>| {
            read_request_params::<CallToolRequestParams>(with_parsed_arguments(params)).unwrap_err()
        };
        for (params, expected) in [
            (None, "name"),
            (Some(Value::Null), "name"),
            (Some(json!({"arguments": {}})), "name"),
            (
                Some(json!({"name": "search", "arguments": ["ports"]})),
                "arguments must be an object",
            ),
            (Some(json!({"name": "search", "arguments": "ports"})), "arguments must be an object"),
        ] {
            let error = call_error(params.clone());
            assert_eq!(error.code, rmcp::model::ErrorCode::INVALID_PARAMS, "{params:?}");
            assert!(error.message.contains(expected), "{params:?} {error}");
        }
        let error = read_request_params::<ReadResourceRequestParams>(Some(json!({}))).unwrap_err();
        assert!(error.message.contains("uri"), "{error}");
    }
}
