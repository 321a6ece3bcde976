//! Tests of declared fields: requests that search, filter, count and sort by them, the page that lists their values,
//! and posted documents that have them.

use axum::Router;
use serde_json::json;

use super::{get, get_text, service_of};
use crate::{
    Document, Index,
    document::DeclaredFields,
    server::{Settings, api::new_document::parse_documents},
};

/// Returns the declared fields of the index.
fn fields() -> DeclaredFields {
    let mut fields = DeclaredFields::default();
    for declaration in ["desk:keyword", "amount:number", "urgent:bool"] {
        fields.declare_from_text(declaration).unwrap();
    }
    fields
}

/// Returns the router of a service for three releases with declared fields.
fn router() -> Router {
    let index = Index::in_memory_with(fields());
    let writer = index.writer().unwrap();
    for (id, desk, amount, urgent) in
        [("a", "Trade", "5", "yes"), ("b", "trade, Rail", "1,250", "no"), ("c", "Rail", "-3", "no")]
    {
        let mut document = Document::new(id, "The port grows.");
        for (key, value) in [("desk", desk), ("amount", amount), ("urgent", urgent), ("room", "7")]
        {
            document.metadata.insert(key.to_owned(), value.to_owned());
        }
        writer.add(&document).unwrap();
    }
    writer.commit().unwrap();
    service_of(index, Settings::default()).1
}

#[tokio::test]
async fn searches_filter_count_and_sort_by_declared_fields() {
    let router = router();
    for (parameters, expected) in [
        ("q=port&filter=desk%3Dtrade&sort=amount", "ab"),
        ("q=port&filter=desk:trade&filter=desk:rail&sort=amount:desc", "bac"),
        ("q=port&filter=desk:rail&filter=amount%3C0", "c"),
        ("q=port+desk:rail+amount:%3E0", "b"),
        ("q=port&only=desk%3DTRADE&sort=amount", "ab"),
        ("q=port&only=urgent%3Dtrue", "a"),
    ] {
        let (status, page) = get(&router, &format!("/search?{parameters}")).await;
        assert_eq!(status, 200, "{page}");
        let hits = page["hits"].as_array().unwrap().iter();
        let ids: String = hits.map(|hit| hit["document"]["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{parameters}");
    }
    let (_, page) = get(&router, "/search?q=port&facets=desk,urgent&sort=amount&limit=1").await;
    assert_eq!(page["facets"]["desk"]["values"][0]["documents"], 2, "{page}");
    assert_eq!(page["facets"]["urgent"]["values"][0]["value"], "false", "{page}");
    assert_eq!(page["hits"][0]["document"]["metadata"]["room"], "7", "{page}");
    let next = page["next"].as_str().unwrap();
    let uri = format!("/search?q=port&sort=amount&cursor={next}");
    let (_, second_page) = get(&router, &uri).await;
    assert_eq!(second_page["hits"].as_array().unwrap().len(), 2, "{second_page}");
    let (_, stats) = get(&router, "/stats").await;
    assert_eq!(stats["fields"]["amount"], "number", "{stats}");
    for (parameters, expected) in [
        ("q=port&filter=room%3D7", "the index declares no field room"),
        ("q=port&filter=amount%3Dmany", "amount: many is not a number"),
        ("q=port&filter=amount", "write FIELD=VALUE"),
        ("q=port&sort=room", "there is no sort order room"),
        ("q=port&facets=room", "there is no facet room"),
    ] {
        let (code, error) = get(&router, &format!("/search?{parameters}")).await;
        assert_eq!(code, 400, "{error}");
        assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn the_page_lists_values_of_keywords_and_truth_values() {
    let router = router();
    let (status, page) = get_text(&router, "/?q=port").await;
    assert_eq!(status, 200);
    for part in ["only=desk%3DRail", "only=urgent%3Dtrue", ">desk</h2>"] {
        assert!(page.contains(part), "{part} {page}");
    }
    assert!(!page.contains("only=amount"), "{page}");
    let (_, page) = get_text(&router, "/?q=port&only=desk%3DTRADE").await;
    let selected = page.matches("data-key=\"desk=Trade\" aria-current=\"true\"");
    assert_eq!(selected.count(), 1, "{page}");
    let (status, page) = get_text(&router, "/release?id=a").await;
    assert_eq!(status, 200);
    assert!(page.contains("Trade") && page.contains("amount") && !page.contains("room"), "{page}");
    let (status, page) = get_text(&router, "/values?q=port&name=desk").await;
    assert_eq!(status, 200);
    assert!(page.contains("Rail"), "{page}");
}

#[test]
fn posted_documents_have_declared_fields_as_keys_or_in_the_metadata() {
    let documents = json!([
        {"id": "a", "text": "A port.", "Desk": ["Trade", "Rail"], "amount": 5, "number": "No. 7"},
        {"id": "b", "title": "A port", "metadata": {"desk": "Trade", "amount": 5, "room": 7, "none": null}},
    ]);
    let documents = parse_documents(documents.to_string().as_bytes(), false, &fields()).unwrap();
    assert_eq!(documents[0].metadata["Desk"], "[\"Trade\",\"Rail\"]");
    assert_eq!(documents[0].number.as_deref(), Some("No. 7"));
    let metadata = documents[1].metadata.iter().map(|(key, value)| format!("{key}={value}"));
    assert_eq!(metadata.collect::<Vec<_>>(), ["amount=5", "desk=Trade", "room=7"]);
    for (document, expected) in [
        (
            json!({"id": "a", "text": "A port.", "amount": "many"}),
            "a: amount: \"many\" is not a number",
        ),
        (
            json!({"id": "a", "text": "A port.", "metadata": {"urgent": 7}}),
            "a: urgent: \"7\" is not a truth value",
        ),
        (json!({"id": "a", "text": "A port.", "room": 7}), "a: there is no field \"room\""),
        (
            json!({"id": "a", "text": "A port.", "room": 7}),
            "number, metadata, amount, desk, urgent",
        ),
    ] {
        let body = document.to_string();
        let error = parse_documents(body.as_bytes(), false, &fields()).unwrap_err();
        assert!(error.message.contains(expected), "{body} {}", error.message);
    }
}
