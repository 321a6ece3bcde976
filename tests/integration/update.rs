//! `gz-search index`: added, changed, removed and unreadable files.

use serde_json::json;

use crate::fixture::Folder;

/// Runs `index` and returns its exit code and its counts of documents.
fn counts(folder: &Folder, args: &[&str]) -> (i32, serde_json::Value) {
    let run = folder.run(&[&["index", "--json"], args].concat());
    let report = run.json();
    (run.code, report["documents"].clone())
}

/// Returns the counts of documents as the report of `index --json` prints them.
fn expected(
    added: u32,
    updated: u32,
    unchanged: u32,
    removed: u32,
    failed: u32,
) -> serde_json::Value {
    json!({"added": added, "updated": updated, "unchanged": unchanged, "removed": removed, "failed": failed})
}

#[test]
fn update_adds_changes_and_removes_documents() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Exports grew.\n");
    folder.write(
        "a/deep/two.md",
        "---\ntitle: Two\ndate: 2025-12-17\nissuer: Bureau of Data\n---\n# Two\n\nData flows.\n",
    );
    folder.write("a/.hidden/three.txt", "Never seen.\n");
    folder.write(
        "b/four.jsonl",
        "{\"id\":\"x\",\"text\":\"Ports.\"}\r\n{\"id\":\"y\",\"text\":\"Rails.\"}\r\n",
    );
    assert_eq!(counts(&folder, &["a"]), (0, expected(2, 0, 0, 0, 0)));
    assert_eq!(counts(&folder, &["a"]), (0, expected(0, 0, 2, 0, 0)));
    // A second root adds its files; an update of one root leaves the documents of the other.
    assert_eq!(counts(&folder, &["b"]), (0, expected(2, 0, 0, 0, 0)));
    folder.write(
        "b/four.jsonl",
        "{\"id\":\"x\",\"text\":\"Ports.\"}\n{\"id\":\"z\",\"text\":\"Roads.\"}\n",
    );
    assert_eq!(counts(&folder, &["b"]), (0, expected(1, 0, 1, 1, 0)));
    folder.write("a/one.txt", "Imports grew as well.\n");
    folder.remove("a/deep/two.md");
    assert_eq!(counts(&folder, &["a", "b"]), (0, expected(0, 1, 2, 1, 0)));
    let run = folder.run(&["query", "imports", "--format", "json"]);
    assert_eq!(run.ids(), ["one.txt#0"]);
    assert_eq!(folder.run(&["query", "data"]).code, 1);
    assert_eq!(counts(&folder, &["a", "b", "--rebuild"]), (0, expected(3, 0, 0, 0, 0)));
    assert_eq!(folder.run(&["query", "imports", "--format", "json"]).ids(), ["one.txt#0"]);
}

