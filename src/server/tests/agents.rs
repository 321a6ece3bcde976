//! Tests of `/mcp`, the service for AI agents over HTTP.

use serde_json::json;

use super::*;

const MCP_HEADERS: [(&str, &str); 2] =
    [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];

/// Sends a message of the Model Context Protocol.
async fn send_message(
    router: &Router,
    headers: &[(&str, &str)],
    message: &Value,
) -> (StatusCode, Value) {
    let headers = [&MCP_HEADERS, headers].concat();
    let request = build_request("POST", "/mcp", &headers, &message.to_string());
    status_and_json(send(router, request).await).await
}

fn tool_call(tool: &str, arguments: &Value) -> Value {
    json!({
        "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": tool, "arguments": arguments},
    })
}

#[tokio::test]
async fn every_message_is_answered_without_a_session() {
    let (_, router) = service(Settings::default());
    let initialize = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
        },
    });
    let (status, answer) = send_message(&router, &[], &initialize).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["result"]["serverInfo"]["name"], "gz-search", "{answer}");
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    let (_, answer) = send_message(&router, &[], &list).await;
    assert!(answer["result"]["tools"].as_array().unwrap().len() >= 8, "{answer}");
    let (_, answer) =
        send_message(&router, &[], &tool_call("search", &json!({"query": "port"}))).await;
    let passage = &answer["result"]["structuredContent"]["passages"][0];
    assert_eq!(passage["id"], "2025/port.txt#0", "{answer}");
    let list = json!({"jsonrpc": "2.0", "id": 3, "method": "resources/list"});
    let (_, answer) = send_message(&router, &[], &list).await;
    let resource = &answer["result"]["resources"][0]["uri"];
    let read =
        json!({"jsonrpc": "2.0", "id": 4, "method": "resources/read", "params": {"uri": resource}});
    let (_, answer) = send_message(&router, &[], &read).await;
    let markdown = answer["result"]["contents"][0]["text"].as_str();
    assert!(markdown.is_some_and(|markdown| markdown.starts_with("# ")), "{resource} {answer}");
    let (_, answer) =
        send_message(&router, &[], &tool_call("search", &json!({"limit": "few"}))).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    let (_, answer) = send_message(&router, &[], &tool_call("drop_index", &json!({}))).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
}

#[tokio::test]
async fn the_protections_of_the_service_hold_for_agents() {
    let (_, router) = service(Settings::default());
    let search = tool_call("search", &json!({"query": "port"}));
    for (name, value, expected) in [
        ("host", "evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
    ] {
        let (status, answer) = send_message(&router, &[(name, value)], &search).await;
        assert_eq!(status, expected, "{name} {answer}");
    }
    let long = tool_call("search", &json!({"query": "port ".repeat(1 << 18)}));
    let request = build_request("POST", "/mcp", &MCP_HEADERS, &long.to_string());
    assert_eq!(send(&router, request).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let request = build_request("GET", "/mcp", &[("accept", "text/event-stream")], "");
    assert_eq!(send(&router, request).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn malformed_messages_get_errors_of_the_protocol() {
    let (_, router) = service(Settings::default());
    let search = tool_call("search", &json!("{\"query\": \"port\"}"));
    let (_, answer) = send_message(&router, &[], &search).await;
    assert_eq!(answer["id"], 7, "{answer}");
    let passage = &answer["result"]["structuredContent"]["passages"][0];
    assert_eq!(passage["id"], "2025/port.txt#0", "{answer}");
    for (method, params, code, expected) in [
        ("tools/call", json!({"arguments": {"query": "port"}}), -32602, "name"),
        ("tools/call", json!({"name": "search", "arguments": ["port"]}), -32602, "arguments"),
        ("resources/read", json!({}), -32602, "uri"),
        ("prompts/get", json!({"arguments": {}}), -32602, "name"),
        ("indexes/drop", json!({}), -32601, "indexes/drop"),
    ] {
        let request = json!({"jsonrpc": "2.0", "id": 5, "method": method, "params": params});
        let (_, answer) = send_message(&router, &[], &request).await;
        assert_eq!(answer["id"], 5, "{method} {answer}");
        assert_eq!(answer["error"]["code"], code, "{method} {answer}");
        let text = answer["error"]["message"].as_str().unwrap();
        assert!(text.contains(expected), "{method} {answer}");
    }
    for body in ["not JSON", "{\"query\": \"port\"}", "[]"] {
        let request = build_request("POST", "/mcp", &MCP_HEADERS, body);
        let (status, answer) = status_and_json(send(&router, request).await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body} {answer}");
        assert_eq!(answer["error"]["code"], -32700, "{body} {answer}");
    }
    let headers = [("content-type", "text/plain"), MCP_HEADERS[1]];
    let request = build_request("POST", "/mcp", &headers, "port");
    assert_eq!(send(&router, request).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
