//! Start, reload, watched folders, shutdown, log and keys of the service.

use std::io::Write;

use crate::fixture::{Folder, Server, eventually, read, request};

#[test]
fn searches_see_commits_of_other_processes() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let total =
        |query: &str| server.get(&format!("/search?q={query}&strict=true")).json()["total"].clone();
    assert_eq!(total("harbour"), 0);
    let commit = server.get("/stats").json()["commit"].clone();
    folder.write("in/new.txt", "A harbour\n\nThe harbour grew.\n");
    assert!(folder.run(&["index", "in"]).status.success());
    eventually(|| total("harbour") == 1);
    assert_ne!(server.get("/stats").json()["commit"], commit);
    std::fs::remove_file(folder.path("in/new.txt")).unwrap();
    assert!(folder.run(&["index", "in", "--rebuild"]).status.success());
    eventually(|| total("harbour") == 0);
    assert!(server.is_healthy());
}

#[test]
fn answers_contain_no_absolute_paths() {
    let folder = Folder::new();
    folder.write("in/2025/copy.txt", "Port news\n\nA port opened.\n\nIt grew fast.\n");
    folder.write("in/2025/new.txt", "A harbour\n\nThe harbour grew.\n");
    assert!(folder.run(&["index", "in"]).status.success());
    let server = Server::start(&folder, &[]);
    let root = folder.path("");
    let root = root.to_str().unwrap().trim_end_matches('/');
    for (path, expected) in [
        ("/search?q=*&facets=source&limit=0", "\"2025/\""),
        ("/search?q=grew&only=source%3D2025/", "\"2025/new.txt\""),
        ("/search?q=grew&source=2025/n&format=csv", "2025/new.txt"),
        ("/search?q=port", "\"2025/copy.txt\""),
        ("/documents/2025/new.txt", "\"2025/new.txt\""),
        ("/passages/2025/new.txt%230", "\"2025/new.txt\""),
        ("/?q=grew", "2025/"),
        ("/release?id=2025/new.txt", "<dd>2025/new.txt</dd>"),
    ] {
        let answer = server.get(path);
        assert!(answer.status == 200 && answer.body.contains(expected), "{path} {answer:?}");
        assert!(!answer.body.contains(root), "{path} {answer:?}");
    }
    assert_eq!(server.get("/search?q=harbour&only=source%3D2025/").json()["total"], 1);
}

#[test]
fn watched_folders_are_indexed_while_the_service_runs() {
    let folder = Folder::new();
    let key = folder.key("write");
    let mut server = Server::start(&folder, &["--public", "--watch", "in", "--watch", "late"]);
    let count = |query: &str| {
        let page = server.get(&format!("/search?q={query}&strict=true&limit=0")).json();
        page["total"].as_u64().unwrap()
    };
    let watch = || server.get("/stats").json()["watch"].clone();
    eventually(|| watch()["state"] == "following");
    assert_eq!((watch()["missing"].clone(), watch()["updates"].clone()), (1.into(), 0.into()));
    folder.write("in/2025/new.txt", "A harbour\n\nThe harbour grew.\n");
    eventually(|| count("harbour") == 1);
    folder.write("late/more.txt", "A canal\n\nThe canal grew.\n");
    eventually(|| count("canal") == 1 && watch()["missing"] == 0);
    std::fs::remove_file(folder.path("in/2025/new.txt")).unwrap();
    eventually(|| count("harbour") == 0);
    // Posted documents and watched files both get indexed while the other kind keeps coming.
    let mut posted = 0;
    folder.write("in/crane.txt", "A crane\n\nThe crane grew.\n");
    eventually(|| {
        let body = format!("{{\"id\": \"p{posted}\", \"text\": \"A pier.\"}}");
        assert_eq!(server.ask("POST", "/documents", &key, &body).status, 200);
        posted += 1;
        count("crane") == 1
    });
    eventually(|| count("pier") == posted);
    folder.write("in/broken.pdf", "%PDF-1.7\nnothing of the kind");
    eventually(|| watch()["unread"] == 1);
    eventually(|| server.log.lock().unwrap().contains("broken.pdf"));
    server.terminate();
    assert_eq!(server.wait_for_exit(), Some(0));
    assert!(folder.run(&["check"]).status.success());
}

