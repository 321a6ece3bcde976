//! Reports on what is left out of files: `index --explain` and `index --report`.

use crate::fixture::Folder;

const PAGE: &str = "<title>Notice</title><nav>Home News</nav><main><h1>Notice</h1><p>The port opened.</p>\
    <p hidden>Draft</p></main>";

#[test]
fn explain_lists_what_is_kept_and_left_out_and_indexes_nothing() {
    let folder = Folder::new();
    folder.write("a/notice.html", PAGE);
    let run = folder.run(&["index", "--explain", "a/notice.html"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        run.out,
        "notice.html (HTML)\n  heading    Notice\n  paragraph  The port opened.\n  \
         left out   [element that is not content] Home News\n  left out   [hidden] Draft\n  \
         2 blocks kept (22 characters), 2 texts left out (14 characters, 38 %)\n"
    );
    let json = folder.run(&["index", "--explain", "a/notice.html", "--json"]).json();
    assert_eq!(json["kept"][0]["text"], "Notice");
    assert_eq!(json["left_out"][1]["reason"], "hidden");
    assert_eq!(folder.run(&["query", "port"]).code, 2, "nothing is indexed");
    folder.write("a/x.css", "p {}");
    assert_eq!(folder.run(&["index", "--explain", "a/x.css"]).code, 2);
    folder.write("a/empty.txt", " ");
    assert_eq!(folder.run(&["index", "--explain", "a/empty.txt"]).code, 1);
}

#[test]
fn the_table_has_a_line_for_each_file() {
    let folder = Folder::new();
    folder.write("a/notice.html", PAGE);
    folder.write(
        "a/list.jsonl",
        "{\"text\":\"Ports grew.\",\"date\":\"2025-12-17\",\"issuer\":\"=Port\"}\n{oops\n",
    );
    let run = folder.run(&["index", "a", "--report", "files.csv"]);
    assert_eq!(run.code, 1, "{run:?}");
    let table = std::fs::read_to_string(folder.path("files.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .trim_start_matches('\u{FEFF}')
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows.len(), 3, "{table}");
    assert_eq!(rows[0][..4], ["file", "outcome", "kind", "documents"]);
    assert_eq!(
        rows[1][1..8],
        ["read", "JSON Lines", "1", "1", "en", "2025-12-17", "'=Port"],
        "{table}"
    );
    assert_eq!(rows[2][1..5], ["read", "HTML", "1", "1"], "{table}");
    assert_eq!(rows[2][9..11], ["2", "14"], "{table}");
    folder.run(&["index", "a", "--report", "files.csv"]);
    assert!(
        std::fs::read_to_string(folder.path("files.csv"))
            .unwrap()
            .contains("notice.html,unchanged,HTML,1,0,")
    );
}

#[test]
fn documents_that_lose_much_text_are_named() {
    let folder = Folder::new();
    let text =
        "The ministry has announced new rules for the port, which begin in spring, it said. ";
    let links = "<li><a href=/x>One of the many other releases of the office</a>".repeat(3);
    folder.write("a/notice.html", &format!("<div id=text><p>{text}</p></div><ul>{links}</ul>"));
    let run = folder.run(&["index", "a"]);
    assert!(run.err.contains("1 document loses more than a fifth of the text"), "{run:?}");
    assert!(run.err.contains("notice.html"), "{run:?}");
    let json = folder.run(&["index", "a", "--rebuild", "--json"]).json();
    assert_eq!(json["reduced"], serde_json::json!(["notice.html"]));
}
