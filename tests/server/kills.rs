//! Kills `index`, `watch` and `serve` at random times. Afterwards the index holds the old or the new state, all
//! acknowledged changes and no duplicates, and the next run works.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use gz_search::{Error, Index, Query, query::Collapse};

use crate::{
    fixture::{Folder, Server, command},
    random::{Random, count},
    writing_client::{CLIENTS, Editions, WritingClient, document},
};

/// Edition of each document; 0 if the document does not state its edition.
type State = BTreeMap<String, usize>;

/// Maximum number of files edited between two runs.
const MAX_EDITS: usize = 30;
/// Maximum lifetime of a watcher or service before it is killed, in microseconds.
const MAX_LIFETIME_MICROS: usize = 1_000_000;

/// A folder of releases. Each round rewrites, removes and adds some of them.
struct World {
    folder: Folder,
    random: Random,
    /// Name and original text of the files that are edited.
    texts: Vec<(String, String)>,
    /// Current editions of the files.
    files: State,
    /// Number of the last edition.
    edition: usize,
    /// Duration of the last complete run, by its arguments.
    durations: BTreeMap<String, Duration>,
}

/// Expected state after a round.
struct Round {
    /// Editions that are certain, unless `possible` lists other editions.
    certain: State,
    possible: Editions,
    /// The only other state that is allowed, because a run commits once. `None` if changes are committed one by one.
    new: Option<State>,
    killed: bool,
}

