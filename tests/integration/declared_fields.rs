//! Declared fields of the metadata through the command: declaring, searching, filtering, counting, sorting, and the
//! report on wrong values.

use crate::fixture::Folder;

/// Returns a folder with three releases with front matter and two records of JSON Lines.
fn folder() -> Folder {
    let folder = Folder::new();
    for (name, front_matter) in [
        ("a.md", "desk: Trade\namount: 5\nreceived: 2024-01-15\nurgent: true"),
        ("b.md", "desk: [trade, Rail]\namount: 1,250\nreceived: 2024-03-31"),
        ("c.md", "desk: Rail\namount: many"),
    ] {
        let text = format!("---\n{front_matter}\n---\n# Ports\n\nThe port grows, says {name}.\n");
        folder.write(&format!("news/{name}"), &text);
    }
    let records = "{\"id\": \"d\", \"text\": \"The port grows.\", \"desk\": [\"Bus, coach\", \"Trade\"], \"amount\": 7}\n\
        {\"id\": \"e\", \"text\": \"The port grows.\", \"office\": \"2\"}\n";
    folder.write("news/records.jsonl", records);
    folder
}

/// Fields of [`folder`], as a section of the configuration file.
const FIELDS: &str = "[index.field]\ndesk = \"keyword\"\namount = \"number\"\nreceived = \"date\"\nurgent = \"bool\"\n";

/// Returns the ids of the documents that a query finds.
fn documents(folder: &Folder, args: &[&str]) -> Vec<String> {
    let args = [&["query", "--strict", "--format", "json"], args].concat();
    let run = folder.run(&args);
    assert!(run.code <= 1, "{run:?}");
    let ids = run.ids().into_iter();
    ids.map(|id| id.split('#').next().unwrap().to_owned()).collect()
}

#[test]
fn the_command_searches_filters_counts_and_sorts_by_declared_fields() {
    let folder = folder();
    folder.write("gz-search.toml", FIELDS);
    let run = folder.run(&["index", "news", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let warning = &run.json()["warnings"][0];
    assert_eq!(warning["path"], "c.md", "{warning}");
    let reason = warning["reason"].as_str().unwrap();
    assert!(reason.contains("amount: \"many\" is not a number"), "{reason}");
    for (args, expected) in [
        (&["port desk:trade", "--sort", "amount"][..], &["a.md", "records.jsonl:d", "b.md"][..]),
        (&["port desk:\"bus, coach\""], &["records.jsonl:d"]),
        (&["port amount:>=7", "--sort", "amount:desc"], &["b.md", "records.jsonl:d"]),
        (&["port received:2024-01..2024-02"], &["a.md"]),
        (&["port urgent:true"], &["a.md"]),
        (&["port", "--filter", "desk=rail", "--sort", "desk"], &["b.md", "c.md"]),
        (&["port", "--filter", "desk=trade", "--filter", "amount<7"], &["a.md"]),
        (
            &["port", "--only", "desk=Trade", "--sort", "amount"],
            &["a.md", "records.jsonl:d", "b.md"],
        ),
        (&["port desk:bus"], &[]),
    ] {
        assert_eq!(documents(&folder, args), expected, "{args:?}");
    }
    let run = folder.run(&["query", "port", "--format", "json", "--facets=desk,urgent"]);
    let page = run.json();
    let desks: Vec<_> = page["facets"]["desk"]["values"].as_array().unwrap().iter().collect();
    assert_eq!(desks[0]["value"], "Trade", "{page}");
    assert_eq!(desks[0]["documents"], 3, "{page}");
    assert_eq!(desks.len(), 3, "{page}");
    assert_eq!(page["facets"]["urgent"]["values"][0]["value"], "true");
    let hits = page["hits"].as_array().unwrap();
    let hit = hits.iter().find(|hit| hit["document"]["id"] == "records.jsonl:e").unwrap();
    assert_eq!(hit["document"]["metadata"]["office"], "2");
    let parsed = folder.run(&["query", "--parse", "port desk:trade amount:>=5"]);
    assert_eq!(parsed.out, "port desk:trade amount:>=5\n");
    let stats = folder.run(&["stats", "--json"]).json();
    assert_eq!(stats["fields"]["amount"], "number");
}

#[test]
fn wrong_fields_and_values_are_named() {
    let folder = folder();
    assert_eq!(folder.run(&["index", "news", "--field", "desk:keyword"]).code, 0);
    for (args, expected) in [
        (
            &["query", "port", "--filter", "office=2"][..],
            "the index declares no field office, only desk",
        ),
        (
            &["query", "port", "--sort", "office"],
            "there is no sort order office, only score, date, desk",
        ),
        (&["query", "port", "--facets=office"], "there is no facet office, only issuer"),
        (&["query", "port", "--filter", "desk"], "write FIELD=VALUE"),
        (&["index", "news", "--field", "desk"], "needs a type, as in desk:keyword"),
        (&["index", "news", "--field", "title:text"], "title is a field of every index"),
        (
            &["index", "news", "--field", "desk:text"],
            "the index declares desk:keyword, not desk:text: other fields need a new index: omit --field and [index.field], or add --rebuild",
        ),
    ] {
        let run = folder.run(args);
        assert!(run.code == 2 && run.err.contains(expected), "{args:?} {run:?}");
    }
    let run = folder.run(&["query", "port office:2"]);
    assert!(run.err.contains("office is a key of the metadata, but no declared field"), "{run:?}");
}

#[test]
fn an_index_keeps_its_declared_fields() {
    let folder = folder();
    assert_eq!(folder.run(&["index", "news", "--field", "desk:keyword"]).code, 0);
    folder.write("news/f.md", "---\ndesk: Trade\n---\nThe port grows.\n");
    for args in [&["index", "news"][..], &["index", "news", "--reread"]] {
        assert_eq!(folder.run(args).code, 0);
        let found = documents(&folder, &["port", "--filter", "desk=trade"]);
        assert_eq!(found.len(), 4, "{args:?} {found:?}");
    }
    let run = folder.run(&["index", "news", "--rebuild", "--field", "amount:number"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(documents(&folder, &["port", "--filter", "amount=5"]), ["a.md"]);
    assert_eq!(folder.run(&["query", "port", "--filter", "desk=trade"]).code, 2);
    assert_eq!(folder.run(&["check"]).code, 0);
}

#[test]
fn values_of_declared_fields_take_space_only_if_declared() {
    let folder = folder();
    let index_bytes = |args: &[&str]| {
        let run = folder.run(&[&["index", "news", "--rebuild", "--json"], args].concat());
        run.json()["index_bytes"].as_u64().unwrap()
    };
    let plain = index_bytes(&[]);
    assert!(index_bytes(&["--field", "desk:keyword", "--field", "amount:number"]) > plain);
}
