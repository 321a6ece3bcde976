//! Tests of requests that read: parameters, formats, errors, caching, CORS, compression.

use std::sync::Arc;

use axum::{
    Router,
    body::to_bytes,
    http::{StatusCode, header},
};
use serde_json::json;
use tower::ServiceExt;

use super::{build_request, get, send, service, service_of, status_and_json};
use crate::{
    analysis::{WordList, WordLists},
    document::Document,
    index::Index,
    server::{Settings, router::router, state::ServerState},
};

#[tokio::test]
async fn get_and_post_return_the_same_page() {
    let (_, router) = service(Settings::default());
    let (status, page) = get(&router, "/search?q=port&limit=1&context=1").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page["hits"][0]["passage"]["id"], "2025/port.txt#0");
    assert_eq!(page["hits"][0]["context"]["after"][0]["text"], "It <grew> fast.");
    let body = json!({"q": "port", "limit": 1, "context": 1}).to_string();
    let json_type = [("content-type", "application/json; charset=utf-8")];
    let (_, mut posted) =
        status_and_json(send(&router, build_request("POST", "/search", &json_type, &body)).await)
            .await;
    posted["elapsed_ms"] = page["elapsed_ms"].clone();
    assert_eq!(posted, page);
}

#[tokio::test]
async fn a_json_body_may_have_nulls_and_numbers_as_texts_and_single_values() {
    let (_, router) = service(Settings::default());
    let parameters = [
        "limit",
        "offset",
        "cursor",
        "group",
        "collapse",
        "sort",
        "strict",
        "issuer",
        "speaker",
        "lang",
        "source",
        "after",
        "before",
        "only",
        "facets",
        "facet_limit",
        "cite",
        "context",
        "explain",
        "fragments",
        "width",
        "offsets",
        "format",
    ];
    let mut null_parameters = json!({"q": "*"});
    for name in parameters {
        null_parameters[name] = json!(null);
    }
    for (body, total) in [
        (null_parameters, 4),
        (json!({"q": "*", "lang": "zh", "limit": "3"}), 1),
        (json!({"q": "*", "lang": ["zh", "en"], "context": 1.0, "strict": "true"}), 4),
        (json!({"q": "*", "facets": "lang,year", "only": "lang=en"}), 3),
        (json!({"q": "*", "facets": ["lang", "year"], "only": []}), 4),
    ] {
        let json_type = [("content-type", "application/json")];
        let request = build_request("POST", "/search", &json_type, &body.to_string());
        let (status, page) = status_and_json(send(&router, request).await).await;
        assert_eq!((status, &page["total"]), (StatusCode::OK, &json!(total)), "{body} {page}");
    }
}

#[tokio::test]
async fn every_search_parameter_has_an_effect() {
    let (_, router) = service(Settings::default());
    for (parameters, total, first) in [
        ("q=%E6%B8%AF%E5%8F%A3&offsets=utf-16", 1, "zh#0"),
        ("q=*&lang=zh", 1, "zh#0"),
        ("q=*&lang=zh&lang=en&sort=date", 4, "2025/port.txt#0"),
        ("q=*&source=none", 0, ""),
        ("q=*&after=2025", 0, ""),
        ("q=port&issuer=+&lang=&after=&before=&cursor=&only=", 1, "2025/port.txt#0"),
        ("q=*&only=lang%3Den", 3, "2025/port.txt#0"),
        ("q=*&facets=lang&facets=year&facet_limit=1&cite=markdown", 4, "2025/port.txt#0"),
        ("q=*&facets=lang,+year&facets=issuer", 4, "2025/port.txt#0"),
        ("q=*&collapse=document&limit=5&offset=1", 4, "zh#0"),
        ("q=fast&strict=true&explain=true&fragments=1&width=20", 1, "2025/port.txt#1"),
        ("q=fas&strict=true", 0, ""),
        ("q=fas&strict=true&prefix=last", 1, "2025/port.txt#1"),
        ("q=fas+&strict=true&prefix=last", 0, ""),
        ("q=rails+came", 1, "2025/port.txt#2"),
        ("q=", 0, ""),
    ] {
        let (status, page) = get(&router, &format!("/search?{parameters}")).await;
        assert_eq!(status, StatusCode::OK, "{parameters} {page}");
        assert_eq!(page["total"], total, "{parameters} {page}");
        let id = page["hits"][0]["passage"]["id"].as_str().unwrap_or_default();
        assert_eq!(id, first, "{parameters} {page}");
    }
}

