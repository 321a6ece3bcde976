//! Executes the examples of the README files.
//!
//! Each fenced block of a page is run in the order of the page, in a folder of its own that holds `seeds/` (the sample
//! release) and `releases/` (three small releases, one of them a PDF). The language of a block says how:
//!
//! | language | what happens |
//! |---|---|
//! | `console` | each line after `$ ` is run by `sh`; the lines below it are its standard output |
//! | `sh` | the block is run by `sh` and must succeed; `gz-search serve` goes on in the background |
//! | `python`, `js` | the block is run by `python3` or `node` beside a service |
//! | `toml` | `gz-search index` runs with the block as its configuration file |
//! | `json` | an MCP configuration starts the service for agents, a tool call is sent to it |
//! | `text output` | what the block before it printed |
//! | `text` | nothing: a diagram or a syntax |
//! | `rust` | nothing here: rustdoc compiles and runs it, see `src/guide.rs` |
//!
//! Lines that begin with `cargo` or `tests/` need a checkout and are not run. A block whose program is not installed is
//! skipped, and the test prints which.
#![cfg(all(feature = "server", feature = "mcp", feature = "chinese", feature = "pdf"))]

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::fixture::Folder;

/// Every page with examples, from the top folder.
const PAGES: [&str; 21] = [
    "README.md",
    ".github/CONTRIBUTING.md",
    "index/README.md",
    "src/README.md",
    "src/analysis/dictionary/README.md",
    "src/cli/README.md",
    "src/cluster/README.md",
    "src/document/README.md",
    "src/index/README.md",
    "src/mcp/README.md",
    "src/passage/README.md",
    "src/query/README.md",
    "src/render/README.md",
    "src/search/README.md",
    "src/search/ranking/README.md",
    "src/server/README.md",
    "tests/README.md",
    "tests/bench/README.md",
    "tests/documents/README.md",
    "tests/fuzz/README.md",
    "tests/relevance/README.md",
];
/// Page whose examples `tests/python/run` executes.
const PYTHON_PAGE: &str = "src/python/README.md";
/// Address of the service on the pages; the test replaces it by the address of its own service.
const ADDRESS: &str = "127.0.0.1:7700";
/// Releases that the pages about relevance index.
const JUDGED: &str = "tests/relevance/judged/releases";
/// Longest README, in lines.
const MAX_LINES: usize = 150;

#[test]
fn the_examples_of_every_page_run() {
    let mut examples = 0;
    for page in PAGES {
        let text = read(page);
        let mut session = Session::new();
        for block in blocks(&text) {
            session.run(page, &block);
            examples += usize::from(!matches!(block.language, "text" | "rust" | "rust,no_run"));
        }
    }
    assert!(examples > 20, "only {examples} examples were found");
}

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= MAX_LINES, "{lines} lines");
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in PAGES.into_iter().chain([PYTHON_PAGE]) {
        let text = read(page);
        let folder = Path::new(page).parent().unwrap();
        for target in targets(&text) {
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() { PathBuf::from(page) } else { folder.join(path) };
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            assert!(file.exists(), "{page}: {target}");
            if !heading.is_empty() {
                let linked = fs::read_to_string(&file).unwrap();
                assert!(anchors(&linked).any(|anchor| anchor == heading), "{page}: {target}");
            }
        }
    }
}

fn read(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// A fenced block of a page.
struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> impl Iterator<Item = Block<'_>> {
    page.split("\n```").skip(1).step_by(2).map(|block| {
        let (language, text) = block.split_once('\n').unwrap();
        Block { language, text }
    })
}

/// Returns the targets of all links that lead to files or headings.
fn targets(page: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for prose in page.split("\n```").step_by(2) {
        targets.extend(prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()));
        let definitions = prose.lines().filter(|line| line.starts_with('['));
        targets.extend(definitions.filter_map(|line| Some(line.split_once("]: ")?.1)));
    }
    targets.retain(|target| !target.contains("://"));
    targets
}

/// Returns the anchors of the headings of a page, as GitHub makes them.
fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

/// A folder, and the programs that the blocks of one page have started in it.
struct Session {
    folder: Folder,
    server: Option<Server>,
    agent: Option<Agent>,
    /// Standard output of the last block.
    printed: Option<String>,
}

