//! Damaged index files: `check` detects every changed byte, and a query is answered or fails with advice.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use gz_search::{Document, Error, Index, Query};

use crate::{
    fixture::Folder,
    random::{Random, count},
};

/// Maximum time for the queries on a damaged index. A longer run counts as a hang.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Builds an index with deletions that has every kind of file, some of them with many blocks. The index contains the
/// files of the folder `GZ_SEARCH_SLICE`, or random words, which compress badly.
fn build_index(folder: &Folder) -> PathBuf {
    let dir = folder.path("index");
    if let Some(slice) = std::env::var_os("GZ_SEARCH_SLICE") {
        assert!(folder.run(&["index", &slice.to_string_lossy()]).code < 2);
        return dir;
    }
    let mut writer = Index::create(&dir).unwrap().writer().unwrap();
    let mut random = Random(5);
    for number in 0..60 {
        let words: Vec<_> = (0..7000).map(|_| nth_word(random.below(WORDS))).collect();
        let text = format!(
            "Exports of region {number} grew by {number} %.\n\n“Rail number {number} opens,” said \
             Zhang San, Director of the Bureau of Commerce.\n\n{number}号飞行汽车工厂在广州投产。\n\n{}.",
            words.chunks(200).map(|words| words.join(" ")).collect::<Vec<_>>().join(".\n\n")
        );
        writer.add(&Document::new(format!("release {number}"), text)).unwrap();
    }
    writer.checkpoint().unwrap();
    for number in (0..60).step_by(10) {
        writer.remove(&format!("release {number}")).unwrap();
    }
    writer.checkpoint().unwrap();
    drop(writer);
    dir
}

/// Number of distinct random words.
const WORDS: usize = 60_000;

fn nth_word(number: usize) -> String {
    format!("{:x}", (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20)
}

/// Returns the files of the current generation that are not empty, and `CURRENT`.
fn files(dir: &Path) -> Vec<PathBuf> {
    let current = fs::read_to_string(dir.join("CURRENT")).unwrap();
    let folder = dir.join("generations").join(current.split_whitespace().next().unwrap());
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.metadata().unwrap().len() > 0).collect();
    files.push(dir.join("CURRENT"));
    files.sort();
    files
}

/// Runs queries and returns whether all were answered. A panic, a hang, or an error of another kind than damage fails
/// the test.
fn run_queries(dir: &Path, queries: usize, random: &mut Random) -> bool {
    let texts =
        ["exports", "\"rail number\"", "飞行汽车", "export* OR regoin~", "*", "speaker:zhang 12"];
    let started = Instant::now();
    let answer = Index::open(dir).and_then(|index| index.searcher()).and_then(|searcher| {
        for number in 0..queries {
            let words = [(); 2].map(|()| nth_word(random.below(WORDS)));
            let text = match (number % 8, texts.get(number % 8)) {
                (_, Some(text)) => (*text).to_owned(),
                (6, _) => words.join(" "),
                _ => format!("{:.2}* {:.2}*", words[0], words[1]),
            };
            let results = searcher.search(&Query::new(text).limit(3))?;
            for hit in &results.hits {
                searcher.document(&hit.document.id)?;
            }
        }
        searcher.suggest("exp", 5).map(drop)
    });
    assert!(started.elapsed() < TIME_LIMIT, "{:?}", started.elapsed());
    if let Err(error) = &answer {
        assert!(matches!(error, Error::Damaged { .. } | Error::Engine(_)), "{error:?}");
    }
    answer.is_ok()
}

