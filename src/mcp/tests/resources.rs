//! Tests of the resources: lists, templates and contents.

use rmcp::model::{
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResult, ResourceContents,
};

use super::*;

/// Markdown of a resource, and the address of its next part.
struct Content {
    markdown: String,
    next: Option<String>,
}

impl From<ReadResourceResult> for Content {
    fn from(result: ReadResourceResult) -> Self {
        match result.contents.into_iter().next() {
            Some(ResourceContents::TextResourceContents { text, mime_type, meta, .. }) => {
                assert_eq!(mime_type.as_deref(), Some("text/markdown"));
                let next = meta.and_then(|meta| meta.0.get("gz-search/next").cloned());
                let next = next.and_then(|next| next.as_str().map(str::to_owned));
                Self { markdown: text, next }
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn read_resource(client: &Client, uri: &str) -> Result<Content, String> {
    let request = ReadResourceRequestParams::new(uri);
    client.0.read_resource(request).await.map(Content::from).map_err(|error| error.to_string())
}

#[test]
fn the_newest_releases_are_listed_page_by_page() {
    let mut releases: Vec<Document> = (0..45)
        .map(|day| {
            let mut release = Document::new(format!("a/{day}.txt"), "Exports grew.\n\nRails grew.");
            release.title = Some(format!("News {day}"));
            release.date = Date::new(2025, 1 + day / 28, 1 + day % 28);
            release
        })
        .collect();
    releases[44].issuer = Some("Bureau of Commerce".to_owned());
    with_client(&releases, async |client, dir| {
        let (mut uris, mut cursor) = (Vec::new(), None);
        loop {
            let request = cursor.map(|cursor| {
                let mut request = PaginatedRequestParams::default();
                request.cursor = Some(cursor);
                request
            });
            let page = client.0.list_resources(request).await.unwrap();
            let json = serde_json::to_string(&page.resources).unwrap();
            assert!(page.resources.len() <= 20 && estimate_tokens(&json) <= 4_000, "{json}");
            if uris.is_empty() {
                let first = &page.resources[0];
                assert_eq!(first.name, "News 44");
                let description = first.description.as_deref();
                assert_eq!(description, Some("Bureau of Commerce, 2025-02-17"));
            }
            uris.extend(page.resources.into_iter().map(|resource| resource.uri));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let expected: Vec<String> =
            (0..45).rev().map(|day| format!("gz-search://release/a%2F{day}.txt")).collect();
        assert_eq!(uris, expected);
        let first_page = client.0.list_resources(None).await.unwrap();
        let index = Index::open(&dir).unwrap();
        add_releases(&index, &[Document::new("new", "Exports grew.")]);
        let mut request = PaginatedRequestParams::default();
        request.cursor = first_page.next_cursor;
        let error = client.0.list_resources(Some(request)).await.unwrap_err().to_string();
        assert!(error.contains("the index has changed"), "{error}");
    });
}

#[test]
fn a_release_is_read_with_metadata_and_citations() {
    let mut releases = releases();
    releases[0].metadata.insert("date".to_owned(), "2025-12-17".to_owned());
    releases[0].metadata.insert("desk".to_owned(), "trade".to_owned());
    with_client(&releases, async |client, _| {
        let content = read_resource(&client, "gz-search://release/ports").await.unwrap();
        for expected in [
            "# Port News\n\n- issuer: Bureau of Commerce\n- date: 2025-12-17\n",
            "\nRails \"grew\".\n\n— ",
            "paragraph 2 \\[ports\\#1\\] `gz-search:ports#1@",
            "End of the release, 3 passages.",
        ] {
            assert!(content.markdown.contains(expected), "{expected}\n{}", content.markdown);
        }
        assert!(content.markdown.contains("- desk: trade\n"), "{}", content.markdown);
        assert_eq!(content.markdown.matches("- date: ").count(), 1, "{}", content.markdown);
        assert_eq!(content.next, None);
        let link = content.markdown.split('`').nth(1).unwrap();
        let resolved = client.call("resolve_link", json!({"link": link})).await;
        assert_eq!(resolved.structured["status"], "exact", "{link}");
        let passage =
            read_resource(&client, "gz-search://passage/ports%231").await.unwrap().markdown;
        assert!(passage.starts_with("> Rails \"grew\".\n\n— "), "{passage}");
        assert!(passage.contains("“Port News”, 2025-12-17, paragraph 2"), "{passage}");
        assert!(passage.contains("gz-search://release/ports\n"), "{passage}");
        let templates = client.0.list_all_resource_templates().await.unwrap();
        let forms: Vec<&str> =
            templates.iter().map(|template| template.uri_template.as_str()).collect();
        assert_eq!(
            forms,
            [
                "gz-search://release/{id}",
                "gz-search://release/{id}/from/{number}",
                "gz-search://passage/{id}"
            ]
        );
    });
}

#[test]
fn the_parts_of_a_long_release_contain_all_its_passages() {
    let paragraphs: Vec<String> =
        (0..400).map(|number| format!("Paragraph{number} {}", "port ".repeat(40))).collect();
    let mut long = Document::new("a/long #1.txt", paragraphs.join("\n\n"));
    long.metadata.insert("remark".to_owned(), "word ".repeat(40_000));
    long.title = Some("Very long title ".repeat(9_000));
    with_client(&[long], async |client, _| {
        let mut uri = Some("gz-search://release/a%2Flong%20%231.txt".to_owned());
        let (mut parts, mut numbers) = (0, Vec::new());
        while let Some(address) = uri {
            let content = read_resource(&client, &address).await.unwrap();
            assert!(estimate_tokens(&content.markdown) <= 20_000);
            let words = content.markdown.split_whitespace();
            let found = words.filter_map(|word| word.strip_prefix("Paragraph")?.parse().ok());
            numbers.extend::<Vec<usize>>(found.collect());
            if let Some(next) = &content.next {
                assert!(content.markdown.contains(&format!("goes on at {next}\n")));
            }
            uri = content.next;
            parts += 1;
        }
        assert!(parts > 1);
        assert_eq!(numbers, (0..400).collect::<Vec<_>>());
    });
}

#[test]
fn unknown_addresses_are_refused_with_the_form_of_an_address() {
    with_client(&releases(), async |client, _| {
        for (uri, expected) in [
            ("gz-search://release/nothing", "nothing has the address"),
            ("gz-search://passage/ports", "gz-search://passage/{id}"),
            ("gz-search://passage/ports%239", "resources/list"),
            ("https://example.org/", "gz-search://release/{id}"),
            ("gz-search://release/ports/from/3", "3 passages: give a number from 0 to 2"),
        ] {
            let error = read_resource(&client, uri).await.err().unwrap();
            assert!(error.contains(expected), "{uri}: {error}");
        }
        let long_uri = format!("gz-search://release/{}", "广".repeat(9_999));
        let error = read_resource(&client, &long_uri).await.err().unwrap();
        assert!(estimate_tokens(&error) < 500, "{error}");
    });
}
