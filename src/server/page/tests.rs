//! Tests of the pages as the router sends them. The tests in tests/browser run the pages in browsers.

use std::{
    fs,
    sync::{Arc, atomic::AtomicBool},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use tower::ServiceExt;

use crate::{
    document::Document,
    index::{Index, UpdateOptions, update},
    server::{Settings, keys, router::router, state::ServerState},
};

const HOSTILE_TEXT: &str = "\"><script>alert('x')</script><b onclick=x>&amp;";

fn router_of(index: Index) -> Router {
    router(Arc::new(ServerState::new(index, Settings::default()).unwrap())).unwrap()
}

fn add_sample_documents(index: &Index) {
    let writer = index.writer().unwrap();
    let mut port =
        Document::new("2025/port.txt", "A port opened.\n\nIt grew fast.\n\nThe port has rails.");
    port.title = Some("Port news".to_owned());
    writer.add(&port).unwrap();
    let mut hostile = Document::new(HOSTILE_TEXT, format!("A hostile port. {HOSTILE_TEXT}"));
    hostile.title = Some(HOSTILE_TEXT.to_owned());
    hostile.issuer = Some(HOSTILE_TEXT.to_owned());
    hostile.url = Some("javascript:alert(1)".to_owned());
    hostile.lang = HOSTILE_TEXT.to_owned();
    writer.add(&hostile).unwrap();
    writer.commit().unwrap();
}

fn sample_router() -> Router {
    let index = Index::in_memory();
    add_sample_documents(&index);
    router_of(index)
}

async fn get(
    router: &Router,
    uri: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let request = headers
        .iter()
        .fold(Request::get(uri).header("host", "localhost"), |request, (name, value)| {
            request.header(*name, *value)
        });
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the values of all attributes `href` and `src` of a page.
fn linked_addresses(page: &str) -> Vec<String> {
    let attribute_values = page.split(" href=\"").skip(1).chain(page.split(" src=\"").skip(1));
    attribute_values.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn every_page_allows_only_files_of_the_service() {
    let router = sample_router();
    for (uri, status) in [
        ("/", 200),
        ("/?q=port", 200),
        ("/release?id=2025/port.txt&q=port", 200),
        ("/release?id=none", 404),
        ("/release", 400),
        ("/?page=0", 400),
        ("/?only=size%3D1", 400),
        ("/?sort=title", 400),
        ("/?q=port&sort=size", 400),
        ("/?q=port&from=2024&to=soon", 200),
        ("/values?name=issuer&q=port", 200),
        ("/values?name=size", 400),
        ("/cite?id=2025/port.txt%230", 200),
        ("/context?id=2025/port.txt%231&q=port", 200),
        ("/more?id=2025/port.txt&q=port", 200),
        ("/trend?q=port&q=rails&by=month", 200),
        ("/trend", 200),
        ("/quotes?id=2025/port.txt%230&id=none%230", 200),
        ("/quotes", 200),
        ("/original?id=2025/port.txt", 404),
    ] {
        let (actual, headers, page) = get(&router, uri, &[]).await;
        assert_eq!(actual, status, "{uri}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{uri}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{uri}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{uri}");
        assert!(!policy.contains("unsafe"), "{uri}");
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{uri}");
        assert!(!page.contains(" style=") && !page.contains("<style"), "{uri}");
    }
}

#[tokio::test]
async fn every_link_of_a_page_works() {
    let router = sample_router();
    for uri in [
        "/",
        "/?q=port",
        "/?q=port&from=2024&to=2025",
        "/?only=source%3D2025/",
        "/release?id=2025/port.txt&q=port",
        "/context?id=2025/port.txt%231",
        "/trend?q=port",
        "/quotes?id=2025/port.txt%230",
        "/values?name=source",
    ] {
        let (_, _, page) = get(&router, uri, &[]).await;
        for address in linked_addresses(&page) {
            let path = uri.split('?').next().unwrap();
            let absolute = match address.split('#').next().unwrap() {
                "" => continue,
                query if query.starts_with('?') => format!("{path}{query}"),
                relative => format!("/{}", relative.trim_start_matches("./")),
            };
            let (status, ..) = get(&router, &absolute, &[]).await;
            assert_eq!(status, 200, "{address} on {uri}");
        }
    }
}

#[tokio::test]
async fn texts_of_documents_and_queries_are_escaped() {
    let router = sample_router();
    let hostile = form_urlencoded::byte_serialize(HOSTILE_TEXT.as_bytes()).collect::<String>();
    for uri in [
        "/".to_owned(),
        "/?q=hostile".to_owned(),
        format!("/?q={hostile}&only=issuer%3D{hostile}"),
        format!("/?{hostile}={hostile}&ui={hostile}"),
        format!("/release?id={hostile}&q=port"),
        format!("/release?id={hostile}x"),
        format!("/?sort={hostile}"),
    ] {
        let (_, _, page) = get(&router, &uri, &[("accept-language", HOSTILE_TEXT)]).await;
        for opened in page.split('<').skip(1) {
            let tag = opened.split('>').next().unwrap();
            let outside_values: String = tag.split('"').step_by(2).collect();
            assert!(!outside_values.contains("onclick"), "<{tag}> on {uri}");
            assert!(
                !tag.starts_with("script") || tag.contains("type=\"module\""),
                "<{tag}> on {uri}"
            );
            assert!(!tag.starts_with("b "), "<{tag}> on {uri}");
        }
        assert!(
            !linked_addresses(&page).iter().any(|address| address.starts_with("javascript")),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn pages_are_in_the_preferred_language() {
    let router = sample_router();
    for (uri, header, text) in [
        ("/?q=port", ("accept-language", "en"), "2 releases</strong> · 3 passages"),
        ("/?q=port", ("accept-language", "zh-CN"), "2 篇新闻稿</strong> · 3 段"),
        ("/?q=port&ui=en", ("accept-language", "zh-CN"), "2 releases</strong> · 3 passages"),
        ("/?q=port", ("cookie", "gz-search-ui=zh"), "2 篇新闻稿</strong> · 3 段"),
        ("/?q=port", ("accept-language", "zh-TW"), "2 篇新聞稿</strong> · 3 段"),
        ("/?page=0", ("accept-language", "zh"), "本页地址有误"),
        ("/release?id=none", ("accept-language", "zh-HK"), "沒有這篇新聞稿"),
    ] {
        let (_, headers, page) = get(&router, uri, &[header]).await;
        assert!(page.contains(text), "{uri} {header:?}");
        assert_eq!(headers[header::VARY], "accept-language, cookie");
        assert_eq!(headers.contains_key(header::SET_COOKIE), uri.contains("ui="));
    }
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_json_for_a_failure() {
    let router = sample_router();
    for uri in ["/nothing", "/documents/none", "/a/b/c"] {
        let (status, headers, page) = get(&router, uri, &[("accept", "text/html,*/*")]).await;
        assert_eq!(status, 404, "{uri}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{uri}");
        assert!(page.contains("There is no such"), "{uri}");
        let depth = uri.matches('/').count() - 1;
        let style = format!("href=\"{}assets/", "../".repeat(depth));
        assert!(page.contains(&style), "{uri}: links lead to the root");
        let (status, headers, body) = get(&router, uri, &[]).await;
        assert_eq!(status, 404, "{uri}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/json", "{uri}");
        assert!(body.contains("\"code\""), "{uri}");
    }
}

#[tokio::test]
async fn originals_are_served_with_safe_headers() {
    let releases = tempfile::tempdir().unwrap();
    fs::write(releases.path().join("port.html"), "<title>Port</title><p>A port opened.</p>")
        .unwrap();
    fs::write(releases.path().join("rail.txt"), "A railway opened today.").unwrap();
    let index = Index::in_memory();
    let roots = [releases.path().to_owned()];
    let mut writer = index.writer().unwrap();
    update(&mut writer, &roots, &UpdateOptions::default(), &AtomicBool::new(false)).unwrap();
    writer.commit().unwrap();
    let router = router_of(index);
    let (status, headers, body) = get(&router, "/original?id=port.html", &[]).await;
    assert_eq!(
        (status, headers[header::CONTENT_TYPE].as_bytes()),
        (StatusCode::OK, &b"text/html; charset=utf-8"[..])
    );
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("sandbox;"));
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(body.contains("<p>A port opened.</p>"));
    let (_, headers, body) = get(&router, "/original?id=rail.txt", &[]).await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(body, "A railway opened today.");
    fs::remove_file(releases.path().join("rail.txt")).unwrap();
    assert_eq!(get(&router, "/original?id=rail.txt", &[]).await.0, 404);
    assert_eq!(get(&router, "/original?id=../secret", &[]).await.0, 404);
}

#[tokio::test]
async fn results_can_be_downloaded() {
    let router = sample_router();
    let (status, headers, feed) = get(&router, "/feed?q=port", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    assert!(feed.contains("<link href=\"http://localhost/release?id=2025%2Fport.txt#p"), "{feed}");
    assert!(!feed.contains("<script") && feed.matches("<entry>").count() == 2, "{feed}");
    let uri = "/quotes?id=2025/port.txt%230&format=markdown";
    let (_, headers, quotes) = get(&router, uri, &[]).await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/markdown; charset=utf-8");
    assert!(quotes.starts_with("> A port opened."), "{quotes}");
}

#[tokio::test]
async fn assets_are_immutable_under_their_version() {
    let router = sample_router();
    let (_, _, page) = get(&router, "/", &[]).await;
    let address =
        linked_addresses(&page).into_iter().find(|address| address.ends_with("page.js")).unwrap();
    let (status, headers, script) = get(&router, &format!("/{address}"), &[]).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    for imported in script.split("from \"./").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let uri = format!("/{}", address.replace("page.js", imported));
        let (status, headers, _) = get(&router, &uri, &[]).await;
        assert_eq!(status, 200, "{uri}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    }
    let (status, headers, _) = get(&router, "/assets/other/page.css", &[]).await;
    assert_eq!(
        (status, &headers[header::CACHE_CONTROL]),
        (StatusCode::OK, &"no-cache".parse().unwrap())
    );
    for uri in ["/assets/x/..%2f..%2fCargo.toml", "/assets/x/none", "/assets/x"] {
        assert_eq!(get(&router, uri, &[]).await.0, 404, "{uri}");
    }
}

#[tokio::test]
async fn browsers_send_the_key_as_a_password() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::create(dir.path()).unwrap();
    add_sample_documents(&index);
    let key = keys::add(dir.path(), "newsroom", keys::Scope::Read).unwrap();
    let router = router_of(index);
    let (status, headers, page) = get(&router, "/?q=port", &[]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic "));
    assert!(page.contains("a key is needed") && !page.contains("</mark> news"));
    let basic =
        |password: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("me:{password}")));
    let (status, _, page) = get(&router, "/?q=port", &[("authorization", &basic(&key))]).await;
    assert!(status == StatusCode::OK && page.contains("<mark>Port</mark> news"));
    let (status, ..) = get(&router, "/?q=port", &[("authorization", &basic("none"))]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, headers, _) = get(&router, "/search?q=port", &[]).await;
    assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
}

#[tokio::test]
async fn unreadable_dates_are_named_above_the_results() {
    let router = sample_router();
    for (parameters, is_named) in [
        ("q=port&from=soon", true),
        ("q=nothing&to=soon", true),
        ("to=soon", true),
        ("q=soon&from=2024", false),
    ] {
        let (_, _, page) = get(&router, &format!("/?{parameters}"), &[]).await;
        let (_, notes) = page.split_once("id=\"notes\"").unwrap();
        let (notes, _) = notes.split_once("id=\"results\"").unwrap();
        assert_eq!(notes.contains("“soon” is not a date"), is_named, "{parameters}");
        assert_eq!(page.matches("is not a date").count(), usize::from(is_named), "{parameters}");
    }
}
