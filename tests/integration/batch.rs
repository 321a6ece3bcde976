//! Several queries at once: `gz-search query --batch FILE` and `gz-search query -`.

use serde_json::{Value, json};

use crate::fixture::{Folder, Run};

/// Indexes three releases of two issuers and two years.
fn indexed_folder() -> Folder {
    let folder = Folder::new();
    let release = |id: &str, date: &str, issuer: &str, text: &str| {
        format!(
            "{}\n",
            json!({"id": id, "title": id, "date": date, "issuer": issuer, "text": text})
        )
    };
    folder.write(
        "in/a.jsonl",
        &[
            release("old", "2024-03-01", "Bureau of Ports", "The port grew.\n\nThe port opened."),
            release("new", "2025-06-30", "Ministry of Finance", "A port was sold."),
            release("last", "2025-12-31", "Ministry of Finance", "Rails grew."),
        ]
        .concat(),
    );
    let run = folder.run(&["index", "in"]);
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

/// Returns the cells of a report in CSV by the names of its columns, one map for each row.
fn csv_rows(run: &Run) -> Vec<serde_json::Map<String, Value>> {
    let report = run.out.strip_prefix('\u{FEFF}').unwrap_or_else(|| panic!("{run:?}"));
    let mut reader = csv::Reader::from_reader(report.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = |cells: csv::StringRecord| {
        let cells = names.iter().zip(cells.iter());
        cells.map(|(name, cell)| (name.to_owned(), json!(cell))).collect()
    };
    reader.records().map(|cells| row(cells.unwrap())).collect()
}

/// Returns the values of some columns of each row, joined by `|`.
fn columns(run: &Run, names: &[&str]) -> Vec<String> {
    let rows = csv_rows(run);
    rows.iter()
        .map(|row| {
            names.iter().map(|name| row[*name].as_str().unwrap()).collect::<Vec<_>>().join("|")
        })
        .collect()
}

fn json_lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_report_has_a_row_for_each_passage_and_keeps_the_order_of_the_queries() {
    let folder = indexed_folder();
    folder.write(
        "queries.csv",
        "\u{FEFF}name,query,from,to,issuer\r\n\
         ports,port,,,\r\n\
         none,submarine,,,\r\n\
         ports,port,,,\r\n\
         later,port,2025-06,2025-06,Ports|Finance\r\n\
         bad,port,soon,,\r\n\
         until,grew,,2025,Ports\r\n",
    );
    let run = folder.run(&["query", "--batch", "queries.csv", "--strict", "--limit", "2"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(
        columns(&run, &["line", "name", "releases", "passages", "other", "rank", "date"]),
        [
            "2|ports|2|3||1|2024-03-01",
            "2|ports|2|3||2|2024-03-01",
            "3|none|0|0|||",
            "4|ports|2|3||1|2024-03-01",
            "4|ports|2|3||2|2024-03-01",
            "5|later|1|1||1|2025-06-30",
            "6|bad|||||",
            "7|until|1|1||1|2024-03-01",
        ]
    );
    let rows = csv_rows(&run);
    let error = rows[6]["error"].as_str().unwrap();
    assert!(error.contains("\"soon\" is not a date"), "{error}");
    assert!(run.err.contains("queries.csv:6: "), "{}", run.err);
    let first = &rows[0];
    assert!(first["link"].as_str().unwrap().starts_with("gz-search:a.jsonl:"), "{first:?}");
    assert!(first["citation"].as_str().unwrap().contains("Bureau of Ports"), "{first:?}");
}

#[test]
fn the_exit_code_tells_matches_from_none_and_from_failures() {
    let folder = indexed_folder();
    for (queries, expected) in
        [("port\nsubmarine\n", 0), ("submarine\n", 1), ("query\n", 2), ("{x\nport\n", 2)]
    {
        folder.write("queries.txt", queries);
        let run = folder.run(&["query", "--batch", "queries.txt", "--strict"]);
        assert_eq!(run.code, expected, "{queries:?}: {run:?}");
    }
    let run = folder.run(&["query", "--batch", "absent.csv"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("absent.csv"), "{run:?}");
}

#[test]
fn reports_have_four_formats() {
    let folder = indexed_folder();
    folder.write("queries.tsv", "query\tname\nport\tPorts\nsubmarine\tNone\n");
    let report = |format: &str| {
        let run = folder.run(&["query", "--batch", "queries.tsv", "--strict", "--format", format]);
        assert_eq!(run.code, 0, "{run:?}");
        run
    };
    let objects = json_lines(&report("jsonl"));
    assert_eq!((&objects[0]["name"], &objects[0]["total"]), (&json!("Ports"), &json!(3)));
    assert_eq!((&objects[1]["name"], &objects[1]["total"]), (&json!("None"), &json!(0)));
    let markdown = report("markdown").out;
    assert!(markdown.contains("| 3 | None | submarine | 0 | 0 |  |"), "{markdown}");
    assert!(markdown.contains("\n## 2. Ports: port\n"), "{markdown}");
    assert_eq!(columns(&report("csv"), &["name"]), ["Ports", "Ports", "Ports", "None"]);
    for format in ["json", "html"] {
        let run = folder.run(&["query", "--batch", "queries.tsv", "--format", format]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("--batch needs --format csv"), "{run:?}");
    }
}

#[test]
fn a_report_counts_only_with_limit_0_and_cites_in_a_style() {
    let folder = indexed_folder();
    let run = folder.run_with(&["query", "--batch", "-", "--limit", "0"], "port\n");
    assert_eq!(columns(&run, &["query", "releases", "passages", "rank"]), ["port|2|3|"]);
    let run = folder.run_with(&["query", "--batch", "-", "--cite", "apa", "-n", "1"], "port\n");
    assert_eq!(columns(&run, &["releases", "passages", "other"]), ["2|3|"], "the page is full");
    let citation = columns(&run, &["citation"]).remove(0);
    assert!(citation.contains("(Bureau of Ports, 2024, para. "), "{citation}");
}

#[test]
fn passages_that_lack_a_word_are_counted_unless_the_page_is_full() {
    let folder = indexed_folder();
    let run = folder.run_with(&["query", "--batch", "-"], "port sold\n");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        columns(&run, &["releases", "passages", "other", "rank", "matched"]),
        ["1|1|2|1|all", "1|1|2|2|some", "1|1|2|3|some"]
    );
}

#[test]
fn lines_of_standard_input_are_texts_or_objects_with_parameters() {
    let folder = indexed_folder();
    let input = "\u{FEFF}port\n\n\
        {\"q\": \"port\", \"limit\": 1, \"issuer\": \"Finance\", \"name\": \"sold\", \"cite\": \"text\"}\n\
        {\"q\": \"port\", \"limt\": 1}\n\
        {\"q\": \"port\", \"group\": \"release\"}\n\
        {\"q\": \"port\", \"sort\": \"date\", \"before\": \"2025\", \"strict\": true}\n";
    let run = folder.run_with(&["query", "-"], input);
    assert_eq!(run.code, 2, "{run:?}");
    let answers = json_lines(&run);
    let lines: Vec<&Value> = answers.iter().map(|answer| &answer["line"]).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6]);
    assert_eq!(answers[0]["total"], 3);
    assert_eq!((&answers[1]["name"], &answers[1]["total"]), (&json!("sold"), &json!(1)));
    assert!(answers[1]["hits"][0]["citation"].as_str().unwrap().contains("sold"), "{run:?}");
    assert!(answers[2]["error"].as_str().unwrap().contains("\"limt\""), "{run:?}");
    assert_eq!(answers[3]["groups"].as_array().unwrap().len(), 2);
    assert_eq!(answers[4]["total"], 2);
    assert!(run.err.contains("line 4: "), "{run:?}");
}

#[test]
fn lines_of_standard_input_take_the_parameters_of_the_service() {
    let folder = indexed_folder();
    let parameters = json!({
        "q": "port", "limit": 1, "offset": 0, "cursor": null, "group": null, "collapse": "none",
        "sort": "score", "strict": false, "synonyms": true, "prefix": "last", "issuer": [],
        "speaker": [], "lang": "en", "source": [], "after": "2020", "before": "2030", "filter": [],
        "only": "year=2025", "facets": "year", "facet_limit": 3, "cite": "text", "context": 1,
        "explain": true, "fragments": 1, "width": 100, "offsets": "utf-8"
    });
    let run = folder.run_with(&["query", "-"], &format!("{parameters}\n"));
    assert_eq!(run.code, 0, "{run:?}");
    let answer = &json_lines(&run)[0];
    assert_eq!(answer["total"], 1, "{answer}");
    assert!(answer["facets"]["year"].is_object(), "{answer}");
    assert!(answer["hits"][0]["context"].is_object(), "{answer}");
}