impl Session {
    fn new() -> Self {
        let folder = Folder::with_sample();
        let release = "---\ntitle: Port of Guangzhou Grows\nissuer: Bureau of Ports\ndate: 2025-06-30\n---\n\n\
            The carbon market reached the port.\n\nContainer traffic grew by 5 %.\n";
        folder.write("releases/2025/port.md", release);
        let notice = "<!DOCTYPE html><title>关于低空经济的通知</title><h1>关于低空经济的通知</h1><p>广州发展低空经济。</p>";
        folder.write("releases/2025/notice.html", notice);
        fs::write(folder.path("releases/budget.pdf"), pdf("The budget pays for flying cars."))
            .unwrap();
        for release in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(JUDGED)).unwrap() {
            let release = release.unwrap();
            let name = release.file_name();
            let text = fs::read_to_string(release.path()).unwrap();
            folder.write(&format!("{JUDGED}/{}", name.to_str().unwrap()), &text);
        }
        // An error over HTTP is an error of the example.
        folder.write(".curlrc", "fail\nsilent\nshow-error\n");
        Self { folder, server: None, agent: None, printed: None }
    }

    fn run(&mut self, page: &str, block: &Block<'_>) {
        let before = self.printed.take();
        match block.language {
            "console" => self.console(page, block.text),
            "sh" => self.shell(page, block.text),
            "python" => self.script(page, "python3", "example.py", block.text),
            "js" => self.script(page, "node", "example.mjs", block.text),
            "toml" => self.configured(page, block.text),
            "json" => self.agent(page, block.text),
            "text output" => {
                if let Some(before) = before {
                    assert_eq!(before.trim_end(), block.text.trim_end(), "{page}");
                }
            }
            "text" | "rust" | "rust,no_run" => {}
            other => panic!("{page}: no test executes blocks of {other:?}:\n{}", block.text),
        }
    }

    /// Runs each line after `$ `, and compares the output with the expected output.
    fn console(&mut self, page: &str, text: &str) {
        for example in format!("\n{text}").split("\n$ ").skip(1) {
            let (command, expected) = example.split_once('\n').unwrap_or((example, ""));
            let printed = self.execute("sh", &["-c", command], page);
            assert_eq!(printed.trim_end(), expected.trim_end(), "{page}: {command}");
        }
    }

    /// Runs the lines of a block; each must succeed.
    fn shell(&mut self, page: &str, text: &str) {
        let needs_checkout = |line: &str| line.starts_with("cargo ") || line.starts_with("tests/");
        let mut script = String::new();
        let text = text.replace("\\\n", "");
        for line in text.lines().filter(|line| !needs_checkout(line)) {
            if line.starts_with("gz-search serve") {
                self.shell_script(page, &std::mem::take(&mut script));
                let options = line.split('#').next().unwrap().split_whitespace().skip(2);
                self.serve(&options.collect::<Vec<_>>());
            } else {
                script.extend([line, "\n"]);
            }
        }
        self.shell_script(page, &script);
    }

    fn shell_script(&mut self, page: &str, script: &str) {
        if script.contains("curl ") && !is_installed("curl", page) {
            return;
        }
        if script.contains(ADDRESS) && self.server.is_none() {
            self.serve(&[]);
        }
        self.printed = Some(self.execute("sh", &["-ec", script], page));
    }

    fn script(&mut self, page: &str, program: &str, file: &str, text: &str) {
        if !is_installed(program, page) {
            return;
        }
        if self.server.is_none() {
            self.serve(&[]);
        }
        self.folder.write(file, &self.with_address(text));
        self.printed = Some(self.execute(program, &[file], page));
    }

    /// Indexes with the block as the configuration file.
    fn configured(&mut self, page: &str, text: &str) {
        self.folder.write("gz-search.toml", text);
        let args = ["index", "--config", "gz-search.toml", "--index", "configured"];
        self.execute("gz-search", &args, page);
        self.folder.remove("gz-search.toml");
    }

    /// Starts the service for agents that a configuration names, or sends a tool call to the service.
    fn agent(&mut self, page: &str, text: &str) {
        let example: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{page}: {e}"));
        if example["name"].is_string() {
            let agent = self.agent.as_mut().unwrap_or_else(|| panic!("{page}: no configuration"));
            let result = agent.request("tools/call", &example);
            assert_eq!(result["isError"], json!(false), "{page}: {result}");
            self.printed = Some(result["content"][0]["text"].as_str().unwrap().to_owned());
        } else {
            let server = &example["mcpServers"]["gz-search"];
            if server["url"].is_string() {
                // The server of the example is `gz-search serve`, which other examples start.
                assert!(server["url"].as_str().unwrap().ends_with("/mcp"), "{page}: {server}");
                return;
            }
            let args = &server["args"];
            let text = args.to_string().replace("/path/to/index", "index");
            build_index(&self.folder);
            let mut agent = Agent::start(&self.folder, &serde_json::from_str(&text).unwrap());
            let listed = agent.request("tools/list", &json!({}));
            assert!(listed["tools"].as_array().is_some_and(|tools| tools.len() > 3), "{listed}");
            self.agent = Some(agent);
        }
    }

    fn serve(&mut self, options: &[&str]) {
        self.server = None;
        self.server = Some(Server::start(&self.folder, options));
    }

    fn with_address(&self, text: &str) -> String {
        match &self.server {
            Some(server) => text.replace(ADDRESS, &server.address),
            None => text.to_owned(),
        }
    }

    /// Runs a program and returns its standard output.
    fn execute(&self, program: &str, args: &[&str], page: &str) -> String {
        let args: Vec<String> = args.iter().map(|arg| self.with_address(arg)).collect();
        let run = command(&self.folder, program).args(&args).output().unwrap();
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{page}: {program} {args:?}: {}\n{errors}", run.status);
        String::from_utf8(run.stdout).unwrap()
    }
}