#[tokio::test]
async fn synonyms_can_be_turned_off() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    writer.add(&Document::new("harbour", "The harbour opened.")).unwrap();
    writer.commit().unwrap();
    index.set_word_lists(WordLists::default().with(WordList::Synonyms, "port => harbour"));
    let (_, router) = service_of(index, Settings::default());
    for (parameters, total) in [("", 1), ("&synonyms=true", 1), ("&synonyms=false", 0)] {
        let (_, page) = get(&router, &format!("/search?q=port{parameters}")).await;
        assert_eq!(page["total"], total, "{parameters} {page}");
    }
    let (_, page) = get(&router, "/search?q=port").await;
    assert_eq!(page["notes"][0]["message"], "port also searched as harbour (synonyms)");
}

#[tokio::test]
async fn results_are_grouped_by_release_on_request() {
    let (_, router) = service(Settings::default());
    let (status, page) = get(&router, "/search?q=*&group=release").await;
    assert_eq!((status, &page["hits"]), (StatusCode::OK, &json!([])));
    let groups = page["groups"].as_array().unwrap();
    assert_eq!(page["total_documents"], groups.len());
    let port = groups.iter().find(|group| group["document"] == "2025/port.txt").unwrap();
    assert_eq!(port["hits"].as_array().unwrap().len(), 3);
    let (status, _) = get(&router, "/search?q=*&group=release&collapse=near").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn malformed_requests_get_a_code_and_a_hint() {
    let (_, router) = service(Settings::default());
    let long_uri = format!("/search?q={}", "x".repeat(9_000));
    let json_type = [("content-type", "application/json")];
    let large_body = format!("{{\"q\": \"{}\"}}", "x".repeat(70_000));
    for (method, uri, headers, body, status, code, message) in [
        ("GET", "/search", &[][..], "", 400, "invalid_request", "q is missing"),
        ("GET", "/search?q=a&limt=1", &[], "", 400, "invalid_request", "no parameter \"limt\""),
        (
            "GET",
            "/search?q=a&limit=many",
            &[],
            "",
            400,
            "invalid_request",
            "limit is \"many\": give",
        ),
        ("GET", "/search?q=a&limit=1001", &[], "", 400, "invalid_request", "limit is 1001"),
        ("GET", "/search?q=a&offset=99999999", &[], "", 400, "invalid_request", "offset is"),
        ("GET", "/search?q=a&fragments=0", &[], "", 400, "invalid_request", "fragments is 0"),
        ("GET", "/search?q=a&prefix=first", &[], "", 400, "invalid_request", "prefix"),
        ("GET", "/search?q=a&sort=size", &[], "", 400, "invalid_request", "no sort order size"),
        (
            "GET",
            "/search?q=a&after=soon",
            &[],
            "",
            400,
            "invalid_request",
            "\"soon\" is not a date",
        ),
        ("GET", "/search?q=a&cursor=x", &[], "", 400, "invalid_request", "\"x\" is not a cursor"),
        (
            "GET",
            "/search?q=a&cursor=x&offset=1",
            &[],
            "",
            400,
            "invalid_request",
            "cannot be combined",
        ),
        ("GET", "/search?q=a&q=b", &[], "", 400, "invalid_request", "q is a list of 2 values"),
        ("GET", "/search?q=a&only=size%3D1", &[], "", 400, "invalid_request", "no facet size"),
        ("GET", "/search?q=a&facets=lang,size", &[], "", 400, "invalid_request", "no facet size"),
        ("GET", "/suggest?q=a&limit=101", &[], "", 400, "invalid_request", "limit is 101"),
        ("GET", &long_uri, &[], "", 414, "uri_too_long", "8192 bytes"),
        ("POST", "/search", &[], "{}", 415, "unsupported_media_type", "not supported"),
        ("POST", "/search", &json_type, "{", 400, "invalid_request", "the body is not JSON"),
        ("POST", "/search", &json_type, "[]", 400, "invalid_request", "not a JSON object"),
        ("POST", "/search", &json_type, "{\"q\": null}", 400, "invalid_request", "q is missing"),
        ("POST", "/search", &json_type, "{\"q\": {}}", 400, "invalid_request", "q is an object"),
        (
            "POST",
            "/search",
            &json_type,
            "{\"q\": \"a\"} x",
            400,
            "invalid_request",
            "the body is not JSON",
        ),
        ("POST", "/search", &json_type, &large_body, 413, "too_large", "larger than allowed"),
        ("GET", "/documents/none", &[], "", 404, "unknown_document", "\"none\""),
        ("GET", "/documents/..%2f..%2fetc%2fpasswd", &[], "", 404, "unknown_document", "passwd"),
        ("GET", "/documents/%FF", &[], "", 400, "invalid_request", "id: "),
        ("GET", "/passages/zh%231", &[], "", 404, "unknown_passage", "\"zh#1\""),
        ("GET", "/similar/zh%231", &[], "", 404, "unknown_passage", "\"zh#1\""),
        ("GET", "/similar/zh%230?limit=101", &[], "", 400, "invalid_request", "limit is 101"),
        ("GET", "/passages/zh", &[], "", 404, "unknown_passage", "\"zh\""),
        ("GET", "/none", &[], "", 404, "not_found", "nothing at this path"),
        ("GET", "//search?q=a", &[], "", 404, "not_found", "nothing at this path"),
        ("DELETE", "/search", &[], "", 405, "method_not_allowed", "does not support that method"),
        ("GET", "/documents", &[], "", 405, "method_not_allowed", "does not support that method"),
        ("POST", "/documents", &json_type, "{}", 401, "unauthorized", "a key is needed"),
        ("DELETE", "/documents/zh", &[], "", 401, "unauthorized", "a key is needed"),
    ] {
        let (actual, error) =
            status_and_json(send(&router, build_request(method, uri, headers, body)).await).await;
        assert_eq!(actual, status, "{method} {uri} {error}");
        assert_eq!(error["code"], code, "{method} {uri} {error}");
        assert!(error["message"].as_str().unwrap().contains(message), "{method} {uri} {error}");
        assert!(!error["hint"].as_str().unwrap().is_empty());
    }
    let response = send(&router, build_request("PUT", "/search", &[], "")).await;
    assert_eq!(response.headers()[header::ALLOW], "GET,HEAD,POST");
}

#[tokio::test]
async fn facets_and_citations_are_returned() {
    let (_, router) = service(Settings::default());
    let (_, page) = get(&router, "/search?q=*&limit=1&facets=lang&facet_limit=1&cite=text").await;
    let lang = &page["facets"]["lang"];
    assert_eq!(lang["values"], json!([{"value": "en", "passages": 3, "documents": 1}]));
    assert_eq!((&lang["more"], &lang["without"]["passages"]), (&json!(1), &json!(0)));
    let citation = page["hits"][0]["citation"].as_str().unwrap();
    assert!(citation.contains("“Port news”, paragraph 1 [2025/port.txt#0]"), "{citation}");
    let (_, body) = get(&router, "/passages/2025%2Fport.txt%230").await;
    assert_eq!(body["citation"], citation);
}

#[tokio::test]
async fn documents_and_passages_contain_highlights() {
    let (_, router) = service(Settings::default());
    for uri in ["/documents/2025%2Fport.txt?q=grew", "/documents/2025/port.txt?q=grew"] {
        let (status, body) = get(&router, uri).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["document"]["title"], "Port news");
        assert_eq!(body["passages"].as_array().unwrap().len(), 3);
        assert_eq!(body["passages"][0]["highlights"], json!([]));
        assert_eq!(body["passages"][1]["highlights"], json!([[4, 8]]));
    }
    // An id may be written as in a citation or a link.
    for id in ["2025%2Fport.txt%231", "%5B2025/port.txt%231%5D", "gz-search:2025/port.txt%25231"] {
        let (_, body) = get(&router, &format!("/passages/{id}?context=5")).await;
        assert_eq!(body["passage"]["id"], "2025/port.txt#1", "{id}");
        assert_eq!(body["before"][0]["ordinal"], 0);
        assert_eq!(body["after"][0]["text"], "Rails came.");
    }
    let (_, body) = get(&router, "/passages/zh%230?q=%E6%B8%AF%E5%8F%A3&offsets=codepoint").await;
    assert_eq!(body["passage"]["highlights"], json!([[1, 3]]));
    assert_eq!(body["offset_encoding"], "codepoint");
}

