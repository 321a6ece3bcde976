//! A separate service for each test, and a client that sends raw bytes.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// Maximum time for any step. A longer step counts as hanging.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A temporary folder, with two releases and their index unless it is created empty.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// Creates an empty folder.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn new() -> Self {
        let folder = Self::empty();
        folder.write("in/port.txt", "Port news\n\nA port opened.\n\nIt grew fast.\n");
        folder.write("in/zh.txt", "港口新闻\n\n广州的港口增长很快。\n");
        assert!(folder.run(&["index", "in"]).status.success());
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn run(&self, args: &[&str]) -> std::process::Output {
        command(self.0.path()).args(args).output().unwrap()
    }

    /// Adds a key whose name is its scope.
    pub(crate) fn key(&self, scope: &str) -> String {
        let output = self.run(&["keys", "add", scope, "--scope", scope]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gz-search"));
    command.current_dir(dir).env_remove("GZ_SEARCH_INDEX").env_remove("GZ_SEARCH_CONFIG");
    // No configuration of the user is read.
    command.env("XDG_CONFIG_HOME", dir.join("none")).env("APPDATA", dir.join("none"));
    command
}

/// A running service on a free port.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<Mutex<String>>,
}

/// Response of the service.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status code; 0 if the connection was closed without a response.
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Server {
    pub(crate) fn start(folder: &Folder, args: &[&str]) -> Self {
        let mut child = command(folder.0.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json"])
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some((_, address)) = line.split_once("http://") {
                break address.parse().unwrap();
            }
        };
        let log = Arc::new(Mutex::new(String::new()));
        let thread_log = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                thread_log.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        Self { child, address, log }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect_timeout(&self.address, TIMEOUT).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_write_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Sends raw bytes and reads until the service closes the connection.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The service may refuse and close before it has read everything.
        drop(stream.write_all(bytes));
        read(&mut stream)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, key: &str, body: &str) -> Answer {
        self.send(request(method, path, key, body).as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Returns whether the service still answers correctly.
    pub(crate) fn is_healthy(&self) -> bool {
        let answer = self.get("/search?q=port");
        answer.status == 200 && answer.json()["total"] == 1
    }

    /// Sends SIGTERM, as service managers do.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Kills the process at once, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the process and returns its exit code.
    pub(crate) fn wait_for_exit(&mut self) -> Option<i32> {
        let mut code = None;
        eventually(|| {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        code.unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns the bytes of a request that closes its connection.
pub(crate) fn request(method: &str, path: &str, key: &str, body: &str) -> String {
    let authorization =
        if key.is_empty() { String::new() } else { format!("authorization: Bearer {key}\r\n") };
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{authorization}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// Reads until the service closes the connection.
pub(crate) fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A connection reset after the response counts as its end.
    drop(stream.read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Waits until a condition holds.
pub(crate) fn eventually(mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < TIMEOUT, "timeout");
        thread::sleep(Duration::from_millis(20));
    }
}
