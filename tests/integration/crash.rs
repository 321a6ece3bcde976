//! `gz-search index`, killed at any moment: the old state or the new one is there, and the next run goes on.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use gz_search::{Error, Index};

use crate::fixture::{Folder, Random, count};

/// The edition that each document is in.
type State = BTreeMap<String, usize>;

/// A folder of releases, some in each round rewritten, some gone, some new.
struct Slice<'a> {
    folder: &'a Folder,
    random: Random,
    now: State,
}

impl Slice<'_> {
    fn edit(&mut self, edition: usize) {
        for number in 0..40 {
            let name = format!("release {number}.txt");
            match self.random.below(8) {
                0..4 => {
                    let line = format!(
                        "Exports of place {number} grew. 广州第{number}号飞行汽车工厂。\n\n"
                    );
                    let text = format!("Edition {edition}\n\n{}", line.repeat(20 + number));
                    self.folder.write(&format!("a/{name}"), &text);
                    self.now.insert(name, edition);
                }
                4 if self.now.remove(&name).is_some() => {
                    self.folder.remove(&format!("a/{name}"));
                }
                _ => {}
            }
        }
    }
}

/// What the index holds; nothing where no run has come so far as to make one.
fn found(folder: &Folder) -> State {
    let dir = folder.path("index");
    let check = match Index::check(&dir) {
        Ok(check) => check,
        Err(Error::NoIndex(_)) => return State::new(),
        Err(error) => panic!("{error}"),
    };
    assert!(check.is_sound(), "{check:?}");
    let index = Index::open(&dir).unwrap();
    let searcher = index.searcher().unwrap();
    let mut state = State::new();
    let names = (0..40).map(|number| format!("release {number}.txt"));
    for name in names.chain(["sent".to_owned()]) {
        if let Some((document, passages)) = searcher.document(&name).unwrap() {
            let mut said =
                document.title.iter().chain(passages.iter().map(|passage| &passage.text));
            let edition = said.find_map(|text| text.strip_prefix("Edition ")).unwrap();
            state.insert(name, edition.trim().parse().unwrap());
        }
    }
    assert_eq!(
        index.stats().unwrap().documents,
        state.len() as u64,
        "one is there twice, or unknown"
    );
    assert_eq!(check.documents, state.len() as u64);
    state
}

/// Runs the command and kills it after `delay`; whether it had ended well by then.
fn killed(folder: &Folder, args: &[&str], input: &str, delay: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(args)
        .current_dir(folder.path(""))
        .env_remove("GZ_SEARCH_INDEX")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap().success()
}

#[test]
fn killed_at_any_moment() {
    let folder = Folder::new();
    let mut slice = Slice { folder: &folder, random: Random(3), now: State::new() };
    slice.edit(0);
    let started = Instant::now();
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    let whole = started.elapsed().as_micros() as usize;
    fs::remove_dir_all(folder.path("index")).unwrap();
    let (mut died, mut sent) = (0, None);
    for round in 1..=count("GZ_SEARCH_KILLS", 20) {
        let mut before = found(&folder);
        let delay = Duration::from_micros(slice.random.below(whole + whole / 5) as u64);
        let mut after;
        let ended = match round % 4 {
            0 => {
                let line = format!("{{\"id\":\"sent\",\"text\":\"Edition {round}\"}}\n");
                after = before.clone();
                after.insert("sent".to_owned(), round);
                killed(&folder, &["index", "-"], &line, delay)
            }
            kind => {
                slice.edit(round);
                after = slice.now.clone();
                let args: &[&str] =
                    if kind == 1 { &["index", "a", "--rebuild"] } else { &["index", "a"] };
                // Nothing sends again what came by standard input.
                if kind != 1 {
                    after.extend(sent.map(|edition| ("sent".to_owned(), edition)));
                }
                killed(&folder, args, "", delay)
            }
        };
        died += usize::from(!ended);
        let state = found(&folder);
        if ended {
            before.clone_from(&after);
        }
        assert!(
            state == before || state == after,
            "round {round}\n{before:?}\n{state:?}\n{after:?}"
        );
        sent = state.get("sent").copied();
        if round % 3 == 0 {
            let run = folder.run(&["index", "a"]);
            assert_eq!(run.code, 0, "{run:?}");
            let mut complete = slice.now.clone();
            complete.extend(sent.map(|edition| ("sent".to_owned(), edition)));
            assert_eq!(found(&folder), complete, "round {round}");
        }
    }
    let generations = fs::read_dir(folder.path("index/generations")).unwrap().count();
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    println!("killed {died} runs; {generations} generations before the last run");
    assert!(died > 0);
}
