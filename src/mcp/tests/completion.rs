//! Tests of the completion of arguments.

use rmcp::model::{ArgumentInfo, CompleteRequestParams, CompletionContext, Reference};

use super::*;

const RELEASE_TEMPLATE: &str = "gz-search://release/{id}";
const PASSAGE_TEMPLATE: &str = "gz-search://passage/{id}";

/// Completes the argument `name` of the prompt or the resource template `reference`. `given_arguments` contains the
/// other arguments.
async fn complete(
    client: &Client,
    reference: &str,
    (name, typed): (&str, &str),
    given_arguments: &[(&str, &str)],
) -> Result<Value, String> {
    let reference = if reference.contains("://") {
        Reference::for_resource(reference)
    } else {
        Reference::for_prompt(reference)
    };
    let given =
        given_arguments.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let request = CompleteRequestParams::new(reference, ArgumentInfo::new(name, typed))
        .with_context(CompletionContext::with_arguments(given));
    let result = client.0.complete(request).await.map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(result.completion).unwrap())
}

/// Returns releases of three issuers; the Bureau of Commerce has the most.
fn releases_of_issuers() -> Vec<Document> {
    let release = |(id, issuer, date): (&str, &str, &str)| {
        let mut release = Document::new(id, "Container ports handled more cargo.");
        release.title = Some(format!("News of {id}"));
        release.issuer = Some(issuer.to_owned());
        release.date = date.parse().ok();
        release
    };
    [
        ("2024/a.txt", "Agency of Trade", "2024-01-05"),
        ("2024/b.txt", "Bureau of Commerce", "2024-02-05"),
        ("2025/c.txt", "Bureau of Commerce", "2025-03-05"),
        ("2025/d.txt", "Bureau of Commerce", "2025-04-05"),
        ("2025/e.txt", "Ministry of Commerce", "2025-05-05"),
    ]
    .map(release)
    .into()
}

#[test]
fn arguments_are_completed_from_the_index() {
    with_client(&releases_of_issuers(), async |client, _| {
        let announcements = "list_announcements";
        for (reference, argument, given, expected) in [
            (
                announcements,
                ("issuer", ""),
                &[][..],
                vec!["Bureau of Commerce", "Agency of Trade", "Ministry of Commerce"],
            ),
            (
                announcements,
                ("issuer", "comm"),
                &[],
                vec!["Bureau of Commerce", "Ministry of Commerce"],
            ),
            (
                announcements,
                ("issuer", ""),
                &[("year", "2024")],
                vec!["Agency of Trade", "Bureau of Commerce"],
            ),
            (announcements, ("issuer", "ommerce"), &[], vec![]),
            (announcements, ("year", ""), &[], vec!["2025", "2024"]),
            (announcements, ("year", "20"), &[("issuer", "Trade")], vec!["2024"]),
            (announcements, ("subject", "carg"), &[], vec!["cargo"]),
            ("cite_statement", ("style", "b"), &[], vec!["bibtex"]),
            ("compare_figures", ("first", "2024"), &[], vec!["2024/b.txt", "2024/a.txt"]),
            (RELEASE_TEMPLATE, ("id", "5/d"), &[], vec!["2025/d.txt"]),
            (RELEASE_TEMPLATE, ("id", "news e.txt"), &[], vec!["2025/e.txt"]),
            (
                RELEASE_TEMPLATE,
                ("id", ""),
                &[],
                vec!["2025/e.txt", "2025/d.txt", "2025/c.txt", "2024/b.txt", "2024/a.txt"],
            ),
            (RELEASE_TEMPLATE, ("id", "zeppelin"), &[], vec![]),
            (PASSAGE_TEMPLATE, ("id", "2024/a"), &[], vec!["2024/a.txt#0"]),
            (PASSAGE_TEMPLATE, ("id", "2024/a.txt#"), &[], vec!["2024/a.txt#0"]),
        ] {
            let completion = complete(&client, reference, argument, given).await.unwrap();
            assert_eq!(completion["values"], json!(expected), "{reference} {argument:?} {given:?}");
        }
    });
}

#[test]
fn completions_are_bounded_and_counted() {
    let mut releases: Vec<Document> = (0..30)
        .map(|number| {
            let mut release = Document::new(format!("{number}"), "Exports grew.");
            release.issuer = Some(format!("Office {number:02}"));
            release
        })
        .collect();
    releases[0].issuer = Some("Office ".repeat(90));
    with_client(&releases, async |client, _| {
        for (reference, name, total) in
            [("list_announcements", "issuer", 29), (RELEASE_TEMPLATE, "id", 30)]
        {
            let completion = complete(&client, reference, (name, ""), &[]).await.unwrap();
            assert_eq!(completion["values"].as_array().unwrap().len(), 20);
            assert_eq!(
                (&completion["total"], &completion["hasMore"]),
                (&json!(total), &json!(true))
            );
        }
        let long = "a".repeat(9_999);
        let completion = complete(&client, RELEASE_TEMPLATE, ("id", &long), &[]).await.unwrap();
        assert_eq!(completion["values"], json!([]));
    });
}

#[test]
fn unknown_references_and_arguments_are_refused() {
    with_client(&releases(), async |client, _| {
        for (reference, name, expected) in [
            ("summarize", "issuer", "there is no prompt \"summarize\""),
            ("list_announcements", "month", "there is no argument \"month\""),
            ("gz-search://issuer/{id}", "id", "there is no resource template"),
            (RELEASE_TEMPLATE, "number", "there is no argument \"number\""),
        ] {
            let error = complete(&client, reference, (name, "a"), &[]).await.unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    });
}
