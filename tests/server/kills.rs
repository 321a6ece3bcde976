//! `index`, `watch` and the service, killed at any moment: the old state or the new one is there, what was
//! acknowledged is found, nothing is doubled, and the next run goes on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use gz_search::{Collapse, Error, Index, Query};
use serde_json::json;

use crate::{
    fixture::{Folder, Server, command, read, request},
    random::{Random, count},
};

/// The edition that each document is in; 0 where it does not say.
type State = BTreeMap<String, usize>;

/// What else may be found of a document than what was acknowledged; nothing where it is gone.
type Also = BTreeMap<String, BTreeSet<Option<usize>>>;

/// So many files are edited between two runs at most.
const EDITS: usize = 30;
/// So many clients send at the same time, each documents of its own.
const CLIENTS: usize = 3;
/// A watcher or a service is killed within this time after it has begun.
const LIFE: usize = 1_000_000;

/// A folder of releases, some in each round rewritten, some gone, some new.
struct World {
    folder: Folder,
    random: Random,
    /// The files that are edited, as they came.
    texts: Vec<(String, String)>,
    /// What the files say now.
    files: State,
    /// The edition that is next.
    edition: usize,
    /// How long a run takes that ended, by its arguments.
    usual: BTreeMap<String, Duration>,
}

/// How a round went.
struct Round {
    /// What must be found, or `also`.
    sure: State,
    also: Also,
    /// What is found where not all is as before, because a run commits once.
    new: Option<State>,
    killed: bool,
}

impl World {
    /// Releases of our own, or with `GZ_SEARCH_SLICE` those of a folder, of which text and Markdown is edited.
    fn new() -> Self {
        let folder = Folder::empty();
        let mut texts = Vec::new();
        if let Some(slice) = std::env::var_os("GZ_SEARCH_SLICE") {
            copy(Path::new(&slice), Path::new(&slice), &folder.path("a"), &mut texts);
        } else {
            for number in 0..40 {
                let line =
                    format!("Exports of place {number} grew. 广州第{number}号飞行汽车工厂。\n\n");
                texts.push((format!("release {number}.txt"), line.repeat(20 + number)));
            }
        }
        let mut world = Self {
            folder,
            random: Random(3),
            texts,
            files: State::new(),
            edition: 1,
            usual: BTreeMap::new(),
        };
        for number in 0..world.texts.len() {
            world.write(number);
        }
        assert!(world.run(&["index", "a"]) < 2);
        // What has no place for an edition, or says the same as another file, stays as it is.
        world.files = world.found();
        let editions = &world.files;
        world.texts.retain(|(name, _)| editions.get(name) == Some(&1));
        assert!(world.texts.len() > 20, "too few files can be edited");
        world
    }

    fn run(&self, args: &[&str]) -> i32 {
        self.folder.run(args).status.code().unwrap()
    }

    /// Writes a file at once: who watches sees the old text or the new one.
    fn write(&mut self, number: usize) {
        let (name, text) = &self.texts[number];
        let new = self.folder.path("new");
        fs::write(&new, format!("{text}\n\nThis is edition {} of it.\n", self.edition)).unwrap();
        let path = self.folder.path("a").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::rename(new, path).unwrap();
        self.files.insert(name.clone(), self.edition);
    }

    fn edit(&mut self) {
        self.edition += 1;
        for _ in 0..=self.random.below(EDITS.min(self.texts.len() / 3)) {
            let number = self.random.below(self.texts.len());
            let name = self.texts[number].0.clone();
            if self.random.below(4) == 0 && self.files.remove(&name).is_some() {
                fs::remove_file(self.folder.path("a").join(&name)).unwrap();
            } else {
                self.write(number);
            }
        }
    }

    /// What the index holds; nothing where no run has come so far as to make one.
    fn found(&self) -> State {
        let dir = self.folder.path("index");
        let check = match Index::check(&dir) {
            Ok(check) => check,
            Err(Error::NoIndex(_)) => return State::new(),
            Err(error) => panic!("{error}"),
        };
        assert!(check.is_sound(), "{check:?}");
        let index = Index::open(&dir).unwrap();
        let searcher = index.searcher().unwrap();
        let all = Query::new("*").limit(100_000).width(1);
        let results = searcher.search(&all.clone().collapse(Collapse::Document)).unwrap();
        let (mut state, mut passages) = (State::new(), 0);
        for hit in results.hits {
            let id = hit.document.id;
            let (_, parts) = searcher.document(&id).unwrap().unwrap();
            assert!(parts.iter().enumerate().all(|(at, part)| part.ordinal as usize == at), "{id}");
            passages += parts.len() as u64;
            let said = parts.iter().find_map(|part| part.text.split_once("This is edition "));
            let edition = said.and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
            assert_eq!(state.insert(id, edition.unwrap_or(0)), None, "one is there twice");
        }
        assert_eq!(index.stats().unwrap().documents, state.len() as u64);
        assert_eq!((check.documents, check.passages), (state.len() as u64, passages));
        assert_eq!(searcher.search(&all.limit(0)).unwrap().total, passages, "one is there twice");
        self.words_find(&searcher, &state);
        state
    }