#[tokio::test]
async fn similar_passages_are_found_and_near_duplicates_merged() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    let text = "Cargo grew at the container terminals of the southern harbour last year.";
    for (id, text) in [("a", text), ("b", text), ("c", "Schools open in autumn.")] {
        writer.add(&Document::new(id, text)).unwrap();
    }
    writer.commit().unwrap();
    let (_, router) = service_of(index, Settings::default());
    let (status, similar_page) = get(&router, "/similar/a%230?cite=text&offsets=utf-16").await;
    assert_eq!(
        (status, &similar_page["hits"][0]["passage"]["id"]),
        (StatusCode::OK, &json!("b#0"))
    );
    assert_eq!(
        (&similar_page["total"], &similar_page["offset_encoding"]),
        (&json!(1), &json!("utf-16"))
    );
    assert!(similar_page["hits"][0]["citation"].is_string(), "{similar_page}");
    let (_, merged_page) = get(&router, "/search?q=cargo&collapse=near").await;
    assert_eq!(merged_page["hits"].as_array().unwrap().len(), 1, "{merged_page}");
    assert_eq!(merged_page["hits"][0]["also"]["count"], 1, "{merged_page}");
}

#[tokio::test]
async fn searches_answer_in_every_format() {
    let (_, router) = service(Settings::default());
    for (extension, format, media_type, begins) in [
        ("jsonl", "jsonl", "application/jsonl", "{\"rank\":1,"),
        ("csv", "csv", "text/csv; charset=utf-8", "\u{feff}rank,score,"),
        ("md", "markdown", "text/markdown; charset=utf-8", "1. **Port** news"),
        ("html", "html", "text/html; charset=utf-8", "<!doctype html>"),
        #[cfg(feature = "archive")]
        ("xlsx", "xlsx", crate::server::api::search::XLSX_MEDIA_TYPE, "PK"),
    ] {
        let addresses = [
            format!("/search?q=port&format={format}"),
            format!("/search.{extension}?q=port"),
            format!("/search.{extension}?q=port&format={format}"),
        ];
        for uri in addresses {
            let response = send(&router, build_request("GET", &uri, &[], "")).await;
            assert_eq!(response.headers()[header::CONTENT_TYPE], media_type, "{uri}");
            assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert!(bytes.starts_with(begins.as_bytes()), "{uri}");
        }
    }
    for uri in ["/search.csv?q=port&format=html", "/facts.md?format=json"] {
        let (status, error) = get(&router, uri).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{uri} {error}");
        assert_eq!(error["message"], "format: the path names another format");
    }
}

