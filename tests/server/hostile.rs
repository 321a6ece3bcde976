//! Malformed requests, expensive queries, slow clients and too many clients: the service answers or refuses each.

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
fn malformed_requests_are_refused() {
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
        ("random bytes", vec![0xFF; 4_000], &[400, 0][..]),
        ("empty lines", b"\r\n\r\n\r\n".to_vec(), &[400, 0]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &[400, 0]),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[400, 404, 405, 505, 0]),
        ("no version", b"GET /search?q=port\r\n\r\n".to_vec(), &[400, 0]),
        ("NUL in the path", head("GET /search?q=\0 HTTP/1.1"), &[400]),
        ("many headers", flood(5_000, 1), &[431]),
        ("a long header", flood(1, 100_000), &[431]),
        ("a long path", head(&format!("GET /{} HTTP/1.1", "x".repeat(20_000))), &[414]),
        ("a longer path", head(&format!("GET /{} HTTP/1.1", "x".repeat(200_000))), &[414, 431]),
        ("dots in the path", head("GET /../../etc/passwd HTTP/1.1"), &[404]),
        ("encoded dots", head("GET /documents/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), &[404]),
        ("invalid UTF-8 in an id", head("GET /documents/%ff%fe HTTP/1.1"), &[400]),
        ("invalid UTF-8 in a query", head("GET /search?q=%ff%00%fe HTTP/1.1"), &[200]),
        ("foreign absolute URI", head("GET http://example.org/search?q=port HTTP/1.1"), &[421]),
        ("foreign host", to("host: example.org\r\n"), &[421]),
        ("two hosts", to("host: localhost\r\nhost: example.org\r\n"), &[400]),
        ("user in the host", to("host: example.org@localhost\r\n"), &[400]),
        ("a page of another site", to("host: localhost\r\nsec-fetch-site: cross-site\r\n"), &[403]),
        (
            "foreign host with our name as prefix",
            to("host: localhost.example.org:7700\r\n"),
            &[421],
        ),
        ("address 0.0.0.0", to("host: 0.0.0.0:7700\r\n"), &[421]),
        ("no host", to(""), &[400]),
        ("proxy request", head("CONNECT example.org:443 HTTP/1.1"), &[421]),
        ("asterisk form", head("OPTIONS * HTTP/1.1"), &[400, 404, 405]),
        ("unknown method", head("FLY /search?q=port HTTP/1.1"), &[405]),
        ("two lengths", post("content-length: 1\r\ncontent-length: 2\r\n", "{}"), &[400]),
        ("negative length", post("content-length: -1\r\n", "{}"), &[400]),
        ("huge length", post("content-length: 99999999999999\r\n", ""), &[413]),
        ("malformed chunk", post("transfer-encoding: chunked\r\n", "ZZ\r\n{}"), &[400]),
        ("huge chunk", post("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n{}"), &[400]),
        ("deeply nested JSON", post("content-length: 60000\r\n", &"[".repeat(60_000)), &[400]),
    ] {
        let mut stream = server.connect();
        drop(stream.write_all(&bytes));
        let answer = read(&mut stream);
        assert!(statuses.contains(&answer.status), "{name}: {answer:?}");
        assert!(!answer.body.contains("root:"), "{name}: {answer:?}");
    }
    assert!(server.is_healthy());
}

#[test]
fn expensive_queries_are_answered_in_time() {
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
    assert!(server.is_healthy());
}

/// Writes a release of many paragraphs with many different words, so that patterns of one letter match everywhere.
fn write_long_release(folder: &Folder) {
    let syllables = ["tra", "ne", "so", "ri", "na", "te", "on", "is", "ar", "en"];
    let word = |number: usize| -> String {
        [1, 10, 100, 1000].iter().map(|place| syllables[number / place % 10]).collect()
    };
    let paragraph = |number: usize| {
        let words: Vec<_> = (0..40).map(|n| word((number * 40 + n) * 7 % 10_000)).collect();
        format!("{}.\n\n", words.join(" "))
    };
    folder.write("long/long.txt", &(0..2_500).map(paragraph).collect::<String>());
    assert!(folder.run(&["index", "long"]).status.success());
}

#[test]
fn a_search_thread_is_free_soon_after_the_deadline() {
    let folder = Folder::new();
    write_long_release(&folder);
    // The client may use one thread: its next request waits until the thread is free.
    let server = Server::start(&folder, &["--timeout", "2", "--searches", "1"]);
    let near = "*a*+NEAR/50+*e*";
    let nested = "((*a*+OR+*e*)+NEAR/49+(*i*+OR+*o*))+SAME+((*n*+OR+*t*)+NEAR/49+(*r*+OR+*s*))";
    let patterns = "*a*+*e*+*i*+*o*+*n*+*t*+*r*+*s*";
    let facets = "facets=source&".repeat(500);
    for path in [
        format!("/search?q={near}"),
        format!("/search?q={nested}&limit=1000&context=20&explain=true"),
        format!("/search?q={patterns}&limit=1000"),
        "/search?q=%22*a*+*e*+*i*%22~9&collapse=near".to_owned(),
        format!("/search?q=*&limit=0&{facets}"),
        format!("/documents/long.txt?q={patterns}"),
        format!("/documents/long.txt?q={nested}"),
        format!("/passages/long.txt%2399?context=100&q={nested}"),
        format!("/release?id=long.txt&q={patterns}"),
        format!("/?q={nested}"),
        "/similar/long.txt%2399?limit=100".to_owned(),
        "/similar?id=long.txt%2399".to_owned(),
        "/suggest?q=t&limit=100".to_owned(),
        "/suggest?q=trane+s&limit=100".to_owned(),
    ] {
        let answer = server.get(&path);
        assert!([200, 503].contains(&answer.status), "{path}: {answer:?}");
        assert!(server.is_healthy(), "the thread is not free after {path}");
    }
}

