//! Clients that are slow, rude or many: each is answered or refused, and the service goes on.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use crate::fixture::{Folder, Server, eventually, read, request};

#[test]
fn what_is_no_request_is_refused() {
    let server = Server::start(&Folder::new(), &[]);
    let head =
        |line: &str| format!("{line}\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes();
    let to = |names: &str| {
        format!("GET /search?q=port HTTP/1.1\r\n{names}connection: close\r\n\r\n").into_bytes()
    };
    let flood = |count: usize, length: usize| {
        let headers: Vec<_> =
            (0..count).map(|n| format!("x-{n}: {}\r\n", "y".repeat(length))).collect();
        let headers = headers.concat();
        format!("GET /search?q=port HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n").into_bytes()
    };
    let post = |headers: &str, body: &str| {
        format!("POST /search HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\r\n{body}").into_bytes()
    };
    for (name, bytes, statuses) in [
        ("noise", vec![0xFF; 4_000], &[400, 0][..]),
        ("nothing", b"\r\n\r\n\r\n".to_vec(), &[400, 0]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &[400, 0]),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[400, 404, 405, 505, 0]),
        ("no version", b"GET /search?q=port\r\n\r\n".to_vec(), &[400, 0]),
        ("a NUL", head("GET /search?q=\0 HTTP/1.1"), &[400]),
        ("many headers", flood(5_000, 1), &[431]),
        ("a long header", flood(1, 100_000), &[431]),
        ("a long path", head(&format!("GET /{} HTTP/1.1", "x".repeat(20_000))), &[414]),
        ("a longer path", head(&format!("GET /{} HTTP/1.1", "x".repeat(200_000))), &[414, 431]),
        ("up and out", head("GET /../../etc/passwd HTTP/1.1"), &[404]),
        ("encoded dots", head("GET /documents/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), &[404]),
        ("no UTF-8", head("GET /documents/%ff%fe HTTP/1.1"), &[400]),
        ("no UTF-8 in a query", head("GET /search?q=%ff%00%fe HTTP/1.1"), &[200]),
        ("another's address", head("GET http://example.org/search?q=port HTTP/1.1"), &[421]),
        ("another's name", to("host: example.org\r\n"), &[421]),
        ("two names", to("host: localhost\r\nhost: example.org\r\n"), &[421]),
        ("a name that begins as ours", to("host: localhost.example.org:7700\r\n"), &[421]),
        ("an address that leads here all the same", to("host: 0.0.0.0:7700\r\n"), &[421]),
        ("no name", to(""), &[200]),
        ("a proxy's", head("CONNECT example.org:443 HTTP/1.1"), &[421]),
        ("all of it", head("OPTIONS * HTTP/1.1"), &[400, 404, 405]),
        ("a method made up", head("FLY /search?q=port HTTP/1.1"), &[405]),
        ("two lengths", post("content-length: 1\r\ncontent-length: 2\r\n", "{}"), &[400]),
        ("a length below 0", post("content-length: -1\r\n", "{}"), &[400]),
        ("a length that is vast", post("content-length: 99999999999999\r\n", ""), &[413]),
        ("a chunk without end", post("transfer-encoding: chunked\r\n", "ZZ\r\n{}"), &[400]),
        (
            "a chunk that is vast",
            post("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n{}"),
            &[400],
        ),
        ("deep JSON", post("content-length: 60000\r\n", &"[".repeat(60_000)), &[400]),
    ] {
        let mut stream = server.connect();
        drop(stream.write_all(&bytes));
        let answer = read(&mut stream);
        assert!(statuses.contains(&answer.status), "{name}: {answer:?}");
        assert!(!answer.body.contains("root:"), "{name}: {answer:?}");
    }
    assert!(server.is_well());
}

#[test]
fn hostile_queries_are_answered_in_time() {
    let server = Server::start(&Folder::new(), &["--timeout", "60"]);
    for query in [
        "(".repeat(3_000),
        "\"".repeat(3_000),
        "a* ".repeat(1_000),
        "*a*b*c*d*e*f*".repeat(100),
        "/(a|b|c)*{1,100}(x+x+)+y/".to_owned(),
        format!("/{}/", "(a?){30}".repeat(30)),
        "port~2 ".repeat(500),
        "port NEAR/99999999999 ".repeat(300) + "port",
        "-a ".repeat(2_000),
        "NOT ".repeat(2_000) + "port",
        "port^999999999999999999999999 date:9999999999..0 id:#".to_owned(),
        "港".repeat(5_000),
        "\u{202E}\u{0}\u{FFFF}𠀀👩‍👩‍👧‍👦".repeat(300),
        "e\u{301}".repeat(3_000),
    ] {
        let body = json!({"q": query, "limit": 1000, "explain": true, "context": 20}).to_string();
        let answer = server.ask("POST", "/search", "", &body);
        assert_eq!(answer.status, 200, "{query:.60} {answer:?}");
    }
    assert!(server.is_well());
}

#[test]
fn the_slow_are_waited_for_and_not_for_ever() {
    let server = Server::start(&Folder::new(), &[]);
    let begun = |bytes: &str| {
        let mut stream = server.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    };
    // Some say nothing, some begin a request and never end it.
    let mut idle: Vec<TcpStream> = (0..150)
        .map(|n| {
            begun(
                ["", "GET /sea", "GET /search?q=port HTTP/1.1\r\nhost: localhost\r\nx-a: "][n % 3],
            )
        })
        .collect();
    for stream in &idle {
        // Gone without a word, as when a cable is pulled: here it only looks so from the other side.
        stream.set_nonblocking(false).unwrap();
    }
    assert!(server.is_well());
    // One drips: a byte now and then does not keep it alive.
    let mut drip = begun("GET /search?q=port HTTP/1.1\r\n");
    let started = Instant::now();
    while drip.write_all(b"x").is_ok() && started.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(200));
    }
    assert!(started.elapsed() < Duration::from_secs(30), "a drip is cut off");
    for stream in &mut idle {
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest));
    }
    assert!(started.elapsed() < Duration::from_secs(35), "idle connections are closed");
    assert!(server.is_well());
}