#[test]
fn watching_creates_a_missing_index() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["--index", "other", "--watch", "in"]);
    eventually(|| server.is_healthy());
    assert_eq!(server.get("/stats").json()["documents"], 2);
}

#[test]
fn shutdown_finishes_open_requests() {
    let folder = Folder::new();
    let key = folder.key("write");
    let mut server = Server::start(&folder, &["--public"]);
    let body = r#"{"id": "late", "text": "A late port."}"#;
    let sent = request("POST", "/documents", &key, body);
    let (first, rest) = sent.split_at(sent.len() - 10);
    let mut stream = server.connect();
    stream.write_all(first.as_bytes()).unwrap();
    // The request has started once the metrics count it.
    eventually(|| server.get("/metrics").body.contains("gz_search_requests_in_flight 2\n"));
    server.terminate();
    eventually(|| std::net::TcpStream::connect(server.address).is_err());
    stream.write_all(rest.as_bytes()).unwrap();
    let answer = read(&mut stream);
    assert_eq!((answer.status, answer.json()["added"].clone()), (200, 1.into()), "{answer:?}");
    assert_eq!(server.wait_for_exit(), Some(0));
    let output = folder.run(&["query", "late", "--count"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "1\n");
}

#[test]
fn the_log_has_one_line_a_request_without_secrets() {
    let folder = Folder::new();
    let key = folder.key("write");
    let mut server = Server::start(&folder, &["--public"]);
    server.ask("GET", "/search?q=qsecret", &key, "");
    server.ask("POST", "/search", &key, r#"{"q": "bsecret"}"#);
    server.ask("POST", "/documents", "gz_wrong_secret", "{}");
    server.ask("GET", "/none%0A%1b[31m", "", "");
    server.terminate();
    assert_eq!(server.wait_for_exit(), Some(0));
    eventually(|| server.log.lock().unwrap().lines().count() >= 5);
    let log = server.log.lock().unwrap().clone();
    let requests: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<_> = requests.iter().filter(|line| line["message"] == "request").collect();
    let statuses: Vec<_> = requests.iter().map(|line| line["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 200, 401, 404]);
    assert_eq!(requests[0]["key"], "write");
    assert_eq!(requests[0]["path"], "\"/search\"");
    assert!(requests.iter().all(|line| line["client"] == "127.0.0.1" && line["ms"].is_f64()));
    for secret in ["secret", &key, "\u{1b}"] {
        assert!(!log.contains(secret), "{secret} {log}");
    }
}

#[test]
fn revoked_keys_are_refused() {
    let folder = Folder::new();
    let key = folder.key("read");
    let server = Server::start(&folder, &[]);
    let status = || server.ask("GET", "/search?q=port", &key, "").status;
    assert_eq!((status(), server.get("/search?q=port").status), (200, 401));
    assert!(folder.run(&["keys", "revoke", "read"]).status.success());
    eventually(|| status() == 401);
    assert_eq!(
        server.get("/search?q=port").status,
        401,
        "reading still needs a key after the last one is revoked"
    );
}

#[test]
fn startup_errors_are_reported() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let used_address = server.address.to_string();
    for (args, expected) in [
        (vec!["--listen", "0.0.0.0:0"], "gz-search keys add"),
        (vec!["--listen", &used_address], "cannot listen at"),
        (vec!["--host", "http://example.org"], "--host http://example.org: not a host name"),
        (vec!["--cors", "example.org"], "--cors example.org: not an origin"),
        (vec!["--index", "none"], "no index in none"),
    ] {
        let run = folder.run(&[&["serve"], &args[..]].concat());
        let error = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(error.contains(expected), "{args:?} {error}");
    }
}
