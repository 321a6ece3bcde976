//! Indexes that other versions wrote: a stored index of the current format opens, and other formats are reported as
//! incompatible, not as damaged.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gz_search::{Error, Index};

use crate::fixture::Folder;

/// Folder of the stored index of the current format.
const CURRENT: &str = "format11-analysis5";

/// Copies the stored index of a format into the folder and returns its path.
///
/// After an intended change of the format or the analysis, keep the stored indexes, add one of the new format and
/// analysis (`gz-search index - < documents.jsonl`, without lock files), and expect the older ones to be incompatible.
fn frozen(folder: &Folder, format: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/frozen").join(format);
    let to = folder.path("index");
    fs::create_dir_all(to.join("generations/1")).unwrap();
    for within in ["", "generations/1"] {
        for entry in fs::read_dir(from.join(within)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(within).join(entry.file_name())).unwrap();
            }
        }
    }
    to
}

#[test]
fn index_of_the_current_format_gives_the_same_answers() {
    let folder = Folder::new();
    let dir = frozen(&folder, CURRENT);
    let check = Index::check(&dir).unwrap();
    assert!(check.is_sound() && (check.documents, check.passages) == (2, 3), "{check:?}");
    for (query, ids) in [
        ("harbour line", &["rail#0"][..]),
        ("export", &["rail#1"]),
        ("飛行汽車", &["car#0"]),
        ("lang:en", &["rail#0", "rail#1"]),
    ] {
        assert_eq!(folder.run(&["query", query, "--format", "json"]).ids(), ids, "{query}");
    }
    let line = "{\"id\":\"new\",\"text\":\"The tunnel opens.\"}\n";
    assert_eq!(folder.run_with(&["index", "-"], line).code, 0);
    assert_eq!(Index::check(&dir).unwrap().documents, 3);
}

#[test]
fn index_of_another_format_is_incompatible_not_damaged() {
    for older in
        ["format6", "format7", "format8", "format9", "format9-analysis4", "format10-analysis5"]
    {
        let folder = Folder::new();
        frozen(&folder, older);
        assert_incompatible(&folder, "format 11");
    }
    for (format, is_sealed) in [(10, true), (12, true), (10, false)] {
        let folder = Folder::new();
        let dir = frozen(&folder, CURRENT);
        let path = dir.join("generations/1/meta.json");
        let sealed = fs::read_to_string(&path).unwrap();
        let commit = sealed.get(..sealed.len() - 8).unwrap();
        let mut other = commit.replace("format\\\":11", &format!("format\\\":{format}"));
        assert_ne!(other, commit);
        if is_sealed {
            other = format!("{other}{:08x}", crc32fast::hash(other.as_bytes()));
        }
        fs::write(&path, other).unwrap();
        assert_incompatible(&folder, "format 11");
    }
}

/// Fails unless every command reports an incompatible index with this message, and a rebuild works.
fn assert_incompatible(folder: &Folder, expected: &str) {
    let opened = Index::open(folder.path("index"));
    assert!(matches!(opened, Err(Error::Incompatible { .. })), "{opened:?}");
    for args in [&["query", "harbour"][..], &["check"], &["index", "-"]] {
        let run = folder.run(args);
        let has_advice =
            run.err.contains("gz-search index --rebuild") && run.err.contains(expected);
        assert!(run.code == 2 && has_advice, "{run:?}");
    }
    folder.write("new/a.txt", "The harbour line opens.\n");
    assert_eq!(folder.run(&["index", "new", "--rebuild"]).code, 0);
    assert_eq!(folder.run(&["query", "harbour"]).code, 0);
}