#[test]
fn who_never_reads_holds_up_nobody() {
    let server = Server::start(&Folder::new(), &[]);
    let greedy: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = server.connect();
            stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
            let one = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
            // Many requests in one go, none of whose answers is read.
            drop(stream.write_all(one.repeat(500).as_bytes()));
            stream
        })
        .collect();
    assert!(server.is_well());
    drop(greedy);
    assert!(server.is_well());
}

#[test]
fn connections_too_many_are_told_so() {
    for (option, status, code) in
        [("--connections", 503, "busy"), ("--per-address", 429, "too_many_requests")]
    {
        let server = Server::start(&Folder::new(), &[option, "50"]);
        let refused = refused_beyond_50(&server, status, code);
        assert!(refused > 200, "{option}: {refused}");
        eventually(|| server.get("/health").status == 200);
        assert!(server.is_well());
    }
}

/// Of 300 connections, how many were told that they are too many.
fn refused_beyond_50(server: &Server, status: u16, code: &str) -> usize {
    let mut open: Vec<TcpStream> = (0..300).map(|_| server.connect()).collect();
    let mut refused = 0;
    for stream in open.iter_mut().skip(50) {
        let answer = read(stream);
        assert!([status, 0].contains(&answer.status), "{answer:?}");
        if answer.status == status {
            assert_eq!(answer.json()["code"], code);
            assert!(answer.head.contains("retry-after: 1"), "{answer:?}");
            refused += 1;
        }
    }
    refused
}

#[test]
fn ten_thousand_connections_are_taken_or_refused() {
    let server = Server::start(&Folder::new(), &["--connections", "1000", "--per-address", "900"]);
    let most = files_that_may_be_open().saturating_sub(200);
    let mut open = VecDeque::new();
    for _ in 0..10_000 {
        if open.len() >= most {
            open.pop_front();
        }
        open.push_back(server.connect());
    }
    // All are still there, and say nothing: those that were taken are closed when their time is over.
    eventually(|| server.get("/health").status == 200);
    assert!(server.is_well());
    drop(open);
    assert!(server.is_well());
}

/// As many as this process is ever allowed.
fn files_that_may_be_open() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let allowed =
        if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    allowed.map_or(usize::MAX, |allowed| usize::try_from(allowed).unwrap_or(usize::MAX))
}

#[test]
fn more_than_can_be_done_is_refused() {
    let server = Server::start(&Folder::new(), &["--searches", "1", "--per-client", "3"]);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let asking: Vec<_> = (0..40)
            .map(|_| {
                scope.spawn(|| {
                    let body = json!({"q": "a* *o*t* port~2", "limit": 1000}).to_string();
                    let mut stream = server.connect();
                    let sent = request("POST", "/search", "", &body);
                    // All of them are under way before any is done.
                    let (first, rest) = sent.split_at(sent.len() - 1);
                    stream.write_all(first.as_bytes()).unwrap();
                    thread::sleep(Duration::from_millis(500));
                    drop(stream.write_all(rest.as_bytes()));
                    read(&mut stream).status
                })
            })
            .collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|&&found| found == status).count();
    assert_eq!(count(200), 3, "{statuses:?}");
    assert_eq!(count(200) + count(429), 40, "{statuses:?}");
    assert!(server.is_well());
}
