//! Messages that help a new user on: after a missing folder, a wrong id, a misread option, a table without queries.

use crate::fixture::Folder;

/// Returns a folder with two releases in `inbox`, which are indexed.
fn indexed_folder() -> Folder {
    let folder = Folder::new();
    folder.write("inbox/2025/port.md", "---\ndesk: Trade\n---\n\nThe port grew.\n");
    folder.write("inbox/2025/rail.md", "---\ndesk: Rail\n---\n\nThe rails grew.\n");
    let run = folder.run(&["index", "inbox", "--field", "desk:keyword"]);
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

#[test]
fn an_update_without_paths_names_the_folder_of_the_index() {
    let run = Folder::new().run(&["index"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("`gz-search index FOLDER`: there is no folder seeds"), "{run:?}");
    let folder = indexed_folder();
    for args in [&["index"][..], &["index", "--dry-run"]] {
        let run = folder.run(args);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("inbox`: there is no folder seeds"), "{run:?}");
    }
}

#[test]
fn a_folder_that_was_moved_is_reported() {
    let folder = indexed_folder();
    std::fs::rename(folder.path("inbox"), folder.path("archive")).unwrap();
    let run = folder.run(&["index", "archive"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("inbox is missing: its 2 files stay in the index"), "{run:?}");
    let rebuilt = folder.run(&["index", "archive", "--rebuild", "--field", "desk:keyword"]);
    assert!(!rebuilt.err.contains("is missing"), "{rebuilt:?}");
}

#[test]
fn a_file_that_could_not_be_read_has_not_changed() {
    let folder = indexed_folder();
    folder.write("inbox/broken.pdf", "%PDF-1.4\nnothing\n");
    assert_eq!(folder.run(&["index", "inbox"]).code, 1);
    let check = folder.run(&["check", "--deep"]);
    assert_eq!(check.code, 0, "{check:?}");
    folder.write("inbox/2025/port.md", "Something else.\n");
    let check = folder.run(&["check", "--deep"]);
    assert!(check.code == 1 && check.out.contains("port.md: has changed"), "{check:?}");
}

#[test]
fn an_unknown_id_names_those_that_contain_it() {
    let folder = indexed_folder();
    for (id, expected) in [
        ("port.md", "did you mean \"2025/port.md\"?"),
        ("PORT#0", "did you mean \"2025/port.md\"?"),
        ("2025", "did you mean \"2025/port.md\" or \"2025/rail.md\"?"),
        ("tram", "`gz-search query` prints the id"),
    ] {
        let shown = folder.run(&["show", id]);
        assert_eq!(shown.code, 1, "{shown:?}");
        assert!(shown.err.contains(expected), "{id}: {shown:?}");
    }
}

#[test]
fn options_that_are_read_as_words_are_noticed() {
    let folder = indexed_folder();
    for (args, expected) in [
        (&["--facets", "desk"][..], "--facets=desk counts its values"),
        (&["--facets", "year,desk"], "--facets=year,desk counts its values"),
        (&["-o", "hits.csv"], "unexpected argument '-o'"),
        (&["--facets"], ""),
        (&["--facets=desk", "year"], ""),
        (&["-trams"], ""),
    ] {
        let run = folder.run(&[&["query", "port"], args].concat());
        let has_note = run.err.contains("counts its values") || run.err.contains("unexpected");
        assert_eq!((has_note, run.err.contains(expected)), (!expected.is_empty(), true), "{run:?}");
    }
}

#[test]
fn reports_without_content_say_why() {
    let folder = indexed_folder();
    let figures = folder.run(&["facts", "tram car"]);
    assert_eq!(figures.code, 1);
    assert!(figures.err.contains("no passage has every word"), "{figures:?}");
    folder.write("queries.csv", "title,question\na,port\n");
    let report = folder.run(&["query", "--batch", "queries.csv"]);
    assert!(report.err.contains("line 1 names no column query"), "{report:?}");
}
