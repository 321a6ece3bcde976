//! Tests of citations, links and figures.

use axum::http::header;

use super::*;

#[tokio::test]
async fn citations_are_plain_text_and_downloads_have_the_media_type_of_their_style() {
    let (_, router) = service(Settings::default());
    for (style, media_type, start) in [
        ("apa", "text/plain", "“It <grew> fast.” (“Port news”, n.d., para. 2)\n"),
        ("bibtex", "application/x-bibtex", "@misc{"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "[\n"),
        ("ris", "application/x-research-info-systems", "TY  - GEN\r\n"),
    ] {
        let uri = format!("/citations/2025/port.txt%231?style={style}&download=true");
        let response = send(&router, build_request("GET", &uri, &[], "")).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name| response.headers()[name].to_str().unwrap().to_owned();
        assert!(header(header::CONTENT_TYPE).starts_with(media_type), "{style}");
        assert!(header(header::CONTENT_DISPOSITION).starts_with("attachment; filename="));
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(body.starts_with(start.as_bytes()), "{body:?}");
        let uri = uri.trim_end_matches("&download=true");
        let response = send(&router, build_request("GET", uri, &[], "")).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(to_bytes(response.into_body(), usize::MAX).await.unwrap(), body, "{style}");
    }
    let (status, error) = get(&router, "/citations/2025/port.txt%231?style=mla").await;
    assert_eq!((status, &error["code"]), (StatusCode::BAD_REQUEST, &"invalid_request".into()));
    let (status, _) = get(&router, "/citations/2025/port.txt%239?style=apa").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn links_of_passages_are_resolved() {
    let (_, router) = service(Settings::default());
    let (_, page) = get(&router, "/passages/2025/port.txt%231").await;
    let link = page["passage"]["link"].as_str().unwrap();
    for (link, status) in [
        (link.to_owned(), "exact"),
        (link.replace("#1", "#0"), "moved"),
        ("2025/port.txt#1@0123456789abcdef".to_owned(), "changed"),
        ("other#1@0123456789abcdef".to_owned(), "gone"),
    ] {
        let (code, resolution) =
            get(&router, &format!("/resolve?link={}", link.replace('#', "%23"))).await;
        assert_eq!((code, &resolution["status"]), (StatusCode::OK, &status.into()));
        let id = resolution["passage"]["id"].as_str();
        assert_eq!(id, (status != "gone").then_some("2025/port.txt#1"));
    }
    let (status, error) = get(&router, "/resolve?link=2025/port.txt%231").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(error["message"].as_str().unwrap().contains("@HASH"), "{error}");
}

#[tokio::test]
async fn figures_are_returned_in_every_format() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    let text = "Exports reached $5 million in 2022.\n\nRails grew by 3%.";
    writer.add(&Document::new("ports", text)).unwrap();
    writer.commit().unwrap();
    let (_, router) = service_of(index, Settings::default());
    let (status, page) = get(&router, "/facts").await;
    assert_eq!((status, &page["total"], &page["passages"]), (StatusCode::OK, &2.into(), &2.into()));
    let (_, page) = get(&router, "/facts?q=exports").await;
    let fact = &page["facts"][0];
    assert_eq!((&fact["value"], &fact["unit"]), (&"5000000".into(), &"$".into()));
    assert_eq!((&fact["from"], &fact["relative"]), (&"2022-01-01".into(), &false.into()));
    assert!(fact["link"].as_str().unwrap().starts_with("gz-search:ports#0@"), "{fact}");
    for (format, media_type, start) in [
        ("csv", "text/csv", "\u{FEFF}measure,value,"),
        ("markdown", "text/markdown", "| measure |"),
        ("xlsx", "application/vnd.openxmlformats", "PK"),
    ] {
        if format == "xlsx" && !cfg!(feature = "archive") {
            continue;
        }
        let extension = if format == "markdown" { "md" } else { format };
        for uri in [format!("/facts?format={format}"), format!("/facts.{extension}")] {
            let response = send(&router, build_request("GET", &uri, &[], "")).await;
            let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
            assert!(content_type.starts_with(media_type), "{uri} {content_type}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert!(body.starts_with(start.as_bytes()), "{uri}");
        }
    }
    assert_eq!(get(&router, "/facts?limit=0").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(get(&router, "/facts?after=soon").await.0, StatusCode::BAD_REQUEST);
}
