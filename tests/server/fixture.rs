//! A service of its own for each test, and a client that may misbehave.

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

/// Whatever takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(40);

/// A folder with two releases and their index; gone with the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with nothing in it.
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

    /// A key of a name that is its scope.
    pub(crate) fn key(&self, scope: &str) -> String {
        let made = self.run(&["keys", "add", scope, "--scope", scope]);
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }
}

pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gz-search"));
    command.current_dir(dir).env_remove("GZ_SEARCH_INDEX");
    command
}

/// A service that listens at a port of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<Mutex<String>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0 where the connection was closed without a word.
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
        let written = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        Self { child, address, log }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes as they are and reads until the other side closes.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // It may refuse before it has read all.
        drop(stream.write_all(bytes));
        read(&mut stream)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, key: &str, body: &str) -> Answer {
        self.send(request(method, path, key, body).as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Whether it goes on as if nothing had been.
    pub(crate) fn is_well(&self) -> bool {
        let answer = self.get("/search?q=port");
        answer.status == 200 && answer.json()["total"] == 1
    }

    /// Asks it to end, as service managers do.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Ends it at once, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its exit code, when it has ended.
    pub(crate) fn ended(&mut self) -> Option<i32> {
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

/// A request on a connection of its own.
pub(crate) fn request(method: &str, path: &str, key: &str, body: &str) -> String {
    let key =
        if key.is_empty() { String::new() } else { format!("authorization: Bearer {key}\r\n") };
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{key}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// Reads until the other side closes.
pub(crate) fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A reset after an answer is an end too.
    drop(stream.read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Waits until something holds.
pub(crate) fn eventually(mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "it never came to that");
        thread::sleep(Duration::from_millis(20));
    }
}
