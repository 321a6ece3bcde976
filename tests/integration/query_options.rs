//! Options of `gz-search query`.

use serde_json::{Value, json};

use crate::fixture::{Folder, Run};

/// Indexes three dated releases, of which two match "port" once and one twice, and one release without a date.
fn indexed_folder() -> Folder {
    let document = |id: &str, date: Option<&str>, issuer: &str, lang: &str, text: &str| {
        let mut value = json!({"id": id, "title": format!("Title {id}"), "issuer": issuer, "lang": lang, "text": text});
        if let (Some(date), Some(fields)) = (date, value.as_object_mut()) {
            fields.insert("date".to_owned(), json!(date));
        }
        format!("{value}\n")
    };
    let folder = Folder::new();
    folder.write(
        "in/2025/a.jsonl",
        &[
            document(
                "old",
                Some("2024-03-01"),
                "Bureau of Commerce",
                "en",
                "The port grew fast.\n\nRoads to the port grew.\n\nRails grew.",
            ),
            document(
                "new",
                Some("2025-12-17"),
                "Ministry of Finance",
                "en",
                "One port opened.\n\nNothing else.",
            ),
        ]
        .concat(),
    );
    folder.write(
        "in/2026/b.jsonl",
        &[
            document(
                "zh",
                Some("2025-06-30"),
                "广州市商务局",
                "zh-Hans",
                "😀港口 port 增长。\n\n没有别的。",
            ),
            document("undated", None, "Bureau of Commerce", "en", "A port without a day."),
        ]
        .concat(),
    );
    let run = folder.run(&["index", "in"]);
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

fn query(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&[&["query", "port", "--format", "json"], args].concat())
}

/// Returns the id that the record of each hit states, in the order of the page.
fn document_ids(run: &Run) -> Vec<String> {
    let ids = run.ids();
    let records = ids.iter().map(|id| id.rsplit(':').next().unwrap());
    records.map(|id| id.split('#').next().unwrap().to_owned()).collect()
}

