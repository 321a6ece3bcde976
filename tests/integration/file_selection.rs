//! `gz-search index`: which files it reads, metadata given by options, and dry runs.

use std::fs;

use serde_json::json;

use crate::fixture::Folder;

/// Runs `index` and returns how many documents were added, updated, unchanged, removed and failed.
fn counts(folder: &Folder, args: &[&str]) -> [u64; 5] {
    let report = folder.run(&[&["index", "--json"], args].concat()).json();
    ["added", "updated", "unchanged", "removed", "failed"]
        .map(|name| report["documents"][name].as_u64().unwrap())
}

/// Returns the number of matching passages.
fn total(folder: &Folder, query: &str) -> u64 {
    folder.run(&["query", query, "--count"]).out.trim().parse().unwrap()
}

#[test]
fn files_that_globs_or_ignore_files_exclude_are_removed() {
    let folder = Folder::new();
    for name in ["a/one.txt", "a/two.md", "a/drafts/three.txt", "a/drafts/four.md", "a/.five.txt"] {
        folder.write(name, &format!("Ports grew in {name}.\n"));
    }
    assert_eq!(counts(&folder, &["a"]), [4, 0, 0, 0, 0]);
    assert_eq!(counts(&folder, &["a", "--exclude", "drafts/"]), [0, 0, 2, 2, 0]);
    assert_eq!(counts(&folder, &["a", "--include", "*.txt"]), [1, 0, 1, 1, 0]);
    let both = ["a", "--include", "*.txt", "--exclude", "one.*", "--exclude", "/drafts"];
    assert_eq!(counts(&folder, &both), [0, 0, 0, 2, 0]);
    // A file named as an argument is always read, and documents of other roots stay.
    assert_eq!(counts(&folder, &["a/.five.txt", "--exclude", "*"]), [1, 0, 0, 0, 0]);
    folder.write("a/.gzsearchignore", "# not yet public\ndrafts/\n");
    folder.write("a/drafts/.gzsearchignore", "!three.txt\n");
    folder.write("a/.gitignore", "two.md\n");
    assert_eq!(counts(&folder, &["a"]), [2, 0, 0, 0, 0]);
    assert_eq!(counts(&folder, &["a", "--gitignore"]), [0, 0, 1, 1, 0]);
    assert_eq!(total(&folder, "ports"), 2);
    let refused = folder.run(&["index", "a", "--exclude", "a{b"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("\"a{b\" is not a glob"), "{refused:?}");
}

#[test]
fn the_index_does_not_index_itself() {
    let folder = Folder::new();
    folder.write("one.txt", "Ports grew.\n");
    assert_eq!(counts(&folder, &["."]), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&folder, &["."]), [0, 0, 1, 0, 0]);
}

#[test]
fn roots_are_updated_independently() {
    let folder = Folder::new();
    folder.write("a/x/news.txt", "Ports grew.\n");
    folder.write("b/x/news.txt", "Rails grew.\n");
    assert_eq!(counts(&folder, &["a/x", "b/x"]), [2, 0, 0, 0, 0]);
    let ids = folder.run(&["query", "grew", "--format", "json"]).ids();
    assert_eq!(ids, ["news.txt#0", "x/news.txt#0"]);
    // A root within a root, and a root named twice, read each file once.
    assert_eq!(counts(&folder, &["a", "a/x", "a/x"]), [0, 0, 1, 0, 0]);
    // An update of one root does not remove documents of the other.
    folder.remove("a/x/news.txt");
    folder.remove("b/x/news.txt");
    assert_eq!(counts(&folder, &["a"]), [0, 0, 0, 1, 0]);
    assert_eq!(total(&folder, "rails"), 1);
    assert_eq!(counts(&folder, &["b"]), [0, 0, 0, 1, 0]);
}

#[test]
fn dry_run_reports_changes_and_writes_nothing() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    let run = folder.run(&["index", "a", "--dry-run"]);
    assert_eq!(
        run.out,
        "add one.txt\nwould be: 1 added, 0 updated, 0 unchanged, 0 removed, 0 failed\n"
    );
    assert!(!folder.path("index").exists());
    folder.write("a/two.txt", "Rails grew.\n");
    folder.write("a/three.txt", "Roads grew.\n");
    folder.run(&["index", "a"]);
    let before = file_stamps(&folder);
    folder.write("a/two.txt", "Rails shrank.\n");
    folder.remove("a/three.txt");
    folder.write("a/four.txt", "Canals grew.\n");
    folder.write("a/binary.txt", "a\0b");
    let run = folder.run(&["index", "a", "--dry-run", "--json"]);
    let report = run.json();
    assert_eq!(run.code, 1);
    assert_eq!(
        report["would"],
        json!({"add": ["four.txt"], "update": ["two.txt"], "remove": ["three.txt"]})
    );
    assert!(report["failures"][0]["reason"].as_str().unwrap().contains("binary"), "{report}");
    assert_eq!(file_stamps(&folder), before);
    assert_eq!(counts(&folder, &["a"]), [1, 1, 1, 1, 1]);
    assert_eq!(counts(&folder, &["a", "--dry-run", "--rebuild"]), [3, 0, 0, 0, 1]);
}

