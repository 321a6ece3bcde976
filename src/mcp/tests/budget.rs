//! Property tests of the token budget on random documents.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{super::handler::tool_error, *};

/// Calls a tool without a client, and asserts that the answer fits the budget. Returns the structured content of the
/// answer. `None` if the budget is too small for one entry.
fn call_within_budget(
    searcher: &Searcher,
    tool: &str,
    arguments: &Value,
    budget: usize,
) -> Option<Value> {
    let mut arguments = arguments.as_object().cloned().unwrap();
    arguments.insert("max_tokens".to_owned(), budget.into());
    let tool_result = tools::call_tool(searcher, tool, arguments).unwrap();
    let call_result =
        CallResult::from(tool_result.map_or_else(|e| tool_error(&e.to_string()), Into::into));
    assert!(estimate_tokens(&call_result.text) <= budget, "{call_result:?}");
    let structured =
        if call_result.is_error { String::new() } else { call_result.structured.to_string() };
    assert!(estimate_tokens(&structured) <= budget, "{call_result:?}");
    assert!(!call_result.is_error || call_result.text.contains("max_tokens is"), "{call_result:?}");
    (!call_result.is_error).then_some(call_result.structured)
}

/// Calls a tool page by page. Returns the entries in the field `field` of all answers, and whether the last page was
/// reached. Stops before the last page at an entry for which the budget is too small.
fn entries_of_all_pages(
    searcher: &Searcher,
    tool: &str,
    arguments: &Value,
    field: &str,
    budget: usize,
) -> (Vec<Value>, bool) {
    let (mut entries, mut arguments) = (Vec::new(), arguments.clone());
    loop {
        let Some(page) = call_within_budget(searcher, tool, &arguments, budget) else {
            return (entries, false);
        };
        let page_entries = page[field].as_array().unwrap();
        entries.extend(page_entries.iter().cloned());
        if page["next"].is_null() {
            assert_eq!(page["left_out"], 0, "{page}");
            return (entries, true);
        }
        assert!(!page_entries.is_empty(), "{page}");
        arguments["cursor"] = page["next"].clone();
    }
}

fn ids(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect()
}

fn random_releases() -> impl Strategy<Value = Vec<Document>> {
    let paragraph = r"(car |flying |飞行汽车|广州|，|2025 |\t|[é😀<&\\]|x{1,30} ){1,120}\.";
    let release = (proptest::collection::vec(paragraph, 1..6), "([a-z广]{1,60} ){1,9}", 1u16..400);
    proptest::collection::vec(release, 1..6).prop_map(|releases| {
        let release =
            |(number, (paragraphs, title, depth)): (usize, (Vec<String>, String, u16))| {
                // Some ids are long, because passages and cursors contain ids.
                let id = format!("{number}{}", "/广".repeat((depth / 4).into()));
                let mut release = Document::new(id, format!("car\n\n{}", paragraphs.join("\n\n")));
                release.issuer = Some(title.clone());
                release.title = Some(title);
                release.source = format!("/{number}/{depth}.txt");
                release.date = Date::new(1600 + depth, 1, 1);
                release
            };
        releases.into_iter().enumerate().map(release).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn answers_stay_within_the_budget_and_pages_are_complete(
        releases in random_releases(),
        budget in 500usize..3000,
        query in prop_oneof![Just("car"), Just("广州"), Just("\"flying car\" OR 飞行"), Just("*"), Just("cra~ AND (x*")],
        limit in 1usize..12,
        collapsed: bool,
    ) {
        let index = Index::in_memory();
        add_releases(&index, &releases);
        let searcher = index.searcher().unwrap();
        let arguments = json!({"query": query, "limit": limit, "one_per_document": collapsed});
        let (small, complete) = entries_of_all_pages(&searcher, "search", &arguments, "passages", budget);
        let (large, all_fit) = entries_of_all_pages(&searcher, "search", &arguments, "passages", 100_000);
        prop_assert!(all_fit);
        let (small, large) = (ids(&small), ids(&large));
        prop_assert!(large.starts_with(&small) && (!complete || small.len() == large.len()), "{:?} {:?}", small, large);
        for id in large {
            call_within_budget(&searcher, "read_passage", &json!({"id": id, "context": limit}), budget);
            let similar = json!({"id": id, "limit": limit});
            let (small, complete) = entries_of_all_pages(&searcher, "similar_passages", &similar, "passages", budget);
            let (large, _) = entries_of_all_pages(&searcher, "similar_passages", &similar, "passages", 100_000);
            let (small, large) = (ids(&small), ids(&large));
            prop_assert!(large.starts_with(&small) && (!complete || small.len() == large.len()));
            entries_of_all_pages(&searcher, "document_outline", &json!({"id": id}), "sections", budget);
        }
        for by in ["source", "issuer", "speaker", "year", "lang"] {
            let arguments = json!({"by": by, "query": query});
            let (small, complete) = entries_of_all_pages(&searcher, "list_sources", &arguments, "values", budget);
            let (large, _) = entries_of_all_pages(&searcher, "list_sources", &arguments, "values", 100_000);
            prop_assert!(large.starts_with(&small) && (!complete || small == large));
        }
    }
}