/// Returns the distinct document ids of a page in alphabetical order.
fn distinct_document_ids(run: &Run) -> Vec<String> {
    let mut ids = document_ids(run);
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn filters_never_change_scores() {
    let folder = indexed_folder();
    for (args, expected) in [
        (vec!["--issuer", "Commerce"], vec!["old", "undated"]),
        (vec!["--issuer", "bureau of commerce"], vec!["old", "undated"]),
        (vec!["--issuer", "commerce of bureau"], vec![]),
        (vec!["--issuer", "Commerce", "--issuer", "Finance"], vec!["new", "old", "undated"]),
        (vec!["--issuer", "商务局"], vec!["zh"]),
        (vec!["--lang", "zh"], vec!["zh"]),
        (vec!["--lang", "zh-Hans", "--lang", "en"], vec!["new", "old", "undated", "zh"]),
        (vec!["--source", "2026"], vec!["undated", "zh"]),
        (vec!["--source", "2026/", "--issuer", "Commerce"], vec!["undated"]),
        (vec!["--after", "2025"], vec!["new", "zh"]),
        (vec!["--after", "2025-07"], vec!["new"]),
        (vec!["--after", "2025-06-30", "--before", "2025-12-17"], vec!["zh"]),
        (vec!["--before", "2025"], vec!["old"]),
        (vec!["--before", "2024-03-01"], vec![]),
        (vec!["--speaker", "nobody"], vec![]),
    ] {
        let run = query(&folder, &args);
        assert_eq!(distinct_document_ids(&run), expected, "{args:?}");
        assert_eq!(run.code, i32::from(expected.is_empty()), "{args:?}");
    }
    let scores = |run: &Run| -> Vec<(String, Value)> {
        let page = run.json();
        let hits = page["hits"].as_array().unwrap();
        let mut scores: Vec<_> = hits
            .iter()
            .map(|hit| (hit["passage"]["id"].to_string(), hit["score"].clone()))
            .collect();
        scores.sort_by(|a, b| a.0.cmp(&b.0));
        scores
    };
    let all_scores = scores(&query(&folder, &[]));
    for score in scores(&query(&folder, &["--issuer", "Commerce"])) {
        assert!(all_scores.contains(&score), "{score:?} {all_scores:?}");
    }
}

#[test]
fn speaker_filter_selects_passages_by_name() {
    let folder = Folder::with_sample();
    let run =
        folder.run(&["query", "*", "--speaker", "Yang Xiaoyan", "-n", "50", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let page = run.json();
    let hits = page["hits"].as_array().unwrap();
    assert!(hits.iter().all(|hit| hit["passage"]["speaker"] == "Yang Xiaoyan"));
    assert!(hits.len() < 27);
}

#[test]
fn invalid_option_values_are_refused() {
    let folder = indexed_folder();
    for (args, message) in [
        (vec!["--after", "soon"], "--after \"soon\" is not a date: write a day (2025-12-17)"),
        (vec!["--before", "-soon"], "--before \"-soon\" is not a date"),
        (vec!["--issuer", " "], "--issuer is empty"),
        (vec!["--collapse", "issuer"], "[possible values: none, document, near]"),
        (vec!["--sort", "size"], "there is no sort order size, only score, date"),
        (vec!["--only", "2025"], "FACET=VALUE is needed, as in year=2025"),
        (
            vec!["--only", "size=1"],
            "there is no facet size, only issuer, speaker, year, month, lang, source",
        ),
        (vec!["--facets=size"], "there is no facet size"),
        (vec!["--offsets", "utf-32"], "[possible values: utf-8, utf-16, codepoint]"),
    ] {
        let run = query(&folder, &args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?} {run:?}");
        assert!(run.err.contains(message), "{args:?} {run:?}");
    }
    for (args, message) in [
        (["--facets", "--format", "jsonl"].as_slice(), "--facets needs --format text or json"),
        (&["--cite", "text", "--format", "csv"], "--cite needs --format text, json or jsonl"),
    ] {
        let run = folder.run(&[&["query", "port"], args].concat());
        assert!((run.code, run.out.as_str()) == (2, "") && run.err.contains(message), "{run:?}");
    }
    let run = folder.run_with(&["query", "-", "--format", "csv"], "port\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
    assert_eq!(folder.run(&["query"]).code, 2);
}

#[test]
fn collapsing_by_document_gives_one_hit_per_document() {
    let folder = indexed_folder();
    let page = |args: &[&str]| query(&folder, &[&["--collapse", "document"], args].concat());
    let whole_page = page(&[]);
    let ids = document_ids(&whole_page);
    assert_eq!(ids.len(), 4, "{whole_page:?}");
    assert_eq!(whole_page.json()["total"], 5);
    assert_eq!(whole_page.json()["total_documents"], 4);
    let old = ids.iter().position(|id| id == "old").unwrap();
    assert_eq!(whole_page.json()["hits"][old]["collapsed"], 1);
    assert_eq!(document_ids(&page(&["-n", "2", "--offset", "1"])), ids[1..3]);
    let first_page = page(&["-n", "3"]);
    assert_eq!(document_ids(&first_page), ids[..3]);
    let cursor = first_page.json()["next"].as_str().unwrap().to_owned();
    let second_page = page(&["-n", "3", "--cursor", &cursor]);
    assert_eq!(document_ids(&second_page), ids[3..]);
    assert_eq!(second_page.json()["next"], Value::Null);
    let text = folder.run(&["query", "port", "--collapse", "document"]);
    assert_eq!(text.out.matches("+1 more in this release").count(), 1, "{text:?}");
}

#[test]
fn releases_are_shown_once_with_their_best_passages() {
    let folder = indexed_folder();
    let page = query(&folder, &["--group", "release"]).json();
    assert_eq!(page["hits"], serde_json::json!([]));
    let groups = page["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 4, "{page}");
    let old = groups.iter().find(|group| group["document"] == "2025/a.jsonl:old").unwrap();
    assert_eq!((old["hits"].as_array().unwrap().len(), &old["more"]), (2, &Value::from(0)));
    let text = folder.run(&["query", "port", "--group", "release"]);
    assert_eq!(text.out.matches("2025/a.jsonl:old#").count(), 2, "{text:?}");
    let csv = folder.run(&["query", "port", "--group", "release", "--format", "csv"]);
    assert_eq!(csv.out.lines().count(), 6, "{csv:?}");
    let run = query(&folder, &["--group", "release", "--collapse", "near"]);
    assert_eq!(run.code, 2);
}

#[test]
fn near_duplicates_are_collapsed_into_one_hit() {
    let folder = Folder::new();
    let about = "The Port Authority runs the port, its basins and its railways, and answers to the city; it was \
                 founded in 1950, employs 2,000 people and publishes what it decides every week on its own pages.";
    let line = |id: &str, date: &str, text: &str| {
        format!("{}\n", json!({"id": id, "title": id, "date": date, "text": text}))
    };
    let lines = [
        line("a", "2025-05-01", &format!("Ports grew.\n\n{about}")),
        line("b", "2024-01-11", &format!("Rails grew.\n\n{}", about.replace("2,000", "3,000"))),
        line("c", "", &about.to_uppercase()),
        line("d", "2025-06-01", "Ports grew."),
        line("e", "2025-07-01", "A port shrank."),
    ];
    folder.run_with(&["index", "-"], &lines.concat());
    let page = |args: &[&str]| query(&folder, args);
    assert_eq!(page(&[]).json()["hits"].as_array().unwrap().len(), 6);
    assert!(page(&[]).json()["hits"][0].get("also").is_none());
    let near = page(&["--collapse", "near"]).json();
    let also: Vec<_> = near["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| (hit["document"]["id"].as_str().unwrap(), hit["also"].clone()))
        .collect();
    assert_eq!(also.len(), 3, "{near}");
    let also_of = |ids: &[&str]| also.iter().find(|(id, _)| ids.contains(id)).unwrap().1.clone();
    // The ranking decides which of two near-duplicates is shown.
    let [first, other] =
        if also.iter().any(|(id, _)| *id == "d") { ["d", "a"] } else { ["a", "d"] };
    let day = if other == "a" { "2025-05-01" } else { "2025-06-01" };
    assert!(near["hits"].as_array().unwrap().iter().any(|hit| hit["document"]["id"] == first
        && hit["also"] == json!({"count": 1, "first": day, "documents": [other]})));
    let authority = also.iter().find(|(_, also)| also["count"] == 2).unwrap();
    let dated = authority.1["documents"].as_array().unwrap();
    // Documents without a date are listed last.
    assert!(dated.last().unwrap() == "c" || authority.0 == "c", "{near}");
    assert_eq!(also_of(&["e"]), json!({"count": 0, "first": null, "documents": []}));
    let text = folder.run(&["query", "port", "--collapse", "near"]);
    assert!(text.out.contains(&format!("also in 1 release, first {day}")), "{text:?}");
    for (args, count) in [(vec![], "6\n"), (vec!["--collapse", "near"], "3\n")] {
        assert_eq!(folder.run(&[&["query", "port", "--count"], &args[..]].concat()).out, count);
    }
}

#[test]
fn undated_hits_come_last_when_sorted_by_date() {
    let folder = indexed_folder();
    let run = query(&folder, &["--sort", "date"]);
    assert_eq!(document_ids(&run), ["new", "zh", "old", "old", "undated"]);
    let mut paged = Vec::new();
    let mut cursor = None;
    loop {
        let mut args = vec!["--sort", "date", "-n", "1"];
        args.extend(cursor.as_ref().map(|_| "--cursor"));
        args.extend(cursor.as_deref());
        let page = query(&folder, &args);
        paged.extend(page.ids());
        let next = page.json()["next"].as_str().map(str::to_owned);
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, run.ids());
    let one_each = query(&folder, &["--sort", "date", "--collapse", "document"]);
    assert_eq!(document_ids(&one_each), ["new", "zh", "old", "undated"]);
}

#[test]
fn count_prints_a_number() {
    let folder = indexed_folder();
    for (args, out, code) in [
        (vec!["port"], "5\n", 0),
        (vec!["port", "--collapse", "document"], "4\n", 0),
        (vec!["port", "--issuer", "Finance"], "1\n", 0),
        (vec!["port", "-n", "1", "--offset", "3"], "5\n", 0),
        (vec!["qwertzuiop"], "0\n", 1),
        (vec!["qwertzuiop", "--collapse", "document"], "0\n", 1),
    ] {
        let run = folder.run(&[&["query", "--count"], &args[..]].concat());
        assert_eq!((run.out.as_str(), run.code), (out, code), "{args:?} {run:?}");
    }
}

#[test]
fn files_of_all_matching_documents_are_printed_once() {
    let folder = indexed_folder();
    let run = folder.run(&["query", "-l", "port"]);
    let mut files: Vec<&str> = run.out.lines().collect();
    files.sort_by_key(|file| file.rsplit('/').next());
    assert!(files.iter().all(|file| std::path::Path::new(file).is_file()), "{run:?}");
    assert!(files[0].ends_with("a.jsonl") && files[1].ends_with("b.jsonl"), "{run:?}");
    assert_eq!((files.len(), run.code), (2, 0), "{run:?}");
    let run = folder.run(&["query", "-l", "xylophonist"]);
    assert_eq!((run.out.as_str(), run.code), ("", 1), "{run:?}");
    assert_eq!(folder.run(&["port", "-l"]).out.lines().count(), 2);
}

#[test]
fn context_holds_the_neighbouring_passages() {
    let folder = indexed_folder();
    let hit = |args: &[&str]| query(&folder, args).json()["hits"][0].clone();
    let roads = ["--issuer", "Commerce", "--before", "2025", "--sort", "date"];
    assert_eq!(hit(&roads).get("context"), None);
    let run = folder.run(&["query", "roads", "--context", "1", "--format", "json"]);
    let context = run.json()["hits"][0]["context"].clone();
    assert_eq!(
        context,
        json!({
            "before": [{"id": "2025/a.jsonl:old#0", "text": "The port grew fast."}],
            "after": [{"id": "2025/a.jsonl:old#2", "text": "Rails grew."}],
        })
    );
    let first = folder.run(&["query", "fast", "--context", "9", "--format", "jsonl"]);
    let context = first.json()["context"].clone();
    assert_eq!(context["before"], json!([]));
    assert_eq!(context["after"].as_array().unwrap().len(), 2);
    let text = folder.run(&["query", "roads", "--context", "1"]);
    assert!(
        text.out.ends_with(
            "      The port grew fast.\n   **Roads** to the port grew.\n      Rails grew.\n"
        ),
        "{text:?}"
    );
}

#[test]
fn offsets_count_in_the_requested_unit() {
    let folder = indexed_folder();
    for (unit, highlight) in [("utf-8", [11, 15]), ("utf-16", [5, 9]), ("codepoint", [4, 8])] {
        let page = query(&folder, &["--lang", "zh", "--offsets", unit]).json();
        assert_eq!(page["offset_encoding"], unit);
        let fragment = &page["hits"][0]["snippet"]["fragments"][0];
        assert_eq!(fragment["highlights"], json!([highlight]), "{unit}");
    }
}

#[test]
fn parsing_a_query_needs_no_index() {
    let folder = Folder::new();
    for (text, printed, note) in [
        ("flying car", "flying car", ""),
        ("“flying  car” and -toy", "\"flying  car\" and NOT toy", ""),
        ("a OR b AND c d", "a OR b AND c d", ""),
        ("\"flying car", "flying car", "note: the quote \" is never closed"),
        ("", "\"\"", ""),
    ] {
        let run = folder.run(&["query", "--parse", text]);
        assert_eq!((run.code, run.out.trim_end()), (0, printed), "{run:?}");
        assert!(run.err.contains(note), "{run:?}");
    }
    let run = folder.run_with(&["query", "--parse", "-"], "a AND b\n\n(a)\n");
    assert_eq!(run.out, "a AND b\na\n");
    assert!(!folder.path("index").exists());
}

#[test]
fn queries_are_read_from_standard_input() {
    let folder = indexed_folder();
    let run = folder.run_with(&["query", "-", "-n", "1"], "port\r\n\n  \nqwertzuiop\n\"rails");
    let objects: Vec<Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let totals: Vec<_> = objects
        .iter()
        .map(|page| (page["query"].as_str().unwrap(), page["total"].clone()))
        .collect();
    assert_eq!(totals, [("port", json!(5)), ("qwertzuiop", json!(0)), ("\"rails", json!(1))]);
    assert_eq!(objects[0]["hits"].as_array().unwrap().len(), 1);
    assert_eq!(objects[2]["notes"][0]["kind"], "repaired");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for input in ["", "\n", "qwertzuiop\n"] {
        assert_eq!(folder.run_with(&["query", "-"], input).code, 1, "{input:?}");
    }
}

#[test]
fn every_output_format_lists_every_hit() {
    let folder = indexed_folder();
    for (format, begins, ends) in [
        ("text", "1. Title ", "\n"),
        ("jsonl", "{\"rank\":1,", "}\n"),
        (
            "csv",
            "\u{feff}rank,score,document,title,date,issuer,speaker,headings,passage,page,text,snippet,url,lang,number,inferred,place\n",
            "\n",
        ),
        ("markdown", "1. Title ", "\\]\n"),
        ("html", "<!doctype html>\n", "</html>\n"),
    ] {
        let run = folder.run(&["query", "port", "--format", format]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.starts_with(begins) && run.out.ends_with(ends), "{run:?}");
        for id in ["old", "new", "zh", "undated"] {
            assert!(run.out.contains(&format!("Title {id}")), "{format} {run:?}");
        }
    }
}

#[test]
fn width_and_fragment_options_limit_snippets() {
    let folder = Folder::with_sample();
    let page = folder.run(&[
        "query",
        "guangzhou",
        "--width",
        "200",
        "--fragments",
        "1",
        "--format",
        "json",
    ]);
    for hit in page.json()["hits"].as_array().unwrap() {
        assert_eq!(hit["snippet"]["fragments"].as_array().unwrap().len(), 1);
        assert!(hit["snippet"]["text"].as_str().unwrap().chars().count() <= 204);
    }
}

#[test]
fn facet_values_are_counted_and_can_be_selected() {
    let folder = indexed_folder();
    let facets = query(&folder, &["--facets"]).json()["facets"].clone();
    assert_eq!(
        facets["issuer"],
        json!({
            "values": [
                {"value": "Bureau of Commerce", "passages": 3, "documents": 2},
                {"value": "Ministry of Finance", "passages": 1, "documents": 1},
                {"value": "广州市商务局", "passages": 1, "documents": 1},
            ],
            "more": 0,
            "without": {"passages": 0, "documents": 0},
        })
    );
    let years: Vec<_> = facets["year"]["values"].as_array().unwrap().iter().collect();
    assert_eq!(years[0], &json!({"value": "2024", "passages": 2, "documents": 1}));
    assert_eq!(years[1], &json!({"value": "2025", "passages": 2, "documents": 2}));
    assert_eq!(facets["year"]["without"], json!({"passages": 1, "documents": 1}));
    let source = facets["source"]["values"][0]["value"].as_str().unwrap();
    assert_eq!(source, "2025/", "below the root that was indexed");
    assert_eq!(distinct_document_ids(&query(&folder, &["--source", source])), ["new", "old"]);
    let absolute = folder.path("in/2025").canonicalize().unwrap().display().to_string();
    assert_eq!(distinct_document_ids(&query(&folder, &["--source", &absolute])), ["new", "old"]);
    let only = format!("source={absolute}/");
    assert_eq!(distinct_document_ids(&query(&folder, &["--only", &only])), ["new", "old"]);
    // Folders above the indexed root are not part of the source.
    assert_eq!(query(&folder, &["--source", "in/"]).code, 1);
    let only = format!("source={source}");
    let run = query(&folder, &["--only", &only, "--facets=year,source"]);
    assert_eq!(distinct_document_ids(&run), ["new", "old"]);
    let names: Vec<_> = run.json()["facets"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["source", "year"]);
    let run = query(&folder, &["--only", "issuer=Bureau of Commerce", "--only", "year=2024"]);
    assert_eq!(
        (distinct_document_ids(&run), run.json().get("facets")),
        (vec!["old".to_owned()], None)
    );
    assert_eq!(query(&folder, &["--only", "issuer=Commerce"]).code, 1);
    let two = ["--only", "year=2024", "--only", "year=2025", "--only", "lang=en"];
    assert_eq!(distinct_document_ids(&query(&folder, &two)), ["new", "old"]);
    let table = folder.run(&["query", "port", "-n", "0", "--facets=issuer", "--facet-limit", "1"]);
    assert_eq!(
        table.out,
        "passages  documents  issuer\n       3          2  Bureau of Commerce\n                     … and 2 more\n"
    );
    let both = folder.run(&["query", "rails", "--facets=lang"]);
    assert!(
        both.out
            .ends_with("**Rails** grew.\n\npassages  documents  lang\n       1          1  en\n"),
        "{both:?}"
    );
}

#[test]
fn passages_are_printed_as_citations() {
    let folder = indexed_folder();
    let cited = "“Rails grew.”\n— Bureau of Commerce, “Title old”, 2024-03-01, paragraph 3 [2025/a.jsonl:old#2]\n\
        gz-search:2025/a.jsonl:old#2@cde7c0883cebe2cc\n";
    let run = folder.run(&["query", "rails", "--cite", "text"]);
    assert_eq!((run.code, run.out.as_str()), (0, cited));
    let passage = folder.run(&["show", "2025/a.jsonl:old#2", "--cite", "text"]);
    assert_eq!((passage.code, passage.out.as_str()), (0, cited));
    let markdown = folder.run(&["show", "2026/b.jsonl:zh#0", "--cite", "markdown"]);
    assert_eq!(
        markdown.out,
        "> 😀港口 port 增长。\n\n——广州市商务局，《Title zh》，2025-06-30，第1段 \\[2026/b.jsonl:zh\\#0\\] \
         `gz-search:2026/b.jsonl:zh#0@d08016ffde775d20`\n"
    );
    let document = folder.run(&["show", "2025/a.jsonl:old", "--cite", "text"]);
    assert_eq!(document.out.matches("[2025/a.jsonl:old#").count(), 3, "{document:?}");
    assert_eq!(folder.run(&["show", "2025/a.jsonl:old#3", "--cite", "text"]).code, 1);
    for format in ["json", "jsonl"] {
        let run = folder.run(&["query", "rails", "--cite", "text", "--format", format]);
        let value = run.json();
        let hit = if format == "json" { &value["hits"][0] } else { &value };
        assert_eq!(hit["citation"], cited);
        assert_eq!(
            (&hit["passage"]["paragraph"], &hit["passage"]["page"]),
            (&json!(3), &json!(null))
        );
    }
    let lines = folder.run_with(&["query", "-", "--cite", "markdown", "--facets=year"], "rails\n");
    assert!(lines.json()["hits"][0]["citation"].as_str().unwrap().starts_with("> Rails grew.\n"));
    assert_eq!(lines.json()["facets"]["year"]["values"][0]["value"], "2024");
}

#[test]
fn links_of_citations_are_resolved() {
    let folder = indexed_folder();
    let link = "gz-search:2025/a.jsonl:old#2@cde7c0883cebe2cc";
    let exact = folder.run(&["resolve", link]);
    assert_eq!(exact.code, 0, "{exact:?}");
    assert!(
        exact.out.starts_with("exact [2025/a.jsonl:old#2]\n") && exact.out.contains("Rails grew.")
    );
    for (link, code, status) in [
        (link.replace("old#2", "old#0"), 3, "moved"),
        (link.replace("old#2", "absent#2"), 3, "moved"),
        ("2025/a.jsonl:old#2@0123456789abcdef".to_owned(), 4, "changed"),
        ("absent#2@0123456789abcdef".to_owned(), 1, "gone"),
    ] {
        let run = folder.run(&["resolve", "--json", &link]);
        assert_eq!((run.code, &run.json()["status"]), (code, &json!(status)), "{run:?}");
        let id = if status == "gone" { json!(null) } else { json!("2025/a.jsonl:old#2") };
        assert_eq!(run.json()["passage"]["id"].as_str(), id.as_str());
    }
    let refused = folder.run(&["resolve", "2025/a.jsonl:old#2"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("gz-search:DOCUMENT#ORDINAL@HASH"), "{refused:?}");
}

#[test]
fn show_lists_similar_passages() {
    let folder = indexed_folder();
    let run = folder.run(&["show", "2025/a.jsonl:old#1", "--similar", "2"]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = ["1. **Title** ", "\n2. **Title** ", "**port**"];
    assert!(expected.iter().all(|&text| run.out.contains(text)), "{run:?}");
    assert!(!run.out.contains("2025/a.jsonl:old#"), "{run:?}");
    for (id, message) in [
        ("2025/a.jsonl:old", "a passage id has the form DOCUMENT#ORDINAL"),
        ("2025/a.jsonl:old#9", "no passage has the id"),
    ] {
        let run = folder.run(&["show", id, "--similar", "2"]);
        assert!(run.code == 1 && run.err.contains(message), "{run:?}");
    }
}