#[test]
fn files_with_equal_text_are_indexed_once() {
    let folder = Folder::new();
    let ids = || folder.run(&["query", "exports", "--format", "json"]).ids();
    let grew = "Exports grew.\n";
    folder.write("a/two.txt", grew);
    folder.write("a/deep/three.md", "Exports  grew.\n\n");
    folder.write("a/other.txt", "Imports grew.\n");
    let run = folder.run(&["index", "a"]);
    assert!(run.out.contains("2 documents, 2 passages, 1 duplicate file"), "{run:?}");
    assert_eq!(ids(), ["deep/three.md#0"]);
    assert_eq!(counts(&folder, &["a"]), (0, expected(0, 0, 2, 0, 0)));
    let shown = folder.run(&["show", "deep/three.md"]);
    assert!(shown.out.contains("also at: ") && shown.out.contains("a/two.txt\n"), "{shown:?}");
    let page = folder.run(&["query", "exports", "--format", "json"]).json();
    let also = page["hits"][0]["document"]["also_at"][0].as_str().unwrap();
    assert!(also.ends_with("a/two.txt"), "{also}");
    // The smallest id represents equal files, even if its file comes later. Files of other roots are copies too.
    folder.write("a/a.txt", grew);
    assert_eq!(counts(&folder, &["a"]), (0, expected(1, 0, 1, 1, 0)));
    assert_eq!(ids(), ["a.txt#0"]);
    folder.write("b/zero.txt", grew);
    let run = folder.run(&["index", "b", "--json"]).json();
    assert_eq!((&run["documents"]["added"], &run["copies"]), (&json!(0), &json!(3)));
    // After the representative changes or disappears, the next copy represents the text.
    folder.write("a/a.txt", "Exports shrank, and imports.\n");
    assert_eq!(counts(&folder, &["a"]), (0, expected(1, 1, 1, 0, 0)));
    let mut both = ids();
    both.sort();
    assert_eq!(both, ["a.txt#0", "deep/three.md#0"]);
    folder.remove("a/deep/three.md");
    folder.remove("a/two.txt");
    assert_eq!(counts(&folder, &["a"]), (0, expected(1, 0, 2, 1, 0)));
    let mut last = ids();
    last.sort();
    assert_eq!(last, ["a.txt#0", "zero.txt#0"]);
    folder.remove("b/zero.txt");
    assert_eq!(counts(&folder, &["b"]), (0, expected(0, 0, 0, 1, 0)));
    assert_eq!(ids(), ["a.txt#0"]);
    assert_eq!(folder.run(&["stats"]).out.lines().nth(2), Some("copies 0"));
}

/// Returns a zip archive of these files.
#[cfg(feature = "archive")]
fn zip_archive(files: &[(&str, &str)]) -> Vec<u8> {
    use std::io::{Cursor, Write};

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[cfg(feature = "archive")]
#[test]
fn update_follows_the_files_of_an_archive() {
    let folder = Folder::new();
    folder.write("a/plain.txt", "Exports grew.\n");
    let zip = folder.path("a/all.zip");
    let write = |files: &[(&str, &str)]| std::fs::write(&zip, zip_archive(files)).unwrap();
    write(&[("one.txt", "Ports.\n"), ("d/two.md", "# Rails\n\nRails grew.\n")]);
    assert_eq!(counts(&folder, &["a"]), (0, expected(3, 0, 0, 0, 0)));
    assert_eq!(counts(&folder, &["a"]), (0, expected(0, 0, 3, 0, 0)));
    let run = folder.run(&["query", "rails", "--format", "json"]);
    assert_eq!(run.ids(), ["all.zip/d/two.md#0"]);
    // One file changed, one removed, one new, and one of a format that is not read.
    write(&[("one.txt", "Ports and harbours.\n"), ("three.txt", "Roads.\n"), ("x.bin", "x")]);
    assert_eq!(counts(&folder, &["a"]), (0, expected(1, 1, 1, 1, 0)));
    assert_eq!(folder.run(&["query", "rails"]).code, 1);
    // A damaged archive keeps its indexed documents, and other files are read.
    std::fs::write(&zip, &zip_archive(&[("one.txt", "Ports.\n")])[..60]).unwrap();
    folder.write("a/plain.txt", "Imports grew.\n");
    let run = folder.run(&["index", "a"]);
    assert!(run.code == 1 && run.err.contains("all.zip: is damaged or cut off"), "{run:?}");
    assert_eq!(folder.run(&["query", "harbours"]).code, 0);
    assert_eq!(folder.run(&["query", "imports"]).code, 0);
    folder.remove("a/all.zip");
    assert_eq!(counts(&folder, &["a"]).1["removed"], 2);
}

#[test]
fn front_matter_sets_metadata() {
    let folder = Folder::new();
    folder.write("seeds/two.md", "\u{FEFF}---\r\ntitle: Two\r\ndate: 2025-12-17\r\nissuer: Bureau of Data\r\nurl: http://127.0.0.1/two\r\n---\r\n# Two\r\n\r\nData flows.\r\n");
    let page = folder.run(&["query", "data", "--format", "json"]).json();
    let document = &page["hits"][0]["document"];
    assert_eq!(document["title"], "Two");
    assert_eq!(document["date"], "2025-12-17");
    assert_eq!(document["issuer"], "Bureau of Data");
    assert_eq!(document["url"], "http://127.0.0.1/two");
    assert_eq!(page["hits"][0]["passage"]["text"], "Data flows.");
}

#[test]
fn standard_input_adds_and_never_removes() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Exports grew.\n");
    folder.run(&["index", "a"]);
    let lines = "{\"id\":\"p\",\"text\":\"Ports grew.\"}\nnot json\n{\"id\":\"q\",\"text\":\"Rails grew.\"}\n";
    let run = folder.run_with(&["index", "-", "--json"], lines);
    assert_eq!((run.code, run.json()["documents"].clone()), (1, expected(2, 0, 0, 0, 1)));
    assert!(run.err.contains(":2: column 2"), "{run:?}");
    let again =
        folder.run_with(&["index", "-", "--json"], "{\"id\":\"p\",\"text\":\"Ports shrank.\"}\n");
    assert_eq!(again.json()["documents"], expected(0, 1, 0, 0, 0));
    assert_eq!(folder.run(&["query", "grew", "--format", "json"]).json()["total"], 2);
}