/// A command in the folder that finds `gz-search` on the path.
fn command(folder: &Folder, program: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_gz-search")).parent().unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(folder.path(""))
        .env("PATH", format!("{}:{}", bin.display(), env::var("PATH").unwrap()))
        .env("CURL_HOME", folder.path(""))
        .env("PYTHONIOENCODING", "utf-8")
        .env_remove("GZ_SEARCH_INDEX")
        .env_remove("GZ_SEARCH_CONFIG")
        .env("XDG_CONFIG_HOME", folder.path("none"))
        .env_remove("COLUMNS");
    command
}

/// Returns whether a program is installed. Prints a message if the program is not installed.
fn is_installed(program: &str, page: &str) -> bool {
    let found =
        Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success());
    if !found {
        // Past the capture of the test runner: whoever runs the tests sees it.
        let skipped =
            format!("skipped: {program} is not installed, an example of {page} was not run");
        drop(writeln!(io::stderr(), "{skipped}"));
    }
    found
}

/// Indexes `seeds/` if there is no index yet.
fn build_index(folder: &Folder) {
    if !folder.path("index/CURRENT").exists() {
        let run = command(folder, "gz-search").arg("index").output().unwrap();
        assert!(run.status.success(), "{run:?}");
    }
}

/// A service on a free port. The service ends when the value is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Folder, options: &[&str]) -> Self {
        build_index(folder);
        let mut child = command(folder, "gz-search")
            .args(["serve", "--log", "off", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let Some(line) = lines.next() else { panic!("the service ended before it listened") };
            let line = line.unwrap();
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().to_owned();
            }
        };
        // Reads on, so that the service never waits for room in the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The service for agents, after the handshake of the Model Context Protocol.
struct Agent {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: u64,
}

impl Agent {
    fn start(folder: &Folder, args: &Value) -> Self {
        let args = args.as_array().unwrap().iter().map(|arg| arg.as_str().unwrap());
        let mut child = command(folder, "gz-search")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut agent = Self { child, input, output: BufReader::new(output), requests: 0 };
        let client = json!({"name": "example", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
        agent.request("initialize", &hello);
        agent.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        agent
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input, "{message}").unwrap();
        self.input.flush().unwrap();
    }

    /// Sends a request and returns its result.
    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "{method}: no answer");
            let mut answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == json!(id) {
                assert!(answer["result"].is_object(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns a PDF file of one page with one line of text.
fn pdf(line: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        writeln!(file, "{} 0 obj\n{object}\nendobj", index + 1).unwrap();
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
    writeln!(file, "xref\n0 {size}\n{table}{trailer}").unwrap();
    file.into_bytes()
}
