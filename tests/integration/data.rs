//! Real releases, where the measuring data is at hand.

use crate::fixture::{Folder, Run};

fn hit_texts(run: &Run) -> Vec<String> {
    let page = run.json();
    let hits = page["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["passage"]["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn real_releases_of_every_kind() {
    let Ok(data) = std::env::var("GZ_SEARCH_TEST_DATA") else {
        eprintln!("skipped: GZ_SEARCH_TEST_DATA is not set");
        return;
    };
    let folder = Folder::new();
    let run = folder.run(&["index", &format!("{data}/corpora/dev"), "--json"]);
    let report = run.json();
    assert!(report["documents"]["added"].as_u64().unwrap() > 500, "{report}");
    let query = |text: &str| folder.run(&["query", text, "--format", "json", "-n", "50"]);
    let lead = hit_texts(&query("lead pipes"));
    assert!(lead[0].to_lowercase().contains("lead pipe"), "{}", lead[0]);
    for text in ["粤港澳大湾区", "大湾区建设"] {
        let found = hit_texts(&query(text));
        assert!(found[0].contains("湾区") || found[0].contains("灣區"), "{}", found[0]);
    }
    // Either script finds the same passages, in the same order.
    let (traditional, simplified) = (query("預算").ids(), query("预算").ids());
    assert!(!traditional.is_empty());
    assert_eq!(traditional, simplified);
}