    /// What was written last is found by its words, too.
    fn words_find(&self, searcher: &gz_search::Searcher, state: &State) {
        let words = Query::new(format!("\"This is edition {} of it\"", self.edition));
        let hits = searcher.search(&words.strict(true).limit(100_000)).unwrap().hits;
        let hits: BTreeSet<String> = hits.into_iter().map(|hit| hit.document.id).collect();
        let last = state.iter().filter(|(_, edition)| **edition == self.edition);
        assert_eq!(hits, last.map(|(id, _)| id.clone()).collect());
    }

    /// Runs the command and kills it at some time before it ends as usual; whether it had ended by then.
    fn killed(&mut self, args: &[&str], input: &str) -> bool {
        let usual = self.usual.get(&args.join(" ")).map_or(u128::MAX, Duration::as_micros);
        // The first of its kind tells how long it takes.
        let limit = usize::try_from(usual).map_or(Duration::MAX, |usual| {
            Duration::from_micros(self.random.below(usual + usual / 10) as u64)
        });
        let mut child = self.spawn(args, Stdio::null());
        let started = Instant::now();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        while started.elapsed() < limit {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.code().unwrap() < 2, "{args:?}");
                self.usual.insert(args.join(" "), started.elapsed());
                return true;
            }
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap().code().is_some_and(|code| code < 2)
    }

    fn spawn(&self, args: &[&str], out: Stdio) -> Child {
        let mut command = command(&self.folder.path(""));
        command.args(args).stdin(Stdio::piped()).stdout(out).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// A run over the files, as they are after an edit.
    fn updated(&mut self, sure: State, args: &[&str]) -> Round {
        self.edit();
        let mut new = self.files.clone();
        if !args.contains(&"--rebuild") {
            // Nothing sends again what came by standard input or to the service.
            new.extend(sent(&sure));
        }
        let ended = self.killed(args, "");
        Round::between(sure, new, ended)
    }

    /// The first run of all.
    fn first(&mut self) -> Round {
        fs::remove_dir_all(self.folder.path("index")).unwrap();
        self.updated(State::new(), &["index", "a"])
    }

    fn sent_by_standard_input(&mut self, sure: State) -> Round {
        self.edition += 1;
        let mut new = sure.clone();
        let mut lines = String::new();
        for number in 0..10 {
            let id = format!("sent {number}");
            lines.extend([document(&id, self.edition).as_str(), "\n"]);
            new.insert(id, self.edition);
        }
        let ended = self.killed(&["index", "-"], &lines);
        Round::between(sure, new, ended)
    }

    /// Follows the files while they change; what it has told of is there to stay.
    fn watched(&mut self, sure: State) -> Round {
        self.edit();
        let first = self.files.clone();
        let mut child = self.spawn(&["watch", "a", "--json"], Stdio::piped());
        let told = AtomicBool::new(false);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = thread::scope(|scope| {
            scope.spawn(|| lines.for_each(|_| told.store(true, Ordering::SeqCst)));
            self.sleep();
            let acknowledged = told.load(Ordering::SeqCst);
            self.edit();
            self.sleep();
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged
        });
        let mut round = Round::killed(sure);
        if acknowledged {
            round.sure = sent(&round.sure).chain(first).collect();
        } else {
            round.may(&first, &self.texts);
        }
        round.may(&self.files, &self.texts);
        round
    }

    fn sleep(&mut self) {
        thread::sleep(Duration::from_micros(self.random.below(LIFE) as u64));
    }

    /// Sends documents to the service, and removes some; where it `follows`, it watches the files meanwhile.
    fn served(&mut self, sure: State, follows: bool) -> Round {
        let key = self.key();
        let mut round = Round::killed(sure);
        if follows {
            self.edit();
            round.may(&self.files, &self.texts);
        }
        let args: &[&str] = if follows { &["--public", "--watch", "a"] } else { &["--public"] };
        let server = Server::start(&self.folder, args);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|name| Client::new(name, server.address, &key, self.edition))
            .collect();
        let clients: Vec<_> = thread::scope(|scope| {
            let running = clients.into_iter().map(|client| scope.spawn(|| client.send()));
            let running: Vec<_> = running.collect();
            self.sleep();
            server.kill();
            running.into_iter().map(|client| client.join().unwrap()).collect()
        });
        for client in clients {
            self.edition = self.edition.max(client.edition);
            for (id, edition) in client.acknowledged {
                round.sure.remove(&id);
                round.sure.extend(edition.map(|edition| (id, edition)));
            }
            for (id, editions) in client.open {
                round.also.entry(id).or_default().extend(editions);
            }
        }
        round
    }

    /// A key that may write; it goes with the folder of the index.
    fn key(&self) -> String {
        let kept = self.folder.path("key");
        if !self.folder.path("index/keys.json").exists() {
            fs::write(&kept, self.folder.key("write")).unwrap();
        }
        fs::read_to_string(kept).unwrap()
    }
}

impl Round {
    fn killed(sure: State) -> Self {
        Self { sure, also: Also::new(), new: None, killed: true }
    }