#[test]
fn one_unreadable_file_never_stops_the_others() {
    let folder = Folder::new();
    folder.write("a/one.txt", "Exports grew.\n");
    folder.write("a/empty.txt", "\n");
    folder.write("a/table.dbf", "PK");
    std::fs::write(folder.path("a/binary.txt"), b"\xFF\xFE\x00\xD8 text").unwrap();
    let run = folder.run(&["index", "a", "--json"]);
    assert_eq!((run.code, run.json()["documents"].clone()), (1, expected(1, 0, 0, 0, 1)));
    for message in
        ["binary.txt", "1 file of kind empty file not read", "1 file of kind .dbf not read"]
    {
        assert!(run.err.contains(message), "{run:?}");
    }
    let missing = folder.run(&["index", "nowhere"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.err.contains("nowhere"));
    assert_eq!(folder.run(&["query", "exports"]).code, 0);
}

#[test]
fn query_notes_that_seeds_changed() {
    let folder = Folder::with_sample();
    folder.run(&["query", "x"]);
    folder.write("seeds/new.txt", "Something new.\n");
    let run = folder.run(&["query", "new"]);
    assert!(run.err.contains("seeds/ has changed"), "{run:?}");
    folder.run(&["index"]);
    assert!(!folder.run(&["query", "new"]).err.contains("has changed"));
}

#[test]
fn query_notes_changes_in_folders_below_seeds() {
    type Change = fn(&Folder);

    let has_note = |folder: &Folder| {
        folder.run(&["query", "growth"]).err.contains("seeds/ has changed since it was indexed")
    };
    let changes: [(&str, Change); 6] = [
        ("new file beside the folders", |folder| folder.write("seeds/d.txt", "Airports grew.\n")),
        ("new file in a known folder", |folder| folder.write("seeds/2024/e.txt", "Airports.\n")),
        ("new file in a new folder", |folder| folder.write("seeds/2026/q1/f.txt", "Airports.\n")),
        ("changed file", |folder| folder.write("seeds/2024/b.txt", "Harbours shrank a lot.\n")),
        ("removed file", |folder| folder.remove("seeds/2024/b.txt")),
        ("file that takes the place of another", |folder| {
            folder.remove("seeds/2024/b.txt");
            folder.write("seeds/2025/g.txt", "Airports grew.\n");
        }),
    ];
    for (name, change) in changes {
        let folder = Folder::new();
        for (file, text) in [
            ("seeds/2024/a.txt", "Ports grew.\n"),
            ("seeds/2024/b.txt", "Harbours grew.\n"),
            ("seeds/2025/c.txt", "Railways grew.\n"),
        ] {
            folder.write(file, text);
        }
        assert!(!has_note(&folder), "{name}");
        // The indexer does not read these files, so they change nothing.
        folder.write("seeds/2024/.hidden.txt", "Hidden.\n");
        folder.write("seeds/.gzsearchignore", "drafts/\n");
        folder.write("seeds/drafts/h.txt", "A draft.\n");
        folder.write("seeds/2024/picture.png", "\u{1}");
        assert!(!has_note(&folder), "{name}");
        change(&folder);
        assert!(has_note(&folder), "{name}");
        assert_eq!(folder.run(&["index"]).code, 0, "{name}: the picture is skipped");
        assert!(!has_note(&folder), "{name}");
    }
}

#[test]
fn files_excluded_by_the_configuration_are_no_change() {
    let folder = Folder::new();
    folder.write("gz-search.toml", "[index]\nexclude = [\"drafts/\"]\n");
    folder.write("seeds/a.txt", "Ports grew.\n");
    folder.write("seeds/drafts/b.txt", "A draft.\n");
    assert_eq!(folder.run(&["index"]).code, 0);
    assert!(!folder.run(&["query", "ports"]).err.contains("has changed"));
}

#[test]
fn failed_first_run_leaves_no_index_folder() {
    for (args, message) in [
        (&["index"][..], "there is no folder seeds"),
        (&["index", "nothere", "--index", "made/here"], "cannot read nothere"),
        (&["index", "some", "nothere"], "cannot read nothere"),
        (&["index", "--rebuild"], "there is no folder seeds"),
        (&["index", "empty"], "no files to index in empty"),
        (&["index", "empty", "--index", "made/here"], "no files to index in empty"),
    ] {
        let folder = Folder::new();
        folder.write("some/a.txt", "Ports grew.\n");
        std::fs::create_dir_all(folder.path("empty/below")).unwrap();
        let run = folder.run(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.err.contains(message), "{args:?}: {run:?}");
        for name in ["index", "made"] {
            assert!(!folder.path(name).exists(), "{args:?} leaves {name}/");
        }
    }
}

#[test]
fn folder_of_other_files_is_refused_as_index() {
    let folder = Folder::with_sample();
    let run = folder.run(&["--index", "seeds", "index", "seeds"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("is not empty and holds no index"));
}

#[test]
fn files_with_several_documents_are_updated_by_document() {
    let folder = Folder::new();
    folder.write("a/page.txt", "<!doctype html><title>New Port Rules</title><meta name=pubdate content=2026-11-23><nav>Menu</nav><main><h1>New Port Rules</h1><p>Ports open.</main>");
    folder.write("a/list.json", "[{\"id\": 7, \"title\": \"A\", \"text\": \"Rail grows.\"}, {\"title\": \"B\", \"text\": \"Roads grow.\"}]");
    folder.write("a/feed.xml", "<rss><item><guid>g</guid><title>C</title><description>Canals grow.</description></item></rss>");
    assert_eq!(counts(&folder, &["a"]), (0, expected(4, 0, 0, 0, 0)));
    assert_eq!(counts(&folder, &["a"]), (0, expected(0, 0, 4, 0, 0)));
    for (query, id) in
        [("ports", "page.txt#0"), ("rail", "list.json:7#0"), ("canals", "feed.xml:g#0")]
    {
        assert_eq!(folder.run(&["query", query, "--format", "json"]).ids(), [id]);
    }
    let shown = folder.run(&["show", "page.txt"]);
    for line in ["title: New Port Rules (heading)", "date: 2026-11-23 (meta pubdate)"] {
        assert!(shown.out.contains(line), "{shown:?}");
    }
    assert!(!shown.out.contains("Menu"), "{shown:?}");
    // Removing one document of a file keeps the others.
    folder.write("a/list.json", "[{\"title\": \"B\", \"text\": \"Roads grow.\"}]");
    assert_eq!(counts(&folder, &["a"]), (0, expected(1, 0, 2, 2, 0)));
}
