//! Files that are made, or come, to do harm: each is told, and the others are read.

use std::{
    cell::Cell,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use gz_search::{
    Index, Query,
    index::{Progress, Update, UpdateOptions, update},
};

use crate::fixture::Folder;

/// Writes the files, with one that is sound, and says what `index` says of them.
fn told(files: &[(&str, &[u8])]) -> String {
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
fn files_that_are_not_what_they_say() {
    let program = fs::read(std::env::current_exe().unwrap()).unwrap();
    let err = told(&[
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
fn entities_that_multiply_are_not_expanded() {
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
    // The entity stands for itself, or the file is refused.
    assert!(run.code < 2, "{run:?}");
    assert_eq!(folder.run(&["query", "grow", "--strict", "--count"]).out, "0\n");
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[test]
fn nesting_and_lines_without_end() {
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
fn a_text_too_large_for_memory() {
    let folder = Folder::new();
    folder.write("a/zzz.txt", "The harbour opened.\n");
    // A hole takes no room on disk.
    for (name, megabytes) in [("huge.txt", 200), ("large.md", 65)] {
        let file = File::create(folder.path("a").join(name)).unwrap();
        file.set_len(megabytes << 20).unwrap();
    }
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    for says in ["huge.txt: is larger than 128 MiB", "large.md: is text of more than 21 MiB"] {
        assert!(run.err.contains(says), "{run:?}");
    }
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[cfg(feature = "archive")]
#[test]
fn archives_that_grow_without_end() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1 << 20];
    for name in ["one.txt", "two.txt"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..20 {
            zip.write_all(&zeros).unwrap();
        }
    }
    let err = told(&[("bomb.zip", &zip.finish().unwrap().into_inner())]);
    assert!(err.contains("bomb.zip/one.txt: expands to many times its size"), "{err}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file() {
    let folder = Folder::new();
    folder.write("a/deep/zzz.txt", "The harbour opened.\n");
    std::os::unix::fs::symlink("..", folder.path("a/deep/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path("a/gone.txt")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(folder.path("a/pipe.txt")).status();
    assert!(pipe.unwrap().success());
    let run = folder.run(&["index", "a"]);
    assert_eq!(run.code, 1, "{run:?}");
    for says in ["2 files of kind symbolic link not read", "1 file of kind pipe, socket or device"]
    {
        assert!(run.err.contains(says), "{run:?}");
    }
    let run = folder.run(&["index", "a", "--follow"]);
    assert_eq!(run.code, 1, "{run:?}");
    for says in ["loop points to an ancestor", "gone.txt: "] {
        assert!(run.err.contains(says), "{run:?}");
    }
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text() {
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

/// Does something to the folder after the first file was read.
struct Meanwhile<F>(Cell<Option<F>>);

impl<F: FnOnce()> Progress for Meanwhile<F> {
    fn advanced(&self, _: usize, _: usize) {
        if let Some(happens) = self.0.take() {
            happens();
        }
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// Brings `a` up to date; after the first file `happens`.
fn meanwhile(folder: &Folder, happens: impl FnOnce()) -> Update {
    let dir = folder.path("index");
    let index = if dir.exists() { Index::open(&dir) } else { Index::create(&dir) }.unwrap();
    let mut writer = index.writer().unwrap();
    let progress = Meanwhile(Cell::new(Some(happens)));
    let found =
        update(&mut writer, &[folder.path("a")], &UpdateOptions::default(), &progress).unwrap();
    writer.commit().unwrap();
    found
}

fn finds(folder: &Folder, query: &str) -> bool {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    searcher.search(&Query::new(query).strict(true)).unwrap().total > 0
}

#[test]
fn what_happens_while_the_folder_is_read() {
    let folder = Folder::new();
    for (name, what) in [("1.txt", "port"), ("2.txt", "road"), ("3.txt", "rail"), ("4.txt", "air")]
    {
        folder.write(&format!("a/{name}"), &format!("The {what} opened.\n"));
    }
    // One goes, one becomes what cannot be read as a file, one grows.
    let found = meanwhile(&folder, || {
        folder.remove("a/2.txt");
        folder.remove("a/3.txt");
        fs::create_dir(folder.path("a/3.txt")).unwrap();
        folder.write("a/4.txt", "The canal opened, and more.\n");
    });
    assert_eq!((found.added, found.failures.len()), (2, 2), "{found:?}");
    let failures = found.failures.iter();
    let says: Vec<_> =
        failures.map(|failure| format!("{}: {}", failure.source, failure.reason)).collect();
    assert!(says[0].contains("2.txt: No such file"), "{says:?}");
    assert!(says[1].contains("3.txt: is no file any more"), "{says:?}");
    assert!(finds(&folder, "canal") && !finds(&folder, "rail"));
    // All of it is noticed by the next run.
    let found = meanwhile(&folder, || {});
    assert_eq!((found.unchanged, found.failures.len()), (2, 0), "{found:?}");
}

/// Other bytes in a file, which has the length and the time that it had.
fn disguise(path: &Path, text: &str) {
    let metadata = fs::metadata(path).unwrap();
    assert_eq!(metadata.len(), text.len() as u64);
    let time: SystemTime = metadata.modified().unwrap();
    fs::write(path, text).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn only_what_changed_is_read() {
    let folder = Folder::new();
    let names: Vec<PathBuf> = (0..20).map(|n| folder.path(&format!("a/{n}.txt"))).collect();
    for (number, path) in names.iter().enumerate() {
        folder.write(path.to_str().unwrap(), &format!("The harbour {number:02} opened.\n"));
    }
    assert_eq!(meanwhile(&folder, || {}).added, 20);
    // Were one of these read, it would be seen to have changed.
    for path in &names[1..] {
        disguise(path, "The railway 00 opened.\n");
    }
    folder.write("a/0.txt", "The canal opened.\n");
    let found = meanwhile(&folder, || {});
    assert_eq!((found.updated, found.unchanged, found.source_bytes), (1, 19, 18));
    assert!(finds(&folder, "canal") && finds(&folder, "harbour") && !finds(&folder, "railway"));
    let found = meanwhile(&folder, || {});
    assert_eq!((found.source_bytes, found.has_changes()), (0, false));
}