/// Returns every file of the index with its modification time and length.
fn file_stamps(folder: &Folder) -> Vec<(std::path::PathBuf, std::time::SystemTime, u64)> {
    let mut stamps = Vec::new();
    let mut folders = vec![folder.path("index")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                folders.push(entry.path());
            }
            stamps.push((entry.path(), metadata.modified().unwrap(), metadata.len()));
        }
    }
    stamps.sort();
    stamps
}

#[test]
fn metadata_options_override_files_and_update_them_when_changed() {
    let folder = Folder::new();
    folder.write("a/one.md", "---\nissuer: Bureau of Data\ndate: 2025-12-17\n---\nPorts grew.\n");
    folder.write("a/list.jsonl", "{\"id\":\"x\",\"text\":\"Rails grew.\"}\n");
    assert_eq!(counts(&folder, &["a"]), [2, 0, 0, 0, 0]);
    let options =
        ["a", "--issuer", "City of Ports", "--date", "2026-01-02", "--meta", "desk=trade"];
    assert_eq!(counts(&folder, &options), [0, 2, 0, 0, 0]);
    assert_eq!(counts(&folder, &options), [0, 0, 2, 0, 0]);
    assert_eq!(folder.run(&["query", "grew", "--issuer", "city of ports", "--count"]).out, "2\n");
    let shown = folder.run(&["show", "one.md"]).out;
    for line in ["issuer: City of Ports (given)", "date: 2026-01-02 (given)", "desk: trade"] {
        assert!(shown.contains(line), "{shown}");
    }
    // A new file adds one document. Without the options, the files' own metadata applies again.
    folder.write("a/two.txt", "Roads grew.\n");
    assert_eq!(counts(&folder, &options), [1, 0, 2, 0, 0]);
    assert_eq!(counts(&folder, &["a"]), [0, 3, 0, 0, 0]);
    assert!(folder.run(&["show", "one.md"]).out.contains("issuer: Bureau of Data (front matter)"));
    let line = "{\"id\":\"y\",\"text\":\"Canals grew.\"}\n";
    folder.run_with(&["index", "-", "--lang", "en", "--url", "http://127.0.0.1/y"], line);
    assert!(folder.run(&["show", "y"]).out.contains("http://127.0.0.1/y"));
    for (args, message) in [
        (["--date", "soon"], "\"soon\" is not a date"),
        (["--meta", "title=x"], "title is a field"),
        (["--meta", "desk"], "KEY=VALUE"),
    ] {
        let run = folder.run(&["index", "a", args[0], args[1]]);
        assert!(run.code == 2 && run.err.contains(message), "{run:?}");
    }
}

#[test]
fn configuration_file_sets_default_options() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n");
    folder.write("a/two.md", "Rails grew.\n");
    folder.write(
        "gz-search.toml",
        "[index]\npaths = [\"a\"]\nexclude = [\"*.md\"]\nissuer = \"City\"\n",
    );
    assert_eq!(counts(&folder, &[]), [1, 0, 0, 0, 0]);
    assert!(folder.run(&["show", "one.txt"]).out.contains("issuer: City (given)"));
    folder.write("other.toml", "[index]\npaths = [\"a\"]\n");
    assert_eq!(counts(&folder, &["--config", "other.toml"]), [1, 1, 0, 0, 0]);
    folder.write("gz-search.toml", "[index]\npath = 3\n");
    let run = folder.run(&["index"]);
    assert!(
        run.code == 2
            && run
                .err
                .contains("gz-search.toml:2: [index] has no option path: did you mean paths?"),
        "{run:?}"
    );
}

#[test]
fn reports_count_files_by_format() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Ports grew.\n\nPorts shrank.\n");
    folder.write("a/page.txt", "<!doctype html><title>T</title><p>Rails grew in 2025.");
    folder.write("a/binary.txt", "\0");
    folder.write("a/empty.txt", "\n");
    folder.write("a/~$one.docx", "lock");
    folder.write("a/picture.png", "x");
    let run = folder.run(&["index", "a"]);
    let table = "read  files  documents  passages  failed\n\
                 HTML      1          1         1       0\n\
                 text      3          1         2       1\n\
                 all       4          2         3       1\n";
    assert!(run.err.ends_with(table), "{run:?}");
    assert!(run.err.contains("1 file of kind empty file not read"), "{run:?}");
    // The report counts only the files that this run read.
    let report = folder.run(&["index", "a", "--json"]).json();
    assert_eq!(
        report["kinds"],
        json!({"text": {"files": 1, "documents": 0, "passages": 0, "failed": 1}})
    );
    assert_eq!(report["skipped"], json!({".png": 1, "lock or unfinished download": 1}));
    assert_eq!(report["source_bytes"], 1);
    let stats = folder.run(&["stats", "--json"]).json();
    assert_eq!(stats["kinds"], json!({"HTML": [1, 1], "text": [1, 2]}));
    assert_eq!((stats["languages"]["en"].as_u64(), stats["undated"].as_u64()), (Some(2), Some(2)));
    assert!(folder.run(&["stats"]).out.contains("kind  documents  passages\nHTML          1"));
}
