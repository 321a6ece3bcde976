//! Tests of complete updates, on an index in memory.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{files::path_below_root, *};
use crate::index::Index;

/// Writes `text` to the file `name` below `root`. Creates missing folders.
fn write_file(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Updates `index` once. Returns the numbers of added, updated, unchanged, removed and failed documents.
fn update_and_count(index: &Index, root: &Path, options: &UpdateOptions) -> [u64; 5] {
    let mut writer = index.writer().unwrap();
    let roots = [root.to_owned()];
    let report = update(&mut writer, &roots, options, &AtomicBool::new(false)).unwrap();
    writer.commit().unwrap();
    let Update { added, updated, unchanged, removed, failures, .. } = report;
    [added, updated, unchanged, removed, failures.len() as u64]
}

/// Function that creates, changes or removes files below the root that it gets.
type FileChange = fn(&Path);

#[test]
fn only_differences_between_files_and_records_change_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("news");
    write_file(&root, "a.txt", "Ports grew.\n");
    write_file(&root, "deep/b.txt", "Railways grew.\n");
    let json_line = |id: &str| format!("{{\"id\":\"{id}\",\"text\":\"Text of {id}.\"}}\n");
    write_file(&root, "lines.jsonl", &["x", "y", "z"].map(json_line).concat());
    let index = Index::in_memory();
    let options = UpdateOptions::default();
    let mut overridden_options = UpdateOptions::default();
    overridden_options.overrides.issuer = Some("Ministry of Law".to_owned());
    let steps: [(&str, FileChange, &UpdateOptions, [u64; 5]); 10] = [
        ("first run", |_| {}, &options, [5, 0, 0, 0, 0]),
        ("nothing", |_| {}, &options, [0, 0, 5, 0, 0]),
        (
            "equal bytes",
            |root| write_file(root, "a.txt", "Ports grew.\n"),
            &options,
            [0, 0, 5, 0, 0],
        ),
        (
            "other text",
            |root| write_file(root, "a.txt", "Ports shrank.\n"),
            &options,
            [0, 1, 4, 0, 0],
        ),
        (
            "one line less",
            |root| {
                let lines = fs::read_to_string(root.join("lines.jsonl")).unwrap();
                let (_, others) = lines.split_once('\n').unwrap();
                write_file(root, "lines.jsonl", others);
            },
            &options,
            [0, 0, 4, 1, 0],
        ),
        (
            "duplicate with a later id",
            |root| write_file(root, "z.txt", "Ports shrank.\n"),
            &options,
            [0, 0, 4, 0, 0],
        ),
        (
            "the indexed duplicate is gone",
            |root| fs::remove_file(root.join("a.txt")).unwrap(),
            &options,
            [1, 0, 3, 1, 0],
        ),
        ("empty file", |root| write_file(root, "empty.txt", " "), &options, [0, 0, 4, 0, 0]),
        ("emptied file", |root| write_file(root, "deep/b.txt", ""), &options, [0, 0, 3, 1, 0]),
        ("other options", |_| {}, &overridden_options, [0, 3, 0, 0, 0]),
    ];
    for (name, change, options, expected) in steps {
        change(&root);
        assert_eq!(update_and_count(&index, &root, options), expected, "{name}");
    }
}

#[test]
fn ids_are_paths_below_the_root() {
    for (path, root, expected) in [
        ("/news/a.txt", "/news", "a.txt"),
        ("/news/2024/a.txt", "/news", "2024/a.txt"),
        ("/news/a.txt", "/news/a.txt", "a.txt"),
        ("/other/a.txt", "/news", "a.txt"),
    ] {
        let file = SourceFile { path: PathBuf::from(path), root: PathBuf::from(root) };
        assert_eq!(path_below_root(&file), expected, "{path} under {root}");
    }
}

#[test]
fn conflicting_ids_and_bad_lines_are_failures_of_the_line() {
    let index = Index::in_memory();
    let mut writer = index.writer().unwrap();
    let lines = "{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"x\",\"text\":\"Two.\"}\n{oops\n";
    let stop = AtomicBool::new(false);
    let report =
        update_from(&mut writer, lines.as_bytes(), &UpdateOptions::default(), &stop).unwrap();
    assert_eq!((report.added, report.failures.len()), (1, 2), "{report:?}");
    assert!(report.failures[0].reason.contains("occurs twice"), "{report:?}");
    assert_eq!(report.formats["JSON Lines"].failed, 2);
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "a.txt", "Ports grew.\n");
    let index = Index::in_memory();
    let mut writer = index.dry_run().unwrap();
    let (roots, options) = ([folder.path().to_owned()], UpdateOptions::default());
    let report = update(&mut writer, &roots, &options, &AtomicBool::new(false)).unwrap();
    assert_eq!((report.added, report.passages), (1, 1));
    assert_eq!(writer.commit().unwrap().documents, 0);
}

