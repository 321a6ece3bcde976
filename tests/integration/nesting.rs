//! Files whose elements are nested thousands deep, or stand side by side by the thousand: each is read or reported, and
//! no file ends the run. A parser that recurses without a bound overflows its stack, which no error handler catches.

use crate::fixture::Folder;

/// Number of levels. Each level of an unbounded recursion takes at least 100 bytes, so 8 MiB of stack would not
/// suffice.
const LEVELS: usize = 60_000;

/// Shape of a file: text before the levels, text that opens and text that closes a level, text after the levels.
struct Shape(&'static str, &'static str, &'static str, &'static str);

const MARKDOWN: [Shape; 25] = [
    Shape("", "> ", "", ""),
    Shape("", "- ", "", ""),
    Shape("", "1. ", "", ""),
    Shape("", "> - ", "", ""),
    Shape("", "[", "", ""),
    Shape("", "[", "]", ""),
    Shape("", "[a](", "", ""),
    Shape("", "![", "", ""),
    Shape("", "[^a", "", ""),
    Shape("", "(", ")", ""),
    Shape("", "*", "x", ""),
    Shape("", "**a ", "", ""),
    Shape("", "***a **b *c ", "", ""),
    Shape("", "_a ", "", ""),
    Shape("", "~~a ", "", ""),
    Shape("", "`", "", ""),
    Shape("", "<", "", ""),
    Shape("", "<div>", "</div>", ""),
    Shape("", "&lt;", "", ""),
    Shape("", "|", "", ""),
    Shape("| a |\n|---|\n", "| b |\n", "", ""),
    Shape("", ": ", "", ""),
    Shape("", "\\", "", ""),
    Shape("", "# a\n\n", "", ""),
    Shape("---\ntags: ", "[", "]", "\n---\n"),
];

const HTML: [Shape; 19] = [
    Shape("", "<div>", "</div>", ""),
    Shape("", "<span>", "", ""),
    Shape("", "<b>", "", ""),
    Shape("", "<font>", "", ""),
    Shape("", "<a href=x>", "", ""),
    Shape("", "<p>", "", ""),
    Shape("", "<h1>", "", ""),
    Shape("", "<table><tr><td>", "", ""),
    Shape("", "<ul><li>", "", ""),
    Shape("", "<svg>", "", ""),
    Shape("", "<math>", "", ""),
    Shape("", "<select><option>", "", ""),
    Shape("", "<template>", "", ""),
    Shape("", "<object>", "", ""),
    Shape("", "<section><article>", "", ""),
    Shape("", "<blockquote>", "</blockquote>", ""),
    Shape("", "<!--", "-->", ""),
    Shape("<script type=\"application/ld+json\">", "[", "]", "</script>"),
    Shape("<script type=\"application/ld+json\">", "{\"@graph\":", "}", "</script>"),
];

const FEED: [Shape; 4] = [
    Shape(
        "<rss><channel><item><title>T</title><description>",
        "<a>",
        "</a>",
        "</description></item></channel></rss>",
    ),
    Shape("<rss><channel>", "<item>", "</item>", "</channel></rss>"),
    Shape(
        "<rss><channel><item><title>T</title><description>",
        "&lt;div&gt;",
        "",
        "</description></item></channel></rss>",
    ),
    Shape(
        "<rss><channel><item><title>T</title><description><![CDATA[",
        "<div>",
        "",
        "]]></description></item></channel></rss>",
    ),
];

const JSON: [Shape; 4] = [
    Shape("", "[", "]", ""),
    Shape("", "{\"a\":", "}", ""),
    Shape("{\"id\":\"a\",\"text\":\"b\",\"c\":", "[", "]", "}"),
    Shape("{\"id\":\"a\",\"text\":\"b\"", ",\"c\":1", "", "}"),
];

const OTHERS: [Shape; 2] = [Shape("", "\"", "", ""), Shape("", "(", ")", "")];

/// Writes the shapes, a valid file beside them, and indexes all.
fn assert_that_the_run_goes_on(extension: &str, shapes: &[Shape]) {
    let folder = Folder::new();
    folder.write("a/zzz.txt", "The harbour opened.\n");
    for (number, Shape(before, open, close, after)) in shapes.iter().enumerate() {
        let text = [before, &*open.repeat(LEVELS), "x", &close.repeat(LEVELS), after].concat();
        folder.write(&format!("a/{number}.{extension}"), &text);
    }
    // The fixture fails if the process is aborted.
    let run = folder.run(&["index", "a"]);
    assert!([0, 1].contains(&run.code), "{extension}: {run:?}");
    assert_eq!(folder.run(&["query", "harbour", "--count"]).out, "1\n", "{extension}");
}

#[test]
fn deeply_nested_markdown_is_read_or_reported() {
    assert_that_the_run_goes_on("md", &MARKDOWN);
}

#[test]
fn deeply_nested_html_is_read_or_reported() {
    assert_that_the_run_goes_on("html", &HTML);
}

#[test]
fn deeply_nested_feeds_and_json_are_read_or_reported() {
    assert_that_the_run_goes_on("xml", &FEED);
    assert_that_the_run_goes_on("json", &JSON);
    assert_that_the_run_goes_on("jsonl", &JSON);
}

#[test]
fn other_text_with_many_signs_is_read_or_reported() {
    for extension in ["csv", "txt", "eml"] {
        assert_that_the_run_goes_on(extension, &OTHERS);
    }
}
