//! Tests of the protection against pages of other sites: headers of every response, the Host header, the Sec-Fetch
//! headers.

use axum::http::{StatusCode, Version, header};

use super::{build_request, send, service, status_and_json};
use crate::server::Settings;

#[tokio::test]
async fn every_response_forbids_other_sites_to_embed_it() {
    let (_, router) = service(Settings::default());
    let long_uri = format!("/search?q={}", "x".repeat(9_000));
    let not_modified = ("if-none-match", "*");
    let cross_site = ("sec-fetch-site", "cross-site");
    for (uri, headers, status) in [
        ("/", &[][..], 200),
        ("/?q=port", &[], 200),
        ("/release?id=2025%2Fport.txt", &[], 200),
        ("/release?id=none", &[], 404),
        ("/search?q=port", &[], 200),
        ("/search?q=port&format=html", &[], 200),
        ("/search?q=port&format=csv", &[], 200),
        ("/search?q=port", &[not_modified], 304),
        ("/search?limit=x", &[], 400),
        ("/search", &[("host", "evil.example")], 421),
        ("/search", &[("host", "evil.example@localhost")], 400),
        ("/search?q=port", &[cross_site], 403),
        ("/none", &[], 404),
        ("/health", &[], 200),
        ("/openapi.json", &[], 200),
        ("/metrics", &[], 200),
        ("/assets/0/none.js", &[], 404),
        (&long_uri, &[], 414),
    ] {
        let response = send(&router, build_request("GET", uri, headers, "")).await;
        assert_eq!(response.status(), status, "{uri}");
        let headers = response.headers();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(headers[name], value, "{uri}");
        }
        let policies: Vec<_> = headers.get_all(header::CONTENT_SECURITY_POLICY).iter().collect();
        let policy = policies[0].to_str().unwrap();
        assert_eq!(policies.len(), 1, "{uri}");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{uri}: {policy}");
        }
        assert!(!policy.contains("script-src 'unsafe"), "{uri}: {policy}");
    }
}

#[tokio::test]
async fn a_request_needs_exactly_one_host_header() {
    let (_, router) = service(Settings::default());
    let mut without_host = build_request("GET", "/health", &[], "");
    without_host.headers_mut().remove(header::HOST);
    let mut old_version = build_request("GET", "/health", &[], "");
    old_version.headers_mut().remove(header::HOST);
    *old_version.version_mut() = Version::HTTP_10;
    let mut two_hosts = build_request("GET", "/health", &[], "");
    two_hosts.headers_mut().append(header::HOST, "localhost".parse().unwrap());
    for (request, status) in [
        (without_host, StatusCode::BAD_REQUEST),
        (old_version, StatusCode::OK),
        (two_hosts, StatusCode::BAD_REQUEST),
        (build_request("GET", "http://localhost/health", &[], ""), StatusCode::OK),
        (
            build_request("GET", "http://evil.example/health", &[], ""),
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (build_request("GET", "http://me@localhost/health", &[], ""), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(status_and_json(send(&router, request).await).await.0, status);
    }
}