#[tokio::test]
async fn etags_change_with_commit_and_address() {
    let (service, router) = service(Settings::default());
    let uri = "/search?q=port";
    let first_response = send(&router, build_request("GET", uri, &[], "")).await;
    let tag = first_response.headers()[header::ETAG].to_str().unwrap().to_owned();
    let get_if_changed = |uri: &'static str, tag: &str| {
        let request = build_request("GET", uri, &[("if-none-match", tag)], "");
        let router = router.clone();
        async move { router.oneshot(request).await.unwrap() }
    };
    let not_modified = get_if_changed(uri, &tag).await;
    assert_eq!(not_modified.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(not_modified.headers()[header::ETAG], tag);
    assert_eq!(get_if_changed("/search?q=ports", &tag).await.status(), StatusCode::OK);
    let writer = service.index.writer().unwrap();
    writer.add(&Document::new("new", "Another port.")).unwrap();
    writer.commit().unwrap();
    service.current_snapshot.try_refresh();
    let changed_response = get_if_changed(uri, &tag).await;
    assert_eq!(changed_response.status(), StatusCode::OK);
    assert_ne!(changed_response.headers()[header::ETAG], tag);
    let (_, page) = status_and_json(changed_response).await;
    assert_eq!(page["total_documents"], 2);
    let refused_response = get_if_changed("/search?q=port&limit=x", &tag).await;
    assert!(refused_response.headers().get(header::ETAG).is_none());
}

#[tokio::test]
async fn only_allowed_origins_get_cors_headers() {
    let allowed_origin = |router: Router, origin: &'static str| async move {
        let request = build_request("GET", "/search?q=port", &[("origin", origin)], "");
        let response = router.oneshot(request).await.unwrap();
        let allow_header = response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        allow_header.map(|origin| origin.to_str().unwrap().to_owned())
    };
    let (allowed_page, other_page) = ("https://example.org", "https://evil.example");
    let (_, router_without_cors) = service(Settings::default());
    assert_eq!(allowed_origin(router_without_cors, allowed_page).await, None);
    let cors =
        |origin: &str| Settings { cors_origins: vec![origin.to_owned()], ..Settings::default() };
    let (_, router_for_page) = service(cors(allowed_page));
    assert_eq!(
        allowed_origin(router_for_page.clone(), allowed_page).await.as_deref(),
        Some(allowed_page)
    );
    assert_eq!(allowed_origin(router_for_page, other_page).await, None);
    let (_, router_for_all) = service(cors("*"));
    assert_eq!(allowed_origin(router_for_all, other_page).await.as_deref(), Some("*"));
    for malformed_origin in ["example.org", "https://", "https://example.org/page", ""] {
        let service = ServerState::new(Index::in_memory(), cors(malformed_origin)).unwrap();
        assert!(router(Arc::new(service)).is_err(), "{malformed_origin}");
    }
}

#[tokio::test]
async fn responses_are_compressed_if_the_client_accepts_it() {
    let (_, router) = service(Settings::default());
    for (accepted, expected) in [("gzip", Some("gzip")), ("br", Some("br")), ("identity", None)] {
        let request = build_request("GET", "/openapi.json", &[("accept-encoding", accepted)], "");
        let response = send(&router, request).await;
        let encoding = response.headers().get(header::CONTENT_ENCODING);
        assert_eq!(encoding.map(|encoding| encoding.to_str().unwrap()), expected);
    }
}
