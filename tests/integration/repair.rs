//! `gz-search index --repair`: readable documents are kept, the others are read from their files again, and lost ones
//! are named.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gz_search::Index;

use crate::{fixture::Folder, random::Random};

/// Number of documents that have a file.
const FILES: usize = 12;
/// Number of documents from standard input, which have no file.
const SENT: usize = 8;

/// Returns a text so long that each document fills a block of the document store.
fn text(name: &str) -> String {
    let mut random = Random(name.len() as u64 * 7 + name.bytes().map(u64::from).sum::<u64>());
    let mut text = format!("Release {name}\n\nThe harbour of {name} opened.");
    for _ in 0..30 {
        let words: Vec<_> = (0..200).map(|_| format!("{:x}", random.below(1 << 40))).collect();
        text.extend(["\n\n", &words.join(" ")]);
    }
    text
}

/// Builds an index of files, one copy of a file, removed files, and documents from standard input.
fn build_index() -> Folder {
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

/// Returns the ids of all documents.
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

/// Returns the files of the index whose names end with `suffix`.
fn files(folder: &Folder, suffix: &str) -> Vec<PathBuf> {
    fn collect(dir: &Path, paths: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
        }
    }
    let mut paths = Vec::new();
    collect(&folder.path("index"), &mut paths);
    paths.retain(|path| path.to_string_lossy().ends_with(suffix));
    paths.sort();
    assert!(!paths.is_empty(), "{suffix}");
    paths
}

/// Changes one byte of a file.
fn damage_byte(path: &Path, offset: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[offset] ^= 0x55;
    fs::write(path, bytes).unwrap();
}

#[test]
fn repair_loses_nothing_while_the_document_store_is_intact() {
    let folder = build_index();
    let all_ids = ids(&folder);
    assert_eq!(all_ids.len(), FILES + SENT);
    let sound = folder.run(&["index", "--repair"]);
    assert!(sound.code == 0 && sound.out.contains("nothing to repair"), "{sound:?}");
    for kind in ["CURRENT", "meta.json", ".managed.json", ".idx", ".pos", ".term", ".fast"] {
        for path in files(&folder, kind) {
            damage_byte(&path, fs::metadata(&path).unwrap().len() as usize / 2);
        }
        assert_eq!(folder.run(&["check"]).code, 1, "{kind}");
        let run = folder.run(&["index", "--repair"]);
        // Only the commit records removed documents.
        let code = i32::from(kind == "meta.json");
        assert_eq!(run.code, code, "{kind}: {run:?}");
        assert_eq!(folder.run(&["check", "--deep"]).code, 0, "{kind}");
        assert!(ids(&folder).is_superset(&all_ids), "{kind}");
        let again = folder.run(&["index", "a"]);
        assert_eq!(again.code, 0, "{again:?}");
        assert_eq!(ids(&folder), all_ids, "{kind}");
        let stats = Index::open(folder.path("index")).unwrap().stats().unwrap();
        assert_eq!((stats.documents, stats.copies), ((FILES + SENT) as u64, 1), "{kind}");
    }
}

#[test]
fn damaged_documents_are_read_again_or_named() {
    let folder = build_index();
    let all_ids = ids(&folder);
    let mut bytes = 0;
    for path in files(&folder, ".store") {
        let length = fs::metadata(&path).unwrap().len() as usize;
        (0..5).for_each(|part| damage_byte(&path, length * (2 * part + 1) / 11));
        bytes += length;
    }
    assert!(bytes > 1 << 19, "{bytes}");
    let before = files(&folder, "CURRENT").pop().map(|path| fs::read(path).unwrap());
    let other_options = folder.run(&["index", "--repair", "--issuer", "Another"]);
    let advice = "run the repair with the options of that run";
    assert!(other_options.code == 1 && other_options.err.contains(advice), "{other_options:?}");
    assert_ne!(files(&folder, "CURRENT").pop().map(|path| fs::read(path).unwrap()), before);
    assert_eq!(folder.run(&["check", "--deep"]).code, 0);
    let ids_left = ids(&folder);
    let lost: Vec<_> = all_ids.difference(&ids_left).collect();
    assert!(!lost.is_empty() && lost.len() < all_ids.len(), "{lost:?}");
    // Documents without a file are named or counted; the next update finds the files.
    let errors = &other_options.err;
    assert!(errors.contains("sent ") || errors.contains("entries"), "{other_options:?}");
    assert_eq!(folder.run(&["index", "a"]).code, 0);
    let updated = ids(&folder);
    assert!(all_ids.difference(&updated).all(|id| id.starts_with("sent ")), "{updated:?}");
}

#[test]
fn repair_reads_files_without_being_given_their_folder() {
    for quarter in 1..4 {
        let folder = build_index();
        let all_ids = ids(&folder);
        let path =
            files(&folder, ".store").into_iter().max_by_key(|path| path.metadata().unwrap().len());
        let path = path.unwrap();
        damage_byte(&path, fs::metadata(&path).unwrap().len() as usize * quarter / 4);
        let run = folder.run(&["index", "--repair"]);
        assert!(run.out.contains(" kept, "), "{run:?}");
        assert_eq!(folder.run(&["check", "--deep"]).code, 0);
        let lost: Vec<String> = all_ids.difference(&ids(&folder)).cloned().collect();
        assert!(
            lost.iter().all(|id| id.starts_with("sent ") && run.err.contains(id.as_str())),
            "{run:?}"
        );
        // The record of a copy may be lost although no document is.
        let reports_loss = !lost.is_empty() || run.err.contains(" entries: could not be read");
        assert_eq!(run.code, i32::from(reports_loss), "{run:?}");
    }
}

#[test]
fn repair_keeps_an_index_without_readable_documents() {
    let folder = Folder::with_sample();
    assert_eq!(folder.run(&["index"]).code, 0);
    for path in files(&folder, ".store") {
        fs::write(&path, "nothing").unwrap();
    }
    let before = fs::read(folder.path("index/CURRENT")).unwrap();
    let run = folder.run(&["index", "--repair"]);
    assert!(run.code == 2 && run.err.contains("no entry of it can be read"), "{run:?}");
    assert_eq!(fs::read(folder.path("index/CURRENT")).unwrap(), before);
    assert_eq!(folder.run(&["index", "--rebuild"]).code, 0);
    assert_eq!(folder.run(&["check"]).code, 0);
}
