//! What the command says of itself; a changed line is a changed contract.

use unicode_width::UnicodeWidthStr;

use crate::fixture::Folder;

/// `GZ_SEARCH_UPDATE=1` writes the file anew.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/help.txt");

#[test]
fn help_is_as_it_was() {
    let folder = Folder::new();
    let mut shown = String::new();
    for command in ["", "index", "watch", "query", "show", "suggest", "stats"] {
        let args: Vec<&str> = ["help", command].into_iter().filter(|arg| !arg.is_empty()).collect();
        let run = folder.run(&args);
        assert_eq!(run.code, 0, "{run:?}");
        shown.extend(["$ gz-search ", &args.join(" "), "\n"]);
        for line in run.out.lines() {
            shown.extend([line.trim_end(), "\n"]);
        }
        shown.push('\n');
    }
    if std::env::var_os("GZ_SEARCH_UPDATE").is_some() {
        std::fs::write(SNAPSHOT, &shown).unwrap();
    }
    assert_eq!(shown, std::fs::read_to_string(SNAPSHOT).unwrap());
}

#[test]
fn the_query_language_is_one_page() {
    // In an empty folder: it needs neither an index nor a query.
    let run = Folder::new().run(&["query", "--help-syntax"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.lines().count() <= 24, "{}", run.out);
    for line in run.out.lines() {
        assert!(line.width() <= 100, "{line}");
    }
    assert!(include_str!("../../README.md").contains(&run.out), "the README says it otherwise");
}
