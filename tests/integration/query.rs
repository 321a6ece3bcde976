//! `gz-search query`, `show` and `stats`.

use std::{
    io::Read,
    process::{Command, Stdio},
};

use crate::fixture::Folder;

#[test]
fn first_query_in_a_checkout_builds_the_index_and_answers() {
    let folder = Folder::with_sample();
    let first_run = folder.run(&["query", "flying car", "--format", "json"]);
    assert_eq!(first_run.code, 0, "{first_run:?}");
    assert!(first_run.err.contains("building it from seeds/"));
    let page = first_run.json();
    assert_eq!(page["total_exact"], true);
    let cases = [
        (
            12,
            "Municipal Bureau of Industry and Information Technology: ",
            "Wang Yuyin",
            "Asia’s largest flying car company",
        ),
        (
            4,
            "Municipal Development and Reform Commission: ",
            "Yang Xiaoyan",
            "flying car mass production factory",
        ),
    ];
    for (index, (ordinal, heading, speaker, phrase)) in cases.into_iter().enumerate() {
        let hit = &page["hits"][index];
        let passage = &hit["passage"];
        assert_eq!(passage["ordinal"], ordinal);
        assert!(passage["headings"][0].as_str().unwrap().starts_with(heading));
        assert_eq!(passage["issuer"], heading.trim_end_matches(": "));
        assert_eq!(passage["speaker"], speaker);
        assert!(passage["text"].as_str().unwrap().contains(phrase));
        let html = hit["snippet"]["html"].as_str().unwrap();
        assert!(html.to_lowercase().contains("<mark>flying car</mark>"), "{html}");
        assert_eq!(hit["document"]["date"], serde_json::Value::Null);
        for fragment in hit["snippet"]["fragments"].as_array().unwrap() {
            let (start, end) = span(&fragment["span"]);
            let slice = passage["text"].as_str().unwrap().get(start..end).unwrap();
            assert_eq!(fragment["text"], slice);
        }
    }
    // The second run builds nothing and writes nothing to standard error.
    let second_run = folder.run(&["query", "flying", "car", "--format", "json"]);
    assert_eq!((second_run.code, second_run.err.as_str()), (0, ""));
    assert_eq!(second_run.ids(), first_run.ids());
}

fn span(value: &serde_json::Value) -> (usize, usize) {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn text_output_shows_source_and_colors_on_request() {
    let folder = Folder::with_sample();
    let plain = folder.run(&["query", "flying car", "-n", "1"]);
    assert!(plain.out.starts_with("1. Strategic Emerging Industries’ Added Value"), "{plain:?}");
    assert!(
        plain
            .out
            .contains("[Wang Yuyin] · Municipal Bureau of Industry and Information Technology · ")
    );
    assert!(!plain.out.contains('\u{1b}'));
    let colored = folder.run(&["query", "flying car", "-n", "1", "--color", "always"]);
    assert!(colored.out.contains("\u{1b}[1;33mflying"));
}

#[test]
fn exit_codes_are_0_for_hits_1_for_none_2_for_errors() {
    let folder = Folder::with_sample();
    let cases: [(&[&str], i32, &str); 9] = [
        (&["query", "flying car"], 0, "passage"),
        (&["query", "qwertzuiop"], 1, "no passage"),
        (
            &["query", "\"car flying\""],
            0,
            "note: nothing matches \"car flying\": searched for car flying",
        ),
        (&["query", "\"car flying\"", "--strict"], 1, "no passage"),
        (&["query", "-n", "0", "*"], 0, "27 passages in 1 document"),
        (&["query", "-flying"], 0, "passage"),
        (&["query", "\"flying car"], 0, "note: the quote \" is never closed"),
        (&["query", "x", "--cursor", "nonsense"], 2, "is not a cursor"),
        (
            &["--index", "elsewhere", "query", "x"],
            2,
            "no index in elsewhere: build one with `gz-search index",
        ),
    ];
    for (args, code, message) in cases {
        let run = folder.run(args);
        assert_eq!(run.code, code, "{args:?} {run:?}");
        assert!(run.err.contains(message), "{args:?} {run:?}");
        assert!(code == 0 || run.out.is_empty(), "{args:?} {run:?}");
    }
}

#[test]
fn synonyms_in_the_folder_of_the_index_survive_a_rebuild() {
    let folder = Folder::with_sample();
    assert_eq!(folder.run(&["query", "aircar", "--strict"]).code, 1);
    folder.write("index/synonyms.txt", "aircar => flying car\nboat\n");
    folder.run(&["index", "--rebuild"]);
    let found = folder.run(&["query", "aircar"]);
    assert_eq!(found.code, 0, "{found:?}");
    for note in [
        "note: aircar also searched as flying car (synonyms)",
        "note: synonyms.txt, line 2: one word has no synonym: write boat, WORD or boat => WORD",
    ] {
        assert!(found.err.contains(note), "{found:?}");
    }
    let plain = folder.run(&["query", "aircar", "--no-synonyms"]);
    assert!(!plain.err.contains("(synonyms)"), "{plain:?}");
}

#[test]
fn offset_and_cursor_continue_the_ranking() {
    let folder = Folder::with_sample();
    let page = |args: &[&str]| {
        folder.run(&[&["query", "guangzhou industry", "--format", "json"], args].concat())
    };
    let all_ids = page(&["-n", "100"]).ids();
    assert!(all_ids.len() > 10);
    assert_eq!(page(&["-n", "5", "--offset", "5"]).ids(), all_ids[5..10]);
    let first_page = page(&["-n", "4"]);
    let cursor = first_page.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(page(&["-n", "4", "--cursor", &cursor]).ids(), all_ids[4..8]);
}

#[test]
fn json_lines_hold_one_hit_each() {
    let folder = Folder::with_sample();
    let run = folder.run(&["query", "flying car", "--format", "jsonl", "-n", "2"]);
    let ranks: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["rank"].clone())
        .collect();
    assert_eq!(ranks, [1, 2]);
}

#[test]
fn show_prints_a_passage_and_its_neighbours() {
    let folder = Folder::with_sample();
    folder.run(&["index"]);
    let shown = folder.run(&["show", "000_a379037c3665faf0.txt#4", "--query", "flying car"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for ordinal in [3, 4, 5] {
        assert!(shown.out.contains(&format!("#{ordinal}")), "{shown:?}");
    }
    assert!(!shown.out.contains("#6"));
    assert_eq!(folder.run(&["show", "nothing"]).code, 1);
    assert!(folder.run(&["stats"]).out.contains("passages 27"));
}

/// A reader such as `head` closes the pipe early.
#[test]
fn closed_pipe_is_no_error() {
    let folder = Folder::with_sample();
    folder.run(&["index"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_gz-search"))
        .args(["query", "*", "-n", "27", "--format", "json"])
        .current_dir(folder.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(errors, "");
}