impl World {
    /// Creates generated releases or, with `GZ_SEARCH_SLICE`, copies a folder, of which it edits text and Markdown
    /// files.
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
            durations: BTreeMap::new(),
        };
        for number in 0..world.texts.len() {
            world.write(number);
        }
        assert!(world.run(&["index", "a"]) < 2);
        // Files without an indexed edition, and duplicates of other files, are not edited.
        world.files = world.indexed_state();
        let editions = &world.files;
        world.texts.retain(|(name, _)| editions.get(name) == Some(&1));
        assert!(world.texts.len() > 20, "too few files can be edited");
        world
    }

    fn run(&self, args: &[&str]) -> i32 {
        self.folder.run(args).status.code().unwrap()
    }

    /// Replaces a file atomically, so that a watcher sees the old or the new text.
    fn write(&mut self, number: usize) {
        let (name, text) = &self.texts[number];
        let new = self.folder.path("new");
        fs::write(&new, format!("{text}\n\nThis is edition {} of it.\n", self.edition)).unwrap();
        let path = self.folder.path("a").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::rename(new, path).unwrap();
        self.files.insert(name.clone(), self.edition);
    }

    /// Replaces or removes random files, each at most once. So a watcher never sees a file between two edits.
    fn edit(&mut self) {
        self.edition += 1;
        let edit_count = 1 + self.random.below(MAX_EDITS.min(self.texts.len() / 3));
        let numbers: BTreeSet<usize> =
            (0..edit_count).map(|_| self.random.below(self.texts.len())).collect();
        for number in numbers {
            let name = self.texts[number].0.clone();
            if self.random.below(4) == 0 && self.files.remove(&name).is_some() {
                fs::remove_file(self.folder.path("a").join(&name)).unwrap();
            } else {
                self.write(number);
            }
        }
    }

    /// Returns the state of the index, after checking it. Empty if no run has created an index.
    fn indexed_state(&self) -> State {
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
            let sentence = parts.iter().find_map(|part| part.text.split_once("This is edition "));
            let edition = sentence.and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
            assert_eq!(state.insert(id, edition.unwrap_or(0)), None, "a document is duplicated");
        }
        assert_eq!(index.stats().unwrap().documents, state.len() as u64);
        assert_eq!((check.documents, check.passages), (state.len() as u64, passages));
        assert_eq!(
            searcher.search(&all.limit(0)).unwrap().total,
            passages,
            "a document is duplicated"
        );
        self.check_search(&searcher, &state);
        state
    }

    /// Checks that a search for the last edition returns exactly its documents.
    fn check_search(&self, searcher: &gz_search::Searcher, state: &State) {
        let words = Query::new(format!("\"This is edition {} of it\"", self.edition));
        let hits = searcher.search(&words.strict(true).limit(100_000)).unwrap().hits;
        let hits: BTreeSet<String> = hits.into_iter().map(|hit| hit.document.id).collect();
        let last = state.iter().filter(|(_, edition)| **edition == self.edition);
        assert_eq!(hits, last.map(|(id, _)| id.clone()).collect());
    }

    /// Runs the command and kills it at a random time. Returns whether it had ended before.
    fn run_and_kill(&mut self, args: &[&str], input: &str) -> bool {
        let duration = self.durations.get(&args.join(" ")).map_or(u128::MAX, Duration::as_micros);
        // The first run with these arguments is not killed, to measure its duration.
        let limit = usize::try_from(duration).map_or(Duration::MAX, |micros| {
            Duration::from_micros(self.random.below(micros + micros / 10) as u64)
        });
        let mut child = self.spawn(args, Stdio::null());
        let started = Instant::now();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        while started.elapsed() < limit {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.code().unwrap() < 2, "{args:?}");
                self.durations.insert(args.join(" "), started.elapsed());
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

    /// Edits files and runs `index`.
    fn run_update(&mut self, certain: State, args: &[&str]) -> Round {
        self.edit();
        let mut new = self.files.clone();
        if !args.contains(&"--rebuild") {
            // The run does not touch documents from standard input or from the service.
            new.extend(sent(&certain));
        }
        let ended = self.run_and_kill(args, "");
        Round::between(certain, new, ended)
    }

    /// Deletes the index and runs `index`.
    fn run_first(&mut self) -> Round {
        fs::remove_dir_all(self.folder.path("index")).unwrap();
        self.run_update(State::new(), &["index", "a"])
    }

    fn run_standard_input(&mut self, certain: State) -> Round {
        self.edition += 1;
        let mut new = certain.clone();
        let mut lines = String::new();
        for number in 0..10 {
            let id = format!("sent {number}");
            lines.extend([document(&id, self.edition).as_str(), "\n"]);
            new.insert(id, self.edition);
        }
        let ended = self.run_and_kill(&["index", "-"], &lines);
        Round::between(certain, new, ended)
    }

    /// Runs `watch` while files change. Changes that it has reported must be durable.
    fn run_watch(&mut self, certain: State) -> Round {
        self.edit();
        let first = self.files.clone();
        let mut child = self.spawn(&["watch", "a", "--json"], Stdio::piped());
        let reported = AtomicBool::new(false);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = thread::scope(|scope| {
            scope.spawn(|| lines.for_each(|_| reported.store(true, Ordering::SeqCst)));
            self.sleep();
            let acknowledged = reported.load(Ordering::SeqCst);
            self.edit();
            self.sleep();
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged
        });
        let mut round = Round::killed(certain);
        if acknowledged {
            round.certain = sent(&round.certain).chain(first).collect();
        } else {
            round.allow(&first, &self.texts);
        }
        round.allow(&self.files, &self.texts);
        round
    }

    fn sleep(&mut self) {
        thread::sleep(Duration::from_micros(self.random.below(MAX_LIFETIME_MICROS) as u64));
    }

    /// Sends changes to `serve`. With `watch` the service also watches the files.
    fn run_serve(&mut self, certain: State, watch: bool) -> Round {
        let key = self.key();
        let mut round = Round::killed(certain);
        if watch {
            self.edit();
            round.allow(&self.files, &self.texts);
        }
        let args: &[&str] = if watch { &["--public", "--watch", "a"] } else { &["--public"] };
        let server = Server::start(&self.folder, args);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| WritingClient::new(number, server.address, &key, self.edition))
            .collect();
        let clients: Vec<_> = thread::scope(|scope| {
            let running = clients.into_iter().map(|client| scope.spawn(|| client.run()));
            let running: Vec<_> = running.collect();
            self.sleep();
            server.kill();
            running.into_iter().map(|client| client.join().unwrap()).collect()
        });
        for client in clients {
            self.edition = self.edition.max(client.edition);
            for (id, edition) in client.acknowledged {
                round.certain.remove(&id);
                round.certain.extend(edition.map(|edition| (id, edition)));
            }
            for (id, editions) in client.unacknowledged {
                round.possible.entry(id).or_default().extend(editions);
            }
        }
        round
    }

    /// Returns a key that may write. Adds one if the folder of the index was deleted.
    fn key(&self) -> String {
        let key_file = self.folder.path("key");
        if !self.folder.path("index/keys.json").exists() {
            fs::write(&key_file, self.folder.key("write")).unwrap();
        }
        fs::read_to_string(key_file).unwrap()
    }
}

