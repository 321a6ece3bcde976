//! Tests which documents, fields and blocks are read from JSON.

use super::*;
use crate::document::BlockKind;

/// Returns one line for each document, with id, title, date and blocks.
fn printed_documents(json: &str) -> Vec<String> {
    let documents = read("f", json, &FieldMapping::default());
    documents
        .into_iter()
        .map(|document| document.map_or_else(|e| e.to_string(), printed_document))
        .collect()
}

fn printed_document(document: Document) -> String {
    let blocks = document.blocks.iter().map(|block| {
        let text = block.span.of(&document.text);
        match block.kind {
            BlockKind::Heading(level) => format!("{level} {text}"),
            _ => text.to_owned(),
        }
    });
    let blocks = blocks.collect::<Vec<_>>().join("/");
    let date = document.date.map(|date| format!(" {date}")).unwrap_or_default();
    format!("{}: {}{date}: {blocks}", document.id, document.title.unwrap_or_default())
}

#[test]
fn json_values_become_documents() {
    let cases: [(&str, &[&str]); 9] = [
        (
            r#"{"title": "Ports", "published_at": "2026-11-23", "body": "<h2>A</h2><p>One</p><p>Two"}"#,
            &["f: Ports 2026-11-23: 2 A/One/Two"],
        ),
        (
            r#"{"title": "Ports", "links": {"x": [{"body": "<p>Other</p>"}]}, "details": {"body": [
                {"content_type": "text/govspeak", "content": "One"},
                {"content_type": "text/html", "content": "<p>One</p>"}]}}"#,
            &["f: Ports: One"],
        ),
        (
            r#"[{"id": "a", "title": "A", "text": "One"}, {"headline": "B", "content": "Two"}]"#,
            &["f:a: A: One", "f:2: B: Two"],
        ),
        (
            r#"{"count": 2, "items": [{"title": "A", "text": "One text."}, {"title": "B", "text": "Two."}]}"#,
            &["f:1: A: One text.", "f:2: B: Two."],
        ),
        (
            r#"{"法規名稱": "港口法", "沿革內容": "", "法規內容": [{"編章節": "第一章 總則"},
                {"條號": "第 1 條", "條文內容": "為管理港口，特制定本法，並自公布日施行，其施行細則由主管機關定之，以利各港口管理機關遵行。"}]}"#,
            &[
                "f: 港口法: 1 第一章 總則/第 1 條\u{3000}為管理港口，特制定本法，並自公布日施行，其施行細則由主管機關定之，以利各港口管理機關遵行。",
            ],
        ),
        (r#"{"title": "Only a title", "n": 1}"#, &["f: Only a title: "]),
        (r#"{"n": 1}"#, &["f: has neither text nor title"]),
        ("[]", &["f: holds no document"]),
        ("{", &["f: is not JSON: EOF while parsing an object at line 1 column 1"]),
    ];
    for (json, expected) in cases {
        assert_eq!(printed_documents(json), expected, "{json}");
    }
}

#[test]
fn mapped_keys_take_precedence() {
    let mut mapping = FieldMapping::default();
    for (field, key) in [
        ("title", "headline"),
        ("text", "details.story"),
        ("text", "story"),
        ("date", "when"),
        ("id", "no"),
    ] {
        mapping.add(field, key).unwrap();
    }
    let json = r#"{"all": [
        {"no": 7, "title": "News", "headline": "Ports", "when": "2026-11-23", "date": "2020-01-01",
         "details": {"story": "One."}, "text": "Other."},
        {"no": "b", "headline": " ", "title": "News", "story": "<p>Two.</p>"}]}"#;
    let documents: Vec<_> = read("f", json, &mapping).into_iter().map(Result::unwrap).collect();
    let texts: Vec<_> = documents
        .iter()
        .map(|document| {
            (document.id.as_str(), document.title.as_deref().unwrap(), document.text.trim())
        })
        .collect();
    assert_eq!(texts, [("f:7", "Ports", "One."), ("f:b", "News", "Two.")]);
    assert_eq!(documents[0].date.unwrap().to_string(), "2026-11-23");
    assert_eq!(documents[0].origins["title"], "JSON headline");
    assert_eq!(documents[0].metadata["title"], "News");
}