#[test]
fn a_record_that_disappears_beside_an_unreadable_line_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let record = |id: &str| format!("{{\"id\":\"{id}\",\"text\":\"Text of {id}.\"}}\n");
    let bad_record = "{\"id\":\"bad\",\"text\": broken}\n";
    let index = Index::in_memory();
    let options = UpdateOptions::default();
    let steps = [
        (record("a") + &record("b") + &record("bad"), [3, 0, 0, 0, 0]),
        // The unreadable record may be the indexed one.
        (record("a") + &record("b") + bad_record, [0, 0, 2, 0, 1]),
        (record("a") + bad_record, [0, 0, 1, 1, 1]),
        // A file without a line end at its end may be cut off.
        (bad_record.trim_end().to_owned(), [0, 0, 0, 0, 1]),
        (record("a") + &record("c"), [1, 0, 1, 1, 0]),
    ];
    for (lines, expected) in steps {
        write_file(folder.path(), "export.jsonl", &lines);
        assert_eq!(update_and_count(&index, folder.path(), &options), expected, "{lines}");
    }
}

#[cfg(unix)]
#[test]
fn documents_of_a_moved_link_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "first/a.txt", "The toll is 39 crowns.\n");
    write_file(folder.path(), "second/a.txt", "The toll is 41 crowns.\n");
    let link = folder.path().join("current");
    let index = Index::in_memory();
    let options = UpdateOptions::default();
    for (target, expected) in [("first", [1, 0, 0, 0, 0]), ("second", [1, 0, 0, 1, 0])] {
        drop(fs::remove_file(&link));
        std::os::unix::fs::symlink(folder.path().join(target), &link).unwrap();
        assert_eq!(update_and_count(&index, &link, &options), expected, "{target}");
    }
}

#[cfg(unix)]
#[test]
fn a_change_that_keeps_size_and_time_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let index = Index::in_memory();
    let options = UpdateOptions::default();
    for (text, expected) in
        [("The toll is 39 crowns.", [1, 0, 0, 0, 0]), ("The toll is 41 crowns.", [0, 1, 0, 0, 0])]
    {
        write_file(folder.path(), "a.txt", text);
        let file = fs::File::options().write(true).open(folder.path().join("a.txt")).unwrap();
        file.set_modified(time).unwrap();
        assert_eq!(update_and_count(&index, folder.path(), &options), expected, "{text}");
        // The change time of the system has a resolution of some milliseconds.
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
}

#[test]
fn documents_that_another_reader_version_read_are_written_again() {
    let folder = tempfile::tempdir().unwrap();
    write_file(folder.path(), "a.txt", "Ports grew.\n");
    let index = Index::in_memory();
    let options = UpdateOptions::default();
    assert_eq!(update_and_count(&index, folder.path(), &options), [1, 0, 0, 0, 0]);
    let writer = index.writer().unwrap();
    let mut source = writer.sources().unwrap().remove(0);
    source.reader_version -= 1;
    writer.add_source(&source).unwrap();
    writer.commit().unwrap();
    assert_eq!(update_and_count(&index, folder.path(), &options), [0, 1, 0, 0, 0]);
    assert_eq!(update_and_count(&index, folder.path(), &options), [0, 0, 1, 0, 0]);
    let reread = UpdateOptions { reread: true, ..UpdateOptions::default() };
    assert_eq!(update_and_count(&index, folder.path(), &reread), [0, 0, 1, 0, 0]);
}

/// Observer that lets an update continue a number of times, and then stops it. The number decreases whenever the update
/// asks whether to stop.
struct StopAfterCountdown(std::cell::Cell<usize>);

impl Progress for StopAfterCountdown {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        let remaining_questions = self.0.get();
        self.0.set(remaining_questions.saturating_sub(1));
        remaining_questions == 0
    }
}

#[test]
fn an_update_can_stop_between_any_two_documents_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("news");
    let lines = |verb: &str| {
        let line =
            |number: usize| format!("{{\"id\":\"{number}\",\"text\":\"Port {number} {verb}.\"}}\n");
        (0..12).map(line).collect::<String>()
    };
    write_file(&root, "a.txt", "Ports grew.\n");
    write_file(&root, "lines.jsonl", &lines("grew"));
    let options = UpdateOptions::default();
    let mut stopped_inside_the_file = 0;
    for stop in 0.. {
        let index = Index::in_memory();
        assert_eq!(update_and_count(&index, &root, &options), [13, 0, 0, 0, 0]);
        write_file(&root, "lines.jsonl", &lines("shrank"));
        let mut writer = index.writer().unwrap();
        let observer = StopAfterCountdown(std::cell::Cell::new(stop));
        let report = update(&mut writer, std::slice::from_ref(&root), &options, &observer).unwrap();
        writer.commit().unwrap();
        assert_eq!(index.stats().unwrap().documents, 13, "stopped after {stop} questions");
        assert_eq!(report.removed, 0);
        stopped_inside_the_file += usize::from((1..12).contains(&report.updated));
        let [added, updated, _, removed, failed] = update_and_count(&index, &root, &options);
        assert_eq!([added, removed, failed], [0; 3]);
        assert_eq!(report.updated + updated, 12, "the next run reads the rest");
        write_file(&root, "lines.jsonl", &lines("grew"));
        if !report.stopped {
            break;
        }
    }
    assert_eq!(stopped_inside_the_file, 11);
}
