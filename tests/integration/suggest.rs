//! `gz-search suggest`.

use crate::fixture::Folder;

fn folder_with_chinese() -> Folder {
    let folder = Folder::with_sample();
    folder.write("seeds/zh.txt", "广州市预算报告\n\n大湾区建设取得新进展，广州出台措施。\n");
    folder
}

#[test]
fn typed_text_is_completed_to_words_and_phrases() {
    let folder = folder_with_chinese();
    for (typed, expected) in [
        ("Flying C", "flying car · phrase · 2 passages"),
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
fn suggestions_have_text_kind_and_count_in_json() {
    let folder = folder_with_chinese();
    let run = folder.run(&["suggest", "strategic", "em", "-n", "2", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let answer = run.json();
    assert_eq!(answer["text"], "strategic em");
    let suggestions = answer["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 2, "{run:?}");
    assert_eq!(suggestions[0]["kind"], "phrase");
    assert_eq!(suggestions[0]["text"], "strategic emerging");
    assert!(suggestions[0]["passages"].as_u64().unwrap() > 0);
}

#[test]
fn exit_code_is_1_without_suggestions() {
    let folder = folder_with_chinese();
    for typed in ["qwertzu", "😀", "-flying-", ""] {
        let run = folder.run(&["suggest", typed]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{typed} {run:?}");
    }
    assert_eq!(folder.run(&["--index", "elsewhere", "suggest", "x"]).code, 2);
}

#[cfg(feature = "chinese")]
#[test]
fn chinese_is_completed_in_both_scripts_and_by_pinyin() {
    let folder = folder_with_chinese();
    for (typed, expected) in [
        ("預", "预算"),
        ("大灣區建", "大湾区建设"),
        ("guangz", "广州"),
        ("gz", "广州"),
        ("dwq", "大湾区"),
    ] {
        let answer = folder.run(&["suggest", typed, "--format", "json"]).json();
        let texts: Vec<_> = answer["suggestions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|suggestion| suggestion["text"].as_str().unwrap())
            .collect();
        assert!(texts.contains(&expected), "{typed} {texts:?}");
    }
}