#[test]
fn usual_exports_are_lists_of_documents() {
    let cases: [(&str, &[&str]); 13] = [
        (
            r#"{"version": "1.1", "title": "Office", "items": [
                {"id": "1", "title": "A", "content_html": "<p>One</p><p>Two", "date_published": "2025-12-16"},
                {"id": "2", "url": "http://a/2", "content_text": "Three"}]}"#,
            &["f:1: A 2025-12-16: One/Two", "f:2: : Three"],
        ),
        (
            r#"{"code": 200, "data": {"total": 1, "list": [{"id": "c1", "title": "A", "content": "One", "publishTime": 1765938600000}]}}"#,
            &["f:c1: A 2025-12-17: One"],
        ),
        (
            r#"{"took": 3, "hits": {"total": {"value": 1}, "hits": [{"_id": "a", "_source": {"title": "A", "body": "One"}}]}}"#,
            &["f:a: A: One"],
        ),
        (
            r#"[{"id": 7, "date": "2025-12-16T09:30:00", "title": {"rendered": "A"}, "content": {"rendered": "<p>One</p>", "protected": false}, "author": 3}]"#,
            &["f:7: A 2025-12-16: One"],
        ),
        (
            r#"{"count": 2, "results": [{"title": "A", "abstract": "Aa.", "publication_date": "2025-12-16"}, {"title": "B", "abstract": "Bb.", "publication_date": "2025-12-17"}]}"#,
            &["f:1: A 2025-12-16: Aa.", "f:2: B 2025-12-17: Bb."],
        ),
        (
            r#"{"data": {"items": [{"title": "A", "summary": "Aa.", "url": "https://a/1", "date": "2025-12-16"}]}}"#,
            &["f:1: A 2025-12-16: Aa."],
        ),
        (
            r#"{"title": "A", "text": "One", "more": [{"title": "B", "summary": "Bb.", "date": "2025-12-16"}, {"title": "C", "summary": "Cc.", "date": "2025-12-16"}]}"#,
            &["f: A: One"],
        ),
        (
            r#"{"results": [{"post_title": "A", "post_content": "One", "post_date": "2025-12-16 09:00:00"}, {"title": "B", "內文": "二", "public_timestamp": "2025-12-17T09:00:00.000+00:00"}]}"#,
            &["f:1: A 2025-12-16: One", "f:2: B 2025-12-17: 二"],
        ),
        (
            r#"{"title": "A", "text": "One"} {"title": "B", "text": "Two"}"#,
            &["f:1: A: One", "f:2: B: Two"],
        ),
        (
            r#"{"title": "Guide", "details": {"parts": [{"title": "A", "body": "<p>One</p>"}, {"title": "B", "body": "<p>Two</p>"}]}}"#,
            &["f: Guide: 2 A/One/2 B/Two"],
        ),
        (
            r#"{"data": {"type": "node", "id": "u1", "attributes": {"title": "A", "created": "2025-02-02T10:00:00+00:00",
                "body": {"value": "<p>One.", "format": "full_html", "processed": "<p>One.</p>"}}}}"#,
            &["f: A 2025-02-02: One."],
        ),
        (
            r#"{"data": [{"type": "node", "attributes": {"title": "A", "body": {"value": "One.", "format": "plain"}}}]}"#,
            &["f: A: One."],
        ),
        (
            r#"{"data": [{"id": "u1", "attributes": {"title": "A", "body": {"value": "One.", "format": "plain"}}},
                {"id": "u2", "attributes": {"title": "B", "body": {"value": "Two.", "format": "plain"}}}]}"#,
            &["f:u1: A: One.", "f:u2: B: Two."],
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(printed_documents(json), expected, "{json}");
    }
}

