//! `gz-search index --repair`: what can be read stays, the rest comes from its files, and what is lost is said.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gz_search::Index;

use crate::{fixture::Folder, random::Random};

const FILES: usize = 12;
const SENT: usize = 8;

/// Long enough that every document has a block of the store to itself.
fn text(name: &str) -> String {
    let mut random = Random(name.len() as u64 * 7 + name.bytes().map(u64::from).sum::<u64>());
    let mut text = format!("Release {name}\n\nThe harbour of {name} opened.");
    for _ in 0..30 {
        let words: Vec<_> = (0..200).map(|_| format!("{:x}", random.below(1 << 40))).collect();
        text.extend(["\n\n", &words.join(" ")]);
    }
    text
}

/// Files, one of them twice, some of them gone again, and documents that came by standard input.
fn made() -> Folder {
    let folder = Folder::new();
    for number in 0..FILES + 5 {
        folder.write(&format!("a/{number}.txt"), &text(&number.to_string()));
    }
    folder.write("a/deep/copy of 3.txt", &text("3"));
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    for number in FILES..FILES + 5 {
        folder.remove(&format!("a/{number}.txt"));
    }
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    let lines: String = (0..SENT)
        .map(|number| {
            let id = format!("sent {number}");
            serde_json::json!({"id": id, "text": text(&id), "issuer": "Bureau"}).to_string() + "\n"
        })
        .collect();
    assert_eq!(folder.run_with(&["index", "-"], &lines).code, 0);
    folder
}

/// The ids of all documents.
fn ids(folder: &Folder) -> BTreeSet<String> {
    let run = folder.run(&[
        "query",
        "harbour",
        "--limit",
        "500",
        "--format",
        "json",
        "--collapse",
        "none",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    run.ids().iter().filter_map(|id| Some(id.split_once('#')?.0.to_owned())).collect()
}

fn files(folder: &Folder, kind: &str) -> Vec<PathBuf> {
    fn below(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { below(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    below(&folder.path("index"), &mut found);
    found.retain(|path| path.to_string_lossy().ends_with(kind));
    found.sort();
    assert!(!found.is_empty(), "{kind}");
    found
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

#[test]
fn nothing_is_lost_while_texts_can_be_read() {
    let folder = made();
    let all = ids(&folder);
    assert_eq!(all.len(), FILES + SENT);
    let sound = folder.run(&["index", "--repair"]);
    assert!(sound.code == 0 && sound.out.contains("nothing to repair"), "{sound:?}");
    for kind in ["CURRENT", "meta.json", ".managed.json", ".idx", ".pos", ".term", ".fast"] {
        for path in files(&folder, kind) {
            flip(&path, fs::metadata(&path).unwrap().len() as usize / 2);
        }
        assert_eq!(folder.run(&["check"]).code, 1, "{kind}");
        let run = folder.run(&["index", "--repair"]);
        // Which documents were removed is known from the commit alone.
        let code = i32::from(kind == "meta.json");
        assert_eq!(run.code, code, "{kind}: {run:?}");
        assert_eq!(folder.run(&["check", "--deep"]).code, 0, "{kind}");
        assert!(ids(&folder).is_superset(&all), "{kind}");
        let again = folder.run(&["index", "a"]);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(ids(&folder), all, "{kind}");
        let stats = Index::open(folder.path("index")).unwrap().stats().unwrap();
        assert_eq!((stats.documents, stats.copies), ((FILES + SENT) as u64, 1), "{kind}");
    }
}

#[test]
fn what_is_damaged_comes_from_its_file_or_is_named() {
    let folder = made();
    let all = ids(&folder);
    let mut bytes = 0;
    for path in files(&folder, ".store") {
        let length = fs::metadata(&path).unwrap().len() as usize;
        (0..5).for_each(|part| flip(&path, length * (2 * part + 1) / 11));
        bytes += length;
    }
    assert!(bytes > 1 << 19, "{bytes}");
    let before = files(&folder, "CURRENT").pop().map(|path| fs::read(path).unwrap());
    let wrong = folder.run(&["index", "--repair", "--issuer", "Another"]);
    assert!(wrong.code == 1 && wrong.err.contains("repair with the same options"), "{wrong:?}");
    assert_ne!(files(&folder, "CURRENT").pop().map(|path| fs::read(path).unwrap()), before);
    assert_eq!(folder.run(&["check", "--deep"]).code, 0);
    let left = ids(&folder);
    let lost: Vec<_> = all.difference(&left).collect();
    assert!(!lost.is_empty() && lost.len() < all.len(), "{lost:?}");
    // Whatever had no file is named or counted, and the files are found by the next run.
    assert!(wrong.err.contains("sent ") || wrong.err.contains("entries"), "{wrong:?}");
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    let found = ids(&folder);
    assert!(all.difference(&found).all(|id| id.starts_with("sent ")), "{found:?}");
}

#[test]
fn files_are_read_again_by_themselves() {
    let folder = made();
    let all = ids(&folder);
    let path =
        files(&folder, ".store").into_iter().max_by_key(|path| path.metadata().unwrap().len());
    let path = path.unwrap();
    flip(&path, fs::metadata(&path).unwrap().len() as usize / 3);
    let run = folder.run(&["index", "--repair"]);
    assert!(run.out.contains(" kept, "), "{run:?}");
    assert_eq!(folder.run(&["check", "--deep"]).code, 0);
    let lost: Vec<String> = all.difference(&ids(&folder)).cloned().collect();
    assert!(
        lost.iter().all(|id| id.starts_with("sent ") && run.err.contains(id.as_str())),
        "{run:?}"
    );
    // The record of a file that says what another one says may be gone with no document.
    let said = !lost.is_empty() || run.err.contains(" entries: could not be read");
    assert_eq!(run.code, i32::from(said), "{run:?}");
}

#[test]
fn an_index_of_which_nothing_is_left_stays() {
    let folder = Folder::with_sample();
    assert_eq!(folder.run(&["index"]).code, 0);
    for path in files(&folder, ".store") {
        fs::write(&path, "nothing").unwrap();
    }
    let before = fs::read(folder.path("index/CURRENT")).unwrap();
    let run = folder.run(&["index", "--repair"]);
    assert!(run.code == 2 && run.err.contains("nothing in it can be read"), "{run:?}");
    assert_eq!(fs::read(folder.path("index/CURRENT")).unwrap(), before);
    assert_eq!(folder.run(&["index", "--rebuild"]).code, 0);
    assert_eq!(folder.run(&["check"]).code, 0);
}
