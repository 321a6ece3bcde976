//! Acknowledged writes survive a kill, and every answer comes from one commit.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::fixture::{Folder, Server, eventually};

#[test]
fn acknowledged_writes_survive_a_kill() {
    let folder = Folder::new();
    let key = folder.key("write");
    let server = Server::start(&folder, &["--public"]);
    let acknowledged = AtomicUsize::new(0);
    let acknowledged_ids: Vec<String> = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (key, acknowledged) = (&key, &acknowledged);
                let address = server.address;
                scope.spawn(move || {
                    let mut ids = Vec::new();
                    for number in 0.. {
                        let id = format!("w{writer}-{number}");
                        let body = json!({"id": id, "text": format!("A crane, {id}.")}).to_string();
                        let Ok(mut stream) = std::net::TcpStream::connect(address) else { break };
                        let sent = crate::fixture::request("POST", "/documents", key, &body);
                        if std::io::Write::write_all(&mut stream, sent.as_bytes()).is_err() {
                            break;
                        }
                        match crate::fixture::read(&mut stream).status {
                            200 => ids.push(id),
                            _ => break,
                        }
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                    ids
                })
            })
            .collect();
        eventually(|| acknowledged.load(Ordering::Relaxed) >= 40);
        server.kill();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let server = Server::start(&folder, &["--public"]);
    let found_ids: Vec<Value> = acknowledged_ids
        .iter()
        .map(|id| server.get(&format!("/documents/{id}")).json()["document"]["id"].clone())
        .collect();
    assert_eq!(found_ids, acknowledged_ids);
    // The killed process left no lock behind.
    assert_eq!(server.ask("DELETE", "/documents/w0-0?wait=true", &key, "").status, 200);
}

#[test]
fn no_answer_mixes_two_commits() {
    let folder = Folder::new();
    let key = folder.key("write");
    let server = Server::start(&folder, &["--public"]);
    let write = |version: usize| {
        let text = format!("Crane version {version}.");
        let body = json!([{"id": "a", "text": text}, {"id": "b", "text": text}]).to_string();
        let answer = server.ask("POST", "/documents?wait=true", &key, &body);
        assert_eq!(answer.status, 200, "{answer:?}");
    };
    write(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut versions = Vec::new();
                    while !done.load(Ordering::Relaxed) {
                        let page = server.get("/search?q=crane&limit=2").json();
                        let text = |hit: usize| page["hits"][hit]["passage"]["text"].clone();
                        assert_eq!(page["total"], 2, "{page}");
                        assert_eq!(text(0), text(1), "{page}");
                        versions.push(text(0).to_string());
                    }
                    versions.dedup();
                    versions.len()
                })
            })
            .collect();
        (1..40).for_each(write);
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 3, "readers see several commits");
        }
    });
}

#[test]
fn large_bodies_are_refused_unread() {
    let folder = Folder::new();
    let key = folder.key("write");
    let server = Server::start(&folder, &["--public", "--max-body", "1"]);
    let body = json!({"id": "a", "text": "x".repeat(2 << 20)}).to_string();
    let answer = server.ask("POST", "/documents", &key, &body);
    // A client that continues to send may see a connection reset instead.
    assert!(matches!(answer.status, 413 | 0), "{answer:?}");
    assert_eq!(server.get("/documents/a").status, 404);
    assert!(server.is_healthy());
}