#[test]
fn lists_of_short_blocks_are_the_text() {
    for (json, expected) in [
        (
            r#"{"title": "Ferry fares drop in the whole country from July", "body": [{"type": "heading", "text": "Fares now"},
                {"type": "paragraph", "text": "Fares drop."}, {"type": "list", "items": ["A b", "C d"]}]}"#,
            "f: Ferry fares drop in the whole country from July: 1 Fares now/Fares drop./A b/C d",
        ),
        (
            r#"{"title": "Fares", "body": ["Fares drop by 10 percent.", "From 1 July 2025."]}"#,
            "f: Fares: Fares drop by 10 percent./From 1 July 2025.",
        ),
        (
            r#"{"title": "Ferry fares drop in the whole country from July", "sections": [{"heading": "A", "body": "Fares drop."}, {"heading": "B", "body": "Later on."}]}"#,
            "f: Ferry fares drop in the whole country from July: 1 A/Fares drop./1 B/Later on.",
        ),
        (
            r#"{"title": "Fares", "content": {"html": "<p>Fares drop.</p>", "text": "Fares drop."}}"#,
            "f: Fares: Fares drop.",
        ),
        (
            r#"{"status": "ok", "result": {"article": {"headline": "Fares", "body": [{"type": "p", "text": "Fares drop."}]}}}"#,
            "f: Fares: Fares drop.",
        ),
    ] {
        assert_eq!(printed_documents(json), [expected], "{json}");
    }
}

#[test]
fn publication_dates_are_read_in_any_form() {
    for (json, expected) in [
        (r#"{"title": "T", "text": "Text", "date": 1765938600000}"#, "2025-12-17"),
        (
            r#"{"title": "T", "body": "Text", "date": {"$date": "2025-12-16T10:00:00Z"}}"#,
            "2025-12-16",
        ),
        (
            r#"{"title": "T", "body": "Text", "date": {"$date": {"$numberLong": "1765938600000"}}}"#,
            "2025-12-17",
        ),
        (
            r#"{"title": "T", "body": "Text", "updated_at": "2026-02-02", "published_at": "Tue, 16 Dec 2025"}"#,
            "2025-12-16",
        ),
        (
            r#"{"title": "T", "body": "Text", "public_updated_at": "2026-02-02", "details": {"first_public_at": "2025-12-17"}}"#,
            "2025-12-17",
        ),
    ] {
        let document = read("f", json, &FieldMapping::default()).remove(0).unwrap();
        assert_eq!(document.date.unwrap().to_string(), expected, "{json}");
    }
}

#[test]
fn every_issuer_in_a_list_counts() {
    for (json, expected) in [
        (
            r#""issuer": ["Ministry of Ports", "Harbour Office"]"#,
            "Ministry of Ports; Harbour Office",
        ),
        (
            r#""agency": [{"name": "Ministry of Ports"}, {"name": "Water Board"}, {"name": "Water Board"}]"#,
            "Ministry of Ports; Water Board",
        ),
        (
            r#""details": {"organisations": [{"title": "Office of Ports"}, {"title": "Water Board"}]}"#,
            "Office of Ports",
        ),
        (r#""issuer": ["Harbour Office"]"#, "Harbour Office"),
        (
            r#""agencies": [{"name": "Ports Office"}, {"name": "Water Board"}]"#,
            "Ports Office; Water Board",
        ),
        (r#""issuer": [], "publisher": "Water Board""#, "Water Board"),
        (r#""issuer": [[1]]"#, "-"),
    ] {
        let json = format!(r#"{{"title": "T", "text": "Text", {json}}}"#);
        let document = read("f", &json, &FieldMapping::default()).remove(0).unwrap();
        assert_eq!(document.issuer.as_deref().unwrap_or("-"), expected, "{json}");
    }
}

#[test]
fn recognized_keys_fill_fields() {
    let json = r#"{"title": "T", "text": "Text", "发文机关": "某市政府", "locale": "en", "文号": "某政发[2018]7号", "size": 3}"#;
    let document = read("f", json, &FieldMapping::default()).remove(0).unwrap();
    assert_eq!(document.issuer.as_deref(), Some("某市政府"));
    assert_eq!(document.number.as_deref(), Some("某政发〔2018〕7号"));
    assert_eq!((document.lang.as_str(), document.metadata["size"].as_str()), ("en", "3"));
    assert_eq!(document.origins["issuer"], "JSON 发文机关");
}
