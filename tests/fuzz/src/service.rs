//! Target `service`: no request gets an internal error.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::Duration,
};

use gz_search::{
    Document, Index,
    server::{Settings, keys, serve},
};
use tempfile::TempDir;

use super::Outcome;

thread_local! {
    static SERVICE: Service = Service::start();
}

struct Service {
    address: SocketAddr,
    key: String,
    _folder: TempDir,
}

/// Sends a request: the first line is the method and the path, the other lines are the body. The method `LINES` means a
/// POST of JSON Lines.
pub fn service(bytes: &[u8]) -> Outcome {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (line, body) = bytes.split_at(end);
    let line = String::from_utf8_lossy(line);
    let line: String = line.chars().map(|c| if c.is_ascii_graphic() { c } else { ' ' }).collect();
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or("POST"), words.next().unwrap_or("/search"));
    let answer =
        SERVICE.with(|service| service.answer(method, path, body.get(1..).unwrap_or_default()));
    let mut parts = answer.splitn(3, ' ');
    let (_, status, rest) = (parts.next(), parts.next().unwrap_or_default(), parts.next());
    assert!(status.len() == 3, "no answer: to {line:?}");
    assert!(
        !status.starts_with('5') || status == "501",
        "internal error: {status} to {line:?}: {answer}"
    );
    let code = rest.unwrap_or_default().split("\"message\":").nth(1).unwrap_or_default();
    let code = code.chars().filter(|c| !c.is_numeric()).take(30);
    format!("{method} {status} {}", code.collect::<String>())
}

impl Service {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let index = Index::create(folder.path()).expect("the folder can be written");
        let writer = index.writer().expect("the folder can be written");
        let mut document = Document::new("port", "Port\n\nA port opened.\n\n广州的港口增长。");
        document.date = gz_search::document::Date::new(2025, 3, 3);
        writer.add(&document).expect("it can be added");
        writer.commit().expect("the folder can be written");
        let key = keys::add(folder.path(), "fuzz", keys::Scope::Write).expect("a key can be made");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut settings = Settings::default();
            settings.listen_address = SocketAddr::from(([127, 0, 0, 1], 0));
            settings.is_public = true;
            serve(index, settings, |address| sender.send(address).expect("the receiver waits"))
        });
        Self { address: receiver.recv().expect("the service starts"), key, _folder: folder }
    }

    /// Returns the whole response, status line included.
    fn answer(&self, method: &str, path: &str, body: &[u8]) -> String {
        let (method, media) = match method {
            "LINES" => ("POST", "application/x-ndjson"),
            method => (method, "application/json"),
        };
        let mut stream = TcpStream::connect(self.address).expect("the service is there");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout can be set");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             authorization: Bearer {}\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        // The service may answer before it has read the whole body.
        drop(stream.write_all(&[head.as_bytes(), body].concat()));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }
}