    fn between(old: State, new: State, ended: bool) -> Self {
        let sure = if ended { new.clone() } else { old };
        Self { sure, also: Also::new(), new: Some(new), killed: !ended }
    }

    /// What the files said at some time may be found.
    fn may(&mut self, files: &State, texts: &[(String, String)]) {
        for (name, _) in texts {
            self.also.entry(name.clone()).or_default().insert(files.get(name).copied());
        }
    }

    fn check(&self, found: &State) {
        if let Some(new) = &self.new {
            assert!(found == &self.sure || found == new, "{found:?}\n{:?}\n{new:?}", self.sure);
            return;
        }
        for id in self.sure.keys().chain(self.also.keys()).chain(found.keys()) {
            let (edition, sure) = (found.get(id).copied(), self.sure.get(id).copied());
            let also = self.also.get(id);
            let may = also.is_some_and(|editions| editions.contains(&edition));
            assert!(edition == sure || may, "{id}: {edition:?}, not {sure:?} or {also:?}");
        }
    }
}

/// One that sends document after document until nobody answers.
struct Client {
    name: usize,
    address: SocketAddr,
    key: String,
    edition: usize,
    random: Random,
    /// The last edition of each document that was acknowledged; none where it was removed.
    acknowledged: BTreeMap<String, Option<usize>>,
    /// What was sent since then and not acknowledged.
    open: Also,
}

impl Client {
    fn new(name: usize, address: SocketAddr, key: &str, edition: usize) -> Self {
        let (key, random) = (key.to_owned(), Random((edition * CLIENTS + name + 1) as u64));
        let (acknowledged, open) = (BTreeMap::new(), Also::new());
        Self { name, address, key, edition, random, acknowledged, open }
    }

    fn send(mut self) -> Self {
        loop {
            self.edition += 1;
            let id = format!("sent {}-{}", self.name, self.random.below(6));
            let (sent, edition) = if self.random.below(4) == 0 {
                let path = format!("/documents/{}", id.replace(' ', "%20"));
                (request("DELETE", &path, &self.key, ""), None)
            } else {
                let body = document(&id, self.edition);
                (request("POST", "/documents", &self.key, &body), Some(self.edition))
            };
            self.open.entry(id.clone()).or_default().insert(edition);
            let Ok(mut stream) = TcpStream::connect(self.address) else { return self };
            if stream.write_all(sent.as_bytes()).is_err() {
                return self;
            }
            match (read(&mut stream).status, edition) {
                (200, _) | (404, None) => {
                    self.open.remove(&id);
                    self.acknowledged.insert(id, edition);
                }
                (0, _) => return self,
                _ => {}
            }
        }
    }
}

fn document(id: &str, edition: usize) -> String {
    json!({"id": id, "text": format!("Exports grew.\n\nThis is edition {edition} of it.")})
        .to_string()
}

/// What is of no file.
fn sent(state: &State) -> impl Iterator<Item = (String, usize)> {
    let sent = state.iter().filter(|(id, _)| id.starts_with("sent "));
    sent.map(|(id, edition)| (id.clone(), *edition))
}

/// Copies a folder; what can be edited goes to `texts`, by its path below `top`.
fn copy(top: &Path, from: &Path, to: &Path, texts: &mut Vec<(String, String)>) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(top, &path, &to, texts);
            continue;
        }
        fs::copy(&path, to).unwrap();
        if path.extension().is_some_and(|kind| kind == "md" || kind == "txt")
            && let Ok(text) = fs::read_to_string(&path)
        {
            texts.push((path.strip_prefix(top).unwrap().to_string_lossy().into_owned(), text));
        }
    }
}

#[test]
fn killed_at_any_moment() {
    let mut world = World::new();
    let mut sure = world.found();
    let mut killed = BTreeMap::new();
    let kills = count("GZ_SEARCH_KILLS", 14);
    for number in 0.. {
        let (name, round) = match number % 7 {
            0 => ("update", world.updated(sure, &["index", "a"])),
            1 => ("rebuild", world.updated(sure, &["index", "a", "--rebuild"])),
            2 => ("standard input", world.sent_by_standard_input(sure)),
            3 => ("watch", world.watched(sure)),
            4 => ("serve", world.served(sure, false)),
            5 => ("serve --watch", world.served(sure, true)),
            _ => ("first", world.first()),
        };
        *killed.entry(name).or_insert(0) += usize::from(round.killed);
        let found = world.found();
        round.check(&found);
        sure = found;
        // What was left by others is no obstacle to the next run.
        if number % 7 == 6 || number % 3 == 0 {
            assert!(world.run(&["index", "a"]) < 2);
            let complete = sent(&sure).chain(world.files.clone()).collect();
            sure = world.found();
            assert_eq!(sure, complete, "after {name}");
        }
        if number % 70 == 69 {
            println!("killed so far: {killed:?}");
        }
        if killed.values().sum::<usize>() >= kills {
            break;
        }
    }
    println!("killed: {killed:?}");
    let generations = fs::read_dir(world.folder.path("index/generations")).unwrap().count();
    assert!(generations <= 2, "{generations}");
}
