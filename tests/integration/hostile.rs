//! Malformed and malicious files: each is reported, and the other files are indexed.

use std::{
    cell::Cell,
    fs::{self, File},
    io::Write,
    path::PathBuf,
};

use gz_search::{
    Index, Query,
    index::{Progress, Update, UpdateOptions, update},
};

use crate::fixture::Folder;

/// Indexes the files together with a valid one and returns what `index` writes to standard error.
fn index_errors(files: &[(&str, &[u8])]) -> String {
    let folder = Folder::new();
    folder.write("a/zzz.txt", "The harbour opened.\n");
    for (name, bytes) in files {
        fs::write(folder.path("a").join(name), bytes).unwrap();
    }
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
    run.err
}

#[test]
fn files_with_a_wrong_extension_are_reported() {
    let program = fs::read(std::env::current_exe().unwrap()).unwrap();
    let err = index_errors(&[
        ("program.txt", &program[..100_000]),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R"),
        ("page.pdf", b"\0\0\0\0"),
        ("list.json", b"{\"title\": \"A\", \"text\": "),
        ("nothing.html", b"<html><script>x()</script>"),
    ]);
    for name in ["program.txt: ", "cut.pdf: ", "page.pdf: ", "list.json: ", "nothing.html: "] {
        assert!(err.contains(name), "{name} {err}");
    }
}

#[test]
fn nested_entities_are_not_expanded() {
    let mut bomb = "<?xml version='1.0'?>\n<!DOCTYPE rss [<!ENTITY a0 \"grow\">".to_owned();
    for n in 1..60 {
        let ten = format!("&a{};", n - 1).repeat(10);
        bomb.extend(["<!ENTITY a", &n.to_string(), " \"", &ten, "\">"]);
    }
    bomb.push_str("]><rss><channel><item><title>&a59;</title></item></channel></rss>");
    let folder = Folder::new();
    folder.write("a/bomb.xml", &bomb);
    folder.write("a/zzz.txt", "The harbour opened.\n");
    let run = folder.run(&["index", "a"]);
    // Either the entity remains as text, or the file is refused.
    assert!(run.code < 2, "{run:?}");
    assert_eq!(folder.run(&["query", "grow", "--strict", "--count"]).out, "0\n");
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[test]
fn deep_nesting_and_endless_lines_are_handled() {
    let folder = Folder::new();
    let depth = 100_000;
    folder.write(
        "a/deep.html",
        &format!("{}A port.{}", "<div>".repeat(depth), "</div>".repeat(depth)),
    );
    folder.write("a/deep.json", &format!("{}1{}", "[".repeat(depth), "]".repeat(depth)));
    folder.write("a/line.txt", &"port ".repeat(1 << 20));
    folder.write(
        "a/line.jsonl",
        &format!("{{\"text\":\"A rail.\"}}\n{{\"text\":\"{}", "x".repeat(1 << 22)),
    );
    folder.write("a/zzz.txt", "The harbour opened.\n");
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("deep.json: ") && run.err.contains("line.jsonl:2: "), "{run:?}");
    for query in ["port", "rail", "harbour"] {
        assert_eq!(folder.run(&["query", query]).code, 0, "{query}");
    }
    assert!(folder.run(&["show", "deep.html"]).out.contains("A port."));
}

#[test]
fn files_too_large_for_memory_are_reported() {
    let folder = Folder::new();
    folder.write("a/zzz.txt", "The harbour opened.\n");
    // A sparse file takes no space on disk.
    for (name, megabytes) in [("huge.txt", 200), ("large.md", 65)] {
        let file = File::create(folder.path("a").join(name)).unwrap();
        file.set_len(megabytes << 20).unwrap();
    }
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    for message in ["huge.txt: is larger than 128 MiB", "large.md: is text of more than 21 MiB"] {
        assert!(run.err.contains(message), "{run:?}");
    }
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[cfg(feature = "archive")]
#[test]
fn archive_bombs_are_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1 << 20];
    for name in ["one.txt", "two.txt"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..20 {
            zip.write_all(&zeros).unwrap();
        }
    }
    let err = index_errors(&[("bomb.zip", &zip.finish().unwrap().into_inner())]);
    assert!(err.contains("bomb.zip/one.txt: expands to many times its size"), "{err}");
}

