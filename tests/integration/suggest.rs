//! `gz-search suggest`.

use crate::fixture::Folder;

fn folder() -> Folder {
    let folder = Folder::with_sample();
    folder.write("seeds/zh.txt", "广州市预算报告\n\n大湾区建设取得新进展，广州出台措施。\n");
    folder
}

#[test]
fn what_is_typed_is_completed() {
    let folder = folder();
    for (typed, expected) in [
        ("Flying C", "Flying Car · phrase · 2 passages"),
        ("flyi", "flying · word · 2 passages"),
        ("flying ", "flying car · phrase · 2 passages"),
        ("strat", "strategic · word"),
    ] {
        let run = folder.run(&["suggest", typed]);
        assert_eq!(run.code, 0, "{typed} {run:?}");
        assert!(run.out.starts_with(expected), "{typed} {run:?}");
    }
}

#[test]
fn suggestions_are_data() {
    let folder = folder();
    let run = folder.run(&["suggest", "strategic", "em", "-n", "2", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let found = run.json();
    assert_eq!(found["text"], "strategic em");
    let suggestions = found["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 2, "{run:?}");
    assert_eq!(suggestions[0]["kind"], "phrase");
    assert_eq!(suggestions[0]["text"], "strategic emerging");
    assert!(suggestions[0]["passages"].as_u64().unwrap() > 0);
}

#[test]
fn nothing_to_suggest_is_no_hit() {
    let folder = folder();
    for typed in ["qwertzu", "😀", "-flying-", ""] {
        let run = folder.run(&["suggest", typed]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{typed} {run:?}");
    }
    assert_eq!(folder.run(&["--index", "elsewhere", "suggest", "x"]).code, 2);
}

#[cfg(feature = "chinese")]
#[test]
fn chinese_is_completed_in_either_script_and_by_pinyin() {
    let folder = folder();
    for (typed, expected) in [
        ("預", "預算"),
        ("大灣區建", "大灣區建设"),
        ("guangz", "广州"),
        ("gz", "广州"),
        ("dwq", "大湾区"),
    ] {
        let found = folder.run(&["suggest", typed, "--format", "json"]).json();
        let texts: Vec<_> = found["suggestions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["text"].as_str().unwrap())
            .collect();
        assert!(texts.contains(&expected), "{typed} {texts:?}");
    }
}