#[test]
fn slow_connections_are_closed() {
    let server = Server::start(&Folder::new(), &[]);
    let start_request = |bytes: &str| {
        let mut stream = server.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    };
    // Some send nothing, some an incomplete request.
    let mut idle: Vec<TcpStream> = (0..150)
        .map(|n| {
            start_request(
                ["", "GET /sea", "GET /search?q=port HTTP/1.1\r\nhost: localhost\r\nx-a: "][n % 3],
            )
        })
        .collect();
    assert!(server.is_healthy());
    // A byte now and then must not keep a connection alive.
    let mut slow = start_request("GET /search?q=port HTTP/1.1\r\n");
    let started = Instant::now();
    while slow.write_all(b"x").is_ok() && started.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(200));
    }
    assert!(started.elapsed() < Duration::from_secs(30), "a slow request is cut off");
    for stream in &mut idle {
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest));
    }
    assert!(started.elapsed() < Duration::from_secs(35), "idle connections are closed");
    assert!(server.is_healthy());
}

#[test]
fn bodies_that_arrive_byte_by_byte_are_cut_off() {
    let folder = Folder::new();
    let key = folder.key("write");
    let server = Server::start(&folder, &["--public"]);
    let mut slow: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = server.connect();
            stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
            let head = format!(
                "POST /documents HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
                 content-type: application/json\r\ncontent-length: 1000\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    let document = r#"{"id": "a", "text": "A tunnel opened."}"#;
    assert_eq!(server.ask("POST", "/documents", &key, document).status, 200, "others can write");
    while !slow.is_empty() && started.elapsed() < Duration::from_secs(60) {
        slow.retain_mut(|stream| stream.write_all(b"{").is_ok());
        thread::sleep(Duration::from_millis(200));
    }
    assert!(slow.is_empty(), "slow bodies are cut off");
    assert!(server.is_healthy());
}

#[test]
fn clients_that_read_byte_by_byte_get_the_whole_answer() {
    let server = Server::start(&Folder::new(), &[]);
    let mut slow = server.connect();
    slow.write_all(b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .unwrap();
    let (mut answer, mut byte) = (Vec::new(), [0]);
    while slow.read(&mut byte).unwrap() == 1 {
        answer.push(byte[0]);
        if answer.len() % 1_000 == 0 {
            thread::sleep(Duration::from_millis(5));
        }
    }
    let whole = server.get("/openapi.json");
    assert_eq!(whole.status, 200);
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert!(answer.trim_ascii_end().ends_with(b"}"), "the answer is cut off");
    assert!(server.is_healthy());
}

#[test]
fn clients_that_read_nothing_block_nobody() {
    let server = Server::start(&Folder::new(), &[]);
    let greedy: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = server.connect();
            stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
            let pipelined = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
            // Many pipelined requests whose responses are never read.
            drop(stream.write_all(pipelined.repeat(500).as_bytes()));
            stream
        })
        .collect();
    assert!(server.is_healthy());
    drop(greedy);
    assert!(server.is_healthy());
}

#[test]
fn connections_above_a_limit_are_refused() {
    for (option, status, code) in
        [("--connections", 503, "busy"), ("--per-address", 429, "too_many_requests")]
    {
        let server = Server::start(&Folder::new(), &[option, "50"]);
        let refused = refused_beyond_50(&server, status, code);
        assert!(refused > 200, "{option}: {refused}");
        eventually(|| server.get("/health").status == 200);
        assert!(server.is_healthy());
    }
}

/// Opens 300 connections at a limit of 50. Returns how many get the refusal.
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
fn ten_thousand_connections_are_accepted_or_refused() {
    let server = Server::start(&Folder::new(), &["--connections", "1000", "--per-address", "900"]);
    let max_open = open_file_limit().saturating_sub(200);
    let mut open = VecDeque::new();
    for _ in 0..10_000 {
        if open.len() >= max_open {
            open.pop_front();
        }
        open.push_back(server.connect());
    }
    // All connections are idle. The service closes the accepted ones after their timeout.
    eventually(|| server.get("/health").status == 200);
    assert!(server.is_healthy());
    drop(open);
    assert!(server.is_healthy());
}

/// Raises the limit of open files of this process to its maximum and returns it.
fn open_file_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let allowed =
        if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    allowed.map_or(usize::MAX, |allowed| usize::try_from(allowed).unwrap_or(usize::MAX))
}

#[test]
fn concurrent_requests_above_the_limit_are_refused() {
    let server = Server::start(&Folder::new(), &["--searches", "1", "--per-client", "3"]);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let clients: Vec<_> = (0..40)
            .map(|_| {
                scope.spawn(|| {
                    let body = json!({"q": "a* *o*t* port~2", "limit": 1000}).to_string();
                    let mut stream = server.connect();
                    let sent = request("POST", "/search", "", &body);
                    // All requests have started before the first one ends.
                    let (first, rest) = sent.split_at(sent.len() - 1);
                    stream.write_all(first.as_bytes()).unwrap();
                    thread::sleep(Duration::from_millis(500));
                    drop(stream.write_all(rest.as_bytes()));
                    read(&mut stream).status
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|&&other| other == status).count();
    assert_eq!(count(200), 3, "{statuses:?}");
    assert_eq!(count(200) + count(429), 40, "{statuses:?}");
    assert!(server.is_healthy());
}
