//! Tests of a service that searches several indexes as one.

use super::*;
use crate::{
    index::Indexes,
    server::keys::{self, Scope},
};

/// Returns two indexes, each with half of the documents, and one index with all of them.
fn two_indexes_and_their_union() -> (Indexes, Index) {
    let documents = [
        ("port", "A port opened.\n\nContainer traffic of the port grew by 5 % to 20 million tons."),
        ("rail", "Container traffic of the rails grew by 7 % to 30 million tons."),
        ("zh", "广州港的货物增长。"),
    ];
    let parts = [Index::in_memory(), Index::in_memory()];
    let joined = Index::in_memory();
    for (number, (id, text)) in documents.into_iter().enumerate() {
        for index in [&parts[number % 2], &joined] {
            add_document(index, id, text);
        }
    }
    (Indexes::new(parts).unwrap(), joined)
}

fn add_document(index: &Index, id: &str, text: &str) {
    let mut document = Document::new(id, text);
    document.issuer = Some(format!("Office of {id}"));
    let writer = index.writer().unwrap();
    writer.add(&document).unwrap();
    writer.commit().unwrap();
}

#[tokio::test]
async fn every_answer_is_that_of_one_index_with_all_documents() {
    let (split, joined) = two_indexes_and_their_union();
    let (_, split) = service_of(split, Settings::default());
    let (_, joined) = service_of(joined, Settings::default());
    let (_, passage) = get(&joined, "/passages/port%231").await;
    let link = passage["passage"]["link"].as_str().unwrap().replace('#', "%23");
    for (uri, expected) in [
        ("/search?q=container+traffic&facets=issuer&explain=true&cite=apa", "\"total\":2"),
        ("/search?q=%E8%B4%A7%E7%89%A9", "\"zh#0\""),
        ("/search.csv?q=traffic&sort=date", "rail"),
        ("/suggest?q=contai", "\"Container"),
        ("/facts?q=traffic", "\"port#1\""),
        ("/similar/port%231", "\"rail#0\""),
        ("/documents/rail", "Office of rail"),
        ("/passages/zh%230?context=1", "广州港"),
        ("/citations/rail%230?style=apa", "Office of rail"),
        (&format!("/resolve?link={link}"), "\"exact\""),
        ("/?q=traffic", "Office of rail"),
    ] {
        let (status, body) = get_text(&split, uri).await;
        assert_eq!((status, body.contains(expected)), (StatusCode::OK, true), "{uri} {body}");
        let (_, joined_body) = get_text(&joined, uri).await;
        assert_eq!(without_search_duration(&body), without_search_duration(&joined_body), "{uri}");
    }
    let (_, stats) = get(&split, "/stats").await;
    assert_eq!((&stats["documents"], &stats["passages"]), (&3.into(), &4.into()), "{stats}");
}

/// Returns a JSON text without the duration of the search.
fn without_search_duration(body: &str) -> String {
    let Ok(mut body) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    if let Some(body) = body.as_object_mut() {
        body.remove("elapsed_ms");
    }
    body.to_string()
}

#[tokio::test]
async fn a_commit_to_any_index_becomes_visible() {
    let parts = [Index::in_memory(), Index::in_memory()];
    let (service, router) = service_of(Indexes::new(parts.clone()).unwrap(), Settings::default());
    for (number, part) in parts.iter().enumerate() {
        add_document(part, &format!("port{number}"), "The port grew.");
        let (_, before) = get(&router, "/search?q=port").await;
        assert_eq!(before["total"], number);
        service.current_snapshot.try_refresh();
        let (_, after) = get(&router, "/search?q=port").await;
        assert_eq!(after["total"], number + 1);
    }
    let (_, stats) = get(&router, "/stats").await;
    assert_eq!(stats["documents"], 2);
}

#[tokio::test]
async fn writes_are_refused_and_the_keys_of_the_first_index_apply() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    for dir in [&first, &second] {
        Index::create(dir).unwrap();
    }
    let key = format!("Bearer {}", keys::add(&second, "editor", Scope::Write).unwrap());
    let without_keys =
        ServerState::new(Indexes::open([&first, &second]).unwrap(), Settings::default());
    assert!(without_keys.unwrap_err().to_string().contains("name it first"));
    let (_, router) = service_of(Indexes::open([&second, &first]).unwrap(), Settings::default());
    let (status, _) = get(&router, "/search?q=port").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
    for (method, uri) in [("POST", "/documents"), ("DELETE", "/documents/a")] {
        let request =
            build_request(method, uri, &headers, "{\"id\": \"a\", \"text\": \"A port.\"}");
        let (status, error) = status_and_json(send(&router, request).await).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{error}");
        assert!(error["message"].as_str().unwrap().contains("several indexes"), "{error}");
    }
}

#[cfg(feature = "watch")]
#[test]
fn several_indexes_cannot_watch_a_folder() {
    let settings =
        Settings { watch: Some(crate::server::WatchSettings::default()), ..Settings::default() };
    let (split, _) = two_indexes_and_their_union();
    let error = ServerState::new(split, settings).unwrap_err().to_string();
    assert!(error.contains("name one index"), "{error}");
}
