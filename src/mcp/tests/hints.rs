//! Tests of the hints of answers that find nothing.

use super::*;

#[test]
fn a_search_that_finds_nothing_says_what_to_change() {
    with_client(&releases(), async |client, _| {
        for (arguments, expected) in [
            (json!({"query": "zeppelin"}), "no passage of the index matches the query: use fewer"),
            (
                json!({"query": "grew", "issuer": "Ministry of Commerce"}),
                "no issuer is named Ministry of Commerce; the nearest is Bureau of Commerce: list_sources with by issuer",
            ),
            (
                json!({"query": "grew", "issuer": "Health"}),
                "no issuer is named Health: list_sources with by issuer lists others",
            ),
            (
                json!({"query": "grew", "speaker": "Xiaoyan Yang"}),
                "no speaker is named Xiaoyan Yang; the nearest is Yang Xiaoyan",
            ),
            (json!({"query": "grew", "lang": "fr"}), "no document has the language fr"),
            (
                json!({"query": "grew", "after": "2030"}),
                "no release is dated after 2030: the releases are of 2024 to 2025",
            ),
            (
                json!({"query": "grew", "after": "2025", "before": "2024-06"}),
                "no release is dated after 2025 and before 2024-06: the releases are of 2024 to 2025",
            ),
            (json!({"query": "grew", "source": "2023/"}), "no source matches 2023/"),
            (
                json!({"query": "货物", "issuer": "Commerce", "after": "2025"}),
                "passages match the query only without the filters",
            ),
            (
                json!({"query": "rails", "before": "2025"}),
                "passages match the query with fewer filters: 1 without before",
            ),
        ] {
            let answer = client.call("search", arguments.clone()).await;
            assert_eq!(answer.structured["total"], 0, "{answer:?}");
            let hint = answer.structured["hints"][0].as_str().unwrap_or_default();
            assert!(hint.contains(expected), "{arguments}: {answer:?}");
            assert!(answer.text.contains(&format!("Hint: {hint}\n")), "{answer:?}");
            assert_eq!(
                answer.text.matches(" is named ").count(),
                hint.matches(" is named ").count()
            );
        }
        let found = client.call("search", json!({"query": "grew"})).await;
        assert!(found.structured.get("hints").is_none() && !found.text.contains("Hint"));
    });
}

#[test]
fn other_tools_that_find_nothing_say_what_to_change() {
    with_client(&releases(), async |client, _| {
        for (tool, arguments, expected) in [
            ("facts", json!({"query": "zeppelin"}), "no passage of the index matches the query"),
            ("facts", json!({"query": "rails"}), "the 1 passages that match have no figures"),
            ("facts", json!({"query": "rails", "issuer": "Health"}), "no issuer is named Health"),
            ("list_sources", json!({"query": "zeppelin"}), "use fewer or other words"),
            ("list_sources", json!({"folder": "2023/"}), "list_sources without folder lists"),
        ] {
            let answer = client.call(tool, arguments.clone()).await;
            assert!(!answer.is_error && answer.text.contains(expected), "{arguments}: {answer:?}");
        }
        for (id, expected) in [
            ("ports#9", "the document has the passages ports#0 to ports#2"),
            ("ports", "the document has the passages ports#0 to ports#2"),
            ("harbour#0", "copy one from search"),
        ] {
            let error = client.error_message("read_passage", json!({"id": id})).await;
            assert!(error.contains(expected), "{id}: {error}");
        }
    });
}

#[test]
fn hints_stay_within_the_smallest_budget() {
    let mut release = Document::new("ports", "Exports grew.");
    release.issuer = Some("商务局 ".repeat(400));
    with_client(&[release], async |client, _| {
        let name = "商务局广".repeat(99);
        let arguments =
            json!({"query": "grew", "issuer": name, "speaker": name, "max_tokens": 500});
        let answer = client.call("search", arguments).await;
        assert_eq!(answer.structured["hints"].as_array().unwrap().len(), 2, "{answer:?}");
    });
}