impl Round {
    fn killed(certain: State) -> Self {
        Self { certain, possible: Editions::new(), new: None, killed: true }
    }

    fn between(old: State, new: State, ended: bool) -> Self {
        let certain = if ended { new.clone() } else { old };
        Self { certain, possible: Editions::new(), new: Some(new), killed: !ended }
    }

    /// Allows the editions of `files` in addition.
    fn allow(&mut self, files: &State, texts: &[(String, String)]) {
        for (name, _) in texts {
            self.possible.entry(name.clone()).or_default().insert(files.get(name).copied());
        }
    }

    fn check(&self, actual: &State) {
        if let Some(new) = &self.new {
            assert!(
                actual == &self.certain || actual == new,
                "{actual:?}\n{:?}\n{new:?}",
                self.certain
            );
            return;
        }
        for id in self.certain.keys().chain(self.possible.keys()).chain(actual.keys()) {
            let (edition, certain) = (actual.get(id).copied(), self.certain.get(id).copied());
            let possible = self.possible.get(id);
            let is_possible = possible.is_some_and(|editions| editions.contains(&edition));
            assert!(
                edition == certain || is_possible,
                "{id}: {edition:?}, not {certain:?} or {possible:?}"
            );
        }
    }
}

/// Returns the documents that come from standard input or from the service, not from files.
fn sent(state: &State) -> impl Iterator<Item = (String, usize)> {
    let documents = state.iter().filter(|(id, _)| id.starts_with("sent "));
    documents.map(|(id, edition)| (id.clone(), *edition))
}

/// Copies a folder. Adds name (the path below `top`) and text of editable files to `texts`.
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
fn kills_at_random_times_lose_nothing_acknowledged() {
    let mut world = World::new();
    let mut certain = world.indexed_state();
    let mut killed = BTreeMap::new();
    let kills = count("GZ_SEARCH_KILLS", 14);
    for number in 0.. {
        let (name, round) = match number % 7 {
            0 => ("update", world.run_update(certain, &["index", "a"])),
            1 => ("rebuild", world.run_update(certain, &["index", "a", "--rebuild"])),
            2 => ("standard input", world.run_standard_input(certain)),
            3 => ("watch", world.run_watch(certain)),
            4 => ("serve", world.run_serve(certain, false)),
            5 => ("serve --watch", world.run_serve(certain, true)),
            _ => ("first", world.run_first()),
        };
        *killed.entry(name).or_insert(0) += usize::from(round.killed);
        certain = world.indexed_state();
        round.check(&certain);
        // The next run succeeds in spite of what the killed one left behind.
        if number % 7 == 6 || number % 3 == 0 {
            assert!(world.run(&["index", "a"]) < 2);
            let complete = sent(&certain).chain(world.files.clone()).collect();
            certain = world.indexed_state();
            assert_eq!(certain, complete, "after {name}");
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