#[test]
fn check_detects_any_changed_byte() {
    let folder = Folder::new();
    let dir = build_index(&folder);
    assert!(Index::check(&dir).unwrap().is_sound());
    let files = files(&dir);
    let kinds: Vec<_> = files.iter().filter_map(|path| path.extension()).collect();
    assert!(kinds.len() >= 7, "{files:?}");
    let longest = files.iter().map(|path| path.metadata().unwrap().len()).max().unwrap();
    assert!(longest > 1 << 20, "{longest}");
    let (mut random, mut answered) = (Random(7), 0);
    let rounds = count("GZ_SEARCH_FLIPS", 100);
    for round in 0..rounds {
        let path = &files[round % files.len()];
        let sound = fs::read(path).unwrap();
        let offset = match round / files.len() % 3 {
            0 => random.below(sound.len().min(64)),
            1 => sound.len() - 1 - random.below(sound.len().min(160)),
            _ => random.below(sound.len()),
        };
        let mut bytes = sound.clone();
        bytes[offset] ^= 1 + random.below(255) as u8;
        fs::write(path, &bytes).unwrap();
        let detected = match Index::check(&dir) {
            Ok(check) => !check.is_sound(),
            Err(Error::Io { .. }) => true,
            Err(error) => panic!("{error}"),
        };
        assert!(detected, "{}: byte {offset} of {}", path.display(), sound.len());
        answered += usize::from(run_queries(&dir, count("GZ_SEARCH_QUERIES", 8), &mut random));
        fs::write(path, &sound).unwrap();
    }
    assert!(Index::check(&dir).unwrap().is_sound());
    println!(
        "{rounds} changed bytes detected; in {answered} cases all queries were answered, in the others one failed"
    );
}

#[test]
fn check_command_names_the_damaged_file() {
    let folder = Folder::with_sample();
    assert_eq!(folder.run(&["check"]).code, 2);
    folder.run(&["index"]);
    let sound = folder.run(&["check", "--deep", "--json"]);
    assert_eq!((sound.code, &sound.json()["sound"]), (0, &true.into()), "{sound:?}");
    folder.write(crate::fixture::SAMPLE, "Something else.\n");
    let changed = folder.run(&["check", "--deep"]);
    assert!(changed.code == 1 && changed.out.contains("has changed"), "{changed:?}");
    let index_files = files(&folder.path("index"));
    let is_store = |path: &&PathBuf| path.extension().is_some_and(|kind| kind == "store");
    let store = index_files.iter().find(is_store).unwrap();
    let mut bytes = fs::read(store).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(store, bytes).unwrap();
    let damaged = folder.run(&["check"]);
    assert_eq!(damaged.code, 1);
    for expected in [".store: its checksum is wrong", "gz-search index --repair"] {
        assert!(damaged.out.contains(expected), "{damaged:?}");
    }
    let query = folder.run(&["query", "something"]);
    assert!(query.code == 2 && query.err.contains("gz-search check"), "{query:?}");
    assert_eq!(folder.run(&["index", "--rebuild"]).code, 0);
    assert_eq!(folder.run(&["check"]).code, 0);
    assert_eq!(folder.run(&["query", "something"]).code, 0);
}

#[test]
fn snapshots_hold_whole_commits_while_a_writer_runs() {
    let folder = Folder::new();
    let index = Index::create(folder.path("index")).unwrap();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for round in 0..30 {
                let writer = index.writer().unwrap();
                // One commit holds all three documents, so a snapshot has all of them or none.
                for name in ["a", "b", "c"] {
                    let text = format!("Exports of {name} grew.\n\nIn round {round}.");
                    writer.add(&Document::new(format!("{name} {}", round % 7), text)).unwrap();
                }
                writer.commit().unwrap();
            }
        });
        let mut copies = 0;
        while !writing.is_finished() || copies < 2 {
            let out = folder.path(&format!("copy {copies}"));
            index.snapshot(&out).unwrap();
            let check = Index::check(&out).unwrap();
            assert!(check.is_sound() && check.documents.is_multiple_of(3), "{check:?}");
            let copy = Index::open(&out).unwrap();
            assert_eq!(copy.stats().unwrap().documents, check.documents);
            copy.writer().unwrap().commit().unwrap();
            assert!(Index::check(&out).unwrap().is_sound());
            copies += 1;
        }
    });
    let again = folder.run(&["snapshot", "copy 0"]);
    assert!(again.code == 2 && again.err.contains("copy 0 is not empty"), "{again:?}");
    let run = folder.run(&["snapshot", "deep/copy"]);
    assert_eq!((run.code, run.out.as_str()), (0, "deep/copy: a copy of index\n"), "{run:?}");
    assert_eq!(folder.run(&["--index", "deep/copy", "query", "exports"]).code, 0);
}