#[cfg(unix)]
#[test]
fn symbolic_links_and_pipes_are_reported() {
    let folder = Folder::new();
    folder.write("a/deep/zzz.txt", "The harbour opened.\n");
    std::os::unix::fs::symlink("..", folder.path("a/deep/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path("a/gone.txt")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(folder.path("a/pipe.txt")).status();
    assert!(pipe.unwrap().success());
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 0, "{run:?}");
    for message in
        ["2 files of kind symbolic link not read", "1 file of kind pipe, socket or device"]
    {
        assert!(run.err.contains(message), "{run:?}");
    }
    let run = folder.run(&["index", "a", "--follow"]);
    assert_eq!(run.code, 1, "{run:?}");
    for message in ["loop points to an ancestor", "gone.txt: "] {
        assert!(run.err.contains(message), "{run:?}");
    }
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[cfg(target_os = "linux")]
#[test]
fn file_names_that_are_not_utf8_get_distinct_ids() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let folder = Folder::new();
    folder.write("a/zzz.txt", "The harbour opened.\n");
    let names = [(&b"a/caf\xE9.txt"[..], "first"), (b"a/caf\xE8.txt", "second")];
    let paths = names.map(|(name, which)| {
        let path = folder.path("").join(OsStr::from_bytes(name));
        fs::write(&path, format!("The {which} port opened.\n")).unwrap();
        path
    });
    let count = |expected: &str| {
        let run = folder.run(&["index", "a"]);
        assert!(run.code == 0 && run.out.starts_with(expected), "{run:?}");
    };
    count("3 added, 0 updated, 0 unchanged, 0 removed");
    count("nothing changed: 3 unchanged");
    let ids = folder.run(&["query", "port", "--format", "json"]).ids();
    assert_eq!(ids, ["caf\\xE8.txt#0", "caf\\xE9.txt#0"]);
    fs::remove_file(&paths[0]).unwrap();
    count("0 added, 0 updated, 2 unchanged, 1 removed");
}

/// Progress observer that runs an action once, after the first file is read.
struct AfterFirstFile<F>(Cell<Option<F>>);

impl<F: FnOnce()> Progress for AfterFirstFile<F> {
    fn advanced(&self, _: usize, _: usize) {
        if let Some(action) = self.0.take() {
            action();
        }
    }

    fn should_stop(&self) -> bool {
        false
    }
}

/// Updates the index of `a` and runs `action` after the first file is read.
fn update_with(folder: &Folder, action: impl FnOnce()) -> Update {
    let dir = folder.path("index");
    let index = if dir.exists() { Index::open(&dir) } else { Index::create(&dir) }.unwrap();
    let mut writer = index.writer().unwrap();
    let progress = AfterFirstFile(Cell::new(Some(action)));
    let report =
        update(&mut writer, &[folder.path("a")], &UpdateOptions::default(), &progress).unwrap();
    writer.commit().unwrap();
    report
}

fn finds(folder: &Folder, query: &str) -> bool {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    searcher.search(&Query::new(query).strict(true)).unwrap().total > 0
}

#[test]
fn changes_during_an_update_are_found_by_the_next_one() {
    let folder = Folder::new();
    for (name, what) in [("1.txt", "port"), ("2.txt", "road"), ("3.txt", "rail"), ("4.txt", "air")]
    {
        folder.write(&format!("a/{name}"), &format!("The {what} opened.\n"));
    }
    // One file disappears, one becomes a folder, one grows.
    let report = update_with(&folder, || {
        folder.remove("a/2.txt");
        folder.remove("a/3.txt");
        fs::create_dir(folder.path("a/3.txt")).unwrap();
        folder.write("a/4.txt", "The canal opened, and more.\n");
    });
    assert_eq!((report.added, report.failures.len()), (2, 2), "{report:?}");
    let failures = report.failures.iter();
    let messages: Vec<_> =
        failures.map(|failure| format!("{}: {}", failure.source, failure.reason)).collect();
    assert!(messages[0].contains("2.txt: No such file"), "{messages:?}");
    assert!(messages[1].contains("3.txt: is no longer a file"), "{messages:?}");
    assert!(finds(&folder, "canal") && !finds(&folder, "rail"));
    let report = update_with(&folder, || {});
    assert_eq!((report.unchanged, report.failures.len()), (2, 0), "{report:?}");
}

#[test]
fn unchanged_files_are_not_read() {
    let folder = Folder::new();
    let names: Vec<PathBuf> = (0..20).map(|n| folder.path(&format!("a/{n}.txt"))).collect();
    for (number, path) in names.iter().enumerate() {
        folder.write(path.to_str().unwrap(), &format!("The harbour {number:02} opened.\n"));
    }
    assert_eq!(update_with(&folder, || {}).added, 20);
    folder.write("a/0.txt", "The canal opened.\n");
    let report = update_with(&folder, || {});
    assert_eq!((report.updated, report.unchanged, report.source_bytes), (1, 19, 18));
    assert!(finds(&folder, "canal") && finds(&folder, "harbour"));
    let report = update_with(&folder, || {});
    assert_eq!((report.source_bytes, report.has_changes()), (0, false));
}
